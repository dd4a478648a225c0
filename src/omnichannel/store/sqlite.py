"""SQLite, opened so that a power cut loses nothing that was acknowledged."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path

from omnichannel.errors import StoreError, UnsafeStore
from omnichannel.store import disks
from omnichannel.store.engine import Cell, Row
from omnichannel.store.fulltext import FTS5

_log = logging.getLogger("omnichannel")

# A write-ahead log that two connections use could be corrupted by releases before 3.51.3, except for the
# two branches that got the repair (facts: https://sqlite.org/wal.html, "WAL-reset bug").
_WAL_MENDED = (3, 51, 3)
_WAL_MENDED_BRANCHES: dict[tuple[int, ...], tuple[int, ...]] = {(3, 50): (3, 50, 7), (3, 44): (3, 44, 6)}


def wal_is_safe(version: tuple[int, ...]) -> bool:
    """Whether this release of SQLite can be trusted with a write-ahead log."""
    mended = _WAL_MENDED_BRANCHES.get(version[:2])
    return version >= _WAL_MENDED or (mended is not None and version >= mended)


def is_locked(error: BaseException) -> bool:
    """Whether a statement failed because another process has the file."""
    return isinstance(error, sqlite3.OperationalError) and ("locked" in str(error) or "busy" in str(error))


# Every index with its columns; the one that is its table (WITHOUT ROWID) goes by the table's name.
_INDEXES = """
SELECT t.name, CASE WHEN i.origin = 'pk' AND t.sql LIKE '%WITHOUT ROWID%' THEN t.name ELSE i.name END,
  (SELECT group_concat(name) FROM pragma_index_info(i.name)), i."unique", i.partial
