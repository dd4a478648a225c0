"""What every archive is: a source that ends, that knows how much of it was read, and whose accounts are known."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import ClassVar, NamedTuple

from omnichannel.channel import Batch, Delivery

BATCH_ITEMS = 100
BATCH_BYTES = 4_000_000
"""What is held in memory of an archive at a time, beside one message: as many bytes, or so many messages."""

ARCHIVED = "x-omnichannel-archive"
"""The delivery header that names what kind of archive a delivery came from."""
SENT = "x-omnichannel-sent"
"""The delivery header that says why a mail is one that we sent: somebody filed it as sent."""
VOUCHED = "x-omnichannel-vouched"
"""The delivery header that says that an operator vouches for who is named in it."""
UNREADABLE = "x-omnichannel-unreadable"
"""The delivery header that says why there are no bytes to read."""


class Item(NamedTuple):
    """One thing out of an archive: a delivery, or None for what was never said; and how far is read with it."""

    delivery: Delivery | None
    cursor: str
    share: float


class Archive(ABC):
    """Files that are read once, from the beginning to the end, in pieces that fit in memory.

    `account` is the account for what names none by itself; `vouch` says that an operator vouches for everybody whom
    the archive names: they then count as attested, and otherwise only as far as the messages prove it.
    """

    kind: ClassVar[str]
    goes_to: ClassVar[str] = ""
    """The one kind of account that can read what is in it; empty where any can."""

    def __init__(self, path: str | Path, *, vouch: bool = False) -> None:
        self.path = Path(path)
        self.vouch = vouch
        self.share = 0.0
        self._passed = 0
        self._begun = ""
        self._items: Iterator[Item] | None = None

    @property
    def name(self) -> str:
        """What tells this archive from others; where an interrupted import stopped is remembered under it."""
        return f"archive {self.kind} {self.path.resolve()}"

    @property
    @abstractmethod
    def accounts(self) -> tuple[str, ...]:
        """The accounts that something is brought into."""

    @abstractmethod
    def items(self, cursor: str) -> Iterator[Item]:
        """Everything behind a cursor (empty: everything), in order. Raises UsageError for what is no such archive."""

    async def fetch(self, cursor: str) -> Batch:
        """The next piece behind a cursor; `share` tells then how much of all was read, from 0 to 1.

        Raises UsageError for what is no such archive, and OSError for what cannot be opened.
        """
        return await asyncio.to_thread(self._next, cursor)

    def _next(self, cursor: str) -> Batch:
        if self._items is None or cursor != self._begun:
            self._items = self.items(cursor)
        found: list[Delivery] = []
        size = 0
        for item in self._items:
            cursor, self.share = item.cursor, item.share
            if item.delivery is None:
                self._passed += 1
            else:
                found.append(item.delivery)
                size += len(item.delivery.body)
            if len(found) >= BATCH_ITEMS or size >= BATCH_BYTES:
                self._begun = cursor
                return Batch(deliveries=tuple(found), cursor=cursor, more=True)
        self._items, self._begun, self.share = None, "", 1.0
        return Batch(deliveries=tuple(found), cursor="", more=False)

    def passed(self) -> int:
        """How much was passed over since this was asked last, because it was never said to anybody."""
        number, self._passed = self._passed, 0
        return number

    async def close(self) -> None:
        """Forget how far it was read; the next `fetch` goes by its cursor alone."""
        self._items = None


def marks(kind: str, **more: str) -> tuple[tuple[str, str], ...]:
    """The headers of a delivery out of an archive; those without a value are left out."""
    named = {"archive": kind, **more}
    return tuple((f"x-omnichannel-{name}", value) for name, value in named.items() if value)


def unread(account: str, kind: str, where: str, reason: str) -> Delivery:
    """What is there and cannot be read: it is told, and its neighbours go on."""
    key = f"unread {sha256(f'{where} {reason}'.encode()).hexdigest()}"
    named = marks(kind, unreadable=reason[:500])
    return Delivery(account=account, source="history", method="GET", url=where, headers=named, key=key)
