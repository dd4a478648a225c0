"""Mail in a folder, one file each: Maildir, with the subfolders of Maildir++ or of a file system.

A name is `unique:2,FLAGS` in `cur` and mostly `unique` alone in `new`; `unique` stays when the flags change
(cr.yp.to/proto/maildir.html). Windows has `;` or `!` instead of the colon. What lies in `tmp` was not delivered.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar, NamedTuple

from omnichannel.channel import Delivery
from omnichannel.errors import UsageError
from omnichannel.imports.archive import Item, unread
from omnichannel.imports.mail import MOST_BYTES, MOST_HEADER, Found, MailArchive, header_of

_FLAGS = re.compile(r"[:;!]2,([A-Za-z]*)$")
_SENT = frozenset(
    {"sent", "sent items", "sent messages", "sent mail", "gesendet", "verzonden", "verzonden items"}
)
_DRAFT, _TRASHED = "D", "T"


class _Place(NamedTuple):
    """A mail's folder, its name without flags, its flags, and its file; in this order they are read."""

    folder: str
    unique: str
    flags: str
    file: Path


class Maildir(MailArchive):
    """A folder of mails with `cur` and `new` in it, and its subfolders.

    `account` is the e-mail account that they were to or from. `sent` says that all of it is sent mail; a subfolder
    whose name says so (Sent, Sent Items, Gesendet, Verzonden) is in any case. Drafts, and what was marked to be
    removed, are passed over. `vouch` says that you vouch for every sender in it (see `Archive`).
    """

    kind: ClassVar[str] = "maildir"

    def items(self, cursor: str) -> Iterator[Item]:
        """Every mail behind a cursor, folder by folder. Raises UsageError for a folder that is no Maildir."""
        places = list(self._places())
        behind = tuple(json.loads(cursor)) if cursor else ("", "")
        for number, place in enumerate(places, 1):
            if (place.folder, place.unique) > behind:
                written = json.dumps([place.folder, place.unique])
                yield Item(self._delivery(place), written, number / len(places))

    def _places(self) -> Iterator[_Place]:
        folders = [one.parent for one in self.path.rglob("cur") if one.is_dir()]
        if not folders:
            raise UsageError(
                f"{self.path} is no Maildir: there is no folder 'cur' in it, nor in any folder below it"
            )
        for name, folder in sorted((one.relative_to(self.path).as_posix(), one) for one in folders):
            yield from sorted(_within(folder, name))

    def _delivery(self, place: _Place) -> Delivery | None:
        """The mail in a file; None for one that was never sent, or that is gone."""
        if _DRAFT in place.flags or _TRASHED in place.flags:
            return None
        where = f"maildir:{place.folder}/{place.unique}"
        try:
            found = _read(place.file, where)
        except FileNotFoundError:
            return None
        except OSError as error:
            return unread(self.account, self.kind, where, f"{error.strerror}: let yourself read {place.file}")
        return self.delivered(found, sent=_is_sent(place.folder))


def _within(folder: Path, name: str) -> Iterator[_Place]:
    for part in ("cur", "new"):
        place = folder / part
        for file in place.iterdir() if place.is_dir() else ():
            # A dot begins the name of what mail programs keep for themselves.
            if not file.name.startswith(".") and not file.is_dir():
                flags = _FLAGS.search(file.name)
                yield _Place(
                    name, file.name[: flags.start()] if flags else file.name, flags[1] if flags else "", file
                )


def _is_sent(folder: str) -> bool:
    """Whether a folder's name says that it is one of sent mail: `.Sent`, `.INBOX.Sent Items`, `Mail/Sent`."""
    return re.split(r"[./]", folder.lower())[-1].strip() in _SENT


def _read(file: Path, where: str) -> Found:
    about = file.stat()
    at = datetime.fromtimestamp(about.st_mtime, UTC)
    with file.open("rb") as opened:
        if about.st_size > MOST_BYTES:
            return Found(header_of(opened.read(MOST_HEADER)) + b"\n\n", where, at, size=about.st_size)
        return Found(opened.read(), where, at)
