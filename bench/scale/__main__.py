"""`python -m bench scale`: what a message costs, and what reading costs, as a store grows; and what memory does.

A store is filled with so many messages for each size, twenty to a conversation. Then, in turn: webhooks of
people all over it until they are stored, threaded and resolved; the last fifty messages of conversations;
everything of customers; the list of open conversations. Bytes are those that a message adds to a write-ahead
log, whichever journal the store chooses. Last, one process takes very many messages of ever new people, and
importing the package is timed.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import NamedTuple

from bench.durable import hand_over, work
from bench.identity_cost.settings import WAL, stores_open_with
from bench.interleave import Lap, Watch, percentile, ratio, rounds, table
from bench.outcome import Goal, finish
from bench.scale.filling import EACH, fill
from bench.webhooks import Webhook, open_inbox, webhook
from omnichannel import Inbox
from omnichannel.store.sqlite import SqliteDriver

COST, READING, OPEN, BYTES, GROWTH = 4.0, 4.0, 1.5, 1.1, 0.05
"""Goals: from the smallest to the largest store the CPU of a message, the last 50, the open list, at the most so many
times; the bytes of a message, between the two largest of a million and more; the growth of memory."""
_IN_FLIGHT = 128
_READS = 200


class Size(NamedTuple):
    """A store: its file, and how many messages and people are in it."""

    path: Path
    messages: int
    people: int


class Cost(NamedTuple):
    """Of one store: each round's lap of ingesting, seconds of each kind of reading, log bytes a message."""

    size: Size
    laps: list[Lap]
    reads: dict[str, list[float]]
    bytes: float


def hooks(size: Size, start: int, messages: int) -> list[Webhook]:
    """Webhooks of people all over a store, none of which came before."""
    chance = random.Random(start)
    numbers = [
        (start + number) * size.people + chance.randrange(size.people) for number in range(1, messages + 1)
    ]
    return [webhook([number], people=size.people) for number in numbers]


async def _ingest(inbox: Inbox, given: Sequence[Webhook]) -> Lap:
    watch = Watch()
    with watch.lap():
        await asyncio.gather(hand_over(inbox, given, _IN_FLIGHT), work(inbox, len(given), len(given)))
    return watch.laps[0]


async def ingested(path: Path, given: Sequence[Webhook]) -> Lap:
    """What it costs to take these, until all are stored."""
    async with open_inbox(path) as inbox:
        return await _ingest(inbox, given)


async def logged(path: Path, given: Sequence[Webhook]) -> float:
    """How many bytes a message adds to a write-ahead log that is never emptied meanwhile."""
    with stores_open_with(WAL):
        inbox = open_inbox(path)
    try:
        driver = inbox.open()._tx.driver
        assert isinstance(driver, SqliteDriver)
        await inbox.run_job(lambda tx: tx.all("PRAGMA wal_autocheckpoint=0"))
        log = Path(f"{path}-wal")
        before = log.stat().st_size
        await _ingest(inbox, given)
        return (log.stat().st_size - before) / len(given)
    finally:
        await inbox.close()


async def read(path: Path) -> dict[str, list[float]]:
    """Seconds of each reading: the last fifty of a conversation, all of a customer, the open list."""
    found: dict[str, list[float]] = {"last 50": [], "timeline": [], "open": []}
    async with open_inbox(path) as inbox:
        open_ones = await inbox.conversations.open(most=1000)
        chosen = random.Random(1).choices(open_ones, k=_READS)
        acts = {
            "last 50": lambda one: inbox.conversations.messages(one.id, most=50),
            "timeline": lambda one: inbox.customers.timeline(one.customer),
            "open": lambda _: inbox.conversations.open(most=50),
        }
        for name, act in acts.items():
            for one in chosen:
                start = time.perf_counter()
                assert await act(one)
                found[name].append(time.perf_counter() - start)
    return found


