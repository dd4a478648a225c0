"""The example of a desk in the browser: its pages do what they say, escape everything, and let in agents only."""

from __future__ import annotations

import importlib
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from omnichannel import Inbox
from tests.chat import Chat, FarEnd, delivery

EXAMPLE = Path(__file__).parents[1] / "examples" / "support_desk"


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The example's program."""
    monkeypatch.syspath_prepend(str(EXAMPLE))
    return importlib.import_module("desk")


@asynccontextmanager
async def opened(desk: Any, far: FarEnd) -> AsyncIterator[tuple[Inbox, httpx.AsyncClient]]:
    """The example's pages on an inbox with a chat, and a browser without a screen."""
    async with Inbox("sqlite:///:memory:", [Chat("chat", far)], desk=desk.PLAN) as inbox:
        await desk.hire(inbox)
        web = httpx.ASGITransport(desk.Site(inbox).app())
        client = httpx.AsyncClient(transport=web, base_url="http://desk.example", follow_redirects=True)
        async with client as browser:
            yield inbox, browser


async def says(inbox: Inbox, text: str, who: str = "rosa") -> None:
    await inbox.receive(
        "chat", delivery({"id": f"{who} {text}", "from": who, "name": "<b>Rosa</b>", "text": text})
    )
    await inbox.work()


async def test_an_agent_takes_the_next_one_answers_and_closes(desk: Any) -> None:
    far = FarEnd()
    async with opened(desk, far) as (inbox, browser):
        await says(inbox, "Is my chair on its way?")
        assert "Who are you?" in (await browser.get("/")).text
        shown = await browser.post("/login", data={"name": "Ann"})
        assert "Waiting for anybody: 1" in shown.text
        case = await browser.post("/next")
        assert re.findall(r"<h2>(.*?)</h2>", case.text)[0] == "Open questions"
        assert "It is: you have it on Thursday." in case.text
        await browser.post(case.url.path, data={"do": "say", "answer": "on-its-way"})
        await browser.post(case.url.path, data={"do": "reply", "text": "Anything else?"})
        await inbox.work()
        assert [said["text"] for said in far.said] == ["It is: you have it on Thursday.", "Anything else?"]
        closed = await browser.post(case.url.path, data={"do": "close"})
        assert "Nothing waits for you." in closed.text
        assert (await browser.post(case.url.path, data={"do": "reply", "text": " "})).status_code == 409
        assert "Who are you?" in (await browser.post("/logout")).text


async def test_nothing_that_a_customer_wrote_is_markup(desk: Any) -> None:
    async with opened(desk, FarEnd()) as (inbox, browser):
        await says(inbox, "<script>alert(1)</script> Where is it?")
        await browser.post("/login", data={"name": "Ben"})
        case = await browser.post("/next")
        assert "&lt;script&gt;" in case.text
        assert not re.search(r"<script|<b>", case.text)
        assert "default-src 'none'" in case.headers["content-security-policy"]


async def test_only_agents_are_let_in_and_what_is_not_there_is_told(desk: Any) -> None:
    async with opened(desk, FarEnd()) as (inbox, browser):
        await says(inbox, "Hello?")
        for path in ("/login", "/next"):
            assert "Who are you?" in (await browser.post(path, data={"name": "Eve"})).text
        await browser.post("/login", data={"name": "Ann"})
        missing = await browser.get("/case/nobody")
        assert (missing.status_code, "That did not work" in missing.text) == (404, True)
