"""An outage on every channel whose platform keeps a record, over real sockets: every hole is filled, once, in order."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from bench.gaps import BY_WEBHOOK_ALONE, KINDS, emulator, everything, outage

from omnichannel import Inbox
from omnichannel.channels.voice import Voice
from omnichannel.emulators.graph import Fault
from omnichannel.emulators.messenger import MessengerPage
from omnichannel.emulators.serving import Served
from omnichannel.emulators.x_platform import Platform
from omnichannel.errors import Unsupported, WindowClosed, WireError
from omnichannel.plugins import channel_class, own_kinds
from tests.conftest import empty
from tests.engines import HandClock


def test_every_kind_with_a_record_has_its_outage() -> None:
    assert set(KINDS) == {kind for kind in own_kinds() if channel_class(kind).can.history}


@pytest.mark.parametrize("engine", ["memory", "postgres"])
@pytest.mark.parametrize("kind", KINDS)
async def test_every_hole_is_filled_once_and_in_order(
    kind: str, engine: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    found = await outage(kind, empty(engine, request, tmp_path), each=3)
    assert found.dropped == 12
    assert found.well, found


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("telegram", "Telegram keeps what it could not deliver for 24 hours"),
        ("whatsapp", "WhatsApp brings what it could not deliver again for up to seven days"),
        ("http", "has to send again"),
        ("webchat", "to this inbox and to nobody else"),
        ("letter", "read on from where the last look ended"),
    ],
)
async def test_where_there_is_no_record_its_platforms_way_is_told(kind: str, words: str) -> None:
    async with Inbox("sqlite:///:memory:", [channel_class(kind).bare(kind)]) as inbox:
        with pytest.raises(Unsupported, match=words):
            await inbox.reconcile(kind)


@asynccontextmanager
async def on_messenger() -> AsyncIterator[tuple[HandClock, MessengerPage, Inbox]]:
    """A Page with a record, and an inbox that was told nothing of it."""
    clock = HandClock()
    with MessengerPage(clock=clock.now) as far:
        channel = channel_class("messenger")("messenger", **far.settings)
        async with Inbox("sqlite:///:memory:", [channel], clock=clock) as inbox:
            yield clock, far, inbox


async def test_what_the_shop_said_in_the_platforms_own_app_lands_between() -> None:
    async with on_messenger() as (clock, far, inbox):
        far.write("Anna", "one")
        clock.advance(minutes=1)
        await far.page.say(far.page.person("Anna"), "two")
        clock.advance(minutes=1)
        far.write("Anna", "three")
        done = await inbox.reconcile("messenger", clock.now() - timedelta(hours=1))
        assert done.brought_in == 3
        assert [(one.direction.value, one.text) for one in await everything(inbox)] == [
            ("inbound", "one"), ("outbound", "two"), ("inbound", "three"),
        ]  # fmt: skip


async def test_the_record_settles_a_send_in_doubt() -> None:
    async with on_messenger() as (clock, far, inbox):
        far.write("Anna", "one")
        await inbox.reconcile("messenger", clock.now() - timedelta(hours=1))
        (talk,) = await inbox.conversations.open()
        far.page.faults.append(Fault(status=500, taken=True))
        await inbox.conversations.reply(talk.id, "two")
        await inbox.send()  # and nobody asks the platform what became of it
        assert len(await inbox.in_doubt()) == 1
        done = await inbox.reconcile("messenger", clock.now() - timedelta(hours=1))
        assert (done.missing, done.brought_in) == (1, 0)
        assert await inbox.in_doubt() == []
        assert [one.text for one in await everything(inbox)] == ["one", "two"]


async def test_the_window_of_what_is_late_counts_from_when_it_was_said() -> None:
    """Two days late is too late to answer on Messenger; once they write again it is not."""
    async with on_messenger() as (clock, far, inbox):
        far.write("Anna", "one")
        clock.advance(days=2)
        await inbox.reconcile("messenger", clock.now() - timedelta(days=3))
        (talk,) = await inbox.conversations.open()
        with pytest.raises(WindowClosed):
            await inbox.conversations.reply(talk.id, "two")
        with Served(inbox.asgi()) as server:
            await asyncio.to_thread(far.connect, f"{server.url}/messenger")
            far.page.hook.waiting.clear()
            far.write("Anna", "three")
            await asyncio.to_thread(far.push)
            await inbox.work()
        await inbox.conversations.reply(talk.id, "two")


async def test_x_brings_again_what_no_list_holds() -> None:
    """A deletion is in no list: with the app's token X is asked to tell again what it told."""
    clock = HandClock()
    with Platform(clock=clock.now) as far:
        channel = channel_class("x")("x", **{**far.settings, **BY_WEBHOOK_ALONE["x"]})
        async with Inbox("sqlite:///:memory:", [channel], clock=clock) as inbox:
            with Served(inbox.asgi()) as server:
                await asyncio.to_thread(far.connect, f"{server.url}/x")
                far.write("Anna", "one")
                await asyncio.to_thread(far.push)
                clock.advance(hours=1)
                far.network.delete(far.network.posts[0])
                far.lose()
                done = await inbox.reconcile("x")
                assert done.asked.startswith("X was asked to bring again by webhook what it told since")
                await asyncio.to_thread(far.push)
                await inbox.work()
            (message,) = await everything(inbox)
            assert message.deleted
            assert await inbox.parked() == []


