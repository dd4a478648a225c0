"""A customer in a few lines: nothing in it is made up, and nothing unproven is disclosed."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta

import pytest

from omnichannel import Address
from omnichannel.desk.listening import DUTCH, ENGLISH, promises
from omnichannel.model import Evidence, Purpose, Strength
from omnichannel.model.desk import Briefing
from tests.desk.room import Room

BOTH = (ENGLISH, DUTCH)
MONDAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("We will call you tomorrow.", date(2026, 3, 3)),
        ("I'll send it on Thursday at the latest.", date(2026, 3, 5)),
        ("It will be there on Monday.", date(2026, 3, 9)),
        ("You will receive it within 5 days.", date(2026, 3, 7)),
        ("It will arrive on 14 April.", date(2026, 4, 14)),
        ("It will arrive on January 5.", date(2027, 1, 5)),
        ("We'll refund it by 2026-03-31.", date(2026, 3, 31)),
        ("Ik bel u morgen terug.", date(2026, 3, 3)),
        ("Uw bank komt vrijdag.", date(2026, 3, 6)),
        ("U ontvangt het binnen 2 weken.", date(2026, 3, 16)),
        ("De monteur komt 3 april.", date(2026, 4, 3)),
    ],
)
def test_a_promise_and_its_day(text: str, due: date) -> None:
    [found] = promises(text, MONDAY, BOTH)
    assert (found.text, found.due) == (text, due)


@pytest.mark.parametrize(
    "text",
    [
        "We will look into it.", "Will it suit you tomorrow?", "It was delivered on Thursday.", "It will arrive on 31 February.",
        "I'll send 2026-13-45.", "",
    ],
)  # fmt: skip
def test_without_a_day_nothing_is_promised(text: str) -> None:
    assert list(promises(text, MONDAY, BOTH)) == []


async def talked(room: Room) -> str:
    """Rosa asks two things, is promised something, and is not pleased; her customer's id."""
    await room.hire("Ann")
    conversation = await room.hears(
        "rosa", "Where is the chair that I ordered? What does the lamp cost?", name="Rosa"
    )
    await room.says(conversation, "Ann", "The chair was ordered on Monday. It will be with you on Thursday.")
    await room.hears("rosa", "This is a disgrace, I am very angry, terrible service!")
    customer = await room.inbox.customers.find(Address(kind="chat", value="rosa"))
    assert customer is not None
    return customer.id


async def test_each_line_names_its_message(room: Room) -> None:
    who = await talked(room)
    found = await room.inbox.desk.briefing(who)
    said = {one.id: one.text for one in await room.messages("rosa")}
    assert (found.name, found.kinds, found.conversations, found.open_conversations) == (
        "Rosa",
        ("chat",),
        1,
        1,
    )
    assert [one.text for one in found.questions] == ["What does the lamp cost?"]
    [promise] = found.promises
    assert (promise.text, promise.by, promise.due) == (
        "It will be with you on Thursday.",
        "Ann",
        date(2026, 3, 5),
    )
    assert promise.text in said[promise.message]
    assert found.last_heard
    assert found.last_answer
    assert said[found.last_heard.message] == found.last_heard.text
    assert found.last_answer.by == "Ann"
    assert found.tone
    assert found.tone.value < 0
    assert set(found.tone.messages) <= set(said)


async def test_a_promise_that_is_over_goes_with_its_conversation(room: Room) -> None:
    who = await talked(room)
    [message] = [one for one in await room.messages("rosa") if one.agent]
    await room.inbox.desk.close(message.conversation)
    assert len((await room.inbox.desk.briefing(who)).promises) == 1, "its day is still to come"
    room.clock.advance(days=4)
    assert (await room.inbox.desk.briefing(who)).promises == ()


async def test_in_words_in_two_languages(room: Room) -> None:
    who = await talked(room)
    english = (await room.inbox.desk.summary(who)).splitlines()
    assert english[0] == "Rosa, on chat, since 2026-03-02; 1 of 1 conversations open."
    assert english[1] == "Open since 2026-03-02: “What does the lamp cost?”"
    assert english[2] == "Ann promised, by 2026-03-05: “It will be with you on Thursday.”"
    assert english[-1] == "Sounds displeased."
    assert "Klinkt ontevreden." in await room.inbox.desk.summary(who, "nl-NL")


async def test_whoever_asks_two_plain_questions_is_not_displeased(room: Room) -> None:
    await room.hears("rosa", "Where is the chair that I ordered? And what does the lamp cost?")
    customer = await room.inbox.customers.find(Address(kind="chat", value="rosa"))
    assert customer is not None
    assert (await room.inbox.desk.summary(customer.id)).splitlines()[-1] == "Sounds matter-of-fact."


async def test_a_summariser_of_ones_own_with_ours_to_fall_back_on(room: Room) -> None:
    who = await talked(room)
    ours = await room.inbox.desk.summary(who)

    async def own(briefing: Briefing, language: str) -> str:
        return f"{briefing.name} in {language}"

    async def silent(_briefing: Briefing, _language: str) -> str:
        return " "

    async def broken(_briefing: Briefing, _language: str) -> str:
        raise RuntimeError("no model today")

    async def slow(_briefing: Briefing, _language: str) -> str:
        await asyncio.Event().wait()
        return "never"

    desk = room.inbox.desk
    assert await desk.summary(who, "fr", summariser=own) == "Rosa in fr"
    assert await desk.summary(who, summariser=silent) == ours
    assert await desk.summary(who, summariser=broken) == ours
    assert await desk.summary(who, summariser=slow, patience=timedelta(milliseconds=1)) == ours


async def test_what_is_not_proven_is_not_disclosed(room: Room) -> None:
    rosa, rosy = Address(kind="chat", value="rosa"), Address(kind="chat", value="rosy")
    theirs = "Can I have the discount of last year?"
    await room.hears("rosy", theirs)
    await room.hears("rosa", "Where is the chair that I ordered?")
    claimed = Evidence(address=rosy, strength=Strength.ASSERTED, method="text")
    customer = await room.inbox.identity.observe(rosa, [claimed])
    disclosed = await room.inbox.desk.briefing(customer.id)
    assert ([one.text for one in disclosed.questions], disclosed.unproven) == (
        ["Where is the chair that I ordered?"], False,
    )  # fmt: skip
    assisting = await room.inbox.desk.briefing(customer.id, purpose=Purpose.ASSIST)
    assert theirs in [one.text for one in assisting.questions]
    assert assisting.unproven
    assert "unproven" in await room.inbox.desk.summary(customer.id, purpose=Purpose.ASSIST)
