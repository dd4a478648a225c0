"""Stores to be filled, measured, and looked into by hand, on either engine."""

from __future__ import annotations

import sqlite3
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import psycopg

from bench.kills.server import server

Say = Callable[[str, Sequence[object]], list[tuple[object, ...]]]
"""Runs a statement with `?` on the engine, by hand, and commits it."""


class Place(NamedTuple):
    """A database: its engine and URL, a connection to it, and how many bytes it is."""

    engine: str
    url: str
    say: Say
    size: Callable[[], int]


@contextmanager
def sqlite(folder: Path) -> Iterator[Place]:
    """A file."""
    path = folder / "bench.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA cache_size=-65536")
        connection.execute(
            "PRAGMA synchronous=OFF"
        )  # what a bench writes by hand may be lost with the machine

        def say(sql: str, given: Sequence[object]) -> list[tuple[object, ...]]:
            return connection.execute(sql, given).fetchall()

        yield Place("sqlite", f"sqlite:///{path}", say, lambda: path.stat().st_size)


@contextmanager
def postgres(_folder: Path) -> Iterator[Place]:
    """A server of its own."""
    with server("bench") as place:
        url = place.fresh("bench")
        with psycopg.connect(url, autocommit=True) as connection:

            def say(sql: str, given: Sequence[object]) -> list[tuple[object, ...]]:
                told = connection.execute(sql.replace("%", "%%").replace("?", "%s").encode(), given)
                return told.fetchall() if told.description else []

            def size() -> int:
                (row,) = say("SELECT pg_database_size(current_database())", ())
                return int(str(row[0]))

            yield Place("postgres", url, say, size)


def options(name: str, told: str | None, times: int) -> ArgumentParser:
    """What every bench of stores can be told; a bench adds its own."""
    found = ArgumentParser(prog=f"python -m bench {name}", description=told)
    found.add_argument("--rounds", type=int, default=times)
    found.add_argument("--engine", choices=["sqlite", "postgres", "both"], default="both")
    found.add_argument("--folder", help="where the stores are made; the disk that is measured")
    return found


def wanted(given: Namespace) -> list[AbstractContextManager[Place]]:
    """A fresh store on each engine that is asked for: made when it is entered, and gone when it is left."""
    return [
        _fresh(engine, given.folder)
        for engine in (sqlite, postgres)
        if given.engine in (engine.__name__, "both")
    ]


@contextmanager
def _fresh(engine: Callable[[Path], AbstractContextManager[Place]], parent: str | None) -> Iterator[Place]:
    with TemporaryDirectory(dir=parent) as folder, engine(Path(folder)) as place:
        yield place
