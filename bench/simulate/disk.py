"""A disk as SQLite meets it: what was written may be gone after a power cut, what was synced is there.

Each file is kept twice: as the operating system shows it, and as the platter has it, with the writes between the two
in order. A power cut decides for each of those writes, sector by sector, whether it came down.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field

SECTOR = 512
_PAGE = 4096
_LOST, _TORN = 0.4, 0.2  # shares of the writes that were not synced; the rest is kept


@dataclass
class Write:
    """Bytes at a place; or, without any, a new size."""

    offset: int
    data: bytes | None


Part = tuple[str, Write | None]
"""A path, and the half of a write to it that is done when its process dies inside."""


class Image:
    """The bytes of a file, in pages: a copy shares them until either is written to."""

    def __init__(self, data: bytes = b"") -> None:
        self.size = len(data)
        self._pages = {at // _PAGE: data[at : at + _PAGE] for at in range(0, len(data), _PAGE)}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Image) and self.size == other.size and self._pages == other._pages

    __hash__ = None  # type: ignore[assignment]  # it changes

    def __bytes__(self) -> bytes:
        return self.read(0, self.size)

    def copy(self) -> Image:
        """The same bytes, written to apart from here on."""
        other = Image()
        other.size, other._pages = self.size, self._pages.copy()
        return other

    def read(self, offset: int, amount: int) -> bytes:
        """So many bytes from a place, or fewer where the file ends."""
        end = min(offset + amount, self.size)
        if offset // _PAGE == (end - 1) // _PAGE and offset < end:
            return self._page(offset // _PAGE)[offset % _PAGE : (end - 1) % _PAGE + 1]
        return b"".join(self._page(n)[start:stop] for n, start, stop in _spots(offset, end))

    def write(self, offset: int, data: bytes) -> None:
        """Put bytes at a place, behind the end too: what is skipped is zeros."""
        at = 0
        for number, start, stop in _spots(offset, offset + len(data)):
            piece = data[at : at + stop - start]
            if len(piece) < _PAGE:
                page = self._page(number)
                piece = page[:start] + piece + page[stop:]
            self._pages[number] = piece
            at += stop - start
        self.size = max(self.size, offset + len(data))

    def resize(self, size: int) -> None:
        """Cut it off, or make it longer by zeros."""
        if size < self.size:
            last = size // _PAGE
            kept = self._page(last)[: size % _PAGE]
            self._pages = {number: page for number, page in self._pages.items() if number < last}
            if kept:
                self._pages[last] = kept
        self.size = size

    def do(self, write: Write) -> None:
        """Write, or resize."""
        if write.data is None:
            self.resize(write.offset)
        else:
            self.write(write.offset, write.data)

    def _page(self, number: int) -> bytes:
        page = self._pages.get(number, b"")
        return page if len(page) == _PAGE else page.ljust(_PAGE, b"\0")


def _spots(start: int, end: int) -> Iterator[tuple[int, int, int]]:
    """The pages between two places: each with where it begins and ends in it."""
    while start < end:
        number = start // _PAGE
        stop = min(end, (number + 1) * _PAGE)
        yield number, start - number * _PAGE, stop - number * _PAGE
        start = stop


@dataclass
class File:
    """`now` is what a process reads, `kept` what outlives the power, `pending` what is between them."""

    now: Image = field(default_factory=Image)
    kept: Image = field(default_factory=Image)
    pending: list[Write] = field(default_factory=list)
    locks: dict[object, int] = field(default_factory=dict)
    durable: bool = False  # whether the folder knows the file: from its first sync on

    def do(self, write: Write) -> None:
        """Write as the operating system does: seen at once, kept some time."""
        self.now.do(write)
        self.pending.append(write)

    def copy(self) -> File:
        """The same file, for itself, and locked by nobody."""
        return File(self.now.copy(), self.kept.copy(), list(self.pending), durable=self.durable)

    def sync(self) -> None:
        """Bring everything down."""
        for write in self.pending:
            self.kept.do(write)
        self.pending.clear()
        self.durable = True

    def sync_some(self, chance: random.Random) -> None:
        """The power goes while it is brought down: some of it is there, in any order.

        But where the file was cut off nothing overtakes that: what is written later lies in new places, which only
        the new size makes part of the file (so with every file system that keeps a journal).
        """
        self.durable = self.durable or chance.random() < 0.5
        for write in self.pending:
            fate = chance.random()
            if write.data is None and fate < _LOST + _TORN / 2:
                break
            if fate >= _LOST + _TORN or write.data is None:
                self.kept.do(write)
            elif fate >= _LOST:
                for piece in _sectors(write):
                    if chance.random() < 0.5:
                        self.kept.do(piece)
        self.pending.clear()


class Disk:
    """Files by name, shared by whoever runs on this machine."""

    def __init__(self, files: dict[str, bytes] | None = None) -> None:
        self.files: dict[str, File] = {
            name: File(Image(data), Image(data), durable=True) for name, data in (files or {}).items()
        }
        self.full = False
        self.broken = False  # syncs fail
        self.unreadable = False

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
                self.files[name] = File(file.kept.copy(), file.kept, durable=True)
            else:
                del self.files[name]
        self.heal()
        return under_way

    def heal(self) -> None:
        """Nothing is wrong with it any more."""
        self.full = self.broken = self.unreadable = False

    def image(self) -> dict[str, bytes]:
        """Every file as it is now."""
        return {name: bytes(file.now) for name, file in self.files.items()}

    def copy(self) -> Disk:
        """The same files, written to apart from here on."""
        other = Disk()
        other.files = {name: file.copy() for name, file in self.files.items()}
        return other


def half(write: Write) -> Write | None:
    """The part of a write that was done when its process died; None if there is none."""
    if write.data is None or len(write.data) <= SECTOR:
        return None
    return Write(write.offset, write.data[: len(write.data) // 2 // SECTOR * SECTOR or SECTOR])


def _sectors(write: Write) -> list[Write]:
    assert write.data is not None
    pieces, at, end = [], write.offset, write.offset + len(write.data)
    while at < end:
        stop = min((at // SECTOR + 1) * SECTOR, end)
        pieces.append(Write(at, write.data[at - write.offset : stop - write.offset]))
        at = stop
    return pieces
