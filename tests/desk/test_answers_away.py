"""Away notices: rarely, once, with the moment by which we answer; never to machines, in public, or to spam."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from omnichannel.desk import Calendar, Plan, Target
from omnichannel.desk.answers import owed
from omnichannel.desk.hours import Hours
from omnichannel.model.desk import AwayRule, Clock
from omnichannel.store.desk import notices
from tests.chat import delivery
from tests.desk.helpful import helpful
from tests.desk.room import Room
from tests.engines import HandClock, dump

DAY = Calendar(
    name="day",
    zone="Europe/Amsterdam",
    mon="10:00-17:00",
    tue="10:00-17:00",
    wed="10:00-17:00",
    thu="10:00-17:00",
)
HOUR = Target(name="hour", what="first", within=timedelta(hours=1), time="calendar")
NEXT = Target(name="next", what="next", within=timedelta(hours=1), time="calendar")
SAYS = "Nobody is here right now. We answer by Tuesday, March 3, 2026, 11:00 AM (Amsterdam time)."


def away(**more: object) -> Plan:
    given = {"calendars": (DAY,), "calendar": "day", "targets": (HOUR, NEXT), "away": AwayRule()}
    return helpful(**(given | more))


@pytest.fixture
def room(rooms: Callable[..., Room]) -> Room:
    room = rooms(away())
    room.clock.advance(hours=9)  # it is evening
    return room


def said(room: Room) -> list[str]:
    return [str(one["text"]) for one in room.far["chat"].said]


async def test_who_writes_in_the_evening_is_told_when_we_answer_and_once(room: Room) -> None:
    conversation = await room.hears("rosa", "Where is my money?")
    assert said(room) == [SAYS]
    told = await room.inbox.desk.answers.notice(conversation)
    assert told is not None
    assert (told.say, told.until) == (True, datetime(2026, 3, 3, 10, tzinfo=UTC))
    assert told.because == (
        "the answer is promised by 2026-03-02 19:00 UTC and expected by 2026-03-03 10:00 UTC",
    )
    case = await room.case(conversation)
    assert (case.asked_at is not None, case.answered_at) == (True, None)
    [message] = [one for one in await room.messages("rosa") if one.direction == "outbound"]
    assert (message.automatic, message.agent) == ("auto_generated", "")
    room.clock.advance(minutes=30)
    await room.hears("rosa", "Hello?")
    room.clock.advance(days=1)
    await room.hears("rosa", "Hello??")
    assert said(room) == [SAYS]
    room.clock.advance(days=7)
    await room.hears("rosa", "Anybody?")
    assert len(said(room)) == 2
    assert said(room)[1].startswith("We are away at the moment, and will answer by ")


async def test_it_counts_as_a_use_that_nobody_has_to_like(room: Room) -> None:
    conversation = await room.hears("rosa", "Where is my money?")
    await room.hears("rosa", "thanks")
    [use] = await room.inbox.desk.answers.uses(conversation)
    assert (use.answer, use.reaction, use.asked, use.agent) == ("away", "", "", "")


@pytest.mark.parametrize(
    "more",
    [
        {"text": "automatically away", "automatic": "auto_replied"},
        {"text": "cheap spam"},
        {"text": "in public", "public": True, "thread": "post"},
        {"text": "great compliment"},
    ],
    ids=["automatic", "spam", "public", "praise"],
)
async def test_these_are_told_nothing(room: Room, more: dict[str, Any]) -> None:
    await room.inbox.receive("chat", delivery({"id": "m1", "from": "rosa"} | more))
    await room.inbox.work()
    assert said(room) == []


async def test_nothing_is_said_while_somebody_is_there(room: Room) -> None:
    await room.hire("Ann")
    await room.hears("rosa", "Where is my money?")
    assert said(room) == []


async def test_nothing_is_said_in_working_hours_or_where_the_promise_can_be_kept(
    rooms: Callable[..., Room],
) -> None:
    slow = Target(name="slow", what="first", within=timedelta(hours=8), time="working")
    for number, (plan, hours) in enumerate(((away(), 3), (away(targets=(slow,)), 9), (away(away=None), 9))):
        room = rooms(plan, f"workspace-{number}")
        room.clock.advance(hours=hours)
        await room.hears("rosa", "Where is my money?")
        assert said(room) == []
        room.clock.advance(hours=-hours)


async def test_who_wrote_before_there_was_a_desk_is_told_nothing(rooms: Callable[..., Room]) -> None:
    room = rooms(away())
    room.clock.advance(hours=9)
    plan, room.inbox.plan = room.inbox.plan, None
    await room.hears("rosa", "Where is my money?")
    room.clock.advance(hours=2)
    room.inbox.plan = plan
    await room.inbox.work()
    assert said(room) == []


async def test_what_cannot_be_sent_is_left_with_the_reason(room: Room) -> None:
    chat = room.inbox.channels["chat"]
    chat.render = _broken  # type: ignore[method-assign]  # a platform's library fails
    conversation = await room.hears("rosa", "Where is my money?")
    told = await room.inbox.desk.answers.notice(conversation)
    assert told is not None
    assert (told.say, told.because) == (False, ("not sent: RuntimeError",))
    assert dump(room.inbox.open())["uses"] == []


def _broken(*_: object) -> list[object]:
    raise RuntimeError("no")


async def decided(room: Room) -> str:
    """A notice is to go out, and did not yet."""
    await room.inbox.receive("chat", delivery({"id": "m1", "from": "ben", "text": "Hello"}))
    for step in (room.inbox.read, room.inbox.handle, room.inbox.dispatch, room.inbox.classify):
        await step()
    assert len(await room.inbox.run_job(lambda tx: notices.waiting(tx, 9))) == 1
    return (await room.messages("ben"))[0].conversation


async def test_whoever_is_answered_before_it_goes_out_is_not_told(room: Room) -> None:
    await room.hire("Ann", online=False)
    conversation = await decided(room)
    await room.says(conversation, "Ann")
    assert said(room) == ["There you are."]
    told = await room.inbox.desk.answers.notice(conversation)
    assert told is not None
    assert (told.say, told.because) == (False, ("not sent: nobody waits for an answer any more",))


async def test_two_workers_send_it_once(shared_url: str, clock: HandClock) -> None:
    clock.advance(hours=9)
    here, there = Room(shared_url, clock, away()), Room(shared_url, clock, away())
    await decided(here)
    await asyncio.gather(here.inbox.classify(), there.inbox.classify())
    await asyncio.gather(here.inbox.work(), there.inbox.work())
    assert len(said(here) + said(there)) == 1
    assert len(dump(here.inbox.open())["uses"]) == 1
    await there.close()
    await here.close()


def test_who_promises_an_hour_and_opens_at_ten_answers_by_eleven() -> None:
    hours, evening = Hours(DAY), datetime(2026, 3, 2, 18, tzinfo=UTC)
    clock = Clock(
        what="first", state="running", target="hour", within=timedelta(hours=1), started_at=evening,
        due_at=evening + timedelta(hours=1),
    )  # fmt: skip
    assert owed([clock], hours, evening) == (clock.due_at, datetime(2026, 3, 3, 10, tzinfo=UTC))
    noon = datetime(2026, 3, 2, 12, tzinfo=UTC)
    assert owed([clock], hours, noon) == (clock.due_at, noon)
    assert owed([clock], None, evening) == (clock.due_at, evening)
    assert owed([], hours, evening) == (None, None)
    the_end = datetime(2399, 12, 31, 20, tzinfo=UTC)
    assert owed([clock], hours, the_end) == (clock.due_at, None)
