"""`python -m bench pg`: webhook bytes to durably stored on PostgreSQL, beside what the server can do at all.

A real server on this machine, with full durability. Signed Messenger webhooks go through `Inbox.receive` while the
inbox reads beside it, by one worker and by several processes; beside them, in turn: a bare table that is filled by a
hundred rows a statement (`unnest`), a transaction per webhook with the same statements, and the same statements in a
bare loop, a hundred messages a commit, through psycopg, through its pipeline mode, and through asyncpg if it is
installed. Every run is checked to have stored everything. Round trips are counted, not timed.

`--away MS`: only ours, next to the server and so many milliseconds away from it (each way, on loopback), in turn.
"""

from __future__ import annotations

import argparse
import asyncio
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from importlib.util import find_spec
from itertools import count
from statistics import median
from typing import NamedTuple

import psycopg

from bench.durable import hand_over, work
from bench.interleave import Lap, Watch, rounds, table
from bench.kills.server import Server, server
from bench.outcome import Goal, finish
from bench.pg.far import far
from bench.pg.tape import Bare, by_webhook, in_a_pipeline, one_by_one, prepared, through_asyncpg
from bench.tape import Said, groups, record
from bench.webhooks import ACCOUNT, Webhook, delivery, page, webhooks
from omnichannel import Inbox
from omnichannel.store.talk import Talk

GOAL_RAW, GOAL_NAIVE, IN_FLIGHT = 0.4, 15, 128

_RAW = "INSERT INTO raw SELECT * FROM unnest(%s::bigint[], %s::text[], %s::text[]) ON CONFLICT (external) DO NOTHING"


class Trips(NamedTuple):
    """How often a run waited for the server's answer."""

    all: int
    commits: int


class Ours:
    """Runs of ours, each on a new database."""

    def __init__(self, place: Server) -> None:
        self._place = place
        self._numbers = count()
        self.trips: dict[int, Trips] = {}
        self.away = 0.0
        """Seconds to the server, each way."""

    def fresh(self) -> str:
        """A database with nothing in it."""
        return self._place.fresh(f"pg{next(self._numbers)}")

    def run(self, hooks: Sequence[Webhook], in_flight: int) -> Lap:
        """One worker takes and reads them all."""
        near = self.fresh()
        with far(near, self.away) if self.away else nullcontext(near) as url:
            return asyncio.run(self._run(url, hooks, in_flight))[0]

    def tape(self, hooks: Sequence[Webhook]) -> list[Said]:
        """What such a run says."""
        return asyncio.run(self._run(self.fresh(), hooks, IN_FLIGHT, recorded=True))[1]

    def tape_of_each(self, hooks: Sequence[Webhook]) -> list[Said]:
        """What is said where each webhook is received and read before the next one comes."""
        return asyncio.run(self._one_by_one(hooks))

    async def _one_by_one(self, hooks: Sequence[Webhook]) -> list[Said]:
        async with Inbox(self.fresh(), [page()]) as inbox:
            await inbox.study()
            tape = record(inbox.open())
            for hook in hooks:
                await inbox.receive(ACCOUNT, delivery(hook))
                await inbox.read()
        return tape

    async def _run(
        self, url: str, hooks: Sequence[Webhook], in_flight: int, *, recorded: bool = False
    ) -> tuple[Lap, list[Said]]:
        watch = Watch()
        inbox = Inbox(url, [page()])
        store = inbox.open()
        await (
            inbox.study()
        )  # from now on whoever is met is worked out by this policy: nobody is a second time
        tape = record(store) if recorded else []
        before, trips = store.commits, count_trips()
        with watch.lap():
            await asyncio.gather(hand_over(inbox, hooks, in_flight), work(inbox, len(hooks), len(hooks)))
        self.trips[in_flight] = Trips(trips(), store.commits - before)
        await inbox.close()
        check(url, len(hooks))
        return watch.laps[0], tape

    def together(self, workers: int, messages: int) -> Lap:
        """Several processes share the work on one database; the wall's clock is the parent's."""
        url, each = self.fresh(), messages // workers
        prepared(url)
        command = [sys.executable, "-m", "bench.pg.worker", url]
        children = [
            subprocess.Popen(
                [*command, str(number * each), str(each), str(IN_FLIGHT)],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            )
            for number in range(workers)
        ]  # fmt: skip
        for child in children:
            _heard(child)
        start = time.perf_counter()
        for child in children:
            _say(child)
        acked = sum(int(_heard(child)) for child in children)
        wait_for_rows(url, acked)
        lap = Lap(time.perf_counter() - start, 0.0)
        for child in children:
            _say(child)
            assert child.wait(60) == 0
        check(url, each * workers)
        return lap


