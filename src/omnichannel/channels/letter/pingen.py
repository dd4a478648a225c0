"""Pingen, who prints and posts letters: what its webhooks and its answers say. Pure; the wire is `link.pingen`.

Facts: Pingen's API 2.0 (specification of 29 July 2026, as PingenApiNet checked it) and bodies from its staging
system. Since 27 July 2026 a body names what it is about as `deliverable` too, and its event twice: both are read,
and either may be missing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from omnichannel.channel import Call, Response
from omnichannel.channels.letter.codes import references
from omnichannel.errors import Malformed
from omnichannel.model import Deferred, Event, Ignored, Receipt, Refused, Sent, Unknown, Updated
from omnichannel.toolbox import (
    Json,
    answer,
    excerpt,
    from_iso,
    is_object,
    items,
    load_json,
    need,
    obj,
    string,
    trouble,
)

MEDIA_TYPE = "application/vnd.api+json"

Product = Literal["fast", "cheap", "bulk", "premium", "registered"]
PRODUCTS: Mapping[str, Product] = {each: each for each in get_args(Product)}
"""What is paid for: Pingen finds the country's own product for each."""

PATIENCE = 120.0
"""Seconds for all requests of one call: an upload of up to 8 MB among them."""

_STATUS: dict[str, Literal["sent", "delivered", "failed"]] = {
    "webhook_sent": "sent",
    "webhook_delivered": "delivered",
    "webhook_undeliverable": "failed",
    "webhook_issues": "failed",
}

WAITING = frozenset({"validating", "fixing"})
READY = "valid"
_FAILED = frozenset(
    {"action_required", "invalid", "unprintable", "rejected", "expired", "cancelled", "cancelling"}
)
_AGAIN = 5.0  # seconds; a letter is validated within a few
_DRAFT = "draft/"


@dataclass(frozen=True)
class Options:
    """How Pingen is to print and post."""

    host: str
    organisation: str
    product: Product = "cheap"
    duplex: bool = False
    colour: bool = False

    @property
    def letters(self) -> str:
        """The address of all letters."""
        return f"{self.host}/organisations/{self.organisation}/deliveries/letters"

    @property
    def printing(self) -> dict[str, Json]:
        """What stands in both requests about how to print."""
        return {
            "delivery_product": self.product,
            "print_mode": "duplex" if self.duplex else "simplex",
            "print_spectrum": "color" if self.colour else "grayscale",
        }


def calls(
    options: Options, pdf: bytes, *, reference: str, window: Literal["left", "right"], text: str
) -> tuple[Call, ...]:
    """Two steps: make the letter, which costs nothing and is seen by nobody, then send it, once.

    The first may be repeated. The second looks how the letter stands before it does anything, so that a person who
    says `again` after a lost answer never has it posted twice.
    """
    attributes: dict[str, Json] = {
        "file_original_name": f"{reference}.pdf",
        "address_position": window,
        "auto_send": False,
        **options.printing,
    }
    make = Call(
        url=options.letters,
        headers=(
            ("content-type", "application/pdf"),
            ("idempotency-key", f"{reference}/make"),
            ("x-letter", json.dumps(attributes)),
        ),
        body=pdf,
        prepares=True,
        timeout=PATIENCE,
    )
    body: dict[str, Json] = {"data": {"id": "", "type": "letters", "attributes": options.printing}}
    send = Call(
        method="PATCH",
        url=f"{options.letters}/send",
        headers=(("content-type", MEDIA_TYPE), ("idempotency-key", f"{reference}/send")),
        body=json.dumps(body).encode(),
        correlator=reference,
        chain="/data/id",
        once=True,  # a stamp
        text=text,
        timeout=PATIENCE / 2,
    )
    return make, send


def draft_id(external_id: str) -> str:
    """The letter's own id, from what the first call was answered."""
    return external_id.removeprefix(_DRAFT)


def status_of(body: bytes) -> str:
    """How a letter stands, by an answer of Pingen's; empty if it does not say."""
    return string(_attributes(_data(body)), "status")


