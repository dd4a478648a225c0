"""Edges of what arrives; what the cases show is not shown again."""

from __future__ import annotations

import json

import pytest

from omnichannel.channel import Delivery
from omnichannel.channels.whatsapp import WhatsApp
from omnichannel.errors import Malformed
from tests.channels.whatsapp.given import ANN, DISPLAY, TOKEN, event, events, message, value, webhook


def part(**content: object):
    (only,) = event(message(**content)).parts
    return only


UNREADABLE = [
    {"id": "wamid.1", "type": "text", "text": {"body": "from nobody"}},
    message(type="reaction", reaction={"emoji": "x"}),
    message(type="edit", edit={}),
    message(type="revoke"),
    message(id="w" * 1025, type="text", text={"body": "Hi"}),
]


@pytest.mark.parametrize("bad", [*UNREADABLE, "text", 5, None])
def test_one_bad_message_is_set_aside_with_its_place(bad: object) -> None:
    good = message(id="wamid.2", type="text", text={"body": "Hi"})
    found = events(webhook(value(messages=[good, bad, good])))
    assert [one.event for one in found] == ["received", "malformed", "received"]
    assert found[1].where == "/entry/0/changes/0/value/messages/1"
    assert found[1].reason


@pytest.mark.parametrize(
    ("content", "field"),
    [
        (value(statuses=[{"id": "wamid.1"}]), "messages"),
        (value(statuses=[{"status": "read"}]), "messages"),
        (value(calls=[{"event": "connect", "from": ANN}]), "calls"),
        (value(messages="text"), "messages"),
        (value(user_preferences=[{"value": "stop"}]), "user_preferences"),
        (value(user_id_update=[{"user_id": {"current": "US.2"}}]), "user_id_update"),
        (value(), "messaging_handovers"),
        (value(history=["x"]), "history"),
        (value(history=[{"threads": ["x"]}]), "history"),
        (value(history=[{"threads": [{"id": ANN}]}]), "history"),
        ("text", "messages"),
    ],
)
def test_what_cannot_be_read_says_so(content: object, field: str) -> None:
    (found,) = events(webhook(content, field))
    assert (found.event, bool(found.reason)) == ("malformed", True)


@pytest.mark.parametrize("body", [b"", b"[]", b'"x"', b"{}", b'{"entry": []}', b"\xff"])
def test_what_is_no_webhook_is_refused_whole(body: bytes) -> None:
    with pytest.raises(Malformed):
        events(body)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"object": "page", "entry": [{}]}, "not_whatsapp"),
        ({"object": "whatsapp_business_account", "entry": []}, "empty"),
        (webhook({}), "not_conversation"),
    ],
)
def test_what_says_nothing_is_ignored_with_a_reason(body: object, reason: str) -> None:
    (found,) = events(body)
    assert found.reason.startswith(reason)


@pytest.mark.parametrize("entry", [{"id": "1"}, {"changes": "x"}, "x", {"changes": [5]}])
def test_an_entry_that_is_none_is_set_aside(entry: object) -> None:
    (found,) = events({"object": "whatsapp_business_account", "entry": [entry]})
    assert found.event == "malformed"


def test_entries_that_are_no_list_are_set_aside() -> None:
    (found,) = events({"object": "whatsapp_business_account", "entry": {}})
    assert found.where == "/entry"


def test_a_lone_object_counts_as_a_list_of_one() -> None:
    (found,) = events(webhook(value(messages=message(type="text", text={"body": "Hi"}))))
    assert found.text == "Hi"


@pytest.mark.parametrize(
    ("content", "what"),
    [
        ({"type": "text", "text": {}}, "unsupported:text"),
        ({"type": "image", "image": {}}, "unsupported:image"),
        ({"type": "location", "location": {"latitude": 91, "longitude": 0}}, "unsupported:location"),
        (
            {"type": "interactive", "interactive": {"type": "new_reply", "new_reply": {"x": 1}}},
            "unsupported:interactive",
        ),
        ({"type": "interactive"}, "unsupported:interactive"),
        ({"type": "button", "button": {}}, "unsupported:button"),
        ({"type": "contacts", "contacts": []}, "unsupported:contacts"),
        ({}, "unsupported:message"),
    ],
)
def test_what_is_new_or_empty_keeps_its_json(content: dict, what: str) -> None:
    found = part(**content)
    assert (found.type, found.what) == ("system", what)


