"""What a store's jobs say to the database, statement by statement with their values: to count, and to say again."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from bench.interleave import Lap, Watch
from omnichannel.clock import SystemClock
from omnichannel.store import Store
from omnichannel.store.engine import Cell, Driver, Row
from omnichannel.store.sqlite import SqliteDriver

GROUP = 100
"""Messages per commit of the bare loop: a thousand per commit were not faster when it was measured."""

_ONE_A_MESSAGE = "INSERT INTO externals"


class Said(NamedTuple):
    """One statement with its values, or with rows of values. `fetch`: what it returns was fetched."""

    fetch: bool
    sql: str
    params: tuple[Cell, ...] = ()
    rows: tuple[Row, ...] = ()

    @property
    def some(self) -> Row:
        """Values that it was run with."""
        return self.rows[0] if self.rows else self.params


class Recorder:
    """A driver that writes down what it is told, and does it."""

    def __init__(self, driver: Driver, tape: list[Said]) -> None:
        self._driver = driver
        self._tape = tape

    def __getattr__(self, name: str) -> Any:
        return getattr(self._driver, name)

    def rows(self, sql: str, params: Row) -> list[tuple[Cell, ...]]:
        """Run one statement and fetch what it returns."""
        self._tape.append(Said(True, sql, tuple(params)))
        return self._driver.rows(sql, params)

    def run(self, sql: str, params: Row) -> int:
        """Run one statement; how many rows it changed."""
        self._tape.append(Said(False, sql, tuple(params)))
        return self._driver.run(sql, params)

    def each(self, sql: str, rows: Sequence[Row]) -> None:
        """Run one statement for each row of values."""
        self._tape.append(Said(False, sql, rows=tuple(rows)))
        self._driver.each(sql, rows)


def record(store: Store) -> list[Said]:
    """Every statement of a store's jobs from now on."""
    tape: list[Said] = []
    store._tx.driver = Recorder(store._tx.driver, tape)  # type: ignore[assignment]
    return tape


def groups(tape: Sequence[Said], size: int = GROUP) -> list[list[Said]]:
    """The statements cut into commits, one for every so many messages from customers, or as few as go together."""
    found: list[list[Said]] = [[]]
    messages = 0
    for said in tape:
        if said.sql.startswith(_ONE_A_MESSAGE):
            if messages >= size:
                found.append([])
                messages = 0
            messages += max(1, len(said.rows))
        found[-1].append(said)
    return found


def replay(path: Path, commits: Sequence[Sequence[Said]]) -> Lap:
    """The bare loop: the same statements with the same values in the same order, on an empty file."""
    Store(f"sqlite:///{path}", "default", SystemClock()).close()
    connection, watch = connect(path), Watch()
    execute = connection.execute
    with watch.lap():
        for group in commits:
            execute("BEGIN IMMEDIATE")
            for fetch, sql, params, rows in group:
                if rows:
                    connection.executemany(sql, rows)
                    continue
                cursor = execute(sql, params)
                if fetch:
                    cursor.fetchall()
            execute("COMMIT")
    connection.close()
    return watch.laps[0]


def connect(path: Path) -> sqlite3.Connection:
    """A plain connection, set up as the library sets up its own: the same journal, the same durability."""
    connection = sqlite3.connect(path, isolation_level=None, cached_statements=256)
    for pragma in pragmas(path):
        connection.execute(pragma)
    return connection


def pragmas(path: Path) -> list[str]:
    """How the library sets up its connections."""
    ours = SqliteDriver(str(path))
    found = []
    for pragma in ("journal_mode", "synchronous", "foreign_keys", "cache_size", "secure_delete"):
        ((value,),) = ours.rows(f"PRAGMA {pragma}", ())
        found.append(f"PRAGMA {pragma}={value}")
    ours.close()
    return found
