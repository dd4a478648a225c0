"""A small Graph API with one Page and its people: Send API, webhooks, profiles, as they are on the wire.

Script it (`page.write`, `page.react`, …), serve `page.app`, push what happened to a webhook with `page.push`,
and look with `page.thread` at what the customer sees. Errors, windows and shapes: Meta's "Send a Message",
"error codes" and "Webhooks for Messenger" (2026).
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Literal

from starlette.applications import Starlette

from omnichannel.emulators.graph_api import routes
from omnichannel.emulators.graph_hook import Content, Hook
from omnichannel.emulators.pace import Pace
from omnichannel.platforms.meta.upload import kind_of


@dataclass
class Said:
    """One message in a thread, as the customer sees it. `metadata` only the sending program sees.

    `payloads` are what the quick replies bring back, `url` is where an attachment lies that was not uploaded.
    """

    mid: str
    by: Literal["person", "page"]
    text: str = ""
    attachment: str = ""
    content: bytes = b""
    quick_replies: tuple[str, ...] = ()
    reply_to: str = ""
    metadata: str = ""
    payloads: tuple[str, ...] = ()
    url: str = ""
    reactions: list[str] = field(default_factory=list)
    deleted: bool = False
    at: datetime = field(default_factory=lambda: datetime.now(UTC))


@dataclass
class Person:
    """Somebody with a Messenger account. `heard_at` opens the Page's window; `blocked` closes it for good."""

    psid: str
    name: str
    heard_at: datetime | None = None
    blocked: bool = False
    thread: list[Said] = field(default_factory=list)


@dataclass(frozen=True)
class Fault:
    """What becomes of one send: an error's code, with an HTTP status; `taken` if it is sent all the same."""

    status: int
    code: int = 0
    subcode: int = 0
    taken: bool = False
    transient: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)


