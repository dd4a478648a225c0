"""What is no death: a worker that stands still and goes on, a platform that takes nothing for a day, and a crowd."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

pytest.importorskip("apsw", reason="the simulated disk is a file system of apsw's")

from bench.simulate.deaths import STILL, Kill
from bench.simulate.fairness import Queue
from bench.simulate.plan import Plan, plan, small
from bench.simulate.scenario import Outcome, play_plan
from bench.simulate.tables import made_before
from bench.simulate.world import World


def played(planned: Plan) -> Outcome:
    return play_plan(planned, made_before(planned.wal, planned.tables))


def of_shape(seed: str, **shape: object) -> Plan:
    """The first plan of a seed that is like this."""
    plans = (plan(f"{seed}.{number}") for number in range(2000))
    return next(one for one in plans if all(getattr(one, name) == value for name, value in shape.items()))


def test_whoever_stands_still_does_nothing_until_it_goes_on() -> None:
    world = World(small("one.0"), {})
    life, done = world.born("worker-0"), list[str]()

    async def work() -> None:
        for what in ("first", "second"):
            await asyncio.sleep(1)
            done.append(what)

    world.loop.create_task(work(), context=life.context)
    world.hold(life, 12)
    world.loop.call_later(11, world.note, "others go on")
    world.loop.run_until(lambda: world.loop.time() > 10)
    assert (done, world.waits) == ([], True)
    world.loop.run_until(lambda: len(done) == 2)
    assert (world.waits, round(world.loop.time())) == (False, 14)
    world.close()


@pytest.mark.parametrize(
    "where",
    ["begin stall 6", "begin stall 9", "committed stall 8", "send stall 1", "sent stall 1", "handle stall 1"],
)
def test_a_worker_that_stands_still_sends_nothing_twice_unsaid_and_fails_nothing(where: str) -> None:
    what, nth = where.split(" stall ")
    still = Kill(what, "stall", int(nth), power=False, fate=STILL)
    for seed in ("standing.1", "standing.2"):
        outcome = played(replace(small(seed), workers=2, wal=False, settles=True, kills=(still,)))
        assert (outcome.violations, outcome.fell[f"stall {what}"]) == ([], 1), (seed, where)


def test_after_a_day_in_which_the_platform_took_nothing_everything_is_sent() -> None:
    outcome = played(
        replace(of_shape("day", limited=True), kills=(), full_at=(), broken_at=(), unreadable_at=())
    )
    assert outcome.violations == []
    assert outcome.seconds > 86_400
    assert 10 < outcome.fell["too many"] < 24 * 6, "about once an hour, and not for every call that waits"


def test_in_a_crowd_whoever_waits_longest_is_next() -> None:
    planned = next(one for one in (plan(f"crowd.{number}") for number in range(2000)) if one.crowd)
    outcome = played(planned)
    assert (outcome.violations, outcome.messages) == ([], 24)


def test_whoever_is_passed_by_more_often_than_there_are_hands_is_told_of() -> None:
    world = World(small("one.0"), {})
    queue = Queue(world, hands=2)
    queue.added(1, conversation=1, seq=1)
    for number in range(2, 5):
        assert world.violations == []
        world.loop.micros += 1_000_000
        queue.added(number, conversation=number, seq=1)
        queue.taken(number)
    assert world.violations == ["I15 message 1: waits for 3.0 s, and 3 later ones did not"]
    world.close()


def test_nobody_is_passed_by_who_waits_for_whoever_wrote_before() -> None:
    world = World(small("one.0"), {})
    queue = Queue(world, hands=1)
    queue.added(1, conversation=1, seq=1)
    queue.taken(1)
    queue.added(2, conversation=1, seq=2)
    for number in range(3, 9):
        world.loop.micros += 1_000_000
        queue.added(number, conversation=number, seq=1)
        queue.taken(number)
    assert world.violations == []
    world.close()


def test_some_worlds_are_of_each_shape() -> None:
    plans = [plan(f"shapes.{number}") for number in range(1000)]
    still = [one for one in plans if any(kill and kill.when == "stall" for kill in one.kills)]
    assert len(still) > 200
    assert all(one.workers > 1 and not one.wal for one in still)
    assert {one.settles for one in still} == {True, False}
    assert sum(one.limited for one in plans) > 5
    assert sum(one.crowd > 0 for one in plans) > 10
