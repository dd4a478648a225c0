"""A disk as SQLite meets it: what was written may be gone after a power cut, what was synced is there.

Each file is kept twice: as the operating system shows it, and as the platter has it, with the writes between the two
in order. A power cut decides for each of those writes, sector by sector, whether it came down.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field

SECTOR = 512
_LOST, _TORN = 0.4, 0.2  # shares of the writes that were not synced; the rest is kept


@dataclass
class Write:
    """Bytes at a place; or, without any, a new size."""

    offset: int
    data: bytes | None


@dataclass
class File:
    """`now` is what a process reads, `kept` what outlives the power, `pending` what is between them."""

    now: bytearray = field(default_factory=bytearray)
    kept: bytearray = field(default_factory=bytearray)
    pending: list[Write] = field(default_factory=list)
    locks: dict[object, int] = field(default_factory=dict)
    durable: bool = False  # whether the folder knows the file: from its first sync on

    def do(self, write: Write) -> None:
        """Write as the operating system does: seen at once, kept some time."""
        _apply(self.now, write)
        self.pending.append(write)

    def sync(self) -> None:
        """Bring everything down."""
        for write in self.pending:
            _apply(self.kept, write)
        self.pending.clear()
        self.durable = True

    def sync_some(self, chance: random.Random) -> None:
        """The power goes while it is brought down: some of it is there."""
        self.durable = self.durable or chance.random() < 0.5
        for write in self.pending:
            fate = chance.random()
            if fate >= _LOST + _TORN:
                _apply(self.kept, write)
            elif fate >= _LOST:
                for piece in _sectors(write):
                    if chance.random() < 0.5:
                        _apply(self.kept, piece)
        self.pending.clear()


class Disk:
    """Files by name, shared by whoever runs on this machine."""

    def __init__(self, files: dict[str, bytes] | None = None) -> None:
        self.files: dict[str, File] = {
            name: File(bytearray(data), bytearray(data), durable=True) for name, data in (files or {}).items()
        }
        self.full = False
        self.broken = False  # syncs fail

    def open(self, name: str) -> File:
        """A file, made if it is not there."""
        return self.files.setdefault(name, File())

    def delete(self, name: str) -> None:
        """Remove a file for good: SQLite asks for the folder to be synced."""
        self.files.pop(name, None)

    def lose_power(self, chance: random.Random) -> int:
        """Keep what came down; how many writes were under way."""
        under_way = 0
        for name, file in list(self.files.items()):
            under_way += len(file.pending)
            file.sync_some(chance)
            if file.durable:
                self.files[name] = File(bytearray(file.kept), file.kept, durable=True)
            else:
                del self.files[name]
        self.full = self.broken = False
        return under_way

    def image(self) -> dict[str, bytes]:
        """Every file as it is now."""
        return {name: bytes(file.now) for name, file in self.files.items()}


def half(write: Write) -> Write | None:
    """The part of a write that was done when its process died; None if there is none."""
    if write.data is None or len(write.data) <= SECTOR:
        return None
    return Write(write.offset, write.data[: len(write.data) // 2 // SECTOR * SECTOR or SECTOR])


def _apply(image: bytearray, write: Write) -> None:
    if write.data is None:
        del image[write.offset :]
        image.extend(bytes(write.offset - len(image)))
        return
    if len(image) < write.offset:
        image.extend(bytes(write.offset - len(image)))
    image[write.offset : write.offset + len(write.data)] = write.data


def _sectors(write: Write) -> list[Write]:
    if write.data is None:
        return [write]
    pieces, at, end = [], write.offset, write.offset + len(write.data)
    while at < end:
        stop = min((at // SECTOR + 1) * SECTOR, end)
        pieces.append(Write(at, write.data[at - write.offset : stop - write.offset]))
        at = stop
    return pieces