def _data(body: bytes) -> dict[str, Json]:
    try:
        return obj(load_json(body), "data")
    except Malformed:
        return {}


def _attributes(data: dict[str, Json]) -> dict[str, Json]:
    return obj(data, "attributes")


def receipt(call: Call, response: Response) -> Receipt:
    """What an answer means. A made letter has another id than a sent one: statuses name the latter."""
    found = trouble(response)
    if found is not None:
        return _told(found, response)
    data = _data(response.body)
    number = string(data, "id")
    if not number:
        return Unknown(detail=f"the answer names no letter: {excerpt(response.body)}")
    if call.prepares:
        return Sent(external_id=f"{_DRAFT}{number}")
    status = string(_attributes(data), "status")
    if status in WAITING:
        return Deferred(after=_AGAIN, detail=f"Pingen is still looking at the letter ({status})")
    if status in _FAILED:
        return Refused(
            code="invalid", detail=f"Pingen cannot send letter {number}: {status}. Look at it in Pingen"
        )
    return Sent(external_id=number, aliases=(call.correlator,) if call.correlator else (), detail=status)


def _told(found: Receipt, response: Response) -> Receipt:
    """With Pingen's own words, which its errors have (JSON:API)."""
    if not isinstance(found, Refused):
        return found
    errors = list(items(answer(response), "errors"))
    words = "; ".join(f"{string(each, 'title')}: {string(each, 'detail')}".strip(": ") for each in errors)
    return found.model_copy(update={"detail": f"HTTP {response.status} {words}"}) if words else found


_LONGEST_ID = 100  # they are UUIDs


def events(body: bytes) -> Iterator[Event]:
    """What a webhook says of a letter of ours. Raises Malformed for JSON that is no webhook of Pingen's."""
    told = load_json(body)
    data = obj(told, "data")
    kind = string(data, "type")
    if not is_object(told) or not kind.startswith("webhook_"):
        raise Malformed("this is JSON, and neither a scan nor a webhook of Pingen's")
    status = _STATUS.get(kind)
    about = _about(data)
    if status is None or string(about, "type") not in ("letters", ""):
        yield Ignored(reason="not_letter", kind=kind, external_id=string(data, "id"))
        return
    letter, event = (
        _included(told, "letters"),
        _included(told, "letters_events") or _included(told, "deliverables_events"),
    )
    name = references(string(letter, "file_original_name").replace(".", " "))
    if len(need(data, "id")) > _LONGEST_ID:
        raise Malformed("the webhook's id is longer than any of Pingen's")
    yield Updated(
        kind="status",
        external_id=need(data, "id"),
        targets=(need(about, "id"),),
        correlator=name[0] if name else "",
        sent_at=from_iso(string(event, "emitted_at") or string(_attributes(data), "created_at")),
        status=status,
        reason=_reason(_attributes(data), event) if status == "failed" else "",
    )


def _about(data: dict[str, Json]) -> dict[str, Json]:
    relations = obj(data, "relationships")
    return obj(obj(relations, "deliverable"), "data") or obj(obj(relations, "letter"), "data")


def _included(told: Json, kind: str) -> dict[str, Json]:
    return next(
        (obj(each, "attributes") for each in items(told, "included") if string(each, "type") == kind), {}
    )


def _reason(attributes: dict[str, Json], event: dict[str, Json]) -> str:
    """Why it failed, in Pingen's words, with the address that the post found instead if it did."""
    words = string(attributes, "reason") or string(event, "name")
    code = string(event, "code")
    corrected = obj(attributes, "corrected_address")
    street = f"{string(corrected, 'street')} {string(corrected, 'number')}".strip()
    town = f"{string(corrected, 'zip')} {string(corrected, 'city')}".strip()
    found = ", ".join(filter(None, (string(corrected, "name"), street, town)))
    return "".join(
        (words, f" ({code})" if code else "", f"; the post has another address: {found}" if found else "")
    )
