"""From the bytes of a signed delivery to events: each item on its own, in order. Pure."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import ValidationError
from pydantic_core import to_json

from omnichannel.channel import Delivery
from omnichannel.channels.http import wire
from omnichannel.errors import Malformed
from omnichannel.identity import normalise
from omnichannel.model import (
    Address,
    Attachment,
    Direction,
    Event,
    Evidence,
    Ignored,
    Part,
    Party,
    Received,
    Strength,
    Text,
    Unreadable,
    Updated,
)
from omnichannel.toolbox import Json, file_name, find_tokens, is_object, load_json, string

UNIVERSAL = ("phone", "email")
"""Kinds whose addresses mean the same everywhere, so that no account has them to itself."""

_MOST_ITEMS = 10_000
"""As many short messages as fit into half of the longest delivery: what brings more brings no messages."""

_PARTS = 1000
"""More than one item can have: so an attachment's number tells its item and its place there."""


@dataclass(frozen=True, slots=True)
class Rules:
    """How an account reads: which kinds of address it takes (none: all), whose ids, and how far it is trusted."""

    scope: str
    kinds: frozenset[str] = frozenset()
    strength: Strength = Strength.ASSERTED

    def address(self, person: wire.Person) -> Address:
        """The address in its one spelling. Raises Malformed for a kind that this account does not take."""
        if self.kinds and person.kind not in self.kinds:
            known = ", ".join(sorted(self.kinds))
            raise Malformed(
                f"an address of kind {person.kind[:40]!r}; this account takes {known} (setting kinds)"
            )
        return normalise(person.kind, person.value, "" if person.kind in UNIVERSAL else self.scope)

    def party(self, person: wire.Person) -> Party:
        """Somebody, with the spelling that came."""
        address = self.address(person)
        return Party(
            address=address, name=person.name, written="" if person.value == address.value else person.value
        )


def events(delivery: Delivery, rules: Rules) -> Iterator[Event]:
    """What a delivery says; raises Malformed, at once, if nothing in it can be read."""
    return (_event(number, item, rules) for number, item in enumerate(_items(delivery.body)))


def content(delivery: Delivery, index: int) -> bytes | None:
    """The bytes of the attachment with that number; None if there are none."""
    number, place = divmod(index, _PARTS)
    items = _items(delivery.body)
    item = items[number] if number < len(items) else None
    parts = item.get("parts") if is_object(item) else None
    part = parts[place] if isinstance(parts, list) and place < len(parts) else None
    written = part.get("content") if is_object(part) else None
    return None if written is None else _bytes(written)


def _items(body: bytes) -> list[Json]:
    loaded = load_json(body)
    if not is_object(loaded):
        raise Malformed('not a JSON object; send one event, or {"events": [...]}')
    listed = loaded.get("events", [loaded])
    if not isinstance(listed, list):
        raise Malformed("events is not a list")
    if len(listed) > _MOST_ITEMS:
        raise Malformed(
            f"{len(listed)} events at once; at most {_MOST_ITEMS} are read. Send them in several deliveries"
        )
    return listed


def _event(number: int, item: Json, rules: Rules) -> Event:
    """The event, or what is wrong with this one item."""
    kind = string(item, "type")
    if kind and kind not in wire.TYPES:
        return Ignored(reason=f"not_event: we know no {kind[:60]!r}", kind=kind[:60])
    try:
        return _read(_validated(number, item), rules)
    except ValidationError as error:
        return Unreadable(reason=_said(error), where=f"/events/{number}")
    except (Malformed, ValueError) as error:
        return Unreadable(reason=str(error)[:500], where=f"/events/{number}")


def _said(error: ValidationError) -> str:
    """Which keys are wrong, without repeating what stood there."""
    found = error.errors(include_input=False, include_url=False, include_context=False)
    told = [f"{'.'.join(str(step) for step in one['loc'][1:]) or 'type'}: {one['msg']}" for one in found]
    return "; ".join(told)[:500]


def _validated(number: int, item: Json) -> wire.Item:
    if is_object(item) and isinstance(item.get("parts"), list):
        bare: dict[str, Json] = {**item, "parts": _without_bytes(item["parts"], number * _PARTS)}
        return wire.ITEM.validate_json(to_json(bare))
    return wire.ITEM.validate_json(to_json(item))


