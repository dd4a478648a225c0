"""What Chatwoot says: pages of its Application API, as they were fetched.

Shapes are those of Chatwoot's own OpenAPI description (chatwoot/chatwoot, swagger/definitions/resource:
`message_detailed`, `conversation`, `conversation_meta`, `contact`, `contact_inboxes`, `inbox`, `agent`) and of the
views that write them (app/views/api/v1: models/_message.json.jbuilder and
conversations/partials/_conversation.json.jbuilder; files by `Attachment#push_event_data`), read in November 2026.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from hashlib import sha256
from posixpath import basename
from typing import ClassVar
from urllib.parse import unquote, urlsplit

from omnichannel.channel import Channel, Delivery
from omnichannel.errors import UsageError
from omnichannel.imports.people import Contact, evidence, is_mail, party, recipient
from omnichannel.imports.records import Object, Records, Standing, data_of, is_vouched, opened
from omnichannel.imports.words import of_mail
from omnichannel.model import (
    Attachment,
    ContactCard,
    Direction,
    Event,
    Ignored,
    Location,
    Part,
    Party,
    Received,
    Strength,
    Text,
)
from omnichannel.toolbox import (
    Json,
    file_name,
    from_epoch,
    from_iso,
    is_object,
    items,
    need,
    number,
    obj,
    string,
)

KIND = "chatwoot"

_TYPES = {"incoming": "0", "outgoing": "1", "activity": "2", "template": "3"}
_INCOMING, _ACTIVITY, _TEMPLATE = "0", "2", "3"
_MESSAGES = frozenset({"messages", "last_non_activity_message"})
_NAMED = frozenset({"id", "name", "email", "phone_number"})
_MEDIA = {"image": "image/*", "audio": "audio/*", "video": "video/*"}


class Chatwoot(Records):
    """A Chatwoot account's conversations, messages, contacts and inboxes, as JSON in a file or a folder.

    `accounts` maps the names of Chatwoot's inboxes to accounts here, `account` is for all others. `vouch` says that
    you vouch for its contacts: each is then proven to be at the address that they wrote from (see `Archive`).
    """

    kind: ClassVar[str] = KIND
    message: ClassVar[str] = "message"

    def sort(self, value: Object) -> tuple[str, str] | None:
        """What an object is, by its keys."""
        known = string(value, "id")
        if not known:
            return None
        if "message_type" in value and "conversation_id" in value:
            return "message", known
        if "channel_type" in value:
            return "inbox", known
        if "inbox_id" in value and "status" in value:
            return "conversation", known
        if "contact_inboxes" in value or {"identifier", "phone_number"} <= value.keys():
            return "contact", known
        return None

    def kept(self, kind: str, value: Object) -> Object:
        """All of it; of a conversation neither its messages nor its contact, which are read by themselves."""
        found = super().kept(kind, value)
        if kind != "conversation":
            return found
        meta = obj(found, "meta")
        sender: Object = {key: inner for key, inner in obj(meta, "sender").items() if key in _NAMED}
        rest: Object = {key: inner for key, inner in found.items() if key not in _MESSAGES}
        named: Object = {**meta, "sender": sender}
        return {**rest, "meta": named}

    def gathered(self, value: Object, known: Mapping[str, dict[str, Object]]) -> Object:
        """A message, its conversation, the customer and the inbox."""
        conversation = known.get("conversation", {}).get(string(value, "conversation_id"), {})
        inbox = string(value, "inbox_id") or string(conversation, "inbox_id")
        contact = _customer(value, conversation)
        return {
            "message": value,
            "conversation": conversation,
            "contact": {
                **known.get("contact", {}).get(string(contact, "id"), {}),
                **self.kept("contact", contact),
            },
            "inbox": known.get("inbox", {}).get(inbox, {"id": inbox}),
        }

    def account_for(self, body: Object) -> str:
        """By the inbox's name, or its number. Raises UsageError."""
        inbox = obj(body, "inbox")
        name, known = string(inbox, "name"), string(inbox, "id")
        found = self.accounts_of.get(name) or self.accounts_of.get(known) or self.account
        if not found:
            called = f"{name!r}" if name else f"number {known}"
            raise UsageError(
                f"Chatwoot's inbox {called} belongs to no account here: say which (--inbox {name or known}=ACCOUNT), "
                "or where everything else goes (--account ACCOUNT)"
            )
        return found

    def key(self, body: Object) -> str:
        """The account's and the message's number."""
        return f"{_desk(body)} message {string(obj(body, 'message'), 'id')}"


def _desk(body: Object) -> str:
    """Which Chatwoot account it is, as far as its records say."""
    told = string(obj(body, "conversation"), "account_id") or string(obj(body, "message"), "account_id")
    return f"{KIND} {told}".rstrip()


def _customer(message: Object, conversation: Object) -> Object:
    """Who it is talked with: the writer of an incoming message, else whom the conversation is with."""
    sender = obj(message, "sender")
    incoming = _type(message) == _INCOMING
    with_whom = obj(obj(conversation, "meta"), "sender") or obj(obj(conversation, "meta"), "contact")
    return (sender if incoming else {}) or with_whom or obj(conversation, "contact")


def _type(message: Object) -> str:
    written = string(message, "message_type")
    return _TYPES.get(written, written)


def standing(body: Object) -> Standing:
    """How the conversation stood: all but `resolved` is open."""
    conversation = obj(body, "conversation")
    assignee = obj(obj(conversation, "meta"), "assignee")
    labels = conversation.get("labels") or obj(conversation, "meta").get("labels")
    return Standing(
        thread=_thread(body),
        open=string(conversation, "status") in ("open", "pending", "snoozed"),
        assignee=string(assignee, "available_name") or string(assignee, "name"),
        email=string(assignee, "email"),
        tags=tuple(one for one in labels if isinstance(one, str)) if isinstance(labels, list) else (),
        priority=string(conversation, "priority"),
    )


