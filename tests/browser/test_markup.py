"""A stranger's HTML, cleaned and in a frame, in a real browser: nothing runs, nothing is loaded, nothing complains."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Page, async_playwright

from omnichannel.html import cleaned, framed, from_text
from tests.browser.stage import ARGUMENTS, browser_path
from tests.threats.vectors import HIDDEN_SCRIPTS, TEXTS, VECTORS

AT_ONCE = 300
PLACE = "http://desk.invalid/"
LINKS = tuple(f'<a href="{one.replace(chr(34), "&quot;")}">x</a>' for one in HIDDEN_SCRIPTS)


@asynccontextmanager
async def desk() -> AsyncIterator[tuple[Page, list[str]]]:
    """A page of an agent's, and what it asked for or complained of; nothing that it asks for is there."""
    async with async_playwright() as play:
        browser = await play.chromium.launch(executable_path=browser_path(), args=ARGUMENTS)
        try:
            page, noticed = await browser.new_page(), []
            await page.route("**/*", lambda route: route.fulfill(body="", content_type="text/html"))
            await page.goto(PLACE)
            page.on("request", lambda request: noticed.append(request.url))
            page.on("pageerror", lambda error: noticed.append(f"error: {error}"))
            page.on("console", lambda said: noticed.append(f"{said.type}: {said.text}"))
            page.on("dialog", lambda dialog: noticed.append("dialog"))
            yield page, noticed
        finally:
            await browser.close()


def pieces(whole: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    return (whole[at : at + AT_ONCE] for at in range(0, len(whole), AT_ONCE))


SETTLED = """async html => {
  document.body.innerHTML = html + '<img src="/last">';
  const over = image => image.complete || new Promise(done => { image.onload = done; image.addEventListener('error', done) });
  await Promise.all([...document.images].map(over));
  await new Promise(done => requestAnimationFrame(() => setTimeout(done)));
  return Boolean(window.__pwned);
}"""


async def shown(page: Page, markup: str) -> bool:
    """Put it into the page, wait until every picture in it has come or failed, and say whether anything ran."""
    return bool(await page.evaluate(SETTLED, markup))


@pytest.mark.parametrize(
    ("whole", "made"),
    [(VECTORS, cleaned), (LINKS, cleaned), (TEXTS, from_text)],
    ids=["vectors", "links", "texts"],
)
async def test_nothing_runs_and_nothing_is_loaded(whole: tuple[str, ...], made: Callable[[str], str]) -> None:
    """Not even in the page itself, where no frame is around it."""
    async with desk() as (page, noticed):
        for some in pieces(whole):
            assert not await shown(page, "".join(f"<div>{made(one)}</div>" for one in some))
        assert set(noticed) == {f"{PLACE}last"}, "our own picture, and nothing else"


async def test_no_link_leads_to_a_script() -> None:
    """Whatever stands before it, between its letters, or behind it."""
    async with desk() as (page, _):
        await shown(page, "".join(map(cleaned, LINKS)))
        assert await page.evaluate("() => document.links.length") == 0


async def test_in_its_frame_nothing_covers_the_page() -> None:
    """And what is in it cannot reach the page: it has no origin."""
    async with desk() as (page, noticed):
        body = "".join(map(cleaned, VECTORS[:AT_ONCE])) + "<script>window.__pwned=1;parent.__pwned=1</script>"
        assert not await shown(page, framed(body))
        frame = page.frames[1]
        await frame.wait_for_load_state()
        assert await frame.evaluate("() => self.origin") == "null"
        assert await page.evaluate("() => Boolean(window.__pwned)") is False
        assert [one for one in noticed if "tracker" in one] == []


async def test_without_cleaning_it_is_found_out() -> None:
    """The page would notice: so the tests above show something."""
    async with desk() as (page, noticed):
        telling = [one for one in VECTORS if one.startswith("<img")]
        assert await shown(page, "".join(telling))
        assert any("tracker" in one for one in noticed)