def test_a_type_that_is_left_out_is_seen_by_what_stands_there() -> None:
    assert part(text={"body": "Hi"}).text == "Hi"
    (found,) = events(webhook(value(messages=[message(reaction={"message_id": "wamid.0", "emoji": "x"})])))
    assert found.kind == "reaction"


@pytest.mark.parametrize(
    ("sha256", "kept"),
    [
        (
            "LXdtNElY3zBBPzHWNZ1+QYtPQSwPZL0rnLeqcFFHxyA=",
            "2d776d344958df30413f31d6359d7e418b4f412c0f64bd2b9cb7aa705147c720",
        ),
        (
            "2D776D344958DF30413F31D6359D7E418B4F412C0F64BD2B9CB7AA705147C720",
            "2d776d344958df30413f31d6359d7e418b4f412c0f64bd2b9cb7aa705147c720",
        ),
        ("IMAGE_HASH", ""),
        ("é", ""),
        ("4654+8g=", ""),
    ],
)
def test_a_digest_is_hexadecimal_or_none(sha256: str, kept: str) -> None:
    assert part(type="image", image={"id": "1", "sha256": sha256}).sha256 == kept


def test_a_file_says_what_it_is_and_its_name_is_no_path() -> None:
    body = {"id": "1", "filename": "a/b.pdf", "mime_type": "application/pdf", "file_size": "12"}
    found = part(type="document", document=body)
    assert (found.name, found.size, found.media_type) == ("a_b.pdf", 12, "application/pdf")


def test_a_message_that_was_forwarded_often_says_so() -> None:
    found = event(
        message(type="text", text={"body": "x"}, context={"forwarded": True, "frequently_forwarded": True})
    )
    assert found.notes == ("forwarded", "frequently_forwarded")


def test_a_card_keeps_what_is_no_whole_number_in_its_name() -> None:
    cards = [
        {
            "name": {"first_name": "Bo", "last_name": "Smith"},
            "phones": [{"phone": "0171 123"}, {"wa_id": "x"}, {}],
        },
        {"vcard": "BEGIN:VCARD\r\nFN;CHARSET=UTF-8:Bo Smith\r\nEND:VCARD", "emails": [{"email": "no mail"}]},
        "no card",
    ]
    first, second = event(message(type="contacts", contacts=cards)).parts
    assert (first.name, first.addresses) == ("Bo Smith, 0171 123, x", ())
    assert (second.name, second.addresses) == ("Bo Smith", ())


def test_our_own_words_bring_no_token_back() -> None:
    """A token in an echo is on its way to the customer: it proves nothing."""
    echo = {
        "from": DISPLAY,
        "to": ANN,
        "id": "wamid.1",
        "timestamp": "1",
        "type": "text",
        "text": {"body": TOKEN},
    }
    (found,) = events(webhook(value(message_echoes=[echo]), "smb_message_echoes"))
    assert (found.direction, found.tokens) == ("outbound", ())


def test_what_we_do_in_the_app_is_ours() -> None:
    def echoed(**content: object):
        echo = {"from": DISPLAY, "to": ANN, "id": "wamid.1", "timestamp": "1", **content}
        return events(webhook(value(message_echoes=[echo]), "smb_message_echoes"))[0]

    reaction = echoed(type="reaction", reaction={"message_id": "wamid.0", "emoji": "x"})
    system = echoed(type="system", system={"body": "x", "type": "y"})
    assert reaction.sender == system.sender == echoed(type="text", text={"body": "x"}).sender
    assert system.parts[0].what == "unsupported:system"


