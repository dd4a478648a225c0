"""The example of a support desk in a real browser: an agent at the desk, a customer on the platform's page."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Locator, Page, async_playwright, expect

from omnichannel import Inbox
from omnichannel.emulators.messenger import MessengerPage
from omnichannel.emulators.playground import Booth, playground
from omnichannel.emulators.serving import Served
from omnichannel.model import Conversation
from tests.browser.stage import ARGUMENTS, PATIENCE, browser_path

EXAMPLE = Path(__file__).parents[2] / "examples" / "support_desk"
HOSTILE = (
    "<script>window.owned=1</script><img src=/x onerror='window.owned=1'></blockquote>"
    "<iframe src=/evil></iframe><style>body{display:none}</style><a href='javascript:window.owned=1'>Where is it?</a>"
)
TITLE = "<script>window.owned=1</script><img src=/x onerror='window.owned=1'></blockquote><iframe…"
"""The first of it: as much as a title has."""


@pytest.fixture
def example(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The example's program."""
    monkeypatch.syspath_prepend(str(EXAMPLE))
    return importlib.import_module("desk")


@dataclass
class Play:
    """The example as `--serve` has it, a browser, and what was asked for and complained about in it."""

    inbox: Inbox
    desk: str
    customers: str
    browser: Browser
    complaints: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    async def at(self, url: str, **wishes: Any) -> Page:
        """Somebody's browser, at a page."""
        page = await (await self.browser.new_context(**wishes)).new_page()
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda said: self._heard(said.type, said.text))
        page.on("dialog", lambda dialog: self.complaints.append(dialog.message))
        page.on("request", lambda request: self.asked.append(request.url))
        await page.goto(url)
        return page

    def _heard(self, kind: str, text: str) -> None:
        """It is the browser that asks for a picture of the site (404), and that tells of a page that says no (409)."""
        if kind == "error" and not any(status in text for status in ("404", "409")):
            self.complaints.append(text)

    async def agent(self, name: str, **wishes: Any) -> Page:
        """Somebody of ours, logged in."""
        page = await self.at(self.desk, **wishes)
        await page.get_by_role("button", name=name).click()
        await expect(page.get_by_role("heading", name=f"{name}'s desk")).to_be_visible()
        return page

    async def settled(
        self, look: Callable[[], Any], wanted: Callable[[Sequence[Conversation]], bool]
    ) -> None:
        """Wait until what a look finds is what is wanted."""
        for _ in range(PATIENCE // 50):
            if wanted(await look()):
                return
            await asyncio.sleep(0.05)
        pytest.fail("it was never so")

    async def writes(self, page: Page, text: str, who: str = "Rosa Diaz") -> None:
        """A customer writes on the page; it is at the desk."""
        before = sum(one.messages for one in await self.inbox.conversations.open())
        await page.get_by_label("Who").fill(who)
        await page.get_by_label("Says").fill(text)
        await page.get_by_role("button", name="Write").click()
        await self.settled(
            self.inbox.conversations.open, lambda found: sum(one.messages for one in found) > before
        )


@asynccontextmanager
async def played(example: Any) -> AsyncIterator[Play]:
    path = browser_path()
    async with AsyncExitStack() as stack:
        platform = stack.enter_context(MessengerPage())
        inbox = Inbox("sqlite:///:memory:", [platform.channel()], desk=example.PLAN)
        await stack.enter_async_context(inbox)
        await example.hire(inbox)
        desk = stack.enter_context(Served(example.Site(inbox).app()))
        booth = Booth(platform, f"{desk.url}/hooks/messenger")
        customers = stack.enter_context(Served(playground({"messenger": booth})))
        stack.push_async_callback(_ended, asyncio.create_task(inbox.run()))
        playwright = await stack.enter_async_context(async_playwright())
        browser = await playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        stack.push_async_callback(browser.close)
        play = Play(inbox, desk.url, customers.url, browser)
        yield play
        assert play.complaints == []
        assert {url.split("/")[2] for url in play.asked} == {
            url.split("/")[2] for url in (desk.url, customers.url)
        }


async def _ended(task: asyncio.Task[None]) -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def shows(page: Page, place: Locator, words: str) -> None:
    """Look at a page anew, as agents do, until a place on it has these words: the desk and platforms take their time."""
    for _ in range(PATIENCE // 200):
        if await place.count() and words in await place.first.inner_text():
            return
        await asyncio.sleep(0.2)
        await page.reload()
    await expect(place.first).to_contain_text(words)


def said(page: Page) -> Locator:
    """What was said, on the desk's page of a conversation."""
    return page.locator("blockquote")


async def test_what_a_customer_asks_is_taken_answered_and_seen(example: Any) -> None:
    """By Ann, while Ben looks on; the second answer in her own words, by the keyboard."""
    async with played(example) as here:
        rosa = await here.at(here.customers)
        ann, ben = await here.agent("Ann"), await here.agent("Ben")
        await expect(ann.get_by_role("heading", name="Waiting for anybody: 0")).to_be_visible()
        await here.writes(rosa, "Is my chair on its way?")
        for page in (ann, ben):
            await shows(page, page.get_by_role("link"), "Is my chair on its way?")
            await expect(page.get_by_role("heading", name="Waiting for anybody: 1")).to_be_visible()
        await ann.get_by_role("button", name="Take the next one").click()
        await expect(ann.get_by_role("heading", name="Is my chair on its way?")).to_be_visible()
        await shows(ann, said(ann), "Rosa Diaz, messenger")
        await ben.reload()
        await expect(ben.get_by_role("heading", name="Waiting for anybody: 0")).to_be_visible()
        await ann.get_by_role("button", name="Send “on-its-way”").click()
        await expect(said(ann).nth(1)).to_contain_text("on Thursday")
        await ann.get_by_label("Your answer").fill("Anything else?\nI am here <until nine>.")
        await ann.keyboard.press("Tab")
        await ann.keyboard.press("Enter")
        await expect(said(ann).nth(2)).to_contain_text("I am here <until nine>.")

        async def arrived() -> list[str]:
            [talk] = await here.inbox.conversations.open()
            return [
                one.status
                for each in await here.inbox.conversations.messages(talk.id)
                for one in each.sendings
            ]

        await here.settled(arrived, lambda found: len(found) == 2 and "queued" not in found)
        await rosa.get_by_role("button", name="Look again").click()
        for words in ("on Thursday", "I am here <until nine>."):
            await expect(rosa.get_by_role("region")).to_contain_text(words)
        await ann.get_by_role("button", name="Close").click()
        await expect(ann.get_by_text("Nothing waits for you.")).to_be_visible()


async def test_who_answers_past_a_new_message_reads_it_first(example: Any) -> None:
    """What Ann typed waits for her on the page with the message that came meanwhile, and goes when she sends again."""
    async with played(example) as here:
        rosa, ann = await here.at(here.customers), await here.agent("Ann")
        await here.writes(rosa, "Is my chair on its way?")
        await shows(ann, ann.get_by_role("link"), "Is my chair on its way?")
        await ann.get_by_role("button", name="Take the next one").click()
        await ann.get_by_label("Your answer").fill("It is.\n<Bye>")
        await here.writes(rosa, "And the table?")
        await ann.get_by_role("button", name="Send", exact=True).click()
        await expect(ann.get_by_role("alert")).to_contain_text("said since you looked")
        await expect(said(ann).last).to_contain_text("And the table?")
        await expect(ann.get_by_label("Your answer")).to_have_value("It is.\n<Bye>")
        await ann.get_by_role("button", name="Send", exact=True).click()
        await expect(said(ann).last).to_contain_text("<Bye>")
        await expect(ann.get_by_role("alert")).to_have_count(0)
        await rosa.get_by_role("button", name="Look again").click()
        await shows(rosa, rosa.get_by_role("region"), "<Bye>")


async def test_nothing_that_a_customer_wrote_does_anything(example: Any) -> None:
    """In the queue, on the conversation's page, and in a customer's name: also in a browser that heeds no policy."""
    async with played(example) as here:
        await here.writes(await here.at(here.customers), HOSTILE, who="<b onclick=alert(1)>Eve</b>")
        for name, heedless in (("Ann", False), ("Ben", True)):
            page = await here.agent(name, bypass_csp=heedless)
            await shows(page, page.get_by_role("link"), TITLE)
            await page.get_by_role("link", name=TITLE).click()
            await expect(said(page).first).to_contain_text(HOSTILE)
            await shows(page, said(page), "<b onclick=alert(1)>Eve</b>")
            made = page.locator("main :is(script, img, iframe, style, b, a[href^=javascript])")
            await expect(made).to_have_count(0)
            await expect(page.get_by_label("Your answer")).to_be_visible()
            assert await page.evaluate("window.owned === undefined")
            assert await page.title() == TITLE
        assert not [url for url in here.asked if url.endswith(("/x", "/evil"))]
