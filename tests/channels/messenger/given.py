"""What the tests of Messenger start from: a Page, its channel, bodies and drafts."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

from pydantic import SecretStr

from omnichannel.channel import Delivery
from omnichannel.channels.messenger import Messenger
from omnichannel.model import Address, Draft, Part, Party, Text
from omnichannel.toolbox import sign

PAGE = "100000000000001"
ANNA = "200000000000001"
SECRET = "app-secret"
MORNING = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
TOKEN = "oct" + "abcdefghijklmnopqrstuvwxyz"


def channel(**settings: object) -> Messenger:
    given: dict = {
        "page_id": PAGE,
        "page_token": "page-token",
        "app_secret": SECRET,
        "verify_token": "verify-token",
    }
    return Messenger("page", **(given | settings))


def item(**content: object) -> dict:
    return {"sender": {"id": ANNA}, "recipient": {"id": PAGE}, "timestamp": 1772998024000, **content}


def message(**content: object) -> dict:
    return item(message={"mid": "m_1", **content})


def webhook(*items: object, page: str = PAGE, field: str = "messaging") -> dict:
    return {"object": "page", "entry": [{"id": page, "time": 1772998024001, field: list(items)}]}


def delivery(body: object, *, secret: str = SECRET) -> Delivery:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    signature = "sha256=" + sign(SecretStr(secret), raw, form="hex")
    return Delivery(
        account="page",
        url="https://shop.example/hooks/page",
        body=raw,
        headers=(("X-Hub-Signature-256", signature),),
    )


def events(body: object, **settings: object) -> list:
    return list(channel(**settings).parse(delivery(body)))


def event(body: object, **settings: object):
    (only,) = events(body, **settings)
    return only


def anna(page: str = PAGE) -> Party:
    return Party(address=Address(kind="messenger", scope=page, value=ANNA))


def draft(*parts: Part, silence: timedelta = timedelta(hours=1), **more: object) -> Draft:
    given: dict = {
        "id": "0199-draft",
        "to": anna(),
        "parts": parts or (Text(text="Hello"),),
        "created_at": MORNING,
        "heard_at": MORNING - silence,
    }
    return Draft(**(given | more))
