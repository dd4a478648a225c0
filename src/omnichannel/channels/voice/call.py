"""One telephone call as a message: who called whom, and how far it got, in words that a person can read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from omnichannel.model import Direction, Evidence, Part, Party, Received, Strength, System, Updated

KIND = "voice"

Progress = Literal["sent", "delivered", "failed"]

ENDED = frozenset({"completed", "busy", "no-answer", "failed", "canceled", "voicemail"})
"""States that a call does not leave (twilio-oai, call enum of 14 April 2026); `voicemail` is an exchange's own."""

_IN = {
    "queued": "Incoming call, waiting",
    "initiated": "Incoming call, ringing",
    "ringing": "Incoming call, ringing",
    "in-progress": "Incoming call, answered",
    "completed": "Incoming call",
    "voicemail": "Incoming call, left on the voicemail",
    "busy": "Missed call: the line was busy",
    "no-answer": "Missed call: nobody answered",
    "canceled": "Missed call: the caller gave up",
    "failed": "Missed call: it could not be put through",
}
_OUT = {
    "queued": "Outgoing call, waiting",
    "initiated": "Outgoing call, ringing",
    "ringing": "Outgoing call, ringing",
    "in-progress": "Outgoing call, answered",
    "completed": "Outgoing call",
    "voicemail": "Outgoing call, spoken on the voicemail",
    "busy": "Outgoing call: the line was busy",
    "no-answer": "Outgoing call: nobody answered",
    "canceled": "Outgoing call: given up",
    "failed": "Outgoing call: it could not be put through",
}
_PROGRESS: dict[str, Progress] = {
    "queued": "sent", "initiated": "sent", "ringing": "sent", "in-progress": "delivered", "completed": "delivered",
    "voicemail": "delivered", "busy": "failed", "no-answer": "failed", "canceled": "failed", "failed": "failed",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneCall:
    """What one webhook, row or page says about one call. `sid` is the parent's where it is a leg of another."""

    sid: str
    outgoing: bool
    caller: Party
    called: Party | None
    state: str
    strength: Strength = Strength.ASSERTED
    method: str = "caller_id"
    notes: tuple[str, ...] = ()
    seconds: int | None = None
    at: datetime | None = None
    remark: str = ""
    error: str = ""

    @property
    def thread(self) -> str:
        """Calls from and to one number belong together; who shows none has nothing but this call."""
        other = self.called if self.outgoing else self.caller
        return other.address.value if other else self.sid

    @property
    def parts(self) -> tuple[Part, ...]:
        """The call itself: replaced as a whole whenever it gets further."""
        words = (_OUT if self.outgoing else _IN).get(self.state) or f"Call, {self.state}"
        told = [words, duration(self.seconds) if self.seconds else "", self.remark]
        return (System(what="call", text=", ".join(filter(None, told))),)

    def received(self, *, external_id: str = "", parts: tuple[Part, ...] = (), **more: object) -> Received:
        """The call as a message, or something that was said in it (`external_id`, `parts`)."""
        fields = {
            "external_id": external_id or self.sid,
            "direction": Direction.OUTBOUND if self.outgoing else Direction.INBOUND,
            "sender": self.caller,
            "strength": self.strength,
            "method": self.method,
            "recipients": (self.called,) if self.called else (),
            "sent_at": self.at,
            "parts": parts or self.parts,
            "thread": self.thread,
            "notes": self.notes,
        }
        return Received.model_validate(fields | more)

    def revised(self) -> Updated:
        """The call got further; the platform says so, nobody who speaks in it."""
        moment = f"/{self.at.isoformat()}" if self.at else ""
        return happened(self.sid, f"{self.sid}/{self.state}{moment}", self.parts, self.at)

    def status(self, correlator: str) -> Updated | None:
        """How far a call of ours got, for the message that it speaks; None while that is not known."""
        word = _PROGRESS.get(self.state)
        if word is None:
            return None
        return Updated(
            kind="status",
            external_id=f"{self.sid}/{self.state}",
            targets=(self.sid,),
            correlator=correlator,
            sent_at=self.at,
            thread=self.thread,
            status=word,
            reason=": ".join(filter(None, (self.state, self.error))) if word == "failed" else "",
        )

    def evidence(self) -> tuple[Evidence, ...]:
        """That the number shown is the caller's: it says so, and anybody can make it say so."""
        if self.caller.address.kind != "phone":
            return ()
        because = "called, showing this number"
        return (
            Evidence(
                address=self.caller.address, strength=Strength.ASSERTED, method="caller_id", because=because
            ),
        )


def happened(call: str, external_id: str, parts: tuple[Part, ...], at: datetime | None = None) -> Updated:
    """Something about a call that becomes part of its message. Without a time it holds whenever it comes."""
    return Updated(
        kind="edited",
        external_id=external_id[:1024],
        targets=(call,),
        sent_at=at,
        parts=parts,
    )


def duration(seconds: int) -> str:
    """So many seconds, for a person."""
    hours, rest = divmod(seconds, 3600)
    minutes, rest = divmod(rest, 60)
    named = ((hours, "h"), (minutes, "min"), (rest, "s"))
    return " ".join(f"{count} {unit}" for count, unit in named if count) or "0 s"
