"""A Facebook Page: comments in public, one private answer to each, and whoever got it goes on in Messenger.

Both accounts hear of everything, as at one webhook of one app. A comment's id says whose it is, so that it can be
told from outside who is answered.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence
from typing import ClassVar

from bench.simulate.dialects.base import ACCOUNT, Item
from bench.simulate.dialects.messenger import PAGE, SECRET, MessengerDialect, _Messenger, item_of, posted
from omnichannel.channel import Call, Channel, Delivery, Sender
from omnichannel.channels.facebook import Facebook
from omnichannel.model import Address, Doubt, Party, Receipt

_POST = f"{PAGE}_7"


class _Facebook(Facebook):
    """The channel as it is, but for its wires: calls go to the simulated platform, and nobody is asked anything."""

    wire: Sender | None = None

    def sender(self) -> Sender | None:
        return self.wire

    async def look_up(self, address: Address) -> Party | None:
        return None

    async def find(self, call: Call, doubt: Doubt) -> Receipt | None:
        return None


class FacebookDialect(MessengerDialect):
    """One Page, with its comments and its Messenger."""

    kind: ClassVar[str] = "facebook"
    unmarked: ClassVar[bool] = True
    statuses: ClassVar[tuple[str, ...]] = ()
    longest: ClassVar[int] = 4200
    batches: ClassVar[bool] = False
    threads: ClassVar[bool] = True
    accounts: ClassVar[tuple[str, ...]] = (ACCOUNT, "messenger")
    leads_over: ClassVar[bool] = True

    def channels(self, sender: Sender) -> Sequence[Channel]:
        """Two accounts with one way out."""
        settings = {"page_id": PAGE, "page_token": "token", "app_secret": SECRET, "verify_token": "word"}
        comments, messenger = _Facebook(ACCOUNT, **settings), _Messenger("messenger", **settings)
        comments.wire = messenger.wire = sender
        return comments, messenger

    def delivery(self, items: Sequence[Item], *, forged: bool = False, times: int = 0) -> Delivery:
        (item,) = items
        if item.get("private"):
            item = item | {"to": self.goes_on_as(item["to"])}
        said = _person(item) in _ON_MESSENGER
        news: Item = {"messaging": [item_of(PAGE, item)]} if said else {"changes": [_change(item)]}
        entry = {"id": PAGE, "time": item["at"], **news}
        return posted({"object": "page", "entry": [entry]}, forged=forged)

    def said(self, call: Call) -> Item:
        body = json.loads(call.body)
        if "recipient" not in body:
            node = call.url.split("/")[-2]
            return {"to": _author(node), "text": body["message"], "mark": self.mark(call), "node": node}
        text, private = body["message"]["text"], body["recipient"].get("comment_id", "")
        to = _author(private) if private else body["recipient"]["id"]
        return {"to": to, "text": text, "mark": call.correlator} | (
            {"node": private, "private": True} if private else {}
        )

    def limited(self, call: Call) -> str:
        """Comments and Messenger are two accounts."""
        return "messenger" if "id" in json.loads(call.body).get("recipient", {}) else ACCOUNT

    def mark(self, call: Call) -> str:
        body = json.loads(call.body)
        return call.correlator or self.by_words(call.url.split("/")[-2], body["message"])

    def taken(self, number: str) -> bytes:
        return json.dumps({"id": number, "recipient_id": "1", "message_id": number}).encode()

    def customer(self, number: int) -> str:
        return f"30000000000000{number}"

    def goes_on_as(self, who: str) -> str:
        """What Messenger calls the author of a comment."""
        return f"2{who[1:]}"

    def inbound(self, number: int, who: str) -> str:
        return f"mid.in{number}" if who in _ON_MESSENGER else f"7_{who[-1]}{number:03}"

    def outbound(self, number: int, who: str) -> str:
        return f"mid.out{number}"

    def privately(self, number: str) -> bool:
        """Whether we answer this in private."""
        return not number.startswith("mid.") and zlib.crc32(number.encode()) % 2 == 0


_ON_MESSENGER = tuple(f"20000000000000{number}" for number in range(10))


def _person(item: Item) -> str:
    """The customer whom an item is from or to."""
    return str(item.get("to") or item["from"])


def _author(node: str) -> str:
    """Whose comment it is."""
    return f"30000000000000{node.partition('_')[2][0]}"


def _change(item: Item) -> Item:
    ours = "to" in item
    value = {
        "item": "comment", "verb": "add", "comment_id": item["id"], "post_id": _POST,
        "created_time": item["at"] // 1000, "parent_id": item["node"] if ours else _POST, "message": item["text"],
        "from": {"id": PAGE if ours else item["from"], "name": "Shop" if ours else "Somebody"},
    }  # fmt: skip
    return {"field": "feed", "value": value}
