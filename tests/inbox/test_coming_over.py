"""A private answer to a public comment leads over to the chat: one person, one conversation, proven by the echo."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from omnichannel import Inbox, Message
from omnichannel.model import Address, Party
from tests.chat import Chat, FarEnd, delivery
from tests.engines import HandClock

PAGE = "page-1"


class Board(Chat):
    """Comments in public, on a page."""

    kind = "board"

    def party(self, who: str, name: str = "") -> Party:
        return Party(address=Address(kind=self.kind, scope=PAGE, value=who), name=name)


class Direct(Board):
    """The same page's chat, where people have other ids."""

    kind = "direct"


class Elsewhere(Chat):
    """Another platform altogether, whose operator could repeat what we sent to it."""

    kind = "elsewhere"


@pytest.fixture
def inbox(url: str, clock: HandClock) -> Iterator[Inbox]:
    accounts = [Board("board", FarEnd()), Direct("direct", FarEnd()), Elsewhere("elsewhere", FarEnd())]
    made = Inbox(url, accounts, clock=clock)
    yield made
    asyncio.run(made.close())


async def answered(inbox: Inbox) -> tuple[Message, str]:
    """A comment, and the correlator of our private answer to it."""
    await inbox.receive(
        "board", delivery({"id": "c1", "from": "ann", "text": "how much?", "public": True, "thread": "post"})
    )
    await inbox.work()
    (talk,) = await inbox.conversations.open()
    (comment,) = await inbox.conversations.messages(talk.id)
    said = await inbox.conversations.reply(talk.id, "ten euros", public=False)
    await inbox.work()
    return comment, f"{said.id}/0"


def echo(correlator: str, **more: Any) -> dict[str, Any]:
    return {
        "id": "mid1",
        "from": "us",
        "to": "psid-7",
        "text": "ten euros",
        "correlator": correlator,
        "thread": "psid-7",
        **more,
    }


async def test_the_chat_goes_on_in_the_conversation_of_the_comment(inbox: Inbox) -> None:
    comment, correlator = await answered(inbox)
    await inbox.receive("direct", delivery(echo(correlator)))
    await inbox.receive("direct", delivery({"id": "mid2", "from": "psid-7", "text": "I take it"}))
    await inbox.work()
    (talk,) = await inbox.conversations.open()
    texts = [message.text for message in await inbox.conversations.messages(talk.id)]
    assert texts == ["how much?", "ten euros", "I take it"]
    assert talk.id == comment.conversation
    one, other = (
        Address(kind=kind, scope=PAGE, value=who) for kind, who in (("board", "ann"), ("direct", "psid-7"))
    )
    found = await inbox.customers.find(one)
    assert found == await inbox.customers.find(other)
    assert "private answer" in " ".join(await inbox.identity.explain(one, other))


async def test_the_echo_is_our_words_once(inbox: Inbox) -> None:
    """However often it comes, and a status that names it by the chat's id is about it."""
    _, correlator = await answered(inbox)
    for _ in range(2):
        await inbox.receive("direct", delivery(echo(correlator)))
    await inbox.work()
    (talk,) = await inbox.conversations.open()
    assert talk.messages == 2


async def test_another_platform_cannot_claim_our_words(inbox: Inbox) -> None:
    """What it says we said there is its own message, and joins nobody."""
    _, correlator = await answered(inbox)
    await inbox.receive("elsewhere", delivery(echo(correlator)))
    await inbox.work()
    stranger = await inbox.customers.find(Address(kind="elsewhere", value="psid-7"))
    ann = await inbox.customers.find(Address(kind="board", scope=PAGE, value="ann"))
    assert stranger is not None
    assert stranger != ann


async def test_a_made_up_correlator_leads_nowhere(inbox: Inbox) -> None:
    await answered(inbox)
    await inbox.receive("direct", delivery(echo("made-up/0")))
    await inbox.work()
    assert len(await inbox.conversations.open()) == 2
