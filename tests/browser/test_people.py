"""Who is who in a browser: nobody, somebody, somebody else; and several tabs of one."""

from __future__ import annotations

import asyncio

import pytest
from playwright.async_api import Page, Route, expect

from tests.browser.stage import Shop, bubbles, log, login, opened, shop, write


async def enter(page: Page, token: str) -> None:
    await page.evaluate("token => window.Omnichannel.login(token)", token)


async def annas(here: Shop) -> Page:
    """A page on which Anna is logged in, and has written."""
    page = await here.visit()
    await opened(page)
    await enter(page, login("anna"))
    await write(page, "Of Anna")
    await here.conversation()
    return page


async def test_who_logs_in_keeps_the_conversation_and_the_next_one_sees_nothing_of_it() -> None:
    async with shop() as here:
        page = await here.visit()
        await opened(page)
        await write(page, "Before")
        await here.conversation()
        await enter(page, login("anna", name="Anna"))
        await expect(bubbles(page)).to_have_count(1)
        await write(page, "After")
        await here.soon(here.heard, lambda found: found == ["Before", "After"])
        conversation = await here.conversation()
        assert (await here.inbox.customers.get(conversation.customer)).name == "Anna"

        await enter(page, login("ben"))
        await expect(bubbles(page)).to_have_count(0)
        await write(page, "I am Ben")
        conversations = await here.soon(here.inbox.conversations.open, lambda found: len(found) == 2)
        assert len({one.customer for one in conversations}) == 2
        await expect(bubbles(page)).to_have_count(1)

        await page.evaluate("window.Omnichannel.logout()")
        await expect(bubbles(page)).to_have_count(0)
        await enter(page, login("anna"))
        await expect(bubbles(page)).to_have_count(1)
        await expect(log(page)).to_contain_text(
            "After"
        )  # what was said before the login stays with that browser


async def test_what_is_written_while_a_login_is_under_way_is_the_new_ones() -> None:
    """The page shows that somebody else has it at once; who that is, the server says later."""
    async with shop() as here:
        page = await annas(here)
        answered = asyncio.Event()

        async def late(route: Route) -> None:
            await answered.wait()
            await route.continue_()

        await page.route("**/sessions", late)
        await enter(page, login("ben"))
        await write(page, "Of Ben")
        await expect(page.get_by_text("Of Ben")).to_have_count(1)
        answered.set()
        conversations = await here.soon(here.inbox.conversations.open, lambda found: len(found) == 2)
        assert len({one.customer for one in conversations}) == 2
        assert sorted(await here.heard()) == ["Of Anna", "Of Ben"]


async def test_what_one_could_not_send_is_not_sent_in_the_next_ones_name() -> None:
    async with shop() as here:
        page = await annas(here)
        await page.route("**/messages", lambda route: route.abort())
        await write(page, "Anna's secret")
        await expect(page.get_by_text("Waiting to be sent")).to_be_visible()
        await enter(page, login("ben"))
        await expect(page.get_by_text("Anna's secret")).to_have_count(0)
        await page.unroute("**/messages")
        await write(page, "Of Ben")
        await here.soon(here.heard, lambda found: sorted(found) == ["Of Anna", "Of Ben"])


@pytest.mark.parametrize("status", [202, 401])
async def test_an_answer_that_comes_after_the_next_one_logged_in_is_of_no_use_to_them(status: int) -> None:
    """What was taken is not shown to them; what was refused is not said again in their name."""
    async with shop() as here:
        page = await annas(here)
        answered = asyncio.Event()

        async def late(route: Route) -> None:
            await answered.wait()
            headers = {"access-control-allow-origin": here.site.page.rstrip("/")}
            await route.fulfill(status=status, json={}, headers=headers)

        await page.route("**/messages", late, times=1)
        async with page.expect_request("**/messages"):
            await write(page, "Anna's secret")
        await enter(page, login("ben"))
        await expect(page.get_by_text("Anna's secret")).to_have_count(0)
        async with page.expect_event("requestfinished", lambda one: one.url.endswith("/messages")):
            answered.set()
        await write(page, "Of Ben")
        await here.soon(here.heard, lambda found: sorted(found) == ["Of Anna", "Of Ben"])
        await expect(bubbles(page)).to_have_count(1)


async def test_a_page_without_a_login_forgets_who_was_logged_in() -> None:
    """On a shared computer the next one opens the shop's page: nothing of the last one is there."""
    async with shop() as here:
        person = await here.person()
        page = await here.visit(person)
        await opened(page)
        await enter(page, login("anna"))
        await write(page, "Anna's secret")
        await here.conversation()
        await expect(bubbles(page)).to_have_count(1)
        await page.reload()
        await opened(page)
        await expect(log(page)).to_have_attribute("aria-busy", "false")
        await expect(bubbles(page)).to_have_count(0)


async def test_a_login_that_ended_is_renewed_by_asking_the_page() -> None:
    """A function gives a fresh one each time it is asked; the visitor notices nothing."""
    async with shop() as here:
        page = await here.visit()
        await page.evaluate(
            "tokens => { window.asked = 0; window.Omnichannel.login(async () => tokens[window.asked++] || tokens[1]); }",
            [login("anna"), login("anna")],
        )
        await opened(page)
        await write(page, "Hello")
        await here.conversation()
        tries = 0

        async def once(route: Route) -> None:
            nonlocal tries
            tries += 1
            if tries == 1:
                await route.fulfill(
                    status=401,
                    json={"error": "not_proven"},
                    headers={"access-control-allow-origin": here.site.page.rstrip("/")},
                )
            else:
                await route.continue_()

        await page.route("**/messages", once)
        await write(page, "Again")
        await here.soon(here.heard, lambda found: found == ["Hello", "Again"])
        assert await page.evaluate("window.asked") >= 2


async def test_two_tabs_are_one_visitor() -> None:
    """What is said in one appears in both, once, and a login in one is one in both."""
    async with shop() as here:
        person = await here.person()
        one = await here.visit(person)
        await opened(one)
        await write(one, "From the first tab")
        await here.conversation()
        other = await here.visit(person)
        await opened(other)
        await expect(bubbles(other)).to_have_count(1)
        await write(other, "From the second tab")
        await here.answer("To both")
        for page in (one, other):
            await expect(bubbles(page)).to_have_count(3)
            await expect(page.get_by_text("Waiting to be sent")).to_have_count(0)
        assert await here.heard() == ["From the first tab", "From the second tab"]
        await enter(one, login("anna"))
        await write(one, "As Anna")
        await expect(log(other)).to_contain_text("As Anna")
        await enter(one, login("ben"))
        await expect(bubbles(other)).to_have_count(0)


async def test_a_link_opens_the_chat_and_asks_before_it_goes_on() -> None:
    """The token leaves the address at once; it is used when a person presses the button, not by whatever opens links."""
    async with shop() as here:
        phone = await here.visit()
        await opened(phone)
        await write(phone, "From my phone")
        conversation = await here.conversation()
        link = await here.inbox.conversations.continue_on(conversation.id, "chat")
        laptop = await here.visit(where=link.removeprefix(here.site.page))
        await expect(laptop.get_by_role("button", name="Continue our conversation")).to_be_visible()
        assert "#" not in laptop.url
        assert [
            found.what for found in await here.inbox.events() if found.what == "conversation.continued"
        ] == []
        await laptop.get_by_role("button", name="Continue our conversation").click()
        await expect(log(laptop)).to_contain_text("You can go on here.")
        await write(laptop, "From my laptop")
        await here.soon(here.heard, lambda found: found == ["From my phone", "From my laptop"])
        assert (await here.conversation()).id == conversation.id
