"""What the tests of web chat start from: an account, its visitors, logins, and the whole of it over real sockets."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
import jwt
from starlette.applications import Starlette
from starlette.routing import Mount

from omnichannel import Inbox
from omnichannel.channel import Delivery
from omnichannel.channels.webchat import WebChat
from omnichannel.emulators.serving import Served
from omnichannel.emulators.webchat import USER_KEY, WebChatSite
from omnichannel.model import Address
from omnichannel.tls import trusted
from tests.engines import MORNING, HandClock

SECRET = "a secret that nobody can guess, of this test"
SHOP = "https://www.shop.example"
VISITOR = "v" + "a" * 26
TOKEN = "oct" + "abcdefghijklmnopqrstuvwxyz"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(16)


def channel(**settings: Any) -> WebChat:
    given = {"secret": SECRET, "origins": [SHOP], "page": f"{SHOP}/help", "user_keys": USER_KEY}
    return WebChat("chat", **(given | settings))


def visitor(value: str = VISITOR) -> Address:
    return Address(kind="webchat", scope="chat", value=value)


def body(**content: Any) -> dict[str, Any]:
    return {"type": "message", "id": "0123456789", "visitor": VISITOR, "at": MORNING.isoformat(), **content}


def events(*bodies: object, source: str = "webhook") -> list[Any]:
    raw = json.dumps(bodies[0] if len(bodies) == 1 else list(bodies)).encode()
    return list(channel().parse(Delivery(body=raw, source=source)))  # type: ignore[arg-type]


def login(sub: str = "4711", *, key: Any = USER_KEY, algorithm: str = "HS256", **claims: Any) -> str:
    """A login as the shop's server signs it, good for an hour from the morning on."""
    own = {"sub": sub, "aud": "chat", "exp": (MORNING + timedelta(hours=1)).timestamp()} | claims
    return jwt.encode({name: value for name, value in own.items() if value is not None}, key, algorithm)


@dataclass
class Room:
    """A shop with a chat, the inbox behind it, and a clock that is cranked by hand."""

    site: WebChatSite
    chat: WebChat
    inbox: Inbox
    clock: HandClock

    @property
    def origin(self) -> str:
        return self.site.page.rstrip("/")

    def ask(
        self, method: str, path: str, *, token: str = "", origin: str | None = "", **more: Any
    ) -> httpx.Response:
        """One request as a browser makes it; `origin` None leaves it out."""
        headers = {"authorization": f"Bearer {token}"} if token else {}
        if origin is not None:
            headers["origin"] = origin or self.origin
        headers |= more.pop("headers", {})
        return httpx.request(
            method, self.site.hook + path, headers=headers, trust_env=False, verify=trusted(), **more
        )

    def enter(self, token: str = "", **content: Any) -> dict[str, Any]:
        """Begin a session."""
        answer = self.ask("POST", "/sessions", token=token, json=content)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def say(
        self, token: str, text: str = "Hello", *, own: str = "0123456789", **content: Any
    ) -> httpx.Response:
        return self.ask("POST", "/messages", token=token, json={"id": own, "text": text, **content})

    async def texts(self) -> list[tuple[str, str]]:
        """Everything that was said in every open conversation: who, and what."""
        found = []
        for conversation in await self.inbox.conversations.open():
            for message in await self.inbox.conversations.messages(conversation.id):
                found.append((str(message.direction), message.text))
        return found


@asynccontextmanager
async def room(**settings: Any) -> AsyncIterator[Room]:
    with WebChatSite() as site:
        clock = HandClock()
        chat = WebChat("chat", **(site.settings | settings))
        async with Inbox("sqlite:///:memory:", [chat], clock=clock) as inbox:
            with Served(Starlette(routes=[Mount("/hooks", inbox.asgi())])) as served:
                site.connect(f"{served.url}/hooks/chat")
                yield Room(site, chat, inbox, clock)
