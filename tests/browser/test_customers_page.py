"""The customers' page of `omnichannel emulate` in a real browser: buttons are pressed, files are sent and shown."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import pytest
from playwright.async_api import Locator, Page, async_playwright, expect

from omnichannel import Attachment, Choice, Inbox, Option, Text
from omnichannel.emulators.emulator import Emulator
from omnichannel.emulators.http import System
from omnichannel.emulators.instagram import InstagramAccount
from omnichannel.emulators.messenger import MessengerPage
from omnichannel.emulators.playground import Booth, playground
from omnichannel.emulators.serving import Served
from omnichannel.emulators.telegram import Telegram
from omnichannel.emulators.webchat import WebChatSite
from omnichannel.emulators.whatsapp import Cloud
from omnichannel.model import Message, Part
from tests.browser.stage import ARGUMENTS, browser_path

BUTTONS = [Cloud, Telegram, MessengerPage, InstagramAccount, WebChatSite, System]
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c63f8cfc0f01f"
    "0005000181dd3b1a6b0000000049454e44ae426082"
)


@dataclass
class Play:
    """One platform on the page, the page in a browser, and the inbox behind the platform."""

    page: Page
    inbox: Inbox

    @property
    def section(self) -> Locator:
        return self.page.get_by_role("region")

    async def said(self) -> list[Message]:
        await self.inbox.work()
        (conversation,) = await self.inbox.conversations.open()
        return await self.inbox.conversations.messages(conversation.id)

    async def answer(self, *parts: Part) -> None:
        (conversation,) = await self.inbox.conversations.open()
        await self.inbox.conversations.reply(conversation.id, list(parts))
        await self.inbox.work()
        await self.click("Look again")

    async def write(self, text: str) -> None:
        await self.section.get_by_label("Says").fill(text)
        await self.click("Write")

    async def click(self, name: str) -> None:
        """Press a button, and wait for the page that comes of it."""
        async with self.page.expect_navigation():
            await self.page.get_by_role("button", name=name).click()


@asynccontextmanager
async def played(emulator: Emulator) -> AsyncIterator[Play]:
    path = browser_path()
    async with AsyncExitStack() as stack:
        stack.enter_context(emulator)
        inbox = await stack.enter_async_context(Inbox("sqlite:///:memory:", [emulator.channel()]))
        hooks = stack.enter_context(Served(inbox.asgi()))
        booth = Booth(emulator, f"{hooks.url}/{emulator.kind}")
        served = stack.enter_context(Served(playground({emulator.kind: booth})))
        playwright = await stack.enter_async_context(async_playwright())
        browser = await playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        stack.push_async_callback(browser.close)
        page = await browser.new_page()
        complaints: list[str] = []
        page.on("console", lambda told: complaints.append(told.text) if "favicon" not in told.text else None)
        await page.goto(served.url)
        yield Play(page, inbox)
        assert [one for one in complaints if "404" not in one] == []


@pytest.mark.parametrize("platform", BUTTONS, ids=lambda one: one.kind)
async def test_an_option_is_a_button_and_pressing_it_is_what_the_platform_tells(
    platform: type[Emulator],
) -> None:
    """With the value that we gave it, which the customer does not see."""
    async with played(platform()) as on:
        await on.write("Hello")
        assert [one.text for one in await on.said()] == ["Hello"]
        colours = Choice(options=(Option(title="Red <b>", value="r&'\""), Option(title="Blue", value="b")))
        await on.answer(Text(text="Which?"), colours)
        await expect(on.section).to_contain_text("Which?")
        await expect(on.section.get_by_role("button", name="Blue")).to_be_visible()
        await on.click("Red <b>")
        chosen = [part.chosen for part in (await on.said())[-1].parts if isinstance(part, Choice)]
        assert [(one.title, one.value) for one in chosen if one] == [("Red <b>", "r&'\"")]


@pytest.mark.parametrize("platform", [MessengerPage, InstagramAccount], ids=lambda one: one.kind)
async def test_quick_replies_are_gone_when_something_was_said(platform: type[Emulator]) -> None:
    async with played(platform()) as on:
        await on.write("Hello")
        await on.said()
        await on.answer(Text(text="Which?"), Choice(options=(Option(title="Red", value="r"),)))
        await expect(on.section.get_by_role("button", name="Red")).to_be_visible()
        await on.write("None of them")
        await expect(on.section.get_by_role("button", name="Red")).to_have_count(0)


async def test_an_option_with_an_address_is_a_link() -> None:
    async with played(Telegram()) as on:
        await on.write("Hello")
        await on.said()
        await on.answer(
            Text(text="See"), Choice(options=(Option(title="Our page", url="https://shop.example/?a=1&b='"),))
        )
        link = on.section.get_by_role("link", name="Our page")
        await expect(link).to_have_attribute("href", "https://shop.example/?a=1&b='")
        await expect(link).to_have_attribute("rel", "noopener noreferrer")


@pytest.mark.parametrize("platform", [Cloud, Telegram, WebChatSite, System], ids=lambda one: one.kind)
async def test_a_file_is_sent_and_one_of_ours_is_shown_by_its_name(platform: type[Emulator]) -> None:
    """Its bytes arrive as they were, whatever is in them."""
    async with played(platform()) as on:
        body = b"%PDF-1.4\r\n--\r\n\r\n\x00\xff" + PNG + b"\r\n"
        await on.section.get_by_label("File").set_input_files(
            {"name": "mijn fiets.pdf", "mimeType": "application/pdf", "buffer": body}
        )
        await on.click("Write")
        await expect(on.section.get_by_role("heading", name="Ann sees")).to_be_visible()
        (message,) = await on.said()
        (file,) = message.parts
        assert isinstance(file, Attachment)
        assert file.name == "mijn fiets.pdf"
        assert await on.inbox.attachment(message.id, file) == body
        bill = Attachment(name="bill.txt", media_type="text/plain", content=b"20 euros")
        await on.answer(Text(text="Your bill"), bill)
        await expect(on.section).to_contain_text("Your bill")
        await expect(on.section).to_contain_text("bill.txt")
