"""What a file may hold besides one webhook; a webhook over the network is never guessed at."""

from __future__ import annotations

import json

import pytest

from omnichannel.channel import Delivery
from omnichannel.channels.messenger import Messenger
from omnichannel.errors import Malformed
from tests.channels.messenger.given import PAGE, channel, delivery, item, message, webhook


def kinds(value: object, page: Messenger | None = None) -> list[str]:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return [one.event for one in (page or Messenger.bare()).parse(Delivery(source="file", body=raw))]


MESSAGE = message(text="Hi")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (webhook(MESSAGE), ["received"]),
        ([webhook(MESSAGE), webhook(MESSAGE)], ["received", "received"]),
        (webhook(MESSAGE)["entry"][0], ["received"]),
        ({"messaging": MESSAGE}, ["received"]),
        ({"standby": [MESSAGE]}, ["received"]),
        (MESSAGE, ["received"]),
        ([MESSAGE, item(read={"watermark": 1})], ["received", "updated"]),
        ({"field": "messages", "value": MESSAGE}, ["received"]),
        ({"field": "feed", "value": {"item": "comment"}}, ["ignored"]),
        ({"body": webhook(MESSAGE)}, ["received"]),
        ({"first": webhook(MESSAGE), "pageId": "1", "second": [MESSAGE], "about": {"x": 1}}, ["received", "received"]),
        ({"first_name": "John", "profile_pic": "https://x"}, ["ignored"]),
        ({"recipient_id": "1", "message_id": "m_1"}, ["ignored"]),
        ({"object": "page"}, ["malformed"]),
        ({"object": "page", "entry": []}, ["malformed"]),
        ({"object": "page", "entry": ["text"]}, ["malformed"]),
        ({"a": 1}, ["malformed"]),
        ({}, ["malformed"]),
        ("text", ["malformed"]),
        ([[[[[MESSAGE]]]]], ["malformed"]),
        ([], []),
        (b"\xef\xbb\xbf" + json.dumps(webhook(MESSAGE)).encode(), ["received"]),
    ],
)  # fmt: skip
def test_a_file_is_read_by_its_shape(value: object, expected: list[str]) -> None:
    assert kinds(value) == expected


def test_a_file_of_another_page_is_not_mixed_in() -> None:
    assert kinds({"id": "999", "messaging": [MESSAGE]}, channel()) == ["malformed"]
    assert kinds({"id": PAGE, "messaging": [MESSAGE]}, channel()) == ["received"]


def test_what_is_unreadable_says_where() -> None:
    value = {"one": webhook(MESSAGE, message(text=5))}
    (_, bad) = Messenger.bare().parse(Delivery(source="file", body=json.dumps(value).encode()))
    assert (bad.where, bad.reason) == ("/one/entry/0/messaging/1", "text is not text")


@pytest.mark.parametrize(
    "body",
    [b"", b"not json", b"[]", b"{}", b'"text"', b"\xff", b'{"entry":[]}', json.dumps(MESSAGE).encode()],
)
def test_a_webhook_is_a_webhook_or_malformed_as_a_whole_at_once(body: bytes) -> None:
    with pytest.raises(Malformed):
        channel().parse(delivery(body))