class Page:
    """One Page, the people who write to it, and one app that is subscribed to it.

    `echo` says when the app hears of what it sent: `before` the answer to the send, or `queue` (with the next
    `push`). `approved` are the tags and profile fields that Meta granted, `pace` is what it takes of a Page:
    300 messages in a second. Files lie at `files_at`, where the Page is served. Give `clock` to travel in time.
    """

    def __init__(
        self,
        *,
        page_id: str = "100000000000001",
        name: str = "Shop",
        page_token: str = "page-token",  # noqa: S107 - an emulator's
        app_secret: str = "app-secret",  # noqa: S107
        verify_token: str = "verify-token",  # noqa: S107
        app_id: int = 555000555000555,
        echo: Literal["before", "queue"] = "queue",
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.page_id, self.name, self.app_id = page_id, name, app_id
        self.page_token = page_token
        self.echo = echo
        self.clock = clock
        self.people: dict[str, Person] = {}
        self.approved: set[str] = {"HUMAN_AGENT", "name", "first_name", "last_name", "profile_pic"}
        self.subscribed: list[str] = []
        self.signs: list[tuple[str, str]] = []
        self.faults: list[Fault] = []
        self.pace = Pace(300, timedelta(seconds=1), clock)
        self.files: dict[str, tuple[str, bytes]] = {}
        self.files_at = "https://cdn.example/files"
        self.hook = Hook("page", page_id, app_secret, verify_token, clock)
        self.app = Starlette(routes=routes(self))
        self._numbers = count(1)

    def person(self, who: str) -> Person:
        """The person of that name or PSID; a name that nobody has makes somebody new."""
        for person in self.people.values():
            if who in (person.name, person.psid):
                return person
        psid = str(200000000000000 + len(self.people) + 1)
        return self.people.setdefault(psid, Person(psid, who))

    def thread(self, who: str) -> list[Said]:
        """What that person sees, oldest first."""
        return self.person(who).thread

    # What people do. Each opens the window and waits for the next push.

    def write(
        self,
        who: str,
        text: str = "",
        *,
        attachment: str = "",
        url: str = "",
        reply_to: str = "",
        tap: str = "",
    ) -> str:
        """Write, send a file (`attachment`: image, audio, video, file), or tap a quick reply; returns the mid."""
        person, mid = self._heard(who), self.mid()
        said = Said(mid, "person", text, attachment or "", reply_to=reply_to, at=self.clock())
        person.thread.append(said)
        message: Content = {"mid": mid}
        if text:
            message["text"] = text
        if attachment:
            message["attachments"] = [{"type": attachment, "payload": {"url": url}}]
        if reply_to:
            message["reply_to"] = {"mid": reply_to}
        if tap:
            message["quick_reply"] = {"payload": tap}
        self.happen(person, message=message)
        return mid

    def attach(self, who: str, media_type: str, content: bytes) -> str:
        """Send a file by its bytes; returns the mid."""
        kind = kind_of(media_type)
        return self.write(who, attachment=kind, url=self.keep(content, media_type))

    def tap(self, who: str, title: str, payload: str, *, ref: str = "") -> None:
        """Tap a button (a postback); with `ref`, "Get started" after an m.me link."""
        body: Content = {"title": title, "payload": payload, "mid": self.mid()}
        if ref:
            body["referral"] = {"ref": ref, "source": "SHORTLINK", "type": "OPEN_THREAD"}
        self.happen(self._heard(who), postback=body)

    def follow(self, who: str, ref: str) -> None:
        """Open an m.me link in a conversation that exists."""
        self.happen(self._heard(who), referral={"ref": ref, "source": "SHORTLINK", "type": "OPEN_THREAD"})

    def react(self, who: str, mid: str, emoji: str, *, take_back: bool = False) -> None:
        """Put a reaction on a message, or take it back."""
        said = self._said(who, mid)
        said.reactions = [emoji] if not take_back else []
        action = "unreact" if take_back else "react"
        body = {"mid": mid, "action": action, "emoji": emoji, "reaction": "other"}
        self.happen(self._heard(who), reaction=body)

    def edit(self, who: str, mid: str, text: str) -> None:
        """Change what a message says."""
        self._said(who, mid).text = text
        self.happen(self.person(who), message_edit={"mid": mid, "text": text, "num_edit": 1})

    def unsend(self, who: str, mid: str) -> None:
        """Take a message back."""
        self._said(who, mid).deleted = True
        self.happen(self.person(who), message={"mid": mid, "is_deleted": True})

    def delivered(self, who: str) -> None:
        """The person's device got everything that the Page sent."""
        mids = [said.mid for said in self.thread(who) if said.by == "page"]
        self.happen(self.person(who), delivery={"mids": mids, "watermark": self.now()})

    def read(self, who: str) -> None:
        """The person looked at the conversation."""
        self.happen(self.person(who), read={"watermark": self.now()})

    def happen(self, person: Person, *, from_page: bool = False, **content: object) -> None:
        """Any further item of a webhook, between this person and the Page."""
        sides = [{"id": person.psid}, {"id": self.page_id}]
        sender, recipient = reversed(sides) if from_page else sides
        item: Content = {"sender": sender, "recipient": recipient, "timestamp": self.now(), **content}
        self.hook.messaged(item)

    # The webhook.

    async def subscribe(self, url: str) -> None:
        """Set the webhook as the dashboard does: ask it the challenge first. Raises ValueError if it fails."""
        await asyncio.to_thread(self.hook.connect, url)

    async def push(self, *, together: int = 1, times: int = 1) -> Sequence[int]:
        """Deliver what is pending, some items `together` in one body, each body so many `times`.

        Returns the statuses. What is not answered with 200 stays pending and comes again with the next push.
        """
        return await asyncio.to_thread(self.hook.push, together=together, times=times)

    # What the API needs.

    def now(self) -> int:
        """Milliseconds, as Meta writes moments."""
        return self.hook.milliseconds()

    def mid(self) -> str:
        """A new message id."""
        return f"m_{hashlib.sha256(f'{self.page_id}/{next(self._numbers)}'.encode()).hexdigest()[:40]}"

    def keep(self, content: bytes, media_type: str) -> str:
        """Keep the bytes of a file; the address where they are fetched."""
        name = str(next(self._numbers))
        self.files[name] = (media_type, content)
        return f"{self.files_at}/{name}"

    def silence(self, person: Person) -> timedelta:
        """How long ago the person last did something here."""
        return self.clock() - person.heard_at if person.heard_at else timedelta.max

    async def say(
        self,
        person: Person,
        text: str = "",
        *,
        attachment: str = "",
        content: bytes = b"",
        quick_replies: tuple[str, ...] = (),
        reply_to: str = "",
        metadata: str = "",
        payloads: tuple[str, ...] = (),
        url: str = "",
    ) -> str:
        """Put a message of the Page into the thread, and tell the app about it; returns the mid."""
        said = Said(
            self.mid(), "page", text, attachment, content, quick_replies, reply_to, metadata, payloads, url,
            at=self.clock(),
        )  # fmt: skip
        person.thread.append(said)
        message: Content = {"mid": said.mid, "is_echo": True, "app_id": self.app_id}
        if said.text:
            message["text"] = said.text
        if said.metadata:
            message["metadata"] = said.metadata
        if said.attachment:
            lies = said.url or self.keep(said.content, "application/octet-stream")
            message["attachments"] = [{"type": said.attachment, "payload": {"url": lies}}]
        self.happen(person, from_page=True, message=message)
        if self.echo == "before":
            await self.push()
        return said.mid

    def _heard(self, who: str) -> Person:
        person = self.person(who)
        person.heard_at = self.clock()
        return person

    def _said(self, who: str, mid: str) -> Said:
        return next(said for said in self.thread(who) if said.mid == mid)
