"""A worker that stands still for longer than its lease, and goes on: nothing is said twice, and nothing false is told."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from omnichannel import Message
from tests.inbox.desk import Desk


@pytest.fixture
def desk(shared_url: str, desks: Callable[..., Desk]) -> Desk:
    return desks(shared_url)


async def reply(desk: Desk, text: str = "answer") -> Message:
    """A reply that is queued."""
    message = await desk.heard("question")
    return await desk.inbox.conversations.reply(message.conversation, text)


async def call_of(desk: Desk, message: Message) -> str:
    (sending,) = await desk.sendings(message)
    return sending.call


async def test_who_goes_on_after_the_lease_sends_nothing_that_somebody_else_sent(desk: Desk) -> None:
    """A worker stands still before the wire, another takes it for dead, a person decides, and it is sent: once."""
    message = await reply(desk)
    worker, other = desk.inbox, desk.again()
    (leased,) = await worker.lease_calls(9)
    desk.clock.advance(minutes=3)
    await other.lease_calls(9)
    await other.resolve(await call_of(desk, message), "again")
    await other.work()
    assert desk.said() == ["answer"]
    await worker.make_call(leased)
    assert desk.said() == ["answer"]
    (sending,) = await desk.sendings(message)
    assert (sending.status, sending.possible_duplicate) == ("sent", False)


async def test_who_goes_on_after_the_lease_says_that_it_did_not_send(desk: Desk) -> None:
    """Nobody needs to decide what is in doubt no more: it waits again, and goes out once."""
    message = await reply(desk)
    worker, other = desk.inbox, desk.again()
    (leased,) = await worker.lease_calls(9)
    desk.clock.advance(minutes=3)
    await other.lease_calls(9)
    assert await desk.status(message) == ["unknown"]
    await worker.make_call(leased)
    (sending,) = await desk.sendings(message)
    assert (sending.status, sending.detail) == ("queued", "its sender stood still, and did not make it")
    (_, told) = await desk.happened("message.queued")
    assert (told.message, told.detail) == (message.id, {"because": sending.detail})
    await other.work()
    assert (await desk.status(message), desk.said()) == (["sent"], ["answer"])


@pytest.mark.parametrize(("seconds", "said"), [(0, 1), (90, 1), (91, 0), (119, 0)])
async def test_a_call_is_begun_only_if_its_whole_time_fits_into_the_lease(
    desk: Desk, seconds: int, said: int
) -> None:
    """Thirty seconds for the call, two minutes for the lease. What is too late is sent in the next one."""
    message = await reply(desk)
    (leased,) = await desk.inbox.lease_calls(9)
    desk.clock.advance(seconds=seconds)
    await desk.inbox.make_call(leased)
    assert len(desk.said()) == said
    await desk.inbox.work()
    assert (await desk.status(message), desk.said()) == (["sent"], ["answer"])


async def test_a_call_that_takes_longer_than_its_lease_is_begun_in_its_first_half(desk: Desk) -> None:
    """A large mail has minutes; its own process knows that it is alive."""
    message = await reply(desk)
    channel = desk.inbox.channel("chat")
    render = channel.render
    channel.render = lambda draft: [call.model_copy(update={"timeout": 600.0}) for call in render(draft)]  # type: ignore[method-assign]
    long = await desk.inbox.conversations.reply(message.conversation, "long")
    await desk.inbox.work()
    assert await desk.status(long) == ["sent"]
