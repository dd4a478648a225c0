"""One week from the beginning to the verdict."""

from __future__ import annotations

from typing import NamedTuple

from bench.week.company import plan
from bench.week.judge import Verdict, Watch, judge, read
from bench.week.log import Log
from bench.week.world import World

_PER_OPENING = 3.35
"""How many messages come of one first question, both ways."""


class Week(NamedTuple):
    """What there is to tell of a week."""

    log: Log
    watch: Watch
    verdict: Verdict
    messages: int


async def played(url: str, seed: str, messages: int, days: int) -> Week:
    """Let a week of about so many messages go by on an empty store, and judge it."""
    world, verdict = World(url, seed, round(messages / _PER_OPENING), days), Verdict()
    watch = Watch(world.log, verdict)

    def look(world: World) -> None:
        staff = world.staff
        watch.look(world.clock.now(), world.screen.rows, staff.waiting(), staff.presences.gone())

    world.inbox.open()
    try:
        await world.play(look)
        found = await world.inbox.run_job(read)
    finally:
        await world.inbox.leave()
    for name in list(world.log.since):
        world.log.went(name, world.clock.now())
    judge(world.log, found, world.clock.now(), plan().fingerprint, verdict)
    return Week(world.log, watch, verdict, found.messages)
