"""The chat is for everybody: by keyboard, by ear, in their language, and in safety."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.async_api import Page, expect

from omnichannel import Attachment, Choice, Option, Text
from omnichannel.model import Card, Reference
from tests.browser.stage import bubbles, log, opened, shop, write

ROOT = "document.querySelector('omnichannel-chat').shadowRoot"

FOCUSED = f"(() => {{ const e = {ROOT}.activeElement; return e && (e.getAttribute('aria-label') || e.id || e.textContent); }})()"


async def test_everything_can_be_done_by_keyboard() -> None:
    async with shop() as here:
        page = await here.visit()
        await page.keyboard.press("Tab")
        assert await page.evaluate(FOCUSED) == "Open the chat"
        await page.keyboard.press("Enter")
        assert await page.evaluate(FOCUSED) == "input"
        await page.keyboard.type("Two")
        await page.keyboard.press("Shift+Enter")
        await page.keyboard.type("lines")
        await page.keyboard.press("Enter")
        await here.soon(here.heard, lambda found: found == ["Two\nlines"])
        assert await page.evaluate(FOCUSED) == "input"
        await here.answer([Text(text="Which?"), Choice(options=(Option(title="Red"), Option(title="Blue")))])
        await expect(page.get_by_role("button", name="Blue")).to_be_visible()
        order = []
        for _ in range(5):
            await page.keyboard.press("Shift+Tab")
            order.append(await page.evaluate(FOCUSED))
        assert order == ["Add a file", "Blue", "Red", "Messages", "Close the chat"]
        for _ in range(2):
            await page.keyboard.press("Tab")
        await page.keyboard.press("Enter")
        await here.soon(here.heard, lambda found: found == ["Two\nlines", "Red"])
        await page.keyboard.press("Escape")
        assert await page.evaluate(FOCUSED) == "Open the chat"
        await expect(page.get_by_role("dialog")).to_be_hidden()


async def test_a_screen_reader_is_told_what_there_is_and_what_comes() -> None:
    async with shop() as here:
        page = await here.visit()
        launcher = page.get_by_role("button", name="Open the chat")
        await expect(launcher).to_have_attribute("aria-haspopup", "dialog")
        await expect(launcher).to_have_attribute("aria-expanded", "false")
        await opened(page)
        await expect(page.get_by_role("dialog", name="Chat with us")).to_be_visible()
        await expect(log(page)).to_have_attribute("aria-live", "polite")
        await write(page, "Hello")
        await here.answer("Hi")
        await expect(log(page)).to_have_attribute("aria-busy", "false")
        await expect(bubbles(page).nth(0)).to_contain_text("You: ")
        await expect(bubbles(page).nth(1)).to_contain_text("We: ")
        await expect(page.get_by_role("textbox", name="Your message")).to_be_focused()
        assert await page.evaluate(NAMELESS) == []
        assert (
            await page.evaluate(
                f"[...{ROOT}.querySelectorAll('[tabindex]')].filter(e => e.tabIndex > 0).length"
            )
            == 0
        )
        ids = await page.evaluate(f"[...{ROOT}.querySelectorAll('[id]')].map(e => e.id)")
        assert len(ids) == len(set(ids))


NAMELESS = f"""[...{ROOT}.querySelectorAll('button, input:not([hidden]), textarea, a, img, [role=log], [role=dialog]')]
  .filter((e) => !e.closest('[hidden]'))
  .filter((e) => !(e.getAttribute('aria-label') || e.getAttribute('alt') !== null || e.textContent.trim()
    || (e.labels && e.labels.length) || e.getAttribute('aria-labelledby')))
  .map((e) => e.outerHTML)"""

CONTRASTS = f"""(() => {{
  const rgb = (text) => text.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((v) => v / 255).map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = (e) => {{
    for (; e; e = e.parentElement) {{ const c = rgb(getComputedStyle(e).backgroundColor); if (c.length < 4 || c[3] > 0) return c; }}
    return [255, 255, 255];
  }};
  const texts = [...{ROOT}.querySelectorAll('*')].filter((e) => !e.closest('.sr')
    && [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim()) && e.getClientRects().length);
  return texts.map((e) => {{
    const [one, other] = [light(rgb(getComputedStyle(e).color)), light(ground(e))].sort((a, b) => b - a);
    return [e.className || e.tagName, (one + 0.05) / (other + 0.05)];
  }});
}})()"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("where", ["", "?color=%23ffdd00", "?color=%23203040"])
async def test_everything_can_be_read(scheme: Any, where: str) -> None:
    """At least 4.5 to 1 between words and what they stand on (WCAG 2.2, 1.4.3), also on a colour that a site chose."""
    async with shop() as here:
        page = await here.visit(await here.person(color_scheme=scheme, reduced_motion="reduce"), where)
        await opened(page)
        await write(page, "Hello")
        options = (Option(title="Red", text="a line below"), Option(title="All", url="https://a.nl"))
        card = Card(title="A chair", text="Oak https://a.nl", options=(Option(title="Buy"),))
        await here.answer([Text(text="See https://a.nl"), Choice(options=options), card])
        await expect(page.get_by_role("button", name="Buy")).to_be_visible()
        contrasts = await page.evaluate(CONTRASTS)
        assert len(contrasts) > 10
        assert [pair for pair in contrasts if pair[1] < 4.5] == []


async def test_nothing_moves_for_whoever_does_not_want_it() -> None:
    async with shop() as here:
        for wish, moves in (("reduce", "none"), ("no-preference", "come")):
            page = await here.visit(await here.person(reduced_motion=wish))
            await opened(page)
            await write(page, "Hello")
            said = page.locator(".sent .message")
            await expect(said).to_have_count(1)
            assert await said.evaluate("e => getComputedStyle(e).animationName") == moves


