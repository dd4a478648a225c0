"""Step four: one call, one attempt; what became of it is known, or said to be in doubt, and never guessed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from omnichannel import Message, Rules
from omnichannel.channel import Call, Response, Sender
from omnichannel.errors import ConfigError
from omnichannel.inbox import sending as step_four
from omnichannel.inbox.sending import chained
from omnichannel.model import Deferred
from tests.chat import Chat
from tests.inbox.desk import BUSY, LOST, NOT_SENT, REFUSED, Desk

SERVER_ERROR = Response(status=502, body=b"<html>bad gateway</html>")
NONSENSE = Response(status=200, body=b"<html>ok</html>")


async def reply(desk: Desk, text: str = "answer", who: str = "anna") -> Message:
    """A reply that is queued."""
    message = await desk.heard("question", who=who)
    return await desk.inbox.conversations.reply(message.conversation, text)


@pytest.mark.parametrize(
    ("answer", "status", "said"),
    [
        (None, "sent", 1),
        (LOST, "unknown", 0),
        (SERVER_ERROR, "unknown", 0),
        (NONSENSE, "unknown", 0),
        (RuntimeError("a bug in the sender"), "unknown", 0),
        (REFUSED, "failed", 0),
        (NOT_SENT, "queued", 0),
        (BUSY, "queued", 0),
    ],
)
async def test_what_becomes_of_a_call(
    desk: Desk, answer: Response | Exception | None, status: str, said: int
) -> None:
    """Only what certainly never arrived is tried again; what may have arrived never is."""
    if answer is not None:
        desk.far["chat"].answers.append(answer)
    message = await reply(desk)
    await desk.inbox.work()
    assert await desk.status(message) == [status]
    assert len(desk.said()) == said
    desk.clock.advance(hours=1)
    await desk.inbox.work()
    assert await desk.status(message) == ["sent" if status == "queued" else status]
    event = {"failed": "message.failed", "unknown": "message.unknown"}.get(status, "message.sent")
    (happened,) = await desk.happened(event)
    assert happened.message == message.id


async def test_a_channels_bug_in_reading_the_answer_leaves_the_call_in_doubt(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read(*_: object) -> None:
        raise KeyError("id")

    monkeypatch.setattr(type(desk.inbox.channel("chat")), "read", read)
    message = await reply(desk)
    await desk.inbox.work()
    (sending,) = await desk.sendings(message)
    assert (sending.status, "KeyError" in sending.detail) == ("unknown", True)


async def test_pieces_go_on_from_each_other(desk: Desk) -> None:
    message = await reply(desk, "one|two|three")
    await desk.inbox.work()
    assert desk.far["chat"].said == [
        {"to": "anna", "text": "one"},
        {"to": "anna", "text": "two", "after": "out-1"},
        {"to": "anna", "text": "three", "after": "out-2"},
    ]
    assert await desk.status(message) == ["sent"] * 3


async def test_a_refused_piece_cancels_the_rest_of_its_message_alone(desk: Desk) -> None:
    desk.far["chat"].answers += [REFUSED]
    message = await reply(desk, "one|two")
    after = await desk.inbox.conversations.reply(message.conversation, "another")
    await desk.inbox.work()
    assert await desk.status(message) == ["failed", "cancelled"]
    assert await desk.status(after) == ["sent"]
    assert desk.said() == ["another"]


async def test_a_piece_in_doubt_holds_the_rest_of_its_message_alone(desk: Desk) -> None:
    """Those behind it go on; the rest follows when the first proves to have arrived."""
    desk.far["chat"].answers += [LOST]
    message = await reply(desk, "one|two")
    after = await desk.inbox.conversations.reply(message.conversation, "another")
    await desk.inbox.work()
    assert await desk.status(message) == ["unknown", "queued"]
    assert await desk.status(after) == ["sent"]
    await desk.hear({"id": "real-1", "to": "anna", "text": "one", "correlator": f"{message.id}/0"})
    assert await desk.status(message) == ["sent", "sent"]
    assert desk.far["chat"].said[-1] == {"to": "anna", "text": "two", "after": "real-1"}


async def test_a_later_piece_never_overtakes_one_that_was_put_off(desk: Desk) -> None:
    desk.far["chat"].answers += [BUSY]
    message = await reply(desk, "one|two")
    await desk.inbox.conversations.reply(message.conversation, "three")
    await desk.inbox.work()
    assert desk.said() == []
    desk.clock.advance(seconds=29)
    await desk.inbox.work()
    assert desk.said() == []
    desk.clock.advance(seconds=1)
    await desk.inbox.work()
    assert desk.said() == ["one", "two", "three"]


async def test_a_call_that_is_put_off_for_too_long_has_failed(desk: Desk) -> None:
    desk.far["chat"].answers += [BUSY] * 100
    message = await reply(desk)
    for _ in range(26):
        await desk.inbox.work()
        desk.clock.advance(hours=1)
    (sending,) = await desk.sendings(message)
    assert sending.status == "failed"
    assert "too long" in sending.detail


async def test_whose_sender_died_is_in_doubt_and_never_sent_again(desk: Desk) -> None:
    """The process died while a call was under way: it may have gone out, so it is shown, not repeated."""
    message = await reply(desk)
    far = desk.far["chat"]
    far.answers.append(asyncio.CancelledError())
    with pytest.raises(asyncio.CancelledError):
        await desk.inbox.send()
    assert await desk.status(message) == ["sending"]
    desk.clock.advance(minutes=2)
    await desk.inbox.work()
    assert await desk.status(message) == ["unknown"]
    desk.clock.advance(days=30)
    await desk.inbox.work()
    assert desk.said() == []
    assert len(await desk.happened("message.unknown")) == 1


async def test_an_upload_whose_sender_died_is_simply_repeated(desk: Desk) -> None:
    """Nobody can see an upload, so doing it twice harms nobody."""
    message = await reply(desk, "^file|see this")
    far = desk.far["chat"]
    far.answers.append(asyncio.CancelledError())
    with pytest.raises(asyncio.CancelledError):
        await desk.inbox.send()
    desk.clock.advance(minutes=2)
    await desk.inbox.work()
    assert desk.said() == ["^file", "see this"]
    assert await desk.status(message) == ["sent"], "only what can be seen is shown"


async def test_an_upload_in_doubt_is_repeated_some_times(desk: Desk) -> None:
    desk.far["chat"].answers += [LOST, SERVER_ERROR, *[LOST] * 50]
    message = await reply(desk, "^file|see this")
    for _ in range(20):
        await desk.inbox.work()
        desk.clock.advance(minutes=11)
    assert await desk.status(message) == ["queued"]
    assert len(desk.far["chat"].answers) == 46, "six attempts, then a person looks at it"


async def test_a_slow_answer_counts_though_its_sender_was_taken_for_dead(desk: Desk) -> None:
    """Its own process knows that it is alive; to another one it is in doubt, until its answer settles that."""
    message = await reply(desk)
    far = desk.far["chat"]
    real = far.send

    async def slow(call: Call) -> Response:
        desk.clock.advance(minutes=3)
        await desk.inbox.send()
        assert await desk.status(message) == ["sending"]
        await desk.inbox.run_job(step_four.recover)  # as another process would
        assert await desk.status(message) == ["unknown"]
        return await real(call)

    far.send = slow  # type: ignore[method-assign]
    await desk.inbox.send()
    (sending,) = await desk.sendings(message)
    assert (sending.status, sending.external_id) == ("sent", "out-1")


async def test_an_account_that_is_gone_fails_its_calls(desk: Desk) -> None:
    message = await reply(desk)
    desk.inbox.channels = {}
    await desk.inbox.send()
    (sending,) = await desk.sendings(message)
    assert (sending.status, "'chat'" in sending.detail) == ("failed", True)


async def test_several_conversations_are_sent_to_beside_each_other(
    desk_url: str, desks: Callable[..., Desk]
) -> None:
    """A slow platform holds up its own conversation; at most so many calls run at once, half of them on one account."""
    desk = desks(desk_url, rules=Rules(at_once=8))
    for number in range(8):
        await desk.heard("question", who=f"p{number}")
    for number, each in enumerate(await desk.everything()):
        await desk.inbox.conversations.reply(each.conversation, f"to {number}")
    running = most = 0
    real = desk.far["chat"].send

    async def count(call: Call) -> Response:
        nonlocal running, most
        running += 1
        most = max(most, running)
        for _ in range(10):
            await asyncio.sleep(0)
        running -= 1
        return await real(call)

    desk.far["chat"].send = count  # type: ignore[method-assign]
    await desk.inbox.work()
    assert most == 4
    assert sorted(desk.said()) == [f"to {number}" for number in range(8)]


@pytest.mark.parametrize(
    ("body", "pointer", "expected"),
    [
        (b"{}", "/after", b'{"after": "ID"}'),
        (b'{"after":"old"}', "/after", b'{"after": "ID"}'),
        (b"{}", "/reply/to", b'{"reply": {"to": "ID"}}'),
        (b'{"media":["old","b"]}', "/media/0", b'{"media": ["ID", "b"]}'),
        (b'{"media":[]}', "/media/0", b'{"media": ["ID"]}'),
        (b'{"a":[{"b":1}]}', "/a/0/c", b'{"a": [{"b": 1, "c": "ID"}]}'),
        ('{"text":"é"}'.encode(), "/x", '{"text": "é", "x": "ID"}'.encode()),
        (b"not json", "", b"not json"),
    ],
)
def test_the_id_of_the_piece_before_goes_where_the_pointer_says(
    body: bytes, pointer: str, expected: bytes
) -> None:
    assert chained(Call(url="https://x/", body=body, chain=pointer), "ID").body == expected


@pytest.mark.parametrize("after", [1e9, 1e300, float("inf")])
async def test_a_platform_that_says_never_is_asked_once_more_and_given_up(desk: Desk, after: float) -> None:
    """However long it wants us to wait, after `give_up_sending` the answer counts as failed."""
    message = await desk.heard("hello")
    reply = await desk.inbox.conversations.reply(message.conversation, "hi")
    desk.inbox.channel("chat").read = lambda call, response: Deferred(after=after)
    await desk.inbox.work()
    assert await desk.status(reply) == ["queued"]
    desk.clock.advance(hours=24)
    await desk.inbox.work()
    assert await desk.status(reply) == ["failed"]


class ReadOnly(Chat):
    """An account that is only read: it has no wire to write to."""

    def sender(self) -> Sender:
        raise ConfigError("smtp", "there is no server to send with", "Give one.")


async def test_an_account_that_is_only_read_holds_up_no_other(desk: Desk) -> None:
    """Answers there are refused at once, in the caller's hands; those of other accounts go out."""
    desk.inbox.channels = {**desk.inbox.channels, "other": ReadOnly("other")}
    read_only, message = await desk.heard("hello", who="ben", on="other"), await desk.heard("hello")
    with pytest.raises(ConfigError, match="no server to send with"):
        await desk.inbox.conversations.reply(read_only.conversation, "hi")
    reply = await desk.inbox.conversations.reply(message.conversation, "hi")
    await desk.inbox.work()
    assert await desk.status(reply) == ["sent"]


async def test_what_waits_for_an_account_that_cannot_send_any_more_fails_with_the_reason(desk: Desk) -> None:
    message = await desk.heard("hello")
    reply = await desk.inbox.conversations.reply(message.conversation, "hi")
    await desk.inbox.close()
    if desk.url.endswith(":memory:"):
        return
    desk.again().channels = {"chat": ReadOnly("chat")}
    await desk.inbox.work()
    (sending,) = await desk.sendings(reply)
    assert sending.status == "failed"
    assert "no server to send with" in sending.detail
