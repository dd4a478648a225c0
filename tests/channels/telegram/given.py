"""What the tests of Telegram share: an account, updates, drafts, and a stage with everything on real sockets."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from omnichannel import Inbox
from omnichannel.channel import Delivery
from omnichannel.channels.telegram import Telegram
from omnichannel.emulators.serving import Served
from omnichannel.emulators.telegram import Telegram as Emulated
from omnichannel.model import Address, Draft, Event, Message, Part, Party

TOKEN = "4839574812:AAFD39kkdpWt3ywyRZergyOLMaJhac60qc"
SECRET = "a_secret-of-the-webhook"
BOT = "4839574812"
ANNA = {"id": 500000001, "is_bot": False, "first_name": "Anna"}
PRIVATE = {"id": 500000001, "type": "private", "first_name": "Anna"}
MARK = "oct" + "a" * 26


def account(**more: object) -> Telegram:
    return Telegram("bot", **({"token": TOKEN, "secret": SECRET, "username": "ShopBot"} | more))  # type: ignore[arg-type]


def message(number: int = 41, **content: object) -> dict[str, object]:
    return {"message_id": number, "from": ANNA, "chat": PRIVATE, "date": 1772998024, **content}


def update(kind: str, body: object, number: int = 700000001) -> bytes:
    return json.dumps({"update_id": number, kind: body}).encode()


def parsed(body: bytes, source: str = "webhook", channel: Telegram | None = None) -> list[Event]:
    return list((channel or account()).parse(Delivery(source=source, body=body)))  # type: ignore[arg-type]


def said(**content: object) -> Event:
    """The one event of a message with this content."""
    (event,) = parsed(update("message", message(**content)))
    return event


def draft(*parts: Part, **more: object) -> Draft:
    when = datetime(2026, 3, 8, 20, tzinfo=UTC)
    there = Party(address=Address(kind="telegram", value="500000001"))
    return Draft(**({"id": "0199-draft", "to": there, "parts": parts, "created_at": when} | more))  # type: ignore[arg-type]


@dataclass
class Stage:
    """An inbox, its account, and the emulated Telegram that it talks to."""

    inbox: Inbox
    telegram: Emulated

    async def come(self) -> list[Message]:
        """What was said arrives, is read, answered and sent, until nothing is due any more; all messages by age."""
        for _ in range(4):
            await asyncio.to_thread(self.telegram.push)
            await self.inbox.poll()
            await self.inbox.work()
        found = [*await self.inbox.conversations.open(), *await self.inbox.conversations.closed()]
        several = [await self.inbox.conversations.messages(one.id) for one in found]
        return sorted((one for messages in several for one in messages), key=lambda one: one.id)


@asynccontextmanager
async def stage(*, polled: bool = False, emulated: Emulated | None = None) -> AsyncIterator[Stage]:
    telegram = emulated or Emulated(polled=polled)
    with telegram:
        async with Inbox("sqlite:///:memory:", [telegram.channel()]) as inbox:
            with Served(inbox.asgi()) as server:
                await asyncio.to_thread(telegram.connect, f"{server.url}/telegram")
                yield Stage(inbox, telegram)
