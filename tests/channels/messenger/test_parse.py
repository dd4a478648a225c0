"""What each kind of item means, as one table after another."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from omnichannel.model import (
    Address,
    Attachment,
    Choice,
    Direction,
    Ignored,
    Location,
    Option,
    Party,
    Received,
    Reference,
    Strength,
    System,
    Text,
    Unreadable,
    Updated,
)
from tests.channels.messenger.given import ANNA, PAGE, TOKEN, anna, event, events, item, message, webhook

PAGE_ITSELF = Party(address=Address(kind="messenger", scope=PAGE, value=PAGE))
MOMENT = datetime(2026, 3, 8, 19, 27, 4, tzinfo=UTC)


def test_a_message_says_who_when_where_and_what() -> None:
    found = event(webhook(message(text="What is Vercel?")))
    assert found == Received(
        external_id="m_1",
        sender=anna(),
        recipients=(PAGE_ITSELF,),
        thread=ANNA,
        sent_at=MOMENT,
        parts=(Text(text="What is Vercel?"),),
    )
    assert (found.strength, found.method) == (Strength.VERIFIED, "platform_id")


@pytest.mark.parametrize("timestamp", [1772998024000, "1772998024000", 1772998024, "1772998024"])
def test_a_moment_is_milliseconds_or_seconds_number_or_text(timestamp: object) -> None:
    assert event(webhook(message(text="Hi") | {"timestamp": timestamp})).sent_at == MOMENT


def test_an_item_without_moment_happened_when_its_entry_was_sent() -> None:
    body = webhook({key: value for key, value in message(text="Hi").items() if key != "timestamp"})
    assert event(body).sent_at == datetime(2026, 3, 8, 19, 27, 4, 1000, tzinfo=UTC)


def attached(kind: str, **payload: object) -> dict:
    return {"attachments": [{"type": kind, "payload": payload}]}


URL = "https://cdn.fbsbx.com/v/t59/invoice%20May.pdf?_nc_cat=1&oe=5988"

PARTS = [
    ({"text": "Hi"}, [Text(text="Hi")]),
    (
        {"text": "Red", "quick_reply": {"payload": "P1"}},
        [Text(text="Red"), Choice(chosen=Option(title="Red", value="P1"))],
    ),
    (
        attached("image", url="https://x/p.jpg"),
        [Attachment(name="p.jpg", media_type="image/*", url="https://x/p.jpg")],
    ),
    (attached("audio", url="https://x/a"), [Attachment(media_type="audio/*", url="https://x/a")]),
    (
        attached("video", url="https://x/v.mp4"),
        [Attachment(name="v.mp4", media_type="video/*", url="https://x/v.mp4")],
    ),
    (attached("file", url=URL), [Attachment(name="invoice May.pdf", url=URL)]),
    (attached("file", url="https://[x/"), [Attachment(url="https://[x/")]),
    (attached("image", attachment_id=7), [Attachment(media_type="image/*", external_id="7")]),
    (
        attached("sticker", url="https://x/s.png", sticker_id=369239263222822),
        [
            Attachment(
                name="sticker", media_type="image/*", url="https://x/s.png", external_id="369239263222822"
            )
        ],
    ),
    (
        attached("image", url="https://x/s.png") | {"sticker_id": 5},
        [Attachment(name="sticker", media_type="image/*", url="https://x/s.png", external_id="5")],
    ),
    (
        attached("location", coordinates={"lat": 1.2, "long": "-1.3"}),
        [Location(latitude=1.2, longitude=-1.3)],
    ),
    (attached("fallback", url="https://y", title="T"), [Reference(what="link", url="https://y", title="T")]),
    (attached("share", url="https://y"), [Reference(what="share", url="https://y")]),
    (
        attached("post", url="https://y", title="T", id=123),
        [Reference(what="post", url="https://y", title="T", external_id="123")],
    ),
    (attached("ig_post", id="9"), [Reference(what="post", external_id="9")]),
    (
        attached("ig_reel", url="https://y", reel_video_id=123),
        [Reference(what="reel", url="https://y", external_id="123")],
    ),
    (attached("story_mention", url="https://y"), [Reference(what="story_mention", url="https://y")]),
    (
        {"attachments": [{"type": "fallback", "title": "Old", "url": "https://z", "payload": None}]},
        [Reference(what="link", url="https://z", title="Old")],
    ),
    (
        {
            "attachments": [
                {"type": "location", "title": "HQ", "payload": {"coordinates": {"lat": 1, "long": 2}}}
            ]
        },
        [Location(latitude=1, longitude=2, name="HQ")],
    ),
    (
        attached("appointment_booking", booking_id="B"),
        [System(what="appointment_booking", text='{"booking_id":"B"}')],
    ),
    (
        attached(
            "template",
            product={
                "elements": [
                    {
                        "id": "1",
                        "retailer_id": "SKU",
                        "image_url": "https://i",
                        "title": "Mug",
                        "subtitle": "$4",
                    }
                ]
            },
        ),
        [Reference(what="product", url="https://i", title="Mug", text="$4 · SKU", external_id="1")],
    ),
    (
        attached(
            "template",
            template_type="button",
            text="Sure?",
            buttons=[{"title": "Yes", "payload": "Y"}, {"title": "Site", "url": "https://s"}],
        ),
        [
            Text(text="Sure?"),
            Choice(options=(Option(title="Yes", value="Y"), Option(title="Site", value="https://s"))),
        ],
    ),
    (
        attached("template", elements=[{"title": "Card", "buttons": [{"title": "Go", "payload": "G"}]}]),
        [Reference(what="card", title="Card"), Choice(options=(Option(title="Go", value="G"),))],
    ),
    (
        {"text": "Hi", "reply_to": {"story": {"url": "https://s", "id": "S"}}},
        [Text(text="Hi"), Reference(what="story", url="https://s", external_id="S")],
    ),
    (
        {
            "text": "Hi",
            "referral": {
                "ref": "R",
                "ad_id": "A",
                "source": "ADS",
                "ads_context_data": {"ad_title": "Mugs", "photo_url": "https://p"},
            },
        },
        [
            Text(text="Hi"),
            Reference(what="advertisement", url="https://p", title="Mugs", text="R", external_id="A"),
        ],
    ),
    (
        {"text": "Hi", "referral": {"product": {"id": "77"}}},
        [Text(text="Hi"), Reference(what="product", external_id="77")],
    ),
    (
        {"text": "flights…", "commands": [{"name": "flights"}]},
        [Text(text="flights…"), System(what="command", text="flights")],
    ),
    ({"text": "Hi", "nlp": {"entities": {}}, "seq": 4}, [Text(text="Hi")]),
    (
        {
            "text": "See",
            "attachments": [
                {"type": "image", "payload": {"url": "https://x/1"}},
                {"type": "video", "payload": {"url": "https://x/2"}},
            ],
        },
        [
            Text(text="See"),
            Attachment(media_type="image/*", url="https://x/1"),
            Attachment(media_type="video/*", url="https://x/2"),
        ],
    ),
]


@pytest.mark.parametrize(("content", "parts"), PARTS)
def test_everything_in_a_message_becomes_a_part(content: dict, parts: list) -> None:
    assert list(event(webhook(message(**content))).parts) == parts


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (attached("hologram", url="https://x"), "unsupported:hologram"),
        (attached("image"), "unsupported:image"),
        (attached("fallback"), "unsupported:fallback"),
        (attached("location", coordinates={"lat": 91, "long": 0}), "unsupported:location"),
        (attached("location"), "unsupported:location"),
        (attached("template"), "unsupported:template"),
        ({"attachments": ["text"]}, "unsupported:attachment"),
        ({}, "unsupported:message"),
        ({"text": ""}, "unsupported:message"),
    ],
)
def test_what_is_not_known_becomes_a_part_that_keeps_its_json(content: dict, what: str) -> None:
    (part,) = event(webhook(message(**content))).parts
    assert (part.type, part.what) == ("system", what)
    assert part.text


def test_a_sticker_that_comes_as_image_and_as_sticker_is_one() -> None:
    twice = [
        {"type": kind, "payload": {"url": "https://x/s.png", "sticker_id": 5}}
        for kind in ("image", "sticker")
    ]
    other = {"type": "sticker", "payload": {"url": "https://x/t.png", "sticker_id": 6}}
    found = event(webhook(message(attachments=[*twice, other])))
    assert [part.external_id for part in found.parts] == ["5", "6"]


def test_stickers_without_id_are_all_kept() -> None:
    nameless = [{"type": "sticker", "payload": {"url": f"https://x/{n}.png"}} for n in range(2)]
    assert len(event(webhook(message(attachments=nameless))).parts) == 2


def test_an_answer_names_what_it_answers() -> None:
    assert (
        event(webhook(message(text="Yes", reply_to={"mid": "m_0", "is_self_reply": False}))).reply_to == "m_0"
    )


def test_an_echo_is_our_own_message_with_what_we_planted() -> None:
    echo = {
        "is_echo": True,
        "app_id": 1517776481860111,
        "metadata": "0199/0",
        "mid": "m_9",
        "text": f"see {TOKEN}",
    }
    found = event(
        webhook(
            {"sender": {"id": PAGE}, "recipient": {"id": ANNA}, "timestamp": 1772998024000, "message": echo}
        )
    )
    assert (found.direction, found.sender, found.recipients) == (Direction.OUTBOUND, PAGE_ITSELF, (anna(),))
    assert (found.thread, found.correlator, found.app) == (ANNA, "0199/0", "1517776481860111")
    assert found.tokens == ()


def test_what_the_page_says_is_outbound_even_without_the_mark() -> None:
    found = event(
        webhook({"sender": {"id": PAGE}, "recipient": {"id": ANNA}, "message": {"mid": "m_9", "text": "Hi"}})
    )
    assert (found.direction, found.thread) == (Direction.OUTBOUND, ANNA)


def test_metadata_from_a_customer_correlates_nothing() -> None:
    assert event(webhook(message(text="Hi", metadata="0199/0"))).correlator == ""


@pytest.mark.parametrize(
    "found",
    [
        webhook(message(text="Hi", referral={"ref": TOKEN, "source": "SHORTLINK"})),
        webhook(message(text=f"my code is {TOKEN.upper()}")),
        webhook(item(postback={"title": "Get started", "payload": "START", "referral": {"ref": TOKEN}})),
        webhook(item(referral={"ref": TOKEN, "source": "SHORTLINK", "type": "OPEN_THREAD"})),
        webhook(item(optin={"ref": TOKEN, "user_ref": "U"})),
        webhook(item(account_linking={"status": "linked", "authorization_code": TOKEN})),
    ],
)
def test_a_token_of_ours_is_seen_wherever_it_comes_back_and_not_shown(found: dict) -> None:
    read = event(found)
    assert read.tokens == (TOKEN,)
    assert TOKEN not in str(read.parts)


def test_a_tapped_button_is_a_message_of_its_own() -> None:
    tapped = item(postback={"mid": "m_7", "title": "Say hello", "payload": "HELLO"})
    found = event(webhook(tapped))
    assert (found.external_id, found.text, found.sender) == ("m_7", "Say hello", anna())
    assert found.parts[1] == Choice(chosen=Option(title="Say hello", value="HELLO"))


def test_what_has_no_id_gets_one_that_is_stable_and_its_own() -> None:
    tapped = item(postback={"title": "Say hello", "payload": "HELLO"})
    again = tapped | {"timestamp": tapped["timestamp"] + 1}
    first, same, other = (
        event(webhook(one)).external_id for one in (tapped, dict(reversed(tapped.items())), again)
    )
    assert first == same != other
    assert first.startswith("postback:")
    assert event(webhook(tapped, field="standby")).external_id == first


def test_a_visitor_of_the_plugin_is_known_by_reference() -> None:
    visitor = {"sender": {"user_ref": "V-1"}, "recipient": {"id": PAGE}, "timestamp": 1772998024000}
    found = event(webhook(visitor | {"postback": {"title": "", "payload": "hey"}}))
    assert found.sender.address.value == found.thread == "user_ref:V-1"
    assert found.text == ""


def test_the_first_message_after_the_plugin_proves_who_the_visitor_was() -> None:
    body = message(text="Hi") | {"prior_message": {"source": "checkbox_plugin", "identifier": "V-1"}}
    (evidence,) = event(webhook(body)).evidence
    assert (evidence.address.value, evidence.strength, evidence.method) == (
        "user_ref:V-1",
        Strength.VERIFIED,
        "platform_mapping",
    )


UPDATES = [
    ({"message": {"mid": "m_1", "is_deleted": True}}, {"kind": "deleted", "targets": ("m_1",)}),
    ({"message_edit": {"mid": "m_1", "text": "new", "num_edit": "2"}}, {"kind": "edited", "targets": ("m_1",), "text": "new"}),
    ({"reaction": {"mid": "m_1", "action": "react", "emoji": "❤", "reaction": "love"}}, {"kind": "reaction", "targets": ("m_1",), "reaction": "❤", "removed": False}),
    ({"reaction": {"mid": "m_1", "action": "unreact", "reaction": "love"}}, {"kind": "reaction", "targets": ("m_1",), "reaction": "love", "removed": True}),
    ({"delivery": {"mids": ["m_1", "m_2"], "watermark": 1772998024000}}, {"kind": "status", "status": "delivered", "targets": ("m_1", "m_2"), "until": MOMENT}),
    ({"delivery": {"watermark": "1772998024000"}}, {"kind": "status", "status": "delivered", "targets": (), "until": MOMENT}),
    ({"read": {"watermark": 1772998024000, "seq": 38}}, {"kind": "read", "status": "read", "targets": (), "until": MOMENT}),
    ({"read": {"mid": "m_1"}}, {"kind": "read", "status": "read", "targets": ("m_1",), "until": None}),
    ({"referral": {"ref": "R", "source": "SHORTLINK", "type": "OPEN_THREAD"}}, {"kind": "referral", "reason": "SHORTLINK", "tokens": ()}),
    ({"optin": {"type": "notification_messages", "payload": "P", "title": "News"}}, {"kind": "optin", "reason": "notification_messages"}),
    ({"optin": {"ref": "R", "message_request": "accept"}}, {"kind": "optin", "reason": "message_request"}),
    ({"message_request": "accept"}, {"kind": "optin", "reason": "message_request", "parts": (System(what="optin", text="accept"),)}),
    ({"account_linking": {"status": "unlinked"}}, {"kind": "account_linking", "reason": "unlinked"}),
    ({"response_feedback": {"feedback": "Good bot response", "mid": "m_1"}}, {"kind": "feedback", "targets": ("m_1",), "reason": "Good bot response"}),
    ({"pass_thread_control": {"previous_owner_app_id": "1", "new_owner_app_id": "2", "metadata": "M"}}, {"kind": "handover", "reason": "pass_thread_control from 1 to 2", "parts": (System(what="pass_thread_control", text="M"),)}),
    ({"request_thread_control": {"requested_owner_app_id": "3"}}, {"kind": "handover", "reason": "request_thread_control to 3"}),
    ({"take_thread_control": {}}, {"kind": "handover", "reason": "take_thread_control"}),
]  # fmt: skip


@pytest.mark.parametrize(("content", "expected"), UPDATES)
def test_what_happens_around_messages(content: dict, expected: dict) -> None:
    found = event(webhook(item(**content)))
    assert isinstance(found, Updated)
    assert {key: getattr(found, key) for key in expected} == expected
    assert (found.sender, found.thread, found.sent_at) == (anna(), ANNA, MOMENT)


@pytest.mark.parametrize("key", ["policy_enforcement", "policy-enforcement"])
def test_a_block_of_the_page_concerns_no_customer(key: str) -> None:
    """Spelled in two ways by Meta's reference (`messaging_policy_enforcement`), older bodies with a hyphen."""
    blocked = {
        "recipient": {"id": PAGE},
        "timestamp": 1772998024000,
        key: {"action": "block", "reason": "spam"},
    }
    found = event(webhook(blocked))
    assert (found.kind, found.reason, found.sender, found.thread) == (
        "policy_enforcement",
        "block: spam",
        None,
        "",
    )


