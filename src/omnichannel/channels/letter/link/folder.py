"""A folder that scanners write to, as a source: every file is taken once, when it is whole, and none is lost.

A file is moved only after the delivery that it became is committed, which the next cursor tells: to `done`, or to
`failed` where no letter could be made of it. A crash in between costs a second look and nothing else; where nothing
may be moved, the cursor remembers what was taken. The same scan under another name is the same letter: its key is
what is in it.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import stat
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Literal
from urllib.parse import quote

from pydantic import TypeAdapter

from omnichannel.channel import Batch, Delivery, Headers
from omnichannel.channels.letter.link.reader import examined
from omnichannel.channels.letter.parse import NAME, WITHHELD, media_type_of
from omnichannel.model import Value

MOST_BYTES = 100_000_000
"""Of one scan: sixty pages in colour at 600 dots per inch, as scanners compress them."""

_IGNORED = (".tmp", ".part", ".partial", ".crdownload", ".filepart", ".lock", ".db", ".ini")
_MORE_PATIENCE = 10  # times `settle` for a file that is plainly not whole yet
_LOOK = 2.0  # seconds between looks: events of the file system do not come from network drives
_LONG_AGO = 946_684_800  # the year 2000: where the clocks of scanners without a battery begin
_log = logging.getLogger(__name__)


class Taken(Value):
    """A file that was made a delivery, by what tells it from a later one of the same name."""

    name: str
    size: int
    changed: int
    to: Literal["done", "failed"]


_CURSOR: TypeAdapter[tuple[Taken, ...]] = TypeAdapter(tuple[Taken, ...])
_Seen = tuple[int, int]


class Folder:
    """The watched folder. `settle`: seconds for which a file must stay as it is before it is taken to be whole."""

    def __init__(
        self,
        account: str,
        path: Path,
        *,
        settle: float,
        languages: str,
        most_bytes: int = MOST_BYTES,
        look: float = _LOOK,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._account, self._path, self._languages = account, path, languages
        self._settle, self._most_bytes, self._look, self._clock = settle, most_bytes, look, clock
        self._since: dict[str, tuple[_Seen, float]] = {}
        self._taken: tuple[Taken, ...] = ()

    @property
    def name(self) -> str:
        """There is one folder for each account."""
        return "folder"

    async def fetch(self, cursor: str) -> Batch:
        """The oldest file that is whole, read; one at a time, so that OCR of many letters loses none to a crash."""
        taken = _CURSOR.validate_json(cursor) if cursor else ()
        self._taken = await asyncio.to_thread(self._put_away, taken)
        whole = await asyncio.to_thread(self._whole)
        if not whole:
            return Batch(cursor=_written(self._taken))
        name, (size, changed) = whole[0]
        try:
            delivery, to = await self._delivery(name, (size, changed))
        except FileNotFoundError:  # whoever put it there took it away again
            return Batch(cursor=_written(self._taken), more=True)
        self._taken = (*self._taken, Taken(name=name, size=size, changed=changed, to=to))
        return Batch(deliveries=(delivery,), cursor=_written(self._taken), more=True)

    async def wait(self, seconds: float) -> None:
        """Return when a file is whole that was not taken yet, or when the time is over."""
        deadline = self._clock() + seconds
        while (left := deadline - self._clock()) > 0:
            await asyncio.sleep(min(left, self._look, self._settle or self._look))
            if await asyncio.to_thread(self._whole):
                return

    async def close(self) -> None:
        """Nothing is kept open."""

    def _put_away(self, taken: tuple[Taken, ...]) -> tuple[Taken, ...]:
        """Move what was committed; what is left, because it could not be moved."""
        return tuple(one for one in taken if self._is(one) and not self._moved(one))

    def _is(self, one: Taken) -> bool:
        return _seen(self._path / one.name) == (one.size, one.changed)

    def _moved(self, one: Taken) -> bool:
        target = self._path / one.to
        try:
            target.mkdir(exist_ok=True)
            place = target / one.name
            number = 1
            while place.exists():
                number += 1
                place = target / f"{Path(one.name).stem}-{number}{Path(one.name).suffix}"
            (self._path / one.name).rename(place)
        except OSError as error:
            _log.warning("%s: %s cannot be moved to %s: %s", self._account, one.name, one.to, error.strerror)
            return False
        return True

    def _whole(self) -> list[tuple[str, _Seen]]:
        """The files that have stayed as they are for long enough, the oldest first."""
        known = {(one.name, one.size, one.changed) for one in self._taken}
        found: dict[str, _Seen] = {}
        for entry in os.scandir(self._path):
            seen = _seen(Path(entry.path)) if _may_be_a_scan(entry.name) else None
            if seen is not None and (entry.name, *seen) not in known:
                found[entry.name] = seen
        now = self._clock()
        self._since = {
            name: before if (before := self._since.get(name)) and before[0] == seen else (seen, now)
            for name, seen in found.items()
        }
        return sorted(
            (
                (name, seen)
                for name, seen in found.items()
                if now - self._since[name][1] >= self._patience(name, seen)
            ),
            key=lambda each: (each[1][1], each[0]),
        )

    def _patience(self, name: str, seen: _Seen) -> float:
        return self._settle * (1 if _looks_whole(self._path / name, seen[0]) else _MORE_PATIENCE)

    async def _delivery(self, name: str, seen: _Seen) -> tuple[Delivery, Literal["done", "failed"]]:
        """The file as a delivery; one that says why, where there is no letter in it."""
        size, changed = seen
        made = Delivery(
            account=self._account,
            source="poll",
            method="SCAN",
            url=f"file:///{quote(name)}",
            headers=((NAME, name),),
            received_at=_scanned_at(changed),
        )
        try:
            why_not = (
                f"it has {size} bytes; at most {self._most_bytes} are read" if size > self._most_bytes else ""
            )
            body = b"" if why_not else await asyncio.to_thread((self._path / name).read_bytes)
        except FileNotFoundError:
            raise
        except OSError as error:
            why_not, body = f"it cannot be read: {error.strerror}", b""
        if not why_not and not media_type_of(body)[0]:
            why_not = "it is no PDF, PNG, JPEG or TIFF" if body else "it is empty"
        if why_not:
            headers: Headers = ((NAME, name), (WITHHELD, f"{name}: {why_not}. It lies in the folder failed"))
            key = f"failed:{name}:{size}:{changed}"
            return made.model_copy(update={"headers": headers, "key": key}), "failed"
        headers = ((NAME, name), *await examined(body, self._languages))
        key = sha256(body).hexdigest()
        return made.model_copy(update={"headers": headers, "body": body, "key": key}), "done"


def _written(taken: tuple[Taken, ...]) -> str:
    return json.dumps([one.model_dump() for one in taken])


def _scanned_at(changed: int) -> datetime | None:
    """When the file was last changed, unless a clock is plainly wrong: then it is when we saw it."""
    made = changed / 1e9
    return datetime.fromtimestamp(made, UTC) if _LONG_AGO < made <= time.time() else None


def _may_be_a_scan(name: str) -> bool:
    return not name.startswith((".", "~")) and not name.lower().endswith(_IGNORED)


def _seen(path: Path) -> _Seen | None:
    """Size and time of change of a file; None for what is no file, a link for example."""
    with suppress(OSError):
        found = path.lstat()
        if stat.S_ISREG(found.st_mode):
            return found.st_size, found.st_mtime_ns
    return None


def _looks_whole(path: Path, size: int) -> bool:
    """Whether a file has an end: a PDF its last line (ISO 32000-1, 7.5.5), everything else at least a byte."""
    try:
        with path.open("rb") as file:
            if not file.read(5).startswith(b"%PDF-"):
                return size > 0
            file.seek(max(0, size - 2048))
            return b"%%EOF" in file.read(2048)
    except OSError:
        return False
