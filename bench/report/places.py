"""Stores to be filled and looked into by hand, on either engine."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple

import psycopg

from bench.kills.server import server

Say = Callable[[str, Sequence[object]], list[tuple[object, ...]]]
"""Runs a statement with `?` on the engine, by hand, and commits it."""


class Place(NamedTuple):
    """A database: its URL, a connection to it, and how many bytes it is."""

    url: str
    say: Say
    size: Callable[[], int]


@contextmanager
def sqlite(folder: Path) -> Iterator[Place]:
    """A file."""
    path = folder / "report.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA cache_size=-65536")
        connection.execute("PRAGMA synchronous=OFF")  # a bench's copies may be lost with the machine

        def say(sql: str, given: Sequence[object]) -> list[tuple[object, ...]]:
            return connection.execute(sql, given).fetchall()

        yield Place(f"sqlite:///{path}", say, lambda: path.stat().st_size)


@contextmanager
def postgres(_folder: Path) -> Iterator[Place]:
    """A server of its own."""
    with server("report") as place:
        url = place.fresh("report")
        with psycopg.connect(url, autocommit=True) as connection:

            def say(sql: str, given: Sequence[object]) -> list[tuple[object, ...]]:
                told = connection.execute(sql.replace("%", "%%").replace("?", "%s").encode(), given)
                return told.fetchall() if told.description else []

            def size() -> int:
                (row,) = say("SELECT pg_database_size(current_database())", ())
                return int(str(row[0]))

            yield Place(url, say, size)
