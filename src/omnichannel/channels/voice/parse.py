"""From what Twilio tells about a call to events. Pure.

One call is one message: `received` when it is first heard of, `edited` whenever it gets further, when a recording
or its words come, when it was put through. Every webhook that says who calls brings the message along, so that
the order in which webhooks come does not matter: the same id ends as a duplicate.

Shapes: Twilio's "TwiML Voice: request parameters", "Call status callbacks", "Recording status callbacks",
"Transcription callbacks", and bodies recorded by others.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from omnichannel.channels.voice.call import ENDED, KIND, PhoneCall, duration, happened
from omnichannel.channels.voice.keys import pressed, spoken
from omnichannel.channels.voice.recording import MADE_BY_MACHINE, heard, recorded, transcribed, whole
from omnichannel.errors import Malformed
from omnichannel.model import Event, Ignored, Strength, System, Text
from omnichannel.platforms.twilio import numbers
from omnichannel.platforms.twilio.fields import Fields, moment


@dataclass(frozen=True, slots=True)
class Reading:
    """What an account knows when it reads. `trusts`: attestation A of STIR/SHAKEN proves a number."""

    number: str = ""
    trusts: bool = False


def events(fields: Fields, query: Fields, reading: Reading) -> Iterator[Event]:
    """What one webhook says. `query` is what we wrote into the address. Raises Malformed."""
    sid = fields.get("CallSid", "")
    if not sid:
        yield _elsewhere(fields)
        return
    call = _call(sid, fields, reading)
    if fields.get("ParentCallSid"):
        yield _leg(call, fields)
        return
    details = list(_details(call, fields, query))
    if fields.get("CallStatus") or (_names_caller(fields) and not details):
        correlator = query.get("call", "") if fields.get("Direction") == "outbound-api" else ""
        yield call.received(correlator=correlator)
        # What comes beside a detail has neither time nor duration: it must not win over what has.
        yield from () if details else _progress(call, fields, correlator)
    elif not details:
        kind = fields.get("CallbackSource") or "callback"
        names = ", ".join(sorted(set(fields) - {"CallSid", "AccountSid", "ApiVersion"})) or "nothing"
        yield Ignored(reason=f"not_call: it says {names}"[:200], kind=kind, external_id=sid)
    yield from details


def _elsewhere(fields: Fields) -> Event:
    sid = fields.get("MessageSid") or fields.get("SmsSid") or fields.get("SmsMessageSid") or ""
    if conference := fields.get("ConferenceSid", ""):
        return Ignored(
            reason="not_call: it is about a conference as a whole, and names no call",
            kind="conference",
            external_id=conference,
        )
    if not sid and not {"Body", "text"} & fields.keys():
        raise Malformed("CallSid is missing: this is no telephone call of Twilio's")
    return Ignored(reason="not_voice: it is about a text message", kind="message", external_id=sid)


def _names_caller(fields: Fields) -> bool:
    return bool(fields.get("From") or fields.get("Caller"))


def _call(sid: str, fields: Fields, reading: Reading) -> PhoneCall:
    scope = fields.get("AccountSid", "")
    caller, called = (
        fields.get("From") or fields.get("Caller", ""),
        fields.get("To") or fields.get("Called", ""),
    )
    said = fields.get("Direction", "")
    outgoing = said.startswith("outbound") or (not said and bool(reading.number) and caller == reading.number)
    verstat = fields.get("StirVerstat", "")
    proven = reading.trusts and verstat == "TN-Validation-Passed-A" and not outgoing
    name = fields.get("CallerName", "")
    return PhoneCall(
        sid=sid,
        outgoing=outgoing,
        caller=numbers.party(caller, KIND, scope, name=name) or numbers.nobody(KIND, sid),
        called=numbers.party(called, KIND, scope),
        state=fields.get("CallStatus") or "ringing",
        strength=Strength.VERIFIED if proven else Strength.ASSERTED,
        method="stir_shaken" if proven else "caller_id",
        notes=(f"STIR/SHAKEN: {verstat}"[:100],) if verstat else (),
        # `Duration` is in minutes.
        seconds=whole(fields.get("CallDuration", "")),
        at=_at(fields),
        error=_error(fields),
        remark=f"forwarded from {fields['ForwardedFrom']}"
        if fields.get("ForwardedFrom")
        else _answered(fields),
    )


def _error(fields: Fields) -> str:
    """Why a call failed, in numbers: Twilio's own (its error dictionary), and what the other network answered."""
    code, answered = fields.get("ErrorCode", ""), fields.get("SipResponseCode", "")
    told = (code if code != "0" else "", f"SIP {answered}" if answered else "")
    return ", ".join(filter(None, told))


