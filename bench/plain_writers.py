"""What many would write: the statements of a run of ours through an asynchronous wrapper, a commit each webhook.

No signature is verified, no JSON is read and nothing is decided: the statements are given ready-made.
SQLAlchemy's objects (its ORM) would cost several times more than its connections, which are measured.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path

from bench.interleave import Lap, Watch
from bench.tape import Said, pragmas
from omnichannel.clock import SystemClock
from omnichannel.store import Store

GOALS = {"aiosqlite": 5.0, "SQLAlchemy": 30.0}
"""How many times as fast as each we want to be; the second is a goal beside its ORM."""


def aiosqlite(path: Path, commits: Sequence[Sequence[Said]]) -> Lap:
    """Through aiosqlite; raises ImportError without it."""
    library = import_module("aiosqlite")

    async def write() -> Lap:
        watch = Watch()
        async with library.connect(path, isolation_level=None) as connection:
            for pragma in pragmas(path):
                await connection.execute(pragma)
            with watch.lap():
                for group in commits:
                    await connection.execute("BEGIN IMMEDIATE")
                    for said in group:
                        if said.rows:
                            await connection.executemany(said.sql, said.rows)
                        else:
                            cursor = await connection.execute(said.sql, said.params)
                            if said.fetch:
                                await cursor.fetchall()
                    await connection.execute("COMMIT")
        return watch.laps[0]

    return asyncio.run(write())


def sqlalchemy(path: Path, commits: Sequence[Sequence[Said]]) -> Lap:
    """Through SQLAlchemy's asyncio on aiosqlite; raises ImportError without them."""
    import_module("aiosqlite")
    library = import_module("sqlalchemy.ext.asyncio")

    async def write() -> Lap:
        watch, engine = Watch(), library.create_async_engine(f"sqlite+aiosqlite:///{path}")
        async with engine.connect() as connection:
            for pragma in pragmas(path):
                await connection.exec_driver_sql(pragma)
            await connection.commit()
        with watch.lap():
            for group in commits:
                async with engine.begin() as connection:
                    for said in group:
                        given = list(map(tuple, said.rows)) if said.rows else tuple(said.params)
                        found = await connection.exec_driver_sql(said.sql, given)
                        if said.fetch:
                            found.fetchall()
        await engine.dispose()
        return watch.laps[0]

    return asyncio.run(write())


WRITERS: dict[str, Callable[[Path, Sequence[Sequence[Said]]], Lap]] = {
    "aiosqlite": aiosqlite,
    "SQLAlchemy": sqlalchemy,
}


def write(name: str, path: Path, commits: Sequence[Sequence[Said]]) -> Lap:
    """Let a writer say it all on an empty file."""
    Store(f"sqlite:///{path}", "default", SystemClock()).close()
    return WRITERS[name](path, commits)


def installed() -> list[str]:
    """The writers that can be had."""
    found = []
    for name, modules in {"aiosqlite": ["aiosqlite"], "SQLAlchemy": ["aiosqlite", "sqlalchemy"]}.items():
        try:
            for module in modules:
                import_module(module)
        except ImportError:
            continue
        found.append(name)
    return found
