"""What happens around messages: statuses, calls, consent to advertising, hand-overs, trouble."""

from __future__ import annotations

from typing import Literal

from omnichannel.channels.whatsapp.envelope import Envelope, need_person, own_id, parent_of
from omnichannel.channels.whatsapp.media import attachment
from omnichannel.channels.whatsapp.parts import errors_text
from omnichannel.channels.whatsapp.people import Person
from omnichannel.model import Event, Part, System
from omnichannel.toolbox import Json, need, number, obj, string

Body = dict[str, Json]

_STATUSES: dict[str, Literal["sent", "delivered", "read", "failed"]] = {
    "sent": "sent",
    "delivered": "delivered",
    "read": "read",
    "played": "read",  # a voice message that was listened to
    "failed": "failed",
}


def status(envelope: Envelope, data: Body) -> Event:
    """How far a message (or call) of ours came. Statuses come in any order: only forward counts."""
    if string(data, "type") == "call":
        return _call_status(envelope, data)
    if string(data, "type") == "payment":
        return _payment(envelope, data)
    said, mid = need(data, "status"), need(data, "id")
    if said not in _STATUSES:
        words = ": ".join(filter(None, (f"a message of ours is {said}", errors_text(data))))
        return envelope.ignored(f"not_status: {words}", f"status:{said}", data)
    somebody, group = _recipient(envelope, data)
    update = envelope.updated(
        "read" if _STATUSES[said] == "read" else "status",
        data,
        somebody,
        # One id for message, edits and statuses: what is told of whom makes it another event.
        external_id=":".join(filter(None, (mid, said, _participant(data)))),
        targets=(mid,),
        correlator=string(data, "biz_opaque_callback_data"),
        status=_STATUSES[said],
        reason=errors_text(data) or (said if said == "played" else ""),
    )
    return update.model_copy(update={"thread": group}) if group else update


def _payment(envelope: Envelope, data: Body) -> Event:
    """How far they are with paying what a message of ours asked for: not how far the message came.

    A payment that failed, too, is one that they may try again (Meta, "Payments API": pending, captured, failed).
    """
    mid, said, paid = need(data, "id"), need(data, "status"), obj(data, "payment")
    total, offset = number(obj(paid, "amount"), "value"), number(obj(paid, "amount"), "offset")
    price = f"{total / (offset or 1):g} {string(paid, 'currency')}".strip() if total is not None else ""
    errors = errors_text(data) or errors_text({"errors": [obj(obj(paid, "transaction"), "error")]})
    words = ", ".join(filter(None, (said, string(paid, "reference_id"), price, errors)))
    somebody, _ = _recipient(envelope, data)
    part = System(what="payment", text=words)
    return envelope.updated(
        "payment",
        data,
        somebody,
        external_id=own_id("payment", data),
        targets=(mid,),
        parts=(part,),
        reason=words,
    )


def _participant(data: Body) -> str:
    """Who of a group a status is about; each has their own."""
    return string(data, "recipient_participant_user_id") or string(data, "recipient_participant_id")


def _recipient(envelope: Envelope, data: Body) -> tuple[Person | None, str]:
    """Whom a message of ours went to, and the group it went to."""
    if string(data, "recipient_type") == "group":
        somebody = envelope.named(
            string(data, "recipient_participant_id"),
            string(data, "recipient_participant_user_id"),
            string(data, "recipient_participant_parent_user_id"),
        )
        return somebody if _participant(data) else None, string(data, "recipient_id")
    recipient = string(data, "recipient_id"), string(data, "recipient_user_id")
    return envelope.named(*recipient, parent_of(data)), ""


def call(envelope: Envelope, data: Body) -> Event:
    """A call: one message that says how it went. It begins with `connect`, and ends with `terminate`."""
    ours = string(data, "direction") == "BUSINESS_INITIATED" or envelope.is_own(string(data, "from"))
    somebody = need_person(_caller(envelope, data, ours=ours))
    wacid, event = need(data, "id"), string(data, "event") or "connect"
    if event == "connect":
        words = "we call them" if ours else "they call us"
        return envelope.received(data, somebody, (System(what="call", text=words),), ours=ours)
    return envelope.updated(
        "edited",
        data,
        somebody,
        ours=ours,
        external_id=f"{wacid}:{event}",
        targets=(wacid,),
        parts=_call_parts(data, event),
    )


def _caller(envelope: Envelope, data: Body, *, ours: bool) -> Person | None:
    """The customer of a call, whoever began it."""
    first, second = ("to", "from") if ours else ("from", "to")
    return envelope.person(data, second if envelope.is_own(string(data, first)) else first)


def _call_parts(data: Body, event: str) -> tuple[Part, ...]:
    """How it went, and what was written down or recorded of it."""
    files = [
        file
        for key, name in (("call_transcript", "transcript"), ("call_recording", "recording"))
        for inner in obj(data, key).values()
        if isinstance(inner, dict) and (file := attachment(inner, name))
    ]
    if files:
        return tuple(files)
    seconds, ended = number(data, "duration"), string(data, "status") or event
    words = ended.lower() + (f", {seconds:g} s" if seconds is not None else "")
    errors = errors_text(data)
    return (System(what="call", text=f"{words}; {errors}" if errors else words),)


def _call_status(envelope: Envelope, data: Body) -> Event:
    """A call of ours rings, was accepted or declined."""
    wacid, said = need(data, "id"), need(data, "status")
    somebody, _ = _recipient(envelope, data)
    return envelope.updated(
        "edited",
        data,
        somebody,
        ours=True,
        external_id=f"{wacid}:{said}",
        targets=(wacid,),
        correlator=string(data, "biz_opaque_callback_data"),
        parts=(System(what="call", text=said.lower()),),
    )


def preference(envelope: Envelope, data: Body) -> Event:
    """Somebody wants advertising no more, or again. It says nothing about answers."""
    somebody = need_person(
        envelope.named(string(data, "wa_id"), string(data, "user_id"), string(data, "parent_user_id"))
    )
    words = f"{need(data, 'value')}: {string(data, 'detail') or string(data, 'category')}".rstrip(": ")
    return envelope.updated("marketing", data, somebody, external_id=own_id("marketing", data), reason=words)


def handover(envelope: Envelope, data: Body) -> Event:
    """The conversation goes from one program to another, Meta's own among them."""
    what = need(data, "type")
    body, sender = obj(data, what), obj(data, "sender")
    somebody = envelope.named(
        string(sender, "phone_number") or string(sender, "wa_id"), string(sender, "user_id"), ""
    )
    old, new = string(body, "previous_owner_role"), string(body, "new_owner_role")
    words = what + (f" from {old}" if old else "") + (f" to {new}" if new else "")
    part = System(what=what, text=string(body, "metadata"))
    return envelope.updated(
        "handover", data, somebody, external_id=own_id("handover", data), parts=(part,), reason=words
    )


def trouble(envelope: Envelope, data: Body) -> Event:
    """An error that belongs to no message."""
    words = errors_text({"errors": [data]})
    return envelope.ignored(f"error: {words}", "errors", data)


def group(envelope: Envelope, data: Body) -> Event:
    """A group was made, changed or left."""
    kind = string(data, "type") or "group"
    words = ": ".join(filter(None, (f"{kind} of the group {string(data, 'group_id')}", errors_text(data))))
    return envelope.ignored(f"not_conversation: {words}", kind, data)
