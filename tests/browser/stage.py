"""A shop with the chat on it, the inbox behind it working, and a real browser in front of it.

The browser is Chromium: where `OMNICHANNEL_BROWSER` says, else where Debian has it. Where there is none these tests are
skipped; under CI they fail, for nobody reads what was skipped there.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jwt
import pytest
from playwright.async_api import Browser, BrowserContext, Locator, Page, async_playwright, expect
from starlette.applications import Starlette
from starlette.routing import Mount

from omnichannel import Inbox
from omnichannel.channels.webchat import WebChat
from omnichannel.emulators.serving import Served
from omnichannel.emulators.webchat import USER_KEY, WebChatSite
from omnichannel.model import Conversation, Message

BROWSER = os.environ.get("OMNICHANNEL_BROWSER", "/usr/bin/chromium")
ARGUMENTS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update",
]  # fmt: skip
PATIENCE = 15_000
"""Milliseconds until something that should be seen is given up: a slow machine is no error."""

expect.set_options(timeout=PATIENCE)


def browser_path() -> str:
    """Where the browser is; skips the test, or fails it under CI, where there is none."""
    if not Path(BROWSER).exists():
        reason = f"no browser at {BROWSER}; install Chromium, or set OMNICHANNEL_BROWSER"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return BROWSER


def login(sub: str, **claims: Any) -> str:
    """A login as the shop's server signs it."""
    until = datetime.now(UTC) + timedelta(minutes=30)
    return jwt.encode({"sub": sub, "aud": "chat", "exp": until, **claims}, USER_KEY, "HS256")


@dataclass
class Shop:
    """The site, the inbox, and the browsers that look at it; what any page complained about is in `complaints`."""

    site: WebChatSite
    inbox: Inbox
    browser: Browser
    complaints: list[str] = field(default_factory=list)
    serve: Callable[[], None] = lambda: None
    stop: Callable[[], None] = lambda: None

    async def person(self, **wishes: Any) -> BrowserContext:
        """A browser of somebody's own: nothing is shared with another's."""
        return await self.browser.new_context(**wishes)

    async def visit(self, person: BrowserContext | None = None, where: str = "") -> Page:
        """Open the shop."""
        page = await (person or await self.person()).new_page()
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        page.on("console", lambda said: self._heard(said.type, said.text))
        await page.goto(self.site.page + where)
        return page

    def _heard(self, kind: str, text: str) -> None:
        # What the network says when it is cut on purpose is no complaint of ours.
        if kind == "error" and "Failed to load resource" not in text and "net::" not in text:
            self.complaints.append(text)

    async def conversation(self) -> Conversation:
        """The only open conversation, as soon as there is one."""
        (found,) = await self.soon(self.inbox.conversations.open)
        return found

    async def answer(self, said: Any) -> Message:
        """Somebody of ours answers."""
        return await self.inbox.conversations.reply((await self.conversation()).id, said)

    async def heard(self) -> list[str]:
        """What visitors said, in every conversation."""
        found: list[str] = []
        for conversation in await self.inbox.conversations.open():
            said = await self.inbox.conversations.messages(conversation.id)
            found += [message.text for message in said if message.direction == "inbound"]
        return found

    async def soon(self, look: Callable[[], Awaitable[Any]], wanted: Callable[[Any], bool] = bool) -> Any:
        """What a look shows as soon as it is what is wanted; fails when it never is."""
        for _ in range(PATIENCE // 50):
            if wanted(found := await look()):
                return found
            await asyncio.sleep(0.05)
        pytest.fail(f"never seen; the last look showed {found!r}")


@asynccontextmanager
async def shop(**settings: Any) -> AsyncIterator[Shop]:
    """Everything, working; at the end no page may have complained."""
    path = browser_path()
    async with AsyncExitStack() as stack:
        site = stack.enter_context(WebChatSite())
        chat = WebChat("chat", **(site.settings | settings))
        inbox = await stack.enter_async_context(Inbox("sqlite:///:memory:", [chat]))
        pages = _Pages(Starlette(routes=[Mount("/hooks", inbox.asgi())]))
        stack.callback(pages.stop)
        pages.serve()
        site.connect(f"http://127.0.0.1:{pages.port}/hooks/chat")
        task = asyncio.create_task(inbox.run())
        stack.push_async_callback(_ended, task)
        playwright = await stack.enter_async_context(async_playwright())
        browser = await playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        stack.push_async_callback(browser.close)
        found = Shop(site, inbox, browser, serve=pages.serve, stop=pages.stop)
        yield found
        assert found.complaints == []


class _Pages:
    """The server of the pages, which can be stopped and started at the same address."""

    def __init__(self, app: Any) -> None:
        self._app = app
        self._served: Served | None = None
        self.port = 0

    def serve(self) -> None:
        self._served = Served(self._app, port=self.port)
        self.port = self._served.port
        self._served.__enter__()

    def stop(self) -> None:
        served, self._served = self._served, None
        if served is not None:
            served.__exit__(None, None, None)


async def _ended(task: asyncio.Task[None]) -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


# What a visitor does, by what they see: roles and names, as a screen reader has them.


async def opened(page: Page, name: str = "Open the chat") -> None:
    await page.get_by_role("button", name=name).click()


async def write(page: Page, text: str) -> None:
    await page.get_by_label("Your message").fill(text)
    await page.get_by_role("button", name="Send").click()


def log(page: Page) -> Locator:
    return page.get_by_role("log")


def bubbles(page: Page) -> Locator:
    return page.locator(".message")
