"""What the tests of X start from: an account, its channel, bodies, deliveries and drafts."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from omnichannel.channel import Delivery
from omnichannel.channels.x import X
from omnichannel.model import Address, Draft, Party, Text
from omnichannel.toolbox import sign

CASES = Path(__file__).parent / "cases"
SECRET = "consumer-secret"
US, ANNA, BOB = "1111111111111111111", "2222222222222222222", "3333333333333333333"
TOKEN = "oct" + "abcdefghijklmnopqrstuvwxyz"
NOON = datetime(2026, 7, 24, 12, tzinfo=UTC)


def case(name: str) -> Any:
    return json.loads((CASES / name).read_bytes())


def channel(**settings: Any) -> X:
    given = {"user_id": US, "username": "shop", "consumer_secret": SECRET, "token": "user-token"}
    return X("x", **(given | settings))


def delivery(body: object, *, secret: str = SECRET, **more: Any) -> Delivery:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    signature = "sha256=" + sign(SecretStr(secret), raw, form="base64")
    headers = (("X-Twitter-Webhooks-Signature", signature),)
    return Delivery(
        **({"account": "x", "url": "https://shop.example/hooks/x", "body": raw, "headers": headers} | more)
    )


def events(body: object, *, x: X | None = None, **more: Any) -> list[Any]:
    return list((x or channel()).parse(delivery(body, **more)))


def bare(body: object) -> list[Any]:
    return events(body, x=X.bare())


def only(found: list[Any]) -> Any:
    (event,) = found
    return event


def post(**fields: Any) -> dict[str, Any]:
    given: dict[str, Any] = {
        "id": "2080765813578191303",
        "text": "hey @shop",
        "author_id": ANNA,
        "conversation_id": "2080765813578191303",
        "created_at": "2026-07-24T21:23:23.000Z",
        "entities": {"mentions": [{"start": 4, "end": 9, "username": "shop", "id": US}]},
    }
    return given | {"edit_history_tweet_ids": [(given | fields)["id"]]} | fields


def page(*items: object, **more: Any) -> dict[str, Any]:
    users = [{"id": ANNA, "username": "anna", "name": "Anna"}, {"id": US, "username": "shop", "name": "Shop"}]
    return {"data": list(items), "includes": {"users": users}, "meta": {"result_count": len(items)}} | more


def activity(kind: str, payload: object, *, account: str = US, **more: Any) -> dict[str, Any]:
    data = {"event_uuid": "-685", "filter": {"user_id": account}, "event_type": kind, "payload": payload}
    return {"data": data | {"includes": {"users": [{"id": ANNA, "username": "anna", "name": "Anna"}]}} | more}


def message(sender: str = ANNA, to: str = US, text: str = "hello!", **data: Any) -> dict[str, Any]:
    event = {
        "type": "message_create",
        "id": "2080765901528535096",
        "created_timestamp": "1784928224372",
        "message_create": {
            "target": {"recipient_id": to},
            "sender_id": sender,
            "message_data": {"text": text, "entities": {"urls": []}} | data,
        },
    }
    users = {ANNA: {"data": {"id": ANNA, "username": "anna", "name": "Anna"}}}
    return {"direct_message_events": [event], "users": users}


def party(user_id: str = ANNA) -> Party:
    return Party(address=Address(kind="x", value=user_id))


def draft(text: str = "Sorry!", **fields: Any) -> Draft:
    given: dict[str, Any] = {"id": "d1", "to": party(), "parts": (Text(text=text),), "created_at": NOON}
    return Draft(**(given | fields))