def test_a_history_that_is_imported_is_answered_by_nobody() -> None:
    body = webhook(value(messages=[message(type="text", text={"body": TOKEN})]))
    (found,) = events(body, source="history")
    assert (found.readonly, found.tokens) == (True, ())


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (
            {"from": ANN, "id": "wamid.3", "timestamp": "1", "type": "text", "text": {"body": "no file"}},
            "received",
        ),
        ({"from": ANN, "timestamp": "1", "type": "image", "image": {"id": "1"}}, "received"),
        (
            {
                "from": DISPLAY,
                "to": ANN,
                "id": "wamid.3",
                "timestamp": "1",
                "type": "image",
                "image": {"id": "1"},
            },
            "updated",
        ),
    ],
)
def test_files_of_the_past(data: dict, kind: str) -> None:
    (found,) = events(webhook(value(messages=[data]), "history"))
    assert found.event == kind


def test_threads_of_the_past_name_their_customer() -> None:
    thread = {"id": "x", "context": {"wa_id": ANN, "user_id": "US.1"}, "messages": [{"from": "?", "id": "wamid.1", "timestamp": "1", "type": "text", "text": {"body": "Hi"}, "history_context": {"from_me": True}}]}  # fmt: skip
    (found,) = events(webhook(value(history=[{"threads": [thread]}]), "history"))
    assert (found.direction, found.recipients[0].address.value) == ("outbound", "US.1")


@pytest.mark.parametrize(
    ("call", "words"),
    [
        ({"event": "terminate", "status": "REJECTED"}, "rejected"),
        (
            {"event": "terminate", "duration": 5, "errors": [{"code": 138000, "title": "Bad"}]},
            "terminate, 5 s; 138000 Bad",
        ),
    ],
)
def test_how_a_call_went(call: dict, words: str) -> None:
    (found,) = events(
        webhook(
            value(calls=[{"id": "wacid.1", "from": ANN, "to": DISPLAY, "timestamp": "1", **call}]), "calls"
        )
    )
    assert found.parts[0].text == words


def read_file(body: object) -> list:
    return list(WhatsApp.bare().parse(Delivery(source="file", body=json.dumps(body).encode())))


@pytest.mark.parametrize(
    "body",
    [
        webhook(value(messages=[message(type="text", text={"body": "Hi"})])),
        webhook(value(messages=[message(type="text", text={"body": "Hi"})]))["entry"][0],
        {"field": "messages", "value": value(messages=[message(type="text", text={"body": "Hi"})])},
        value(messages=[message(type="text", text={"body": "Hi"})]),
        {"messages": [message(type="text", text={"body": "Hi"})]},
        message(type="text", text={"body": "Hi"}),
        {"first": webhook(value(messages=[message(type="text", text={"body": "Hi"})])), "id": "1"},
    ],
)
def test_a_file_may_hold_any_piece_of_a_webhook(body: object) -> None:
    for one in (body, [body]):
        (found,) = read_file(one)
        assert found.text == "Hi"


def test_a_webhook_beside_a_webhook_is_read_too() -> None:
    inner = webhook(value(messages=[message(type="text", text={"body": "Hi"})]))
    assert len(read_file({**inner, "all": inner})) == 2


@pytest.mark.parametrize(
    "body",
    [
        {"success": True},
        {"id": "1"},
        {"messaging_product": "whatsapp", "to": ANN},
        {"contacts": [{"input": ANN}], "messages": [{"id": "wamid.1"}]},
    ],
)
def test_a_question_or_answer_is_no_event(body: object) -> None:
    (found,) = read_file(body)
    assert found.reason.startswith("not_event")


@pytest.mark.parametrize("body", ["x", {}, {"a": {"b": 1}}, [[[[["deep"]]]]]])
def test_a_file_of_something_else_says_so(body: object) -> None:
    assert {one.event for one in read_file(body)} == {"malformed"}


def test_the_scope_of_an_account_can_be_any_text() -> None:
    body = webhook(value(messages=[message(type="text", from_user_id="US.1", text={"body": "Hi"})]))
    body["entry"][0]["id"] = "a:b"
    (found,) = read_file(body)
    assert found.sender.address.scope == "ab"
