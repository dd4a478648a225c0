"""Bodies that others recorded, and what they mean. `cases/NOTICE.md` says where they come from."""

from __future__ import annotations

import pathlib

import pytest

from omnichannel.channel import Delivery
from omnichannel.channels.messenger import Messenger

CASES = pathlib.Path(__file__).parent / "cases"

RESTFB = {"thread": "987654321432", "sender.address.scope": "12345654332"}

EXPECTED: dict[str, list[dict]] = {
    "botbuilder-standby": [
        {"event": "received", "external_id": "AAAA-BBBB-CCCC", "text": "text", "readonly": False},
        {"event": "ignored", "thread": "user1", "kind": "standby"},
        {"event": "ignored", "thread": "user2", "kind": "standby"},
    ],
    "botman-optin": [{"event": "updated", "kind": "optin", "thread": "user_ref:1234"}],
    "bottender-001_echoRequest": [
        {"event": "received", "direction": "outbound", "thread": "1244813222196986", "app": "1821152484774199", "text": "text"}
    ],
    "bottender-001_imageMessage": [
        {"event": "received", "thread": "1423587017700273", "text": "", "parts.0.media_type": "image/*", "sender.address.scope": "404217156637689"}
    ],
    "bottender-003_audioMessage": [{"event": "received", "parts.0.media_type": "audio/*", "parts.0.url": "https://example.com/bot/audios/audio.mp3"}],
    "bottender-003_standbyRequest": [{"event": "ignored", "kind": "standby"}],
    "bottender-005_fileMessage": [{"event": "received", "parts.0.media_type": "application/octet-stream", "parts.0.name": "file.doc"}],
    "bottender-010_quickReplyMessage": [
        {"event": "received", "text": "Red", "parts.1.chosen.value": "DEVELOPER_DEFINED_PAYLOAD_FOR_PICKING_RED"}
    ],
    "bottender-012_echoMessage": [{"event": "received", "direction": "outbound", "thread": "1423587017700273", "app": "205552219930699"}],
    "bottender-025_linkReferral": [{"event": "updated", "kind": "referral", "thread": "1476077111119289", "parts.0.text": "aaaa"}],
    "chatwoot-message_reads": [{"event": "updated", "kind": "read", "thread": "3383290475046708", "status": "read"}],
    "restfb-feed-comment-add-25": [{"event": "ignored", "kind": "feed", "external_id": "901097836652708_903438993085259"}],
    "restfb-ratings-rating-edit-25": [{"event": "ignored", "kind": "ratings"}],
    "restfb-mention-post-add": [{"event": "ignored", "kind": "mention"}],
    "restfb-permission-granted.wh-1": [{"event": "ignored", "kind": "permissions"}],
    "restfb-messaging-accountlinking-unlinked": [RESTFB | {"event": "updated", "kind": "account_linking", "reason": "unlinked"}],
    "restfb-messaging-approles": [RESTFB | {"event": "ignored", "kind": "app_roles"}],
    "restfb-messaging-message-basic-echo": [
        RESTFB | {"direction": "outbound", "correlator": "DEVELOPER_DEFINED_METADATA_STRING", "app": "1517776481860111", "text": "hello, world!"}
    ],
    "restfb-messaging-message-edits": [RESTFB | {"kind": "edited", "targets.0": "mid.1457764197618:41d102a3e1ae206a38", "text": "hello, world!"}],
    "restfb-messaging-message-isdeleted": [RESTFB | {"kind": "deleted", "targets.0": "message_id"}],
    "restfb-messaging-message-location-attachment": [RESTFB | {"parts.0.latitude": 12.34, "parts.0.longitude": 43.21}],
    "restfb-messaging-message-prior": [RESTFB | {"text": "Thanks for messaging me!", "evidence.0.address.value": "user_ref:<USER_REF>"}],
    "restfb-messaging-message-product-template": [
        {"thread": "<PSID>", "parts.0.title": "Some product title", "parts.0.text": "$40 · <EXTERNAL_ID>", "parts.0.external_id": "<PRODUCT_ID>"}
    ],
    "restfb-messaging-message-reply-2": [RESTFB | {"text": "hello, world!", "parts.1.what": "story", "parts.1.external_id": "STORY_ID"}],
    "restfb-messaging-message-sticker": [RESTFB | {"parts.0.name": "sticker", "parts.0.external_id": "56789012345678"}],
    "restfb-messaging-optin-userref": [RESTFB | {"kind": "optin", "parts.0.text": "PASS_THROUGH_PARAM"}],
    "restfb-messaging-postback-chat": [{"event": "received", "thread": "user_ref:987654321432", "parts.0.chosen.value": "hey", "parts.1.title": "CUSTOMER_CHAT_PLUGIN"}],
    "restfb-messaging-reaction-1": [{"kind": "reaction", "reaction": "😢", "targets.0": "original_message_id", "removed": False}],
    "restfb-messaging-read-basic": [RESTFB | {"kind": "read", "status": "read"}],
    "restfb-messaging-request-thread-control": [{"kind": "handover", "reason": "request_thread_control to REQUESTED_OWNER_APP_ID"}],
    "vercel-dm": [
        {"event": "received", "text": "What is Vercel?", "external_id": "m_FAKE_MSG_ID_001", "thread": "200000000000001"},
        {"event": "received", "text": "Tell me more"},
        {"event": "updated", "kind": "status", "status": "delivered", "targets.0": "m_SENT_MSG_001"},
        {"event": "updated", "kind": "read"},
        {"event": "updated", "kind": "reaction", "removed": False, "reaction": "❤"},
        {"event": "updated", "kind": "reaction", "removed": True},
        {"event": "received", "text": "Say Hello", "parts.1.chosen.value": 'chat:{"a":"hello"}'},
        {"event": "received", "text": "Get Started", "parts.1.chosen.value": "GET_STARTED"},
        {"event": "received", "parts.0.media_type": "image/*", "text": ""},
        {"event": "received", "direction": "outbound", "text": "Bot response", "thread": "200000000000001"},
    ],
}  # fmt: skip


def at(value: object, path: str) -> object:
    for step in path.split("."):
        value = value[int(step)] if isinstance(value, tuple) else getattr(value, step)
    return value


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_recorded_body(name: str) -> None:
    body = (CASES / f"{name}.json").read_bytes()
    found = list(Messenger.bare().parse(Delivery(source="file", body=body)))
    assert [
        {path: at(one, path) for path in wanted} for one, wanted in zip(found, EXPECTED[name], strict=True)
    ] == EXPECTED[name]


def test_every_case_has_its_expectation() -> None:
    assert {path.stem for path in CASES.glob("*.json")} - {"pywa-signature"} == set(EXPECTED)