def _answered(fields: Fields) -> str:
    return "answered by a machine" if fields.get("AnsweredBy", "").startswith(("machine", "fax")) else ""


def _at(fields: Fields) -> datetime | None:
    """When it happened: whole seconds, so that the number in the sequence tells what came after what."""
    found = moment(fields.get("Timestamp", ""))
    order = whole(fields.get("SequenceNumber", "")) or 0
    return found + timedelta(microseconds=min(order, 999_999)) if found else None


def _progress(call: PhoneCall, fields: Fields, correlator: str) -> Iterator[Event]:
    """The message is revised by what says when it happened, or is the end: only then a late word cannot win."""
    tells_time = call.at is not None and bool(fields.get("CallbackSource") or call.seconds is not None)
    if tells_time or call.state in ENDED:
        yield call.revised()
    if fields.get("Direction") == "outbound-api" and (status := call.status(correlator)):
        yield status


def _leg(call: PhoneCall, fields: Fields) -> Event:
    """A call within a call (`<Dial>`): it belongs to the one that the customer is in."""
    parent, who = fields["ParentCallSid"], call.called.reach if call.called else "somebody"
    if call.state == "in-progress":
        words = f"Put through to {who}"
    elif call.state == "completed" and call.seconds:
        words = f"Put through to {who}, {duration(call.seconds)}"
    else:
        return Ignored(
            reason=f"leg: {who}, {call.state}",
            kind="leg",
            external_id=f"{call.sid}/{call.state}",
            thread=parent,
        )
    parts = (System(what="transfer", text=words),)
    return happened(parent, f"{call.sid}/{call.state}", parts)


def _details(call: PhoneCall, fields: Fields, query: Fields) -> Iterator[Event]:
    """What a webhook tells beside the state of the call."""
    if "TranscriptionEvent" in fields:
        yield _live(call, fields)
    elif "TranscriptionText" in fields or "TranscriptionStatus" in fields:
        yield transcribed(call.sid, fields)
    elif "RecordingUrl" in fields or "RecordingStatus" in fields:
        yield recorded(call.sid, fields)
        if "DialCallStatus" in fields:
            yield _dialled(call, fields)
    elif fields.get("Digits"):
        yield pressed(call, fields, query)
    elif fields.get("SpeechResult"):
        yield spoken(call, fields)
    elif "DialCallStatus" in fields:
        yield _dialled(call, fields)
    elif "QueueResult" in fields:
        waited = whole(fields.get("QueueTime", "")) or 0
        words = f"Waited {duration(waited)} in the queue: {fields['QueueResult']}"
        yield happened(
            call.sid, f"{call.sid}/queue/{fields['QueueResult']}", (System(what="queue", text=words),)
        )
    elif "AnsweredBy" in fields and "CallStatus" not in fields:
        words = f"Answered by {fields['AnsweredBy'].replace('_', ' ')}"
        yield happened(call.sid, f"{call.sid}/answered_by", (System(what="answered_by", text=words),))


def _dialled(call: PhoneCall, fields: Fields) -> Event:
    state, seconds = fields["DialCallStatus"], whole(fields.get("DialCallDuration", ""))
    if state in ("completed", "answered"):
        words = "Put through" + (f", {duration(seconds)}" if seconds else "")
    else:
        words = f"Could not be put through: {state.replace('-', ' ')}"
    return happened(
        call.sid,
        f"{call.sid}/dial/{fields.get('DialCallSid') or state}",
        (System(what="transfer", text=words),),
    )


def _live(call: PhoneCall, fields: Fields) -> Event:
    """Words of a call that goes on, each a message of its own: nobody answers them while people talk."""
    what, name = fields["TranscriptionEvent"], fields.get("TranscriptionSid") or call.sid
    if what == "transcription-error":
        words = f"It cannot be written down: {fields.get('TranscriptionError', '')}".rstrip(": ")
        return happened(call.sid, f"{name}/error", (System(what="transcript", text=words),))
    if what != "transcription-content" or fields.get("Final", "true").lower() != "true":
        return Ignored(reason=f"not_yet: {what}"[:200], kind="transcript", external_id=name, thread=call.sid)
    words, track, sure = heard(fields)
    ours = track == "outbound_track"
    other = call.called or call.caller
    speaking = replace(
        call,
        outgoing=ours,
        caller=other if ours != call.outgoing else call.caller,
        called=call.caller if ours != call.outgoing else call.called,
        at=_at(fields),
    )
    return speaking.received(
        external_id=f"{name}/{track}/{fields.get('SequenceId') or fields.get('Timestamp', '')}",
        parts=(System(what="transcript", text=f"{MADE_BY_MACHINE}{sure}"), Text(text=words)),
        reply_to=call.sid,
        readonly=True,
    )
