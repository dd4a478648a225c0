"""How customers take standard answers: thanks, the same question again, or neither; and what is learnt of that."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from omnichannel.desk.answers import reacted
from omnichannel.model.desk import Reaction, Reading
from omnichannel.model.desk.reading import Intent, Likely
from tests.desk.helpful import helpful
from tests.desk.room import Room

QUESTION = "Where is my money? I returned the lamp two weeks ago."


def reading(*intents: Intent) -> Reading:
    return Reading(intents=tuple(Likely(intent=one, probability=0.9) for one in intents))


@pytest.mark.parametrize(
    ("said", "read", "reaction"),
    [
        ("thanks!", reading(), "thanked"),
        ("Dank u wel, fijn", reading(), "thanked"),
        ("You are great", reading(Intent.COMPLIMENT), "thanked"),
        ("where is my money", reading(), "asked_again"),
        ("Thanks, but where is my money? I returned the lamp weeks ago", reading(), "asked_again"),
        ("Thanks, but this is a joke", reading(Intent.COMPLAINT), ""),
        ("Thanks. Can I also have an invoice?", reading(Intent.QUESTION), ""),
        ("ok", reading(), ""),
        ("", reading(), ""),
        ("money?", reading(Intent.QUESTION), ""),
    ],
)
def test_what_they_write_next_tells_how_they_took_it_or_nothing(
    said: str, read: Reading, reaction: Reaction
) -> None:
    told, because = reacted(QUESTION, said, read)
    assert told == reaction
    assert because
    assert not {"money", "lamp"} & set(" ".join(because).split())


@pytest.fixture
def room(rooms: Callable[..., Room]) -> Room:
    return rooms(helpful())


async def answered(room: Room) -> str:
    await room.hire("Ann")
    conversation = await room.hears("rosa", QUESTION)
    await room.inbox.desk.answers.say(conversation, "refund", "Ann")
    await room.inbox.work()
    room.clock.advance(minutes=5)
    return conversation


async def reaction(room: Room, conversation: str) -> tuple[str, tuple[str, ...]]:
    [use] = await room.inbox.desk.answers.uses(conversation)
    return use.reaction, use.because


async def test_thanks_are_counted_once_and_told(room: Room) -> None:
    conversation = await answered(room)
    assert await reaction(room, conversation) == ("", ())
    await room.hears("rosa", "thanks a lot")
    await room.hears("rosa", QUESTION)
    assert await reaction(room, conversation) == (
        "thanked",
        ("they wrote a word of thanks, and asked for nothing",),
    )
    told = [one for one in await room.inbox.events() if one.what.startswith("answer.")]
    assert [one.what for one in told] == ["answer.said", "answer.thanked"]
    assert told[0].detail["use"] == told[1].detail["use"]
    [all_of_it, _] = await room.inbox.desk.answers.tally()
    assert (all_of_it.thanked, all_of_it.helped) == (1, 1.0)


async def test_the_same_question_again_says_that_it_did_not_help(room: Room) -> None:
    conversation = await answered(room)
    await room.hears("rosa", "So where is my money?")
    assert (await reaction(room, conversation))[0] == "asked_again"
    worth = [one.asked.worth for one in await room.inbox.run_job(room.inbox.learned.news) if one.asked]
    assert worth == [0.4]


async def test_what_does_not_tell_is_final_and_counts_as_neither(room: Room) -> None:
    conversation = await answered(room)
    await room.hears("rosa", "hm")
    await room.hears("rosa", "thanks")
    assert await reaction(room, conversation) == ("", ("what they wrote next does not tell",))


async def test_what_a_machine_or_somebody_else_writes_is_no_reaction(room: Room) -> None:
    conversation = await answered(room)
    await room.hears("rosa", "thanks, I am away", automatic="auto_replied")
    await room.hears("ben", "thanks")
    assert (await reaction(room, conversation))[1] == ()
