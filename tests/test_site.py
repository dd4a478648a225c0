"""A channel's own pages: served below the account's name, over real HTTP, and shown only their own talk."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from omnichannel import Inbox
from omnichannel.channel import AsgiApp, Host
from omnichannel.emulators.serving import Served
from omnichannel.errors import NotFound
from omnichannel.inbox import AccountHost
from tests.chat import Chat, delivery, party
from tests.engines import HandClock


class Parlour(Chat):
    """A chat with a page that shows what was said to Anna."""

    kind = "parlour"

    def site(self, host: Host) -> AsgiApp:
        async def app(scope: Any, receive: Any, send: Any) -> None:
            path = scope["path"].removeprefix(scope["root_path"])
            if path == "/accident":
                raise RuntimeError("an accident")
            said = [message.text for message in await host.talk(party("anna", kind="parlour").address)]
            shown = {"path": path, "said": said, "now": str(host.now()), "chance": len(host.random(8))}
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": json.dumps(shown).encode()})

        return app


@pytest.fixture
def inbox(tmp_path: Path) -> Inbox:
    return Inbox(f"sqlite:///{tmp_path / 'a.db'}", [Parlour("shop"), Chat("chat")], clock=HandClock())


def host(inbox: Inbox) -> Host:
    return AccountHost(inbox, "shop")


ANNA = {"id": "m1", "from": "anna", "text": "hello"}


@pytest.mark.parametrize("path", ["", "/", "/page", "/page/deeper?x=1"])
async def test_pages_answer_at_and_below_the_account(inbox: Inbox, path: str) -> None:
    async with inbox:
        await inbox.receive("shop", delivery(ANNA))
        await inbox.work()
        with Served(inbox.asgi()) as server:
            async with httpx.AsyncClient() as client:
                shown = (await client.get(f"{server.url}/shop{path}")).json()
    assert shown == {
        "path": path.partition("?")[0],
        "said": ["hello"],
        "now": str(inbox.clock.now()),
        "chance": 8,
    }


async def test_other_accounts_and_unknown_ones_have_no_pages(inbox: Inbox) -> None:
    async with inbox:
        with Served(inbox.asgi()) as server:
            async with httpx.AsyncClient() as client:
                statuses = [
                    (await client.get(f"{server.url}/{path}")).status_code for path in ("chat", "nobody")
                ]
    assert statuses == [401, 404]


async def test_an_accident_of_a_page_is_an_answer_of_the_server(inbox: Inbox) -> None:
    async with inbox:
        with Served(inbox.asgi()) as server:
            async with httpx.AsyncClient() as client:
                assert (await client.get(f"{server.url}/shop/accident")).status_code == 500


async def test_a_talk_is_both_sides_of_one_address_on_one_account(inbox: Inbox) -> None:
    """Not what others said, nor our notes, nor what the same customer hears elsewhere."""
    async with inbox:
        await inbox.receive("shop", delivery(ANNA, {"id": "m2", "from": "bert", "text": "me too"}))
        await inbox.receive("chat", delivery({"id": "m3", "from": "anna", "text": "elsewhere"}))
        await inbox.work()
        (mine,) = await host(inbox).talk(party("anna", kind="parlour").address)
        await inbox.conversations.note(mine.conversation, "she is nice")
        answer = await inbox.conversations.reply(mine.conversation, "good morning")
        talk = await host(inbox).talk(party("anna", kind="parlour").address)
        assert [message.text for message in talk] == ["hello", "good morning"]
        after = await host(inbox).talk(party("anna", kind="parlour").address, after=mine.id)
        assert [message.id for message in after] == [answer.id]
        await inbox.conversations.reply(mine.conversation, "anything else?")
        onward = await host(inbox).talk(party("anna", kind="parlour").address, after=mine.id, most=1)
        assert [message.text for message in onward] == ["good morning"]
        newest = await host(inbox).talk(party("anna", kind="parlour").address, most=1)
        assert [message.text for message in newest] == ["anything else?"]
        assert await host(inbox).talk(party("nobody", kind="parlour").address) == []
        with pytest.raises(NotFound):
            await host(inbox).talk(party("anna", kind="parlour").address, after="made up")


async def test_who_waits_is_woken_by_news(inbox: Inbox) -> None:
    """The time-out is a minute's: only news can end it within the second that other processes are given."""
    async with inbox:
        waiting = asyncio.create_task(host(inbox).wait(60.0))
        await asyncio.sleep(0)
        await host(inbox).receive(delivery(ANNA))
        await asyncio.wait_for(waiting, 30)
    assert not inbox.bells
