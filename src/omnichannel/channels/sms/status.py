"""What becomes of a message of ours, and the words with which a person stops or starts us."""

from __future__ import annotations

from typing import Literal

from omnichannel.model import Event, Ignored, Updated
from omnichannel.platforms.twilio import numbers
from omnichannel.platforms.twilio.fields import Fields, moment

_STATUS: dict[str, Literal["sent", "delivered", "read", "failed"]] = {
    "sent": "sent",
    "partially_delivered": "sent",
    "delivered": "delivered",
    "read": "read",
    "undelivered": "failed",
    "failed": "failed",
    "canceled": "failed",
}
"""Twilio's words in ours (twilio-oai, message enum of 14 April 2026)."""

# What these codes mean, for a person (Twilio's error dictionary); statuses mostly bring the number alone.
_WHY = {
    "21610": "the person answered STOP",
    "30003": "the phone is off or out of reach",
    "30004": "the person or their network blocks messages from us",
    "30005": "the number does not exist any more",
    "30006": "a landline, or a network that cannot be reached",
    "30007": "the network took it for unwanted advertising",
    "30008": "the network does not say why",
    "30034": "the number is not registered for texts to the United States (A2P 10DLC)",
}

# With Twilio's own list (July 2025) a single such word stops every number that is not on Advanced Opt-Out.
_STOP = frozenset({"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"})
# YES starts again, too, but says it of anything else as well: believed only when Twilio says so.
_START = frozenset({"START", "UNSTOP"})
_TYPES = {"STOP": "opted_out", "START": "opted_in", "HELP": "asked_for_help"}


def status(sid: str, said: str, fields: Fields, correlator: str) -> Event:
    """A step of one of our messages; `correlator` is what we wrote into the address for statuses."""
    word = _STATUS.get(said.lower())
    if word is None:
        return Ignored(reason=f"not_yet: {said[:40]}", kind="status", external_id=f"{sid}/{said[:40]}")
    to = numbers.party(fields.get("To", ""), "sms", fields.get("AccountSid", ""))
    return Updated(
        kind="status",
        external_id=f"{sid}/{said.lower()}",
        targets=(sid,),
        correlator=correlator,
        recipients=(to,) if to else (),
        sent_at=moment(fields.get("Timestamp", "")),
        status=word,
        reason=_reason(said, fields) if word == "failed" else "",
    )


def _reason(said: str, fields: Fields) -> str:
    code, told = fields.get("ErrorCode", ""), fields.get("ErrorMessage", "")
    if code in ("", "0"):
        return told or said
    return f"{code}: {told or _WHY.get(code) or said}"


def optout(text: str, told: str) -> str:
    """`opted_out`, `opted_in`, `asked_for_help`, or empty: as Twilio tells it, else by its own words.

    Only a message that says nothing else counts: "STOP please" stops nothing.
    """
    if told:
        return _TYPES.get(told.upper(), "")
    word = text.strip().upper()
    if word in _STOP:
        return "opted_out"
    return "opted_in" if word in _START else "asked_for_help" if word == "HELP" else ""
