"""Frozen is kept and not used; who objects is linked by proof and words alone. Both are decisions that can be undone."""

from __future__ import annotations

import pytest

from omnichannel.channel import Response
from omnichannel.errors import Conflict, NotFound
from omnichannel.model import Address, Evidence, Purpose, Strength
from tests.chat import delivery
from tests.engines import HandClock
from tests.inbox.desk import BUSY, NOT_SENT, Desk, at

BOX = Address(kind="email", value="anna@home.example")


async def frozen(desk: Desk, who: str = "anna") -> str:
    customer = await desk.customer(who)
    await desk.inbox.identity.freeze(customer.id, actor="zoe", because="ticket 17")
    return customer.id


async def test_it_stands_in_no_list_and_is_found_by_id(desk: Desk) -> None:
    hers = await desk.heard("hello")
    his = await desk.heard("hi", who="ben")
    who = await frozen(desk)
    box = desk.inbox.conversations
    assert [one.id for one in await box.open()] == [his.conversation]
    assert [one.id for one in await box.open(frozen=True)] == [hers.conversation]
    await box.close(hers.conversation)
    assert await box.closed() == []
    assert [one.id for one in await box.closed(frozen=True)] == [hers.conversation]
    assert (await box.get(hers.conversation)).customer == who
    assert (await desk.inbox.customers.get(who)).frozen_at == desk.clock.now()
    assert (await desk.customer("ben")).frozen_at is None


async def test_nothing_is_sent_and_the_error_names_the_cure(desk: Desk) -> None:
    message = await desk.heard("hello")
    who = await frozen(desk)
    with pytest.raises(Conflict, match=f"unfreeze\\('{who}'"):
        await desk.inbox.conversations.reply(message.conversation, "hi")
    with pytest.raises(Conflict, match="unfreeze"):
        await desk.inbox.conversations.signal(message.conversation)
    await desk.inbox.identity.unfreeze(who, actor="zoe")
    await desk.inbox.conversations.reply(message.conversation, "hi")
    await desk.inbox.work()
    assert desk.said() == ["hi"]


async def test_what_waits_to_be_sent_is_not(desk: Desk) -> None:
    """Weeks later it would say what nobody means any more: a person can say it again."""
    message = await desk.heard("hello")
    answer = await desk.inbox.conversations.reply(message.conversation, "one|two")
    who = await frozen(desk)
    await desk.inbox.work()
    await desk.inbox.identity.unfreeze(who, actor="zoe")
    await desk.inbox.work()
    assert desk.said() == []
    assert await desk.status(answer) == ["cancelled", "cancelled"]
    assert [event.message for event in await desk.happened("message.failed")] == [answer.id]


@pytest.mark.parametrize("answer", [NOT_SENT, BUSY])
async def test_what_is_being_sent_and_has_to_be_sent_again_is_not(desk: Desk, answer: Response) -> None:
    """It was under way when they were frozen, and the platform did not take it."""
    message = await desk.heard("hello")
    reply = await desk.inbox.conversations.reply(message.conversation, "an answer")
    (leased,) = await desk.inbox.lease_calls(1)
    await frozen(desk)
    desk.far["chat"].answers.append(answer)
    await desk.inbox.make_call(leased)
    desk.clock.advance(hours=1)
    await desk.inbox.work()
    assert desk.said() == []
    assert await desk.status(reply) == ["cancelled"]
    assert [event.message for event in await desk.happened("message.failed")] == [reply.id]


async def test_no_handler_sees_what_they_write_until_they_are_frozen_no_more(handling: Desk) -> None:
    """Nothing of it is lost, and others go on meanwhile."""
    desk = handling
    await desk.heard("before")
    who = await frozen(desk)
    await desk.heard("meanwhile")
    await desk.heard("his", who="ben")
    assert [incoming.message.text for incoming in desk.handled] == ["before", "his"]
    await desk.inbox.identity.unfreeze(who, actor="zoe")
    await desk.inbox.work()
    assert [incoming.message.text for incoming in desk.handled] == ["before", "his", "meanwhile"]


