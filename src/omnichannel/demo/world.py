"""The servers on loopback, the inbox that knows nothing of being in a story, and the story's clock."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime, formataddr, parseaddr
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from omnichannel.app import Inbox
from omnichannel.channels.email import Email
from omnichannel.channels.messenger import Messenger
from omnichannel.channels.x import X
from omnichannel.demo.cast import Cast
from omnichannel.emulators.emulator import Emulator
from omnichannel.emulators.facebook import FacebookPage
from omnichannel.emulators.graph import Page
from omnichannel.emulators.http import System
from omnichannel.emulators.instagram import InstagramAccount
from omnichannel.emulators.letter import Post
from omnichannel.emulators.mail import MailServer
from omnichannel.emulators.serving import Served
from omnichannel.emulators.sms import Sms
from omnichannel.emulators.telegram import Telegram
from omnichannel.emulators.voice import Voice
from omnichannel.emulators.webchat import WebChatSite
from omnichannel.emulators.whatsapp import Cloud
from omnichannel.emulators.x import Network
from omnichannel.emulators.x_shapes import User
from omnichannel.inbox import Incoming
from omnichannel.model import Address, Conversation, Customer, Message

SHOP = "help@shop.example"
T = TypeVar("T")

_PATIENCE = 30.0
_OPENING = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)  # a Monday morning


class DemoFailed(Exception):  # noqa: N818 - what it says to whoever runs it
    """Something that the story waits for did not happen."""


class StoryClock:
    """The time of the story: it stands still until a scene moves it."""

    def __init__(self) -> None:
        self._now = _OPENING

    def now(self) -> datetime:
        """The moment in the story."""
        return self._now

    def random(self, size: int) -> bytes:
        """Tokens are as unguessable here as anywhere."""
        return secrets.token_bytes(size)

    def forward(self, minutes: int) -> None:
        """Some minutes pass."""
        self._now += timedelta(minutes=minutes)


def _others(clock: StoryClock) -> dict[str, Emulator]:
    """Every further platform, by kind; each keeps the story's time."""
    platforms: list[Emulator] = [
        FacebookPage(clock=clock.now),
        InstagramAccount(clock=clock.now),
        Cloud(clock=clock.now),
        Telegram(clock=clock.now),
        Sms(clock=clock.now),
        Voice(clock=clock.now),
        Post(clock=clock.now),
        WebChatSite(),
        System(clock=clock.now),
    ]
    return {platform.kind: platform for platform in platforms}


