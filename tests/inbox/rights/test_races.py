"""Erasing, freezing and blocking, while another worker reads, orders, lets go or hands out at the same moment."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from omnichannel import Incoming
from omnichannel.channel import Batch
from omnichannel.desk.retention import Retention
from omnichannel.errors import Conflict, NotFound
from omnichannel.inbox import blocking, composing, conversations, handling
from omnichannel.inbox.rights import erasing, surface
from omnichannel.model import Address, Party, Text
from omnichannel.store import Tx, ageing, arrivals, blocks
from tests.chat import delivery
from tests.inbox.desk import Desk, at
from tests.inbox.meanwhile import during, meanwhile, reading


async def test_the_platforms_record_read_while_the_first_is_erased_brings_nothing_back(
    two: tuple[Desk, Desk],
) -> None:
    """Nobody was erased here before, so nobody looks for marks; until the erasure is committed."""
    one, other = two
    await one.heard("hello")
    hers = (await one.customer("anna")).id
    past = {"id": "m0", "from": "anna", "text": "kastanje", "at": one.clock.now().timestamp() - 86400}

    async def again() -> None:
        record = delivery(past).model_copy(update={"source": "history"})
        await other.inbox.keep("chat", "past", Batch(deliveries=(record,), cursor="1"))
        await other.inbox.run_job(reading(other))

    erase = one.inbox.identity.erase(hers, actor="zoe", scrub=False)
    await during(one, erase, erasing, "erase", again())
    await one.inbox.work()
    assert await one.everything() == []
    assert await one.customers() == []


async def test_what_nobody_can_read_and_comes_just_before_an_erasure_goes_too(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It comes after all that waits was looked at, and is of an account that is not configured here."""
    await desk.heard("hello", who="anna-berg")
    hers = (await desk.customer("anna-berg")).id
    alone = surface._alone

    def comes(tx: Tx) -> None:
        said = delivery({"id": "m9", "from": "anna-berg", "text": "kastanje"})
        arrivals.keep(tx, said.model_copy(update={"account": "gone"}))
        alone(tx)

    monkeypatch.setattr(surface, "_alone", comes)
    await desk.inbox.identity.erase(hers, actor="zoe", scrub=False)
    assert desk.state()["deliveries"] == []


async def test_another_system_does_not_bring_back_who_is_just_erased(two: tuple[Desk, Desk]) -> None:
    one, other = two
    await one.heard("kastanje")
    hers = (await one.customer("anna")).id
    erase = one.inbox.identity.erase(hers, actor="zoe", scrub=False)
    _, (_, refused) = await during(one, erase, erasing, "erase", other.inbox.identity.observe(at("anna")))
    assert isinstance(refused, Conflict)
    assert await one.customers() == []


async def test_what_is_frozen_does_not_go_by_its_age_after_that(two: tuple[Desk, Desk]) -> None:
    """Whoever froze it was told that it is kept: it is, or it had gone before."""
    one, other = two
    heard = await one.heard("kastanje")
    await one.inbox.conversations.close(heard.conversation)
    hers = (await one.customer("anna")).id
    one.clock.advance(days=40)
    one.inbox.retention_rules = Retention(messages=timedelta(days=30))
    freeze = other.inbox.identity.freeze(hers, actor="zoe")
    through, _ = await during(one, one.inbox.retention.apply(), ageing, "forget_words", freeze)
    kept = [message.text for message in await one.everything()] == ["kastanje"]
    assert kept or not through


async def test_what_is_ordered_while_somebody_is_frozen_is_not_sent(two: tuple[Desk, Desk]) -> None:
    one, other = two
    heard = await one.heard("hello")
    hers = (await one.customer("anna")).id
    box = one.inbox.conversations
    reply = box.reply(heard.conversation, "hi")
    freeze = other.inbox.identity.freeze(hers, actor="zoe")
    _, (answer, _) = await during(one, reply, conversations, "enqueue", freeze)
    await one.inbox.work()
    assert one.said() == []
    assert await one.status(answer) == ["cancelled"]


