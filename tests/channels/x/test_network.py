"""The emulated X is as strict as X: what it must refuse, so that nothing passes here that would not pass there."""

from __future__ import annotations

import base64

import httpx
import pytest

from omnichannel.emulators.serving import Served
from omnichannel.emulators.x import Network
from omnichannel.tls import trusted

MESSAGES = "/2/dm_conversations/with/{anna}/messages"
PICTURE = {"media": base64.b64encode(b"png").decode(), "media_category": "tweet_image"}


@pytest.fixture(scope="module")
def served():
    network = Network()
    with Served(network.app) as server:
        yield network, server.url


def ask(served, method, path, **more):
    network, url = served
    headers = {"authorization": f"Bearer {network.keys.bearer}"} | more.pop("headers", {})
    network.left.clear()
    return httpx.request(method, url + path, headers=headers, trust_env=False, verify=trusted(), **more)


@pytest.mark.parametrize(
    ("path", "body", "status", "words"),
    [
        ("/2/tweets", {}, 400, "invalid"),
        ("/2/tweets", {"text": "hi", "colour": "red"}, 400, "invalid"),
        ("/2/tweets", {"text": "hi", "media": {"media_ids": ["5"]}}, 400, "media IDs"),
        ("/2/tweets", {"text": "hi", "reply": {"in_reply_to_tweet_id": "5"}}, 403, "deleted or not visible"),
        ("/2/tweets", {"text": "x" * 281}, 403, "too long"),
        (MESSAGES, {}, 400, "invalid"),
        (MESSAGES, {"text": "hi", "colour": "red"}, 400, "invalid"),
        (MESSAGES, {"attachments": [{"media_id": "{file}"}]}, 400, "media IDs"),
        (MESSAGES, {"attachments": [{"media_id": "5"}, {"media_id": "6"}]}, 400, "invalid"),
        ("/2/dm_conversations/with/5/messages", {"text": "hi"}, 404, "find user"),
        ("/2/media/upload", {"media_category": "tweet_image"}, 400, "invalid"),
        ("/2/media/upload", PICTURE | {"media": "not base64"}, 400, "invalid"),
    ],
)
def test_what_x_refuses(served, path, body, status, words):
    """Unknown keys, missing media, media of the wrong category, strangers, and what is too long."""
    network, _ = served
    file = ask(served, "POST", "/2/media/upload", json=PICTURE).json()["data"]["id"]
    if "attachments" in body and len(body["attachments"]) == 1:
        body = {"attachments": [{"media_id": file}]}
    answer = ask(served, "POST", path.format(anna=network.join("anna").id), json=body)
    assert answer.status_code == status
    assert words in answer.json()["detail"]


def test_a_body_that_is_no_json(served):
    """Refused before anything else is looked at."""
    assert ask(served, "POST", "/2/tweets", content=b"{").status_code == 400


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer wrong",
        "Basic a",
        "OAuth nonsense",
        'OAuth oauth_consumer_key="consumer-key", oauth_token="access-token"',
    ],
)
def test_who_may_not_ask(served, header):
    """Nobody without the bearer token or a right signature."""
    assert ask(served, "GET", "/2/users/me", headers={"authorization": header}).status_code == 401


def test_pictures_stand_in_lists(served):
    """Posts and messages name their files, and the page has them beside."""
    network, _ = served
    anna = network.join("anna")
    network.post(anna, "@shop look", media=("7",))
    network.post(anna, "and this", in_reply_to=network.post(network.account, "ours"))
    network.dm(anna, "look", media=("8",))
    page = ask(served, "GET", f"/2/users/{network.account.id}/mentions").json()
    assert [entry["text"] for entry in page["data"]] == ["and this", "@shop look"]
    assert page["includes"]["media"] == [
        {"media_key": "3_7", "type": "photo", "url": "https://pbs.twimg.com/media/3_7.jpg"}
    ]
    assert ask(served, "GET", "/2/dm_events").json()["data"][0]["attachments"] == {"media_keys": ["3_8"]}
    kinds = [event["data"]["event_type"] for event in network.pending]
    assert kinds == ["post.mention.create", "post.reply.create", "dm.received"]
