"""Another plan: what is open stands by it at once, whatever was computed before; and two plans at a time do not quarrel."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from omnichannel.desk import Calendar, Case, Plan, Target, Team
from omnichannel.desk.rolling import IN_USE, NOTHING, Plans, use
from tests.chat import delivery
from tests.desk.room import PLAN, Room

SLOW = PLAN.model_copy(
    update={"targets": (Target(name="slow", what="first", within=timedelta(hours=8), time="calendar"),)}
)
QUICK = PLAN.model_copy(
    update={"targets": (Target(name="quick", what="first", within=timedelta(hours=1), time="calendar"),)}
)


async def due(room: Room) -> dict[str, timedelta]:
    """How long after each case's first word it is due, by conversation, as `desk.due` finds them."""
    return {one.conversation.id: _within(one) for one in await room.inbox.desk.due()}


async def works_by(room: Room, plan: Plan) -> None:
    """A worker that has this plan takes its turn."""
    room.inbox.plan = plan
    await room.inbox.work()


def _within(case: Case) -> timedelta:
    assert case.due_at is not None
    assert case.asked_at is not None
    return case.due_at - case.asked_at


async def test_other_targets_hold_for_what_nobody_touches(rooms: Callable[..., Room]) -> None:
    room = rooms(SLOW)
    untouched = await room.hears("rosa")
    assert await due(room) == {untouched: timedelta(hours=8)}
    room.clock.advance(minutes=30)
    await works_by(room, QUICK)
    assert await due(room) == {untouched: timedelta(hours=1)}
    room.clock.advance(minutes=30)
    await room.inbox.work()
    assert [one.what for one in await room.inbox.events() if one.what == "case.missed"] == ["case.missed"]


async def test_other_hours_hold_at_once(rooms: Callable[..., Room]) -> None:
    days = dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), "00:00-00:30")
    calendar = Calendar.model_validate({"name": "c", "zone": "UTC"} | days)
    target = Target(name="t", what="first", within=timedelta(hours=1))
    room = rooms(Plan(teams=PLAN.teams, default_team="service", targets=(target,)))
    one = await room.hears("rosa")
    assert await due(room) == {one: timedelta(hours=1)}
    hours = {"calendars": (calendar,), "calendar": "c", "targets": (target,)}
    await works_by(room, PLAN.model_copy(update=hours))
    assert (await due(room))[one] > timedelta(days=1)


async def test_other_head_starts_order_the_queue_anew(rooms: Callable[..., Room]) -> None:
    room = rooms()
    old = await room.hears("rosa")
    room.clock.advance(hours=5)
    high = await room.hears("ben")
    await room.inbox.desk.prioritise(high, "high")
    assert [one.conversation.id for one in await room.inbox.desk.queue("service")] == [old, high]
    await works_by(
        room, PLAN.model_copy(update={"head_starts": {**PLAN.head_starts, "high": timedelta(hours=6)}})
    )
    assert [one.conversation.id for one in await room.inbox.desk.queue("service")] == [high, old]


async def test_what_happens_meanwhile_does_not_wait_for_it(rooms: Callable[..., Room]) -> None:
    room = rooms(SLOW)
    for number in range(120):
        await room.inbox.receive(
            "letter", delivery({"id": f"{number}", "from": f"w{number}", "text": "Hello?"})
        )
    await room.inbox.work()
    room.inbox.plan = QUICK
    await room.inbox.receive("chat", delivery({"id": "new", "from": "rosa", "text": "Hello?"}))
    await room.inbox.read()
    await room.inbox.dispatch()
    assert len(found := await room.inbox.desk.due(most=200)) == 121
    assert {_within(one) for one in found} == {timedelta(hours=8), timedelta(hours=1)}
    await room.inbox.work()
    assert {_within(one) for one in await room.inbox.desk.due(most=200)} == {timedelta(hours=1)}


