"""What a draft becomes on the wire: in order, nothing dropped, nothing cut off, or an error that names the cure."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnichannel.channel import Call
from omnichannel.channels.messenger import Messenger
from omnichannel.errors import TooLarge, Unsupported, UsageError, WindowClosed
from omnichannel.model import (
    Address,
    Attachment,
    Choice,
    ContactCard,
    Location,
    Option,
    Party,
    Reference,
    System,
    Text,
)
from tests.channels.messenger.given import ANNA, MORNING, PAGE, anna, channel, draft


def body(call: Call) -> dict:
    return json.loads(call.body)


def test_a_text_is_one_call_without_credentials() -> None:
    (call,) = channel().render(draft(Text(text="Hello, world! 👍")))
    assert (call.method, call.url) == ("POST", f"https://graph.facebook.com/v26.0/{PAGE}/messages")
    assert dict(call.headers) == {"content-type": "application/json"}
    assert body(call) == {
        "recipient": {"id": ANNA},
        "messaging_type": "RESPONSE",
        "message": {"text": "Hello, world! 👍", "metadata": "0199-draft/0"},
    }
    assert (call.correlator, call.text) == ("0199-draft/0", "Hello, world! 👍")
    assert "page-token" not in call.model_dump_json()


def test_the_token_travels_in_a_header_only() -> None:
    (call,) = channel().render(draft())
    assert channel().credentials(call) == {"authorization": "Bearer page-token"}
    assert Messenger.bare().credentials(call) == {}


def test_what_the_conversation_is_called_is_not_said() -> None:
    """A conversation that began as mail goes on here: its subject is nobody's words."""
    assert channel().render(draft(subject="Re: my order")) == channel().render(draft())


def test_the_pieces_that_are_promised_are_those_that_are_sent() -> None:
    text = "word " * 900 + "\n" * 2500 + "end"
    sent = [body(call)["message"]["text"] for call in channel().render(draft(Text(text=text)))]
    assert tuple(sent) == Messenger.pieces(text)


def test_host_and_version_are_settings() -> None:
    (call,) = channel(host="http://localhost:9", version="v25.0").render(draft())
    assert call.url == f"http://localhost:9/v25.0/{PAGE}/messages"


def test_texts_that_follow_each_other_are_one() -> None:
    (call,) = channel().render(draft(Text(text="one"), Text(text="two")))
    assert body(call)["message"]["text"] == "one\ntwo"


@given(st.text(alphabet=st.sampled_from("ab .\n👍é"), min_size=1, max_size=7000))
def test_a_long_text_goes_as_several_in_order_and_loses_nothing(text: str) -> None:
    if not text.strip():
        return
    calls = channel().render(draft(Text(text=text)))
    pieces = [body(call)["message"]["text"] for call in calls]
    assert all(len(piece) <= 2000 and piece.strip() for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())
    assert [call.correlator for call in calls] == [f"0199-draft/{n}" for n in range(len(calls))]


def test_attachments_stand_in_their_place_one_a_call() -> None:
    parts = (
        Text(text="See"),
        Attachment(media_type="image/png", url="https://x/1.png"),
        Attachment(media_type="application/pdf", url="https://x/2.pdf", name="two.pdf"),
        Text(text="Well?"),
    )
    said = [body(call)["message"] for call in channel().render(draft(*parts))]
    assert [message.get("text") for message in said] == ["See", None, None, "Well?"]
    assert said[1]["attachment"] == {"type": "image", "payload": {"url": "https://x/1.png"}}
    assert said[2]["attachment"] == {"type": "file", "payload": {"url": "https://x/2.pdf"}}


@pytest.mark.parametrize(
    ("media_type", "kind"),
    [
        ("image/png", "image"),
        ("audio/mpeg", "audio"),
        ("video/mp4", "video"),
        ("text/plain", "file"),
        ("", "file"),
    ],
)
def test_the_kind_of_an_attachment_follows_its_media_type(media_type: str, kind: str) -> None:
    (call,) = channel().render(draft(Attachment(media_type=media_type, url="https://x/1")))
    assert body(call)["message"]["attachment"]["type"] == kind


