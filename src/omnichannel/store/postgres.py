"""PostgreSQL through psycopg: the same statements, many workers on one database."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from functools import lru_cache, partial

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.pq import TransactionStatus
from psycopg.types.numeric import Int8Dumper

from omnichannel.errors import CommitInDoubt, StoreError, StoreUnreachable, UnsafeStore
from omnichannel.sealing import sealed
from omnichannel.store.engine import Cell, Row
from omnichannel.store.fulltext import TSVECTOR
from omnichannel.store.known import TABLES
from omnichannel.store.sets import Many, many
from omnichannel.store.talk import Talk

# A line that died without a word is found out in half a minute (libpq: keepalives_*, tcp_user_timeout in ms).
_LINE = {
    "connect_timeout": "10", "keepalives_idle": "15", "keepalives_interval": "5", "keepalives_count": "3",
    "tcp_user_timeout": "30000", "application_name": "omnichannel",
}  # fmt: skip

# Nobody waits for ever: not for a statement, nor a lock, nor a process that stopped, or was cut off, with locks
# in its hands.
_PATIENCE = b"SET LOCAL statement_timeout = '60s'; SET LOCAL lock_timeout = '10s'"
_SESSION = (
    _PATIENCE.replace(b"LOCAL ", b"")
    + b"""; SET idle_in_transaction_session_timeout = '20s';
SET tcp_keepalives_idle = 15; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3
"""
)

# Only a migration is waited for as long as it takes: the tables may be large. Whoever dies in one lets go. Databases
# share no such lock, the schemas of one are told apart by their names. A migration itself waits for others with the
# usual patience: behind what it asks for everybody else would wait as well.
_TURNS = b"""
SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0;
SELECT pg_advisory_xact_lock(hashtextextended('omnichannel: its tables in ' || current_schema(), 0));
"""

# Every column of ours, by its table.
_COLUMNS = """
SELECT c.relname, a.attname, format_type(a.atttypid, NULL)
FROM pg_attribute AS a JOIN pg_class AS c ON c.oid = a.attrelid
WHERE c.relkind IN ('r', 'p') AND c.relnamespace <> 'pg_catalog'::regnamespace AND pg_table_is_visible(c.oid)
  AND a.attnum > 0 AND NOT a.attisdropped
"""

_REMEMBERED = 10_000  # workers; one that began so many openings ago has ended

_errors = psycopg.errors


@lru_cache(maxsize=512)
def _translated(sql: str) -> bytes:
    """Our `?` as psycopg's `%s`; no statement of ours holds either in a literal."""
    return sql.replace("%", "%%").replace("?", "%s").encode()


@sealed
def connect(url: str) -> psycopg.Connection[tuple[Cell, ...]]:
    """A connection to a server that takes writes, each statement a transaction of its own unless one is begun."""
    given = {name: str(value) for name, value in conninfo_to_dict(url).items() if value is not None}
    info = make_conninfo(**{**_LINE, **given, "target_session_attrs": "read-write"})
    return psycopg.connect(info, autocommit=True, prepare_threshold=3)