async def test_what_waited_for_handlers_when_they_were_frozen_waits_on(handling: Desk) -> None:
    desk = handling
    await desk.inbox.receive("chat", delivery({"id": "1", "from": "anna", "text": "hello"}))
    await desk.inbox.read()
    who = await frozen(desk)
    await desk.inbox.work()
    assert desk.handled == []
    await desk.inbox.identity.unfreeze(who, actor="zoe")
    await desk.inbox.work()
    assert len(desk.handled) == 1


async def test_whoever_becomes_one_with_the_frozen_is_frozen_and_parted_again_is_not(handling: Desk) -> None:
    """It is the customer who is frozen; and what a merge brought, its undoing takes away."""
    desk = handling
    await desk.heard("a", who="anna")
    await desk.heard("b", who="ben")
    await frozen(desk)
    await desk.inbox.identity.merge(at("anna"), at("ben"), actor="zoe")
    await desk.heard("c", who="ben")
    assert [incoming.message.text for incoming in desk.handled] == ["a", "b"]
    await desk.inbox.identity.unmerge(at("anna"), at("ben"), actor="zoe")
    assert (await desk.customer("ben")).frozen_at is None
    assert (await desk.customer("anna")).frozen_at is not None
    await desk.inbox.work()
    assert [incoming.message.text for incoming in desk.handled] == ["a", "b", "c"]


@pytest.mark.parametrize("pair", [("anna", "ben"), ("ben", "anna")])
async def test_what_waits_to_be_sent_to_whoever_becomes_one_with_the_frozen_is_not(
    desk: Desk, pair: tuple[str, str]
) -> None:
    """Whichever of the two was met first."""
    await desk.heard("a", who=pair[0])
    await desk.heard("b", who=pair[1])
    asked = await desk.heard("c", who="ben")
    answer = await desk.inbox.conversations.reply(asked.conversation, "one|two")
    await frozen(desk)
    await desk.inbox.identity.merge(at("anna"), at("ben"), actor="zoe")
    await desk.inbox.work()
    assert desk.said() == []
    assert await desk.status(answer) == ["cancelled", "cancelled"]
    assert [event.message for event in await desk.happened("message.failed")] == [answer.id]


async def test_the_decision_can_be_undone_like_any_other(desk: Desk) -> None:
    await desk.heard("hello")
    who = (await desk.customer("anna")).id
    ids = await desk.inbox.identity.freeze(who, actor="zoe")
    await desk.inbox.identity.undo(ids, actor="zoe")
    assert (await desk.inbox.customers.get(who)).frozen_at is None
    with pytest.raises(Conflict, match="nothing to take back"):
        await desk.inbox.identity.unfreeze(who, actor="zoe")


async def test_it_is_told_and_stands_in_the_journal(desk: Desk) -> None:
    await desk.heard("hello")
    who = await frozen(desk)
    await desk.inbox.identity.unfreeze(who, actor="max")
    (froze,), (thawed,) = await desk.happened("customer.frozen"), await desk.happened("customer.unfrozen")
    assert (froze.customer, froze.actor, froze.detail) == (who, "zoe", {"because": "ticket 17"})
    assert (thawed.customer, thawed.actor) == (who, "max")
    (claim,) = [claim for claim in await desk.inbox.identity.claims(who) if claim.method == "freeze"]
    assert (claim.source, claim.because, claim.revoked) == ("zoe", "ticket 17", True)


async def test_no_suggestion_is_made_of_the_frozen(desk: Desk) -> None:
    await desk.inbox.identity.observe(BOX, strength=Strength.VERIFIED)
    await desk.heard("I am anna@home.example", who="anna")
    assert len(await desk.inbox.identity.suggestions()) == 1
    who = await frozen(desk)
    assert await desk.inbox.identity.suggestions() == []
    await desk.inbox.identity.unfreeze(who, actor="zoe")
    assert len(await desk.inbox.identity.suggestions()) == 1


