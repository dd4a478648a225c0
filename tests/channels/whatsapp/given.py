"""What the tests of WhatsApp start from: an account, bodies and drafts."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

from omnichannel.channel import Delivery
from omnichannel.channels.whatsapp import WhatsApp
from omnichannel.model import Address, Draft, Part, Party, Text

NUMBER, WABA, DISPLAY = "106540352242922", "102290129340398", "15550783881"
ANN, ANN_ID = "16505551234", "US.13491208655302741918"
NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
TOKEN = "oct" + "abcdefghijklmnopqrstuvwxyz"


def channel(**settings: object) -> WhatsApp:
    given: dict = {
        "number": f"+{DISPLAY}",
        "phone_number_id": NUMBER,
        "waba_id": WABA,
        "token": "system-token",
        "app_secret": "app-secret",
        "verify_token": "verify-token",
    }
    return WhatsApp("number", **(given | settings))


def value(**content: object) -> dict:
    metadata = {"display_phone_number": DISPLAY, "phone_number_id": NUMBER}
    return {"messaging_product": "whatsapp", "metadata": metadata, **content}


def message(**content: object) -> dict:
    return {"from": ANN, "id": "wamid.1", "timestamp": "1749416383", **content}


def webhook(content: object, field: str = "messages") -> dict:
    return {
        "object": "whatsapp_business_account",
        "entry": [{"id": WABA, "changes": [{"value": content, "field": field}]}],
    }


def events(body: object, source: str = "webhook", **settings: object) -> list:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return list(channel(**settings).parse(Delivery(source=source, body=raw)))


def event(*messages: dict, **content: object):
    (only,) = events(webhook(value(messages=list(messages), **content)))
    return only


def draft(
    *parts: Part, to: Party | None = None, silence: timedelta = timedelta(hours=1), **more: object
) -> Draft:
    given: dict = {
        "id": "0199-draft",
        "to": to or Party(address=Address(kind="phone", value=f"+{ANN}")),
        "parts": parts or (Text(text="Hello"),),
        "created_at": NOON,
        "heard_at": NOON - silence,
    }
    return Draft(**(given | more))


def sent(*parts: Part, **more: object) -> list[dict]:
    """The JSON bodies of the messages that a draft becomes."""
    return [json.loads(call.body) for call in channel().render(draft(*parts, **more)) if not call.prepares]
