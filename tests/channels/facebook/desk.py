"""An inbox in front of an emulated platform of Meta's, over real sockets, with one clock for both."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Generic, TypeVar

from omnichannel import Conversation, Inbox, Message
from omnichannel.channel import Channel
from omnichannel.emulators.emulator import Emulator
from omnichannel.emulators.serving import Served
from tests.engines import HandClock

E = TypeVar("E", bound=Emulator)


@dataclass
class Desk(Generic[E]):
    far: E
    inbox: Inbox
    clock: HandClock
    channel: Channel

    async def work(self) -> list[int]:
        """What is on its way arrives and is read, what is to be said goes out."""
        statuses = await asyncio.to_thread(self.far.push)
        await self.inbox.work()
        return list(statuses)

    async def talks(self) -> list[Conversation]:
        found = await self.inbox.conversations.open()
        return sorted(found, key=lambda one: one.opened_at)

    async def said(self, conversation: str = "") -> list[Message]:
        """Everything in a conversation; without a name, in the only one there is."""
        if not conversation:
            (only,) = await self.talks()
            conversation = only.id
        return await self.inbox.conversations.messages(conversation)

    async def reply(self, words: str, **more: object) -> Message:
        """Answer in the only conversation there is, by a person."""
        (only,) = await self.talks()
        return await self.inbox.conversations.reply(only.id, words, **more)  # type: ignore[arg-type]

    async def failed(self) -> list[str]:
        return [one.detail["because"] for one in await self.inbox.events() if one.what == "message.failed"]


@asynccontextmanager
async def desk(far: E, clock: HandClock, **settings: object) -> AsyncIterator[Desk[E]]:
    with far:
        channel = type(far.channel())(far.kind, **(far.settings | settings))
        async with Inbox("sqlite:///:memory:", [channel], clock=clock) as inbox:
            with Served(inbox.asgi()) as server:
                await asyncio.to_thread(far.connect, f"{server.url}/{far.kind}")
                yield Desk(far, inbox, clock, channel)
