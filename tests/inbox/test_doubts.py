"""A call of which nobody knows whether it arrived is shown to a person, who decides."""

from __future__ import annotations

import pytest

from omnichannel import Inbox, Message
from omnichannel.channel import Response
from omnichannel.errors import Conflict, NotFound
from tests.chat import Chat, delivery

LOST = Response(failure="in_doubt", detail="lost after the first byte")


async def doubtful(inbox: Inbox, chat: Chat, words: str = "one|two") -> Message:
    """A message of two pieces whose first one was sent into the dark."""
    await inbox.receive("chat", delivery({"id": "1", "from": "bob", "text": "hello"}))
    await inbox.work()
    [conversation] = await inbox.conversations.open()
    chat.far.answers.append(LOST)
    await inbox.conversations.reply(conversation.id, words)
    await inbox.work()
    [message] = await inbox.in_doubt()
    assert [sending.status for sending in message.sendings] == ["unknown", "queued"]
    return message


async def settled(inbox: Inbox, outcome: str) -> Message:
    [message] = await inbox.in_doubt()
    await inbox.resolve(message.sendings[0].call, outcome, actor="Ann")  # type: ignore[arg-type]
    await inbox.work()
    assert await inbox.in_doubt() == []
    return await inbox.conversations.message(message.id)


async def test_sent_again_it_goes_out_and_what_was_held_follows() -> None:
    """Who says `again` knows that it did not arrive."""
    chat = Chat("chat")
    async with Inbox("sqlite:///:memory:", [chat]) as inbox:
        await doubtful(inbox, chat)
        message = await settled(inbox, "again")
        assert [sending.status for sending in message.sendings] == ["sent", "sent"]
        assert [said["text"] for said in chat.far.said] == ["one", "two"]


async def test_nothing_is_sent_again_to_somebody_whose_data_are_frozen() -> None:
    chat = Chat("chat")
    async with Inbox("sqlite:///:memory:", [chat]) as inbox:
        message = await doubtful(inbox, chat)
        conversation = await inbox.conversations.get(message.conversation)
        await inbox.identity.freeze(conversation.customer, actor="zoe", because="ticket 17")
        call = message.sendings[0].call
        with pytest.raises(Conflict, match="frozen"):
            await inbox.resolve(call, "again")
        await inbox.identity.unfreeze(conversation.customer, actor="zoe")
        await inbox.resolve(call, "again")
        await inbox.work()
        assert [said["text"] for said in chat.far.said] == ["one"]


async def test_given_up_nothing_of_the_message_is_sent() -> None:
    """The rest makes no sense without its beginning."""
    chat = Chat("chat")
    async with Inbox("sqlite:///:memory:", [chat]) as inbox:
        await doubtful(inbox, chat)
        message = await settled(inbox, "given_up")
        assert [sending.status for sending in message.sendings] == ["failed", "cancelled"]
        assert "Ann decided: given up" in message.sendings[0].detail
        assert chat.far.said == []


async def test_known_to_have_arrived_it_is_sent() -> None:
    """And it is not sent a second time."""
    chat = Chat("chat")
    async with Inbox("sqlite:///:memory:", [chat]) as inbox:
        await doubtful(inbox, chat, "one|")
        message = await settled(inbox, "arrived")
        assert message.sendings[0].status == "sent"
        assert "one" not in [said["text"] for said in chat.far.said]
        assert (await inbox.events())[-1].what != "message.unknown"


async def test_what_is_settled_or_unknown_cannot_be_resolved() -> None:
    """The first decision stands; a call that does not exist is not found."""
    chat = Chat("chat")
    async with Inbox("sqlite:///:memory:", [chat]) as inbox:
        message = await doubtful(inbox, chat)
        call = message.sendings[0].call
        await inbox.resolve(call, "given_up")
        with pytest.raises(Conflict, match="not in doubt any more"):
            await inbox.resolve(call, "again")
        with pytest.raises(NotFound):
            await inbox.resolve(message.id, "again")
