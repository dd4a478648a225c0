"""Before anything is sent: what would be split, said otherwise, or refused; and passing signs."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from omnichannel import Choice, Draft, Incoming, Option, Text
from omnichannel.errors import NotFound, Unsupported
from omnichannel.model import Location
from tests.chat import party
from tests.inbox.desk import LOST, REFUSED, Desk

OFFER = (Text(text="Which one?"), Choice(options=(Option(title="Green"), Option(title="Blue"))))


def draft(*parts: object, kind: str = "chat") -> Draft:
    return Draft.model_validate(
        {
            "id": "d",
            "to": party("anna", kind=kind),
            "parts": parts,
            "created_at": datetime(2026, 3, 2, tzinfo=UTC),
        }
    )


async def test_the_pieces_and_the_size_are_told(desk: Desk) -> None:
    heard = await desk.heard("hello")
    seen = await desk.inbox.conversations.preview(heard.conversation, "one|two")
    assert (seen.account, seen.kind, seen.pieces) == ("chat", "chat", ("one", "two"))
    assert (seen.size, seen.limit, seen.measure) == (7, 100, "chars")
    assert seen.possible
    assert not seen.changed
    assert desk.far["chat"].said == []


async def test_what_cannot_be_shown_is_said_in_words_and_told(desk: Desk) -> None:
    """The preview says what the answer then does; our own history keeps what was meant."""
    heard = await desk.heard("hello")
    seen = await desk.inbox.conversations.preview(heard.conversation, OFFER)
    assert seen.changed == ("a choice is shown as text",)
    said = await desk.inbox.conversations.reply(heard.conversation, OFFER)
    await desk.inbox.work()
    assert (
        [one["text"] for one in desk.far["chat"].said]
        == list(seen.pieces)
        == ["Which one?\n1. Green\n2. Blue"]
    )
    assert (await desk.inbox.conversations.message(said.id)).parts == OFFER


async def test_a_refusal_is_told_with_its_reason(desk: Desk) -> None:
    heard = await desk.heard("hello")
    seen = await desk.inbox.conversations.preview(heard.conversation, "x" * 101)
    assert (seen.possible, seen.why, seen.pieces) == (False, "TooLarge", ())
    assert "100" in seen.refused


async def test_a_draft_is_previewed_on_any_account(desk: Desk) -> None:
    """By name; or, if there is only one of its kind, by whom it is for."""
    assert desk.inbox.preview(draft(Text(text="hi")), "other").account == "other"
    assert desk.inbox.preview(draft(Text(text="hi"), kind="letter")).account == "letter"
    with pytest.raises(NotFound, match=r"several are of kind chat: chat, other"):
        desk.inbox.preview(draft(Text(text="hi")))
    with pytest.raises(NotFound, match="none is of kind fax"):
        desk.inbox.preview(draft(Text(text="hi"), kind="fax"))
    place = desk.inbox.preview(draft(Location(latitude=1, longitude=2)), "chat")
    assert place.changed == ("a location is shown as text",)


async def test_nobody_is_previewed_in_a_conversation_that_is_not_there(desk: Desk) -> None:
    with pytest.raises(NotFound):
        await desk.inbox.conversations.preview("made up", "hi")


async def test_a_sign_is_given_at_once_beside_what_was_heard(desk: Desk) -> None:
    """It is on no record, and nothing waits for it."""
    heard = await desk.heard("hello")
    before = desk.state()
    assert await desk.inbox.conversations.signal(heard.conversation)
    assert desk.far["chat"].said == [{"to": "anna", "sign": "typing", "heard": "chat-anna-hello"}]
    assert desk.state() == before


@pytest.mark.parametrize("answer", [LOST, REFUSED])
async def test_a_sign_that_was_not_taken_is_no_error(desk: Desk, answer: object) -> None:
    heard = await desk.heard("hello")
    desk.far["chat"].answers.append(answer)  # type: ignore[arg-type]
    assert not await desk.inbox.conversations.signal(heard.conversation)


async def test_a_sign_that_the_channel_does_not_show_is_refused(desk: Desk) -> None:
    heard = await desk.heard("hello")
    with pytest.raises(Unsupported):
        await desk.inbox.conversations.signal(heard.conversation, "seen")
    with pytest.raises(NotFound):
        await desk.inbox.conversations.signal("made up")


async def test_a_handler_shows_that_somebody_is_writing(desk: Desk) -> None:
    """At once: whatever becomes of what it decides."""

    @desk.inbox.on_message
    async def handler(incoming: Incoming) -> None:
        assert await incoming.signal()
        await incoming.reply("there")

    await desk.heard("hello")
    assert [one.get("sign") or one["text"] for one in desk.far["chat"].said] == ["typing", "there"]
