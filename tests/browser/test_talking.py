"""A visitor and somebody of ours talk: it appears, it stays, and nothing is said twice or lost."""

from __future__ import annotations

import asyncio

import pytest
from playwright.async_api import Route, expect

from omnichannel import Attachment, Choice, Option, Text
from omnichannel.model import Card
from tests.browser.stage import bubbles, log, opened, shop, write


async def test_written_answered_and_seen() -> None:
    """The answer appears by itself, and whoever wrote it learns that it was read."""
    async with shop() as here:
        page = await here.visit()
        await opened(page)
        await write(page, "Où est ma commande?")
        await expect(log(page)).to_contain_text("Où est ma commande?")
        answer = await here.answer("It is on its way: https://shop.example/track?id=1.")
        await expect(log(page)).to_contain_text("It is on its way")
        link = page.get_by_role("link", name="https://shop.example/track?id=1", exact=True)
        await expect(link).to_have_attribute("rel", "noopener noreferrer nofollow")

        async def status() -> str:
            said = await here.inbox.conversations.messages(answer.conversation)
            return said[-1].sendings[0].status

        await here.soon(status, lambda found: found == "read")


@pytest.mark.parametrize("takes", [("image/png",), ()])
async def test_the_connection_that_comes_while_send_is_pressed_moves_nothing_away(
    takes: tuple[str, ...],
) -> None:
    """A press that ends on something else is no press: the words would stay in the field, and nobody would say so."""
    async with shop(takes=takes) as here:
        page = await here.visit()
        asked = asyncio.Event()

        async def late(route: Route) -> None:
            await asked.wait()
            await route.continue_()

        await page.route("**/sessions", late)
        await opened(page)
        await page.get_by_label("Your message").fill("Hello")
        send = page.get_by_role("button", name="Send")
        place = await send.bounding_box()
        await send.hover()
        await page.mouse.down()
        asked.set()
        await expect(log(page)).to_have_attribute("aria-busy", "false")
        await page.mouse.up()
        assert await send.bounding_box() == place
        await here.soon(here.heard, lambda found: found == ["Hello"])
        await expect(page.get_by_role("button", name="Add a file")).to_have_count(len(takes))


async def test_what_is_said_while_the_browser_takes_its_time_is_sent() -> None:
    """A lock that one tab has while it sends is given back when the browser comes to it, and nobody waits for that."""
    async with shop() as here:
        page = await (await here.person()).new_page()
        await page.add_init_script(
            """const request = LockManager.prototype.request;
            LockManager.prototype.request = async function (...wishes) {
              await request.apply(this, wishes);
              await new Promise(() => {});
            };"""
        )
        await page.goto(here.site.page)
        await opened(page)
        await write(page, "first")
        await here.soon(here.heard, lambda found: found == ["first"])
        await expect(page.get_by_text("Waiting to be sent")).to_have_count(0)
        await write(page, "second")
        await here.soon(here.heard, lambda found: found == ["first", "second"])


async def test_what_was_said_is_there_after_a_reload() -> None:
    async with shop() as here:
        page = await here.visit()
        await opened(page)
        await write(page, "Hello")
        await here.answer("Hi")
        await expect(bubbles(page)).to_have_count(2)
        await page.reload()
        await opened(page)
        await expect(bubbles(page)).to_have_count(2)
        assert await here.heard() == ["Hello"]


async def test_what_is_written_without_a_connection_is_sent_once_when_there_is_one() -> None:
    async with shop() as here:
        person = await here.person()
        page = await here.visit(person)
        await opened(page)
        await write(page, "first")
        await here.conversation()
        await person.set_offline(True)
        await write(page, "second")
        await write(page, "third")
        await expect(page.get_by_text("Waiting to be sent")).to_have_count(2)
        await expect(page.get_by_text("No connection.")).to_be_visible()
        assert await here.heard() == ["first"]
        await person.set_offline(False)
        await here.soon(here.heard, lambda found: found == ["first", "second", "third"])
        await expect(page.get_by_text("Waiting to be sent")).to_have_count(0)
        await expect(bubbles(page)).to_have_count(3)
        await expect(page.get_by_text("No connection.")).to_have_count(0)


async def test_what_waits_survives_a_reload() -> None:
    """The server is away, the visitor reloads, and the words are still theirs and still sent, once."""
    async with shop() as here:
        page = await here.visit()
        await opened(page)
        await write(page, "first")
        await here.conversation()
        await page.route("**/messages", lambda route: route.abort())
        await write(page, "second")
        await expect(page.get_by_text("Waiting to be sent")).to_be_visible()
        await page.unroute("**/messages")
        await page.reload()
        await here.soon(here.heard, lambda found: found == ["first", "second"])


