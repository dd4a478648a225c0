"""Telegram as it behaves towards a bot: one update a webhook, a secret word for a signature, and no echo at all."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import ClassVar

from bench.simulate.dialects.base import ACCOUNT, Dialect, Item
from omnichannel.channel import Call, Channel, Delivery, Sender
from omnichannel.channels.telegram import Telegram
from omnichannel.model import Address, Party

_SECRET = "a-secret-word-for-the-simulated-bot"


class _Telegram(Telegram):
    """The channel as it is, but for its wires: calls go to the simulated platform, and names are asked of nobody."""

    wire: Sender | None = None

    def sender(self) -> Sender | None:
        return self.wire

    async def look_up(self, address: Address) -> Party | None:
        return None


class TelegramDialect(Dialect):
    """One bot."""

    kind: ClassVar[str] = "telegram"
    echoes: ClassVar[bool] = False
    batches: ClassVar[bool] = False
    longest: ClassVar[int] = 2200

    def channel(self, sender: Sender) -> Channel:
        channel = _Telegram(ACCOUNT, token="4242:" + "a" * 35, secret=_SECRET)
        channel.wire = sender
        return channel

    def delivery(self, items: Sequence[Item], *, forged: bool = False, times: int = 0) -> Delivery:
        (item,) = items
        chat, _, number = item["id"].partition(":")
        message = {
            "message_id": int(number), "date": item["at"] // 1000, "text": item["text"],
            "chat": {"id": int(chat), "type": "private"},
            "from": {"id": int(chat), "is_bot": False, "first_name": "Customer"},
        }  # fmt: skip
        body = json.dumps({"update_id": int(number), "message": message}).encode()
        secret = "another-secret-word-for-the-simulated-bot" if forged else _SECRET
        return Delivery(headers=(("X-Telegram-Bot-Api-Secret-Token", secret),), body=body)

    def said(self, call: Call) -> Item:
        body = json.loads(call.body)
        return {"to": str(body["chat_id"]), "text": body["text"], "mark": self.mark(call)}

    def taken(self, number: str) -> bytes:
        chat, _, message = number.partition(":")
        result = {
            "message_id": int(message),
            "date": 1,
            "chat": {"id": int(chat), "type": "private"},
            "text": "",
        }
        return json.dumps({"ok": True, "result": result}).encode()

    def customer(self, number: int) -> str:
        return str(1000 + number)

    def inbound(self, number: int, who: str) -> str:
        return f"{who}:{number + 1}"

    def outbound(self, number: int, who: str) -> str:
        return f"{who}:{number + 1_000_000}"

    def limited(self, call: Call) -> str:
        """A chat has a limit of its own: https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this"""
        return str(json.loads(call.body)["chat_id"])

    def mark(self, call: Call) -> str:
        said = json.loads(call.body)
        return self.by_words(str(said["chat_id"]), said["text"])