async def test_freezing_the_one_owner_of_an_address_freezes_no_other(desk: Desk, clock: HandClock) -> None:
    """Also of one whose time is over: what is said of them is said of their time."""
    phone = "phone::+31687654321"
    await desk.heard("first", who="anna", also=[phone])
    clock.advance(days=90)
    await desk.heard("second", who="ben", also=[phone])
    who = await frozen(desk)
    assert (await desk.customer("anna")).frozen_at is not None
    assert (await desk.customer("ben")).frozen_at is None
    await desk.inbox.identity.unfreeze(who, actor="zoe")
    assert (await desk.customer("anna")).frozen_at is None


async def test_nobody_is_frozen_who_is_not_there(desk: Desk) -> None:
    with pytest.raises(NotFound):
        await desk.inbox.identity.freeze("019cadc6-9a80-7004-804a-92d9488cd192", actor="zoe")


# --------------------------------------------------------------------------------------------------- objecting


async def test_who_objects_is_linked_by_no_likeness(desk: Desk) -> None:
    alike = Evidence(address=BOX, strength=Strength.INFERRED, method="signature")
    await desk.heard("hello", who="anna")
    await desk.inbox.identity.observe(at("anna"), [alike], strength=Strength.VERIFIED)
    assisting = await desk.inbox.customers.find(at("anna"), purpose=Purpose.ASSIST)
    assert assisting is not None
    assert BOX in {reached.address for reached in assisting.addresses}
    ids = await desk.inbox.identity.object(assisting.id, actor="zoe")
    alone = await desk.inbox.customers.find(at("anna"), purpose=Purpose.ASSIST)
    assert alone is not None
    assert {reached.address for reached in alone.addresses} == {at("anna")}
    assert await desk.inbox.identity.suggestions() == []
    (why,) = await desk.inbox.identity.explain(at("anna"), BOX, purpose=Purpose.ASSIST)
    assert "objected" in why
    await desk.inbox.identity.undo(ids, actor="zoe")
    assert await desk.inbox.customers.find(at("anna"), purpose=Purpose.ASSIST) == assisting


async def test_nothing_is_worked_out_about_who_objects(desk: Desk) -> None:
    """Neither what they say from then on, nor what others say who are like them; until they take it back."""
    facts = {"name": "Anna Vermeulen", "street": "Kerkstraat 12", "born": "1984-05-17"}
    second = Address(kind="phone", value="+31687654321")
    await desk.inbox.identity.observe(BOX, strength=Strength.VERIFIED)
    found = await desk.inbox.customers.find(BOX)
    assert found is not None
    await desk.inbox.identity.object(found.id, actor="zoe")
    await desk.inbox.identity.observe(BOX, facts=facts)
    await desk.inbox.identity.observe(second, facts=facts)
    await desk.inbox.work()
    assert [claim for claim in await desk.inbox.identity.claims(found.id) if claim.method == "likeness"] == []
    await desk.inbox.identity.unobject(found.id, actor="zoe")
    await desk.inbox.work()
    assert [claim for claim in await desk.inbox.identity.claims(found.id) if claim.method == "likeness"]
    assert len(await desk.inbox.identity.suggestions()) == 1


async def test_an_objection_can_be_taken_back(desk: Desk) -> None:
    await desk.heard("hello", who="anna")
    who = (await desk.customer("anna")).id
    await desk.inbox.identity.object(who, actor="zoe")
    await desk.inbox.identity.unobject(who, actor="zoe")
    assert [event.what for event in await desk.happened() if "object" in event.what] == [
        "customer.objected", "customer.unobjected",
    ]  # fmt: skip
    with pytest.raises(Conflict, match="nothing to take back"):
        await desk.inbox.identity.unobject(who, actor="zoe")