async def test_a_lost_answer_makes_no_second_message() -> None:
    """The message arrived and its answer did not: it is sent again, and is the same message."""
    async with shop() as here:
        page = await here.visit()
        await opened(page)
        tries = 0

        async def lose_the_first_answer(route: Route) -> None:
            nonlocal tries
            tries += 1
            if tries == 1:
                await route.fetch()
                await route.abort()
            else:
                await route.continue_()

        await page.route("**/messages", lose_the_first_answer)
        await write(page, "Hello")

        async def tried() -> int:
            return tries

        await here.soon(tried, lambda found: found >= 2)
        await here.conversation()
        assert await here.heard() == ["Hello"]
        await expect(bubbles(page)).to_have_count(1)


@pytest.mark.parametrize("path", ["messages", "sessions"])
@pytest.mark.parametrize("arrives", [True, False], ids=["the answer hangs", "the request hangs"])
async def test_a_request_that_hangs_is_given_up_and_holds_up_nothing(path: str, arrives: bool) -> None:
    """It is made again after half a minute, under the same id: what had arrived is the same message."""
    async with shop() as here:
        page = await (await here.person()).new_page()
        await page.clock.install()
        hangs: list[Route] = []
        tried: list[str] = []

        async def hang_once(route: Route) -> None:
            tried.append(route.request.post_data or "")
            if hangs:
                await route.continue_()
                return
            hangs.append(route)
            if arrives:
                await route.fetch()

        async def hung() -> bool:
            return bool(hangs)

        await page.route(f"**/{path}", hang_once)
        await page.goto(here.site.page)
        await opened(page)
        await write(page, "first")
        await here.soon(hung)
        await write(page, "second")
        # What the server has is shown by the stream, whatever becomes of the answer.
        waits = 1 if path == "messages" and arrives else 2
        await expect(page.get_by_text("Waiting to be sent")).to_have_count(waits)
        await page.clock.fast_forward(29_000)
        assert len(tried) == 1
        await page.clock.fast_forward(2_000)
        await here.soon(here.heard, lambda found: found == ["first", "second"])
        await expect(page.get_by_text("Waiting to be sent")).to_have_count(0)
        await expect(bubbles(page)).to_have_count(2)
        assert tried[0] == tried[1]
        await hangs[0].abort()


async def test_what_is_long_has_long_to_be_sent() -> None:
    """Five megabytes take minutes on a slow line: they are not given up after what a few words may take."""
    async with shop() as here:
        page = await (await here.person()).new_page()
        await page.clock.install()
        slow: list[Route] = []

        async def is_slow(route: Route) -> None:
            slow.append(route)

        async def begun() -> int:
            return len(slow)

        await page.route("**/messages", is_slow)
        await page.goto(here.site.page)
        await opened(page)
        await expect(page.get_by_role("button", name="Add a file")).to_be_visible()
        png = b"\x89PNG\r\n\x1a\n" + bytes(3_000_000)
        await page.locator("input[type=file]").set_input_files(
            {"name": "me.png", "mimeType": "image/png", "buffer": png}
        )
        await page.get_by_role("button", name="Send").click()
        await here.soon(begun)
        await page.clock.fast_forward(120_000)
        await expect(page.get_by_text("Waiting to be sent")).to_have_count(1)
        await slow[0].continue_()
        await expect(page.get_by_text("Waiting to be sent")).to_have_count(0)
        assert len(slow) == 1


async def test_after_the_server_was_away_nothing_is_missing() -> None:
    async with shop() as here:
        page = await here.visit()
        await opened(page)
        await write(page, "Hello")
        await here.conversation()
        here.stop()
        await here.answer("While the server was away")
        here.serve()
        await expect(log(page)).to_contain_text("While the server was away", timeout=30_000)
        await expect(bubbles(page)).to_have_count(2)


async def test_options_are_buttons_and_one_of_them_is_chosen_once() -> None:
    colours = Choice(
        options=(
            Option(title="Red", value="r"),
            Option(title="Blue", value="b"),
            Option(title="All", url="https://a.nl/"),
        )
    )
    async with shop() as here:
        page = await here.visit()
        await opened(page)
        await write(page, "Hello")
        await here.answer(
            [Text(text="Which?"), colours, Card(title="A chair", text="Oak", options=(Option(title="Buy"),))]
        )
        await expect(page.get_by_role("link", name="All")).to_have_attribute("href", "https://a.nl/")
        await expect(page.get_by_role("button", name="Buy")).to_be_visible()
        await page.get_by_role("button", name="Blue").click()
        await page.get_by_role("button", name="Red").click(force=True)
        await here.soon(here.heard, lambda found: found == ["Hello", "Blue"])
        await expect(page.get_by_role("button", name="Red")).to_have_attribute("aria-disabled", "true")
        said = await here.inbox.conversations.messages((await here.conversation()).id)
        assert [part.type for part in said[-1].parts] == ["text", "choice"]