def _without_bytes(parts: Json, first: int) -> list[Json]:
    """The parts with a file's measure instead of the file, which stays in the delivery."""
    found: list[Json] = []
    for place, part in enumerate(parts if isinstance(parts, list) else ()):
        if is_object(part) and part.get("content") is not None and part.get("type") == "attachment":
            data = _bytes(part["content"])
            measured: dict[str, Json] = {
                "index": first + place, "size": len(data), "sha256": hashlib.sha256(data).hexdigest(),
            }  # fmt: skip
            part = {key: value for key, value in part.items() if key != "content"} | measured  # noqa: PLW2901
        found.append(part)
    return found


def _bytes(written: Json) -> bytes:
    """Base64 in either alphabet, padded or not."""
    if not isinstance(written, str):
        raise Malformed("an attachment's content is not base64")
    bare = written.translate({45: "+", 95: "/"}).rstrip("=")
    try:
        return base64.b64decode(bare + "=" * (-len(bare) % 4), validate=True)
    except (binascii.Error, ValueError):
        raise Malformed("an attachment's content is not base64") from None


def _read(item: wire.Item, rules: Rules) -> Event:
    if isinstance(item, wire.Said):
        return _received(item, rules)
    if isinstance(item, wire.Ping):
        return Ignored(reason="ping: it arrived, and its signature is right", kind="ping")
    if isinstance(item, wire.Typing):
        party = rules.party(item.sender)
        return Updated(
            kind="typing",
            external_id=item.id,
            sender=party,
            sent_at=item.sent_at,
            thread=_thread(item.thread, party),
        )
    return _updated(item, rules)


def _thread(thread: str, sender: Party) -> str:
    """Where there is no conversation's id, there is one conversation with each sender."""
    return thread or f"{sender.address.kind}:{sender.address.value}"


def _received(item: wire.Said, rules: Rules) -> Received:
    sender, ours = rules.party(item.sender), item.direction == "outbound"
    recipients = tuple(rules.party(person) for person in item.recipients)
    other = (recipients[0] if recipients else None) if ours else sender
    if other is None:
        raise Malformed("recipients: our own side said it, and nothing tells to whom")
    return Received(
        external_id=item.id,
        direction=Direction(item.direction),
        sender=sender,
        recipients=recipients,
        strength=rules.strength,
        method=wire.KIND,
        sent_at=item.sent_at,
        subject=item.subject,
        parts=tuple(_parts(item)),
        thread=_thread(item.thread, other),
        reply_to=item.reply_to,
        public=item.public,
        automatic=item.automatic,
        evidence=tuple(_evidence(person, rules) for person in item.addresses),
        # Our own words may carry a token to the customer: only from the customer does it prove anything.
        tokens=() if ours else find_tokens(item.text),
        correlator=item.correlator if ours else "",
    )


def _evidence(person: wire.Person, rules: Rules) -> Evidence:
    address = rules.address(person)
    return Evidence(
        address=address,
        strength=rules.strength,
        method=wire.KIND,
        because=f"the joined system knows {address}",
    )


def _parts(item: wire.Said) -> Iterator[Part]:
    if item.text:
        yield Text(text=item.text)
    for part in item.parts:
        yield part.model_copy(update={"name": file_name(part.name)}) if isinstance(part, Attachment) else part


def _updated(item: wire.Edited | wire.Deleted | wire.Reacted | wire.Status, rules: Rules) -> Updated:
    """What happened to an earlier message; the last word of its type names it."""
    sender = None if isinstance(item, wire.Status) else item.sender
    return Updated(
        kind=item.type.partition(".")[2],
        external_id=item.id,
        targets=(item.target,),
        sender=rules.party(sender) if sender else None,
        sent_at=item.sent_at,
        parts=(Text(text=item.text),) if isinstance(item, wire.Edited) else (),
        reaction=item.reaction if isinstance(item, wire.Reacted) else "",
        removed=isinstance(item, wire.Reacted) and item.removed,
        status=item.status if isinstance(item, wire.Status) else None,
        reason=item.reason if isinstance(item, wire.Status) else "",
    )
