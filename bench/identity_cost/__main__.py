"""`python -m bench identity_cost [--sizes 10000,1000000,10000000] [--rivals]`: what identity costs as a store grows.

A store is filled with so many addresses for each size (`filling`), the model is learned there, and each operation is
measured on all of them in turn, from the call to its answer, commit and all. Ends with 1 where an operation's median
is more than twice as long in the largest store as in the smallest. `--rivals` times two other libraries' online calls
in the same run. `--keep FOLDER` keeps the stores there, and takes those that are there already.
"""

from __future__ import annotations

import argparse
import asyncio
import sqlite3
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import NamedTuple

from bench.identity_cost import filling, rivals
from bench.identity_cost.measuring import ROUNDS, Counts, count, measure
from bench.identity_cost.operations import OPERATIONS, Operation, World, look_ups
from bench.identity_cost.settings import OWN, SETTINGS, Setting, said, stores_open_with
from bench.interleave import percentile, table
from omnichannel import Inbox
from omnichannel.inbox import studying
from omnichannel.store import Tx
from omnichannel.store.sqlite import SqliteDriver

GOAL = 2.0
EVENTS = 1000


class Measured(NamedTuple):
    """An operation: each act's seconds, and what it asked of the database, for each store, smallest first."""

    operation: Operation
    seconds: list[list[float]]
    counts: list[Counts]

    @property
    def ratio(self) -> float:
        """How many times as long the median act takes in the largest store as in the smallest.

        Medians are of each round, for the machine may be busier in one than in another; then of all rounds.
        """
        each = max(1, len(self.seconds[0]) // ROUNDS)
        return median(
            median(self.seconds[-1][start : start + each]) / median(self.seconds[0][start : start + each])
            for start in range(0, len(self.seconds[0]), each)
        )


def main(argv: Sequence[str]) -> int:
    """Run the command; 1 if an operation's cost grows by more than the goal allows."""
    given = _arguments(argv)
    with TemporaryDirectory(dir=given.folder) as temporary:
        folder = Path(given.keep or temporary)
        folder.mkdir(parents=True, exist_ok=True)
        paths = {size: _stands(folder, size) for size in sorted(given.sizes)}
        for path in paths.values():
            _warm(path)
        grows = [
            measured
            for setting in given.settings
            for measured in asyncio.run(run(paths, SETTINGS[setting], given.share))
            if measured.ratio > GOAL
        ]
        for size, path in paths.items():
            print(bytes_by_table(path, size))
    if given.rivals:
        print(beside())
    worst = ", ".join(f"{one.operation.what} {one.ratio:.1f}" for one in grows)
    print(
        f"goal: at most {GOAL:g} times from the smallest to the largest{': MISSED by ' + worst if worst else ''}"
    )
    return 1 if grows else 0


def _arguments(argv: Sequence[str]) -> argparse.Namespace:
    options = argparse.ArgumentParser(prog="python -m bench identity_cost", description=__doc__)
    options.add_argument(
        "--sizes", type=_sizes, default=[10_000, 1_000_000, 10_000_000], help="addresses, with commas between"
    )
    options.add_argument("--rivals", action="store_true", help="time other libraries too (installed by pip)")
    options.add_argument("--keep", metavar="FOLDER", help="where the stores are kept for the next run")
    options.add_argument("--folder", help="where the stores are made otherwise; the disk that is measured")
    options.add_argument("--share", type=float, default=1.0, help="of the usual number of acts")
    options.add_argument(
        "--settings", nargs="*", choices=SETTINGS, default=list(SETTINGS), help="of SQLite (all of them)"
    )
    return options.parse_args(argv)


def _sizes(text: str) -> list[int]:
    return [int(size) for size in text.split(",")]


# ------------------------------------------------------------------------------------------------ the stores


def _stands(folder: Path, addresses: int) -> Path:
    """A store of so many addresses, made unless it is kept."""
    path = folder / f"{addresses}.db"
    start = time.perf_counter()
    if path.exists():
        print(f"{addresses:>10,} addresses: kept in {path}", flush=True)
    else:
        filling.fill(path, addresses)
        version = asyncio.run(_learn(path))
        took = time.perf_counter() - start
        print(f"{addresses:>10,} addresses: filled in {took:.0f} s, model {version} learned", flush=True)
    return path


def _warm(path: Path) -> None:
    """Read a store once, so that the system holds it in memory: else the disk is measured, and not what is asked."""
    with path.open("rb") as file:
        while file.read(1 << 24):
            pass


async def _learn(path: Path) -> int:
    async with Inbox(f"sqlite:///{path}") as inbox:
        return await inbox.identity.learn()


def bytes_by_table(path: Path, addresses: int) -> str:
    """How many bytes an address takes, by table, indexes included; where SQLite cannot tell, the file's alone."""
    whole = path.stat().st_size / addresses
    with closing(sqlite3.connect(path)) as connection:
        try:
            rows = connection.execute(
                "SELECT m.tbl_name, SUM(s.pgsize) FROM dbstat AS s JOIN sqlite_master AS m ON m.name = s.name"
                " WHERE s.aggregate = TRUE GROUP BY 1 ORDER BY 2 DESC"
            ).fetchall()
        except sqlite3.OperationalError:
            rows = []
    shares = ", ".join(f"{name} {size / addresses:.0f}" for name, size in rows if size / addresses >= 1)
    return f"{addresses:>10,} addresses: {whole:.0f} bytes each{f' ({shares})' if shares else ''}"


# ------------------------------------------------------------------------------------------------ what is timed


async def run(paths: dict[int, Path], setting: Setting, share: float) -> list[Measured]:
    """Measure every operation on all stores under one setting, and print it."""
    with stores_open_with(setting):
        inboxes = [Inbox(f"sqlite:///{path}") for path in paths.values()]
        for inbox in inboxes:
            inbox.open()
    try:
        worlds = [await World.of(inbox, size) for inbox, size in zip(inboxes, paths, strict=True)]
        what = await inboxes[0].run_job(lambda tx: _settings(tx.driver))
        print(
            f"\nSQLite {sqlite3.sqlite_version}, {what}{' (as the store opens it)' if setting is OWN else ''}"
        )
        found = [
            await _measured(worlds, operation, share)
            for operation in OPERATIONS
            if setting is OWN or operation.commits
        ]
        print(table(_head(paths), [_row(measured) for measured in found]), flush=True)
        for size, world in zip(paths, worlds, strict=True):
            print(f"{size:>10,} addresses: {await look_up(world)}; back-fill {await back_fill(world, share)}")
    finally:
        for inbox in inboxes:
            await inbox.close()
    return found


def _settings(driver: object) -> str:
    assert isinstance(driver, SqliteDriver)
    return said(driver)


async def _measured(worlds: Sequence[World], operation: Operation, share: float) -> Measured:
    counts = [await count(world, operation, ROUNDS) for world in worlds]
    times = max(ROUNDS, int(operation.times * share))
    return Measured(operation, await measure(worlds, operation, times), counts)


def _head(paths: dict[int, Path]) -> list[str]:
    return [
        "milliseconds", *(cell for size in paths for cell in (f"{size:,}: p50", "p99")),
        "ratio p50", "statements", "rows",
    ]  # fmt: skip


def _row(measured: Measured) -> list[str]:
    cells = [
        f"{percentile(seconds, share) * 1000:.2f}" for seconds in measured.seconds for share in (0.5, 0.99)
    ]
    last = measured.counts[-1]
    rows = last.fetched + last.changed
    return [measured.operation.what, *cells, f"{measured.ratio:.2f}", f"{last.statements:.0f}", f"{rows:.0f}"]


async def look_up(world: World) -> str:
    """What finding an address costs by itself, in millionths of a second."""
    seconds = await look_ups(world, 1000)
    p50, p99 = (percentile(seconds, share) * 1_000_000 for share in (0.5, 0.99))
    return f"the look-up alone {p50:.0f} µs (p99 {p99:.0f})"


async def back_fill(world: World, share: float) -> str:
    """How many events a second a store takes when they all come at once, and how many it studies for likeness."""
    new = [world.new() for _ in range(max(20, int(EVENTS * share)))]
    start = time.perf_counter()
    await asyncio.gather(
        *(world.identity.observe(one.addresses[0], one.evidence, facts={"name": one.name}) for one in new)
    )
    kept, studied = time.perf_counter(), 0
    while done := await world.inbox.run_job(_study):
        studied += done
    a_second = studied / (time.perf_counter() - kept)
    return f"{len(new) / (kept - start):,.0f} events/s, studied {a_second:,.0f} addresses/s"


def _study(tx: Tx) -> int:
    waiting = tx.one("SELECT COUNT(*) FROM unstudied WHERE workspace = ?", tx.ws)
    many = min(20, int(str(waiting[0]))) if waiting else 0
    return min(many, studying.study(tx, many)) if many else 0


def beside() -> str:
    """The rivals' calls, or why they were not measured."""
    try:
        found = rivals.measure()
    except rivals.NoRivalsError as problem:
        return f"\nrivals: not measured, they {problem}"
    rows = [
        [one.what, *(f"{percentile(one.seconds, share) * 1000:.2f}" for share in (0.5, 0.99))]
        for one in found
    ]
    return "\n" + table([f"rivals, over {rivals.KNOWN:,} records: milliseconds", "p50", "p99"], rows)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