async def test_nothing_is_said_to_who_was_erased_since_it_was_composed(desk: Desk) -> None:
    """They were in the conversation with others, so that it is still there."""
    hers = await desk.heard("hello")
    his = await desk.heard("hi", who="ben")
    await desk.inbox.conversations.move(his.id, hers.conversation)
    box, erased = desk.inbox, await desk.customer("anna")

    def job(tx: Tx) -> composing.Composed:
        order = composing.Order(tx.ids.find("conversation", hers.conversation), (Text(text="kastanje"),))
        heard = tx.ids.find("message", hers.id)
        return composing.compose(tx, box.channels, replace(order, answers=heard), box.rules)

    composed = box.rendered(await box.run_job(job))
    await box.identity.erase(erased.id, actor="zoe", scrub=False)
    with pytest.raises(NotFound):
        await box.run_job(lambda tx: composing.enqueue(tx, composed))
    await box.work()
    assert desk.said() == []
    assert [message.text for message in await desk.everything()] == ["hi"]


async def test_what_is_held_back_from_handlers_while_somebody_is_unfrozen_is_handled(
    two: tuple[Desk, Desk],
) -> None:
    """It was put aside just when all that was aside was let go: it would never be looked at again."""
    one, other = two
    await one.heard("hello")
    hers = (await one.customer("anna")).id
    await one.inbox.identity.freeze(hers, actor="zoe")
    handled: list[str] = []

    @one.inbox.on_message
    async def hear(incoming: Incoming) -> None:
        handled.append(incoming.message.text)

    await one.inbox.receive("chat", delivery({"id": "m1", "from": "anna", "text": "kastanje"}))
    await one.inbox.read()
    unfreeze = other.inbox.identity.unfreeze(hers, actor="zoe")
    await meanwhile(one, lambda tx: handling.claim(one.inbox, tx, 10), unfreeze)
    await one.inbox.work()
    assert handled == ["kastanje"]


async def test_a_name_that_was_asked_for_brings_nobody_back_who_was_erased_meanwhile(desk: Desk) -> None:
    """Their platform takes its time to say what they call themselves."""
    await desk.heard("hello")
    hers = (await desk.customer("anna")).id
    chat = desk.inbox.channel("chat")
    asked = asyncio.Event()
    told = asyncio.Event()

    async def look_up(address: Address) -> Party:
        asked.set()
        await told.wait()
        return Party(address=address, name="Anna Kastanje")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(chat, "can", chat.can.model_copy(update={"profiles": True}))
        patch.setattr(chat, "look_up", look_up)
        looking = asyncio.create_task(desk.inbox.look_up())
        await asked.wait()
        await desk.inbox.identity.erase(hers, actor="zoe", scrub=False)
        told.set()
        await looking
    left = desk.state()
    assert (left["facts"], left["unstudied"]) == ([], [])
    await desk.inbox.identity.learn()


async def test_who_is_blocked_again_while_they_are_brought_in_stays_blocked(two: tuple[Desk, Desk]) -> None:
    one, other = two
    rosa = at("rosa")

    def block(tx: Tx) -> int:
        return blocks.block(tx, rosa, "threats", "ann", None)

    number = await one.inbox.run_job(block)
    await one.inbox.receive("chat", delivery({"id": "m1", "from": "rosa", "text": "one"}))
    await one.inbox.run_job(reading(one))
    await one.inbox.run_job(lambda tx: blocks.lift(tx, number, blocks.BRINGING_IN, "ann"))
    bring_in = blocking.bring_in(one.inbox, handled=False)
    await during(one, bring_in, blocking, "_found", other.inbox.run_job(block))
    held = await one.inbox.run_job(lambda tx: blocks.covering(tx, rosa, tx.now()))
    assert held == number
