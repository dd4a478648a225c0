"""What programs say to one address is counted; people are not, and nothing is lost by it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from omnichannel import Incoming, Rules
from omnichannel.errors import Unsupported
from tests.inbox.desk import Desk


def answering(desk: Desk) -> None:
    @desk.inbox.on_message
    async def answer(incoming: Incoming) -> None:
        await incoming.reply(f"re {incoming.message.text}")


async def test_what_is_beyond_the_count_waits_for_a_person(desk: Desk) -> None:
    answering(desk)
    for number in range(7):
        await desk.heard(str(number), who="a@b.example", on="letter")
    for _ in range(6):
        desk.clock.advance(minutes=15)
        await desk.inbox.work()
    assert desk.said("letter") == [f"re {number}" for number in range(5)]
    parked = await desk.inbox.parked()
    assert len(parked) == 2
    assert all("5 automatic answers within a day" in one.reason for one in parked)


async def test_a_person_may_answer_all_the_same_and_the_day_ends(desk: Desk) -> None:
    message = await desk.heard("hello", who="a@b.example", on="letter")
    box = desk.inbox.conversations
    for number in range(5):
        await box.reply(message.conversation, str(number), automatic=True)
    with pytest.raises(Unsupported, match="let a person answer"):
        await box.reply(message.conversation, "once more", automatic=True)
    await box.reply(message.conversation, "I am a person")
    desk.clock.advance(days=1, seconds=1)
    await box.reply(message.conversation, "good morning", automatic=True)


async def test_each_address_has_a_count_of_its_own_and_chats_a_larger_one(desk: Desk) -> None:
    answering(desk)
    for number in range(8):
        await desk.heard(str(number), who="anna")
        await desk.heard(str(number), who=f"p{number}@b.example", on="letter")
    assert (len(desk.said()), len(desk.said("letter"))) == (8, 8)
    assert Rules().automatic_chats == 100


async def test_two_bots_in_a_chat_stop_and_a_person_is_told(
    desk_url: str, desks: Callable[..., Desk]
) -> None:
    """Nothing in a chat says that a machine wrote: what it answers to every answer is found by counting."""
    desk = desks(desk_url, rules=Rules(automatic_chats=4, handle_attempts=1))
    answering(desk)
    for number in range(7):
        await desk.heard(str(number), who="bot")
        await desk.heard(str(number), who=f"p{number}")
    assert len(desk.said()) == 4 + 7
    parked = await desk.inbox.parked()
    assert len(parked) == 3
    assert all("raise Rules.automatic_chats" in one.reason for one in parked)


async def test_people_in_a_chat_are_not_counted_and_the_day_ends(
    desk_url: str, desks: Callable[..., Desk]
) -> None:
    desk = desks(desk_url, rules=Rules(automatic_chats=2))
    box, message = desk.inbox.conversations, await desk.heard("hello")
    for number in range(5):
        await box.reply(message.conversation, f"person {number}")
    for number in range(2):
        await box.reply(message.conversation, str(number), automatic=True)
    with pytest.raises(Unsupported, match="let a person answer"):
        await box.reply(message.conversation, "once more", automatic=True)
    await box.reply(message.conversation, "I am a person")
    desk.clock.advance(days=1, seconds=1)
    for number in range(2):
        await box.reply(message.conversation, f"next day {number}", automatic=True)
    with pytest.raises(Unsupported):
        await box.reply(message.conversation, "once more", automatic=True)


async def test_several_answers_in_a_chat_are_counted_before_any_is_sent(
    desk_url: str, desks: Callable[..., Desk]
) -> None:
    desk = desks(desk_url, rules=Rules(automatic_chats=3))

    @desk.inbox.on_message
    async def answer(incoming: Incoming) -> None:
        for number in range(4):
            await incoming.reply(str(number), idempotency_key=str(number))

    await desk.heard("hello")
    assert desk.said() == []


async def test_no_number_is_no_limit(desk_url: str, desks: Callable[..., Desk]) -> None:
    desk = desks(desk_url, rules=Rules(automatic_chats=0))
    answering(desk)
    for number in range(3):
        await desk.heard(str(number))
    assert len(desk.said()) == 3
    assert desk.state()["paced"] == []


async def test_several_answers_of_one_handler_are_counted_before_any_is_sent(desk: Desk) -> None:
    @desk.inbox.on_message
    async def answer(incoming: Incoming) -> None:
        for number in range(9):
            await incoming.reply(str(number))

    await desk.heard("hello", who="a@b.example", on="letter")
    assert desk.said("letter") == []


async def test_the_number_is_a_rule(desk_url: str, desks: Callable[..., Desk]) -> None:
    desk = desks(desk_url, rules=Rules(automatic_mails=1))
    answering(desk)
    for number in range(3):
        await desk.heard(str(number), who="a@b.example", on="letter")
    assert desk.said("letter") == ["re 0"]


async def test_an_erasure_forgets_the_count(desk: Desk) -> None:
    answering(desk)
    await desk.heard("hello", who="a@b.example", on="letter")
    await desk.heard("hello")
    assert len(desk.state()["tries"]) == len(desk.state()["paced"]) == 1
    for who, where in (("a@b.example", "letter"), ("anna", "chat")):
        found = await desk.customer(who, where)
        await desk.inbox.identity.erase(found.id, actor="zoe")
    assert desk.state()["tries"] == desk.state()["paced"] == []


async def test_answers_are_no_wrong_codes(desk: Desk) -> None:
    """They are counted in one table."""
    from omnichannel.store import tokens

    answering(desk)
    await desk.heard("hello", who="a@b.example", on="letter")
    assert await desk.inbox.run_job(lambda tx: tokens.tried(tx, 0)) == 0
