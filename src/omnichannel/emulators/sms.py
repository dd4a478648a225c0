"""Text messages at an emulated Twilio: people write to our number, and read what it writes to them.

Script it (`write`, `gone`, `faults`, …), push what happened to the webhook, and look with `shown`. Refusals: Twilio's
error dictionary; opting out: Twilio's "SMS STOP filtering".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Literal

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from omnichannel.emulators.emulator import File, Seen
from omnichannel.emulators.twilio import Form, Refusal, Resource, Twilio, first

_E164 = re.compile(r"\+[1-9]\d{6,14}")
_STOP = ("STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT")


@dataclass
class Text:
    """One message, in or out."""

    sid: str
    by: Literal["person", "us"]
    phone: str
    body: str
    media: tuple[str, ...] = ()
    day: str = ""
    sent: str = ""
    status: str = "received"
    code: int = 0
    callback: str = ""
    service: str = ""
    paths: list[str] = field(default_factory=list)


class Sms(Twilio):
    """Twilio with one number for texts.

    `statuses` are told of each message that arrives; `gone` are people whom nothing reaches (30003), `out` those who
    answered STOP (21610). `advanced`: the messaging service tells of STOP, START and HELP itself (OptOutType).
    """

    kind: ClassVar[str] = "sms"
    takes_files: ClassVar[bool] = True

    service = "MG00000000000000000000000000000001"
    advanced = False

    def routes(self, account: str) -> list[Route]:
        """Messages, and the files in them."""
        self.texts: list[Text] = []
        self.statuses: tuple[str, ...] = ("sent", "delivered")
        self.gone: set[str] = set()
        self.out: set[str] = set()
        self._pending: list[tuple[str, dict[str, str]]] = []
        return [
            Route(f"{account}/Messages.json", self._send, methods=["POST"]),
            Route(f"{account}/Messages.json", self._list),
            Route(f"{account}/Messages/{{sid}}/Media.json", self._media),
        ]

    def write(self, who: str, text: str, *, files: Sequence[tuple[str, bytes]] = ()) -> str:
        """Somebody writes, with files by media type and content; returns the MessageSid."""
        sid, phone = self.sid("MM" if files else "SM"), self.phone(who)
        said = Text(sid, "person", phone, text, day=self._day(), sent=self.moment())
        fields = self._fields(said)
        for number, (media_type, content) in enumerate(files):
            path = f"/2010-04-01/Accounts/{self.account_sid}/Messages/{sid}/Media/{self.sid('ME')}"
            self.files[path] = (media_type, content)
            said.paths.append(path)
            fields |= {f"MediaUrl{number}": self.url + path, f"MediaContentType{number}": media_type}
        word = self._opt(phone, text)
        with self._lock:
            self.texts.append(said)
            self._pending.append(("", fields | ({"OptOutType": word} if word and self.advanced else {})))
        return sid

    def _opt(self, phone: str, text: str) -> str:
        """What a single word does to us."""
        word = text.strip().upper()
        if word in _STOP:
            self.out.add(phone)
            return "STOP"
        if word in ("START", "UNSTOP"):
            self.out.discard(phone)
            return "START"
        return "HELP" if word == "HELP" else ""

    def _fields(self, said: Text) -> dict[str, str]:
        return {
            "MessageSid": said.sid,
            "SmsSid": said.sid,
            "SmsMessageSid": said.sid,
            "SmsStatus": "received",
            "From": said.phone,
            "To": self.number,
            "Body": said.body,
            "NumMedia": str(len(said.paths)),
            "NumSegments": "1",
            "FromCity": "",
            "FromCountry": "NL",
        }

    def push(self) -> Sequence[int]:
        """Deliver messages and statuses; what is not taken comes again."""
        with self._lock:
            pending, self._pending = self._pending, []
        found = [(self.post(url or self.hook, fields)[0], (url, fields)) for url, fields in pending]
        with self._lock:
            self._pending = [item for status, item in found if not 200 <= status < 300] + self._pending
        return [status for status, _ in found]

    def lose(self) -> int:
        """Twilio delivers once, and not again."""
        with self._lock:
            lost, self._pending = len(self._pending), []
        return lost

    def shown(self, who: str) -> Sequence[str]:
        """What we wrote to that person and arrived, pictures as their addresses."""
        return [" ".join(filter(None, (text.body, *text.media))) for text in self._arrived(who)]

    def seen(self, who: str) -> Sequence[Seen]:
        """The same with pictures apart."""
        return [
            Seen(text.body, text.sid, files=tuple(File("[media]", url) for url in text.media))
            for text in self._arrived(who)
        ]

    def _arrived(self, who: str) -> list[Text]:
        phone = self.phone(who)
        return [text for text in self.texts if text.by == "us" and text.phone == phone and not text.code]

    def attach(self, who: str, name: str, media_type: str, content: bytes) -> str:  # noqa: ARG002 - names are not sent
        """An MMS with one file."""
        return self.write(who, "", files=[(media_type, content)])

    # What requests need.

    async def _send(self, request: Request) -> Response:
        return await self.create(request, self._made)

    def _made(self, form: Form) -> Resource:
        self._check(form)
        to, body = first(form, "To"), first(form, "Body")
        media = tuple(value for name, value in form if name == "MediaUrl")
        code = 30003 if to in {self.phone(who) for who in self.gone} else 0
        text = Text(self.sid("SM"), "us", to, body, media, self._day(), self.moment(), "queued", code)
        text.callback, text.service = first(form, "StatusCallback"), first(form, "MessagingServiceSid")
        with self._lock:
            self.texts.append(text)
            for status in ("sent", "undelivered") if code else self.statuses:
                self._tell(text, status)
        return self._resource(text) | {"status": "queued"}

    def _tell(self, text: Text, status: str) -> None:
        text.status = status
        fields = {
            "MessageSid": text.sid,
            "SmsSid": text.sid,
            "MessageStatus": status,
            "SmsStatus": status,
            "From": self.number,
            "To": text.phone,
        }
        if text.callback:
            why = {"ErrorCode": str(text.code)} if status == "undelivered" else {}
            self._pending.append((text.callback, fields | why))

    def _check(self, form: Form) -> None:
        to, body = first(form, "To"), first(form, "Body")
        media = [value for name, value in form if name == "MediaUrl"]
        if not to:
            raise Refusal(21604, "A 'To' phone number is required.")
        if not _E164.fullmatch(to):
            raise Refusal(21211, f"The 'To' number {to} is not a valid phone number.")
        if first(form, "From") != self.number and first(form, "MessagingServiceSid") != self.service:
            raise Refusal(
                21606, "The 'From' phone number is not a valid, SMS-capable number of your account."
            )
        if not body and not media:
            raise Refusal(21602, "Message body is required.")
        if len(body) > 1600:
            raise Refusal(21617, "The concatenated message body exceeds the 1600 character limit.")
        if len(media) > 10 or any(not url.startswith("http") for url in media):
            raise Refusal(21620, "Invalid media URL(s)")
        if to in self.out:
            raise Refusal(21610, "Attempt to send to unsubscribed recipient")

    async def _list(self, request: Request) -> Response:
        return self.listed(request, "messages", [self._resource(text) for text in self.texts], day="DateSent")

    async def _media(self, request: Request) -> Response:
        text = next(one for one in self.texts if one.sid == request.path_params["sid"])
        found: list[Resource] = [
            {"sid": path.rpartition("/")[2], "content_type": self.files[path][0], "uri": f"{path}.json"}
            for path in reversed(text.paths)
        ]
        return self.listed(request, "media_list", found)

    def _resource(self, text: Text) -> Resource:
        ends = (text.phone, self.number) if text.by == "person" else (self.number, text.phone)
        return {
            "sid": text.sid,
            "account_sid": self.account_sid,
            "from": ends[0],
            "to": ends[1],
            "body": text.body,
            "direction": "inbound" if text.by == "person" else "outbound-api",
            "status": text.status,
            "date_created": text.sent,
            "date_sent": text.sent,
            "messaging_service_sid": text.service or None,
            "num_media": str(len(text.paths) or len(text.media)),
            "error_code": text.code or None,
            "error_message": None,
            "day": text.day,
        }

    def _day(self) -> str:
        return self.clock().date().isoformat()
