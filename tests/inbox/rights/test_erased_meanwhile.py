"""Somebody is erased while an answer to them is put together: it is not sent, and not kept."""

from __future__ import annotations

import pytest

from omnichannel import Incoming
from omnichannel.errors import NotFound
from omnichannel.inbox.composing import Order, compose, enqueue, parts_of
from tests.inbox.desk import Desk


async def in_one_conversation(desk: Desk) -> str:
    """Ben's words on one account, and Anna's on another, joined by somebody."""
    theirs = await desk.heard("hello", who="ben", on="other")
    mine = await desk.heard("hello", who="anna")
    await desk.inbox.conversations.join(theirs.conversation, mine.conversation)
    return mine.conversation


async def erase(desk: Desk, who: str) -> None:
    customer = await desk.customer(who)
    await desk.inbox.identity.erase(customer.id, actor="zoe", because="asked for it")


async def test_nothing_is_said_to_whom_was_erased_while_a_handler_worked(desk: Desk) -> None:
    """Two people are in one conversation; what is to be said to one of them is decided before they are erased."""
    await in_one_conversation(desk)

    @desk.inbox.on_message
    async def answer(incoming: Incoming) -> None:
        desk.handled.append(incoming)
        if len(desk.handled) == 1:
            await incoming.reply("for ben", on="other")
            await erase(desk, "ben")

    await desk.heard("what does ben say?", who="anna")
    desk.clock.advance(hours=1)
    await desk.inbox.work()
    assert len(desk.handled) == 2
    assert desk.far["other"].said == []
    assert [one.text for one in await desk.everything() if one.direction == "outbound"] == []
    assert await desk.inbox.parked() == []


@pytest.mark.parametrize("alone", [False, True])
async def test_who_answers_somebody_that_is_erased_that_moment_is_told(desk: Desk, alone: bool) -> None:
    """Between the two commits of an answer: what it says is put together, and it is queued."""
    conversation = await in_one_conversation(desk)
    if alone:
        conversation = (await desk.heard("hello", who="carl", on="other")).conversation
    inbox, number = desk.inbox, desk.inbox.open().ids.find("conversation", conversation)
    order = Order(number, parts_of("for you"), on="other")
    composed = await inbox.run_job(lambda tx: compose(tx, inbox.channels, order, inbox.rules))
    await erase(desk, "carl" if alone else "ben")
    with pytest.raises(NotFound):
        await inbox.run_job(lambda tx: enqueue(tx, inbox.rendered(composed)))
    await inbox.work()
    assert desk.far["other"].said == []
    assert [one.text for one in await desk.everything() if one.direction == "outbound"] == []
