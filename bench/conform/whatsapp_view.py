"""Our events as other models see a WhatsApp message or status, and when what was found is what their tests accept."""

from __future__ import annotations

import base64
import json
import re
from typing import Any

from omnichannel.model import Event

NO_DIGEST = object()
"""A digest that is none was not kept."""


MISSING = (AttributeError, IndexError, KeyError, TypeError, ValueError)
"""What is raised where a part is asked for that is not there."""

FILES = ("image", "video", "audio", "document", "sticker")


class View:
    """The events of a file, as other models see a message or status."""

    def __init__(self, events: list[Event], body: bytes) -> None:
        self.events = events
        self.body = json.loads(body)
        told = [event for event in events if event.event in ("received", "updated")]
        self.event: Any = told[0] if told else events[0] if events else None
        self.parts = [part for event in told for part in event.parts]
        self.kind = getattr(self.event, "kind", self.event.event) if self.event else ""

    def first(self, kind: str, **fields: str) -> Any:
        """The first part of a type with these values."""
        found = (part for part in self.parts if part.type == kind)
        return next(
            (part for part in found if all(getattr(part, key) == value for key, value in fields.items())),
            None,
        )

    def field(self, kind: str, name: str, **fields: str) -> Any:
        """One field of that part; None without one."""
        part = self.first(kind, **fields)
        return getattr(part, name) if part else None

    def file(self, kind: str) -> Any:
        """The file, if it is of that kind."""
        part = self.first("attachment")
        if part is None:
            return None
        shown = "sticker" if "sticker" in part.name else part.media_type.partition("/")[0]
        return part if shown in (kind, {"document": "application"}.get(kind)) else None

    @property
    def words(self) -> list[str]:
        """Everything that was said, or that says what happened."""
        return [part.text for part in self.parts if hasattr(part, "text")]

    @property
    def option(self) -> Any:
        """What was chosen."""
        return self.field("choice", "chosen")

    @property
    def people(self) -> set[str]:
        """Every id and number of who wrote, or was written to; numbers as WhatsApp writes them."""
        parties = [getattr(self.event, "sender", None), *getattr(self.event, "recipients", ())]
        proofs = [proof.address for proof in getattr(self.event, "evidence", ())]
        found = {party.address.value for party in parties if party} | {one.value for one in proofs}
        written = {party.written for party in parties if party}
        return {value.removeprefix("+") for value in found | written}

    @property
    def name(self) -> str:
        """What the person calls themselves."""
        party = getattr(self.event, "sender", None)
        if self.kind != "received" and (party is None or getattr(self.event, "status", None)):
            party = next(iter(getattr(self.event, "recipients", ())), None)
        return party.name if party else ""

    @property
    def scope(self) -> str:
        """The account that ids hold for."""
        parties = [getattr(self.event, "sender", None), *getattr(self.event, "recipients", ())]
        return next((party.address.scope for party in parties if party and party.address.scope), "")

    @property
    def reached(self) -> int:
        """How far a message of ours came."""
        return ("", "failed", "sent", "delivered", "read").index(getattr(self.event, "status", None) or "")

    @property
    def type(self) -> str:
        """What other models call the type of a message."""
        if self.kind in ("reaction", "edited", "deleted"):
            return {"edited": "edit", "deleted": "revoke"}.get(self.kind, self.kind)
        for kind in FILES:
            if self.file(kind):
                return kind
        system = self.field("system", "what") or ""
        if system:
            return "unsupported" if system.startswith("unsupported") else "system"
        for kind, name in (("location", "location"), ("contact", "contacts")):
            if self.first(kind):
                return name
        if self.first("choice"):
            return (
                "interactive" if self.option.value and '"interactive"' in json.dumps(self.body) else "button"
            )
        return "order" if self.first("reference", what="order") else "text"


class OneOf(list):
    """Values of which one has to be the expected one."""


def agrees(op: str, expected: Any, found: Any) -> bool:
    """Whether what was found is what the source's test framework would accept."""
    if op.lower() in ("istrue", "is_true", "true"):
        return found is True
    if op.lower() in ("isfalse", "is_false", "false"):
        return found is False
    if op.lower() in ("isnull", "is_null", "null"):
        return not any(one.isdigit() for one in found) if isinstance(found, OneOf) else not found
    if op == "size":
        return len(found) == expected
    if isinstance(found, OneOf):
        return any(_same(expected, one) for one in found)
    return _same(expected, found)


def _same(expected: Any, found: Any) -> bool:
    """Equal, in what we keep of it: enumerations by their word, digests in hexadecimal, no slash escaped twice."""
    written = str(expected).replace("\\/", "/")
    if found is NO_DIGEST:
        return len(_hex(written)) != 64
    said = re.sub(r"^(?:MessageType|MessageStatus)\.", "", written)
    return str(found) in {written, _hex(written)} - {""} or str(found).lower() == said.lower()


def _hex(written: str) -> str:
    try:
        return base64.b64decode(written, validate=True).hex()
    except ValueError:
        return ""
