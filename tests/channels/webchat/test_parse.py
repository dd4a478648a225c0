"""What a delivery means; what is not ours is malformed, and what is hostile stays what it is: text."""

from __future__ import annotations

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnichannel.channel import Delivery
from omnichannel.channels.webchat import WebChat
from omnichannel.errors import Malformed, Unsupported
from omnichannel.model import Attachment
from tests.channels.webchat.given import PNG, TOKEN, VISITOR, body, channel, events


@pytest.mark.parametrize(
    "bad",
    [
        {}, [], 7, None, {"type": "other"}, body(), body(text="  \n "), body(text=7), body(text="x" * 4001), body(text="a", id="short"),
        body(text="a", id="with spaces here"), body(text="a", visitor="v1"), body(text="a", visitor="u:4711"), body(text="a", at="today"),
        body(text="a", at="2026-11-20T08:00:00"), body(text="a", strange=1), body(text="a", user={"id": ""}), body(text="a", user={}),
        body(files=[{"name": "a", "data": "eA=="}] * 6), body(choice={"value": "x"}), body(files=[{"name": "a.txt", "data": "?"}]),
        body(type="status", status="failed", messages=["a"]), body(type="status", status="read", messages=[]),
        body(type="status", status="read", messages=["a b"]), body(type="continue"), body(type="continue", token=""),
    ],
)  # fmt: skip
def test_what_is_not_ours_is_malformed(bad: object) -> None:
    with pytest.raises(Malformed):
        events(bad)


def test_the_complaint_never_repeats_what_was_said() -> None:
    with pytest.raises(Malformed) as caught:
        events(body(text="my secret " * 1000))
    assert "secret" not in str(caught.value)
    assert "text" in str(caught.value)


def test_a_file_may_hold_several_and_one_bad_one_harms_no_other() -> None:
    first, bad, last = events(body(text="one"), {"type": "?"}, body(text="two"), source="file")
    assert (first.text, last.text) == ("one", "two")
    assert (bad.event, bad.where) == ("malformed", "/1")
    with pytest.raises(Malformed):
        events(body(text="one"), body(text="two"))  # on the wire, one delivery is one thing said


@given(st.text(min_size=1, max_size=300))
def test_any_words_arrive_as_they_are(text: str) -> None:
    """Also markup, which is words like all others here."""
    if not text.strip():
        return
    (event,) = events(body(text=text))
    assert event.text == text.replace("\x00", "\ufffd")


def test_a_message_sent_again_after_a_login_is_the_same_message() -> None:
    """Its id is the browser's, whoever is logged in there."""
    (before,), (after,) = events(body(text="a")), events(body(text="a", user={"id": "4711"}))
    assert before.external_id == after.external_id == f"{VISITOR}/0123456789"
    assert before.sender.address != after.sender.address


def test_a_users_id_can_never_be_a_visitors() -> None:
    """Whatever the shop calls its users, nobody becomes somebody's browser by a name."""
    (event,) = events(body(text="a", user={"id": VISITOR}))
    assert event.sender.address.value == f"u:{VISITOR}"


def test_users_of_several_sites_are_the_same_only_where_that_is_said() -> None:
    def own_id(**settings: object):
        (event,) = channel(**settings).parse(
            Delivery(body=json.dumps(body(text="a", user={"id": "4711"})).encode())
        )
        return event.evidence[1].address

    assert str(own_id()) == "user:chat:4711"
    assert str(own_id(users="shop")) == "user:shop:4711"


def test_the_bytes_of_a_file_are_in_the_delivery() -> None:
    data = base64.b64encode(PNG).decode()
    delivery = Delivery(body=json.dumps(body(files=[{"name": "a.png", "data": data}])).encode())
    (event,) = channel().parse(delivery)
    assert channel().content(delivery, event.parts[0]) == PNG
    for wrong in (Attachment(name="a.png"), Attachment(name="a.png", index=1)):
        with pytest.raises(Unsupported):
            WebChat.bare().content(delivery, wrong)


def test_words_and_a_choice_and_a_file_go_together() -> None:
    file = {"name": "a.png", "data": base64.b64encode(PNG).decode()}
    (event,) = events(body(text=f"This one {TOKEN}", choice={"title": "Red", "value": "r"}, files=[file]))
    assert [part.type for part in event.parts] == ["text", "choice", "attachment"]
    assert event.tokens == (TOKEN,)
    (event,) = events(body(choice={"title": "Red"}))
    assert event.text == "Red"