async def test_a_case_of_a_team_that_is_gone_is_the_default_teams(rooms: Callable[..., Room]) -> None:
    room = rooms()
    waits, closed = await room.hears("rosa"), await room.hears("ben")
    for one in (waits, closed):
        await room.inbox.desk.assign(one, team="sales")
    await room.inbox.desk.close(closed)
    await works_by(room, Plan(teams=(Team(name="service"),), default_team="service"))
    assert [one.conversation.id for one in await room.inbox.desk.queue("service")] == [waits]
    moved = (await room.inbox.desk.decisions(waits))[-1]
    assert (moved.what, moved.actor, moved.changes[0].after) == ("moved", "desk", "service")
    assert moved.because == ("the plan has no team 'sales' any more",)
    await room.hears("ben", "And now?")  # the closed one is, when it is opened again
    assert (await room.case(closed)).team == "service"


async def test_while_workers_are_replaced_one_by_one_the_newer_plan_holds(rooms: Callable[..., Room]) -> None:
    room = rooms(SLOW)
    one = await room.hears("rosa")
    for _ in range(5):
        room.clock.advance(minutes=1)
        for plan in (QUICK, SLOW):
            await works_by(room, plan)
        assert await due(room) == {one: timedelta(hours=1)}
    assert [one.what for one in await room.inbox.events() if one.what.startswith("case.")] == ["case.read"]


async def test_what_the_older_plan_touched_last_stands_by_the_newer_one_in_the_end(
    rooms: Callable[..., Room],
) -> None:
    room = rooms(SLOW)
    one = await room.hears("rosa")
    await works_by(room, QUICK)
    room.clock.advance(minutes=1)
    room.inbox.plan = SLOW
    await room.inbox.desk.tag(one, "vip")
    assert await due(room) == {one: timedelta(hours=8)}
    room.clock.advance(minutes=11)
    await works_by(room, QUICK)
    assert await due(room) == {one: timedelta(hours=1)}


async def test_who_goes_back_to_the_plan_before_has_it_again(rooms: Callable[..., Room]) -> None:
    room = rooms(SLOW)
    one = await room.hears("rosa")
    room.clock.advance(minutes=5)
    await works_by(room, QUICK)
    for _ in range(12):
        room.clock.advance(minutes=1)
        await works_by(room, SLOW)
    assert await due(room) == {one: timedelta(hours=8)}


MINUTE = 60_000_000


@pytest.mark.parametrize(
    ("worked", "held", "walks"),
    [
        pytest.param([("a", 0), ("a", 1), ("a", 500)], "a", 1, id="alone, now and then"),
        pytest.param(
            [("a", 0), ("b", 1), ("a", 2), ("b", 3), ("a", 4), ("b", 9)], "b", 2, id="the newer one"
        ),
        pytest.param([("a", 0), ("b", 1), ("c", 2), ("a", 3), ("b", 4), ("c", 5)], "c", 3, id="of three"),
        pytest.param([("a", 0), ("b", 1), ("a", 5), ("b", 10), ("b", 16), ("b", 99)], "b", 3, id="once more"),
        pytest.param([("a", 0), ("b", 1), ("a", 2), ("a", 9), ("a", 12), ("a", 99)], "a", 3, id="back again"),
    ],
)
def test_the_plan_that_came_last_holds_while_it_is_used(
    worked: list[tuple[str, int]], held: str, walks: int
) -> None:
    plans, begun = NOTHING, 0
    for name, minute in worked:
        after = use(plans, name, minute * MINUTE)
        begun += after.walk
        plans = after.plans
    assert (plans.held, begun) == (held, walks)


def test_plans_are_kept_as_text() -> None:
    plans = use(use(NOTHING, "a", 5).plans, "b", 6).plans
    assert Plans.loads(plans.dumps()) == plans
    assert Plans.loads("{}") == NOTHING
    assert timedelta(minutes=10) == IN_USE
