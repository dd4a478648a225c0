"""From what Twilio tells about text messages to events: webhooks, statuses, pages of history, files. Pure.

Shapes: Twilio's "Request to your webhook URL" and "Message resource" (2010-04-01), bodies recorded by others.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from omnichannel.channel import Delivery
from omnichannel.channels.sms import others
from omnichannel.channels.sms.media import attachments
from omnichannel.channels.sms.status import optout, status
from omnichannel.errors import Malformed
from omnichannel.model import (
    Direction,
    Event,
    Ignored,
    Part,
    Party,
    Received,
    Strength,
    Text,
    Unreadable,
    Updated,
)
from omnichannel.platforms.twilio import numbers
from omnichannel.platforms.twilio.fields import Fields, each, fields_of, flat, moment, of_another, query_of
from omnichannel.toolbox import Json, find_tokens, items

KIND = "sms"

# Twilio sends these channels' messages to the same webhook; each is another account's.
_OTHER_ROUTES = ("whatsapp", "messenger", "rcs", "client", "sip")


def events(delivery: Delivery, account_sid: str = "", number: str = "") -> Iterator[Event]:
    """What a delivery says. Raises Malformed if nothing of it can be read.

    Webhooks are only ours if they are of this Twilio account and, where it has one, to this number: an auth token
    signs for all numbers of an account.
    """
    if delivery.source == "file" or delivery.past:
        return each(delivery.body, _any)
    fields = fields_of(delivery)
    if other := of_another(fields, account_sid) or _to_another(fields, number):
        return iter((other,))
    try:
        return iter(tuple(_message(fields, (), query_of(delivery).get("call", ""))))
    except ValueError as error:  # what the model does not take, an id of a thousand letters
        raise Malformed(str(error)[:500]) from None


def _to_another(fields: Fields, number: str) -> Unreadable | None:
    """What is wrong with a message to another number, which would be answered from ours."""
    to, ours = numbers.party(fields.get("To", ""), KIND, ""), numbers.party(number, KIND, "")
    if (
        ours is None
        or to is None
        or "Body" not in fields
        or fields.get("MessageStatus")
        or _other_route(fields)
        or to.address == ours.address
    ):
        return None
    reason = f"account_mismatch: this was written to {to.reach}, we are {number}. Give each number an account"
    return Unreadable(reason=f"{reason} and point its webhook there, or set messaging_service_sid")


def _any(value: dict[str, Json]) -> Iterator[Event]:
    if "direction" in value and "sid" in value:
        return _resource(value)
    media = tuple(flat(one) for one in items(value, "media") if isinstance(one, dict))
    return _message(others.bandwidth(value) or flat(value), media, "")


def _message(fields: Fields, media: tuple[Fields, ...], correlator: str) -> Iterator[Event]:
    """One webhook's worth: a message, or what became of one of ours."""
    sid = fields.get("MessageSid") or fields.get("SmsSid") or fields.get("SmsMessageSid") or ""
    if not sid and "CallSid" in fields:
        yield Ignored(
            reason="not_sms: it is about a telephone call", kind="call", external_id=fields["CallSid"]
        )
        return
    if not sid:
        raise Malformed("MessageSid is missing: this is no text message of Twilio's")
    if other := _other_route(fields):
        yield Ignored(
            reason=f"not_sms: {other} through Twilio; give that its own account and webhook",
            kind=other,
            external_id=sid,
        )
        return
    if fields.get("ConversationSid") and not fields.get("From"):
        yield Ignored(
            reason="not_sms: an event of Twilio's Conversations; point the number's own webhook here",
            kind="conversation",
            external_id=sid,
        )
        return
    told = fields.get("MessageStatus", "")
    said = told or fields.get("SmsStatus") or "received"
    # Only what became of one of ours has a MessageStatus; some bring its words along once more.
    if said not in ("received", "receiving") and (told or "Body" not in fields):
        yield status(sid, said, fields, correlator)
    elif "Body" not in fields and not _count(fields):
        yield Ignored(reason="empty: neither words nor a file", kind="message", external_id=sid)
    else:
        yield from _said(sid, fields, attachments(fields, media))


