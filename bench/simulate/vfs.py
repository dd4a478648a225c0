"""SQLite's own door to the operating system, opened onto a simulated `Disk`; every step through it may be the last.

A process's files go dead with it: whatever its code still does while it falls apart reaches nothing.
https://rogerbinns.github.io/apsw/vfs.html
"""

from __future__ import annotations

import random
from types import TracebackType
from typing import TYPE_CHECKING

import apsw

from bench.simulate.disk import Disk, File, Write, half

if TYPE_CHECKING:
    from bench.simulate.life import Life

_SHARED, _RESERVED, _PENDING, _EXCLUSIVE = 1, 2, 3, 4
_POWERSAFE_OVERWRITE = 0x1000  # as SQLite says of every disk: writing here harms nothing next to it
_PAGE = 4096


class SimVfs(apsw.VFS):
    """The files of one process on a disk."""

    def __init__(self, name: str, disk: Disk, life: Life) -> None:
        super().__init__(name, None, makedefault=True)  # the default one gives SQLite its chance
        self.name = name
        self.disk = disk
        self.life = life

    def excepthook(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        """What cannot be told to SQLite is told to nobody: it happens to the dead only."""
        return True

    def xOpen(self, name: object, flags: list[int]) -> SimFile:
        self.life.check()
        flags[1] = flags[0]
        path = name.filename() if isinstance(name, apsw.URIFilename) else str(name)
        return SimFile(self, path)

    def xFullPathname(self, name: str) -> str:
        return name

    def xAccess(self, name: str, flags: int) -> bool:
        return name in self.disk.files

    def xDelete(self, name: str, sync: bool) -> None:
        self.life.cross("delete")
        self.disk.delete(name)

    def xRandomness(self, size: int) -> bytes:
        """Chance that depends on how far the world has come, and on nothing that was asked before."""
        place = f"{self.name} {self.life.world.loop.steps} {self.life.crossed.total()}"
        return random.Random(place).randbytes(size)

    def xSleep(self, microseconds: int) -> int:
        return microseconds

    def xCurrentTimeInt64(self) -> int:
        return 0

    def xGetLastError(self) -> tuple[int, str]:
        return (0, "")


class SimFile(apsw.VFSFile):
    """One open file."""

    def __init__(self, vfs: SimVfs, name: str) -> None:
        self._vfs = vfs
        self._life = vfs.life
        self._path = name
        self._name = name.rpartition("/")[2]
        self._file: File = vfs.disk.open(name)

    def excepthook(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        return True

    def xRead(self, amount: int, offset: int) -> bytes:
        self._life.check()
        if self._vfs.disk.unreadable:
            self._life.fell("read failed")
            raise apsw.IOError
        return self._file.now.read(offset, amount)

    def xWrite(self, data: bytes, offset: int) -> None:
        if self._vfs.disk.full:
            self._life.fell("disk full")
            raise apsw.FullError
        self._do("write", Write(offset, bytes(data)))

    def xTruncate(self, size: int) -> None:
        self._do("truncate", Write(size, None))

    def _do(self, what: str, write: Write) -> None:
        if self._life.cross(what, (self._path, half(write))):
            part = half(write)
            if part:
                self._file.do(part)
            self._life.die()
        self._file.do(write)
        self._life.world.touched(f"{self._name} {write.offset}", write.data or b"")

    def xSync(self, flags: int) -> None:
        inside = self._life.cross("sync")
        if self._vfs.disk.broken:
            self._life.fell("sync failed")
            raise apsw.IOError
        if inside:
            self._file.sync_some(self._life.chance)
            self._file.pending = [Write(0, bytes(self._file.now)), Write(self._file.now.size, None)]
            self._life.die()
        self._file.sync()
        self._life.note("sync", self._name)

    def xFileSize(self) -> int:
        return self._file.now.size

    def xClose(self) -> None:
        self._file.locks.pop(self, None)

    def xLock(self, level: int) -> None:
        self._life.check()
        others = [held for owner, held in self._file.locks.items() if owner is not self]
        highest = max(others, default=0)
        if level == _SHARED and highest >= _PENDING:
            raise apsw.BusyError
        if level == _RESERVED and highest >= _RESERVED:
            raise apsw.BusyError
        if level == _EXCLUSIVE and highest >= _SHARED:
            raise apsw.BusyError
        self._file.locks[self] = level

    def xUnlock(self, level: int) -> None:
        if self._life.dead:
            return
        if level:
            self._file.locks[self] = level
        else:
            self._file.locks.pop(self, None)

    def xCheckReservedLock(self) -> bool:
        return any(level >= _RESERVED for level in self._file.locks.values())

    def xFileControl(self, operation: int, pointer: int) -> bool:
        return False

    def xSectorSize(self) -> int:
        return _PAGE

    def xDeviceCharacteristics(self) -> int:
        return _POWERSAFE_OVERWRITE


def let_go(disk: Disk, life: Life) -> None:
    """A process is dead: its locks are nobody's."""
    for file in disk.files.values():
        file.locks = {
            owner: level
            for owner, level in file.locks.items()
            if not (isinstance(owner, SimFile) and owner._life is life)
        }
