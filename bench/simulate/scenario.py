"""One scenario: things go wrong, then nothing does any more, and in the end all must be well."""

from __future__ import annotations

import asyncio
import gc
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from bench.simulate.check import QUIET, check
from bench.simulate.machine import Machine
from bench.simulate.operator import Operator
from bench.simulate.plan import Plan, plan
from bench.simulate.platform import Platform
from bench.simulate.tables import made_before
from bench.simulate.tally import Tally
from bench.simulate.world import World
from omnichannel import run

if TYPE_CHECKING:
    from bench.simulate.sweep import Sweep

_TROUBLED = 9.0  # seconds of trouble,
_LONGER = 24.0  # and more where somebody stands still, who is to go on before it ends
_DAY = 86_400.0
_HOURS = 3.0  # that all may take which was told once an hour to wait for another one
_LOOK = 0.5
_IDLE = 3.0  # seconds between a worker's idle looks at the store: they are what simulated time costs


@dataclass
class Outcome:
    """What came of a scenario."""

    seed: str
    trace: str
    violations: list[str]
    fell: Counter[str]
    crossed: Counter[str]
    messages: int
    calls: int
    seconds: float


def whole(seed: str) -> Tally:
    """Play the scenario of a seed, for the sums."""
    outcome = play(seed)
    return Tally(
        worlds=1, scenarios=1, recovered=1, messages=outcome.messages, calls=outcome.calls,
        simulated=outcome.seconds, fell=outcome.fell, crossed=outcome.crossed, traces=[outcome.trace],
        wrong=[(seed, wrong) for wrong in outcome.violations],
    )  # fmt: skip


def play(seed: str, *, told: Callable[[str], object] | None = None) -> Outcome:
    """Play the scenario of a seed."""
    planned = plan(seed)
    return play_plan(planned, made_before(planned.wal, planned.tables), told=told)


def play_plan(
    planned: Plan,
    files: dict[str, bytes],
    *,
    told: Callable[[str], object] | None = None,
    sweep: Sweep | None = None,
) -> Outcome:
    """Play a scenario on a disk with these files."""
    world = World(planned, files, told=told)
    world.sweep = sweep
    usual, run._LOOK = run._LOOK, 600.0 if planned.limited else _IDLE
    gc.disable()  # what the dead leave behind is not to be cleaned up in the midst of the living
    try:
        machine = Machine(world)
        machine.platform = Platform(world, machine)
        machine.operator = Operator(world, machine.platform)
        _live(world, machine)
        if not world.violations:
            check(machine)
        outcome = Outcome(
            planned.seed, world.trace, [*world.violations, *world.loop.troubles], world.fell, world.crossed,
            len(machine.platform.truth.written), len(machine.platform.truth.said), world.loop.time(),
        )  # fmt: skip
        if sweep is not None:
            sweep.ended(outcome)
        return outcome
    finally:
        world.close()
        run._LOOK = usual
        gc.enable()


def _live(world: World, machine: Machine) -> None:
    machine.start()
    story = world.loop.create_task(_story(world, machine))
    world.loop.run_until(story.done)
    if error := story.exception():
        world.wrong(f"I1 the store cannot be asked: {type(error).__name__}: {error}")
    world.over = True
    for life in world.lives:  # the last death: whatever is not on the disk by now is gone
        if not life.dead:
            life.kill = None
            world.end(life, power=False)


async def _story(world: World, machine: Machine) -> None:
    loop, planned = world.loop, world.plan
    troubles = {"full": planned.full_at, "broken": planned.broken_at, "unreadable": planned.unreadable_at}
    for trouble, spans in troubles.items():
        for start, end in spans:
            loop.call_later(start, setattr, world.disk, trouble, True)
            loop.call_later(end, setattr, world.disk, trouble, False)
    for at in planned.half_jobs:
        loop.call_later(at, machine.half_a_job)
    for at, by in planned.clock_jumps:
        loop.call_later(at, _set_clock, world, by)
    deciding = loop.create_task(machine.operator.work())
    if planned.settles:
        loop.create_task(machine.operator.settle())
    await machine.platform.write_on()
    while loop.time() < _troubled(world) and not _idle(machine):
        await asyncio.sleep(_LOOK)
    world.heal()
    patience = _HOURS * 3600 if planned.limited else machine.platform.dialect.patience
    over = loop.time() + patience
    while not _idle(machine):
        if loop.time() > over:
            world.wrong(f"I14 not done after {patience:.0f} peaceful seconds: {_left(machine)}")
            return
        await asyncio.sleep(_LOOK)
    if error := deciding.exception():
        raise error


def _troubled(world: World) -> float:
    """Until when things go wrong. Asked anew each time: of a copy that stands still nobody knew it before."""
    if world.plan.limited:
        return _DAY
    return _TROUBLED + _LONGER * any(one.kill is not None and one.kill.when == "stall" for one in world.lives)


def _set_clock(world: World, by: float) -> None:
    world.clock.set_by += timedelta(seconds=by)
    world.fell["clock set"] += 1


def _idle(machine: Machine) -> bool:
    worker = machine.serving(awake=True)
    platform = machine.platform
    if worker is None or machine.world.waits or machine.world.disk.unreadable:
        return False
    if platform.under_way or not machine.operator.done or platform.fetched < len(platform.feed):
        return False
    return not worker.inbox.engine.driver.rows(QUIET, ())[0][0]


def _left(machine: Machine) -> str:
    worker = machine.serving()
    if worker is None:
        return f"no worker starts: {machine.refused_to_start}"
    rows = worker.inbox.engine.driver.rows(QUIET, ())[0][0]
    return f"{rows} rows wait, {machine.platform.under_way} webhooks and calls are under way"
