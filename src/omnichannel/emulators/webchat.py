"""A company's site with the chat on it, and the people who visit it: here we are the platform, and they the far side.

Each visitor is a browser without a screen: it keeps its pass, sends each message under an id of its own until it is
taken, and reads the stream. `page` is the site itself, for a real browser to look at.
"""

from __future__ import annotations

import base64
import json
import threading
import uuid
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from html import escape
from typing import Any, ClassVar, Literal

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from omnichannel.emulators.emulator import Button, Seen, buttons_of, files_of
from omnichannel.emulators.serving import ServedEmulator
from omnichannel.tls import trusted

Content = dict[str, object]

SECRET = "the secret of an emulated web chat"  # noqa: S105 - an emulator's
USER_KEY = "the key of an emulated shop's logins"

_USUAL_HOOK = "http://127.0.0.1:8000/webchat"
"""Where `omnichannel emulate` expects the account, until it is told otherwise."""

_PAGE = """<!doctype html>
<html lang="{language}">
<meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>A shop</title>
<h1>A shop</h1>
<p>The button in the corner opens the chat.</p>
<script src="{hook}/widget.js"{more}></script>
</html>
"""


@dataclass
class Visitor:
    """Somebody's browser: its pass, what waits to be sent, and what it was shown."""

    name: str
    id: str = ""
    token: str = ""
    jwt: str = ""
    cursor: str = ""
    waiting: list[tuple[str, Content]] = field(default_factory=list)
    seen: list[Content] = field(default_factory=list)


