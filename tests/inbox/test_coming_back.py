"""What comes back about our own words: statuses and echoes, early, late, or instead of the answer."""

from __future__ import annotations

from itertools import permutations

import pytest

from omnichannel import Message
from omnichannel.channel import Call, Response
from tests.chat import delivery
from tests.inbox.desk import BUSY, LOST, Desk


async def reply(desk: Desk, text: str = "answer", who: str = "anna") -> Message:
    """A reply that is queued."""
    message = await desk.heard("question", who=who)
    return await desk.inbox.conversations.reply(message.conversation, text)


async def update(desk: Desk, kind: str = "status", **more) -> None:
    """One update of the platform's."""
    number = len(desk.state()["externals"])
    await desk.hear({"id": f"u{number}", "kind": kind, "from": "anna"} | more)


async def test_statuses_go_forward_whatever_order_they_come_in(desk: Desk) -> None:
    """T17, over the wire: every order of what platforms say ends the same."""
    seen = set()
    for number, order in enumerate(permutations(["sent", "delivered", "read"])):
        message = await reply(desk, f"answer {number}", who=f"p{number}")
        await desk.inbox.work()
        (sending,) = await desk.sendings(message)
        for status in order:
            await update(desk, status=status, targets=[sending.external_id])
        seen.add(tuple(await desk.status(message)))
    assert seen == {("read",)}


async def test_a_status_that_is_faster_than_the_answer_waits_for_it(desk: Desk) -> None:
    """It names an id that we have not been told yet."""
    message = await reply(desk)
    status = {"id": "u1", "kind": "status", "status": "delivered", "targets": ["out-1"]}
    await desk.inbox.receive("chat", delivery(status))
    await desk.inbox.read()
    assert desk.state()["early"]
    assert await desk.status(message) == ["queued"]
    await desk.inbox.work()
    assert await desk.status(message) == ["delivered"]
    assert desk.state()["early"] == []


@pytest.mark.parametrize("where", ["before", "after", "instead"])
@pytest.mark.parametrize("knows", ["correlator", "words"])
async def test_an_echo_is_our_own_message_however_it_races_with_the_answer(
    desk: Desk, where: str, knows: str
) -> None:
    """T16: before, after or instead of the answer: one outbound message, sent, under the platform's id."""
    message = await reply(desk, "answer")
    echo = {"id": "out-1", "to": "anna", "text": "answer"}
    if knows == "correlator":
        echo["correlator"] = f"{message.id}/0"
    far = desk.far["chat"]
    real = far.send

    async def racing(call: Call) -> Response:
        answer = await real(call)
        if where == "before":
            await desk.inbox.receive("chat", delivery(echo))
            await desk.inbox.read()
        return LOST if where == "instead" else answer

    far.send = racing  # type: ignore[method-assign]
    await desk.inbox.work()
    if where != "before":
        await desk.hear(echo)
    outbound = [each for each in await desk.everything() if each.direction == "outbound"]
    assert [each.id for each in outbound] == [message.id]
    (sending,) = await desk.sendings(message)
    assert (sending.status, sending.external_id) == ("sent", "out-1")
    assert len(await desk.happened("message.sent")) == 1
    await desk.hear({"id": "m9", "from": "anna", "text": "thanks", "reply_to": "out-1"})
    await update(desk, status="read", targets=["out-1"])
    assert await desk.status(message) == ["read"]


async def test_an_echo_that_comes_after_a_person_decided_that_it_arrived_is_no_second_message(
    desk: Desk,
) -> None:
    """Where only the words tell: else the answer would stand in the history twice."""
    desk.far["chat"].answers.append(LOST)
    message = await reply(desk)
    await desk.inbox.work()
    (sending,) = await desk.sendings(message)
    await desk.inbox.resolve(sending.call, "arrived", actor="Ann")
    await desk.hear({"id": "out-1", "to": "anna", "text": "answer"})
    outbound = [each.id for each in await desk.everything() if each.direction == "outbound"]
    assert outbound == [message.id]
    (sending,) = await desk.sendings(message)
    assert (sending.status, sending.external_id) == ("sent", "out-1")
    await desk.hear({"id": "out-2", "to": "anna", "text": "answer"})
    outbound = [each.id for each in await desk.everything() if each.direction == "outbound"]
    assert len(outbound) == 2, "the same words, said in the platform's own app"


async def test_a_status_that_comes_before_the_echo_is_not_lost(desk: Desk) -> None:
    """The answer was lost; the platform's "delivered" names an id that only the echo explains."""
    desk.far["chat"].answers.append(LOST)
    message = await reply(desk)
    await desk.inbox.work()
    await update(desk, status="delivered", targets=["real-1"])
    assert await desk.status(message) == ["unknown"]
    await desk.hear({"id": "real-1", "to": "anna", "text": "answer", "correlator": f"{message.id}/0"})
    assert await desk.status(message) == ["delivered"]


