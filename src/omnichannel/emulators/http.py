"""A joined system of one's own: people who write, agents' answers that they see, signed webhooks both ways.

It is what `docs/howto/http.md` asks of whoever joins: signatures of Standard Webhooks with a fresh timestamp for each
attempt, the same `webhook-id` for each repetition, each id taken once, an answer with an id.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from omnichannel.emulators.emulator import Button, Seen, buttons_of, files_of
from omnichannel.emulators.serving import ServedEmulator
from omnichannel.tls import trusted

Content = dict[str, object]

_TOLERANCE = 300


@dataclass(frozen=True)
class Fault:
    """What becomes of one post: a status with a body; `taken` if the message is shown all the same."""

    status: int
    taken: bool = False
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Shown:
    """A message of ours, as somebody sees it. `attempts` are the posts of it, of which one counts."""

    id: str
    webhook_id: str
    who: str
    content: Content
    attempts: int = 1


def proof(secret: str, webhook_id: str, moment: int, body: bytes) -> dict[str, str]:
    """The three headers of Standard Webhooks."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    made = hmac.new(key, f"{webhook_id}.{moment}.".encode() + body, hashlib.sha256).digest()
    return {
        "webhook-id": webhook_id,
        "webhook-timestamp": str(moment),
        "webhook-signature": f"v1,{base64.b64encode(made).decode()}",
    }