async def test_a_file_is_sent_shown_and_refused_by_what_it_is() -> None:
    png = bytes.fromhex(
        "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c63f8cfc0f01f0005000181dd3b1a6b0000000049454e44ae426082"
    )
    async with shop() as here:
        page = await here.visit()
        await opened(page)
        # Nobody can choose a file before the site has said which it takes.
        await expect(page.get_by_role("button", name="Add a file")).to_be_visible()
        chooser = page.locator("input[type=file]")
        await chooser.set_input_files({"name": "me.png", "mimeType": "image/png", "buffer": png})
        await page.get_by_role("button", name="Send").click()
        await here.conversation()
        await expect(log(page)).to_contain_text("me.png")
        # The name and the type that the browser gives are right; what is in it is not.
        await chooser.set_input_files(
            {"name": "notes.txt", "mimeType": "text/plain", "buffer": b"<script>alert(1)</script>"}
        )
        await page.get_by_role("button", name="Send").click()
        await expect(page.get_by_text("Not sent: A file of this kind cannot be sent here.")).to_be_visible()
        await page.get_by_role("button", name="Discard").click()
        await expect(page.get_by_text("Not sent")).to_have_count(0)
        await chooser.set_input_files(
            {"name": "a.exe", "mimeType": "application/x-msdownload", "buffer": b"MZ"}
        )
        await expect(page.get_by_role("alert")).to_have_text("A file of this kind cannot be sent here.")
        await chooser.set_input_files({"name": "a.txt", "mimeType": "text/plain", "buffer": b"x" * 5_300_000})
        await expect(page.get_by_role("alert")).to_have_text("That is too much for one message.")
        said = await here.inbox.conversations.messages((await here.conversation()).id)
        assert len(said) == 1
        file = said[0].parts[0]
        assert isinstance(file, Attachment)
        assert await here.inbox.attachment(said[0].id, file) == png
        await here.answer(
            [Text(text="See"), Attachment(name="ours.png", media_type="image/png", content=png)]
        )
        picture = page.get_by_role("img", name="ours.png")
        await expect(picture).to_be_visible()
        assert await picture.evaluate("image => image.decode().then(() => image.naturalWidth)") == 1
        async with page.expect_download() as started:
            await page.get_by_role("button", name="Download ours.png").click()
        assert (await started.value).suggested_filename == "ours.png"


async def test_somebody_who_writes_is_announced() -> None:
    async with shop() as here:
        page = await here.visit()
        await opened(page)
        await write(page, "Hello")
        conversation = await here.conversation()
        await expect(page.get_by_text("Waiting to be sent")).to_have_count(0)
        await here.inbox.conversations.signal(conversation.id, "typing")
        await expect(page.get_by_text("Somebody is writing…")).to_be_visible()
        await here.answer("Hi")
        await expect(page.get_by_text("Somebody is writing…")).to_have_count(0)


async def test_what_was_not_read_is_counted_on_the_button() -> None:
    async with shop() as here:
        page = await here.visit()
        await opened(page)
        await write(page, "Hello")
        await here.conversation()
        await page.keyboard.press("Escape")
        await here.answer("One")
        await here.answer("Two")
        await opened(page, "Open the chat, 2 new messages")
        await page.keyboard.press("Escape")
        await expect(page.get_by_role("button", name="Open the chat", exact=True)).to_be_visible()


async def test_who_never_opens_the_chat_is_left_alone() -> None:
    """No request but the script, and nothing kept in the browser."""
    async with shop() as here:
        person = await here.person()
        page = await person.new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        await page.goto(here.site.page)
        await expect(page.get_by_role("button", name="Open the chat")).to_be_visible()
        assert [url.rpartition("/")[2] for url in asked] == ["", "widget.js"]
        assert await page.evaluate("[localStorage.length, document.cookie]") == [0, ""]


async def test_a_site_that_is_not_allowed_gets_nowhere() -> None:
    """The browser itself refuses to show it any answer, which looks as if there were no connection."""
    async with shop(origins=["https://elsewhere.example"]) as here:
        page = await here.visit()
        await opened(page)
        await write(page, "Hello")
        await expect(page.get_by_text("No connection.")).to_be_visible()
        assert await here.heard() == []
        assert any("Access-Control-Allow-Origin" in said for said in here.complaints)
        here.complaints.clear()