async def test_a_status_by_correlator_is_faster_than_the_answer(desk: Desk) -> None:
    """It moves the call forward; the id in the answer still counts, for the pieces that go on from it."""
    message = await reply(desk, "one|two")
    far = desk.far["chat"]
    real = far.send

    async def racing(call: Call) -> Response:
        answer = await real(call)
        await update_once()
        return answer

    async def update_once() -> None:
        if len(far.said) == 1:
            item = {"id": "u", "kind": "status", "status": "delivered", "correlator": f"{message.id}/0"}
            await desk.inbox.receive("chat", delivery(item))
            await desk.inbox.read()

    far.send = racing  # type: ignore[method-assign]
    await desk.inbox.work()
    assert [(each.status, each.external_id) for each in await desk.sendings(message)] == [
        ("delivered", "out-1"),
        ("sent", "out-2"),
    ]
    assert far.said[1]["after"] == "out-1"


async def test_what_failed_on_its_way_takes_the_rest_with_it(desk: Desk) -> None:
    """The platform took the first piece and then could not deliver it: what was to follow it stays here."""
    far = desk.far["chat"]
    message = await reply(desk, "one|two")
    await desk.inbox.send()
    far.answers.append(BUSY)
    await desk.inbox.send()
    await update(desk, status="failed", targets=["out-1"], reason="blocked")
    desk.clock.advance(minutes=5)
    await desk.inbox.work()
    assert [(each.status, each.detail) for each in await desk.sendings(message)][0] == ("failed", "blocked")
    assert await desk.status(message) == ["failed", "cancelled"]
    assert desk.said() == ["one"]


async def test_a_read_mark_counts_for_its_person_up_to_its_moment(desk: Desk) -> None:
    first = await reply(desk, "first")
    other = await reply(desk, "other", who="ben")
    await desk.inbox.work()
    desk.clock.advance(seconds=10)
    moment = desk.clock.now().timestamp()
    desk.clock.advance(seconds=10)
    second = await desk.inbox.conversations.reply(first.conversation, "second")
    await desk.inbox.work()
    await update(desk, kind="read", status="read", until=moment)
    await update(desk, kind="read", status="read", until=moment, **{"from": "nobody"})
    assert [await desk.status(each) for each in (first, second, other)] == [["read"], ["sent"], ["sent"]]


async def test_a_mark_after_late_news_still_counts(desk: Desk) -> None:
    """Delivered and read come in one bundle, later than both happened."""
    message = await reply(desk)
    await desk.inbox.work()
    moment = desk.clock.now().timestamp() + 5
    desk.clock.advance(minutes=1)
    await desk.hear(
        {"id": "u1", "kind": "delivered", "status": "delivered", "from": "anna", "targets": ["out-1"]},
        {"id": "u2", "kind": "read", "status": "read", "from": "anna", "until": moment},
    )
    assert await desk.status(message) == ["read"]


async def test_what_somebody_says_in_the_platforms_own_app_is_in_the_conversation(desk: Desk) -> None:
    """An echo that is nobody's call: a colleague wrote on the phone. Once, however often it comes."""
    message = await desk.heard("hello")
    echo = {"id": "o1", "to": "anna", "text": "from my phone"}
    await desk.hear(echo)
    await desk.hear(echo)
    said = (await desk.inbox.conversations.messages(message.conversation))[1:]
    assert [(each.direction, each.text, each.because) for each in said] == [
        ("outbound", "from my phone", "said outside omnichannel, in the platform's own app")
    ]
    assert said[0].author is not None
    assert said[0].author.address.value == "anna"
    assert len(await desk.happened("message.sent_elsewhere")) == 1


async def test_an_echo_to_nobody_is_of_no_use(desk: Desk) -> None:
    await desk.hear({"id": "o1", "to": "", "text": "to whom?"})
    assert await desk.everything() == []
    assert await desk.inbox.parked() == []


async def test_what_happens_to_an_echo_before_it_comes_is_not_lost(desk: Desk) -> None:
    """T20 for our own words: deleted in the platform's app, and the deletion is faster."""
    await desk.heard("hello")
    await desk.hear({"id": "d1", "kind": "deleted", "targets": ["o1"], "from": "us"})
    await desk.hear({"id": "o1", "to": "anna", "text": "oops"})
    (message,) = await desk.named("o1")
    assert message.deleted
    assert message.text == ""