@pytest.mark.parametrize(
    "key", ["payment", "pre_checkout", "checkout_update", "game_play", "app_roles", "branded_camera"]
)
def test_what_says_nothing_about_a_conversation_is_ignored_with_the_reason(key: str) -> None:
    found = event(webhook(item(**{key: {"payload": "X"}})))
    assert isinstance(found, Ignored)
    assert (found.reason, found.kind, found.sender) == (f"not_conversation: {key}", key, anna())


def test_stand_by_is_history_that_we_may_only_read() -> None:
    spoken, silent = events(
        webhook(message(text="Hi"), {"sender": {"id": ANNA}, "recipient": {"id": PAGE}}, field="standby")
    )
    assert (spoken.readonly, spoken.text) == (True, "Hi")
    assert isinstance(silent, Ignored)
    assert event(webhook(item(postback={"title": "Go"}), field="standby")).parts[1].chosen.value == ""


def test_every_entry_every_list_every_item_in_order() -> None:
    def said(mid: str) -> dict:
        return item(message={"mid": mid, "text": mid})

    body = {
        "object": "page",
        "entry": [
            {
                "id": PAGE,
                "messaging": [said("1"), said("2")],
                "standby": [said("3")],
                "changes": [{"field": "feed", "value": {}}],
            },
            {"id": PAGE, "messaging": [said("4")]},
        ],
    }
    found = events(body)
    assert [one.external_id for one in found] == ["1", "2", "3", "", "4"]


