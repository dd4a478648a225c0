"""Whom an account may write to first: its own kind of address, or one that it says it reaches, and only if proven."""

from __future__ import annotations

import pytest

from omnichannel import Inbox
from omnichannel.errors import Unsupported
from omnichannel.model import Address, Party
from tests.chat import Chat, FarEnd, delivery
from tests.engines import HandClock


class Numbers(Chat):
    """A chat whose people are telephone numbers."""

    kind = "numbers"

    def party(self, who: str, name: str = "") -> Party:
        return Party(address=Address(kind="phone", value=who))


class Texts(Chat):
    """A chat that needs no more than a telephone number."""

    kind = "texts"
    can = Chat.can.model_copy(update={"reaches": frozenset({"phone"})})


async def answered(url: str, clock: HandClock, **heard: object) -> list[dict[str, object]]:
    """What somebody gets as a text who wrote elsewhere from a number."""
    far = FarEnd()
    async with Inbox(url, [Numbers("numbers"), Texts("texts", far)], clock=clock) as inbox:
        item = {"id": "m1", "from": "+31612345678", "text": "hello", **heard}
        await inbox.receive("numbers", delivery(item))
        await inbox.work()
        (conversation,) = await inbox.conversations.open()
        await inbox.conversations.reply(conversation.id, "good morning", on="texts")
        await inbox.work()
    return far.said


async def test_a_proven_number_is_enough(url: str, clock: HandClock) -> None:
    """Whoever wrote from a number elsewhere can be texted there without having texted before."""
    assert await answered(url, clock) == [{"to": "+31612345678", "text": "good morning"}]


async def test_a_number_that_only_says_so_is_not(url: str, clock: HandClock) -> None:
    """A caller's number can be anybody's: the cure is a link."""
    with pytest.raises(Unsupported, match="no address of this customer on texts is proven"):
        await answered(url, clock, strength="asserted")