def test_bytes_go_as_a_form_that_is_the_same_every_time() -> None:
    content = b"\x89PNG\r\n--part-x\r\n\x00"
    given = draft(Attachment(name='my "cat".png', media_type="image/png", content=content))
    (call,) = channel().render(given)
    assert channel().render(given) == (call,)
    kind = dict(call.headers)["content-type"]
    boundary = kind.removeprefix("multipart/form-data; boundary=").encode()
    pieces = call.body.split(b"--" + boundary)
    assert [piece.partition(b"\r\n\r\n")[2] for piece in pieces[1:-1]] == [
        b'{"id": "200000000000001"}\r\n',
        b"RESPONSE\r\n",
        b'{"attachment": {"type": "image", "payload": {}}, "metadata": "0199-draft/0"}\r\n',
        content + b"\r\n",
    ]
    assert b'filename="my _cat_.png"' in pieces[4]
    assert b"content-type: image/png\r\n" in pieces[4]
    assert pieces[-1] == b"--\r\n"


@given(st.text(max_size=30), st.text(max_size=30))
def test_no_name_or_media_type_breaks_out_of_its_header(name: str, media_type: str) -> None:
    (call,) = channel().render(draft(Attachment(name=name, media_type=media_type, content=b"x")))
    head = call.body.rpartition(b"\r\n\r\nx")[0].rpartition(b"--part-")[2]
    assert len(head.split(b"\r\n")) == 3
    assert head.count(b'"') == 4


def test_options_are_quick_replies_on_the_last_thing_said() -> None:
    """They vanish as soon as another message follows."""
    options = (Option(title="Red", value="R"), Option(title="Blue"))
    replies = [
        {"content_type": "text", "title": "Red", "payload": "R"},
        {"content_type": "text", "title": "Blue", "payload": "Blue"},
    ]
    (only,) = channel().render(draft(Text(text="Pick"), Choice(options=options)))
    assert body(only)["message"]["quick_replies"] == replies
    first, last = channel().render(draft(Choice(options=options), Text(text="x" * 2100)))
    assert "quick_replies" not in body(first)["message"]
    assert body(last)["message"]["quick_replies"] == replies


def test_an_answer_names_what_it_answers_once() -> None:
    first, second = channel().render(draft(Text(text="x" * 2100), reply_to="m_5"))
    assert body(first)["reply_to"] == {"mid": "m_5"}
    assert "reply_to" not in body(second)


def test_an_id_that_was_made_here_is_not_told_to_the_platform() -> None:
    (call,) = channel().render(draft(reply_to="postback:" + "0a" * 16))
    assert "reply_to" not in body(call)


def test_a_visitor_of_the_plugin_is_written_to_by_reference_without_a_window() -> None:
    to = Party(address=Address(kind="messenger", scope=PAGE, value="user_ref:V-1"))
    (call,) = channel().render(draft(to=to, heard_at=None))
    assert body(call)["recipient"] == {"user_ref": "V-1"}


def test_without_settings_the_recipients_page_is_the_sender() -> None:
    (call,) = Messenger.bare().render(draft(to=anna("77")))
    assert call.url.endswith("/v26.0/77/messages")


DAY, WEEK, MINUTE = timedelta(hours=24), timedelta(days=7), timedelta(minutes=1)
RESPONSE = {"messaging_type": "RESPONSE"}
TAGGED = {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}


@pytest.mark.parametrize(
    ("silence", "human_agent", "automatic", "label"),
    [
        (timedelta(0), False, True, RESPONSE),
        (-MINUTE, False, False, RESPONSE),
        (DAY, False, True, RESPONSE),
        (DAY, True, False, RESPONSE),
        (DAY + MINUTE, True, False, TAGGED),
        (WEEK, True, False, TAGGED),
    ],
)
def test_within_the_window(silence: timedelta, human_agent: bool, automatic: bool, label: dict) -> None:
    (call,) = channel(human_agent=human_agent).render(draft(silence=silence, automatic=automatic))
    assert {key: body(call).get(key) for key in ("messaging_type", "tag") if key in body(call)} == label


