"""Promises on the desk: what is due when, warned of, missed, and told once; and the same when everything is read anew."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from omnichannel.desk import Case, Plan, Target, Team
from omnichannel.inbox.desk.refreshing import refresh
from omnichannel.store import Tx
from omnichannel.store.desk import cases
from tests.chat import delivery
from tests.desk.room import Room
from tests.engines import HandClock, dump

PROMISES = (
    Target(name="soon", what="first", within=timedelta(minutes=30), time="calendar"),
    Target(name="sooner", what="first", within=timedelta(minutes=5), time="calendar", priorities=("urgent",)),
    Target(name="next", what="next", within=timedelta(hours=1), time="calendar"),
    Target(name="done", what="resolution", within=timedelta(hours=8), time="calendar"),
)
PLAN = Plan(teams=(Team(name="service"),), default_team="service", targets=PROMISES)


async def said(room: Room, what: str) -> list[str]:
    """Which clocks were warned of, or missed."""
    return [one.detail["clock"] for one in await room.inbox.events() if one.what == f"case.{what}"]


async def test_what_is_due_next_for_one_and_for_all(rooms: Callable[..., Room]) -> None:
    room = rooms(PLAN)
    await room.hire("Ann", capacity=1)
    mine = await room.hears("rosa")
    room.clock.advance(minutes=1)
    other = await room.hears("ben")
    desk = room.inbox.desk
    assert [case.conversation.id for case in await desk.due()] == [mine, other]
    assert [case.conversation.id for case in await desk.due("Ann")] == [mine]
    assert [case.conversation.id for case in await desk.due("")] == [other]
    case = await room.case(mine)
    assert case.due_at == case.first_asked_at + timedelta(minutes=30)  # type: ignore[operator]
    await desk.prioritise(other, "urgent")
    assert [case.conversation.id for case in await desk.due()] == [other, mine]
    await room.says(mine, "Ann")
    [clock] = (await room.case(mine)).clocks
    assert (clock.what, clock.state) == ("resolution", "paused")


async def test_a_warning_comes_before_and_each_thing_is_told_once(rooms: Callable[..., Room]) -> None:
    room = rooms(PLAN)
    conversation = await room.hears("rosa")
    for minutes, warned, missed in (
        (23, [], []),
        (1, ["first:1"], []),
        (6, ["first:1"], ["first:1"]),
        (9, ["first:1"], ["first:1"]),
    ):
        room.clock.advance(minutes=minutes)
        await room.inbox.work()
        assert (await said(room, "warned"), await said(room, "missed")) == (warned, missed), minutes
    await room.hire("Ann")
    await room.inbox.work()
    await room.says(conversation, "Ann")
    rows = dump(room.inbox.open())["told"]
    assert sorted((row[2], row[3], row[7]) for row in rows) == [
        ("first:1", "ended", "missed"),
        ("first:1", "missed", "missed"),
        ("first:1", "warned", "running"),
    ]


async def test_closed_beside_the_desk_is_a_decision_too(room: Room) -> None:
    await room.hire("Ann")
    conversation = await room.hears("rosa")
    await room.inbox.conversations.close(conversation)
    await room.inbox.work()
    decision = (await room.inbox.desk.decisions(conversation))[-1]
    assert (decision.what, decision.because) == ("changed", ("beside the desk",))
    assert (await room.case(conversation)).clocks == ()
    await room.hears("rosa", "One more thing")
    case = await room.case(conversation)
    assert (case.reopened, case.open, case.assignee) == (1, True, "Ann")
    await room.inbox.conversations.assign(conversation, "")
    await room.inbox.work()
    changes = [change for one in await room.inbox.desk.decisions(conversation) for change in one.changes]
    assert ("assignee", "Ann", "") in [(one.field, one.before, one.after) for one in changes]


async def test_what_opens_it_again_counts_from_when_it_was_said(clock: HandClock) -> None:
    room = Room("sqlite:///:memory:", clock, PLAN)
    conversation = await room.hears("rosa")
    await room.inbox.desk.close(conversation)
    clock.advance(minutes=1)
    asked = clock.now()
    await room.inbox.receive("chat", delivery({"id": "2", "from": "rosa", "text": "One more thing"}))
    clock.advance(minutes=10)  # it lay there until somebody looked
    await room.inbox.work()
    case = await room.case(conversation)
    assert case.asked_at == asked
    assert {one.name: one.started_at for one in case.clocks} == {"first:2": asked, "resolution:2": asked}

    def anew(tx: Tx) -> Case:
        return refresh(tx, PLAN, tx.ids.find("conversation", conversation), anew=True).case

    assert await room.inbox.run_job(anew) == case
    await room.close()


async def test_read_anew_a_case_is_the_same(rooms: Callable[..., Room]) -> None:
    """Whatever happened to it: questions, answers, priorities, snoozes, closings, and what was told of its clocks."""
    room = rooms(PLAN)
    await room.hire("Ann")
    desk = room.inbox.desk
    conversation = await room.hears("rosa")
    room.clock.advance(minutes=25)
    await room.inbox.work()
    await desk.prioritise(conversation, "urgent")
    room.clock.advance(minutes=1)
    await room.says(conversation, "Ann")
    room.clock.advance(minutes=1)
    await desk.snooze(conversation, room.clock.now() + timedelta(hours=2))
    room.clock.advance(minutes=1)
    await room.hears("rosa", "No, wait")
    room.clock.advance(minutes=70)
    await room.inbox.work()
    await desk.close(conversation)
    room.clock.advance(minutes=1)
    await desk.reopen(conversation)
    before = dump(room.inbox.open())

    def forget(tx: Tx) -> None:
        for number in [cases_row[0] for cases_row in tx.all("SELECT conversation FROM cases")]:
            refresh(tx, PLAN, int(str(number)), anew=True)
        assert cases.queues(tx) == {}

    await room.inbox.run_job(forget)
    after = dump(room.inbox.open())
    for table in ("cases", "spells", "told"):
        assert after[table] == before[table], table