class System(ServedEmulator):
    """One system with its people. `quiet` answers posts with nothing instead of an id; `clock` is its own."""

    kind = "http"
    takes_files = True

    def __init__(
        self,
        *,
        secret: str = "whsec_" + base64.b64encode(b"from the system to omnichannel").decode(),
        send_secret: str = "whsec_" + base64.b64encode(b"from omnichannel to the system").decode(),
        quiet: bool = False,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.secret, self.send_secret, self.quiet, self.clock = secret, send_secret, quiet, clock
        self.people: dict[str, str] = {}
        self.faults: list[Fault] = []
        self.messages: dict[str, Shown] = {}
        self.hook = ""
        self.app = Starlette(routes=[Route("/omnichannel", self._post, methods=["POST"])])
        super().__init__(self.app)
        self._pending: list[tuple[str, Content]] = []
        self._lock = threading.Lock()
        self._numbers = count(1)

    @property
    def settings(self) -> dict[str, object]:
        """An account that trusts this system as it trusts itself."""
        return {
            "secret": self.secret,
            "send_secret": self.send_secret,
            "url": f"{self.url}/omnichannel",
            "trust": "attested",
            "repeats": True,
        }

    def connect(self, hook: str) -> None:
        """Set where events are posted."""
        self.hook = hook

    # What people do, and what happens to what they see. Each waits for the next push.

    def write(self, who: str, text: str, **more: object) -> str:
        """Somebody writes; `more` are further keys of `message.received`."""
        return self.happen("message.received", sender=self.person(who), text=text, **more)

    def edit(self, who: str, message: str, text: str) -> None:
        """Somebody changes what they wrote."""
        self.happen("message.edited", sender=self.person(who), target=message, text=text)

    def unsend(self, who: str, message: str) -> None:
        """Somebody takes back what they wrote."""
        self.happen("message.deleted", sender=self.person(who), target=message)

    def react(self, who: str, message: str, reaction: str, *, removed: bool = False) -> None:
        """Somebody puts a reaction on a message, or takes it away."""
        self.happen(
            "message.reaction", sender=self.person(who), target=message, reaction=reaction, removed=removed
        )

    def tell(self, who: str, status: str, reason: str = "") -> None:
        """What has become of everything that somebody was shown."""
        for shown in self._shown(who):
            self.happen("message.status", target=shown.id, status=status, reason=reason)

    def happen(self, kind: str, **keys: object) -> str:
        """Any event of the wire; returns its id."""
        with self._lock:
            number = next(self._numbers)
            event: Content = {"type": kind, "id": f"e{number}", **keys}
            self._pending.append((f"msg_{number}", event))
        return f"e{number}"

    def person(self, who: str) -> Content:
        """Somebody of that name, as events name them."""
        return {"value": self.people.setdefault(who, f"p{len(self.people) + 1}"), "name": who}

    # The webhook.

    def push(self, *, times: int = 1) -> Sequence[int]:
        """Post what is pending, each so many `times`; what is not answered with 2xx stays and comes again."""
        with self._lock:
            pending, self._pending = self._pending, []
        statuses: list[int] = []
        with httpx.Client(trust_env=False, verify=trusted()) as client:
            for webhook_id, event in pending:
                found = [self._deliver(client, webhook_id, event) for _ in range(times)]
                statuses += found
                if not any(200 <= status < 300 for status in found):
                    with self._lock:
                        self._pending.append((webhook_id, event))
        return statuses

    def _deliver(self, client: httpx.Client, webhook_id: str, event: Content) -> int:
        body = json.dumps(event, ensure_ascii=False).encode()
        headers = {
            "content-type": "application/json",
            **proof(self.secret, webhook_id, int(self.clock().timestamp()), body),
        }
        try:
            return client.post(self.hook, content=body, headers=headers).status_code
        except httpx.HTTPError:
            return 0

    # What is posted to it.

    def shown(self, who: str) -> Sequence[str]:
        """The words of ours that somebody sees, the oldest first."""
        return [str(shown.content.get("text", "")) for shown in self._shown(who)]

    def seen(self, who: str) -> Sequence[Seen]:
        """The same with buttons and files."""
        return [_seen(shown) for shown in self._shown(who)]

    def _pressed(self, who: str, message: str, button: Button) -> str:
        chosen = {"title": button.title, "value": button.value}
        return self.write(who, button.title, parts=[{"type": "choice", "chosen": chosen}], reply_to=message)

    def attach(self, who: str, name: str, media_type: str, content: bytes) -> str:
        """Somebody sends a file without words."""
        file = {"type": "attachment", "name": name, "media_type": media_type}
        return self.write(who, "", parts=[{**file, "content": base64.b64encode(content).decode()}])

    def _shown(self, who: str) -> list[Shown]:
        value = self.people.get(who, "")
        return [shown for shown in self.messages.values() if shown.who == value]

    async def _post(self, request: Request) -> Response:
        body, headers = await request.body(), request.headers
        fault = self.faults.pop(0) if self.faults else None
        if fault is not None and not fault.taken:
            return Response(fault.body, fault.status, dict(fault.headers))
        if not self._proven(headers, body):
            return Response('{"error":"signature"}', 401, media_type="application/json")
        content = json.loads(body)
        if content["type"] != "message.send":
            return Response(status_code=204)
        shown = self._take(headers["webhook-id"], content)
        if fault is not None:
            return Response(fault.body, fault.status, dict(fault.headers))
        answer = json.dumps({"id": shown.id})
        return Response(status_code=204) if self.quiet else Response(answer, media_type="application/json")

    def _proven(self, headers: Mapping[str, str], body: bytes) -> bool:
        try:
            webhook_id, moment = headers["webhook-id"], int(headers["webhook-timestamp"])
            given = headers["webhook-signature"].split(" ")
        except (KeyError, ValueError):
            return False
        expected = proof(self.send_secret, webhook_id, moment, body)["webhook-signature"]
        # Whoever posts here signs with the machine's clock.
        return abs(time.time() - moment) <= _TOLERANCE and any(
            hmac.compare_digest(one.encode(), expected.encode()) for one in given
        )

    def _take(self, webhook_id: str, content: Content) -> Shown:
        """Each id once: what is posted again was in doubt, and is known."""
        with self._lock:
            known = self.messages.get(webhook_id)
            if known is not None:
                known.attempts += 1
                return known
            to = content["to"]
            who = str(to["value"]) if isinstance(to, dict) else ""
            name = webhook_id if self.quiet else f"o{len(self.messages) + 1}"
            taken = Shown(name, webhook_id, who, content)
            return self.messages.setdefault(webhook_id, taken)


def _seen(shown: Shown) -> Seen:
    listed = shown.content.get("parts")
    parts = [part for part in listed if isinstance(part, dict)] if isinstance(listed, list) else []
    words = [str(shown.content.get("text", "")), *(str(part["title"]) for part in parts if part.get("title"))]
    text = "\n".join(filter(None, words))
    return Seen(text, shown.id, buttons_of(parts), files_of(parts, "attachment"))
