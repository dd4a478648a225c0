"""Another build of SQLite in the place of Python's: the library's own driver, on a simulated disk.

`Connection` is what `sqlite3.Connection` is as far as the driver uses it, and raises `sqlite3`'s errors.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from typing import NoReturn

import apsw

from bench.simulate.life import Dead, Life
from omnichannel.store.engine import Cell
from omnichannel.store.sqlite import SqliteDriver

MENDED, OLD = (3, 51, 3), (3, 40, 1)
"""Releases of which one is trusted with a write-ahead log and the other is not."""

FLAGS = apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_CREATE | apsw.SQLITE_OPEN_NOMUTEX
"""A mutex belongs to a thread, and the copy of a process has another than the process: it would wait for itself."""

Watch = Callable[..., None]


class Cursor:
    """What a statement gives."""

    def __init__(self, cursor: apsw.Cursor, changes: int) -> None:
        self._cursor = cursor
        self.rowcount = changes

    def fetchall(self) -> list[tuple[Cell, ...]]:
        try:
            return self._cursor.fetchall()
        except apsw.Error as error:
            _raise(error)

    def fetchone(self) -> tuple[Cell, ...] | None:
        try:
            return self._cursor.fetchone()
        except apsw.Error as error:
            _raise(error)


class Connection:
    """A connection through a simulated file system."""

    text_factory = str

    def __init__(self, path: str, vfs: str, *, exclusive: bool, checkpoint: int) -> None:
        apsw.randomness(0)  # SQLite begins its own chance anew, from that of the file system
        self.raw = apsw.Connection(path, flags=FLAGS, vfs=vfs, statementcachesize=256)
        self.execute("PRAGMA temp_store=MEMORY")
        if exclusive:  # a write-ahead log without the shared memory that this file system lacks
            self.execute("PRAGMA locking_mode=EXCLUSIVE")
            self.execute(f"PRAGMA wal_autocheckpoint={checkpoint}")

    @property
    def in_transaction(self) -> bool:
        try:
            return self.raw.in_transaction
        except apsw.Error as error:
            _raise(error)

    def execute(self, sql: str, params: Sequence[Cell] = ()) -> Cursor:
        try:
            return Cursor(self.raw.execute(sql, params), self.raw.changes())
        except apsw.Error as error:
            _raise(error)

    def executemany(self, sql: str, params: Iterable[Sequence[Cell]]) -> None:
        try:
            self.raw.executemany(sql, params)
        except apsw.Error as error:
            _raise(error)

    def close(self) -> None:
        try:
            self.raw.close(force=True)
        except Dead:
            """It would have tidied up."""


class SimDriver(SqliteDriver):
    """The library's driver; each commit is a boundary at which its process may die."""

    def __init__(self, path: str, life: Life, *, wal: bool) -> None:
        self._life = life

        def connect(path: str, **_: object) -> Connection:
            connection = Connection(path, life.vfs.name, exclusive=wal, checkpoint=life.world.plan.checkpoint)
            life.belongings.append(connection)
            return connection

        super().__init__(path, connect, MENDED if wal else OLD)  # type: ignore[arg-type]

    def begin(self) -> None:
        apsw.randomness(
            0
        )  # and again: whoever looked at copies of this disk meanwhile has used some of it up
        self._life.on_commit.clear()
        super().begin()

    def commit(self) -> None:
        self._life.cross("commit")
        apsw.randomness(0)
        super().commit()
        for known in self._life.on_commit:
            known()
        self._life.on_commit.clear()
        self._life.cross("committed")

    def transient(self, error: BaseException) -> bool:
        """Nothing passes: who has a lock does nothing while another one waits for it."""
        return False


def _raise(error: apsw.Error) -> NoReturn:
    kind = sqlite3.OperationalError
    if isinstance(error, apsw.ConstraintError):
        kind = sqlite3.IntegrityError
    elif isinstance(error, apsw.CorruptError | apsw.NotADBError):
        kind = sqlite3.DatabaseError
    raise kind(f"{type(error).__name__}: {error}") from error
