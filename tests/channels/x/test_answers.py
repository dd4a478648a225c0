"""What X's answers mean: one table of answers that were seen or are documented, and the receipts they become."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnichannel.channel import Call, Response
from omnichannel.model import Deferred, Refused, Sent, Unknown
from tests.channels.x.given import channel

NOW = ("date", "Fri, 24 Jul 2026 12:00:00 GMT")  # 1784894400
GATE = "You can only reply to or quote posts where you are mentioned or are the author."
TWICE = "You are not allowed to create a Tweet with duplicate content."
PROBLEMS = "https://api.twitter.com/2/problems/"


def receipt(status, body, *headers):
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return channel().read(
        Call(url="https://api.x.com/2/tweets"), Response(status=status, body=raw, headers=headers)
    )


def numbered(code, message="…"):
    return {"errors": [{"code": code, "message": message}]}


@pytest.mark.parametrize(
    ("body", "external_id"),
    [
        ({"data": {"id": "19", "text": "hi", "edit_history_tweet_ids": ["19"]}}, "19"),
        ({"data": {"dm_conversation_id": "1-2", "dm_event_id": "15"}}, "15"),
        ({"data": {"id": "18", "media_key": "3_18", "expires_after_secs": 86400}}, "18"),
        ({"media_id": 710511363345354753, "media_id_string": "710511363345354753"}, "710511363345354753"),
        ({"data": {"id": "19"}, "errors": [{"title": "Not Found Error", "detail": "a user"}]}, "19"),
    ],
)
def test_taken(body, external_id):
    """The id of the post, message or file; a part of the answer that failed does not undo it."""
    found = receipt(201, body)
    assert isinstance(found, Sent)
    assert found.external_id == external_id


@pytest.mark.parametrize(
    ("status", "body", "code"),
    [
        (403, {"title": "Authorization Error", "detail": GATE, "type": "about:blank"}, "not_summoned"),
        (403, {"title": "Forbidden", "detail": "Reply to this conversation is not allowed because you have not been"
               " mentioned or otherwise engaged by the author"}, "not_summoned"),
        (403, numbered(433, "The original Tweet author restricted who can reply to this Tweet."), "not_summoned"),
        (403, {"title": "Forbidden", "detail": TWICE, "status": 403, "type": "about:blank"}, "duplicate"),
        (403, numbered(187, "Status is a duplicate."), "duplicate"),
        (403, numbered(349, "You cannot send messages to this user."), "recipient_unavailable"),
        (403, numbered(150, "You cannot send messages to users who are not following you."), "recipient_unavailable"),
        (403, numbered(151), "recipient_unavailable"),
        (403, numbered(476, "Sender is not verified to send message requests"), "recipient_unavailable"),
        (403, {"title": "Forbidden", "detail": "This user does not accept messages"}, "recipient_unavailable"),
        (404, {"title": "Not Found Error", "type": PROBLEMS + "resource-not-found"}, "recipient_unavailable"),
        (401, {"title": "Unauthorized", "status": 401, "type": "about:blank"}, "reauth"),
        (401, numbered(89, "Invalid or expired token."), "reauth"),
        (403, {"title": "Forbidden", "detail": "Forbidden", "type": "about:blank"}, "config"),
        (403, numbered(453), "config"),
        (403, {"title": "Client Forbidden", "type": PROBLEMS + "client-forbidden"}, "config"),
        (402, {"title": "CreditsDepleted", "detail": "no credits"}, "quota"),
        (429, {"title": "UsageCapExceeded", "type": PROBLEMS + "usage-capped"}, "quota"),
        (403, numbered(186, "Tweet needs to be a bit shorter."), "too_large"),
        (403, numbered(226, "This request looks like it might be automated."), "policy"),
        (400, {"errors": [{"message": "bad"}], "title": "Invalid Request", "type": PROBLEMS + "invalid-request"},
         "invalid"),
        (400, b"<html>no</html>", "invalid"),
        (200, {"errors": [{"title": "Not Found Error", "type": PROBLEMS + "resource-not-found"}]},
         "recipient_unavailable"),
        (403, {"errors": "You are not allowed to create a Tweet with duplicate content."}, "duplicate"),
    ],
)  # fmt: skip
def test_refused_for_good(status, body, code):
    """Numbers, types and words that were seen; whatever says nothing known goes by its HTTP status."""
    found = receipt(status, body)
    assert isinstance(found, Refused)
    assert found.code == code


def test_refusals_name_the_cure():
    """A person reads the detail: it says what X said, and what can be done."""
    found = receipt(403, {"title": "Authorization Error", "detail": GATE})
    assert GATE in found.detail
    assert "direct message" in found.detail


@pytest.mark.parametrize(
    ("headers", "after"),
    [
        ((NOW, ("x-rate-limit-reset", "1784894460")), 60.0),
        ((NOW, ("x-rate-limit-reset", "1784894460"), ("x-rate-limit-remaining", "0")), 60.0),
        ((NOW, ("x-rate-limit-reset", "1784890000")), 1.0),
        ((NOW, ("x-rate-limit-reset", "1984894460")), 86_400.0),
        ((NOW, ("x-rate-limit-reset", "1784894460"), ("x-rate-limit-remaining", "4"),
          ("x-user-limit-24hour-reset", "1784898000"), ("x-user-limit-24hour-remaining", "0")), 3600.0),
        ((NOW, ("x-rate-limit-reset", "soon")), 900.0),
        ((("x-rate-limit-reset", "1784894460"),), 900.0),
        ((("date", "yesterday"), ("x-rate-limit-reset", "1784894460")), 900.0),
        ((), 900.0),
    ],
)  # fmt: skip
def test_rate_limits(headers, after):
    """Until the window ends by X's own clock; 15 minutes if it does not say, a day at most."""
    found = receipt(429, {"title": "Too Many Requests"}, *headers)
    assert isinstance(found, Deferred)
    assert found.after == after


@pytest.mark.parametrize(
    ("status", "code", "after"), [(429, 88, 900.0), (403, 185, 3600.0), (403, 88, 900.0)]
)
def test_not_now(status, code, after):
    """Numbers that mean later: too many requests, too many posts today."""
    assert receipt(status, numbered(code)).after == after


@pytest.mark.parametrize(
    "response",
    [
        Response(status=500, body=b"oops"),
        Response(status=503, body=json.dumps(numbered(187)).encode()),
        Response(status=408),
        Response(failure="in_doubt", detail="lost"),
        Response(status=200, body=b"{}"),
        Response(status=201, body=b"not json"),
    ],
)
def test_nobody_knows(response):
    """It may have been taken: never sent again by itself."""
    found = channel().read(Call(url="https://api.x.com/2/tweets"), response)
    assert isinstance(found, Unknown)


def test_never_sent():
    """What never left is tried again soon."""
    found = channel().read(Call(url="https://api.x.com"), Response(failure="not_sent", detail="no name"))
    assert isinstance(found, Deferred)


@given(st.integers(100, 599), st.one_of(st.binary(max_size=60), st.recursive(
    st.none() | st.booleans() | st.text(max_size=9) | st.integers(),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(["errors", "error", "data", "type", "code", "detail", "id"]), inner, max_size=4),
    max_leaves=8,
)))  # fmt: skip
def test_any_answer_has_a_meaning(status, body):
    """Whatever comes back, it is one of the four receipts."""
    found = receipt(status, body)
    assert isinstance(found, Sent | Refused | Deferred | Unknown)
