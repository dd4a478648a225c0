"""What a caller hears: TwiML, the answer to the webhook of a call and to each of its steps.

greeting ─ (keys: a code, the wish to be called back; words) ─ voicemail | queue | goodbye. A queue that cannot be
waited in, and a call that cannot be put through, end on the voicemail. Source: Twilio's TwiML for Voice.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from urllib.parse import urlencode
from xml.etree.ElementTree import Element, SubElement, tostring

from omnichannel.channels.voice.hours import Hours
from omnichannel.channels.voice.keys import DIGITS, token_of
from omnichannel.identity import is_code
from omnichannel.platforms.twilio import numbers
from omnichannel.platforms.twilio.fields import Fields

# What XML 1.0 cannot hold, however it is escaped.
_UNSPEAKABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

Then = Literal["voicemail", "queue", "say"]

_OUT_OF_QUEUE = frozenset({"bridged", "bridging-in-process", "hangup", "redirected-from-bridged"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Reception:
    """How calls are received. Texts are spoken in `language` by `voice` (empty: Twilio's own)."""

    greeting: str = ""
    closed_greeting: str = ""
    thanks: str = ""
    ask_number: str = ""
    language: str = "en-US"
    voice: str = ""
    then: Then = "voicemail"
    queue: str = "support"
    hours: Hours = field(default_factory=Hours)
    callback_key: str = ""
    region: str = ""
    listens: bool = False
    longest: int = 120
    transcribe: bool = False


def answer(reception: Reception, fields: Fields, step: str, here: str, at: datetime | None) -> bytes | None:
    """What is done with a call now; None for what only tells something. `here` is our webhook's own address."""
    reply = _Reply(reception, here)
    if step in ("menu", "number"):
        reply.chosen(fields, step)
    elif step == "recorded":
        reply.say(reception.thanks)
        reply.verb("Hangup")
    elif step == "queued":
        reply.after_queue(fields)
    elif "DialCallStatus" in fields:
        reply.after_dial(fields)
    elif _begins(fields):
        reply.receive(is_open=reception.hours.open_at(at))
    else:
        return None
    return reply.document()


def _begins(fields: Fields) -> bool:
    """Whether a call waits for its first instructions: statuses and recordings have words of their own."""
    told = {"CallbackSource", "ParentCallSid", "RecordingStatus", "TranscriptionEvent", "TranscriptionSid"}
    going_on = fields.get("CallStatus", "") in ("queued", "ringing", "in-progress")
    return going_on and fields.get("Direction", "inbound") == "inbound" and not told & fields.keys()


class _Reply:
    """One TwiML document."""

    def __init__(self, reception: Reception, here: str) -> None:
        self._reception = reception
        self._here = here.partition("?")[0]
        self._root = Element("Response")

    def document(self) -> bytes:
        written: bytes = tostring(self._root, encoding="utf-8")
        return b'<?xml version="1.0" encoding="UTF-8"?>' + written

    def receive(self, *, is_open: bool) -> None:
        """The beginning of a call; while it is closed it is answered by the voicemail."""
        keys = self._gather("menu", DIGITS)
        self.say((not is_open and self._reception.closed_greeting) or self._reception.greeting, keys)
        self._go_on(self._reception.then if is_open or self._reception.then == "say" else "voicemail")

    def chosen(self, fields: Fields, step: str) -> None:
        """What follows a key: who asks to be called back and shows no number is asked for it."""
        digits, key = fields.get("Digits", ""), self._reception.callback_key
        if step == "menu" and key and digits == key and numbers.is_withheld(fields.get("From", "")):
            self.say(self._reception.ask_number, self._gather("number", 20))
        elif step == "number" or "SpeechResult" in fields or (key and digits == key):
            self.say(self._reception.thanks)
        elif token_of(digits) or is_code(digits):
            self._go_on(self._reception.then)
            return
        else:
            self._go_on("voicemail")
            return
        self.verb("Hangup")

    def after_queue(self, fields: Fields) -> None:
        """Whoever was not spoken to leaves a message."""
        if fields.get("QueueResult") in _OUT_OF_QUEUE:
            self.verb("Hangup")
        else:
            self._voicemail()

    def after_dial(self, fields: Fields) -> None:
        """Whoever was not put through leaves a message."""
        if fields["DialCallStatus"] in ("completed", "answered"):
            self.verb("Hangup")
        else:
            self._voicemail()

    def say(self, text: str, inside: Element | None = None) -> None:
        """Speak, unless there is nothing to say."""
        if text.strip():
            attributes = {"language": self._reception.language, "voice": self._reception.voice}
            self.verb("Say", attributes, inside).text = speakable(text)

    def verb(
        self, name: str, attributes: Mapping[str, str] | None = None, inside: Element | None = None
    ) -> Element:
        """One instruction, without attributes that are empty."""
        given = {key: value for key, value in (attributes or {}).items() if value}
        return SubElement(self._root if inside is None else inside, name, given)

    def _go_on(self, then: Then) -> None:
        if then == "voicemail":
            self._voicemail()
        elif then == "queue":
            self.verb("Enqueue", {"action": self._step("queued")}).text = speakable(self._reception.queue)
        else:
            self.verb("Hangup")

    def _voicemail(self) -> None:
        attributes = {
            "action": self._step("recorded"),
            "maxLength": str(self._reception.longest),
            "recordingStatusCallback": self._step("recording"),
            "recordingStatusCallbackEvent": "completed absent",
        }
        if self._reception.transcribe:
            attributes |= {"transcribe": "true", "transcribeCallback": self._step("transcribed")}
        self.verb("Record", attributes)

    def _gather(self, step: str, most: int) -> Element:
        """Keys may be pressed while we speak and three seconds after it; `#` ends them."""
        more = (
            {"callback": self._reception.callback_key}
            if step == "menu"
            else {"region": self._reception.region}
        )
        attributes = {"action": self._step(step, more), "numDigits": str(most), "timeout": "3"}
        if self._reception.listens and step == "menu":
            attributes |= {
                "input": "dtmf speech",
                "speechTimeout": "auto",
                "language": self._reception.language,
            }
        return self.verb("Gather", attributes)

    def _step(self, step: str, more: Mapping[str, str] | None = None) -> str:
        """Where a step leads to: with what is needed to read what comes, so that settings may change meanwhile."""
        known = {"step": step, **{key: value for key, value in (more or {}).items() if value}}
        return f"{self._here}?{urlencode(known)}"


def speakable(text: str) -> str:
    """The text without what XML cannot hold."""
    return _UNSPEAKABLE.sub("\ufffd", text)


def spoken(text: str, language: str, voice: str) -> str:
    """A document that says a text, and ends."""
    root = Element("Response")
    attributes = {key: value for key, value in (("language", language), ("voice", voice)) if value}
    SubElement(root, "Say", attributes).text = speakable(text)
    written: str = tostring(root, encoding="unicode")
    return written


def connecting(to: str, caller_id: str) -> str:
    """A document that puts who picks up through to somebody, showing our number."""
    root = Element("Response")
    SubElement(root, "Dial", {"callerId": caller_id}).text = speakable(to)
    written: str = tostring(root, encoding="unicode")
    return written
