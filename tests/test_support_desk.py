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


def form(page: httpx.Response, do: str) -> dict[str, str]:
    """What a form of the page sends beside what is typed."""
    forms = re.findall(r"<form.*?</form>", page.text, re.DOTALL)
    fields = [dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', one)) for one in forms]
    return next(one for one in fields if one.get("do") == do)


@pytest.mark.parametrize("do", ["reply", "say"])
async def test_who_answers_past_a_new_message_is_shown_it_first(desk: Any, do: str) -> None:
    """Nothing is sent, what was typed stays, and whoever read it sends again."""
    far = FarEnd()
    async with opened(desk, far) as (inbox, browser):
        await says(inbox, "Is my chair on its way?")
        await browser.post("/login", data={"name": "Ann"})
        case = await browser.post("/next")
        mine = {"text": "Yes, <on> Thursday."} if do == "reply" else {}
        await says(inbox, "And the <b>table</b>?")
        past = await browser.post(case.url.path, data=form(case, do) | mine)
        await inbox.work()
        assert (past.status_code, far.said) == (409, [])
        alert = past.text[past.text.index('role="alert"') :]
        assert "said since you looked" in alert
        assert "And the &lt;b&gt;table&lt;/b&gt;?" in alert
        assert "Is my chair on its way?" not in alert
        assert ("Yes, &lt;on&gt; Thursday.</textarea>" in past.text) is (do == "reply")
        sent = await browser.post(case.url.path, data=form(past, do) | mine)
        await inbox.work()
        assert sent.status_code == 200
        assert 'role="alert"' not in sent.text
        assert len(far.said) == 1


async def test_two_who_have_it_open_are_told_of_each_other(desk: Any) -> None:
    """And of what the other one said: the customer is not answered twice."""
    far = FarEnd()
    async with opened(desk, far) as (inbox, ann):
        await says(inbox, "Is my chair on its way?")
        await ann.post("/login", data={"name": "Ann"})
        case = await ann.post("/next")
        assert 'role="status"' not in case.text
        async with httpx.AsyncClient(
            transport=ann._transport, base_url=str(ann.base_url), follow_redirects=True
        ) as ben:
            await ben.post("/login", data={"name": "Ben"})
            looks = await ben.get(case.url.path)
            assert "Ann may be answering this, too." in looks.text
            assert "Ben may be answering this, too." in (await ann.get(case.url.path)).text
            await ann.post(case.url.path, data=form(case, "reply") | {"text": "Yes."})
            past = await ben.post(case.url.path, data=form(looks, "reply") | {"text": "It is."})
            assert (past.status_code, "said since you looked" in past.text) == (409, True)
            assert "Ann may be" not in past.text, "she said what she had to say"
            await inbox.work()
            assert [said["text"] for said in far.said] == ["Yes."]
