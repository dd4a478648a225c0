"""`python -m bench durable`: webhook bytes to durably stored, threaded and resolved, beside a bare loop.

Signed Messenger webhooks go through `Inbox.receive` with so many in flight, while the inbox reads beside it as
`Inbox.run` does; the clock stops when the last message is stored, threaded and its sender resolved. The
reference is the same statements: all that such a run says to SQLite is recorded, and a plain loop says it again
on an empty file, with the same pragmas (so with the same durability), 100 messages per commit. Then beside what
many would write: the same statements through asynchronous wrappers, a transaction per webhook (`plain_writers`),
where these are installed. All run in turn, round by round; every run is checked to have stored everything.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import sqlite3
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import closing
from functools import partial
from itertools import count
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import NamedTuple

from bench import plain_writers
from bench.interleave import Lap, Watch, percentile, ratio, rounds, table
from bench.outcome import Goal, finish
from bench.tape import Said, groups, record, replay
from bench.webhooks import ACCOUNT, SENDERS, Webhook, delivery, open_inbox, webhooks
from omnichannel import Inbox
from omnichannel.inbox.handling import Turn
from omnichannel.store.outbox import Leased

GOAL, GOAL_AT = 0.5, 128


class Scenario(NamedTuple):
    """One line of the table. `answers`: a handler answers every message, and its calls are queued."""

    what: str
    in_flight: int
    messages: int
    per_webhook: int = 1
    answers: bool = False


SCENARIOS = (
    Scenario("one message", 1, 300),
    Scenario("one message", 16, 2000),
    Scenario("one message", 128, 4000),
    Scenario("one message", 512, 4000),
    Scenario("batch of ten", 16, 4000, per_webhook=10),
    Scenario("batch of ten", 128, 4000, per_webhook=10),
    Scenario("answered", 128, 1000, answers=True),
)


class Outcome(NamedTuple):
    """What a run of ours cost, and how many seconds each webhook waited for its acknowledgement."""

    lap: Lap
    commits: int
    acks: list[float]


def run(path: Path, scenario: Scenario, hooks: Sequence[Webhook]) -> Outcome:
    """One run of ours on an empty file."""
    return asyncio.run(_run(path, scenario, hooks))[0]


def tape_of(path: Path, scenario: Scenario, hooks: Sequence[Webhook]) -> list[Said]:
    """What a run of ours says to the database."""
    return asyncio.run(_run(path, scenario, hooks, recorded=True))[1]


def tape_of_each(path: Path, hooks: Sequence[Webhook]) -> list[Said]:
    """What ours says where each webhook is received and read before the next one comes: there are no groups."""
    return asyncio.run(_one_by_one(path, hooks))


async def _one_by_one(path: Path, hooks: Sequence[Webhook]) -> list[Said]:
    async with open_inbox(path) as inbox:
        await inbox.study()
        tape = record(inbox.open())
        for webhook in hooks:
            await inbox.receive(ACCOUNT, delivery(webhook))
            await inbox.read()
    return tape


async def _run(
    path: Path, scenario: Scenario, hooks: Sequence[Webhook], *, recorded: bool = False
) -> tuple[Outcome, list[Said]]:
    inbox, watch = open_inbox(path, answers=scenario.answers), Watch()
    store = inbox.open()
    before, tape = store.commits, record(store) if recorded else []
    with watch.lap():
        acks, _ = await asyncio.gather(
            hand_over(inbox, hooks, scenario.in_flight), work(inbox, len(hooks), scenario.messages)
        )
    commits = store.commits - before
    await inbox.close()
    check(path, scenario)
    return Outcome(watch.laps[0], commits, acks), tape


async def hand_over(inbox: Inbox, hooks: Sequence[Webhook], in_flight: int) -> list[float]:
    """Hand over every webhook, so many at a time; how long each acknowledgement took."""
    waiting = iter(hooks)
    acks: list[float] = []

    async def peer() -> None:
        for webhook in waiting:
            start = time.perf_counter()
            ack = await inbox.receive(ACCOUNT, delivery(webhook))
            acks.append(time.perf_counter() - start)
            assert ack.status == 200

    await asyncio.gather(*(peer() for _ in range(in_flight)))
    return acks


async def work(inbox: Inbox, webhooks: int, messages: int) -> None:
    """`Inbox.run` until all is read and handled; nobody is dialled."""
    stop, left = asyncio.Event(), {"read": webhooks, "handled": messages if inbox.handlers else 0}

    def did(what: str, number: int) -> None:
        left[what] -= number
        if not any(left.values()):
            stop.set()

    async def read(step: Callable[[], Awaitable[int]] = inbox.read) -> int:
        done = await step()
        did("read", done)
        return done

    async def handle(turn: Turn, step: Callable[[Turn], Awaitable[None]] = inbox.handle_message) -> None:
        await step(turn)
        did("handled", 1)

    async def look_up() -> int:
        return 0

    async def lease_calls(_: int) -> list[Leased]:
        return []

    steps: dict[str, object] = {
        "read": read, "handle_message": handle, "look_up": look_up, "lease_calls": lease_calls,
    }  # fmt: skip
    for name, step in steps.items():
        setattr(inbox, name, step)
    await inbox.run(stop=stop)


def check(path: Path, scenario: Scenario) -> None:
    """Raise AssertionError unless everything is there: a fast run that lost something is worth nothing."""
    wanted = {
        "messages WHERE direction = 0": scenario.messages,
        "calls WHERE state = 0": scenario.messages if scenario.answers else 0,
        "addresses": min(SENDERS, scenario.messages),
        "conversations": min(SENDERS, scenario.messages),
        "deliveries WHERE state <> 1": 0,
        "todo": 0,
    }
    with closing(sqlite3.connect(path)) as connection:
        found = {rows: connection.execute(f"SELECT count(*) FROM {rows}").fetchone()[0] for rows in wanted}
    assert found == wanted, f"{path.name}: {found}, not {wanted}"


# ---------------------------------------------------------------------------------------------------- report


class Measured(NamedTuple):
    """What the rounds of one scenario gave."""

    scenario: Scenario
    ratio: Lap
    ours: Sequence[Outcome]
    reference: Sequence[Lap]
    statements: int


def measure(folder: Path, scenario: Scenario, count_of_rounds: int) -> Measured:
    """Record one run, then let ours and the bare loop take turns."""
    hooks, numbers = webhooks(scenario.messages, scenario.per_webhook), count()

    def fresh() -> Path:
        return folder / f"{next(numbers)}.db"

    tape = tape_of(fresh(), scenario, hooks)
    commits = groups(tape)
    # What is kept for replaying is no garbage of the runs that are measured.
    gc.collect()
    gc.freeze()
    outcomes: list[Outcome] = []

    def ours() -> Lap:
        outcomes.append(run(fresh(), scenario, hooks))
        return outcomes[-1].lap

    def bare() -> Lap:
        path = fresh()
        lap = replay(path, commits)
        check(path, scenario)
        return lap

    laps = rounds({"ours": ours, "bare": bare}, count_of_rounds)
    gc.unfreeze()
    return Measured(scenario, ratio(laps["ours"], laps["bare"]), outcomes, laps["bare"], len(tape))


def goals(found: Sequence[Measured]) -> list[Goal]:
    """One message per webhook, 128 in flight, is at least half as fast as the bare loop by the wall's clock."""
    return [
        Goal(f"one message, {GOAL_AT} in flight, beside a bare loop", one.ratio.wall, GOAL)
        for one in found
        if (one.scenario.what, one.scenario.in_flight) == (SCENARIOS[0].what, GOAL_AT)
    ]