class World:
    """Everything that runs while the story is played."""

    def __init__(self, cast: Cast, database: Path, tell: Callable[[str], None]) -> None:
        self.cast = cast
        self.database = database
        self._tell = tell
        self.clock = StoryClock()
        hosted = [SHOP, *(Cast.mail_of(name) for name in (cast.asker, cast.chatter, cast.writer))]
        self.mail = MailServer(dict.fromkeys(hosted, "secret"), clock=self.clock.now)
        self.x = Network("shop", clock=self.clock.now)
        self.page = Page(page_id="100200300", name="Shop", clock=self.clock.now)
        self.others = _others(self.clock)
        self.refused: list[str] = []
        self._stack = AsyncExitStack()
        self._mails = 0

    async def __aenter__(self) -> Self:
        enter = self._stack.enter_context
        enter(self.mail)
        x_api, graph_api = enter(Served(self.x.app)), enter(Served(self.page.app))
        self.tell(f"IMAP on {self.mail.imap_url}, SMTP on {self.mail.smtp_url}")
        others = [enter(platform).channel() for platform in self.others.values()]
        self.tell(f"X API on {x_api.url}, Graph API on {graph_api.url}; and {', '.join(self.others)}")
        accounts = [*self._accounts(x_api.url, graph_api.url), *others]
        self.inbox = Inbox(f"sqlite:///{self.database}", accounts, clock=self.clock)
        await self._stack.enter_async_context(self.inbox)
        self.hooks = enter(Served(self.inbox.asgi())).url
        self.tell(f"the inbox takes webhooks on {self.hooks} and keeps everything in {self.database}")
        for agent in ("Mia", "Sam"):
            await self.inbox.add_agent(agent)
        self.inbox.on_message(self._give_out)
        await self._start()
        await self.page.subscribe(f"{self.hooks}/page")
        if not await asyncio.to_thread(self.x.challenge, f"{self.hooks}/x"):
            raise DemoFailed("the inbox did not answer X's challenge")
        for kind, platform in self.others.items():
            await asyncio.to_thread(platform.connect, f"{self.hooks}/{kind}")
        self.tell("the platforms challenged the webhooks, and were answered")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.aclose()

    def _accounts(self, x_api: str, graph_api: str) -> list[Email | X | Messenger]:
        keys, page = self.x.keys, self.page
        return [
            Email("support", display_name="Shop", **self.mail.settings(SHOP)),
            X(
                "x",
                user_id=self.x.account.id,
                username="shop",
                consumer_key=keys.consumer_key,
                consumer_secret=keys.consumer_secret,
                access_token=keys.access_token,
                access_token_secret=keys.access_token_secret,
                poll_seconds=5,
                host=x_api,
            ),
            Messenger(
                "page",
                page_id=page.page_id,
                page_token=page.page_token,
                app_secret=page.hook.app_secret,
                verify_token=page.hook.verify_token,
                host=graph_api,
            ),
        ]

    async def _start(self) -> None:
        """Start the inbox's loops; they end when the world does, and what breaks them breaks the story."""
        stop = asyncio.Event()
        running = asyncio.create_task(self.inbox.run(stop=stop))

        async def end() -> None:
            stop.set()
            await running

        self._stack.push_async_callback(end)

    async def _give_out(self, incoming: Incoming) -> None:
        """The shop's one handler: a conversation without an agent gets one. Nothing is answered by machine."""
        if not incoming.conversation.assignee:
            await incoming.assign("Mia" if incoming.message.kind == "x" else "Sam")

    # --------------------------------------------------------------------------------- what scenes use

    def tell(self, step: str) -> None:
        """Say what just happened."""
        self._tell(step)

    async def until(self, what: str, look: Callable[[], Awaitable[T | None]]) -> T:
        """What `look` finds, as soon as it finds something; raises DemoFailed when patience ends."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_PATIENCE):
                while not (found := await look()):  # noqa: ASYNC110 - the store says nothing by itself
                    await asyncio.sleep(0.02)
                return found
        raise DemoFailed(f"waited {_PATIENCE:.0f} s in vain for this: {what}")

    async def heard(self, text: str) -> Message:
        """The message of a customer that holds these words, once it was read and handled."""

        async def look() -> Message | None:
            happened = await self.inbox.events(most=10_000)
            handled = {event.message for event in happened if event.what == "message.handled"}
            for number in handled:
                message = await self.inbox.conversations.message(number)
                if text in message.text:
                    return message
            return None

        return await self.until(f"a message that says {text!r}", look)

    async def happened(self, what: str, times: int = 1) -> None:
        """Wait until something has happened so many times."""

        async def look() -> bool:
            found = [event for event in await self.inbox.events(most=10_000) if event.what == what]
            return len(found) >= times

        await self.until(f"{what}, {times} times", look)

    async def sent(self, message: Message) -> Message:
        """A message of ours, once the platform has all of it."""

        async def look() -> Message | None:
            now = await self.inbox.conversations.message(message.id)
            reached = all(sending.status in ("sent", "delivered", "read") for sending in now.sendings)
            return now if now.sendings and reached else None

        return await self.until(f"that {message.text[:40]!r} is sent", look)

    async def customer(self, kind: str, value: str, scope: str = "") -> Customer:
        """The customer with an address."""
        found = await self.inbox.customers.find(Address(kind=kind, scope=scope, value=value))
        if found is None:
            raise DemoFailed(f"nobody has the address {kind}:{scope}:{value}")
        return found

    async def conversation(self, message: Message) -> Conversation:
        """The conversation of a message."""
        return await self.inbox.conversations.get(message.conversation)

    def mail_from(self, name: str, to: str, subject: str, text: str, **headers: str) -> EmailMessage:
        """A mail as that person's program writes it."""
        self._mails += 1
        mail = EmailMessage()
        mail["From"] = formataddr((name, Cast.mail_of(name)))
        mail["To"], mail["Subject"] = to, subject
        mail["Date"] = format_datetime(self.clock.now())
        mail["Message-ID"] = f"<mail-{self._mails}@{Cast.mail_of(name).partition('@')[2]}>"
        for key, value in headers.items():
            mail[key.replace("_", "-")] = value
        mail.set_content(text)
        return mail

    async def post_mail(self, mail: EmailMessage, *, genuine: bool = True) -> None:
        """The mail arrives in the shop's mailbox; `genuine` says whether its From passes DMARC."""
        sender = parseaddr(str(mail["From"]))[1]
        await asyncio.to_thread(
            self.mail.write, mail.as_bytes(), to=SHOP, authenticated=genuine, sender=sender
        )

    async def write(self, kind: str, who: str, text: str) -> None:
        """Somebody writes on one of the other channels, and the platform tells us."""
        platform = self.others[kind]
        await asyncio.to_thread(platform.write, who, text)
        statuses = await asyncio.to_thread(platform.push)
        if any(not 200 <= status < 300 for status in statuses):
            raise DemoFailed(f"the webhook of {kind} was refused: {statuses}")

    async def push_x(self) -> list[int]:
        """X delivers what it has for the webhook."""
        return await asyncio.to_thread(self.x.push, f"{self.hooks}/x")

    def user(self, name: str) -> User:
        """Somebody on X."""
        handle = Cast.handle_of(name)
        known = next((user for user in self.x.users.values() if user.username == handle), None)
        return known or self.x.join(handle, name=name)