def _heard(child: subprocess.Popen[str]) -> str:
    assert child.stdout is not None
    return child.stdout.readline().strip()


def _say(child: subprocess.Popen[str]) -> None:
    assert child.stdin is not None
    child.stdin.write("\n")
    child.stdin.flush()


def count_trips() -> Callable[[], int]:
    """Count how often answers are waited for, until asked how often it was."""
    told, wait = [0], Talk.answers

    def counted(talk: Talk, *, last: bool = False) -> None:
        told[0] += bool(talk.unsent)
        wait(talk, last=last)

    def end() -> int:
        Talk.answers = wait  # type: ignore[method-assign]
        return told[0]

    Talk.answers = counted  # type: ignore[method-assign]
    return end


def wait_for_rows(url: str, messages: int) -> None:
    """Until everything is read."""
    with psycopg.connect(url, autocommit=True) as connection:
        while _one(connection, "SELECT count(*) FROM deliveries WHERE state = 0"):
            time.sleep(0.005)
        assert _one(connection, "SELECT count(*) FROM deliveries") == messages


def _one(connection: psycopg.Connection[tuple[int]], sql: str) -> int:
    row = connection.execute(sql.encode()).fetchone()
    assert row is not None
    return row[0]


def check(url: str, messages: int) -> None:
    """Raise AssertionError unless every message is there, once, and read."""
    with psycopg.connect(url) as connection:
        found = [
            _one(connection, f"SELECT count({what}) FROM {where}")
            for what, where in (
                ("DISTINCT external_id", "messages"), ("*", "messages"), ("*", "deliveries WHERE state = 1"),
            )
        ]  # fmt: skip
    assert found == [messages] * 3, f"{url}: {found}, not {messages}"


def raw(place: Ours, hooks: Sequence[Webhook]) -> Lap:
    """A bare table with one unique key, a hundred rows a statement and a commit."""
    watch, bodies = Watch(), [hook.body.decode() for hook in hooks]
    with psycopg.connect(place.fresh(), autocommit=True) as connection:
        connection.execute("CREATE TABLE raw (id BIGINT PRIMARY KEY, external TEXT UNIQUE, body TEXT)")
        with watch.lap():
            for start in range(0, len(bodies), 100):
                some = bodies[start : start + 100]
                numbers = list(range(start, start + len(some)))
                connection.execute(_RAW, (numbers, [f"m_{number}" for number in numbers], some))
        assert _one(connection, "SELECT count(*) FROM raw") == len(hooks)
    return watch.laps[0]


def bare(place: Ours, how: Bare, tape: Sequence[Sequence[Said]], messages: int) -> Lap:
    """The same statements again."""
    url = place.fresh()
    prepared(url)
    lap = how(url, tape)
    check(url, messages)
    return lap


