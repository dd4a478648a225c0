"""What a visitor sees of a message, and what may be sent; what the contract kit cannot know of it."""

from __future__ import annotations

import pytest

from omnichannel.channels.webchat import render, show
from omnichannel.errors import TooLarge, Unsupported
from omnichannel.model import (
    Attachment,
    Card,
    Choice,
    Delivered,
    Direction,
    Draft,
    Location,
    Message,
    Option,
    Part,
    Party,
    Reference,
    System,
    Text,
)
from tests.channels.webchat.given import visitor
from tests.engines import MORNING


def message(*parts: Part, direction: Direction = Direction.OUTBOUND, **more: object) -> Message:
    given = {
        "id": "m", "conversation": "c", "seq": 1, "direction": direction, "sent_at": MORNING, "received_at": MORNING,
        "parts": parts,
    }  # fmt: skip
    return Message.model_validate(given | more)


def draft(*parts: Part) -> Draft:
    return Draft(id="0199", to=Party(address=visitor()), parts=parts, created_at=MORNING)


@pytest.mark.parametrize(
    ("part", "seen"),
    [
        (Text(text="<b>"), {"type": "text", "text": "<b>"}),
        (Reference(url="https://a.nl", title="A"), {"type": "link", "url": "https://a.nl", "title": "A", "text": ""}),
        (Card(title="A", image="https://a.nl/a.png"), {"type": "card", "title": "A", "text": "", "image": "https://a.nl/a.png", "options": []}),
        (Choice(options=(Option(title="A"),)), {"type": "choice", "options": [{"title": "A", "value": "A"}]}),
        (Attachment(name="a", url="https://a.nl/a"), {"type": "file", "name": "a", "media_type": "application/octet-stream", "size": None, "url": "https://a.nl/a"}),
        (Attachment(content=b"a", size=1), {"type": "file", "name": "file", "media_type": "application/octet-stream", "size": 1, "index": 0}),
        (System(what="joined"), {"type": "text", "text": "system"}),
        (Location(latitude=1, longitude=2, name="Here"), {"type": "text", "text": "Here\nhttps://www.openstreetmap.org/?mlat=1.000000&mlon=2.000000"}),
    ],
)  # fmt: skip
def test_each_part_has_a_shape_or_is_said_in_words(part: Part, seen: dict) -> None:
    assert show.as_json(message(part))["parts"] == [seen]


def test_a_visitors_own_file_is_named_and_not_offered() -> None:
    """It lies in the raw delivery: whoever answers has it, and the visitor has the original."""
    found = show.as_json(
        message(Attachment(name="a.png", size=3, index=0), direction=Direction.INBOUND, external_id="v/abc")
    )
    assert found["parts"] == [
        {"type": "file", "name": "a.png", "media_type": "application/octet-stream", "size": 3}
    ]
    assert (found["from"], found["client"]) == ("you", "abc")


def test_a_message_is_shown_unless_all_of_it_failed() -> None:
    def sent(*statuses: str) -> Message:
        return message(
            sendings=tuple(Delivered(call=str(n), status=status) for n, status in enumerate(statuses))
        )

    assert show.shown(sent())
    assert show.shown(sent("queued"))
    assert show.shown(sent("unknown"))
    assert show.shown(sent("failed", "sent"))
    assert not show.shown(sent("failed", "cancelled"))


def test_who_sees_what_an_agent_may_not_do() -> None:
    """Each refusal says what is possible instead."""
    for part, error, cure in (
        (Choice(options=()), Unsupported, "needs options"),
        (Choice(options=(Option(title=" "),)), Unsupported, "needs a title"),
        (Choice(options=(Option(title="x" * 201),)), TooLarge, "into the text"),
        (Card(title="A", options=(Option(title="A", value="x" * 1001),)), TooLarge, "into the text"),
        (Attachment(name="a", url="http://a.nl/a"), Unsupported, "https://"),
        (Attachment(name="a", content=bytes(render.MOST_BYTES + 1)), TooLarge, "link"),
        (Attachment(name="a", media_type="x-a/b", content=b"a"), Unsupported, "takes image"),
    ):
        with pytest.raises(error, match=cure):
            render.calls(draft(Text(text="See"), part), "chat")
