"""A small channel for the tests of the core: a signed JSON chat, complete and honest, on no real platform.

Body: a list of items, each `{"id", "from", "name"?, "text"?, "thread"?, …}` or an update. `Letter` is the same
on paper: every thread a question of its own, with subjects, marks and senders that prove nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Self

from omnichannel.channel import Ack, Call, Channel, Delivery, Response, Sender
from omnichannel.errors import Forged, TooLarge, Unsupported
from omnichannel.model import (
    Address,
    Capabilities,
    Direction,
    Draft,
    Event,
    Evidence,
    Party,
    Receipt,
    Received,
    Sent,
    Strength,
    Text,
    TextLimit,
    Unknown,
    Unreadable,
    Updated,
)
from omnichannel.toolbox import find_tokens, load_json, secrets_of, sign, signed, trouble

SECRET = "chat-secret"


class FarEnd:
    """The platform: what it was sent, and how it answers next."""

    def __init__(self) -> None:
        self.said: list[dict[str, Any]] = []
        self.answers: list[Response | BaseException] = []
        self.lost_after_taking = False

    async def send(self, call: Call) -> Response:
        answer = self.answers.pop(0) if self.answers else None
        if isinstance(answer, BaseException):
            raise answer
        if answer is not None and not self.lost_after_taking:
            return answer
        body = json.loads(call.body)
        self.said.append(body)
        if answer is not None:
            return answer
        return Response(status=200, body=json.dumps({"id": f"out-{len(self.said)}"}).encode())

    async def close(self) -> None:
        """Nothing to let go of."""


class Chat(Channel):
    kind = "chat"
    can = Capabilities(
        text=TextLimit(size=100),
        parts_out=frozenset({"text"}),
        echoes=True,
        public=True,
        signals=frozenset({"typing"}),
    )

    def __init__(self, name: str, far: FarEnd | None = None, secret: str = SECRET) -> None:
        super().__init__(name)
        self.far = far or FarEnd()
        self._secrets = secrets_of(secret, "secret", "Set one.")

    @classmethod
    def bare(cls, name: str = "file") -> Self:
        return cls(name)

    def admit(self, delivery: Delivery) -> Ack:
        if not signed(self._secrets, delivery.body, delivery.header("x-signature")):
            raise Forged("the signature is wrong")
        return Ack()

    def parse(self, delivery: Delivery) -> Iterable[Event]:
        for item in load_json(delivery.body):  # type: ignore[union-attr]
            yield self._event(item)  # type: ignore[arg-type]

    def _event(self, item: dict[str, Any]) -> Event:
        if "boom" in item:
            raise RuntimeError("a bug in the channel")
        if "unreadable" in item:
            return Unreadable(reason="cannot be read")
        sender = self.party(item.get("from", "us"), item.get("name", ""))
        if "kind" in item:
            return Updated(
                kind=item["kind"],
                external_id=item["id"],
                targets=tuple(item.get("targets", ())),
                correlator=item.get("correlator", ""),
                status=item.get("status"),
                until=datetime.fromtimestamp(item["until"], UTC) if "until" in item else None,
                sent_at=datetime.fromtimestamp(item["at"], UTC) if "at" in item else None,
                sender=sender,
                parts=(Text(text=item["text"]),) if "text" in item else (),
                reaction=item.get("reaction", ""),
                removed=item.get("removed", False),
                reason=item.get("reason", ""),
                thread=item.get("thread", ""),
                tokens=find_tokens(item.get("ref", "")),
            )
        text = item.get("text", "")
        outbound = "to" in item
        return Received(
            external_id=item["id"],
            fingerprint=item.get("fingerprint", ""),
            direction=Direction.OUTBOUND if outbound else Direction.INBOUND,
            sender=sender,
            recipients=(self.party(item["to"]),) if item.get("to") else (),
            strength=Strength(item.get("strength", "verified")),
            parts=(Text(text=text),) if text else (),
            sent_at=datetime.fromtimestamp(item["at"], UTC) if "at" in item else None,
            subject=item.get("subject", ""),
            thread=item.get("thread", self._thread(item)),
            public=item.get("public", False),
            tokens=find_tokens(text),
            correlator=item.get("correlator", ""),
            automatic=item.get("automatic"),
            reply_to=item.get("reply_to", ""),
            references=tuple(item.get("references", ())),
            readonly=item.get("readonly", False),
            answer_to=self.party(item["answer_to"]) if "answer_to" in item else None,
            evidence=tuple(
                Evidence(address=Address.of(where), strength=Strength.VERIFIED, method="platform_mapping")
                for where in item.get("also", ())
            ),
        )

    def render(self, draft: Draft) -> Sequence[Call]:
        """One call for each piece between `|`; a piece that begins with `^` is an upload that nobody sees."""
        if any(part.type != "text" for part in draft.parts):
            raise Unsupported("chat carries words only")
        if len(draft.text) > self.can.text.size:
            raise TooLarge(f"chat carries {self.can.text.size} characters, this has {len(draft.text)}")
        pieces = draft.text.split("|")
        return [
            Call(
                url=f"https://{self.kind}.invalid/send",
                body=json.dumps(self._said(draft, piece)).encode(),
                correlator=f"{draft.id}/{position}",
                chain="/after" if position else "",
                prepares=piece.startswith("^"),
                text=piece,
            )
            for position, piece in enumerate(pieces)
        ]

    def _said(self, draft: Draft, piece: str) -> dict[str, Any]:
        return {"to": draft.to.reach, "text": piece}

    def read(self, call: Call, response: Response) -> Receipt:
        bad = trouble(response)
        if bad is not None:
            return bad
        try:
            return Sent(external_id=json.loads(response.body)["id"])
        except (ValueError, KeyError):
            return Unknown(detail="unreadable answer")

    def sender(self) -> Sender:
        return self.far

    def signal(self, to: Party, sign: str, heard: str = "") -> Call:
        if sign != "typing":
            raise Unsupported("chat shows typing only")
        return Call(
            url=f"https://{self.kind}.invalid/sign",
            body=json.dumps({"to": to.reach, "sign": sign, "heard": heard}).encode(),
        )

    def start_link(self, token: str) -> str:
        return f"https://chat.invalid/{self.name}?ref={token}"

    def _thread(self, item: Mapping[str, Any]) -> str:
        return str(item.get("to", item.get("from", "")))

    def party(self, who: str, name: str = "") -> Party:
        return party(who, name, self.kind)


class Letter(Chat):
    kind = "letter"
    can = Capabilities(text=TextLimit(size=1000), subject=True, letters=True, threads=True)

    def _thread(self, item: Mapping[str, Any]) -> str:
        return str([*item.get("references", ()), item.get("reply_to") or item["id"]][0])

    def _said(self, draft: Draft, piece: str) -> dict[str, Any]:
        """A letter carries everything that a draft has for a thread."""
        return {
            "to": draft.to.reach,
            "text": piece,
            "subject": draft.subject,
            "mark": draft.token,
            "reply_to": draft.reply_to,
            "references": list(draft.references),
        }


def party(who: str, name: str = "", kind: str = "chat") -> Party:
    return Party(address=Address(kind=kind, value=who), name=name)


def delivery(*items: Mapping[str, Any], secret: str = SECRET) -> Delivery:
    """A signed delivery of some items."""
    body = json.dumps(items).encode()
    signature = "sha256=" + sign(secrets_of(secret, "s", "")[0], body, form="hex")
    return Delivery(url="https://hooks.invalid/chat", headers=(("X-Signature", signature),), body=body)