def measure(sizes: Sequence[Size], messages: int, times: int) -> list[Cost]:
    """All stores in turn."""
    numbers = iter(range(1, 1000))

    def ingest(size: Size) -> Lap:
        return asyncio.run(
            ingested(size.path, hooks(size, next(numbers) * 10_000_000 // size.people, messages))
        )

    laps = rounds({str(size.messages): partial(ingest, size) for size in sizes}, times)
    return [
        Cost(
            size,
            laps[str(size.messages)],
            asyncio.run(read(size.path)),
            asyncio.run(logged(size.path, hooks(size, next(numbers) * 10_000_000 // size.people, messages))),
        )
        for size in sizes
    ]


def row(cost: Cost, messages: int) -> tuple[str, ...]:
    """One line of the table."""
    return (
        f"{cost.size.messages:,}",
        f"{median(lap.cpu for lap in cost.laps) / messages * 1e6:.0f}",
        f"{cost.bytes / 1000:.1f}",
        *(
            f"{percentile(seconds, share) * 1e3:.2f}"
            for seconds in cost.reads.values()
            for share in (0.5, 0.95)
        ),
    )


def goals(costs: Sequence[Cost]) -> list[Goal]:
    """What the stores have to keep to."""
    small, large = costs[0], costs[-1]
    cpu = ratio(small.laps, large.laps).cpu
    last, listed = (
        percentile(large.reads[name], 0.5) / percentile(small.reads[name], 0.5)
        for name in ("last 50", "open")
    )
    found = [
        Goal("CPU of a message, largest store by smallest", cpu, COST, most=True),
        Goal("last 50, largest by smallest", last, READING, most=True),
        Goal("open list, largest by smallest", listed, OPEN, most=True),
    ]
    great = [cost for cost in costs if cost.size.messages >= 1_000_000]
    if len(great) > 1:
        grown = great[-1].bytes / great[0].bytes
        found.append(Goal("log bytes of a message, largest by a million", grown, BYTES, most=True))
    return found


# ----------------------------------------------------------------------------------- memory and imports of it


def resident() -> int:
    """Bytes of memory of our own: what is mapped from files does not count."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("RssAnon"):
            return int(line.split()[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


async def _taking(path: Path, messages: int) -> tuple[int, int]:
    """Take so many messages, every tenth of somebody new; memory after a quarter of them, and after all."""
    found, part = [0, 0], messages // 40
    async with open_inbox(path) as inbox:
        for start in range(0, messages, part):
            given = [
                webhook([number], people=max(1, messages // 10)) for number in range(start, start + part)
            ]
            await _ingest(inbox, given)
            if (start + part) * 4 == messages:
                found[0] = resident()
        found[1] = resident()
    return found[0], found[1]


def growth(folder: Path, messages: int) -> tuple[int, int]:
    """The same in a process of its own."""
    code = "import sys; from bench.scale.__main__ import taking; taking(sys.argv[1], int(sys.argv[2]))"
    command = [sys.executable, "-c", code, str(folder / "memory.db"), str(messages)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    quarter, whole = map(int, done.stdout.split())
    return quarter, whole


def taking(path: str, messages: int) -> None:
    """What `growth` runs."""
    print(*asyncio.run(_taking(Path(path), messages)))


def importing(times: int = 5) -> float:
    """Seconds of CPU that importing the package takes, beside a Python that imports nothing."""

    def once(code: str) -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, "-c", code], check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    return median(once("import omnichannel; omnichannel.Inbox") - once("pass") for _ in range(times))


HEAD = (
    "messages stored", "µs CPU a message", "log KB a message", "last 50 ms p50", "p95", "timeline ms p50", "p95",
    "open list ms p50", "p95",
)  # fmt: skip


def main(argv: Sequence[str]) -> int:
    """Print the table; 1 if a goal is missed."""
    options = argparse.ArgumentParser(prog="python -m bench scale", description=__doc__)
    options.add_argument(
        "--sizes", type=_sizes, default=[10_000, 1_000_000], help="messages, with commas between"
    )
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--messages", type=int, default=1000, help="that are taken in each round")
    options.add_argument(
        "--memory", type=int, default=400_000, help="messages that one process takes; 0: none"
    )
    options.add_argument("--folder", help="where the stores are made; the disk that is measured")
    given = options.parse_args(argv)
    with TemporaryDirectory(dir=given.folder) as temporary:
        folder = Path(temporary)
        sizes = [
            Size(folder / f"{size}.db", size, fill(folder / f"{size}.db", size))
            for size in sorted(given.sizes)
        ]
        costs = measure(sizes, given.messages, given.rounds)
        flat = growth(folder, given.memory) if given.memory else None
    lines = [
        f"medians of {given.rounds} rounds, all in turn; {EACH} messages to a conversation, {_IN_FLIGHT} in flight",
        table(HEAD, [row(cost, given.messages) for cost in costs]),
        f"importing the package takes {importing():.2f} s of CPU",
    ]
    wanted = goals(costs)
    if flat:
        more = flat[1] / flat[0] - 1
        lines.append(
            f"memory after {given.memory // 4:,} messages {flat[0] / 1e6:.0f} MB, after {given.memory:,}"
            f" {flat[1] / 1e6:.0f} MB ({more:+.1%})"
        )
        wanted.append(Goal(f"growth of memory to {given.memory:,} messages", more, GROWTH, most=True))
    return finish("scale", "\n".join(lines), wanted)


def _sizes(text: str) -> list[int]:
    return [int(size) for size in text.split(",")]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