async def test_x_says_which_token_it_wants() -> None:
    clock = HandClock()
    with Platform(clock=clock.now) as far:
        wrong = channel_class("x")("x", **{**far.settings, **BY_WEBHOOK_ALONE["x"], "app_token": "another"})
        (found,) = await wrong.delivers()
        assert (found.ok, "app_token" in found.cure) == (False, True)
        with pytest.raises(WireError, match="does not name a webhook"):
            await wrong.redeliver(clock.now(), clock.now())
        right = channel_class("x")("x", **{**far.settings, **BY_WEBHOOK_ALONE["x"]})
        (found,) = await right.delivers()
        assert (found.ok, found.stopped) == (False, True)
        async with Inbox("sqlite:///:memory:", [right], clock=clock) as inbox:
            done = await inbox.reconcile("x", clock.now() - timedelta(hours=1))
            assert "does not name a webhook" in done.asked
        without = channel_class("x")("x", **{**far.settings, "app_token": ""})
        assert (await without.delivers(), await without.redeliver(clock.now(), clock.now())) == ((), "")


@pytest.mark.parametrize("kind", ["messenger", "instagram", "sms", "voice", "telegram", "x"])
async def test_platforms_that_can_be_asked_say_whether_they_deliver(kind: str) -> None:
    """Without a webhook nothing arrives, which is `disabled`; once it is set, all is as it should be."""
    clock = HandClock()
    with emulator(kind, clock) as far:
        before = {**far.settings, **BY_WEBHOOK_ALONE.get(kind, {})}
        async with Inbox("sqlite:///:memory:", [channel_class(kind)(kind, **before)], clock=clock) as inbox:
            (health,) = await inbox.health()
            assert (health.state, health.needs_person) == ("disabled", True)
            with Served(inbox.asgi()) as server:
                await asyncio.to_thread(far.connect, f"{server.url}/{kind}")
            (health,) = await inbox.health()
            assert (health.state, health.needs_person) == ("quiet", False)
            assert health.asked


@pytest.mark.parametrize(
    ("kind", "nothing", "all_there_is"),
    [("facebook", [], ["feed", "mention", "ratings", "message_echoes"]), ("whatsapp", False, True)],
)
async def test_an_app_that_is_subscribed_to_nothing_hears_nothing(
    kind: str, nothing: object, all_there_is: object
) -> None:
    clock = HandClock()
    with emulator(kind, clock) as far:
        channel = channel_class(kind)(kind, **far.settings)
        far.subscribed = nothing  # type: ignore[attr-defined]
        assert [one.stopped for one in await channel.delivers()] == [True]
        far.subscribed = all_there_is  # type: ignore[attr-defined]
        assert [one.ok for one in await channel.delivers()] == [True]


async def test_a_file_of_calls_that_grew_is_compared_whole(tmp_path: Path) -> None:
    """Its first piece has the key that it had, and says more."""
    path = tmp_path / "calls.csv"
    path.write_text("start,from,to,duration\n2026-03-01 09:00:00,+31612345678,+31201234567,42\n")
    voice = Voice("voice", records=str(path), number="+31201234567")
    since = HandClock().now() - timedelta(days=7)
    async with Inbox("sqlite:///:memory:", [voice]) as inbox:
        assert (await inbox.reconcile("voice", since)).brought_in == 1
        with path.open("a") as file:
            file.write("2026-03-01 10:00:00,+31687654321,+31201234567,7\n")
        done = await inbox.reconcile("voice", since)
        assert (done.compared, done.present, done.brought_in) == (2, 1, 1)
