"""X as it behaves towards an account: direct messages come back without a mark, and each comes twice."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Sequence
from typing import ClassVar

from bench.simulate.dialects.base import ACCOUNT, Dialect, Item
from omnichannel.channel import Call, Channel, Delivery, Sender
from omnichannel.channels.x import X
from omnichannel.model import Address, Party

_US, _SECRET = "2244994945", "the secret of the simulated app"


class _X(X):
    """The channel as it is, but for its wires: calls go to the simulated platform, and names are asked of nobody."""

    wire: Sender

    def sender(self) -> Sender:
        return self.wire

    async def look_up(self, address: Address) -> Party | None:
        return None


class XDialect(Dialect):
    """One account; posted again, a message is wrapped as for another subscription."""

    kind: ClassVar[str] = "x"
    unmarked: ClassVar[bool] = True
    batches: ClassVar[bool] = False
    longest: ClassVar[int] = 5200

    def channel(self, sender: Sender) -> Channel:
        channel = _X(ACCOUNT, user_id=_US, username="shop", consumer_secret=_SECRET, token="token", poll=())
        channel.wire = sender
        return channel

    def delivery(self, items: Sequence[Item], *, forged: bool = False, times: int = 0) -> Delivery:
        (item,) = items
        ours = "to" in item
        there = item["to"] if ours else item["from"]
        sender, recipient = (_US, there) if ours else (there, _US)
        event = {
            "type": "message_create", "id": item["id"], "created_timestamp": str(item["at"]),
            "message_create": {
                "target": {"recipient_id": recipient}, "sender_id": sender, "message_data": {"text": item["text"]},
            },
        }  # fmt: skip
        users = {
            one: {"data": {"id": one, "username": f"user{one}", "name": "Somebody"}} for one in (_US, there)
        }
        data = {
            "event_uuid": f"{item['id']}{times}", "filter": {"user_id": _US},
            "event_type": "dm.sent" if ours else "dm.received", "tag": f"subscription {times % 2}",
            "payload": {"direct_message_events": [event], "users": users},
        }  # fmt: skip
        body = json.dumps({"data": data}).encode()
        key = b"no secret" if forged else _SECRET.encode()
        mac = base64.b64encode(hmac.new(key, body, hashlib.sha256).digest()).decode()
        return Delivery(headers=(("x-twitter-webhooks-signature", f"sha256={mac}"),), body=body)

    def said(self, call: Call) -> Item:
        to, text = call.url.split("/")[-2], json.loads(call.body)["text"]
        return {"to": to, "text": text, "mark": self.by_words(to, text)}

    def taken(self, number: str) -> bytes:
        return json.dumps({"data": {"dm_event_id": number}}).encode()

    def customer(self, number: int) -> str:
        return str(6_253_282 + number)

    def inbound(self, number: int, who: str) -> str:
        return str(1_346_889_436_626_000_000 + number)

    def outbound(self, number: int, who: str) -> str:
        return str(1_346_889_436_627_000_000 + number)

    def mark(self, call: Call) -> str:
        mark: str = self.said(call)["mark"]
        return mark