def plain_goals(plain: Sequence[tuple[str, float, float]]) -> list[Goal]:
    """How far ahead of plain writers we are to be."""
    wanted = plain_writers.GOALS
    return [
        Goal(f"beside {name}, a transaction per webhook", times, wanted[name])
        for name, _, times in plain
        if name in wanted
    ]


def beside(folder: Path, messages: int, count_of_rounds: int) -> list[tuple[str, float, float]]:
    """Each plain writer: microseconds of CPU a message, and how many times as fast ours is, 128 in flight."""
    scenario = Scenario("one message", GOAL_AT, messages)
    hooks, numbers = webhooks(messages), count()

    def fresh() -> Path:
        return folder / f"plain{next(numbers)}.db"

    commits = groups(tape_of_each(fresh(), hooks), 1)
    contestants: dict[str, Callable[[], Lap]] = {"ours": lambda: run(fresh(), scenario, hooks).lap}
    for name in plain_writers.installed():
        contestants[name] = partial(_plain, name, fresh, commits, scenario)
    laps = rounds(contestants, count_of_rounds)
    return [
        (name, median(lap.cpu for lap in found) / messages * 1e6, ratio(laps["ours"], found).cpu)
        for name, found in laps.items()
    ]


def _plain(
    name: str, fresh: Callable[[], Path], commits: Sequence[Sequence[Said]], scenario: Scenario
) -> Lap:
    path = fresh()
    lap = plain_writers.write(name, path, commits)
    check(path, scenario)
    return lap


