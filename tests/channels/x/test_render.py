"""What goes out: bodies exactly as X wants them, long answers in order, and clear refusals before anything is sent."""

from __future__ import annotations

import base64
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from omnichannel.channels.x import X
from omnichannel.channels.x.weight import weigh
from omnichannel.errors import TooLarge, Unsupported
from omnichannel.inbox.sending import chained
from omnichannel.model import Attachment, Choice, Option, Party, Text
from omnichannel.model.address import Address
from tests.channels.x.given import ANNA, US, channel, draft

POST = {"public": True, "reply_to": "2080765813578191303"}
IMAGE = Attachment(media_type="image/png", name="a.png", content=b"png")


def sent(**fields):
    return [(call.url.removeprefix("https://api.x.com"), json.loads(call.body)) for call in calls(**fields)]


def calls(text="Sorry!", **fields):
    return channel().render(draft(text, **fields))


def test_a_public_reply():
    """One post that answers the customer's."""
    reply = {"in_reply_to_tweet_id": "2080765813578191303"}
    assert sent(**POST) == [("/2/tweets", {"text": "Sorry!", "reply": reply})]


def test_a_direct_message():
    """To the person; X finds the conversation or makes one."""
    assert sent() == [(f"/2/dm_conversations/with/{ANNA}/messages", {"text": "Sorry!"})]
    assert sent(thread=f"{US}-{ANNA}") == sent()


def test_into_a_group():
    """Who wrote in a group is answered there."""
    (url, body), *_ = sent(thread="group-1578398451921985538")
    assert (url, body) == ("/2/dm_conversations/1578398451921985538/messages", {"text": "Sorry!"})


def test_calls_say_what_they_are():
    """Every call has its words, JSON, and no credentials."""
    (call,) = calls("Ünïcode", **POST)
    assert (call.method, call.text, call.chain, call.prepares) == ("POST", "Ünïcode", "", False)
    assert call.headers == (("content-type", "application/json"),)


def test_long_answers_become_a_thread():
    """Each post answers the one before it, whose id is put in before sending."""
    first, second, third = calls("Word after word. " * 40, **POST)
    assert (first.chain, second.chain, third.chain) == ("", *["/reply/in_reply_to_tweet_id"] * 2)
    assert json.loads(chained(second, "77").body)["reply"] == {"in_reply_to_tweet_id": "77"}
    assert all(weigh(call.text) <= 280 for call in (first, second, third))
    assert "".join(f"{call.text} " for call in (first, second, third)) == "Word after word. " * 40


def test_long_direct_messages_are_cut():
    """10 000 characters each, nothing lost."""
    pieces = [body["text"] for _, body in sent(text="word " * 4500)]
    assert [len(piece) <= 10_000 for piece in pieces] == [True] * 3
    assert " ".join(pieces).split() == ["word"] * 4500


def test_urls_are_never_cut():
    """Not even where there is nowhere else to cut."""
    url = "https://example.com/" + "path" * 30
    texts = [call.text for call in calls("字" * 138 + url + "字" * 138, **POST)]
    assert any(url in text for text in texts)
    assert "".join(texts) == "字" * 138 + url + "字" * 138


TRICKY = st.sampled_from(
    ["https://example.com/" + "a" * 60, "t.co", "@t.co ", " ", "\n\n", ". ", "あ", "👨‍👩‍👧‍👦", "🇳🇱", "e\u0301", "x" * 50,
     "http://", "-", "foo.com", "。", "/", "\U00100000", "www.b.", "co", "m", "\u0301", "\ufe0f", "©", "1\u20e3"]
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.text(max_size=900), st.lists(TRICKY, max_size=200).map("".join)))
def test_nothing_is_lost_and_nothing_is_too_long(text):
    """Any text: every post fits by the official measure, and together they are the text but for blanks at cuts."""
    try:
        pieces = [call.text for call in calls(text, **POST)]
    except Unsupported:
        assert not text.strip() or any(char in text for char in "\ufeff\ufffe\uffff")
        return
    assert "".join("".join(pieces).split()) == "".join(text.split())
    assert all(0 < weigh(piece) <= 280 for piece in pieces)