class PostgresDriver:
    """One connection; a lost one is opened again before the next try."""

    skip_locked = " FOR UPDATE SKIP LOCKED"
    next_turn = "DEFAULT"
    full_text = TSVECTOR
    words = {  # noqa: RUF012 - a constant of the dialect
        "bytes": "BYTEA", "clustered": "", "counter": "BIGSERIAL", "full_text": TSVECTOR.made,
    }  # fmt: skip

    patience = 30.0
    """Seconds that a server may be away (a restart, a failover) before the store's callers are told."""

    @sealed
    def __init__(self, url: str) -> None:
        self._url = url
        self.waits = 0
        self._given_up_at = 0.0  # when callers are told that the server is away; 0: it is not
        self._signed: tuple[int, int] | None = None
        self._wrote = False
        self._talk = Talk()
        self._many: dict[str, Many | None] = {}
        self._columns: dict[str, dict[str, str]] = {}
        self._connection = self._open()

    def _open(self) -> psycopg.Connection[tuple[Cell, ...]]:
        connection = connect(self._url)
        # Else a statement is prepared for each size of number.
        connection.adapters.register_dumper(int, Int8Dumper)
        # At first sight: of a statement that was said before, psycopg believes ever after that it is prepared, though
        # that was in a pipeline which had failed.
        connection.prepare_threshold = 0
        connection.prepared_max = 500  # all that the store says: none is planned again and again
        connection.execute(_SESSION, prepare=False)
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            row = connection.execute("SELECT current_setting(%s)", (setting,)).fetchone()
            if row is None or row[0] == "off":
                connection.close()
                raise UnsafeStore(
                    f"PostgreSQL runs with {setting}=off, so a crash could lose what was acknowledged; "
                    f"set {setting}=on"
                )
        return connection

    def sign(self, workspace: int, worker: int) -> None:
        """From now on every commit leaves its mark, so that it is known again."""
        self.run(
            "INSERT INTO commits (workspace, worker, number) VALUES (?, ?, 0) ON CONFLICT DO NOTHING",
            (workspace, worker),
        )
        self.run("DELETE FROM commits WHERE workspace = ? AND worker < ?", (workspace, worker - _REMEMBERED))
        self._signed = (workspace, worker)

    def begin(self) -> None:
        """Start a transaction in which every statement sees what was committed before it."""
        self._wrote = False
        self._talk = Talk(self._connection)
        execute = self._connection.execute
        self._talk.later(partial(execute, b"BEGIN ISOLATION LEVEL READ COMMITTED", prepare=False))
        if self._signed:
            # Whoever asks what became of it waits for the lock: till then it is not over, wherever its COMMIT may be.
            lock = b"SELECT pg_advisory_xact_lock(%d, %d)" % self._signed
            self._talk.later(partial(execute, lock, prepare=False))

    def _send(self, *, last: bool = False) -> None:
        """Say what waits to be said, and wait for the answers; `last`: it ends the transaction."""
        try:
            self._talk.answers(last=last)
        except _errors.ReadOnlySqlTransaction:
            self._connection.close()  # the server became a standby: the next connection finds who took over
            raise

    def firm(self) -> None:
        """Nobody sees a commit that the server's disk does not have."""

    def take_turns(self) -> None:
        """Wait, without a limit, for whoever changes the tables: the first of a fleet that was upgraded."""
        self._send(last=True)  # several statements at once go into no pipeline
        self._connection.execute(_TURNS + _PATIENCE, prepare=False)

    def commit(self) -> None:
        """Commit; returns after the disk has it.

        Where the line is lost before the answer, it is looked up whether it was done: then it is not done again.
        Raises CommitInDoubt where that cannot be told.
        """
        if not self._talk.begun:
            self._send()  # or somebody could ask what became of it before the server ever hears of it
        mark = secrets.randbits(62) + 1 if self._wrote and self._signed else 0
        if mark and self._signed:
            self._later(
                "UPDATE commits SET number = ? WHERE workspace = ? AND worker = ?", (mark, *self._signed)
            )
        end = self._connection.cursor()
        self._talk.later(partial(end.execute, b"COMMIT", prepare=False))
        try:
            self._send(last=True)
        except psycopg.OperationalError as error:
            if end.statusmessage == "COMMIT":
                return  # the line was lost behind it
            if self._lost and mark:
                if not self._was_committed(mark, error):
                    raise
            elif not self._lost or self._wrote:
                raise

    def _was_committed(self, mark: int, error: psycopg.OperationalError) -> bool:
        """Whether a transaction whose COMMIT got no answer was committed."""
        doubt = CommitInDoubt(
            f"the connection was lost during a commit, and it cannot be told whether it was done ({error}); "
            "look whether it was before you do it again"
        )
        over = time.monotonic() + self.patience
        while time.monotonic() < over:
            try:
                self.reconnect()
                self.rows("SELECT pg_advisory_xact_lock(?::int, ?::int)", self._signed or ())
                found = self.rows(
                    "SELECT number FROM commits WHERE workspace = ? AND worker = ?", self._signed or ()
                )
            except psycopg.OperationalError:
                continue  # lost once more, or still under way
            except StoreError as away:
                raise doubt from away
            if found:
                return found[0][0] == mark
            break
        raise doubt

    @property
    def _lost(self) -> bool:
        return self._connection.closed or self._connection.broken

    def rollback(self) -> None:
        """Take everything since `begin` back."""
        self._talk.unsent = []
        with suppress(psycopg.Error):
            self._talk.answers(last=True)
        try:
            if self._connection.info.transaction_status is not TransactionStatus.IDLE:
                self._connection.execute("ROLLBACK", prepare=False)
        except psycopg.Error:
            self._connection.close()

    def rows(self, sql: str, params: Row) -> list[tuple[Cell, ...]]:
        """Run one statement and fetch what it returns."""
        return self._say(sql, params).fetchall()

    def run(self, sql: str, params: Row) -> int:
        """Run one statement; how many rows it changed."""
        return self._say(sql, params).rowcount

    def _say(self, sql: str, params: Row) -> psycopg.Cursor[tuple[Cell, ...]]:
        cursor = self._later(sql, params)
        self._send()
        self._wrote = self._wrote or (cursor.rowcount > 0 and not sql.startswith("SELECT"))
        return cursor

    def _later(self, sql: str, params: Row) -> psycopg.Cursor[tuple[Cell, ...]]:
        cursor = self._connection.cursor()
        self._talk.later(partial(cursor.execute, _translated(sql), params))
        return cursor

    def each(self, sql: str, rows: Sequence[Row]) -> None:
        """Run one statement for each row of parameters, as one for all where it can be; nobody waits for it."""
        self._wrote = True
        if sql not in self._many:
            self._many[sql] = many(sql, self._types)
        for_all = self._many[sql]
        cursor = self._connection.cursor()
        self._talk.later(
            partial(cursor.execute, for_all.sql, for_all.values(rows))
            if for_all
            else partial(cursor.executemany, _translated(sql), rows)
        )

    def _types(self, table: str) -> dict[str, str]:
        """The columns of a table with their types; those of all tables are looked up at once."""
        if table not in self._columns:
            for name, column, kind in self.rows(_COLUMNS, ()):
                self._columns.setdefault(str(name), {})[str(column)] = str(kind)
        return self._columns[table]

    def script(self, sql: str) -> None:
        """Run several statements; tables may be large, so they take what time they need."""
        self._wrote = True
        self._columns.clear()  # it may change them
        self._send(last=True)  # as above
        self._connection.execute(b"SET LOCAL statement_timeout = 0; " + sql.encode(), prepare=False)

    def plan(self) -> None:
        """PostgreSQL counts for itself."""

    def transient(self, error: BaseException) -> bool:
        """What passes by itself: deadlocks, locks, a lost line, a restart, somebody else's row that came first.

        A statement that ran out of time would run out of it again, and everybody waits meanwhile.
        """
        passing = (
            psycopg.OperationalError, _errors.UniqueViolation, _errors.ReadOnlySqlTransaction,
            _errors.IdleInTransactionSessionTimeout,
        )  # fmt: skip
        return isinstance(error, passing) and not isinstance(error, _errors.QueryCanceled)

    def scrub(self) -> list[str]:
        """Write every table anew (VACUUM FULL), what was counted of its values too, and drop the old files.

        A plain VACUUM frees the place of deleted rows, and leaves their bytes in it.
        """
        left = [
            "the server's write-ahead log (pg_wal), until it is recycled; archived logs and standbys keep theirs"
        ]
        try:
            self._connection.execute("SET statement_timeout = 0", prepare=False)
            for table in sorted(TABLES):
                self._forget_samples(table)
                self._connection.execute(f"VACUUM (FULL, ANALYZE) {table}".encode(), prepare=False)
            for step in ("VACUUM (FULL) pg_catalog.pg_statistic", "CHECKPOINT"):
                try:
                    self._connection.execute(step.encode(), prepare=False)
                except psycopg.errors.InsufficientPrivilege:
                    left.append(f"what the server does by itself in time, or its administrator now: {step}")
        except psycopg.OperationalError as error:
            raise StoreError(f"the database could not be scrubbed ({error}); scrub it again") from error
        return left

    def _forget_samples(self, table: str) -> None:
        """Drop the sample of values that was taken of a table, if it is empty now: ANALYZE would leave it.

        To give a column the type that it has drops its statistics, and rewrites nothing.
        """
        if self.rows(f"SELECT 1 FROM {table} LIMIT 1", ()):
            return
        columns = self.rows(
            "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = ?"
            " AND table_schema = current_schema() AND data_type IN ('text', 'bytea')",
            (table,),
        )
        for column, kind in ((str(name), str(of)) for name, of in columns):
            self.run(f"ALTER TABLE {table} ALTER COLUMN {column} TYPE {kind}", ())

    def reconnect(self) -> None:
        """Open a new connection where the old one is gone; wait for a server that restarts or fails over.

        Raises StoreUnreachable where it stays away; from then on at once, until it is back.
        """
        if self._lost:
            self.waits += 1
            self._given_up_at = self._given_up_at or time.monotonic() + self.patience
            self._connection = self._opened_again()
            self._given_up_at = 0.0

    def _opened_again(self) -> psycopg.Connection[tuple[Cell, ...]]:
        while True:
            try:
                return self._open()
            except psycopg.OperationalError as error:
                if time.monotonic() >= self._given_up_at:
                    raise StoreUnreachable(f"the database cannot be reached ({error}); is it up?") from error
            threading.Event().wait(0.1)

    def close(self) -> None:
        """Let go of the connection."""
        self._connection.close()
