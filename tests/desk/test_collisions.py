"""Two who answer at once: whoever says what they saw sends nothing past the other, nor past the customer."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from omnichannel.desk import Answer
from omnichannel.errors import Conflict, NotFound
from tests.desk.room import PLAN, Room


async def seen_by_all(room: Room) -> tuple[str, str]:
    """A conversation, and the last message that everybody saw."""
    await room.hire("Ann", "Ben")
    conversation = await room.hears("rosa")
    return conversation, (await room.messages("rosa"))[-1].id


async def reply(room: Room, conversation: str, agent: str, seen: str, **more: Any) -> str:
    said = await room.inbox.conversations.reply(
        conversation, f"So says {agent}", agent=agent, seen=seen, **more
    )
    return said.id


async def test_a_second_answer_to_the_same_is_not_sent(room: Room) -> None:
    conversation, seen = await seen_by_all(room)
    first = await reply(room, conversation, "Ann", seen)
    with pytest.raises(Conflict, match=rf"Ann answered \({first}\); look at it, and say seen='{first}'"):
        await reply(room, conversation, "Ben", seen)
    assert [one.text for one in await room.messages("rosa")][1:] == ["So says Ann"]
    await reply(room, conversation, "Ben", first)


async def test_nor_is_one_that_the_customer_wrote_behind(room: Room) -> None:
    conversation, seen = await seen_by_all(room)
    await room.hears("rosa", "Never mind, I found it!")
    last = (await room.messages("rosa"))[-1].id
    with pytest.raises(Conflict, match=rf"the customer wrote \({last}\)"):
        await reply(room, conversation, "Ben", seen)


async def test_what_they_said_themselves_and_notes_are_no_news(room: Room) -> None:
    conversation, seen = await seen_by_all(room)
    await reply(room, conversation, "Ann", seen)
    await room.inbox.conversations.note(conversation, "She called, too", agent="Ben")
    await reply(room, conversation, "Ann", seen)


async def test_who_does_not_say_who_they_are_is_told_of_everything(room: Room) -> None:
    conversation, seen = await seen_by_all(room)
    await reply(room, conversation, "", seen)
    with pytest.raises(Conflict, match="one of ours answered"):
        await reply(room, conversation, "", seen)


async def test_of_two_at_the_same_moment_one_is_sent(room: Room) -> None:
    conversation, seen = await seen_by_all(room)
    both = (reply(room, conversation, agent, seen) for agent in ("Ann", "Ben"))
    ends = await asyncio.gather(*both, return_exceptions=True)
    assert [isinstance(end, Conflict) for end in ends].count(True) == 1
    assert len(await room.messages("rosa")) == 2


async def test_the_same_order_once_more_is_the_same_message(room: Room) -> None:
    conversation, seen = await seen_by_all(room)
    first = await reply(room, conversation, "Ann", seen, idempotency_key="k")
    await room.hears("rosa", "Thank you!")
    assert await reply(room, conversation, "Ann", seen, idempotency_key="k") == first


async def test_what_was_seen_has_to_be_there(room: Room) -> None:
    conversation, _ = await seen_by_all(room)
    with pytest.raises(NotFound):
        await reply(room, conversation, "Ann", conversation)
    await room.hears("rosa", "And my other order?")
    seen = (await room.messages("rosa"))[-1].id
    await room.inbox.conversations.split(seen)
    with pytest.raises(Conflict, match="not in this conversation any more"):
        await reply(room, conversation, "Ann", seen)


async def test_a_standard_answer_is_held_back_alike(room: Room) -> None:
    room.inbox.plan = PLAN.model_copy(update={"answers": (Answer(name="soon", texts={"en": ("Soon.",)}),)})
    conversation, seen = await seen_by_all(room)
    await reply(room, conversation, "Ann", seen)
    with pytest.raises(Conflict, match="Ann answered"):
        await room.inbox.desk.answers.say(conversation, "soon", "Ben", languages=["en"], seen=seen)
    assert await room.inbox.desk.answers.uses() == []


async def test_who_writes_is_told_once_that_another_one_begins_to(room: Room) -> None:
    conversation, _ = await seen_by_all(room)
    desk = room.inbox.desk

    async def told() -> list[tuple[str, str]]:
        happened = await room.inbox.events()
        return [(one.actor, one.detail["agent"]) for one in happened if one.what == "case.writing"]

    await desk.writing(conversation, "Ann")
    await desk.writing(conversation, "Ann")
    assert await told() == []
    for _ in range(3):
        await desk.writing(conversation, "Ben")
        await desk.writing(conversation, "Ann")
    assert await told() == [("Ben", "Ann")]
    room.clock.advance(minutes=5)
    await desk.writing(conversation, "Ann", life=timedelta(minutes=9))
    room.clock.advance(minutes=5)
    await desk.writing(conversation, "Ben")
    assert await told() == [("Ben", "Ann"), ("Ben", "Ann")]
