"""Bodies as a whole: what is no message says so, and one bad item never harms its siblings."""

from __future__ import annotations

import copy
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from omnichannel.channels.x import X
from omnichannel.errors import Malformed
from tests.channels.x.given import (
    ANNA,
    BOB,
    US,
    activity,
    bare,
    case,
    channel,
    delivery,
    events,
    message,
    only,
    page,
    post,
)


@pytest.mark.parametrize(
    ("body", "kind", "reason"),
    [
        ([], "", "empty"),
        ({"meta": {"result_count": 0}}, "", "empty"),
        (None, "", "empty"),
        (b"", "", "empty"),
        ([1, 2], "ids", "no_message"),
        ({"ids": [1, 2]}, "ids", "no_message"),
        ({"data": {"id": "5", "username": "anna", "name": "Anna"}}, "user", "no_message"),
        ({"id": 5, "screen_name": "anna"}, "user", "no_message"),
        ({"time_zone": {}, "sleep_time": {}, "screen_name": "anna"}, "settings", "no_message"),
        ({"data": {"id": "5", "media_key": "3_5", "size": 9}}, "media", "no_message"),
        ({"id": "5", "url": "https://a.example", "valid": True}, "webhook", "no_message"),
        ({"html": "<b>", "author_name": "a"}, "embed", "no_message"),
        ({"welcome_message": {"id": "5"}}, "welcome_message", "no_message"),
        ({"data": {"liked": True}}, "unknown", "no_message"),
        ({}, "unknown", "no_message"),
        ({"title": "Invalid Request", "detail": "no query", "type": "about:blank"}, "error", "no query"),
        ({"errors": [{"code": 139, "message": "already favorited"}]}, "error", "already favorited"),
        ({"errors": "You have already retweeted this Tweet."}, "error", "You have already retweeted this Tweet."),
        ({"error": "Not Found", "request": "/1/x.json"}, "error", "Not Found"),
        (activity("replay_job_status", {"job_id": "1"}), "replay_job_status", "no_message"),
        (activity("like.create", {"post_id": "1"}), "like.create", "no_message"),
        ({"for_user_id": US, "follow_events": [{"type": "unfollow"}]}, "unfollow", "no_message"),
        ({"for_user_id": US, "mute_events": [{"target": {}}]}, "mute_events", "no_message"),
    ],
)  # fmt: skip
def test_what_is_no_message(body, kind, reason):
    """Ignored with what it is, never dropped in silence."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    found = only(events(raw))
    assert (found.event, found.kind, found.reason) == ("ignored", kind, reason)


@pytest.mark.parametrize(
    "body",
    [
        activity("oauth.revoke", {"user_id": US, "app_id": "5"}) | {},
        {"user_event": {"revoke": {"date_time": "2026-07-23T21:44:05+00:00", "source": {"user_id": US}}}},
    ],
)
def test_access_taken_back(body):
    """The account was disconnected: the reason says what to do."""
    found = only(events(body))
    assert (found.kind, "connect it again" in found.reason) == ("oauth.revoke", True)


def test_part_of_a_page():
    """A page with errors in it: its items, and what could not be had."""
    error = {
        "resource_id": "456",
        "title": "Not Found Error",
        "detail": "Could not find tweet with id: [456].",
    }
    received, ignored = events(page(post(), errors=[error]))
    assert received.event == "received"
    assert (ignored.kind, ignored.external_id, ignored.reason) == ("error", "456", error["detail"])


@pytest.mark.parametrize("body", [b"{", b"3", b'"text"', b"\xff", b'{"a":NaN}', b"[" * 100 + b"]" * 100])
def test_unreadable_bodies(body):
    """Nothing of it can be read: the delivery is parked."""
    with pytest.raises(Malformed):
        events(body)


def test_another_accounts_webhook():
    """One address can serve several accounts: what is for another one is not mixed in, and not lost."""
    for account in (
        activity("dm.received", message(), account=BOB),
        activity("post.mention.create", post(), account=BOB),
    ):
        found = only(events(account))
        assert (found.event, BOB in found.reason) == ("malformed", True)
    with pytest.raises(Malformed, match=BOB):
        events({"for_user_id": BOB, **message()})
    assert only(bare({"for_user_id": BOB, **message()})).event == "received"


BATCHES = {
    "polled": (page(*(post(id=str(n), edit_history_tweet_ids=[str(n)]) for n in range(10, 20))), ("data",)),
    "activity": (
        {"for_user_id": US, "direct_message_events": [
            copy.deepcopy(message()["direct_message_events"][0]) | {"id": str(n)} for n in range(10, 20)]},
        ("direct_message_events",),
    ),
    "x activity": ({"data": [activity("post.mention.create", post(id=str(n), edit_history_tweet_ids=[str(n)]))["data"]
                             for n in range(10, 20)]}, ("data",)),
}  # fmt: skip


def paths(value, here=()):
    yield here
    if isinstance(value, dict):
        for key in value:
            yield from paths(value[key], (*here, key))
    elif isinstance(value, list):
        for position, inner in enumerate(value):
            yield from paths(inner, (*here, position))


def put(value, path, new):
    *way, last = path
    for step in way:
        value = value[step]
    value[last] = new


@pytest.mark.parametrize("batch", BATCHES)
def test_one_bad_item_never_harms_its_siblings(batch):
    """Ten items; the fourth is changed in every place to every other type: the nine others always arrive."""
    body, (key,) = BATCHES[batch]
    others = [str(n) for n in range(10, 20) if n != 13]
    for path in paths(body[key][3]):
        for new in (None, 7, "x", [], {}, [[]], {"a": 1}, True):
            changed = copy.deepcopy(body)
            put(changed, (key, 3, *path), new)
            found = events(changed)
            ids = [event.external_id for event in found if event.event == "received"]
            assert [one for one in ids if one in others] == others, (path, new)


def test_words_that_are_no_text():
    """A message must not arrive empty because its words changed their type."""
    received, unreadable = events(page(post(), post(id="5", text=["a"])))
    assert received.event == "received"
    assert (unreadable.event, unreadable.where, "text" in unreadable.reason) == ("malformed", "item 1", True)


LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=20)
    | st.sampled_from([US, ANNA, "MessageCreate"])
)
KEYS = st.sampled_from(
    ["data", "id", "text", "includes", "users", "event_type", "payload", "for_user_id", "user", "errors", "meta",
     "direct_message_events", "tweet_create_events", "message_create", "entities", "urls", "attachments", "media_keys",
     "event", "events", "sender_id", "recipient_id", "filter", "user_id", "delete", "status", "edit_history_tweet_ids",
     "referenced_tweets", "media", "url", "display_text_range", "dm_conversation_id", "created_at", "user_event", "type"]
)  # fmt: skip
JSON = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=6),
    max_leaves=30,
)


@settings(max_examples=400, deadline=None)
@given(JSON, st.booleans())
def test_any_body_is_events_or_malformed(body, ours):
    """Whatever is signed: events, or Malformed, and never another error; the same body, the same events."""
    x = channel() if ours else X.bare()
    arrived = delivery(body)
    try:
        first = x.parse(arrived)
    except Malformed:
        return
    assert first
    assert first == x.parse(arrived)


@pytest.mark.parametrize(
    "name", ["activity_mention.json", "dm_events.json", "post_quoting.json", "messages_old.json"]
)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_recorded_bodies_with_one_thing_wrong(name, data):
    """A real body with any one value changed is still events, or Malformed."""
    body = case(name)
    path = data.draw(st.sampled_from(list(paths(body))[1:]))
    put(body, path, data.draw(LEAVES | st.just([]) | st.just({})))
    try:
        assert events(body, x=X.bare())
    except Malformed:
        return


def test_an_event_of_x_activity_without_the_object_around_it():
    """As a stream's consumer hands it on (docs.x.com, X Activity API: `data` holds one event)."""
    body = activity("post.mention.create", post())
    assert events(body["data"]) == events(body)
    assert only(events(body["data"])).external_id == post()["id"]