class WebChatSite(ServedEmulator):
    """One site, and whoever visits it.

    `faults` say what becomes of the next requests of visitors: `lost` (it never arrives) or `unanswered` (it arrives,
    and its answer does not come back).
    """

    kind: ClassVar[str] = "webchat"
    takes_files: ClassVar[bool] = True

    def __init__(self) -> None:
        self.visitors: dict[str, Visitor] = {}
        self.faults: list[Literal["lost", "unanswered"]] = []
        self.hook = ""
        super().__init__(Starlette(routes=[Route("/", self._home), Route("/{name}", self._home)]))
        self._lock = threading.Lock()

    @property
    def page(self) -> str:
        """The address of the site: open it in a browser to try the widget."""
        return f"{self.url}/"

    @property
    def settings(self) -> dict[str, object]:
        """The account of this site."""
        return {
            "secret": SECRET, "origins": [self.url], "page": self.page, "user_keys": [USER_KEY],
        }  # fmt: skip

    def connect(self, hook: str) -> None:
        """Say where the account's pages are; raises ValueError if there is no widget."""
        try:
            found = httpx.get(f"{hook}/widget.js", trust_env=False, verify=trusted())
        except httpx.HTTPError as error:
            raise ValueError(f"no widget at {hook}: {type(error).__name__}") from None
        if found.status_code != 200:
            raise ValueError(f"no widget at {hook}: HTTP {found.status_code}")
        self.hook = hook

    def visitor(self, who: str) -> Visitor:
        """The browser of somebody by that name; a name that nobody has makes a new one."""
        return self.visitors.setdefault(who, Visitor(who))

    def write(self, who: str, text: str, **more: object) -> str:
        """Somebody writes; `choice`, `files` and `token` as the protocol has them. Returns the browser's own id."""
        return self._queue(who, "/messages", text=text, **more)

    def read(self, who: str) -> None:
        """Somebody looks at everything that they were shown."""
        messages = [one["id"] for one in self.visitor(who).seen if one["from"] == "us"]
        self._queue(who, "/status", status="read", messages=messages)

    def follow(self, who: str, token: str) -> None:
        """Somebody comes by a link of ours, and wants to go on with what it is about."""
        self._queue(who, "/continue", token=token)

    def login(self, who: str, jwt: str) -> None:
        """Somebody logs in at the company (or out, with nothing): from now on they are who the token says."""
        visitor = self.visitor(who)
        visitor.jwt, visitor.cursor = jwt, ""
        if visitor.token:
            self._enter(visitor)

    def push(self) -> Sequence[int]:
        """Send what waits, in order; what was not answered with 2xx waits on, under the same id."""
        statuses: list[int] = []
        for visitor in list(self.visitors.values()):
            with self._lock:
                waiting, visitor.waiting = visitor.waiting, []
            for number, (path, content) in enumerate(waiting):
                status = self._sent(visitor, path, content)
                statuses.append(status)
                if not 200 <= status < 300:
                    with self._lock:
                        visitor.waiting = waiting[number:] + visitor.waiting
                    break
        return statuses

    def shown(self, who: str) -> Sequence[str]:
        """What that person sees of ours, as words."""
        return [_words(one) for one in self.look(who) if one["from"] == "us"]

    def seen(self, who: str) -> Sequence[Seen]:
        """The same with buttons and files. Files of ours are had by the widget alone."""
        return [_seen(one) for one in self.look(who) if one["from"] == "us"]

    def _pressed(self, who: str, message: str, button: Button) -> str:  # noqa: ARG002 - what was offered is known
        return self.write(who, "", choice={"title": button.title, "value": button.value})

    def attach(self, who: str, name: str, media_type: str, content: bytes) -> str:  # noqa: ARG002 - its bytes tell
        """Somebody sends a file without words."""
        return self.write(who, "", files=[{"name": name, "data": base64.b64encode(content).decode()}])

    def look(self, who: str) -> list[Content]:
        """Everything that person sees, both sides, as the widget gets it; without a net, what they saw before."""
        visitor = self.visitor(who)
        with suppress(httpx.HTTPError):
            if not visitor.token:
                self._enter(visitor)
            found = self._talk(visitor)
            known = {one["id"] for one in visitor.seen}
            visitor.seen += [one for one in found["messages"] if one["id"] not in known]
            visitor.cursor = found["cursor"]
        return visitor.seen

    def _talk(self, visitor: Visitor) -> dict[str, Any]:
        answer = self._request("GET", f"/messages?after={visitor.cursor}", visitor)
        if answer.status_code == 401:
            self._enter(visitor)
            answer = self._request("GET", f"/messages?after={visitor.cursor}", visitor)
        found: dict[str, Any] = answer.raise_for_status().json()
        return found

    def events(self, who: str) -> Iterator[tuple[str, Content]]:
        """The stream, event by event, until it is closed."""
        visitor = self.visitor(who)
        if not visitor.token:
            self._enter(visitor)
        headers = self._headers(visitor) | {"last-event-id": visitor.cursor}
        with httpx.stream(
            "GET", f"{self.hook}/events", headers=headers, timeout=30, trust_env=False, verify=trusted()
        ) as answer:
            answer.raise_for_status()
            name = ""
            for line in answer.iter_lines():
                key, _, value = line.partition(": ")
                name = value if key == "event" else name
                if key == "data":
                    yield name, json.loads(value)

    def _queue(self, who: str, path: str, **content: object) -> str:
        visitor, own = self.visitor(who), uuid.uuid4().hex
        with self._lock:
            visitor.waiting.append((path, {"id": own, **content}))
        return own

    def _sent(self, visitor: Visitor, path: str, content: Content) -> int:
        try:
            if not visitor.token:
                self._enter(visitor)
            status = self._request("POST", path, visitor, content).status_code
            if status == 401:
                self._enter(visitor)
                status = self._request("POST", path, visitor, content).status_code
        except httpx.HTTPError:
            return 0
        return status

    def _enter(self, visitor: Visitor) -> None:
        body: Content = {"jwt": visitor.jwt} if visitor.jwt else {}
        found = self._request("POST", "/sessions", visitor, body)
        found.raise_for_status()
        session = found.json()
        if session["visitor"] != visitor.id:
            visitor.seen, visitor.cursor = [], ""
        visitor.token, visitor.id = session["token"], session["visitor"]

    def _request(
        self, method: str, path: str, visitor: Visitor, body: Content | None = None
    ) -> httpx.Response:
        fault = self.faults.pop(0) if self.faults else ""
        if fault == "lost":
            raise httpx.ConnectError("scripted: lost")
        answer = httpx.request(
            method,
            self.hook + path,
            json=body,
            headers=self._headers(visitor),
            trust_env=False,
            verify=trusted(),
            timeout=30,
        )
        if fault == "unanswered":
            raise httpx.ReadError("scripted: unanswered")
        return answer

    def _headers(self, visitor: Visitor) -> dict[str, str]:
        own = {"authorization": f"Bearer {visitor.token}"} if visitor.token else {}
        return own | {"origin": self.url}

    async def _home(self, request: Request) -> Response:
        """The site, under a policy as strict as one can be: the widget must do with it."""
        hook = self.hook or _USUAL_HOOK
        origin = "/".join(hook.split("/")[:3])
        wishes = request.query_params.items()
        more = "".join(f' data-{key}="{escape(value)}"' for key, value in wishes if key.isalpha())
        page = _PAGE.format(hook=hook, language=escape(request.query_params.get("language", "en")), more=more)
        policy = f"default-src 'none'; script-src {origin}; connect-src {origin}; img-src https: blob:"
        return Response(page, headers={"content-security-policy": policy}, media_type="text/html")


def _words(message: Content) -> str:
    """What a message says, for whoever cannot see it."""
    return "\n".join(_said(part) for part in _parts(message))


def _parts(message: Content) -> list[Content]:
    return message["parts"] if isinstance(message["parts"], list) else []


def _seen(message: Content) -> Seen:
    parts = _parts(message)
    text = "\n".join(_said(part) for part in parts if part["type"] not in ("choice", "file"))
    return Seen(text, str(message["id"]), buttons_of(parts), files_of(parts, "file"))


def _said(part: dict[str, object]) -> str:
    if part["type"] == "choice":
        options = part["options"] if isinstance(part["options"], list) else []
        return " / ".join(str(option["title"]) for option in options)
    return str(part.get("text") or part.get("title") or part.get("name") or part.get("url") or "")
