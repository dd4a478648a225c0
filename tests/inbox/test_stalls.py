"""A worker that stands still for longer than its lease, and goes on: nothing is said twice, and nothing false is told."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from omnichannel import Inbox, Message
from omnichannel.channel import Call, Response
from omnichannel.model import Doubt, Receipt, Refused
from omnichannel.store.outbox import Leased
from tests.inbox.desk import BUSY, LOST, NOT_SENT, REFUSED, Desk


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


async def taken_for_dead(desk: Desk) -> tuple[Message, Inbox, Inbox, Leased]:
    """A worker stands still before the wire with a reply in its hands, and another one takes it for dead."""
    message = await reply(desk)
    worker, other = desk.inbox, desk.again()
    (leased,) = await worker.lease_calls(9)
    desk.clock.advance(minutes=3)
    await other.lease_calls(9)
    return message, worker, other, leased


async def test_who_goes_on_after_the_lease_sends_nothing_that_somebody_else_sent(desk: Desk) -> None:
    """A worker stands still before the wire, another takes it for dead, a person decides, and it is sent: once."""
    message, worker, other, leased = await taken_for_dead(desk)
    await other.resolve(await call_of(desk, message), "again")
    await other.work()
    assert desk.said() == ["answer"]
    await worker.make_call(leased)
    assert desk.said() == ["answer"]
    (sending,) = await desk.sendings(message)
    assert (sending.status, sending.possible_duplicate) == ("sent", False)


async def test_who_goes_on_after_the_lease_says_that_it_did_not_send(desk: Desk) -> None:
    """Nobody needs to decide what is in doubt no more: it waits again, and goes out once."""
    message, worker, other, leased = await taken_for_dead(desk)
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


async def overtaken(
    desk: Desk, answer: Response | None, meanwhile: Callable[[Inbox], Awaitable[object]]
) -> Message:
    """A worker waits for an answer (None: taken) for longer than its lease; others say `again`, and do more."""
    message = await reply(desk)
    worker, other, far = desk.inbox, desk.again(), desk.far["chat"]
    send = far.send

    async def slow(call: Call) -> Response:
        far.send = send  # type: ignore[method-assign]
        response = answer or await send(call)
        desk.clock.advance(minutes=3)
        await other.lease_calls(9)
        await other.resolve(await call_of(desk, message), "again")
        await meanwhile(other)
        return response

    far.send = slow  # type: ignore[method-assign]
    await worker.send()
    return message


@pytest.mark.parametrize("answer", [REFUSED, BUSY, NOT_SENT, LOST])
async def test_what_comes_late_says_nothing_of_what_somebody_else_does(desk: Desk, answer: Response) -> None:
    """It is under way there: it has not failed, is not in doubt, and does not wait once more."""
    under_way: list[Leased] = []

    async def take_up(other: Inbox) -> None:
        under_way.extend(await other.lease_calls(9))

    message = await overtaken(desk, answer, take_up)
    assert await desk.status(message) == ["sending"]
    await desk.inbox.make_call(*under_way)
    await desk.inbox.work()
    (sending,) = await desk.sendings(message)
    assert (sending.status, sending.external_id, desk.said()) == ("sent", "out-1", ["answer"])
    assert await desk.happened("message.failed") == []


async def test_what_arrived_is_not_sent_once_more_however_late_that_is_known(desk: Desk) -> None:
    async def nothing(other: Inbox) -> None:
        """It waits to be sent once more."""

    message = await overtaken(desk, None, nothing)
    await desk.inbox.work()
    (sending,) = await desk.sendings(message)
    assert (sending.status, sending.possible_duplicate, desk.said()) == ("sent", False, ["answer"])
    assert len(await desk.happened("message.sent")) == 1


async def test_a_process_that_makes_a_call_still_does_not_make_it_once_more(desk: Desk) -> None:
    """It was taken for dead, and a person had it sent again: it knows in a moment that the first time was enough."""
    worker = desk.inbox
    message = await overtaken(desk, None, lambda _: worker.send())
    assert desk.said() == ["answer"]
    await desk.inbox.work()
    (sending,) = await desk.sendings(message)
    assert (sending.status, sending.possible_duplicate, desk.said()) == ("sent", False, ["answer"])


async def test_a_process_that_made_a_call_in_vain_makes_it_once_more(desk: Desk) -> None:
    worker = desk.inbox
    message = await overtaken(desk, NOT_SENT, lambda _: worker.send())
    assert desk.said() == []
    desk.clock.advance(hours=1)
    await desk.inbox.work()
    assert (await desk.status(message), desk.said()) == (["sent"], ["answer"])


@pytest.mark.parametrize(
    ("answer", "said", "twice"), [(None, 2, True), (LOST, 1, True), (REFUSED, 1, False), (BUSY, 1, False)]
)
@pytest.mark.parametrize("first", ["late", "other"])
async def test_what_arrived_counts_beside_what_somebody_else_sent(
    desk: Desk, answer: Response | None, said: int, twice: bool, first: str
) -> None:
    """It is there, once or twice, whichever of the two is known first."""
    under_way: list[Leased] = []

    async def send_too(other: Inbox) -> None:
        under_way.extend(await other.lease_calls(9))
        desk.far["chat"].answers.extend(filter(None, [answer]))
        if first == "other":
            await other.make_call(*under_way)

    message = await overtaken(desk, None, send_too)
    if first == "late":
        await desk.inbox.make_call(*under_way)
    desk.clock.advance(hours=1)
    await desk.inbox.work()
    (sending,) = await desk.sendings(message)
    assert (sending.status, sending.possible_duplicate) == ("sent", twice)
    assert desk.said() == ["answer"] * said
    assert sending.external_id == "out-1" or (answer is None and first == "other")


async def test_an_answer_about_a_call_says_nothing_of_the_one_that_was_made_since(desk: Desk) -> None:
    """While the platform is asked about the first one, a person has it sent again, which is in doubt as well."""
    message = await reply(desk)
    worker, other, far = desk.inbox, desk.again(), desk.far["chat"]
    far.answers += [LOST, LOST]
    await worker.send()
    channel = worker.channel("chat")
    channel.can = channel.can.model_copy(update={"finds": True, "settles": 60.0})

    async def find(call: Call, doubt: Doubt) -> Receipt:
        await other.resolve(await call_of(desk, message), "again")
        await other.send()
        return Refused(code="invalid", detail="it is not there")

    channel.find = find  # type: ignore[method-assign]
    await worker.ask(every=True)
    assert await desk.status(message) == ["unknown"]
