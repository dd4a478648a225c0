"""A small Cloud API with one number and the people who write to it: messages, media, statuses, as on the wire.

Script it (`cloud.write`, `cloud.tap`, …), push what happened to the webhook, and look with `cloud.thread` at what
a person sees. Shapes, limits and errors: Meta's references of the Cloud API (2026) and its OpenAPI of v23.0.
"""

from __future__ import annotations

import base64
import hashlib
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import ClassVar, Literal

from omnichannel.emulators.emulator import Button, File, Seen
from omnichannel.emulators.graph_hook import Content, Hook
from omnichannel.emulators.serving import ServedEmulator
from omnichannel.emulators.whatsapp_api import app


@dataclass
class Said:
    """One message in a chat, as the person sees it. `callback` only the sending program sees."""

    wamid: str
    by: Literal["person", "business"]
    kind: str
    text: str = ""
    content: bytes = b""
    options: tuple[Button, ...] = ()
    files: tuple[File, ...] = ()
    reply_to: str = ""
    callback: str = ""
    reactions: list[str] = field(default_factory=list)
    deleted: bool = False


@dataclass
class Person:
    """Somebody on WhatsApp. With `hidden` the business is not told the number; `absent` is for who left."""

    name: str
    wa_id: str
    user_id: str
    hidden: bool = False
    absent: bool = False
    heard_at: datetime | None = None
    thread: list[Said] = field(default_factory=list)
    sent_at: list[datetime] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)
    typing: bool = False


@dataclass
class Approved:
    """A template with its places written `{{1}}`; `status` as in WhatsApp Manager."""

    name: str
    text: str
    language: str = "en"
    status: str = "APPROVED"

    @property
    def places(self) -> int:
        """How many values it takes."""
        return self.text.count("{{")

    def filled(self, values: Sequence[str]) -> str:
        """What it says with these values."""
        text = self.text
        for number, value in enumerate(values, 1):
            text = text.replace(f"{{{{{number}}}}}", value)
        return text


@dataclass(frozen=True)
class Fault:
    """What becomes of one call: an error's code, with an HTTP status; `taken` if it is done all the same."""

    status: int
    code: int = 0
    details: str = ""
    taken: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)


