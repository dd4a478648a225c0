"""Measuring operations on several stores in turn, and counting what they ask of the database."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any, NamedTuple

from bench.identity_cost.operations import Operation, World
from omnichannel.store import Store
from omnichannel.store.engine import Cell, Driver, Row

ROUNDS = 5


class Counts(NamedTuple):
    """What an operation asked of the database: statements, rows fetched, and rows changed."""

    statements: float
    fetched: float
    changed: float


class Counter:
    """A driver that counts, and does what it is told."""

    def __init__(self, driver: Driver) -> None:
        self._driver = driver
        self.statements = self.fetched = self.changed = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._driver, name)

    def rows(self, sql: str, params: Row) -> list[tuple[Cell, ...]]:
        """Run one statement and fetch what it returns."""
        found = self._driver.rows(sql, params)
        self.statements += 1
        self.fetched += len(found)
        return found

    def run(self, sql: str, params: Row) -> int:
        """Run one statement; how many rows it changed."""
        changed = self._driver.run(sql, params)
        self.statements += 1
        self.changed += changed
        return changed

    def each(self, sql: str, rows: Sequence[Row]) -> None:
        """Run one statement for each row of values."""
        self._driver.each(sql, rows)
        self.statements += 1
        self.changed += len(rows)


def counting(store: Store) -> Counter:
    """Count everything that a store's jobs ask of the database from now on."""
    counter = Counter(store._tx.driver)
    store._tx.driver = counter  # type: ignore[assignment]
    return counter


async def count(world: World, operation: Operation, times: int) -> Counts:
    """What the operation asks of the database, each time, on average."""
    acts = Counts(0, 0, 0)
    store = world.inbox.open()
    driver = store._tx.driver
    for _ in range(times):
        act = await operation.ready(world)
        counter = counting(store)
        await act()
        store._tx.driver = driver
        acts = Counts(
            *(
                a + b
                for a, b in zip(acts, (counter.statements, counter.fetched, counter.changed), strict=True)
            )
        )
    return Counts(*(each / times for each in acts))


async def measure(worlds: Sequence[World], operation: Operation, times: int) -> list[list[float]]:
    """How many seconds each act took, for each store: round by round, so that a busy machine is busy for all."""
    taken: list[list[float]] = [[] for _ in worlds]
    each = max(1, times // ROUNDS)
    for number in range(ROUNDS):
        turn = list(range(len(worlds)))
        for place in turn[number % len(turn) :] + turn[: number % len(turn)]:
            for _ in range(each):
                act = await operation.ready(worlds[place])
                start = time.perf_counter()
                await act()
                taken[place].append(time.perf_counter() - start)
    return taken