FROM sqlite_master AS t JOIN pragma_index_list(t.name) AS i WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%'
"""
_PATIENCE = 30.0  # seconds to wait for whoever else uses the file
_BROAD = {"workspace", "account", "kind", "scope", "what"}


def _expected(columns: Sequence[str], *, unique: bool, partial: bool) -> str:
    """How many rows an index will hold, and how many of them each column leaves, as SQLite writes it.

    There are few workspaces and accounts, so that naming them leaves all rows. A partial index holds what is
    under way, and that is little.
    """
    numbers = [10_000 if partial else 1_000_000]
    for column in columns:
        numbers.append(numbers[-1] if column in _BROAD else 20)
    if unique:
        numbers[-1] = 1
    return " ".join(map(str, numbers))


class SqliteDriver:
    """One connection to one file (or `:memory:`).

    `connect` and `version` are those of the SQLite that Python came with, unless another build of it is to be used.
    """

    skip_locked = ""
    waits = 0  # a file is never away
    next_turn = "(SELECT COALESCE(MAX(rowid), 0) + 1 FROM happenings)"
    full_text = FTS5
    words = {  # noqa: RUF012 - a constant of the dialect
        "bytes": "BLOB", "clustered": " WITHOUT ROWID", "counter": "BIGINT NOT NULL DEFAULT 0",
        "full_text": FTS5.made,
    }  # fmt: skip

    def __init__(
        self,
        path: str,
        connect: Callable[..., sqlite3.Connection] | None = None,
        version: tuple[int, ...] = (),
    ) -> None:
        self.path = path
        self._mode = "WAL" if wal_is_safe(version or sqlite3.sqlite_version_info) else "TRUNCATE"
        if path != ":memory:" and not Path(path).absolute().parent.is_dir():
            raise UnsafeStore(f"{path}: the folder does not exist; create it first")
        if path != ":memory:" and (kind := disks.far(path, disks.mounts())):
            _log.warning(
                "%s is on a network file system (%s): put it on a local disk, or use PostgreSQL", path, kind
            )
        self._connect = connect or sqlite3.connect
        try:
            self._open()
        except sqlite3.DatabaseError as error:
            if getattr(error, "sqlite_errorcode", 0) != sqlite3.SQLITE_NOTADB:
                raise
            self._connection.close()
            raise StoreError(f"{path}: this file is no SQLite database; name another one") from None

    def _open(self) -> None:
        self._stuck = True  # until it is secured: what could not be, is not used
        # What `PRAGMA data_version` said when all that was there was known to be durable.
        self._firm: Cell = None
        self._connection = self._connect(
            self.path, isolation_level=None, timeout=_PATIENCE, cached_statements=256
        )
        self._connection.text_factory = str
        self._secure()
        if not self.rows("SELECT 1 FROM pragma_module_list WHERE name = 'fts5'", ()):
            raise StoreError(
                f"SQLite {sqlite3.sqlite_version} was built without FTS5, which finds messages by their words; use a "
                "Python whose SQLite has it, as python.org's and the distributions' have, or a PostgreSQL store"
            )
        self._stuck = False

    def _secure(self) -> None:
        for pragma in (
            f"journal_mode={self._mode}", "synchronous=FULL", "foreign_keys=ON", "cache_size=-65536",
            "secure_delete=ON",
            # What macOS calls fsync leaves it to the disk's own memory; this asks for F_FULLFSYNC, and elsewhere
            # nothing changes.
            # https://sqlite.org/pragma.html#pragma_fullfsync
            "fullfsync=ON", "checkpoint_fullfsync=ON",
        ):  # fmt: skip
            self._connection.execute(f"PRAGMA {pragma}")
        (synchronous,) = self._connection.execute("PRAGMA synchronous").fetchone()
        (journal,) = self._connection.execute("PRAGMA journal_mode").fetchone()
        if synchronous < 2 or (self.path != ":memory:" and journal not in ("wal", "truncate")):
            raise UnsafeStore(
                f"{self.path}: SQLite would not take synchronous=FULL and journal_mode={self._mode} (it says "
                f"{synchronous}, {journal}), so a power cut could lose what was accepted; use a local disk"
            )

    def sign(self, workspace: int, worker: int) -> None:
        """A file answers every commit: there is none to be known again."""

    def begin(self) -> None:
        """Start a transaction that holds the write lock from the first moment."""
        self.reconnect()
        self._connection.execute("BEGIN IMMEDIATE")

    def take_turns(self) -> None:
        """Whoever began a transaction is alone in it."""

    def commit(self) -> None:
        """Commit; returns after the disk has it."""
        self._connection.execute("COMMIT")

    def firm(self) -> None:
        """Write something, and so have it synced, if another connection committed since the last time.

        A process that dies between ending its journal and syncing that end leaves a commit that all can see, and a
        power cut takes back. What is written behind it needs the journal, and syncs it first.
        """
        ((others,),) = self.rows("PRAGMA data_version", ())
        if others != self._firm:
            ((number,),) = self.rows("PRAGMA user_version", ())
            self._connection.execute(f"PRAGMA user_version={number!r}")
            self._firm = others

    def rollback(self) -> None:
        """Take everything since `begin` back; where the disk fails even at that, a new connection does it."""
        self._firm = None
        try:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
        except sqlite3.Error:
            self._stuck = True

    def rows(self, sql: str, params: Row) -> list[tuple[Cell, ...]]:
        """Run one statement and fetch what it returns."""
        return self._connection.execute(sql, params).fetchall()

    def run(self, sql: str, params: Row) -> int:
        """Run one statement; how many rows it changed."""
        return self._connection.execute(sql, params).rowcount

    def each(self, sql: str, rows: Sequence[Row]) -> None:
        """Run one statement for each row of parameters."""
        self._connection.executemany(sql, rows)

    def script(self, sql: str) -> None:
        """Run several statements one by one: `executescript` would commit in between."""
        statement = ""
        for line in sql.splitlines(keepends=True):
            statement += line
            if sqlite3.complete_statement(statement):
                self._connection.execute(statement)
                statement = ""

    def plan(self) -> None:
        """Tell the planner how large tables grow; it plans while they are empty, and never looks again.

        Left alone it takes the workspace, which stands first in every index, to single out ten rows, and
        walks whole tables (https://sqlite.org/optoverview.html#querystab). So the table in which it keeps what
        it knows is filled by hand.
        """
        self._connection.execute("ANALYZE schema_version")  # makes that table, and costs nothing
        self._connection.execute("DELETE FROM sqlite_stat1")
        self._connection.executemany(
            "INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (?, ?, ?)",
            [
                (table, name, _expected(str(columns).split(","), unique=bool(unique), partial=bool(partial)))
                for table, name, columns, unique, partial in self.rows(_INDEXES, ())
            ],
        )
        self._connection.execute("ANALYZE sqlite_master")  # reads what was just written

    def transient(self, error: BaseException) -> bool:
        """Only a lock held by another process passes by itself."""
        return is_locked(error)

    def scrub(self) -> list[str]:
        """Write the file anew with what is in it (VACUUM), and nothing into its log.

        Deleted rows are overwritten as they go (secure_delete); what pages held before their rows moved is not, nor
        are the words of deleted rows in the index, until its pieces are merged (optimize).
        https://sqlite.org/pragma.html#pragma_secure_delete https://sqlite.org/fts5.html#the_optimize_command
        """
        try:
            if self.rows("SELECT 1 FROM sqlite_master WHERE name = 'sought_words'", ()):
                self._connection.execute("INSERT INTO sought_words (sought_words) VALUES ('optimize')")
            self._connection.execute("VACUUM")
            busy = self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        except sqlite3.OperationalError as error:
            raise StoreError(f"the database could not be scrubbed ({error}); scrub it again") from error
        if busy:
            raise StoreError(
                "somebody reads the database, so that its log could not be emptied; scrub it again"
            )
        return []

    def reconnect(self) -> None:
        """A file does not go away, but a connection can get stuck in what it could not take back."""
        if self._stuck:
            self._connection.close()
            self._open()

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()
