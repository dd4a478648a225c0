"""Edges of what is sent; what the cases show is not shown again."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnichannel.errors import TooLarge, Unsupported
from omnichannel.model import (
    Address,
    Attachment,
    Choice,
    ContactCard,
    Location,
    Option,
    Party,
    Template,
    Text,
)
from tests.channels.whatsapp.given import ANN_ID, WABA, channel, draft, sent

JPEG, VOICE = "image/jpeg", "audio/ogg"


def file(media_type: str = JPEG, size: int = 3, name: str = "a") -> Attachment:
    return Attachment(name=name, media_type=media_type, content=b"x" * size)


def kinds(*parts: object) -> list[tuple[str, str]]:
    """The type of each message, and the words on it."""
    return [
        (body["type"], body.get("text", {}).get("body") or body[body["type"]].get("caption", ""))
        for body in sent(*parts)
    ]


@pytest.mark.parametrize(
    ("parts", "messages"),
    [
        ([Text(text="a"), file()], [("image", "a")]),
        ([file(), Text(text="a")], [("image", "a")]),
        ([Text(text="a"), file(), Text(text="b")], [("image", "a"), ("text", "b")]),
        ([Text(text="a"), file(), file(), Text(text="b")], [("image", "a"), ("image", "b")]),
        ([Text(text="a"), file(VOICE), Text(text="b")], [("text", "a"), ("audio", ""), ("text", "b")]),
        ([Text(text="a" * 1025), file()], [("text", "a" * 1025), ("image", "")]),
        ([Text(text="a"), Text(text="b")], [("text", "a\nb")]),
        ([Text(text=" "), file()], [("image", "")]),
        ([Location(latitude=1, longitude=2), Text(text="a")], [("location", ""), ("text", "a")]),
    ],
)
def test_words_beside_a_file_are_its_caption(parts: list, messages: list) -> None:
    assert kinds(*parts) == messages


@pytest.mark.parametrize(
    ("media_type", "size", "kind"),
    [
        (JPEG, 5 * 1024 * 1024, "image"),
        (JPEG, 5 * 1024 * 1024 + 1, "document"),
        ("image/png", 1, "image"),
        ("image/webp", 1, "sticker"),
        ("image/webp", 600_000, "document"),
        ("VIDEO/MP4", 1, "video"),
        ("video/3gpp", 17 * 1024 * 1024, "document"),
        ("audio/mpeg", 1, "audio"),
        ("application/pdf", 20 * 1024 * 1024, "document"),
    ],
)
def test_a_file_is_shown_as_what_it_is_while_it_is_small_enough(
    media_type: str, size: int, kind: str
) -> None:
    assert sent(file(media_type, size))[0]["type"] == kind


@pytest.mark.parametrize("url", ["", "ftp://x/y", "file:///etc/passwd"])
def test_a_file_without_bytes_or_address_is_refused(url: str) -> None:
    with pytest.raises(Unsupported, match="neither bytes"):
        sent(Attachment(media_type=JPEG, url=url))


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ((Option(title=" "),), Unsupported),
        ((Option(title="a"), Option(title="a", value="b")), Unsupported),
        ((Option(title="a", value="x"), Option(title="b", value="x")), Unsupported),
        ((Option(title="a", url="https://x"), Option(title="b")), Unsupported),
        ((Option(title="a" * 21, url="https://x"),), TooLarge),
        ((Option(title="a", value="x" * 257),), TooLarge),
        ((Option(title="a" * 24, value="x" * 201),), TooLarge),
        ((Option(title="a", text="x" * 73),), TooLarge),
        (tuple(Option(title=str(n)) for n in range(11)), TooLarge),
        ((), Unsupported),
    ],
)
def test_options_that_cannot_be_shown(options: tuple[Option, ...], error: type[Exception]) -> None:
    with pytest.raises(error):
        sent(Text(text="Which?"), Choice(options=options))


def test_a_title_that_is_too_long_for_a_button_makes_a_list() -> None:
    (body,) = sent(Text(text="Which?"), Choice(options=(Option(title="a" * 24),)))
    assert body["interactive"]["type"] == "list"


def test_the_button_of_a_list_says_what_the_account_wants() -> None:
    options = tuple(Option(title=str(n)) for n in range(4))
    (call,) = channel(menu="Kies").render(draft(Text(text="Which?"), Choice(options=options)))
    assert json.loads(call.body)["interactive"]["action"]["button"] == "Kies"


def test_a_choice_without_a_question_is_refused() -> None:
    with pytest.raises(Unsupported, match="needs a text"):
        sent(file(), Choice(options=(Option(title="a"),)))


def test_a_choice_stands_last_with_the_end_of_a_long_question() -> None:
    long = "A sentence. " * 200
    *before, last = sent(Text(text=long), file(), Choice(options=(Option(title="a"),)))
    assert last["interactive"]["type"] == "button"
    body = last["interactive"]["body"]["text"]
    assert len(body) <= 1024
    assert long.endswith(body)
    assert {body["type"] for body in before} == {"text", "image"}


@given(st.text(min_size=1, max_size=12_000))
def test_no_word_is_lost_and_no_text_too_long(text: str) -> None:
    if text.strip():
        said = [body["text"]["body"] for body in sent(Text(text=text))]
        assert all(0 < len(one) <= 4096 for one in said)
        assert "".join("".join(said).split()) == "".join(text.split())


@pytest.mark.parametrize(
    "part",
    [
        Template(name="Has Capitals"),
        Template(name="a", header="x", media=file()),
        Template(name="a", media=file(VOICE)),
        ContactCard(name=" "),
        ContactCard(name="a", addresses=(Address(kind="x", value="1"),)),
    ],
)
def test_parts_that_whatsapp_would_refuse(part: object) -> None:
    with pytest.raises(Unsupported):
        sent(part)


def test_a_template_without_places_is_its_name() -> None:
    (body,) = sent(Template(name="hello_world", language="en_US"), heard_at=None)
    assert body["template"] == {"name": "hello_world", "language": {"code": "en_US"}}


def test_a_picture_above_a_template_may_be_an_address() -> None:
    media = Attachment(media_type=JPEG, url="https://shop.example/a.jpg")
    (body,) = sent(Template(name="a", media=media))
    assert body["template"]["components"][0]["parameters"] == [
        {"type": "image", "image": {"link": media.url}}
    ]


@pytest.mark.parametrize(
    ("address", "field"),
    [
        (Address(kind="whatsapp", scope=WABA, value=ANN_ID), {"recipient": ANN_ID}),
        (Address(kind="whatsapp", scope=WABA, value="16505551234"), {"to": "16505551234"}),
    ],
)
def test_who_it_goes_to(address: Address, field: dict) -> None:
    (body,) = sent(to=Party(address=address))
    assert {key: body[key] for key in ("to", "recipient") if key in body} == field


@pytest.mark.parametrize(
    "address",
    [
        Address(kind="whatsapp", value=ANN_ID),
        Address(kind="whatsapp", scope="parent", value=ANN_ID),
        Address(kind="messenger", scope=WABA, value="1"),
    ],
)
def test_who_it_cannot_go_to(address: Address) -> None:
    with pytest.raises(Unsupported):
        sent(to=Party(address=address))


def test_in_public_there_are_only_groups() -> None:
    with pytest.raises(Unsupported, match="groups"):
        sent(public=True)


def test_what_we_named_ourselves_is_not_answered() -> None:
    (body,) = sent(reply_to="message:" + "0" * 32)
    assert "context" not in body


@pytest.mark.parametrize(
    ("sign", "heard"), [("wave", "wamid.1"), ("seen", ""), ("typing", "message:" + "0" * 32)]
)
def test_signs_that_cannot_be_given(sign: str, heard: str) -> None:
    with pytest.raises(Unsupported):
        channel().signal(draft().to, sign, heard)


@pytest.mark.parametrize(
    ("sign", "typing"), [("seen", {}), ("typing", {"typing_indicator": {"type": "text"}})]
)
def test_signs_stand_beside_a_message(sign: str, typing: dict) -> None:
    body = json.loads(channel().signal(draft().to, sign, "wamid.1").body)
    assert body == {"messaging_product": "whatsapp", "status": "read", "message_id": "wamid.1"} | typing