def test_the_dashboards_sample_is_a_message() -> None:
    value = message(text="test message") | {"timestamp": "1527459824"}
    found = event(webhook({"field": "messages", "value": value}, field="changes"))
    assert (found.text, found.sent_at) == ("test message", datetime(2018, 5, 27, 22, 23, 44, tzinfo=UTC))


@pytest.mark.parametrize("field", ["feed", "mention", "ratings", "group_feed", ""])
def test_other_fields_of_the_page_are_another_channels(field: str) -> None:
    found = event(
        webhook({"field": field, "value": {"item": "comment", "comment_id": "1_2"}}, field="changes")
    )
    assert isinstance(found, Ignored)
    assert found.reason.startswith("not_messenger")
    assert (found.kind, found.external_id) == (field, "1_2")


@pytest.mark.parametrize("name", ["instagram", "whatsapp_business_account", "permissions"])
def test_other_objects_are_another_channels(name: str) -> None:
    found = event({"object": name, "entry": [{"id": "0", "changes": []}]})
    assert (found.event, found.reason) == ("ignored", f"not_messenger: object {name}")


def test_an_entry_of_another_page_is_set_aside_and_never_mixed() -> None:
    """One app's secret signs for all of its Pages: the signature alone does not say whose a message is."""
    body = webhook(message(text="Hi"))
    body["entry"] += webhook(message(text="secret"), page="999")["entry"] + [
        {"messaging": [message(text="secret")]}
    ]
    ours, other, nobodys = events(body)
    assert ours.text == "Hi"
    for one in (other, nobodys):
        assert isinstance(one, Unreadable)
        assert one.reason.startswith("account_mismatch")
        assert "secret" not in str(one)


def test_the_dashboards_sample_page_is_not_a_mismatch() -> None:
    found = event(webhook({"field": "messages", "value": message(text="test")}, field="changes", page="0"))
    assert (found.event, found.kind) == ("ignored", "dashboard_test")


def test_an_entry_that_holds_nothing_of_ours_is_ignored() -> None:
    assert event(webhook(field="other")).reason == "not_messenger: the entry holds other"
    assert (
        event({"object": "page", "entry": [{"id": PAGE}]}).reason == "not_messenger: the entry holds nothing"
    )
