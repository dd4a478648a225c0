"""Idempotency keys: the same order under the same key is one message, however often and from wherever it comes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from omnichannel import Attachment, Inbox, Incoming, Text
from omnichannel.errors import Conflict, KeyConflict, NotFound, UsageError
from tests.chat import Chat
from tests.engines import HandClock
from tests.inbox.desk import Desk
from tests.inbox.test_sending import LOST  # the same far end


async def test_the_same_order_is_one_message_and_is_sent_once(desk: Desk) -> None:
    """Whoever did not hear the answer asks again, and is told how far it came."""
    heard = await desk.heard("hello")
    reply = desk.inbox.conversations.reply
    first = await reply(heard.conversation, "good morning", idempotency_key="order-1")
    assert await reply(heard.conversation, "good morning", idempotency_key="order-1") == first
    await desk.inbox.work()
    again = await reply(heard.conversation, "good morning", idempotency_key="order-1")
    assert again.id == first.id
    assert [one.status for one in again.sendings] == ["sent"]
    assert desk.said() == ["good morning"]


async def test_without_a_key_the_same_words_are_said_twice(desk: Desk) -> None:
    heard = await desk.heard("hello")
    for _ in range(2):
        await desk.inbox.conversations.reply(heard.conversation, "good morning")
    await desk.inbox.work()
    assert desk.said() == ["good morning", "good morning"]


@pytest.mark.parametrize(
    "other",
    [
        {"said": "good evening"},
        {"said": [Text(text="good morning"), Text(text="good morning")]},
        {"agent": "zoe"},
        {"on": "other"},
        {"public": True},
        {"public": False},
        {"subject": "Morning"},
        {"automatic": True},
    ],
)
async def test_another_order_under_the_same_key_is_refused(desk: Desk, other: dict[str, object]) -> None:
    """And the first one stands."""
    await desk.inbox.add_agent("zoe")
    heard = await desk.heard("hello")
    await desk.inbox.conversations.reply(heard.conversation, "good morning", idempotency_key="order-1")
    asked: dict[str, object] = {"said": "good morning", "idempotency_key": "order-1"} | other
    with pytest.raises(KeyConflict, match="a key of its own"):
        await desk.inbox.conversations.reply(heard.conversation, **asked)  # type: ignore[arg-type]
    assert issubclass(KeyConflict, Conflict)
    await desk.inbox.work()
    assert desk.said() == ["good morning"]


async def test_the_same_key_in_another_conversation_is_another_order(desk: Desk) -> None:
    anna, bob = await desk.heard("hello"), await desk.heard("hello", who="bob")
    await desk.inbox.conversations.reply(anna.conversation, "good morning", idempotency_key="order-1")
    with pytest.raises(KeyConflict):
        await desk.inbox.conversations.reply(bob.conversation, "good morning", idempotency_key="order-1")


async def test_a_file_is_known_by_its_bytes(desk: Desk) -> None:
    """Not kept for that: of bytes and of words only keyed marks are."""
    from omnichannel.inbox.composing import parts_of
    from omnichannel.inbox.ordering import Asked

    def key(content: bytes) -> str:
        parts = parts_of(Attachment(name="a.pdf", media_type="application/pdf", content=content))
        made = Asked(parts, None, None, "", "", automatic=False).key("k", "reply", "c")
        assert made is not None
        return made.asked

    assert key(b"one") == key(b"one")
    assert key(b"one") != key(b"two")
    heard = await desk.heard("hello")
    await desk.inbox.conversations.reply(
        heard.conversation, "a secret thing", idempotency_key="Mrs Jansen's order"
    )
    kept = str(desk.state()["orders"])
    assert "Jansen" not in kept
    assert "secret" not in kept


@pytest.mark.parametrize("key", [" ", "k" * 256])
async def test_a_key_that_is_none_is_refused(desk: Desk, key: str) -> None:
    heard = await desk.heard("hello")
    with pytest.raises(UsageError, match="1 to 255"):
        await desk.inbox.conversations.reply(heard.conversation, "good morning", idempotency_key=key)


async def test_a_key_is_one_workspaces(shared_url: str, desks: Callable[..., Desk]) -> None:
    """The same key elsewhere is another one, and nobody can tell that it is in use."""
    ours, theirs = desks(shared_url), desks(shared_url, workspace="theirs")
    for desk, words in ((ours, "good morning"), (theirs, "good evening")):
        heard = await desk.heard("hello")
        await desk.inbox.conversations.reply(heard.conversation, words, idempotency_key="order-1")
        await desk.inbox.work()
    assert (ours.said(), theirs.said()) == (["good morning"], ["good evening"])


async def test_refused_at_once_a_key_is_free(desk: Desk) -> None:
    """What was never said stands for nothing."""
    heard = await desk.heard("hello")
    with pytest.raises(UsageError):
        await desk.inbox.conversations.reply(heard.conversation, "x" * 500, idempotency_key="order-1")
    await desk.inbox.conversations.reply(heard.conversation, "short", idempotency_key="order-1")
    await desk.inbox.work()
    assert desk.said() == ["short"]


async def test_in_doubt_the_order_stands(desk: Desk) -> None:
    """Asked again it is not sent again: it is told that nobody knows."""
    heard = await desk.heard("hello")
    desk.far["chat"].answers.append(LOST)
    await desk.inbox.conversations.reply(heard.conversation, "good morning", idempotency_key="order-1")
    await desk.inbox.work()
    again = await desk.inbox.conversations.reply(
        heard.conversation, "good morning", idempotency_key="order-1"
    )
    await desk.inbox.work()
    assert [one.status for one in again.sendings] == ["unknown"]
    assert desk.said() == []


async def test_many_at_once_are_one_message(desk: Desk) -> None:
    heard = await desk.heard("hello")
    asked = [
        desk.inbox.conversations.reply(heard.conversation, "good morning", idempotency_key="order-1")
        for _ in range(20)
    ]
    found = await asyncio.gather(*asked)
    assert len({message.id for message in found}) == 1
    await desk.inbox.work()
    assert desk.said() == ["good morning"]


async def test_many_workers_at_once_make_one_message(
    shared_url: str, clock: HandClock, desks: Callable[..., Desk]
) -> None:
    """Processes of their own on one database; half of them ask for something else, and are told."""
    desk = desks(shared_url)
    heard = await desk.heard("hello")
    workers = [desk.inbox, *(desk.again() for _ in range(3))]
    asked = [
        worker.conversations.reply(heard.conversation, words, idempotency_key=f"order-{number}")
        for number in range(5)
        for worker in workers
        for words in (f"morning {number}", f"evening {number}")
    ]
    found = await asyncio.gather(*asked, return_exceptions=True)
    assert {type(one).__name__ for one in found} == {"Message", "KeyConflict"}
    said = [one for one in found if not isinstance(one, BaseException)]
    assert len(said) == 20
    assert len({message.id for message in said}) == 5
    await desk.inbox.work()
    assert len(desk.said()) == 5


async def test_a_handler_says_it_once_for_several_messages(handling: Desk) -> None:
    """ "We are closed" is said once a day, whatever else is written."""

    @handling.inbox.on_message
    async def closed(incoming: Incoming) -> None:
        await incoming.reply("we are closed today", idempotency_key=f"closed {incoming.conversation.id}")

    await handling.heard("hello")
    await handling.heard("anybody there?")
    assert handling.said() == ["we are closed today"]


async def test_two_answers_of_one_handler_under_one_key_are_one(desk: Desk) -> None:
    @desk.inbox.on_message
    async def twice(incoming: Incoming) -> None:
        await incoming.reply("yes", idempotency_key="k")
        await incoming.reply("yes", idempotency_key="k")

    await desk.heard("hello")
    assert desk.said() == ["yes"]


async def test_a_key_lasts_as_long_as_its_message(desk: Desk) -> None:
    """Erased with the customer, it is forgotten, too."""
    heard = await desk.heard("hello")
    await desk.inbox.conversations.reply(heard.conversation, "good morning", idempotency_key="order-1")
    await desk.inbox.work()
    desk.clock.advance(days=400)
    assert len(desk.state()["orders"]) == 1
    customer = await desk.customer("anna")
    await desk.inbox.identity.erase(customer.id, actor="zoe", scrub=False)
    assert desk.state()["orders"] == []
    with pytest.raises(NotFound):
        await desk.inbox.conversations.reply(heard.conversation, "good morning", idempotency_key="order-1")


def test_without_await(tmp_path: Path) -> None:
    from tests.chat import delivery

    with Inbox(f"sqlite:///{tmp_path / 'a.db'}", [Chat("chat")]).sync() as box:
        box.receive("chat", delivery({"id": "m1", "from": "anna", "text": "hello"}))
        box.work()
        (conversation,) = box.conversations.open()
        one = box.conversations.reply(conversation.id, "hi", idempotency_key="k")
        assert box.conversations.reply(conversation.id, "hi", idempotency_key="k") == one
        with pytest.raises(KeyConflict):
            box.conversations.reply(conversation.id, "ho", idempotency_key="k")
