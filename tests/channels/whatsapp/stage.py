"""What the tests over real sockets start from: the emulated Cloud API, and an inbox behind a web server."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from omnichannel import Customer, Inbox, Message
from omnichannel.channels.whatsapp import WhatsApp
from omnichannel.emulators.serving import Served
from omnichannel.emulators.whatsapp import Cloud
from tests.engines import HandClock


@dataclass
class Stage:
    cloud: Cloud
    inbox: Inbox
    clock: HandClock
    channel: WhatsApp

    async def settle(self) -> None:
        """Push, and let the inbox do what there is to do, also what it put off."""
        self.cloud.push()
        for _ in range(4):
            await self.inbox.work()
            self.cloud.push()
            self.clock.advance(seconds=1)

    async def heard(self, who: str, text: str) -> Message:
        """Somebody writes; the message in the inbox."""
        self.cloud.write(who, text)
        await self.settle()
        return (await self.messages())[-1]

    async def messages(self) -> list[Message]:
        """The messages of the one conversation that is open."""
        (conversation,) = await self.inbox.conversations.open()
        return await self.inbox.conversations.messages(conversation.id)

    async def customer(self) -> Customer:
        (conversation,) = await self.inbox.conversations.open()
        return await self.inbox.customers.get(conversation.customer)


@asynccontextmanager
async def stage() -> AsyncIterator[Stage]:
    clock = HandClock()
    with Cloud(clock=clock.now) as cloud:
        channel = WhatsApp("number", **cloud.settings)
        async with Inbox("sqlite:///:memory:", [channel], clock=clock) as inbox:
            with Served(inbox.asgi()) as web:
                cloud.connect(f"{web.url}/number")
                yield Stage(cloud, inbox, clock, channel)
