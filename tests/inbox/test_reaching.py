"""Whom an account may write to first: its own kind of address, or one that it says it reaches, and only if proven."""

from __future__ import annotations

import pytest

from omnichannel import Inbox
from omnichannel.errors import Unsupported
from omnichannel.model import Address
from tests.chat import Chat, FarEnd, delivery
from tests.engines import HandClock


class Texts(Chat):
    """A chat that needs no more than a telephone number."""

    kind = "texts"
    can = Chat.can.model_copy(update={"reaches": frozenset({"phone"})})


async def answered(url: str, clock: HandClock, also: str) -> list[dict[str, object]]:
    """What Ann gets as a text, who wrote on the chat and has one more address."""
    far = FarEnd()
    async with Inbox(url, [Chat("chat"), Texts("texts", far)], clock=clock) as inbox:
        await inbox.receive("chat", delivery({"id": "m1", "from": "ann", "text": "hello", "also": [also]}))
        await inbox.work()
        ann = await inbox.customers.find(Address(kind="chat", value="ann"))
        assert ann is not None
        (conversation,) = await inbox.conversations.open()
        await inbox.conversations.reply(conversation.id, "good morning", on="texts")
        await inbox.work()
    return far.said


async def test_a_proven_number_is_enough(url: str, clock: HandClock) -> None:
    """A customer whose telephone number the platform told can be texted without having texted before."""
    assert await answered(url, clock, "phone::+31612345678") == [
        {"to": "+31612345678", "text": "good morning"}
    ]


@pytest.mark.parametrize("also", ["email::ann@customer.example", "texts:unproven:ann"])
async def test_another_kind_of_address_is_not(url: str, clock: HandClock, also: str) -> None:
    with pytest.raises(Unsupported, match="no address of this customer on texts is proven"):
        await answered(url, clock, also)