HEAD = (
    "webhooks", "in flight", "ratio", "by CPU", "messages/s", "bare/s", "µs CPU", "bare µs", "commits/msg",
    "statements/msg", "ack p50 ms", "p99",
)  # fmt: skip


def row(measured: Measured) -> tuple[str, ...]:
    """One line of the table: medians over the rounds."""
    scenario, ours, reference = measured.scenario, measured.ours, measured.reference
    messages = scenario.messages
    acks = [second * 1000 for outcome in ours for second in outcome.acks]
    return (
        scenario.what,
        str(scenario.in_flight),
        f"{measured.ratio.wall:.2f}",
        f"{measured.ratio.cpu:.2f}",
        f"{median(messages / outcome.lap.wall for outcome in ours):,.0f}",
        f"{median(messages / lap.wall for lap in reference):,.0f}",
        f"{median(outcome.lap.cpu / messages for outcome in ours) * 1e6:.0f}",
        f"{median(lap.cpu / messages for lap in reference) * 1e6:.0f}",
        f"{median(outcome.commits / messages for outcome in ours):.3f}",
        f"{measured.statements / messages:.1f}",
        f"{percentile(acks, 0.5):.1f}",
        f"{percentile(acks, 0.99):.1f}",
    )


def main(argv: Sequence[str]) -> int:
    """Print the table; 1 if one message per webhook, 128 in flight, is below half of the bare loop."""
    options = argparse.ArgumentParser(prog="python -m bench durable", description=__doc__)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--folder", help="where the files are made; the disk that is measured")
    options.add_argument("--in-flight", type=int, nargs="*", help="only these")
    options.add_argument("--share", type=float, default=1.0, help="of the usual number of messages")
    given = options.parse_args(argv)
    chosen = [one for one in SCENARIOS if not given.in_flight or one.in_flight in given.in_flight]
    found, plain = [], []
    for one in chosen:
        scenario = one._replace(messages=max(10, int(one.messages * given.share) // 10 * 10))
        with TemporaryDirectory(dir=given.folder) as folder:
            found.append(measure(Path(folder), scenario, given.rounds))
    with TemporaryDirectory(dir=given.folder) as folder:
        if not given.in_flight or GOAL_AT in given.in_flight:
            plain = beside(Path(folder), max(10, int(500 * given.share)), given.rounds)
    rows = [(name, f"{each:.0f}", f"{times:.2f}") for name, each, times in plain]
    lines = [
        f"SQLite {sqlite3.sqlite_version}; medians of {given.rounds} rounds, ours and the bare loop in turn",
        table(HEAD, [row(measured) for measured in found]),
        *([table(("a transaction per webhook", "µs CPU", "ours is x times as fast"), rows)] if plain else []),
    ]
    return finish("durable", "\n".join(lines), [*goals(found), *plain_goals(plain)])


if __name__ == "__main__":
    import sys

    sys.exit(main(sys.argv[1:]))
