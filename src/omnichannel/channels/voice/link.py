"""What was before: Twilio's list of calls with their recordings, or the file that an exchange writes."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import httpx

from omnichannel.channel import Batch, Delivery, Source
from omnichannel.errors import WireError
from omnichannel.platforms.twilio.link import listed
from omnichannel.platforms.twilio.link.history import History
from omnichannel.toolbox import Json, string

if TYPE_CHECKING:
    from omnichannel.channels.voice import Voice

_MOST_BYTES = 64 * 1024 * 1024
_PIECE = 1024 * 1024


def histories(channel: Voice, since: datetime) -> Sequence[Source]:
    """Calls to our number and from it, each list week by week; the records of an exchange as they stand."""
    if channel.path:
        return [Records(Path(channel.path))]

    async def complete(client: httpx.AsyncClient, found: list[Json], start: date, end: date) -> None:
        await _add_recordings(channel, client, found, start, end)

    ends = {"to": {"To": channel.number}, "from": {"From": channel.number}} if channel.number else {"all": {}}
    return [
        History(channel, f"calls-{end}", "calls", "StartTime", filters, since, complete)
        for end, filters in ends.items()
    ]


async def _add_recordings(
    channel: Voice, client: httpx.AsyncClient, found: list[Json], start: date, end: date
) -> None:
    """The recordings of these calls. A call may go on past midnight: a day more is looked at."""
    if not found:
        return
    days = {"DateCreated>": start.isoformat(), "DateCreated<": (end + timedelta(days=1)).isoformat()}
    recordings = await listed(
        channel, client, f"{channel.edge}/Recordings.json", {**days, "PageSize": "1000"}, "recordings"
    )
    by_call: dict[str, list[Json]] = {}
    for one in recordings:
        if isinstance(one, dict):
            one["media_url"] = f"{channel.edge}/Recordings/{string(one, 'sid')}"
            by_call.setdefault(string(one, "call_sid"), []).append(one)
    for call in found:
        if isinstance(call, dict):
            call["recordings"] = by_call.get(string(call, "sid"), [])


class Records:
    """A file of call records, in pieces of whole lines that each begin with the header."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @property
    def name(self) -> str:
        """The file's name."""
        return self._path.name

    async def fetch(self, cursor: str) -> Batch:
        """The lines after the cursor (a number of bytes). Raises WireError if the file cannot be read."""
        try:
            body = await asyncio.to_thread(self._read)
        except OSError as error:
            raise WireError(f"{self._path}: {error.strerror or 'cannot be read'}") from None
        head, _, _ = body.partition(b"\n")
        start = int(cursor) if cursor else 0
        end = _whole_lines(body, start)
        piece = body[start:end]
        if start and piece:
            piece = head + b"\n" + piece
        deliveries = (
            (Delivery(source="history", body=piece, key=f"{self.name}:{start}"),) if piece.strip() else ()
        )
        return Batch(deliveries=deliveries, cursor=str(end), more=end < len(body))

    def _read(self) -> bytes:
        with self._path.open("rb") as file:
            return file.read(_MOST_BYTES)

    async def wait(self, seconds: float) -> None:
        """What an exchange wrote down does not change."""
        await asyncio.sleep(seconds)

    async def close(self) -> None:
        """The file is not held open."""


def _whole_lines(body: bytes, start: int) -> int:
    """Where a piece ends: after a line, or where the file ends."""
    if len(body) - start <= _PIECE:
        return len(body)
    cut = body.rfind(b"\n", start, start + _PIECE)
    return cut + 1 if cut > start else len(body)