class Cloud(ServedEmulator):
    """The Cloud API with one number, and one app that is subscribed to its account.

    A message that is sent gets the status `sent`; `delivered` and `read` come when they are scripted. Give `clock` to
    travel in time.
    """

    kind: ClassVar[str] = "whatsapp"
    takes_files: ClassVar[bool] = True

    def __init__(
        self,
        *,
        number: str = "15550783881",
        number_id: str = "106540352242922",
        waba_id: str = "102290129340398",
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.number, self.number_id, self.waba_id = number, number_id, waba_id
        self.token = "system-token"  # noqa: S105 - an emulator's
        self.clock = clock
        self.people: list[Person] = []
        self.groups: dict[str, tuple[str, ...]] = {}
        self.media: dict[str, tuple[str, bytes]] = {}
        self.templates = [Approved("hello", "Hello {{1}}, your order {{2}} is ready.")]
        self.quality, self.name_status = "GREEN", "APPROVED"
        self.numbers = [number_id]
        self.subscribed = True
        self.faults: list[Fault] = []
        self.hook = Hook("whatsapp_business_account", waba_id, "app-secret", "verify-token", clock)
        self.lock = threading.RLock()
        self._numbers = count(1)
        super().__init__(app(self))

    @property
    def settings(self) -> dict[str, object]:
        """The account that belongs to this number."""
        return {
            "number": f"+{self.number}",
            "phone_number_id": self.number_id,
            "waba_id": self.waba_id,
            "token": self.token,
            "app_secret": self.hook.app_secret,
            "verify_token": self.hook.verify_token,
            "host": self.url,
        }

    def person(self, who: str) -> Person:
        """The person of that name, number or user id; a name that nobody has makes somebody new."""
        with self.lock:
            for person in self.people:
                if who in (person.name, person.wa_id, person.user_id):
                    return person
            number = len(self.people) + 1
            self.people.append(Person(who, str(16505550000 + number), f"US.{13491208655302741900 + number}"))
            return self.people[-1]

    def thread(self, who: str) -> list[Said]:
        """What that person sees, oldest first."""
        return self.person(who).thread

    def shown(self, who: str) -> Sequence[str]:
        """The words of the business in that chat."""
        return [said.text for said in self.thread(who) if said.by == "business"]

    def seen(self, who: str) -> Sequence[Seen]:
        """The same with buttons, rows of lists, and files."""
        return [
            Seen(
                "" if said.text in [one.name for one in said.files] else said.text,
                said.wamid,
                said.options,
                said.files,
            )
            for said in self._ours(who)
        ]

    # What people do. Each opens the window and waits for the next push.

    def write(self, who: str, text: str, *, reply_to: str = "", group: str = "") -> str:
        """Write, in a group of `groups` where it is named; returns the wamid."""
        return self.say(who, "text", {"body": text}, text, reply_to=reply_to, group=group)

    def send(self, who: str, kind: str, content: bytes, *, media_type: str, **more: object) -> str:
        """Send a file (image, video, audio, document, sticker); returns the wamid."""
        media_id = self.keep(media_type, content)
        digest = base64.b64encode(hashlib.sha256(content).digest()).decode()
        body: Content = {"id": media_id, "mime_type": media_type, "sha256": digest, **more}
        return self.say(who, kind, body, str(more.get("caption", "")))

    def tap(self, who: str, title: str) -> str:
        """Tap an option of the newest message that has it; returns the wamid."""
        found = ((said, one) for said in reversed(self.thread(who)) for one in said.options)
        said, button = next((said, one) for said, one in found if one.title == title)
        return self._pressed(who, said.wamid, button)

    def _pressed(self, who: str, message: str, button: Button) -> str:
        said = next(one for one in self.thread(who) if one.wamid == message)
        kind = "list_reply" if said.kind == "list" else "button_reply"
        body: Content = {"type": kind, kind: {"id": button.value, "title": button.title}}
        return self.say(who, "interactive", body, button.title, reply_to=message)

    def attach(self, who: str, name: str, media_type: str, content: bytes) -> str:
        """Pictures, films and sounds as such, anything else as a document with its name."""
        kind = media_type.partition("/")[0]
        if kind in ("image", "video", "audio"):
            return self.send(who, kind, content, media_type=media_type)
        return self.send(who, "document", content, media_type=media_type, filename=name)

    def react(self, who: str, wamid: str, emoji: str) -> str:
        """Put a reaction on a message; an empty one takes it back."""
        said = next(said for said in self.thread(who) if said.wamid == wamid)
        said.reactions = [emoji] if emoji else []
        return self._done(who, "reaction", {"message_id": wamid, "emoji": emoji})

    def edit(self, who: str, wamid: str, text: str) -> str:
        """Change what a text says."""
        next(said for said in self.thread(who) if said.wamid == wamid).text = text
        body: Content = {"original_message_id": wamid, "message": {"type": "text", "text": {"body": text}}}
        return self._done(who, "edit", body)

    def revoke(self, who: str, wamid: str) -> str:
        """Take a message back for everybody."""
        next(said for said in self.thread(who) if said.wamid == wamid).deleted = True
        return self._done(who, "revoke", {"original_message_id": wamid})

    def say(
        self, who: str, kind: str, body: object, text: str = "", *, reply_to: str = "", group: str = ""
    ) -> str:
        """Any message of theirs; returns the wamid."""
        person, wamid = self.person(who), self.wamid()
        person.heard_at = self.clock()
        person.thread.append(Said(wamid, "person", kind, text, reply_to=reply_to))
        message: Content = {"id": wamid, "timestamp": self.now(), "type": kind, kind: body}
        if reply_to:
            message["context"] = {"from": self.number, "id": reply_to}
        if group:
            message["group_id"] = group
        self._from(person, message)
        return wamid

    def _done(self, who: str, kind: str, body: Content) -> str:
        """Something that is done to a message, and is a message to the platform."""
        wamid = self.wamid()
        self._from(self.person(who), {"id": wamid, "timestamp": self.now(), "type": kind, kind: body})
        return wamid

    def _from(self, person: Person, message: Content) -> None:
        known = {} if person.hidden else {"from": person.wa_id}
        self.happen(
            messages=[{**known, "from_user_id": person.user_id, **message}], contacts=[self._contact(person)]
        )

    def change_number(self, who: str, wa_id: str) -> None:
        """They move to another number, which gives them another user id."""
        person = self.person(who)
        body = f"User {person.name} changed from {person.wa_id} to {wa_id}"
        old, person.wa_id = person.wa_id, wa_id
        former, person.user_id = person.user_id, f"US.9{person.user_id[4:]}"
        system = {"body": body, "wa_id": wa_id, "user_id": person.user_id, "type": "user_changed_number"}
        message = {
            "from": old,
            "from_user_id": former,
            "id": self.wamid(),
            "timestamp": self.now(),
            "type": "system",
        }
        self.happen(messages=[{**message, "system": system}])

    def say_in_app(self, who: str, text: str) -> str:
        """Somebody of the business answers in the WhatsApp Business app; returns the wamid."""
        person, wamid = self.person(who), self.wamid()
        person.thread.append(Said(wamid, "business", "text", text))
        echo = {"from": self.number, "to": person.wa_id, "to_user_id": person.user_id, "id": wamid}
        body = {**echo, "timestamp": self.now(), "type": "text", "text": {"body": text}}
        self.happen("smb_message_echoes", message_echoes=[body])
        return wamid

    def delivered(self, who: str) -> None:
        """Their telephone got everything that was sent."""
        for said in self._ours(who):
            self.status(self.person(who), said, "delivered")

    def read(self, who: str) -> None:
        """They look at the chat. Where it was open, nothing says that it was delivered."""
        for said in self._ours(who):
            self.status(self.person(who), said, "read")

    def fail(self, who: str, code: int, title: str) -> None:
        """What was sent last did not arrive."""
        self.status(self.person(who), self._ours(who)[-1], "failed", errors=[{"code": code, "title": title}])

    def _ours(self, who: str) -> list[Said]:
        return [said for said in self.thread(who) if said.by == "business"]

    def status(self, person: Person, said: Said, status: str, **more: object) -> None:
        """A status of a message, with what the sending program planted."""
        known = {} if person.hidden else {"recipient_id": person.wa_id}
        body: Content = {"id": said.wamid, "status": status, "timestamp": self.now(), **known, **more}
        if said.callback:
            body["biz_opaque_callback_data"] = said.callback
        self.happen(statuses=[{**body, "recipient_user_id": person.user_id}])

    def happen(self, field: str = "messages", **content: object) -> None:
        """Any further value of a webhook's field."""
        metadata = {"display_phone_number": self.number, "phone_number_id": self.number_id}
        value: Content = {"messaging_product": "whatsapp", "metadata": metadata, **content}
        self.hook.added({"changes": [{"value": value, "field": field}]})

    def _contact(self, person: Person) -> Content:
        known = {} if person.hidden else {"wa_id": person.wa_id}
        return {"profile": {"name": person.name}, "user_id": person.user_id, **known}

    # The webhook.

    def connect(self, hook: str) -> None:
        """Set the webhook, with Meta's challenge. Raises ValueError if it was not answered."""
        self.hook.connect(hook)

    def push(self, *, together: int = 1, times: int = 1) -> Sequence[int]:
        """Deliver what is on its way, some changes `together` in one body, each body so many `times`."""
        return self.hook.push(together=together, times=times)

    # What the API needs.

    def now(self) -> str:
        """Seconds as text, as WhatsApp writes moments."""
        return str(int(self.clock().timestamp()))

    def wamid(self) -> str:
        """A new message id."""
        made = hashlib.sha256(f"{self.number_id}/{next(self._numbers)}".encode()).digest()
        return f"wamid.{base64.b64encode(made[:24]).decode()}"

    def keep(self, media_type: str, content: bytes) -> str:
        """Keep a file; its media id."""
        media_id = str(900_000_000 + next(self._numbers))
        self.media[media_id] = (media_type, content)
        return media_id
