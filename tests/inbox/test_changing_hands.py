"""A number that is given out again: nothing of one owner reaches the other, whatever comes when."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest

from omnichannel import Inbox, Rules
from omnichannel.channel import Delivery, Source
from omnichannel.errors import Conflict, Unsupported
from omnichannel.identity.codes import find_codes
from omnichannel.model import (
    Address,
    Customer,
    Direction,
    Event,
    Evidence,
    Message,
    Purpose,
    Received,
    Strength,
)
from tests.chat import Chat, FarEnd, delivery
from tests.engines import HandClock
from tests.inbox.test_challenges import Texts
from tests.inbox.test_history import Record

NUMBER = "+31612345678"
PHONE = Address(kind="phone", value=NUMBER)


class Desk:
    """A chat whose platform says which number is whose, and an account of text messages to numbers."""

    def __init__(self, url: str, clock: HandClock) -> None:
        self.clock = clock
        self.far = {"chat": FarEnd(), "other": FarEnd(), "sms": FarEnd()}
        accounts = [
            Chat("chat", self.far["chat"]),
            Chat("other", self.far["other"]),
            Texts("sms", self.far["sms"]),
        ]
        rules = Rules(token_life=timedelta(days=200))
        self.inbox = Inbox(url, accounts, clock=clock, rules=rules)
        self.count = 0

    async def hear(self, text: str, who: str, on: str = "chat", **more: Any) -> Message:
        self.count += 1
        item = {"id": f"m{self.count}", "from": who, "text": text} | more
        await self.inbox.receive(on, delivery(item))
        await self.inbox.work()
        found = [e for e in await self.inbox.events(most=100_000) if e.what == "message.received"]
        return await self.inbox.conversations.message(found[-1].message)

    async def customer(self, who: str) -> Customer:
        found = await self.inbox.customers.find(Address(kind="chat", value=who))
        assert found is not None
        return found

    async def said(self, who: str) -> list[str]:
        return [m.text for m in await self.inbox.customers.timeline((await self.customer(who)).id)]

    async def at_the_number(self) -> Customer:
        found = await self.inbox.customers.find(PHONE)
        assert found is not None
        return found


@pytest.fixture
def desk(desk_url: str, clock: HandClock) -> Iterator[Desk]:
    made = Desk(desk_url, clock)
    yield made
    asyncio.run(made.inbox.close())


async def handed_on(desk: Desk) -> tuple[Message, Message, Message]:
    """Anna had the number, and Ben has it: what each of them said last in the chat, and Anna by text message."""
    chat = await desk.hear("I am Anna", "anna", also=[str(PHONE)])
    text = await desk.hear("where is my money?", NUMBER, "sms")
    desk.clock.advance(days=90)
    ben = await desk.hear("I am Ben", "ben", also=[str(PHONE)])
    desk.clock.advance(minutes=1)
    return chat, text, ben


async def test_no_answer_to_the_old_owner_goes_to_the_new_one(desk: Desk) -> None:
    chat, text, ben = await handed_on(desk)
    for conversation in (chat.conversation, text.conversation):
        with pytest.raises(Unsupported):
            await desk.inbox.conversations.reply(conversation, "your money comes", on="sms")
    await desk.inbox.conversations.reply(ben.conversation, "hello Ben", on="sms")


async def test_words_that_show_a_new_owner_are_the_new_owners(desk: Desk) -> None:
    await desk.hear("I am Anna", "anna", also=[str(PHONE)])
    await desk.hear("where is my money?", NUMBER, "sms")
    desk.clock.advance(days=90)
    ben = await desk.hear("I am Ben", "ben")
    link = await desk.inbox.conversations.continue_on(ben.conversation, "sms")
    desk.clock.advance(minutes=1)
    token = link.partition("ref=")[2]
    over = await desk.hear(f"it is me {token}", NUMBER, "sms")
    assert over.conversation == ben.conversation
    assert await desk.at_the_number() == await desk.customer("ben")
    assert await desk.said("anna") == ["I am Anna", "where is my money?"]
    assert f"it is me {token}" in await desk.said("ben")
    desk.clock.advance(minutes=1)
    assert (await desk.hear("and?", NUMBER, "sms")).conversation == ben.conversation


async def test_a_name_beside_the_proof_of_a_new_owner_is_the_new_owners(desk: Desk) -> None:
    """Or else the number would be shared by two people in the time of its old owner, and part her from her words."""
    await desk.hear("I am Anna", "anna", also=[str(PHONE)])
    await desk.hear("where is my money?", NUMBER, "sms", name="Anna Berg")
    desk.clock.advance(days=90)
    await desk.hear("I am Ben", "ben")
    await desk.hear("this is my number", NUMBER, "sms", name="Pieter Smit", also=["chat::ben"])
    assert await desk.said("anna") == ["I am Anna", "where is my money?"]
    assert await desk.said("ben") == ["I am Ben", "this is my number"]


async def test_a_link_given_to_the_old_owner_joins_nobody_to_the_new_one(desk: Desk) -> None:
    await desk.hear("I am Anna", "anna", also=[str(PHONE)])
    text = await desk.hear("where is my money?", NUMBER, "sms")
    link = await desk.inbox.conversations.continue_on(text.conversation, "other")
    desk.clock.advance(days=90)
    await desk.hear("I am Ben", "ben", also=[str(PHONE)])
    desk.clock.advance(minutes=1)
    over = await desk.hear(f"still me {link.partition('ref=')[2]}", "anna2", "other")
    assert over.conversation == text.conversation
    assert await desk.at_the_number() == await desk.customer("ben")
    assert await desk.customer("anna2") != await desk.customer("ben")
    assert await desk.said("ben") == ["I am Ben"]


async def test_a_link_given_to_the_new_owner_joins_for_good(desk: Desk) -> None:
    await desk.hear("long ago", "ben2", "other")
    _, _, ben = await handed_on(desk)
    text = await desk.hear("me again", NUMBER, "sms")
    link = await desk.inbox.conversations.continue_on(text.conversation, "other")
    await desk.hear(f"over {link.partition('ref=')[2]}", "ben2", "other")
    assert await desk.customer("ben2") == await desk.customer("ben")
    desk.clock.advance(minutes=1)
    await desk.hear("hi", NUMBER, "sms", name="Ben Smit")
    await desk.hear("hi", NUMBER, "sms", name="Ben Smith")
    assert await desk.customer("ben2") == await desk.customer("ben") == await desk.at_the_number()


async def test_a_code_for_a_claimed_number_goes_to_whoever_has_it_now(desk: Desk) -> None:
    await handed_on(desk)
    await desk.hear("call Anna", NUMBER, "sms", name="x")
    await desk.hear(f"I am {NUMBER}", "carl")
    carl = await desk.customer("carl")
    (claim,) = [c for c in await desk.inbox.identity.claims(carl.id) if c.method == "mentioned"]
    asked = await desk.inbox.identity.challenge(claim.id)
    await desk.inbox.work()
    anna = await desk.customer("anna")
    assert all("code" not in t for t in await desk.said("anna"))
    assert any(
        m.id == asked.message for m in await desk.inbox.customers.timeline((await desk.customer("ben")).id)
    )
    assert await desk.inbox.identity.challenges((await desk.customer("ben")).id) == [asked]
    assert await desk.inbox.identity.challenges(anna.id) == []


async def test_the_code_that_shows_a_new_owner_is_the_new_owners(desk: Desk) -> None:
    await desk.hear("I am Anna", "anna", also=[str(PHONE)])
    await desk.hear("where is my money?", NUMBER, "sms")
    desk.clock.advance(days=90)
    await desk.hear(f"I am {NUMBER}", "carl")
    carl = await desk.customer("carl")
    (claim,) = [c for c in await desk.inbox.identity.claims(carl.id) if c.method == "mentioned"]
    await desk.inbox.identity.challenge(claim.id)
    await desk.inbox.work()
    (code,) = find_codes(desk.far["sms"].said[-1]["text"])
    desk.clock.advance(minutes=1)
    await desk.inbox.receive("sms", delivery({"id": "code", "from": NUMBER, "text": code}))
    desk.clock.advance(minutes=1)
    await desk.inbox.work()
    assert await desk.at_the_number() == await desk.customer("carl")
    assert code in await desk.said("carl")
    assert code not in await desk.said("anna")


async def test_a_suggestion_of_the_old_owner_joins_nobody_to_the_new_one(desk: Desk) -> None:
    await desk.hear("I am Anna", "anna", also=[str(PHONE)])
    await desk.hear(f"I am {NUMBER}", "annie")
    desk.clock.advance(days=90)
    await desk.hear("I am Ben", "ben", also=[str(PHONE)])
    desk.clock.advance(minutes=1)
    (found,) = await desk.inbox.identity.suggestions()
    with pytest.raises(Conflict):
        await desk.inbox.identity.accept(found.id, actor="zoe")
    assert await desk.customer("annie") != await desk.customer("ben")


async def test_what_comes_late_is_told_to_its_owner(desk: Desk) -> None:
    await desk.hear("I am Anna", "anna", also=[str(PHONE)])
    desk.clock.advance(days=90)
    late = delivery({"id": "late", "from": "ben", "text": "I am Ben", "also": [str(PHONE)]})
    late = late.model_copy(update={"received_at": desk.clock.now()})
    desk.clock.advance(minutes=1)
    text = await desk.hear("what did you send me?", NUMBER, "sms")
    await desk.inbox.receive("chat", late)
    await desk.inbox.work()
    assert (await desk.said("ben"))[0] == "I am Ben"
    ben, anna = await desk.customer("ben"), await desk.customer("anna")
    assert (await desk.inbox.conversations.get(text.conversation)).customer == ben.id
    more = await desk.hear("Anna on another account", "anna", "other")
    assert more.conversation != text.conversation
    assert anna == await desk.customer("anna")


async def test_a_link_back_from_where_it_was_given_joins_no_two_owners(desk: Desk) -> None:
    await handed_on(desk)
    text = await desk.hear("me again", NUMBER, "sms")
    link = await desk.inbox.conversations.continue_on(text.conversation, "sms")
    desk.clock.advance(minutes=1)
    await desk.hear(f"back {link.partition('ref=')[2]}", NUMBER, "sms")
    assert await desk.customer("anna") != await desk.customer("ben")
    assert "where is my money?" not in await desk.said("ben")


async def test_likeness_to_the_old_owner_is_none_to_the_new_one(desk: Desk) -> None:
    """Not even to assist: nothing that is alike was said by the new owner."""
    said = {
        "name": "Annabella Overkamp",
        "street": "Kerkstraat 12",
        "postcode": "3511 AB",
        "born": "1961-03-07",
    }
    await desk.hear("I am Anna", "anna", also=[str(PHONE)])
    await desk.inbox.identity.observe(PHONE, facts=said)
    desk.clock.advance(days=90)
    await desk.hear("I am Ben", "ben", also=[str(PHONE)])
    desk.clock.advance(minutes=1)
    await desk.inbox.identity.observe(Address(kind="chat", value="annie"), facts=said)
    await desk.inbox.work()
    for purpose in (Purpose.ASSIST, Purpose.ANALYTICS):
        ben = await desk.inbox.customers.find(PHONE, purpose=purpose)
        assert ben is not None
        assert {str(reached.address) for reached in ben.addresses} == {"chat::ben", str(PHONE)}


async def test_what_another_system_knows_is_of_the_owner_that_it_shows(desk: Desk) -> None:
    await desk.hear("I am Anna", "anna", also=[str(PHONE)])
    await desk.inbox.identity.observe(PHONE, facts={"name": "Anna Berg"}, strength=Strength.VERIFIED)
    desk.clock.advance(days=90)
    login = Evidence(address=Address(kind="chat", value="ben"), strength=Strength.VERIFIED, method="login")
    seen = await desk.inbox.identity.observe(
        PHONE, [login], facts={"name": "Ben Smit"}, strength=Strength.VERIFIED
    )
    assert seen == await desk.customer("ben") == await desk.at_the_number()
    assert {str(reached.address) for reached in seen.addresses} == {"chat::ben", str(PHONE)}
    assert {str(reached.address) for reached in (await desk.customer("anna")).addresses} == {
        "chat::anna",
        str(PHONE),
    }


async def test_what_the_new_owner_says_is_told_of_the_new_owner(desk: Desk) -> None:
    await handed_on(desk)
    await desk.hear("I am carl@shop.example", NUMBER, "sms")
    *_, suggested = [e for e in await desk.inbox.events(most=1000) if e.what == "customer.suggested"]
    assert suggested.customer == (await desk.customer("ben")).id
    await desk.inbox.identity.share(PHONE, actor="zoe")
    *_, shared = [e for e in await desk.inbox.events(most=1000) if e.what == "customer.share"]
    assert shared.customer == (await desk.customer("ben")).id


class Recorded(Texts):
    """Text messages with a record; our own words in it come from another desk, which says what it sent."""

    can = Texts.can.model_copy(update={"history": True})
    record: Record

    def histories(self, since: datetime) -> Sequence[Source]:
        return (self.record,)

    def parse(self, delivery: Delivery) -> Iterable[Event]:
        for event in super().parse(delivery):
            ours = isinstance(event, Received) and event.direction is Direction.OUTBOUND
            yield event.model_copy(update={"method": "import"}) if ours else event


async def test_what_was_said_before_is_its_owners_too(desk_url: str, clock: HandClock) -> None:
    """Brought in from the record of a number: what was said to and by each who had it, apart."""
    started = clock.now()

    def item(what: str, days: int, **more: Any) -> dict[str, Any]:
        at = (started + timedelta(days=days)).timestamp()
        return {"id": what, "from": NUMBER, "text": what, "at": at} | more

    old = Recorded("old")
    old.record = Record(
        [
            [
                item("to Ben", 92, to=NUMBER),
                item("Ben's words", 91),
            ],  # the newest first, as platforms give them
            [item("to Anna", 2, to=NUMBER), item("Anna's words", 1)],
        ]
    )
    async with Inbox(desk_url, [Chat("chat"), old], clock=clock) as inbox:
        for who in ("anna", "ben"):
            await inbox.receive(
                "chat", delivery({"id": who, "from": who, "text": "hi", "also": [str(PHONE)]})
            )
            await inbox.work()
            clock.advance(days=90)
        await inbox.import_history("old", started)
        told = {}
        for who in ("anna", "ben"):
            found = await inbox.customers.find(Address(kind="chat", value=who))
            assert found is not None
            told[who] = [
                message for message in await inbox.customers.timeline(found.id) if message.text != "hi"
            ]
    assert {who: [message.text for message in several] for who, several in told.items()} == {
        "anna": ["Anna's words", "to Anna"],
        "ben": ["Ben's words", "to Ben"],
    }
    where = {who: {message.conversation for message in several} for who, several in told.items()}
    assert where["anna"].isdisjoint(where["ben"])
