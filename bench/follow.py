"""`python -m bench follow`: what happened is told to systems that refuse and forget, by workers that die.

A store with so many happenings, and three endpoints on loopback that check every signature with code of their own:
one is well, one answers one in thirty with trouble, one takes those all the same and says that it did not. Now and
then a worker is cut off in the middle of a turn. In the end each must have been told everything, in order, and
nothing twice but under the same id. Beside it: the same happenings read by `events()`, and followed.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import time
from collections.abc import Coroutine, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple, Never

from bench.interleave import table
from bench.receivers import Receiver
from omnichannel import Inbox
from omnichannel.store import Tx, records
from omnichannel.testing.hand_clock import HandClock

ENDPOINTS = ("well", "refusing", "forgetful")
CUT_OFF = 0.3  # of the turns


class Told(NamedTuple):
    """What came of one endpoint."""

    name: str
    delivered: int
    attempts: int
    duplicates: int
    lost: int
    disordered: int
    forged: int


def main(argv: Sequence[str]) -> int:
    """Print the figures; 1 if anything was lost, out of order or not genuine."""
    parser = argparse.ArgumentParser(prog="python -m bench follow", description=__doc__)
    parser.add_argument("--events", type=int, default=2000)
    parser.add_argument("--seed", default="1")
    options = parser.parse_args(argv)
    with TemporaryDirectory() as folder:
        return asyncio.run(_run(f"sqlite:///{Path(folder) / 'a.db'}", options.events, options.seed))


async def _run(url: str, events: int, seed: str) -> int:
    clock, chance = HandClock(), random.Random(seed)
    receivers = {name: Receiver(name, random.Random(f"{seed} {name}")) for name in ENDPOINTS}
    for receiver in receivers.values():
        receiver.__enter__()
    try:
        async with Inbox(url, clock=clock) as inbox:
            for name, receiver in receivers.items():
                await inbox.webhooks.add(name, receiver.hook, private=True, oldest=True)
                receiver.secrets = await inbox.webhooks.secrets(name)
            await _happen(inbox, events)
            wanted = [happening.id for happening in await inbox.events(most=events + 9)]
            seconds = await _tell(url, clock, chance)
            reading, following = await _read(inbox, len(wanted)), await _follow(inbox, len(wanted), 1)
            hundreds = await _follow(inbox, len(wanted), 100)
        told = [_judged(receiver, wanted) for receiver in receivers.values()]
    finally:
        for receiver in receivers.values():
            receiver.__exit__(None, None, None)
    attempts = sum(one.attempts for one in told)
    rates = [attempts / seconds, *(len(wanted) / took for took in (reading, following, hundreds))]
    _print(told, len(wanted), rates)
    return 1 if any(one.lost or one.disordered or one.forged for one in told) else 0


async def _happen(inbox: Inbox, count: int) -> None:
    def job(tx: Tx) -> None:
        for _ in range(count):
            records.happened(tx, "message.received", detail={"because": "a bench"})

    await inbox.run_job(job)


async def _tell(url: str, clock: HandClock, chance: random.Random) -> float:
    """Work until nobody waits any more, each time with another worker; how many seconds."""
    start, waiting = time.perf_counter(), True
    while waiting:
        async with Inbox(url, clock=clock) as worker:
            turns = [worker.send_notices(due) for due in await worker.claim_notices(9)]
            await asyncio.gather(*(_turn(turn, chance) for turn in turns))
            endpoints = await worker.webhooks.all()
        waiting = any(endpoint.follower.waiting for endpoint in endpoints)
        for endpoint in endpoints:
            assert endpoint.state == "active", f"{endpoint.name} was given up: {endpoint.answer}"
        clock.forward(minutes=6)
    return time.perf_counter() - start


async def _turn(turn: Coroutine[object, Never, None], chance: random.Random) -> None:
    """A turn, or as much of it as a worker does that is cut off: it settles nothing any more."""
    task = asyncio.create_task(turn)
    if chance.random() < CUT_OFF:
        await asyncio.sleep(chance.uniform(0.0, 0.3))
        task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def _read(inbox: Inbox, count: int) -> float:
    start, seen, after = time.perf_counter(), 0, ""
    while some := await inbox.events(after):
        seen, after = seen + len(some), some[-1].id
    assert seen == count
    return time.perf_counter() - start


async def _follow(inbox: Inbox, count: int, every: int) -> float:
    start, seen = time.perf_counter(), 0
    async with inbox.follow(f"every-{every}", every=every, wait=False) as events:
        async for _ in events:
            seen += 1
    assert seen == count
    return time.perf_counter() - start


def _judged(receiver: Receiver, wanted: Sequence[str]) -> Told:
    """What it took, beside what there was. Order is that of what it took first."""
    first = list(dict.fromkeys(receiver.ids))
    return Told(
        receiver.name,
        len(first),
        receiver.attempts,
        len(receiver.ids) - len(first),
        len(set(wanted) - set(first)),
        sum(one != other for one, other in zip(first, wanted, strict=False)),
        receiver.forged,
    )


def _print(told: Sequence[Told], events: int, rates: Sequence[float]) -> None:
    print(f"{events} events, 3 endpoints on loopback, SQLite\n")
    head = ["endpoint", "delivered", "attempts", "duplicates", "lost", "order broken", "forged"]
    print(table(head, [[one.name, *(f"{number:,}" for number in one[1:])] for one in told]))
    names = ("notices sent, to all three", "read by events()", "followed", "followed, every=100")
    print(
        "\n"
        + table(["", "a second"], [[name, f"{rate:,.0f}"] for name, rate in zip(names, rates, strict=True)])
    )
