"""A platform of our own making: signed JSON, echoes that bring our correlator back, and statuses."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any, ClassVar, Self

from bench.simulate.dialects.base import ACCOUNT, Dialect, Item
from omnichannel.channel import Ack, Call, Channel, Delivery, Response, Sender
from omnichannel.errors import Forged, TooLarge, Unsupported
from omnichannel.model import (
    Address,
    Capabilities,
    Direction,
    Draft,
    Event,
    Party,
    Receipt,
    Received,
    Sent,
    Text,
    TextLimit,
    Unknown,
    Unreadable,
    Updated,
)
from omnichannel.toolbox import load_json, secrets_of, sign, signed, trouble

_SECRET = "the secret of the simulated chat"


class Chat(Channel):
    """One account. A draft is one call for each piece between `|`; later pieces name the one before them."""

    kind = "chat"
    can = Capabilities(text=TextLimit(size=200), parts_out=frozenset({"text"}), echoes=True)

    def __init__(self, name: str, sender: Sender | None = None) -> None:
        super().__init__(name)
        self._sender = sender
        self._secrets = secrets_of(_SECRET, "secret", "Set one.")

    @classmethod
    def bare(cls, name: str = "file") -> Self:
        return cls(name)

    def admit(self, delivery: Delivery) -> Ack:
        if not signed(self._secrets, delivery.body, delivery.header("x-signature")):
            raise Forged("the signature is wrong")
        return Ack()

    def parse(self, delivery: Delivery) -> Iterable[Event]:
        for item in load_json(delivery.body):  # type: ignore[union-attr]
            yield _event(item)  # type: ignore[arg-type]

    def render(self, draft: Draft) -> Sequence[Call]:
        if any(part.type != "text" for part in draft.parts):
            raise Unsupported("chat carries words only")
        if len(draft.text) > self.can.text.size:
            raise TooLarge("chat carries 200 characters")
        return [
            Call(
                url="https://chat.invalid/send",
                body=json.dumps(
                    {"to": draft.to.reach, "text": piece, "mark": f"{draft.id}/{place}"}
                ).encode(),
                correlator=f"{draft.id}/{place}",
                chain="/after" if place else "",
                text=piece,
            )
            for place, piece in enumerate(draft.text.split("|"))
        ]

    def read(self, call: Call, response: Response) -> Receipt:
        bad = trouble(response)
        if bad is not None:
            return bad
        try:
            return Sent(external_id=json.loads(response.body)["id"])
        except (ValueError, KeyError):
            return Unknown(detail="an answer that cannot be read")

    def sender(self) -> Sender | None:
        return self._sender


def _event(item: dict[str, Any]) -> Event:
    if "odd" in item:
        return Unreadable(reason="nobody knows what this means", where=item["id"])
    if "status" in item:
        return Updated(
            kind="status",
            external_id=item["id"],
            targets=(item["of"],),
            correlator=item["mark"],
            status=item["status"],
        )
    ours = "to" in item
    who = Party(address=Address(kind="chat", value=item.get("from", "us")))
    return Received(
        external_id=item["id"],
        direction=Direction.OUTBOUND if ours else Direction.INBOUND,
        sender=who,
        recipients=(Party(address=Address(kind="chat", value=item["to"])),) if ours else (),
        parts=(Text(text=item["text"]),),
        thread=item["to"] if ours else item["from"],
        correlator=item.get("mark", ""),
    )


class ChatDialect(Dialect):
    """The platform's side."""

    kind: ClassVar[str] = "chat"
    statuses: ClassVar[tuple[str, ...]] = ("delivered", "read")
    odd: ClassVar[bool] = True

    def channel(self, sender: Sender) -> Channel:
        return Chat(ACCOUNT, sender)

    def delivery(self, items: Sequence[Item], *, forged: bool = False, times: int = 0) -> Delivery:
        body = json.dumps(items).encode()
        key = secrets_of("no secret" if forged else _SECRET, "s", "")[0]
        return Delivery(headers=(("X-Signature", "sha256=" + sign(key, body, form="hex")),), body=body)

    def said(self, call: Call) -> Item:
        return dict(json.loads(call.body))

    def taken(self, number: str) -> bytes:
        return json.dumps({"id": number}).encode()

    def in_two_pieces(self, text: str) -> str:
        return f"{text}, |and more"
