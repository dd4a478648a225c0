"""What items and comments mean where the cases do not look, and anything at all."""

from __future__ import annotations

import json
from typing import Any

import pytest
from bench.conform.__main__ import missed, totals
from bench.conform.instagram import DATA, report
from hypothesis import given
from hypothesis import strategies as st

from omnichannel.channel import Delivery
from omnichannel.channels.instagram import Instagram

ACCOUNT = "17841400000000001"


def said(**entry: object) -> list[Any]:
    channel = Instagram("a", account_id=ACCOUNT, token="t", app_secret="s", verify_token="v", username="shop")
    body = {"object": "instagram", "entry": [{"id": ACCOUNT, "time": 1790000000, **entry}]}
    return list(channel.parse(Delivery(body=json.dumps(body).encode())))


def comment(**value: object) -> Any:
    (event,) = said(changes=[{"field": "comments", "value": {"id": "5", **value}}])
    return event


@pytest.mark.skipif(not DATA.exists(), reason="the recorded bodies are not beside this repository")
def test_recorded_bodies_say_what_their_source_says() -> None:
    """All of it, but for differences that have a reason."""
    rows = report()
    assert rows
    assert missed("instagram", totals("instagram", rows)) == []


def test_messages_and_comments_may_come_in_one_entry() -> None:
    message = {"sender": {"id": "2"}, "recipient": {"id": ACCOUNT}, "message": {"mid": "m", "text": "one"}}
    both = said(messaging=[message], changes=[{"field": "comments", "value": {"id": "5", "text": "two"}}])
    assert [(event.text, event.public) for event in both] == [("one", False), ("two", True)]


@pytest.mark.parametrize(
    "value", [{}, {"comment_id": "5"}, {"media_id": "5){id}"}, {"media_id": "5", "comment_id": "x"}]
)
def test_a_mention_of_nothing_is_unreadable(value: dict[str, str]) -> None:
    """What stands there becomes part of a question to Meta: numbers alone."""
    (event,) = said(changes=[{"field": "mentions", "value": value}])
    assert event.event == "malformed"


def test_our_own_comments_are_known_by_id_name_or_mark() -> None:
    for author in ({"id": ACCOUNT}, {"id": "9", "username": "shop"}, {"id": "9", "self_ig_scoped_id": "1"}):
        found = comment(text="Yes", **{"from": author})
        assert (found.direction, found.sender.address.value) == ("outbound", ACCOUNT)
    assert comment(text="Yes", **{"from": {"id": "9", "username": "shopper"}}).direction == "inbound"


def test_a_comment_without_words_keeps_what_came() -> None:
    assert comment().parts[0].what == "unsupported:comment"
    assert comment(media={"id": "7"}).parts[0].external_id == "7"


def test_a_comment_without_an_id_cannot_be_read_and_its_sibling_can() -> None:
    bad, good = said(
        changes=[{"field": "comments", "value": {"text": "?"}}, {"field": "comments", "value": {"id": "6"}}]
    )
    assert (bad.event, good.event) == ("malformed", "received")


def test_a_comment_may_mention_a_token_that_only_suggests() -> None:
    token = "oct" + "a" * 26
    assert comment(text=token).tokens == (token,)
    assert comment(text=token, **{"from": {"id": ACCOUNT}}).tokens == ()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
KEYS = st.sampled_from(["id", "text", "from", "user", "media", "parent_id", "timestamp", "username"])


@given(st.lists(st.dictionaries(KEYS, JSON, max_size=6), max_size=3))
def test_whatever_a_comment_holds_it_is_one_event(values: list[dict[str, object]]) -> None:
    changes = [{"field": "comments", "value": value} for value in values]
    assert len(said(changes=changes)) == len(values) or not values