def contestants(
    place: Ours, hooks: Sequence[Webhook], workers: Sequence[int]
) -> dict[str, Callable[[], Lap]]:
    """Who takes turns."""
    tape, number = place.tape(hooks), len(hooks)
    by_hundred, single = groups(tape), list(by_webhook(place.tape_of_each(hooks)))
    found: dict[str, Callable[[], Lap]] = {
        "raw table, 100 a statement": lambda: raw(place, hooks),
        "a transaction per webhook": lambda: bare(place, one_by_one, single, number),
        "bare loop, psycopg": lambda: bare(place, one_by_one, by_hundred, number),
        "bare loop, pipeline": lambda: bare(place, in_a_pipeline, by_hundred, number),
    }
    if find_spec("asyncpg"):
        found["bare loop, asyncpg"] = lambda: bare(place, through_asyncpg, by_hundred, number)
    for several in (1, 16, IN_FLIGHT):
        some = hooks if several > 1 else hooks[: max(1, number // 10)]
        found[f"ours, {several} in flight"] = lambda some=some, several=several: _scaled(
            place.run(some, several), len(some), number
        )
    for many in workers:
        found[f"ours, {many} processes"] = lambda many=many: place.together(many, number // many * many)
    return found


def _scaled(lap: Lap, messages: int, of: int) -> Lap:
    """As if it had been as many as the others had."""
    return Lap(lap.wall * of / messages, lap.cpu * of / messages)


def distance(place: Ours, hooks: Sequence[Webhook], times: int, milliseconds: float) -> int:
    """Print what a distance to the server does."""
    rows = []
    for in_flight in (1, 16, IN_FLIGHT):
        some = hooks if in_flight > 1 else hooks[: max(1, len(hooks) // 10)]
        walls: dict[float, list[float]] = {0.0: [], milliseconds / 1000: []}
        for _ in range(times):
            for place.away, took in walls.items():
                took.append(place.run(some, in_flight).wall)
        near, away = (median(took) for took in walls.values())
        asked, commits = place.trips[in_flight]
        rows.append(
            (
                f"{in_flight} in flight", f"{len(some) / near:,.0f}", f"{len(some) / away:,.0f}",
                f"{away / commits * 1000:.0f}", f"{asked / commits:.1f}",
            )
        )  # fmt: skip
    print(table(("", "messages/s", f"{milliseconds:g} ms away", "ms a commit", "round trips"), rows))
    return 0


def main(argv: Sequence[str]) -> int:
    """Print the table; 1 if goal 6 is missed."""
    options = argparse.ArgumentParser(prog="python -m bench pg", description=__doc__)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--messages", type=int, default=2000)
    options.add_argument("--workers", type=int, nargs="*", default=[1, 2, 4])
    options.add_argument("--away", type=float, metavar="MS")
    given = options.parse_args(argv)
    hooks = webhooks(given.messages)
    with server("pg") as found:
        place = Ours(found)
        if given.away:
            return distance(place, hooks, given.rounds, given.away)
        who = contestants(place, hooks, given.workers)
        laps = rounds(who, given.rounds)
    return report(laps, place.trips, given.messages)


def report(laps: dict[str, list[Lap]], trips: dict[int, Trips], messages: int) -> int:
    """Print what was measured."""
    first, second = "raw table, 100 a statement", "a transaction per webhook"
    rows = [
        (
            name,
            f"{median(messages / lap.wall for lap in several):,.0f}",
            f"{_beside(several, laps[first]):.2f}",
            f"{_beside(several, laps[second]):.1f}",
            f"{median(lap.cpu for lap in several) / messages * 1e6:.0f}" if several[0].cpu else "",
        )
        for name, several in laps.items()
    ]
    lines = [table(("", "messages/s", "of raw", "of a tx per webhook", "µs CPU here"), rows)]
    for in_flight, (asked, commits) in sorted(trips.items()):
        shared = (messages if in_flight > 1 else max(1, messages // 10)) / commits
        lines.append(
            f"{in_flight} in flight: {asked / commits / shared:.1f} round trips a message, "
            f"{asked / commits:.1f} a commit, shared by {shared:.1f} messages"
        )
    ours = laps[f"ours, {IN_FLIGHT} in flight"]
    goals = [
        Goal("by the clock, beside raw rows, a hundred a statement", _beside(ours, laps[first]), GOAL_RAW),
        Goal("by the clock, beside a transaction per webhook", _beside(ours, laps[second]), GOAL_NAIVE),
    ]
    return finish("pg", "\n".join(lines), goals)


def _beside(ours: Sequence[Lap], theirs: Sequence[Lap]) -> float:
    """How fast we are beside another, by the wall's clock; the CPU of other processes is not seen here."""
    return median(other.wall / mine.wall for mine, other in zip(ours, theirs, strict=True))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