@pytest.mark.parametrize(("public", "place"), [(True, "tweet"), (False, "dm")])
@pytest.mark.parametrize(("media_type", "what"), [("image/jpeg", "image"), ("image/gif", "gif")])
def test_an_image_is_uploaded_first(public, place, media_type, what):
    """As base64, for the use that it is uploaded for; the id goes into the call after it."""
    image = Attachment(media_type=media_type, content=b"\xff\xd8")
    upload, call = calls(parts=(Text(text="Look"), image), public=public, reply_to="9")
    assert upload.url.endswith("/2/media/upload")
    assert upload.prepares
    assert not call.prepares
    body = {"media": base64.b64encode(b"\xff\xd8").decode(), "media_category": f"{place}_{what}"}
    assert json.loads(upload.body) == body
    filled = json.loads(chained(call, "77").body)
    assert filled["text"] == "Look"
    assert (filled["media"] if public else filled["attachments"]) == (
        {"media_ids": ["77"]} if public else [{"media_id": "77"}]
    )


def test_several_images():
    """A call can wait for one id only: further images answer the same post, or are messages of their own."""
    parts = (Text(text="Look"), IMAGE, IMAGE)
    assert [url for url, _ in sent(parts=parts, **POST)] == ["/2/media/upload", "/2/tweets"] * 2
    assert sent(parts=parts, **POST)[3][1]["reply"] == {"in_reply_to_tweet_id": POST["reply_to"]}
    assert sent(parts=parts)[3] == (
        f"/2/dm_conversations/with/{ANNA}/messages",
        {"attachments": [{"media_id": ""}]},
    )


def test_an_image_alone():
    """Posts say so with an empty text; direct messages have none."""
    assert sent(parts=(IMAGE,), **POST)[1][1]["text"] == ""
    assert "text" not in sent(parts=(IMAGE,))[1][1]


@pytest.mark.parametrize(
    ("fields", "error", "cure"),
    [
        ({"public": True}, Unsupported, "write privately"),
        ({"public": True, "reply_to": "5", "thread": f"{US}-{ANNA}"}, Unsupported, "write privately"),
        ({"parts": (Text(text=" \n"),)}, Unsupported, "nothing to say"),
        ({"parts": (Text(text="a\ufeffb"),), **POST}, Unsupported, "take them out"),
        ({"cc": (Party(address=Address(kind="x", value="5")),)}, Unsupported, "draft of their own"),
        ({"parts": (Choice(options=(Option(title="Yes"),)),)}, Unsupported, "in words"),
        ({"parts": (Attachment(media_type="application/pdf", content=b"%PDF"),)}, Unsupported, "as a link"),
        (
            {"parts": (Attachment(media_type="image/png", url="https://a.example/a.png"),)},
            Unsupported,
            "content",
        ),
        (
            {"parts": (Attachment(media_type="image/png", content=bytes(5 * 1024 * 1024 + 1)),)},
            TooLarge,
            "5242880",
        ),
        ({"parts": (IMAGE,) * 5, **POST}, TooLarge, "after them"),
        ({"to": Party(address=Address(kind="x", scope="unknown", value="5"))}, Unsupported, "public reply"),
        ({"to": Party(address=Address(kind="x", value="@anna"))}, Unsupported, "public reply"),
    ],
)
def test_what_cannot_be_sent(fields, error, cure):
    """Refused before anything goes out, with what is possible instead."""
    with pytest.raises(error, match=cure):
        calls(**fields)


def test_which_pieces_a_text_would_be():
    """Asked before sending, the same cuts; blanks are nothing."""
    text = "Word after word. " * 40
    assert X.pieces(text) == tuple(call.text for call in calls(text, **POST))
    assert X.pieces(text, public=False) == (text.strip(),)
    assert X.pieces(" \n") == X.pieces("", public=False) == ()