@pytest.mark.parametrize(
    ("language", "title", "direction"),
    [
        ("nl", "Chat met ons", "ltr"),
        ("de-AT", "Chat mit uns", "ltr"),
        ("ar", "تحدث معنا", "rtl"),
        ("xx", "Chat with us", "ltr"),
    ],
)
async def test_it_speaks_the_pages_language(language: str, title: str, direction: str) -> None:
    async with shop() as here:
        page = await here.visit(where=f"?language={language}")
        await page.get_by_role("button").click()
        dialog = page.get_by_role("dialog", name=title)
        await expect(dialog).to_be_visible()
        assert await dialog.evaluate("e => getComputedStyle(e).direction") == direction
        left = await dialog.evaluate("e => e.getBoundingClientRect().left < innerWidth / 2")
        assert left is (direction == "rtl")


async def test_a_site_says_it_in_its_own_words() -> None:
    async with shop() as here:
        page = await (await here.person()).new_page()
        await page.add_init_script(
            "window.omnichannelChat = { title: 'Ask Rosa', words: { send: 'Off it goes' }, open: true }"
        )
        await page.goto(here.site.page)
        await expect(page.get_by_role("dialog", name="Ask Rosa")).to_be_visible()
        await expect(page.get_by_role("button", name="Off it goes")).to_be_visible()


HOSTILE = [
    "<script>window.__pwned=1</script>", "<img src=x onerror=window.__pwned=1>", "<svg/onload=window.__pwned=1>", "&lt;b&gt;",
    "javascript:window.__pwned=1", 'https://a.nl/"onmouseover=window.__pwned=1//', "https://a.nl/'><img src=x onerror=window.__pwned=1>",
    "</p></div><iframe srcdoc='<script>parent.__pwned=1</script>'>", "{{constructor.constructor('window.__pwned=1')()}}", "${window.__pwned=1}",
    "data:text/html,<script>window.__pwned=1</script>", "\u202egnp.exe\u202c https://a.nl/\u202egpj", "a\u0000b", "\x1b]8;;javascript:1\x07x", "<style>*{display:none}</style>",
]  # fmt: skip


async def test_whatever_is_said_is_text() -> None:
    """Nothing that anybody writes becomes markup, runs, or leads where a link must not lead (T46, T47)."""
    async with shop() as here:
        page = await here.visit()
        await opened(page)
        for text in HOSTILE:
            await page.get_by_label("Your message").fill(text.replace("\x00", ""))
            await page.get_by_label("Your message").press("Enter")
        await here.soon(here.heard, lambda found: len(found) == len(HOSTILE))
        for text in HOSTILE:
            await here.answer(text)
        await here.answer(_everything(HOSTILE[1]))
        await expect(bubbles(page)).to_have_count(2 * len(HOSTILE) + 1)
        shown = await page.evaluate(f"[...{ROOT}.querySelectorAll('.you .text')].map(e => e.textContent)")
        assert shown == [text.replace("\x00", "").replace("\r", "") for text in HOSTILE]
        await _is_harmless(page)


def _everything(text: str) -> list[Any]:
    bad = "javascript:window.__pwned=1"
    return [
        Choice(options=(Option(title=text, value=text), Option(title="bad link", url=bad))),
        Card(title=text, text=text, image=bad, options=(Option(title=text, url=bad),)),
        Reference(url=bad, title=text, text=text),
        Attachment(name=text, media_type="text/html", content=b"<script>window.__pwned=1</script>"),
    ]


async def _is_harmless(page: Page) -> None:
    tags = await page.evaluate(f"[...new Set([...{ROOT}.querySelectorAll('.log *')].map(e => e.tagName))]")
    assert set(tags) <= {"DIV", "SPAN", "P", "TIME", "A", "BDI", "BUTTON", "STRONG"}
    hrefs = await page.evaluate(f"[...{ROOT}.querySelectorAll('a')].map(e => e.protocol)")
    assert set(hrefs) <= {"https:"}
    handlers = await page.evaluate(
        f"[...{ROOT}.querySelectorAll('*')].flatMap(e => e.getAttributeNames()).filter(n => n.startsWith('on'))"
    )
    assert handlers == []
    assert await page.evaluate("[window.__pwned, document.querySelectorAll('iframe').length]") == [None, 0]


async def test_the_pass_is_kept_where_no_address_and_no_other_site_sees_it() -> None:
    """It goes in a header, never in an address, a cookie or the page itself."""
    async with shop() as here:
        person = await here.person()
        page = await person.new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        await page.goto(here.site.page)
        await opened(page)
        await write(page, "Hello")
        await here.conversation()
        kept = await page.evaluate(
            "Object.entries(localStorage).find(([key]) => key.endsWith(' session'))[1]"
        )
        token = json.loads(kept)["token"]
        assert token
        assert not [url for url in asked if token in url]
        assert await person.cookies() == []
        assert token not in await page.content()


async def test_it_works_where_nothing_can_be_kept() -> None:
    """A browser that refuses storage, and locks with it: the chat works until the page is left."""
    async with shop() as here:
        page = await (await here.person()).new_page()
        await page.add_init_script(
            """const no = () => new DOMException('no', 'SecurityError');
            Object.defineProperty(window, 'localStorage', { get() { throw no(); } });
            LockManager.prototype.request = async () => { throw no(); };"""
        )
        await page.goto(here.site.page)
        await opened(page)
        await write(page, "Hello")
        await here.answer("Hi")
        await expect(bubbles(page)).to_have_count(2)