@pytest.mark.parametrize(
    ("silence", "human_agent", "automatic", "cure"),
    [
        (DAY + MINUTE, False, False, "human_agent=True"),
        (DAY + MINUTE, True, True, "a program may not"),
        (WEEK + MINUTE, True, False, "another channel"),
        (WEEK + MINUTE, False, True, "another channel"),
    ],
)
def test_outside_the_window_says_until_when_it_was_and_what_is_possible(
    silence: timedelta, human_agent: bool, automatic: bool, cure: str
) -> None:
    closed = MORNING - silence + DAY
    with pytest.raises(WindowClosed, match=f"closed at {closed:%Y-%m-%d %H:%M} UTC") as raised:
        channel(human_agent=human_agent).render(draft(silence=silence, automatic=automatic))
    assert cure in str(raised.value)


def test_who_never_wrote_cannot_be_written_to() -> None:
    with pytest.raises(WindowClosed, match=r"m\.me"):
        channel(human_agent=True).render(draft(heard_at=None))


MEGABYTE = 1024 * 1024


@pytest.mark.parametrize(
    ("given", "error", "cure"),
    [
        (draft(public=True), Unsupported, "answer privately"),
        (draft(cc=(anna(),)), Unsupported, "one person"),
        (draft(Location(latitude=1, longitude=2)), Unsupported, "as text"),
        (draft(ContactCard(name="Bo")), Unsupported, "text, attachments and choices"),
        (draft(Reference(url="https://x")), Unsupported, "as text"),
        (draft(System(what="x")), Unsupported, "as text"),
        (draft(Choice(chosen=Option(title="x"))), Unsupported, "needs options"),
        (draft(Choice(options=(Option(title="x"),))), Unsupported, "needs a text"),
        (draft(Text(text=" \n")), Unsupported, "says nothing"),
        (draft(Text(text="Pick"), Choice(options=(Option(title=" "),))), Unsupported, "title"),
        (draft(Text(text="Pick"), Choice(options=(Option(title="x" * 21),))), TooLarge, "20"),
        (draft(Text(text="Pick"), Choice(options=(Option(title="x", value="v" * 1001),))), TooLarge, "1000"),
        (draft(Text(text="Pick"), *[Choice(options=(Option(title="x"),) * 7)] * 2), TooLarge, "13"),
        (draft(Attachment(name="a.pdf")), Unsupported, "content"),
        (draft(Attachment(url="file:///etc/passwd")), Unsupported, "public address"),
        (draft(Attachment(media_type="image/png", content=b"x" * (8 * MEGABYTE + 1))), TooLarge, "link"),
        (draft(Attachment(media_type="image/png", url="https://x", size=9 * MEGABYTE)), TooLarge, "link"),
        (draft(Attachment(content=b"x" * (25 * MEGABYTE + 1))), TooLarge, "link"),
        (draft(*[Attachment(url="https://x")] * 31), TooLarge, "30"),
        (draft(to=anna("999")), Unsupported, "send it there"),
        (draft(to=anna("")), Unsupported, "names no Page"),
        (draft(to=Party(address=Address(kind="email", value="a@b.nl"))), Unsupported, "kind email"),
    ],
)
def test_what_cannot_be_sent_is_refused_with_what_can(
    given: object, error: type[UsageError], cure: str
) -> None:
    with pytest.raises(error, match=cure):
        channel().render(given)


@pytest.mark.parametrize("size", [8 * MEGABYTE, 25 * MEGABYTE])
def test_the_largest_files_are_taken(size: int) -> None:
    media_type = "image/png" if size == 8 * MEGABYTE else "video/mp4"
    (call,) = channel().render(draft(Attachment(media_type=media_type, content=b"x" * size)))
    assert len(call.body) > size
