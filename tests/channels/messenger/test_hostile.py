"""Nothing that arrives stops anything else: one bad item is set aside, its siblings are read."""

from __future__ import annotations

import contextlib
import copy
import json
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from omnichannel.channel import Delivery
from omnichannel.channels.messenger import Messenger
from omnichannel.errors import Malformed
from omnichannel.model import Event, Unreadable
from tests.channels.messenger.given import (
    PAGE,
    TOKEN,
    channel,
    delivery,
    event,
    events,
    item,
    message,
    webhook,
)

RICH = [
    message(text="Hi", reply_to={"mid": "m_0"}, quick_reply={"payload": "P"}, referral={"ref": TOKEN, "ad_id": 1}, commands=[{"name": "x"}]),
    message(attachments=[{"type": "image", "payload": {"url": "https://x", "sticker_id": 5}}, {"type": "location", "payload": {"coordinates": {"lat": 1, "long": 2}}}]),
    message(attachments=[{"type": "template", "payload": {"product": {"elements": [{"id": "1", "title": "T"}]}}}]),
    item(message={"mid": "m_1", "is_echo": True, "metadata": "D/0", "app_id": 7, "text": "Hi"}),
    item(message={"mid": "m_1", "is_deleted": True}),
    item(postback={"mid": "m_2", "title": "T", "payload": "P", "referral": {"ref": "R"}}),
    item(reaction={"mid": "m_1", "action": "react", "emoji": "❤"}),
    item(message_edit={"mid": "m_1", "text": "new", "num_edit": 1}),
    item(delivery={"mids": ["m_1"], "watermark": 1772998024000}),
    item(read={"watermark": 1772998024000}),
    item(optin={"ref": "R", "user_ref": "U"}),
    item(pass_thread_control={"new_owner_app_id": "1", "metadata": "M"}),
    item(policy_enforcement={"action": "block", "reason": "spam"}),
]  # fmt: skip

NASTY = [
    None,
    True,
    0,
    -1,
    1e300,
    10**30,
    "",
    "x" * 5000,
    "é\u0000",
    "a:b",
    [],
    {},
    [None],
    {"x": []},
    [["x"]],
]


def mutations(value: object) -> Iterator[object]:
    """The value with every path in it deleted, and replaced by everything nasty."""
    if not isinstance(value, dict | list):
        return
    for key in list(value) if isinstance(value, dict) else range(len(value)):
        less = copy.copy(value)
        del less[key]
        yield less
        for other in [*NASTY, *mutations(value[key])]:
            changed = copy.copy(value)
            changed[key] = other
            yield changed


@pytest.mark.parametrize("index", range(len(RICH)))
def test_one_item_changed_in_any_way_never_harms_its_siblings(index: int) -> None:
    """Ten items; the fourth is mutated at every path: nine are as before, and the fourth is one event."""
    siblings = [message(text=str(n), mid=f"s_{n}") for n in range(9)]
    before = events(webhook(*siblings))
    page = channel()
    for changed in mutations(RICH[index]):
        found = list(page.parse(delivery(webhook(*siblings[:3], changed, *siblings[3:]))))
        assert found[:3] + found[4:] == before
        TypeAdapter(Event).validate_python(found[3])


def test_an_entry_changed_in_any_way_never_harms_the_next_entry() -> None:
    good = webhook(message(text="Hi"))["entry"]
    page = channel()
    for changed in mutations(webhook(message(text="other", mid="m_2"))["entry"][0]):
        found = list(page.parse(delivery({"object": "page", "entry": [changed, *good]})))
        assert found[-1].external_id == "m_1"
        assert len(found) >= 1


@pytest.mark.parametrize(
    "content",
    [
        {"message": {"text": "no id"}},
        {"message": {"mid": "m" * 1025, "text": "Hi"}},
        {"message": {"mid": "m_1", "text": ["Hi"]}},
        {"message": {"mid": "m_1", "text": 5}},
        {"message": {"mid": "m_1", "attachments": "image"}},
        {"message": "Hi"},
        {"message_edit": {"mid": "m_1"}},
        {"reaction": {"mid": "m_1", "action": "dance"}},
        {"reaction": {"action": "react"}},
        {"delivery": {}},
        {"delivery": {"mids": [5]}},
        {"read": {}},
        {"account_linking": {}},
        {"a_new_kind": {"x": 1}},
        {},
    ],
)
def test_what_cannot_be_read_is_set_aside_with_reason_and_place(content: dict) -> None:
    """An edit without words must not empty a message, nor a changed format pass for silence."""
    first, bad = events(webhook(message(text="Hi"), item(**content)))
    assert first.text == "Hi"
    assert isinstance(bad, Unreadable)
    assert bad.reason
    assert bad.where == "/entry/0/messaging/1"


@pytest.mark.parametrize("one", ["text", 5, None, ["x"]])
def test_an_item_or_entry_that_is_no_object_is_set_aside(one: object) -> None:
    assert [found.event for found in events(webhook(one, message(text="Hi")))] == ["malformed", "received"]
    body = {"object": "page", "entry": [one, *webhook(message(text="Hi"))["entry"]]}
    assert [found.event for found in events(body)] == ["malformed", "received"]


def test_a_message_from_nobody_is_set_aside() -> None:
    nobody = {"recipient": {"id": PAGE}, "message": {"mid": "m_1", "text": "Hi"}}
    assert event(webhook(nobody)).reason == "sender is missing"


@pytest.mark.parametrize(
    "body",
    [
        b'{"object":"page","entry":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"object":"page","n":NaN,"entry":[]}',
        b'{"object":"page","entry":[{"id":"1","time":' + b"9" * 5000 + b"}]}",
        b'{"object":"page"' + b" " * 5_000_000 + b"}",
    ],
)
def test_hostile_json_ends_as_malformed_or_as_events(body: bytes) -> None:
    with contextlib.suppress(Malformed):
        list(channel().parse(delivery(body)))


def test_lone_surrogates_and_nul_are_replaced_so_that_every_store_can_hold_them() -> None:
    raw = json.dumps(webhook(message(text="a\ud800b\u0000c"))).encode()
    (found,) = channel().parse(delivery(raw))
    assert found.text == "a\ufffdb\ufffdc"
    found.model_dump_json()


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["object", "entry", "messaging", "message", "mid", "sender", "id", "changes", "value", "x"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


@settings(max_examples=200)
@given(JSON)
def test_any_json_gives_events_or_malformed(value: object) -> None:
    for page in (Messenger.bare(), channel()):
        for source in ("file", "webhook"):
            try:
                found = list(page.parse(Delivery(source=source, body=json.dumps(value).encode())))
            except Malformed:
                continue
            assert all(one.event in ("received", "updated", "ignored", "malformed") for one in found)


@given(st.binary(max_size=200))
def test_any_bytes_give_events_or_malformed(body: bytes) -> None:
    with contextlib.suppress(Malformed):
        list(Messenger.bare().parse(Delivery(source="file", body=body)))


@given(st.permutations(range(len(RICH))))
def test_the_order_of_items_changes_nothing_but_the_order(order: list[int]) -> None:
    """Replayed in any order, redelivered in any batch: the same events with the same ids."""
    alone = [event(webhook(one)) for one in RICH]
    together = events(webhook(*(RICH[n] for n in order)))
    assert [found.model_copy(update={"sent_at": None}) for found in together] == [
        alone[n].model_copy(update={"sent_at": None}) for n in order
    ]