def _thread(body: Object) -> str:
    return f"{_desk(body)} conversation {string(obj(body, 'message'), 'conversation_id')}"


def parse(delivery: Delivery, channel: Channel) -> Iterator[Event]:
    """What one message says; what Chatwoot noted by itself is no message."""
    body = opened(delivery)
    message = obj(body, "message")
    kind = _type(message)
    if kind == _ACTIVITY:
        yield _noted(body, message, channel, vouched=is_vouched(delivery))
        return
    yield _message(body, message, kind, channel, vouched=is_vouched(delivery))


def _noted(body: Object, message: Object, channel: Channel, *, vouched: bool) -> Ignored:
    """No message; but it names somebody, who may want it erased."""
    strength = Strength.ATTESTED if vouched else Strength.ASSERTED
    about = recipient(party(_contact(body), channel), strength)
    known = need(message, "id")
    return Ignored(reason="Chatwoot noted it by itself", kind="activity", external_id=known, sender=about)


def _message(body: Object, message: Object, kind: str, channel: Channel, *, vouched: bool) -> Received:
    contact = _contact(body)
    strength = Strength.ATTESTED if vouched else Strength.ASSERTED
    customer = party(contact, channel)
    incoming = kind == _INCOMING
    attributes = obj(message, "content_attributes")
    ours = Party(address=channel.own_address or customer.address)
    return Received(
        external_id=_external_id(body, message, channel),
        direction=_direction(message, incoming=incoming),
        sender=customer if incoming else ours,
        strength=strength,
        method="import",
        recipients=() if incoming else (recipient(customer, strength),),
        sent_at=_moment(message.get("created_at")),
        subject=_subject(body, attributes),
        parts=_parts(message, attributes, contact.name),
        thread=_thread(body),
        reply_to=_answered(body, attributes, channel),
        automatic="auto_generated" if kind == _TEMPLATE else None,
        evidence=evidence(contact, customer.address, strength=Strength.ASSERTED) if incoming else (),
        agent="" if incoming else string(obj(message, "sender"), "name"),
        notes=tuple(f"{KIND}_{one}" for one in (string(message, "status"),) if one),
    )


def _direction(message: Object, *, incoming: bool) -> Direction:
    if message.get("private") is True:
        return Direction.INTERNAL
    return Direction.INBOUND if incoming else Direction.OUTBOUND


def _contact(body: Object) -> Contact:
    contact, inbox = obj(body, "contact"), obj(body, "inbox")
    there = next(
        (
            string(one, "source_id")
            for one in items(contact, "contact_inboxes")
            if string(obj(one, "inbox"), "id") == string(inbox, "id")
        ),
        "",
    )
    return Contact(
        desk=KIND,
        number=f"contact {string(contact, 'id') or 'unknown'}",
        name=string(contact, "name"),
        emails=tuple(one for one in (string(contact, "email"),) if one),
        phones=tuple(one for one in (string(contact, "phone_number"),) if one),
        there=there,
    )


def _external_id(body: Object, message: Object, channel: Channel) -> str:
    """The platform's own id, so that what comes later finds it; a Message-ID in its brackets."""
    source = string(message, "source_id")
    if not source:
        return f"{_desk(body)} message {need(message, 'id')}"
    return _bracketed(source) if is_mail(channel) else source


def _bracketed(written: str) -> str:
    return written if written.startswith("<") else f"<{written}>"


def _answered(body: Object, attributes: Object, channel: Channel) -> str:
    outside = string(attributes, "in_reply_to_external_id")
    if outside:
        return _bracketed(outside) if is_mail(channel) else outside
    inside = string(attributes, "in_reply_to")
    return f"{_desk(body)} message {inside}" if inside else ""


def _moment(value: Json) -> datetime | None:
    written = {"at": value}
    return from_epoch(number(written, "at")) or from_iso(string(written, "at"))


def _subject(body: Object, attributes: Object) -> str:
    of_conversation = string(obj(obj(body, "conversation"), "additional_attributes"), "mail_subject")
    return string(obj(attributes, "email"), "subject") or of_conversation


def _parts(message: Object, attributes: Object, name: str) -> tuple[Part, ...]:
    if attributes.get("deleted") is True:
        return ()
    text = string(message, "content")
    is_mail = string(message, "content_type") == "incoming_email"
    words = of_mail(text, name) if is_mail else (Text(text=text),)
    files = [_part(one, index) for index, one in enumerate(items(message, "attachments")) if is_object(one)]
    return (*(part for part in words if part.text.strip()), *files)


def _part(file: Object, index: int) -> Part:
    kind, title = string(file, "file_type"), string(file, "fallback_title")
    if kind == "location":
        latitude, longitude = number(file, "coordinates_lat"), number(file, "coordinates_long")
        return Location(latitude=latitude or 0.0, longitude=longitude or 0.0, name=title)
    if kind == "contact":
        return ContactCard(name=title)
    url = string(file, "data_url")
    data = data_of(file)
    size = number(file, "file_size")
    return Attachment(
        name=file_name(title or unquote(basename(urlsplit(url).path))),
        media_type=_MEDIA.get(kind, "application/octet-stream"),
        size=len(data) if data is not None else int(size) if size and size > 0 else None,
        sha256=sha256(data).hexdigest() if data is not None else "",
        url=url,
        external_id=string(file, "id"),
        index=index if data is not None else None,
    )
