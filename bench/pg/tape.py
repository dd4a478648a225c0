"""What a run of ours says to PostgreSQL, said again over one bare connection, through one driver or another."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import count

import psycopg

from bench.interleave import Lap, Watch
from bench.tape import Said
from omnichannel.clock import SystemClock
from omnichannel.store import Store
from omnichannel.store.engine import Cell

Group = Sequence[Said]
Bare = Callable[[str, Sequence[Group]], Lap]


def prepared(url: str) -> None:
    """Empty tables, with the workspace whose number stands in the tape."""
    Store(url, "default", SystemClock()).close()


def one_by_one(url: str, groups: Sequence[Group]) -> Lap:
    """psycopg, an answer waited for after each statement: as our driver does."""
    watch = Watch()
    with psycopg.connect(url, autocommit=True, prepare_threshold=3) as connection:
        connection.prepared_max = 500
        execute = connection.execute
        with watch.lap():
            for group in groups:
                execute("BEGIN")
                for said in group:
                    _say(connection, said)
                execute("COMMIT")
    return watch.laps[0]


def in_a_pipeline(url: str, groups: Sequence[Group]) -> Lap:
    """psycopg in pipeline mode: what returns nothing is sent along with what does; nobody hears what it changed."""
    watch = Watch()
    with psycopg.connect(url, autocommit=True, prepare_threshold=3) as connection:
        connection.prepared_max = 500
        execute = connection.execute
        with watch.lap(), connection.pipeline() as pipeline:
            for group in groups:
                execute("BEGIN")
                for said in group:
                    _say(connection, said)
                execute("COMMIT")
                pipeline.sync()
    return watch.laps[0]


def _say(connection: psycopg.Connection[tuple[Cell, ...]], said: Said) -> None:
    if said.rows:
        connection.cursor().executemany(_as_psycopg(said.sql), said.rows)
        return
    cursor = connection.execute(_as_psycopg(said.sql), said.params)
    if said.fetch:
        cursor.fetchall()


def through_asyncpg(url: str, groups: Sequence[Group]) -> Lap:
    """asyncpg, in an event loop of its own as our thread would have one."""
    return asyncio.run(_through_asyncpg(url, groups))


async def _through_asyncpg(url: str, groups: Sequence[Group]) -> Lap:
    import asyncpg

    watch = Watch()
    connection = await asyncpg.connect(url, statement_cache_size=500)
    try:
        with watch.lap():
            for group in groups:
                await connection.execute("BEGIN")
                for said in group:
                    statement = _as_asyncpg(said.sql)
                    if said.rows:
                        await connection.executemany(statement, said.rows)
                    elif said.fetch:
                        await connection.fetch(statement, *said.params)
                    else:
                        await connection.fetchrow(statement, *said.params)
                await connection.execute("COMMIT")
    finally:
        await connection.close()
    return watch.laps[0]


@lru_cache(maxsize=512)
def _as_psycopg(sql: str) -> bytes:
    return sql.replace("%", "%%").replace("?", "%s").encode()


@lru_cache(maxsize=512)
def _as_asyncpg(sql: str) -> str:
    first, *rest = sql.split("?")
    return first + "".join(f"${number}{piece}" for number, piece in zip(count(1), rest, strict=False))


def by_webhook(tape: Sequence[Said]) -> Iterator[list[Said]]:
    """The statements cut so that every webhook has a transaction of its own, as a program without groups has."""
    group: list[Said] = []
    for said in tape:
        if said.sql.startswith("INSERT INTO deliveries") and group:
            yield group
            group = []
        group.append(said)
    yield group
