"""What the sources' own tests ask of a WhatsApp body, looked up in our events: one table for each way of asking."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

from bench.conform.rows import NONE
from bench.conform.whatsapp_view import FILES, MISSING, NO_DIGEST, OneOf, View
from omnichannel.model import Event


def _is(kind: str) -> Callable[[View], object]:
    return lambda view: view.type == kind


def _in(found: Callable[[View], object]) -> Callable[[View], object]:
    """Several of ours may be meant: one of them has to be it."""
    return lambda view: OneOf(found(view))


def _price(index: int) -> Callable[[View], object]:
    return lambda view: OneOf(
        re.split(r" × | ", view.field("reference", "text", what="product"))[index : index + 1]
    )


def _number(view: View) -> object:
    """Their number; a status only keeps the user id of whom it is about, where there is one."""
    by_id = view.event.event == "updated" and any("." in one for one in view.people)
    return NONE if by_id else OneOf(view.people)


def _coordinate(view: View, name: str) -> object:
    """The number; where a source wrote a word for it, it is kept in what could not be read."""
    kept = view.field("system", "text")
    return OneOf(json.loads(kept).values()) if kept else view.field("location", name)


def _placed(view: View) -> object:
    kept = view.field("system", "text")
    return (
        OneOf(json.loads(kept).values())
        if kept
        else OneOf((view.field("location", "name") or "").split(", "))
    )


def _names(view: View) -> object:
    """Names and numbers on cards; a number that is no whole one stands beside the name."""
    cards = [part for part in view.parts if part.type == "contact"]
    words = [word for card in cards for word in card.name.split(", ")]
    numbers = [address.value for card in cards for address in card.addresses]
    return OneOf([*words, *(word.replace(" ", "").removeprefix("+") for word in (*words, *numbers))])


def _field_of(view: View) -> str:
    told = any(event.event in ("received", "updated") for event in view.events)
    return "FieldType.MESSAGES" if told else f"FieldType.{view.events[0].kind.upper()}"


ACCESSORS: dict[str, Callable[[View], object]] = {
    # who
    "from": _in(lambda view: view.people),
    "waid": _number,
    "newwaid": _in(lambda view: view.people),
    "userid": _in(lambda view: view.people),
    "customerid": _in(lambda view: view.people),
    "recipientid": _in(lambda view: view.people | {getattr(view.event, "thread", "")}),
    "recipientuserid": _in(lambda view: view.people),
    "recipientparticipantid": _number,
    "recipientparticipantuserid": _in(lambda view: view.people),
    "userid.current": _in(lambda view: view.people),
    "userid.previous": _in(lambda view: view.people),
    "parentuserid.current": _in(lambda view: view.people),
    "parentuserid.previous": _in(lambda view: view.people),
    "profile.name": lambda view: view.name,
    "customer.name": lambda view: view.name,
    "businessphonenumberid": _in(lambda view: view.people),
    "phonenumberid": _in(lambda view: view.people),
    "entry.id": lambda view: view.scope or NONE,
    # what
    "body": _in(lambda view: view.words),
    "text.body": _in(lambda view: view.words),
    "text": lambda view: view.event.text,
    "notification.message": _in(lambda view: view.words),
    "caption": lambda view: view.event.text,
    "detail": _in(lambda view: view.words),
    "messages.type": lambda view: view.type,
    "image.type": lambda view: view.field("system", "what"),
    "messages.timestamp": lambda view: str(int(view.event.sent_at.timestamp())),
    "messages.id": lambda view: view.event.external_id,
    "image.id": lambda view: view.field("attachment", "external_id"),
    "imageid": lambda view: view.field("attachment", "external_id"),
    "document.id": lambda view: view.field("attachment", "external_id"),
    "sticker.id": lambda view: view.field("attachment", "external_id"),
    "video.id": lambda view: view.field("attachment", "external_id"),
    "filename": lambda view: view.field("attachment", "name"),
    "mimetype": lambda view: view.field("attachment", "media_type"),
    "sha256": lambda view: view.field("attachment", "sha256") or NO_DIGEST,
    "animated": lambda view: "animated" in view.field("attachment", "name"),
    "latitude": lambda view: _coordinate(view, "latitude"),
    "longitude": lambda view: _coordinate(view, "longitude"),
    "location.url": lambda view: view.field("reference", "url", what="place"),
    "notification.name": _placed,
    "notification.address": _placed,
    "reply.id": lambda view: view.option.value,
    "reply.title": lambda view: view.option.title,
    "reply.description": lambda view: view.option.text,
    "itemid": lambda view: view.option.value,
    "title": lambda view: view.option.title,
    "description": lambda view: view.option.text,
    "payload": lambda view: view.option.value,
    "emoji": lambda view: view.event.reaction,
    "messageid": lambda view: view.event.targets[0],
    "replyingtomessageid": lambda view: view.event.reply_to,
    "isforwarded": lambda view: "forwarded" in view.event.notes,
    "isfrequentlyforwarded": lambda view: "frequently_forwarded" in view.event.notes,
    "catalogid": lambda view: view.field("reference", "external_id", what="order"),
    "context.catalogid": lambda view: view.field("reference", "text", what="product"),
    "productretailerid": lambda view: view.field("reference", "external_id", what="product"),
    "quantity": _price(0),
    "price": _price(1),
    "currency": _price(2),
    "sourceid": lambda view: view.field("reference", "external_id", what="advertisement"),
    "sourceurl": lambda view: view.field("reference", "url", what="advertisement"),
    "headline": lambda view: view.field("reference", "title", what="advertisement"),
    "referral.body": lambda view: view.field("reference", "text", what="advertisement"),
    "formattedname": _names,
    "phone.phone": _names,
    "phone2.phone": _names,
    "phones.phone": _names,
    "phone2.waid": _names,
    "message.contacts": lambda view: [part for part in view.parts if part.type == "contact"],
    "change.messages": lambda view: view.events,
    "messagesvalue.messages": lambda view: view.events,
    "messagesvalue.statuses": lambda view: view.events,
    "change.groups": lambda view: view.events,
    "change.useridupdate": lambda view: view.events,
    # what became of it
    "statuses.status": lambda view: view.event.status,
    "notification.status": lambda view: view.event.status,
    "notification.id": lambda view: view.event.targets[0],
    "ismessageread": lambda view: view.reached >= 4,
    "ismessagedelivered": lambda view: view.reached >= 3,
    "ismessagesent": lambda view: view.reached >= 2,
    "haserrors": lambda view: bool(view.event.reason),
    "errorcode": lambda view: view.event.reason.split()[0],
    "errortitle": lambda view: view.event.reason.partition(" ")[2],
    "code": _in(lambda view: {words.split()[0] for words in view.words if words}),
    "erro.title": _in(lambda view: {words.partition(" ")[2].partition(":")[0] for words in view.words}),
    "erro.message": _in(lambda view: {words.partition(" ")[2].partition(":")[0] for words in view.words}),
    "details": _in(lambda view: {words.partition(": ")[2] for words in view.words}),
    "iswhatsappbusinessaccount": lambda view: not any(event.event == "malformed" for event in view.events),
    "decision": lambda view: OneOf(view.events[0].reason.split()),
    "changes.field": _field_of,
    **{f"is{kind}": _is(kind) for kind in (*FILES, "text", "location", "reaction", "system", "interactive")},
    "isvoice": lambda view: view.field("attachment", "name") == "voice",
    "hascontacts": lambda view: view.first("contact") is not None,
    "islistreply": lambda view: bool(view.option.text),
    "isbuttonreply": lambda view: not view.option.text,
}  # fmt: skip


_OF_IGNORED = ("decision", "changes.field", "change.groups", "iswhatsappbusinessaccount")
"""What we keep of what is of no meaning for a conversation."""


def ask(path: str, events: list[Event], body: bytes) -> object:
    """`message.getText().getBody()`, `obj.entry().get(0).value().messages().get(0).id()`, `$notification->id()`."""
    words = [re.sub(r"\(.*", "", word) for word in re.split(r"\.|->", path.replace("get(0).", ""))]
    names = [re.sub(r"^get(?=[A-Z])", "", word).lstrip("$").lower() for word in words]
    key = next((key for key in (".".join(names[-2:]), names[-1]) if key in ACCESSORS), "")
    view = View(events, body)
    told = view.event is not None and view.event.event != "ignored"
    if not key or not (told or key in _OF_IGNORED):
        return NONE
    try:
        return ACCESSORS[key](view)
    except MISSING:
        return None  # it asks for a part that is not there
