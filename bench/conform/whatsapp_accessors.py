"""What the sources' own tests ask of a WhatsApp body, looked up in our events: one table for each way of asking."""

from __future__ import annotations

import ast
import base64
import json
import re
from collections.abc import Callable
from typing import Any

from omnichannel.model import Event

NONE = object()
"""Our model has no counterpart: not judged."""

NO_DIGEST = object()
"""A digest that is none was not kept."""


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


def _is(kind: str) -> Callable[[View], object]:
    return lambda view: view.type == kind


def _in(found: Callable[[View], object]) -> Callable[[View], object]:
    """Several of ours may be meant: one of them has to be it."""
    return lambda view: OneOf(found(view))


class OneOf(list):
    """Values of which one has to be the expected one."""


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


_MISSING = (AttributeError, IndexError, KeyError, TypeError, ValueError)

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
    except _MISSING:
        return None  # it asks for a part that is not there


# pywa: lambdas over its own update objects, read as expressions.

PYWA: dict[str, Callable[[View], object]] = {
    "text": lambda view: view.event.text or None,
    **{kind: (lambda view, kind=kind: view.file(kind)) for kind in FILES},
    "has_media": lambda view: view.first("attachment") is not None,
    "media": lambda view: view.first("attachment"),
    "media.url": lambda view: view.field("attachment", "url") or None,
    "caption": lambda view: view.event.text or None,
    "sticker.animated": lambda view: "animated" in view.field("attachment", "name"),
    "audio.voice": lambda view: view.field("attachment", "name") == "voice",
    "location.current_location": lambda view: not view.field("location", "name"),
    "contacts": lambda view: view.first("contact"),
    "order": lambda view: view.first("reference", what="order"),
    "referral": lambda view: view.first("reference", what="advertisement"),
    "forwarded": lambda view: "forwarded" in view.event.notes,
    "forwarded_many_times": lambda view: "frequently_forwarded" in view.event.notes,
    "is_reply": lambda view: bool(view.event.reply_to),
    "reply_to_message": lambda view: view.event.reply_to or None,
    "message_id_to_reply": lambda view: view.event.targets[0] if view.kind != "received" else view.event.reply_to,
    "id": lambda view: view.event.external_id,
    "reaction.emoji": lambda view: view.event.reaction or None,
    "type": lambda view: view.type,
    "data": lambda view: view.option.value or None,
    "title": lambda view: view.option.title or None,
    "description": lambda view: view.option.text or None,
    "status": lambda view: "played" if view.event.reason == "played" else view.event.status,
    "error": lambda view: view.event.reason or None,
    "group_id": lambda view: view.event.thread if view.event.thread not in view.people else None,
    "original_message_id": lambda view: view.event.targets[0],
    "message.id": lambda view: view.event.targets[0],
    "message.image": lambda view: view.file("image"),
    "direction": lambda view: f"{'business' if view.event.direction == 'outbound' else 'user'}_initiated",
    "event": lambda view: view.event.external_id.rpartition(":")[2],
    "response": lambda view: view.field("system", "text").split()[0],
    "expiration_timestamp": lambda view: view.field("system", "text").partition(" until ")[2] or None,
    "sys_type": lambda view: view.field("system", "what"),
    "value": lambda view: view.event.reason.partition(":")[0],
}  # fmt: skip


class _NoCounterpart(Exception):  # noqa: N818 - says so, is no mistake
    pass


def pywa(source: str, events: list[Event], body: bytes) -> object:
    """Whether a lambda of pywa's tests is true; NONE where it asks for what our model does not have."""
    try:
        return bool(_evaluated(ast.parse(source, mode="eval").body, View(events, body)))
    except _NoCounterpart:
        return NONE
    except _MISSING:
        return False


def _evaluated(node: ast.expr, view: View) -> Any:
    if isinstance(node, ast.BoolOp):
        found = [_evaluated(value, view) for value in node.values]
        return all(found) if isinstance(node.op, ast.And) else any(found)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        return not _evaluated(node.operand, view)
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        return _compared(node.ops[0], _evaluated(node.left, view), _evaluated(node.comparators[0], view))
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "isinstance":
        kind = node.args[1]
        return view.file(kind.id.lower()) is not None if isinstance(kind, ast.Name) else _nothing()
    return _looked_up(node, view)


def _looked_up(node: ast.expr, view: View) -> Any:
    path = ast.unparse(node)
    root, _, rest = path.partition(".")
    if root[:1].isupper():
        return rest.lower()
    if rest not in PYWA:
        _nothing()
    return PYWA[rest](view)


def _nothing() -> Any:
    raise _NoCounterpart


def _compared(op: ast.cmpop, left: Any, right: Any) -> bool:
    if isinstance(op, ast.Is | ast.IsNot):
        return (left is right) is isinstance(op, ast.Is)
    return (left == right) is isinstance(op, ast.Eq) if isinstance(op, ast.Eq | ast.NotEq) else _nothing()


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
