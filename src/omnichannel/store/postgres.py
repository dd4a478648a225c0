"""PostgreSQL through psycopg: the same statements, many workers on one database."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import psycopg

from omnichannel.errors import StoreError, UnsafeStore
from omnichannel.store.engine import Cell, Row
from omnichannel.store.known import TABLES


@lru_cache(maxsize=512)
def _translated(sql: str) -> bytes:
    """Our `?` as psycopg's `%s`; no statement of ours holds either in a literal."""
    return sql.replace("%", "%%").replace("?", "%s").encode()


class PostgresDriver:
    """One connection; a lost one is opened again before the next try."""

    skip_locked = " FOR UPDATE SKIP LOCKED"
    words = {"bytes": "BYTEA", "clustered": ""}  # noqa: RUF012 - a constant of the dialect

    def __init__(self, url: str) -> None:
        self._url = url
        self._connection = self._open()

    def _open(self) -> psycopg.Connection[tuple[Cell, ...]]:
        connection = psycopg.connect(self._url, autocommit=True, prepare_threshold=3, connect_timeout=10)
        connection.execute("SET statement_timeout = '60s'")
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            row = connection.execute("SELECT current_setting(%s)", (setting,)).fetchone()
            if row is None or row[0] == "off":
                connection.close()
                raise UnsafeStore(
                    f"PostgreSQL runs with {setting}=off, so a crash could lose what was acknowledged; "
                    f"set {setting}=on"
                )
        return connection

    def begin(self) -> None:
        """Start a transaction."""
        self._connection.execute("BEGIN")

    def commit(self) -> None:
        """Commit; returns after the disk has it."""
        self._connection.execute("COMMIT")

    def rollback(self) -> None:
        """Take everything since `begin` back."""
        try:
            self._connection.execute("ROLLBACK")
        except psycopg.Error:
            self._connection.close()

    def rows(self, sql: str, params: Row) -> list[tuple[Cell, ...]]:
        """Run one statement and fetch what it returns."""
        return self._connection.execute(_translated(sql), params).fetchall()

    def run(self, sql: str, params: Row) -> int:
        """Run one statement; how many rows it changed."""
        return self._connection.execute(_translated(sql), params).rowcount

    def each(self, sql: str, rows: Sequence[Row]) -> None:
        """Run one statement for each row of parameters, without waiting for each answer (a pipeline)."""
        self._connection.cursor().executemany(_translated(sql), rows)

    def script(self, sql: str) -> None:
        """Run several statements."""
        self._connection.execute(sql.encode())

    def plan(self) -> None:
        """PostgreSQL counts for itself."""

    def transient(self, error: BaseException) -> bool:
        """Deadlocks, serialisation failures and lost connections pass by themselves."""
        return isinstance(error, psycopg.OperationalError | psycopg.errors.UniqueViolation)

    def scrub(self) -> list[str]:
        """Write every table anew (VACUUM FULL), what was counted of its values too, and drop the old files.

        A plain VACUUM frees the place of deleted rows, and leaves their bytes in it.
        """
        left = [
            "the server's write-ahead log (pg_wal), until it is recycled; archived logs and standbys keep theirs"
        ]
        try:
            self._connection.execute("SET statement_timeout = 0")
            for table in sorted(TABLES):
                self._forget_samples(table)
                self._connection.execute(f"VACUUM (FULL, ANALYZE) {table}".encode())
            for step in ("VACUUM (FULL) pg_catalog.pg_statistic", "CHECKPOINT"):
                try:
                    self._connection.execute(step.encode())
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
        """Open a new connection where the old one is gone."""
        if self._connection.closed or self._connection.broken:
            self._connection = self._open()

    def close(self) -> None:
        """Let go of the connection."""
        self._connection.close()
