"""Telephone calls at an emulated Twilio: people call our number, hear what TwiML says, press keys and leave messages.

Script it (`write`, `call`, `faults`, …), let the calls go on with `push`, and listen with `shown`. Order and fields
of webhooks: Twilio's "TwiML Voice" and "Call status callbacks".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from email.utils import format_datetime
from typing import ClassVar
from urllib.parse import urljoin
from xml.etree import ElementTree as ET

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from omnichannel.emulators.twilio import Form, Refusal, Resource, Twilio, first

_E164 = re.compile(r"\+[1-9]\d{6,14}")
_LONGEST_TWIML = 4000

Webhook = tuple[str, dict[str, str], Callable[[bytes], None] | None]
"""Where it goes, what it says, and what is done with the answer."""


@dataclass
class PhoneCall:
    """One call and how it goes: the keys that are pressed at each menu, the message that is left, what was heard."""

    sid: str
    phone: str
    outgoing: bool = False
    keys: list[str] = field(default_factory=list)
    message: str = ""
    withheld: bool = False
    attestation: str = ""
    heard: list[str] = field(default_factory=list)
    status: str = "ringing"
    seconds: int = 0
    started: str = ""
    day: str = ""
    sequence: int = 0
    callback: str = ""
    recordings: list[Resource] = field(default_factory=list)
    waiting: list[Webhook] = field(default_factory=list)


class Voice(Twilio):
    """Twilio with one number for calls. `busy` and `absent` are people who do not pick up when we call them."""

    kind: ClassVar[str] = "voice"

    @property
    def settings(self) -> dict[str, object]:
        """The account, listening to what callers say."""
        return {**super().settings, "listens": True, "greeting": "How can we help you?"}

    def routes(self, account: str) -> list[Route]:
        """Calls and recordings."""
        self.calls: list[PhoneCall] = []
        self.busy: set[str] = set()
        self.absent: set[str] = set()
        return [
            Route(f"{account}/Calls.json", self._start, methods=["POST"]),
            Route(f"{account}/Calls.json", self._list),
            Route(f"{account}/Recordings.json", self._recordings),
        ]

    def write(self, who: str, text: str) -> str:
        """Somebody calls and says these words when they are listened to or recorded; returns the CallSid."""
        return self.call(who, message=text).sid

    def call(
        self,
        who: str,
        *,
        keys: Sequence[str] = (),
        message: str = "",
        withheld: bool = False,
        attestation: str = "",
    ) -> PhoneCall:
        """Somebody calls: presses keys at the menus in turn, and speaks where it is recorded."""
        made = PhoneCall(self.sid("CA"), self.phone(who), False, list(keys), message, withheld, attestation)
        self._begin(made)
        made.waiting = [(self.hook, self._fields(made), lambda answer: self._follow(made, self.hook, answer))]
        return made

    def _begin(self, call: PhoneCall) -> None:
        call.started, call.day = self.moment(), self.clock().date().isoformat()
        with self._lock:
            self.calls.append(call)

    def push(self) -> Sequence[int]:
        """Let every call go on as far as the webhook answers; the statuses it got."""
        statuses: list[int] = []
        for call in list(self.calls):
            while call.waiting:
                url, fields, follow = call.waiting[0]
                status, answer = self.post(url or self.hook, fields)
                statuses.append(status)
                if not 200 <= status < 300:
                    break
                call.waiting.pop(0)
                if follow:
                    follow(answer)
        return statuses

    def lose(self) -> int:
        """Twilio lets calls end whose webhook does not answer, and tells of each step once."""
        waiting = [call for call in self.calls if call.waiting]
        for call in waiting:
            call.waiting = []
            call.status = "completed" if call.status in ("ringing", "in-progress") else call.status
        return len(waiting)

    def shown(self, who: str) -> Sequence[str]:
        """What that person heard in calls that we made."""
        phone = self.phone(who)
        return [words for call in self.calls if call.outgoing and call.phone == phone for words in call.heard]

    # How a call goes.

    def _fields(self, call: PhoneCall, status: str = "ringing", **more: str) -> dict[str, str]:
        phone = "+266696687" if call.withheld else call.phone
        ends = (self.number, call.phone) if call.outgoing else (phone, self.number)
        fields = {
            "CallSid": call.sid,
            "CallStatus": status,
            "From": ends[0],
            "To": ends[1],
            "Caller": ends[0],
            "Called": ends[1],
            "Direction": "outbound-api" if call.outgoing else "inbound",
            "FromCity": "",
        }
        return fields | ({"StirVerstat": call.attestation} if call.attestation else {}) | more

    def _follow(self, call: PhoneCall, url: str, answer: bytes) -> None:
        """Do what TwiML says: speak, wait for keys, record, hang up."""
        for verb in _verbs(answer):
            if verb.tag == "Say":
                call.heard.append(verb.text or "")
            elif verb.tag == "Gather":
                call.heard += [say.text or "" for say in verb.iter("Say")]
                if call.message and "speech" in verb.get("input", ""):
                    words, call.message = call.message, ""
                    return self._ask(
                        call, urljoin(url, verb.get("action", "")), SpeechResult=words, Confidence="0.9"
                    )
                if call.keys:
                    return self._ask(call, urljoin(url, verb.get("action", "")), Digits=call.keys.pop(0))
            elif verb.tag == "Record" and call.message:
                return self._record(call, url, verb)
            elif verb.tag == "Enqueue":
                call.heard.append(f"[{verb.text}]")
                return self._ask(
                    call, urljoin(url, verb.get("action", "")), QueueResult="leave", QueueTime="30"
                )
            else:
                break
        return self._end(call)

    def _ask(self, call: PhoneCall, url: str, **more: str) -> None:
        """The next step: its answer is what happens next."""
        fields = self._fields(call, "in-progress", **more)
        call.waiting.append((url, fields, lambda answer: self._follow(call, url, answer)))

    def _record(self, call: PhoneCall, url: str, verb: ET.Element) -> None:
        sid, seconds = self.sid("RE"), max(1, len(call.message) // 15)
        path = f"/2010-04-01/Accounts/{self.account_sid}/Recordings/{sid}"
        self.files[f"{path}.mp3"] = ("audio/mpeg", b"ID3" + call.message.encode())
        recording: Resource = {
            "sid": sid, "call_sid": call.sid, "status": "completed", "duration": str(seconds),
            "source": "RecordVerb", "day": call.day,
        }  # fmt: skip
        call.recordings.append(recording)
        call.seconds = seconds + 2
        told = {
            "RecordingSid": sid,
            "RecordingUrl": self.url + path,
            "RecordingDuration": str(seconds),
        }
        self._ask(call, urljoin(url, verb.get("action", "")), **told, Digits="hangup")
        later = {"CallSid": call.sid, "RecordingStatus": "completed", "RecordingSource": "RecordVerb", **told}
        call.waiting.append((urljoin(url, verb.get("recordingStatusCallback", "")), later, None))
        if verb.get("transcribe") == "true":
            words = {"TranscriptionText": call.message, "TranscriptionStatus": "completed"}
            fields = self._fields(call, "completed", TranscriptionSid=self.sid("TR"), **told, **words)
            call.waiting.append((urljoin(url, verb.get("transcribeCallback", "")), fields, None))

    def _end(self, call: PhoneCall, status: str = "completed") -> None:
        self._progress(call, status)

    def _progress(self, call: PhoneCall, status: str) -> None:
        """A status callback, once for each status; terminal ones with the duration."""
        call.status = status
        more = {"CallDuration": str(call.seconds), "Duration": "1"} if status == "completed" else {}
        at = format_datetime(self.clock() + timedelta(seconds=call.sequence))
        told = {
            "CallbackSource": "call-progress-events",
            "SequenceNumber": str(call.sequence),
            "Timestamp": at,
        }
        call.sequence += 1
        if call.callback or not call.outgoing:
            call.waiting.append(
                (call.callback or self.hook, self._fields(call, status, **told, **more), None)
            )

    # What requests need.

    async def _start(self, request: Request) -> Response:
        return await self.create(request, self._made)

    def _made(self, form: Form) -> Resource:
        to, twiml = first(form, "To"), first(form, "Twiml")
        if first(form, "From") != self.number:
            raise Refusal(21210, "The source phone number provided is not yet verified for your account.")
        if not _E164.fullmatch(to):
            raise Refusal(21217, f"Phone number {to} does not appear to be valid.")
        if not twiml or len(twiml) > _LONGEST_TWIML:
            raise Refusal(21205, "Url parameter is required, or Twiml of at most 4000 characters.")
        call = PhoneCall(self.sid("CA"), to, True, callback=first(form, "StatusCallback"))
        self._begin(call)
        events = {value for name, value in form if name == "StatusCallbackEvent"}
        if "ringing" in events:
            self._progress(call, "ringing")
        names = {who for who in (*self.busy, *self.absent) if self.phone(who) == to}
        if names:
            self._progress(call, "busy" if names & self.busy else "no-answer")
        else:
            self._speak(call, twiml, events)
        return self._resource(call) | {"status": "queued"}

    def _speak(self, call: PhoneCall, twiml: str, events: set[str]) -> None:
        if "answered" in events:
            self._progress(call, "in-progress")
        for verb in _verbs(twiml):
            if verb.tag == "Dial":
                other = PhoneCall(
                    self.sid("CA"), verb.text or "", True, heard=[f"[connected with {call.phone}]"]
                )
                self._begin(other)
                call.heard.append(f"[connected with {verb.text}]")
            else:
                call.heard.append(verb.text or "")
        call.seconds = max(1, len(twiml) // 15)
        self._progress(call, "completed")

    async def _list(self, request: Request) -> Response:
        return self.listed(request, "calls", [self._resource(call) for call in self.calls], day="StartTime")

    async def _recordings(self, request: Request) -> Response:
        found = [recording for call in self.calls for recording in call.recordings]
        return self.listed(request, "recordings", found, day="DateCreated")

    def _resource(self, call: PhoneCall) -> Resource:
        ends = (self.number, call.phone) if call.outgoing else (call.phone, self.number)
        return {
            "sid": call.sid,
            "account_sid": self.account_sid,
            "from": ends[0],
            "to": ends[1],
            "direction": "outbound-api" if call.outgoing else "inbound",
            "status": call.status,
            "duration": str(call.seconds),
            "start_time": call.started,
            "date_created": call.started,
            "day": call.day,
        }


def _verbs(document: str | bytes) -> list[ET.Element]:
    return list(ET.fromstring(document))  # noqa: S314 - of the program that is tried out, on loopback
