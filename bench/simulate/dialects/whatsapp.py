"""WhatsApp as it behaves towards a number: no echo, but statuses that bring back what was planted in a message."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Sequence
from typing import ClassVar

from bench.simulate.dialects.base import ACCOUNT, Dialect, Item
from omnichannel.channel import Call, Channel, Delivery, Sender
from omnichannel.channels.whatsapp import WhatsApp

_NUMBER, _WABA, _SECRET = "106540352242922", "102290129340398", "the secret of the simulated app"


class _WhatsApp(WhatsApp):
    """The channel as it is, but for its wire."""

    wire: Sender | None = None

    def sender(self) -> Sender | None:
        return self.wire


class WhatsAppDialect(Dialect):
    """One number."""

    kind: ClassVar[str] = "whatsapp"
    statuses: ClassVar[tuple[str, ...]] = ("sent", "delivered", "read")
    echo: ClassVar[bool] = False
    proving: ClassVar[bool] = True
    longest: ClassVar[int] = 2200

    def channel(self, sender: Sender) -> Channel:
        channel = _WhatsApp(
            ACCOUNT, number="+15550783881", phone_number_id=_NUMBER, waba_id=_WABA, token="token",
            app_secret=_SECRET, verify_token="word",
        )  # fmt: skip
        channel.wire = sender
        return channel

    def delivery(self, items: Sequence[Item], *, forged: bool = False, times: int = 0) -> Delivery:
        changes = [{"field": "messages", "value": {**_about(item), **_value(item)}} for item in items]
        entry = {"id": _WABA, "changes": changes}
        body = json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()
        secret = "no secret" if forged else _SECRET
        mac = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        return Delivery(headers=(("X-Hub-Signature-256", f"sha256={mac}"),), body=body)

    def said(self, call: Call) -> Item:
        body = json.loads(call.body)
        return {
            "to": body["to"].removeprefix("+"),
            "text": body["text"]["body"],
            "mark": body["biz_opaque_callback_data"],
        }

    def taken(self, number: str) -> bytes:
        return json.dumps({"messaging_product": "whatsapp", "messages": [{"id": number}]}).encode()

    def customer(self, number: int) -> str:
        return f"3161234567{number}"

    def inbound(self, number: int, who: str) -> str:
        return f"wamid.in{number}"

    def outbound(self, number: int, who: str) -> str:
        return f"wamid.out{number}"


def _about(item: Item) -> Item:
    metadata = {"display_phone_number": "15550783881", "phone_number_id": _NUMBER}
    found: Item = {"messaging_product": "whatsapp", "metadata": metadata}
    if "status" not in item:
        found["contacts"] = [{"profile": {"name": "Customer"}, "wa_id": item["from"]}]
    return found


def _value(item: Item) -> Item:
    at = str(item["at"] // 1000)
    if "status" in item:
        status = {"id": item["of"], "status": item["status"], "timestamp": at, "recipient_id": item["to"]}
        return {"statuses": [{**status, "biz_opaque_callback_data": item["mark"]}]}
    said = {"body": item["text"]}
    return {
        "messages": [{"from": item["from"], "id": item["id"], "timestamp": at, "type": "text", "text": said}]
    }
