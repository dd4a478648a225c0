"""What was said before on Messenger, passing signs, files, and the Page as an emulator."""

from __future__ import annotations

from datetime import timedelta

import pytest

from omnichannel.channels.messenger import Messenger
from omnichannel.emulators.messenger import MessengerPage
from omnichannel.errors import FetchError
from omnichannel.model import Attachment
from tests.channels.facebook.desk import desk
from tests.channels.messenger.test_files import kinds
from tests.engines import MORNING, HandClock


async def test_the_past_lands_in_closed_conversations_once_and_in_order() -> None:
    clock = HandClock()
    async with desk(MessengerPage(clock=clock.now), clock) as it:
        it.far.write("Ann", "too old")
        clock.advance(days=3)
        it.far.write("Ann", "one")
        await it.far.page.say(it.far.page.person("Ann"), "two")
        it.far.page.hook.waiting.clear()
        clock.advance(minutes=1)
        it.far.write("Ann", "three")
        await it.work()
        for _ in range(2):
            await it.inbox.import_history("messenger", MORNING + timedelta(days=1))
        (past,) = await it.inbox.conversations.closed()
        assert [(one.direction, one.text) for one in await it.said(past.id)] == [
            ("inbound", "one"),
            ("outbound", "two"),
        ]
        assert [one.text for one in await it.said()] == ["three"]


async def test_passing_signs_go_to_the_person() -> None:
    clock = HandClock()
    async with desk(MessengerPage(clock=clock.now), clock) as it:
        it.far.write("Ann", "Hi")
        await it.work()
        (talk,) = await it.talks()
        for sign in ("typing", "seen"):
            assert await it.inbox.conversations.signal(talk.id, sign)
        psid = it.far.page.person("Ann").psid
        assert it.far.page.signs == [(psid, "typing_on"), (psid, "mark_seen")]


async def test_files_come_from_metas_hosts_alone() -> None:
    with pytest.raises(FetchError, match="content hosts"):
        await Messenger.bare().download(Attachment(url="https://evil.example/x"))


def test_an_emulated_page_without_a_webhook_pushes_nothing() -> None:
    with MessengerPage() as far:
        far.write("Ann", "Hi")
        assert far.push() == ()
        assert far.shown("Ann") == []
        with pytest.raises(ValueError, match="challenge"):
            far.connect(f"{far.settings['host']}/nothing")


def test_a_node_of_the_graph_is_no_event() -> None:
    assert kinds({"id": "5", "name": "Ann"}) == ["ignored"]
    assert kinds({"id": "5", "created_time": "2026-01-01T00:00:00+0000"}) == ["ignored"]
