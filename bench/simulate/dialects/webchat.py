"""The web chat as its pages behave: deliveries that they sign themselves, and statuses that name our own message."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import ClassVar

from bench.simulate.dialects.base import ACCOUNT, Dialect, Item
from omnichannel.channel import Call, Channel, Delivery, Sender
from omnichannel.channels.webchat import WebChat

_SECRET, _ANOTHER = "the secret of the simulated site, long", "another secret than that of the site"


class _WebChat(WebChat):
    """The channel as it is, but for its wire: taking an answer up may fail, as when it was another's server."""

    wire: Sender | None = None

    def sender(self) -> Sender | None:
        return self.wire


class WebChatDialect(Dialect):
    """One site."""

    kind: ClassVar[str] = "webchat"
    statuses: ClassVar[tuple[str, ...]] = ("delivered", "read")
    batches: ClassVar[bool] = False
    echo: ClassVar[bool] = False
    repeats: ClassVar[bool] = True

    def channel(self, sender: Sender) -> Channel:
        channel = _site(_SECRET)
        channel.wire = sender
        return channel

    def delivery(self, items: Sequence[Item], *, forged: bool = False, times: int = 0) -> Delivery:
        (item,) = items
        at = datetime.fromtimestamp(item["at"] / 1000, UTC).isoformat()
        said = {"id": _own_id(item["id"]), "visitor": item.get("to") or item["from"], "at": at}
        if "status" in item:
            said |= {"type": "status", "status": item["status"], "messages": [item["mark"]]}
        else:
            said |= {"type": "message", "text": item["text"]}
        return _site(_ANOTHER if forged else _SECRET).delivery(json.dumps(said).encode())

    def said(self, call: Call) -> Item:
        to = json.loads(call.body)["to"].rpartition(":")[2]
        return {"to": to, "text": call.text, "mark": call.correlator}

    def taken(self, number: str) -> bytes:
        return json.dumps({"id": number}).encode()

    def customer(self, number: int) -> str:
        return "v" + "abc"[number] * 26

    def inbound(self, number: int, who: str) -> str:
        return f"{who}/{number:08}"

    def called(self, number: int, said: Item) -> str:
        mark: str = said["mark"]
        return mark

    def in_two_pieces(self, text: str) -> str:
        """A message is never cut."""
        return f"{text}, and more"


def _own_id(number: str) -> str:
    """What a browser calls what it says."""
    return number.rpartition("/")[2].ljust(8, "0")


def _site(secret: str) -> _WebChat:
    return _WebChat(ACCOUNT, secret=secret, origins=["https://shop.example"])