def _other_route(fields: Fields) -> str:
    found = (numbers.route(fields.get(name, "")) for name in ("From", "To"))
    return next((route for route in found if route in _OTHER_ROUTES), "")


def _count(fields: Fields) -> int:
    given = fields.get("NumMedia", "")
    return (
        int(given) if given.isascii() and given.isdigit() and len(given) < 3 else int("MediaUrl0" in fields)
    )


def _said(sid: str, fields: Fields, files: tuple[Part, ...]) -> Iterator[Event]:
    """A message from a person, and whether it is one of the words that stop or start us."""
    sender = _sender(sid, fields)
    text = fields.get("Body", "")
    choice = optout(text, fields.get("OptOutType", ""))
    yield Received(
        external_id=sid,
        sender=sender,
        strength=_strength(sender),
        recipients=_recipients(fields),
        sent_at=moment(fields.get("Timestamp", "")),
        parts=(*((Text(text=text),) if text else ()), *files),
        thread=sender.address.value,
        tokens=find_tokens(text),
        # Twilio has answered such a word itself; whoever answered it once more would be refused (21610).
        readonly=choice == "opted_out" and bool(fields.get("OptOutType")),
    )
    if choice:
        yield _choice(sid, choice, sender, text)


def _choice(sid: str, choice: str, sender: Party, text: str) -> Event:
    return Updated(
        kind=choice,
        external_id=f"{sid}/{choice}",
        sender=sender,
        thread=sender.address.value,
        reason=f"wrote {text.strip()[:40]}",
    )


def _sender(sid: str, fields: Fields) -> Party:
    given, name = fields.get("From", ""), fields.get("ProfileName", "")
    found = numbers.party(given, KIND, fields.get("AccountSid", ""), name=name)
    return found or numbers.nobody(KIND, sid)


def _strength(sender: Party) -> Strength:
    """A mobile network vouches for a number; a name as sender anybody can give themselves."""
    return Strength.VERIFIED if sender.address.kind == "phone" else Strength.ASSERTED


def _recipients(fields: Fields) -> tuple[Party, ...]:
    found = numbers.party(fields.get("To", ""), KIND, fields.get("AccountSid", ""))
    return (found,) if found else ()


def _resource(value: dict[str, Json]) -> Iterator[Event]:
    """A message as the REST API lists it: theirs, or one of ours with what became of it."""
    fields = _as_webhook(flat(value))
    media = tuple(flat(one) for one in items(value, "media") if isinstance(one, dict))
    if fields["direction"] == "inbound":
        yield from _message(fields, media, "")
        return
    sid, sent_at = fields["MessageSid"], moment(fields.get("Timestamp", ""))
    if other := _other_route(fields):
        yield Ignored(reason=f"not_sms: {other} through Twilio", kind=other, external_id=sid)
        return
    yield _outgoing(sid, fields, attachments(fields, media), sent_at)
    yield status(sid, fields["MessageStatus"], fields, "")


def _outgoing(sid: str, fields: Fields, files: tuple[Part, ...], sent_at: datetime | None) -> Event:
    recipients = _recipients(fields)
    text = fields.get("Body", "")
    return Received(
        external_id=sid,
        direction=Direction.OUTBOUND,
        sender=_sender(sid, fields),
        recipients=recipients,
        sent_at=sent_at,
        parts=(*((Text(text=text),) if text else ()), *files),
        thread=recipients[0].address.value if recipients else "",
    )


_WEBHOOK_NAMES = {
    "sid": "MessageSid", "from": "From", "to": "To", "body": "Body", "account_sid": "AccountSid",
    "num_media": "NumMedia", "messaging_service_sid": "MessagingServiceSid", "error_code": "ErrorCode",
    "error_message": "ErrorMessage",
}  # fmt: skip


def _as_webhook(resource: Fields) -> Fields:
    """The same message in the names that webhooks use."""
    found = {name: resource.get(key, "") for key, name in _WEBHOOK_NAMES.items()}
    inbound = resource.get("direction") == "inbound"
    found["MessageStatus"] = "received" if inbound else resource.get("status", "")
    found["Timestamp"] = resource.get("date_sent") or resource.get("date_created", "")
    found["direction"] = resource.get("direction", "")
    return found
