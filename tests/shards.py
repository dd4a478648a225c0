"""The tables spread over partitions by `workspace`, as a database that shards spreads them over machines.

PostgreSQL's own declarative partitions ask for the same: every unique key must hold the key that they are spread by.
What it plans says which of them a statement looks into.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest

from omnichannel.store import opening
from omnichannel.store.known import EVERYWHERE
from omnichannel.store.opening import migrate, schema_files
from omnichannel.store.postgres import PostgresDriver, _translated

SHARDS = 2

_TABLE = re.compile(r"^CREATE TABLE (\w+) \((.*?)^\)(?:\{clustered\})?;", re.MULTILINE | re.DOTALL)


def spread(sql: str) -> str:
    """The statements that make tables, made so that their rows are spread by workspace."""

    def one(found: re.Match[str]) -> str:
        name, columns = found.groups()
        if name in EVERYWHERE:
            return found[0]
        parts = "".join(
            f"\nCREATE TABLE {name}_s{number} PARTITION OF {name}"
            f" FOR VALUES WITH (MODULUS {SHARDS}, REMAINDER {number});"
            for number in range(SHARDS)
        )
        return f"CREATE TABLE {name} ({columns}) PARTITION BY HASH (workspace);{parts}"

    return _TABLE.sub(one, sql)


def make_spread_tables(url: str) -> None:
    """Make the tables in an empty database, all versions of them, one after the other as any store does."""
    driver = PostgresDriver(url)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(opening, "schema_files", lambda: [(n, spread(sql)) for n, sql in schema_files()])
        driver.begin()
        migrate(driver, driver.words)
        driver.commit()
    driver.close()


class Routes:
    """Into which shards each statement looks, by the server's own plan."""

    def __init__(self, url: str) -> None:
        self._connection = psycopg.connect(url, autocommit=True)
        self.seen: dict[str, set[str]] = {}

    def look(self, sql: str, params: Any, asked: psycopg.Connection | None = None) -> None:
        """Note a statement that was not seen before. Whoever is to say it is `asked`: others wait for their locks."""
        if sql in self.seen or not re.match(r"\(?(SELECT|INSERT|UPDATE|DELETE|WITH)\b", sql):
            return
        cursor = psycopg.ClientCursor(asked or self._connection)
        plan = cursor.execute(b"EXPLAIN (FORMAT JSON) " + _translated(sql), params).fetchone()
        assert plan is not None
        self.seen[sql] = set(re.findall(r'"Relation Name": "(\w+)"', json.dumps(plan[0])))

    def astray(self) -> dict[str, set[str]]:
        """The statements that look into more than one shard."""
        return {sql: names for sql, names in self.seen.items() if len(_shards(names)) > 1}

    def tables(self) -> set[str]:
        """Every table that some statement used."""
        return {re.sub(r"_s\d$", "", name) for names in self.seen.values() for name in names}

    def close(self) -> None:
        self._connection.close()


def _shards(names: set[str]) -> set[str]:
    return {name[-1] for name in names if re.search(r"_s\d$", name)}


@contextmanager
def routed(url: str) -> Iterator[Routes]:
    """Every statement that the store says meanwhile. To scrub is an administrator's work, everywhere: it is left out."""
    routes, say = Routes(url), PostgresDriver._say

    def watched(driver: PostgresDriver, sql: str, params: Any) -> Any:
        routes.look(sql, params, driver._connection)
        return say(driver, sql, params)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(PostgresDriver, "_say", watched)
        patch.setattr(PostgresDriver, "scrub", lambda driver: [])
        yield routes
    routes.close()
