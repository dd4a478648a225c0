"""Messenger as it behaves towards a Page: signed batches, echoes with our metadata, receipts by message id."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Sequence
from typing import ClassVar

from bench.simulate.dialects.base import ACCOUNT, Dialect, Item
from omnichannel.channel import Call, Channel, Delivery, Sender
from omnichannel.channels.messenger import Messenger
from omnichannel.model import Address, Party

PAGE, SECRET = "100000000000001", "the secret of the simulated app"


class _Messenger(Messenger):
    """The channel as it is, but for its wires: calls go to the simulated platform, and names are asked of nobody."""

    wire: Sender | None = None

    def sender(self) -> Sender | None:
        return self.wire

    async def look_up(self, address: Address) -> Party | None:
        return None


class MessengerDialect(Dialect):
    """One Page."""

    kind: ClassVar[str] = "messenger"
    statuses: ClassVar[tuple[str, ...]] = ("delivered",)
    longest: ClassVar[int] = 1100
    us: ClassVar[str] = PAGE
    object: ClassVar[str] = "page"

    def channel(self, sender: Sender) -> Channel:
        channel = _Messenger(
            ACCOUNT, page_id=PAGE, page_token="token", app_secret=SECRET, verify_token="word"
        )
        channel.wire = sender
        return channel

    def delivery(self, items: Sequence[Item], *, forged: bool = False, times: int = 0) -> Delivery:
        entry = {
            "id": self.us,
            "time": items[0]["at"],
            "messaging": [item_of(self.us, item) for item in items],
        }
        return posted({"object": self.object, "entry": [entry]}, forged=forged)

    def said(self, call: Call) -> Item:
        body = json.loads(call.body)
        return {"to": body["recipient"]["id"], "text": body["message"]["text"], "mark": call.correlator}

    def taken(self, number: str) -> bytes:
        return json.dumps({"recipient_id": "1", "message_id": number}).encode()

    def customer(self, number: int) -> str:
        return f"20000000000000{number}"


def posted(said: Item, *, forged: bool) -> Delivery:
    """A webhook as Meta signs it, or as somebody else would."""
    body = json.dumps(said).encode()
    secret = "no secret" if forged else SECRET
    mac = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return Delivery(headers=(("X-Hub-Signature-256", f"sha256={mac}"),), body=body)


def item_of(us: str, item: Item) -> Item:
    """One thing of somebody's talk with an account, as Meta tells it."""
    ours = "to" in item and "status" not in item
    there, here = item.get("to") or item["from"], us
    sides = (here, there) if ours else (there, here)
    found: Item = {"sender": {"id": sides[0]}, "recipient": {"id": sides[1]}, "timestamp": item["at"]}
    if "status" in item:
        return {**found, "delivery": {"mids": [item["of"]], "watermark": item["at"]}}
    message: Item = {"mid": item["id"], "text": item["text"]}
    if ours:
        message |= {"is_echo": True}
        message |= {"app_id": 1, "metadata": item["mark"]} if us == PAGE else {}
    return {**found, "message": message}
