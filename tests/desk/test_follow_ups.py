"""Coming back to a conversation by ourselves: whatever the customer writes, told once, at its time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from omnichannel.desk import FollowUp, Plan, Team, Which
from omnichannel.errors import NotFound, UsageError
from omnichannel.model.desk import View
from tests.desk.room import Room

PLAN = Plan(teams=(Team(name="service"),), default_team="service", targets=(), give_out=False)
HOUR = timedelta(hours=1)


async def lived(rooms: Callable[..., Room]) -> tuple[Room, str, datetime]:
    """A conversation that Ann has and answered, to be followed up in an hour."""
    room = rooms(PLAN)
    await room.hire("Ann", "Ben")
    conversation = await room.hears("rosa")
    await room.inbox.desk.assign(conversation, "Ann")
    await room.says(conversation, "Ann", "I will ask the carrier.")
    at = room.clock.now() + HOUR
    await room.inbox.desk.follow_up(conversation, at, note="call the carrier", actor="Ann")
    return room, conversation, at


async def told(room: Room) -> list[dict[str, str]]:
    return [dict(one.detail) for one in await room.inbox.events() if one.what == "case.follow_up_due"]


async def forward(room: Room, length: timedelta) -> None:
    room.clock.advance(seconds=length.total_seconds())
    await room.inbox.work()


async def test_it_is_told_once_at_its_time_and_done_when_somebody_says_so(rooms: Callable[..., Room]) -> None:
    room, conversation, at = await lived(rooms)
    desk = room.inbox.desk
    assert (await room.case(conversation)).follow_up == FollowUp(at=at, note="call the carrier")
    await forward(room, HOUR - timedelta(minutes=1))
    assert await told(room) == []
    await forward(room, timedelta(minutes=1))
    await forward(room, HOUR)
    assert await told(room) == [{"agent": "Ann"}]
    assert (await room.case(conversation)).follow_up_told_at == at
    assert [one.conversation.id for one in await desk.due("Ann")] == [conversation]
    await desk.followed_up(conversation, actor="Ann")
    case = await room.case(conversation)
    assert (case.follow_up, case.follow_up_told_at) == (None, None)
    assert await desk.due("Ann") == []


async def test_what_the_customer_writes_leaves_it_alone(rooms: Callable[..., Room]) -> None:
    room, conversation, at = await lived(rooms)
    await room.hears("rosa", "Any news?")
    await room.says(conversation, "Ann")
    case = await room.case(conversation)
    assert case.follow_up is not None
    assert case.follow_up.at == at
    await forward(room, HOUR)
    assert len(await told(room)) == 1


async def test_what_is_closed_is_shown_again_to_whoever_had_it(rooms: Callable[..., Room]) -> None:
    room, conversation, _ = await lived(rooms)
    await room.inbox.desk.close(conversation, actor="Ann")
    assert [one.conversation.id for one in await room.inbox.desk.due("Ann")] == [conversation]
    await forward(room, HOUR)
    case = await room.case(conversation)
    assert (case.open, case.assignee) == (True, "Ann")
    decision = (await room.inbox.desk.decisions(conversation))[-1]
    assert (decision.what, decision.actor) == ("reopened", "desk")
    assert decision.because == ("it is to be followed up now",)


async def test_what_is_snoozed_is_woken_and_given_to_whoever_is_to_do_it(rooms: Callable[..., Room]) -> None:
    room, conversation, at = await lived(rooms)
    desk = room.inbox.desk
    await desk.follow_up(conversation, at, agent="Ben")
    await desk.snooze(conversation, at + HOUR, actor="Ann")
    assert [one.conversation.id for one in await desk.due("Ben")] == [conversation]
    await forward(room, HOUR)
    case = await room.case(conversation)
    assert (case.snoozed_until, case.assignee) == (None, "Ben")
    assert await told(room) == [{"agent": "Ben"}]


async def test_who_was_let_go_follows_nothing_up(rooms: Callable[..., Room]) -> None:
    room, conversation, at = await lived(rooms)
    await room.inbox.desk.follow_up(conversation, at, agent="Ben")
    await room.inbox.desk.agents.let_go("Ben")
    await forward(room, HOUR)
    assert (await room.case(conversation)).assignee == "Ann"


async def test_spam_is_not_followed_up(rooms: Callable[..., Room]) -> None:
    room, conversation, _ = await lived(rooms)
    await room.inbox.desk.spam(conversation)
    await forward(room, HOUR)
    assert await told(room) == []
    assert not (await room.case(conversation)).open
    assert await room.inbox.desk.due() == []


async def test_it_is_undone_like_every_decision(rooms: Callable[..., Room]) -> None:
    room, conversation, at = await lived(rooms)
    desk = room.inbox.desk
    set_up = (await desk.decisions(conversation))[-1]
    assert (set_up.what, set_up.actor) == ("follow_up_set", "Ann")
    await desk.followed_up(conversation)
    done = (await desk.decisions(conversation))[-1]
    await desk.undo(done.id)
    case = await room.case(conversation)
    assert case.follow_up is not None
    assert case.follow_up.at == at
    await desk.undo(set_up.id)
    assert (await room.case(conversation)).follow_up is None
    await forward(room, HOUR)
    assert await told(room) == []


async def test_it_stays_where_everything_is_folded_anew(rooms: Callable[..., Room]) -> None:
    room, conversation, at = await lived(rooms)
    message = (await room.messages("rosa"))[0]
    other = await room.hears("rosa", "On paper", on="letter")
    assert other != conversation
    await room.inbox.conversations.move(message.id, other)
    await room.inbox.work()
    case = await room.case(conversation)
    assert case.follow_up is not None
    assert case.follow_up.at == at


async def test_what_cannot_be_is_refused(rooms: Callable[..., Room]) -> None:
    room, conversation, at = await lived(rooms)
    desk = room.inbox.desk
    with pytest.raises(UsageError, match="is over"):
        await desk.follow_up(conversation, room.clock.now())
    with pytest.raises(UsageError, match="give the moment a zone"):
        await desk.follow_up(conversation, at.replace(tzinfo=None))
    with pytest.raises(UsageError, match="2000 at most"):
        await desk.follow_up(conversation, at, note="x" * 2001)
    with pytest.raises(NotFound, match="nobody called 'Nobody'"):
        await desk.follow_up(conversation, at, agent="Nobody")


async def test_whoever_follows_is_named_and_sees_it_in_a_view(rooms: Callable[..., Room]) -> None:
    room, conversation, _ = await lived(rooms)
    desk = room.inbox.desk
    view = View(name="followed", which=Which(followed=True))
    await desk.follow(conversation, "Ben")
    await desk.follow(conversation, "Ann")
    await desk.tag(conversation, "late")
    tagged = [one for one in await room.inbox.events() if one.what == "case.tagged"]
    assert [one.detail["followers"] for one in tagged] == ["Ann, Ben"]
    found = await desk.views.page(view, agent="Ben")
    assert [one.conversation.id for one in found.cases] == [conversation]
    await desk.unfollow(conversation, "Ben")
    assert (await desk.views.page(view, agent="Ben")).cases == ()
