"""A small LINE with one Official Account and its people: webhooks, pushes and replies, as they are on the wire.

Script it (`write`, `send`, `tap`, `unsend`, …), deliver it with `push`, look with `shown` at what somebody sees.
Shapes and refusals: LINE's webhook.yml and messaging-api.yml (2026), "Retry failed API requests", "Receive messages".
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count

import httpx
from omnichannel.emulators.serving import ServedEmulator
from starlette.applications import Starlette

from omnichannel_line.emulator_api import Api, Fault

__all__ = ["Fault", "OfficialAccount"]

Content = dict[str, object]

REPLY_SECONDS = 60


@dataclass
class Chat:
    """What one person, or one group, sees of the account: message objects as they were sent, the oldest first."""

    id: str
    name: str
    messages: list[Content] = field(default_factory=list)
    waiting: bool = False


class OfficialAccount(ServedEmulator):
    """One account. `quota` are the pushed messages of a month (None: no limit); give `clock` to travel in time.

    What is set in `faults` befalls the next sends, one each. Who is in `blocked` sees nothing and is nobody's friend.
    """

    kind = "line"

    def __init__(
        self,
        *,
        bot_id: str = "U" + "b0" * 16,
        channel_secret: str = "line-channel-secret",  # noqa: S107 - an emulator's
        access_token: str = "line-access-token",  # noqa: S107
        quota: int | None = None,
        replies: bool = False,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.bot_id, self.channel_secret, self.access_token = bot_id, channel_secret, access_token
        self.quota, self.replies, self.clock = quota, replies, clock
        self.hook = ""
        self.used = 0
        self.faults: list[Fault] = []
        self.chats: dict[str, Chat] = {}
        self.blocked: set[str] = set()
        self.files: dict[str, bytes] = {}
        self.reply_tokens: dict[str, tuple[str, datetime]] = {}
        self.taken: dict[str, list[Content]] = {}
        super().__init__(Starlette(routes=Api(self).routes()))
        self._pending: list[Content] = []
        self._lock = threading.Lock()
        self._numbers = count(1)

    @property
    def settings(self) -> dict[str, object]:
        """The account's own settings, at this emulator's address."""
        return {
            "bot_id": self.bot_id,
            "channel_secret": self.channel_secret,
            "access_token": self.access_token,
            "basic_id": "@shop",
            "replies": self.replies,
            "host": self.url,
            "data_host": self.url,
        }

    def connect(self, hook: str) -> None:
        """Set the webhook as the console does: it has to answer an empty list of events."""
        body, headers = self.signed([])
        answer = httpx.post(hook, content=body, headers=headers, trust_env=False)
        if answer.status_code != 200:
            raise ValueError(f"the webhook did not take the trial: HTTP {answer.status_code}")
        self.hook = hook

    # What people do. Each waits for the next push.

    def write(self, who: str, text: str, *, group: str = "", quoting: str = "") -> str:
        """Somebody writes, to the account or in a group where it is; returns the message's id."""
        more: Content = {"quotedMessageId": quoting} if quoting else {}
        return self.send(
            who, {"type": "text", "text": text, "quoteToken": f"quote-{next(self._numbers)}", **more}, group
        )

    def send_file(self, who: str, content: bytes, kind: str = "image") -> str:
        """Somebody sends a picture, film, sound or file; its bytes can be had by the message's id."""
        message = self.send(who, {"type": kind, "contentProvider": {"type": "line"}})
        self.files[message] = content
        return message

    def send(self, who: str, message: Content, group: str = "") -> str:
        """Somebody sends any message object; returns its id."""
        number = str(400000000000000000 + next(self._numbers))
        self.happen("message", who, group, replies=True, message={"id": number, **message})
        return number

    def tap(self, who: str, data: str) -> None:
        """Somebody taps a button with that value."""
        self.happen("postback", who, replies=True, postback={"data": data})

    def unsend(self, who: str, message: str) -> None:
        """Somebody takes a message back."""
        self.happen("unsend", who, unsend={"messageId": message})

    def link(self, who: str, nonce: str) -> None:
        """Somebody logged in to the provider's own service from LINE, which gave them that nonce."""
        self.happen("accountLink", who, replies=True, link={"result": "ok", "nonce": nonce})

    def happen(
        self, kind: str, who: str, group: str = "", *, replies: bool = False, **content: object
    ) -> None:
        """Any event of a webhook."""
        user, number = self.chat(who).id, next(self._numbers)
        place: Content = {"type": "group", "groupId": self.chat(group, "C").id} if group else {"type": "user"}
        event: Content = {
            "type": kind,
            "mode": "active",
            "timestamp": int(self.clock().timestamp() * 1000),
            "source": {**place, "userId": user},
            "webhookEventId": f"01J{number:023d}",
            "deliveryContext": {"isRedelivery": False},
            **content,
        }
        if replies:
            token = event["replyToken"] = hashlib.sha256(f"reply {number}".encode()).hexdigest()[:32]
            self.reply_tokens[token] = (self.chat(group, "C").id if group else user, self.clock())
        with self._lock:
            self._pending.append(event)

    def chat(self, name: str, letter: str = "U") -> Chat:
        """The chat with somebody of that name, or of the group of that name; both come into being when named."""
        value = letter + hashlib.sha256(name.encode()).hexdigest()[:32]
        return self.chats.setdefault(value, Chat(value, name))

    # The webhook.

    def push(self, *, together: int = 1) -> Sequence[int]:
        """Deliver what is pending, some events `together`; what is not answered with 200 is delivered again later."""
        with self._lock:
            pending, self._pending = self._pending, []
        statuses: list[int] = []
        for start in range(0, len(pending), together):
            batch = pending[start : start + together]
            statuses.append(self._deliver(batch))
            if statuses[-1] != 200:
                again = [event | {"deliveryContext": {"isRedelivery": True}} for event in batch]
                with self._lock:
                    self._pending += again
        return statuses

    def _deliver(self, events: list[Content]) -> int:
        body, headers = self.signed(events)
        try:
            return httpx.post(self.hook, content=body, headers=headers, trust_env=False).status_code
        except httpx.HTTPError:
            return 0

    def signed(self, events: Sequence[Content]) -> tuple[bytes, dict[str, str]]:
        """A webhook's body, and the headers that prove it."""
        body = json.dumps({"destination": self.bot_id, "events": list(events)}, ensure_ascii=False).encode()
        digest = hmac.new(self.channel_secret.encode(), body, hashlib.sha256).digest()
        proof = base64.b64encode(digest).decode()
        return body, {"content-type": "application/json; charset=utf-8", "x-line-signature": proof}

    # What people see.

    def shown(self, who: str) -> Sequence[str]:
        """The words of what somebody sees of ours: texts, and what stands in for everything else."""
        return [
            str(message.get("text") or message.get("altText") or message["type"])
            for message in self.chat(who).messages
        ]

    def seen_in(self, group: str) -> Sequence[str]:
        """The same for a group."""
        return [str(message.get("text", message["type"])) for message in self.chat(group, "C").messages]

    def show(self, to: str, messages: Sequence[Content]) -> list[Content]:
        """Put messages into a chat; their ids and quote tokens. Who blocked us sees nothing, and nobody is told."""
        sent: list[Content] = []
        for message in messages:
            number = str(500000000000000000 + next(self._numbers))
            if to not in self.blocked:
                self.chats[to].messages.append({"id": number, **message})
            sent.append({"id": number, "quoteToken": f"quote-{number}"})
        return sent
