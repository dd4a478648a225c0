"""What is to be sent once more, because nobody knew of the first time, and proves to have arrived before that."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from omnichannel import Message, Rules
from omnichannel.channel import Call, Response
from omnichannel.model import Sent
from tests.chat import delivery
from tests.inbox.desk import BUSY, LOST, Desk


@pytest.fixture
def desk(shared_url: str, desks: Callable[..., Desk]) -> Desk:
    return desks(shared_url)


async def to_be_sent_again(desk: Desk) -> Message:
    """A reply that was sent into the dark, and that somebody decided to send once more; nobody did yet."""
    desk.far["chat"].answers.append(LOST)
    message = await desk.heard("question")
    said = await desk.inbox.conversations.reply(message.conversation, "answer")
    await desk.inbox.work()
    desk.clock.advance(seconds=5)
    (sending,) = await desk.sendings(said)
    await desk.inbox.resolve(sending.call, "again", actor="Ann")
    return said


async def comes(desk: Desk, **item: str) -> None:
    """The platform's webhook brings something, and it is read."""
    await desk.inbox.receive("chat", delivery(item))
    await desk.inbox.read()


@pytest.mark.parametrize("proof", ["echo", "words", "delivered", "sent"])
async def test_what_comes_back_is_not_sent_again(desk: Desk, proof: str) -> None:
    """Late news, as after an outage: the platform has it, so that nobody needs it twice."""
    said = await to_be_sent_again(desk)
    mark = {} if proof == "words" else {"correlator": f"{said.id}/0"}
    if proof in ("echo", "words"):
        await comes(desk, id="out-9", to="anna", text="answer", **mark)
    else:
        await comes(desk, id="u1", kind="status", status=proof, **mark)
    assert await desk.status(said) == ["sent" if proof in ("echo", "words") else proof]
    await desk.inbox.work()
    assert desk.said() == []
    (sending,) = await desk.sendings(said)
    assert not sending.possible_duplicate
    assert len(await desk.happened("message.sent")) == 1
    outbound = [one.id for one in await desk.everything() if one.direction == "outbound"]
    assert outbound == [said.id]


async def test_what_the_platform_is_found_to_have_is_not_sent_again(desk: Desk) -> None:
    """It was asked, and answers while somebody has decided."""
    desk.far["chat"].answers.append(LOST)
    message = await desk.heard("question")
    said = await desk.inbox.conversations.reply(message.conversation, "answer")
    await desk.inbox.send()
    other = desk.again()
    channel = other.channel("chat")
    channel.can = channel.can.model_copy(update={"finds": True, "settles": 60.0})

    async def find(_call: object, _doubt: object) -> Sent:
        (sending,) = await desk.sendings(said)
        await other.resolve(sending.call, "again", actor="Ann")
        return Sent(external_id="out-9")

    channel.find = find  # type: ignore[method-assign]
    await other.ask()
    await other.work()
    assert desk.said() == []
    (sending,) = await desk.sendings(said)
    assert (sending.status, sending.external_id, sending.possible_duplicate) == ("sent", "out-9", False)


async def test_what_was_sent_once_more_by_rule_and_came_back_first_is_there_once(
    shared_url: str, desks: Callable[..., Desk]
) -> None:
    desk = desks(shared_url, rules=Rules(in_doubt="resend"))
    desk.far["chat"].answers.append(LOST)
    message = await desk.heard("question")
    said = await desk.inbox.conversations.reply(message.conversation, "answer")
    await desk.inbox.send()
    desk.clock.advance(hours=1)
    await desk.inbox.ask()
    (sending,) = await desk.sendings(said)
    assert (sending.status, sending.possible_duplicate) == ("queued", True)
    await comes(desk, id="out-9", to="anna", text="answer", correlator=f"{said.id}/0")
    await desk.inbox.work()
    (sending,) = await desk.sendings(said)
    assert (sending.status, sending.possible_duplicate, desk.said()) == ("sent", False, [])


async def test_the_words_of_somebody_else_prove_nothing_of_what_was_put_off(desk: Desk) -> None:
    """The platform said that it did not take it: the same words are a colleague's, in the platform's own app."""
    desk.far["chat"].answers.append(BUSY)
    message = await desk.heard("question")
    desk.clock.advance(seconds=1)
    said = await desk.inbox.conversations.reply(message.conversation, "answer")
    desk.clock.advance(seconds=1)
    await desk.inbox.work()
    assert await desk.status(said) == ["queued"]
    await comes(desk, id="theirs", to="anna", text="answer")
    assert len(await desk.happened("message.sent_elsewhere")) == 1
    desk.clock.advance(minutes=2)
    await desk.inbox.work()
    assert (await desk.status(said), desk.said()) == (["sent"], ["answer"])


async def test_what_was_never_made_cannot_come_back(desk: Desk) -> None:
    """Whoever says so, it is still to be sent."""
    message = await desk.heard("question")
    said = await desk.inbox.conversations.reply(message.conversation, "answer")
    await comes(desk, id="u1", kind="status", status="delivered", correlator=f"{said.id}/0")
    await desk.inbox.send()
    assert desk.said() == ["answer"]


@pytest.mark.parametrize(("came", "twice"), [("out-9", True), ("out-1", False)])
async def test_what_comes_back_while_it_is_sent_once_more_is_there_twice(
    desk: Desk, came: str, *, twice: bool
) -> None:
    """Under two ids, which the message says; the same one is its own echo, faster than the answer."""
    said = await to_be_sent_again(desk)
    far = desk.far["chat"]
    send = far.send

    async def slow(call: Call) -> Response:
        await comes(desk, id=came, to="anna", text="answer", correlator=f"{said.id}/0")
        return await send(call)

    far.send = slow  # type: ignore[method-assign]
    await desk.inbox.work()
    (sending,) = await desk.sendings(said)
    assert (sending.status, sending.external_id, sending.possible_duplicate) == ("sent", came, twice)


async def test_what_was_only_put_off_is_there_once_whatever_its_echo_is_called(desk: Desk) -> None:
    """Some platforms call an echo otherwise than the answer does."""
    desk.far["chat"].answers.append(BUSY)
    message = await desk.heard("question")
    desk.clock.advance(seconds=1)
    said = await desk.inbox.conversations.reply(message.conversation, "answer")
    desk.clock.advance(seconds=1)
    await desk.inbox.work()
    far = desk.far["chat"]
    send = far.send

    async def slow(call: Call) -> Response:
        await comes(desk, id="out-9", to="anna", text="answer", correlator=f"{said.id}/0")
        return await send(call)

    far.send = slow  # type: ignore[method-assign]
    desk.clock.advance(minutes=2)
    await desk.inbox.work()
    (sending,) = await desk.sendings(said)
    assert (sending.status, sending.possible_duplicate, desk.said()) == ("sent", False, ["answer"])
