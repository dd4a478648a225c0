"""Filling holes: what a platform's record holds and nothing told us comes in late, once, in order, to be answered."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest

from omnichannel import Inbox, Rules
from omnichannel.channel import Batch, Delivery, Source
from omnichannel.errors import Unsupported, UsageError
from omnichannel.inbox import Incoming, Reconciled
from omnichannel.inbox.recording import Recorder
from omnichannel.model import Received
from tests.chat import Chat, FarEnd, delivery
from tests.engines import MORNING, HandClock
from tests.inbox.desk import Desk

SINCE = MORNING - timedelta(days=1)


def said(number: int, who: str = "anna", **more: Any) -> dict[str, Any]:
    """Something that was said so many minutes before this morning."""
    at = (MORNING - timedelta(minutes=number)).timestamp()
    return {"id": f"{who}-{number}", "from": who, "text": f"{who} {number}", "at": at} | more


class Platform:
    """What its people said, newest first, in pages of two; `breaks` is the page at which it fails, once."""

    def __init__(self) -> None:
        self.record: list[dict[str, Any]] = []
        self.breaks = -1
        self.asked: list[str] = []
        self.since: list[datetime] = []

    def says(self, *items: dict[str, Any]) -> None:
        self.record = sorted([*self.record, *items], key=lambda one: -one["at"])

    def channel(self, name: str = "old") -> Chat:
        platform = self

        class Remembering(Chat):
            can = Chat.can.model_copy(update={"history": True})

            def histories(self, since: datetime) -> Sequence[Source]:
                platform.since.append(since)
                return (Record(platform),)

        return Remembering(name, FarEnd())


class Record:
    """The platform's list, as an API gives it."""

    name = "record"

    def __init__(self, platform: Platform) -> None:
        self.platform = platform

    async def fetch(self, cursor: str) -> Batch:
        page = int(cursor or 0)
        self.platform.asked.append(cursor)
        if page == self.platform.breaks:
            self.platform.breaks = -1
            raise ConnectionError("lost")
        items = self.platform.record[2 * page : 2 * page + 2]
        found: tuple[Delivery, ...] = (delivery(*items),) if items else ()
        return Batch(deliveries=found, cursor=str(page + 1), more=2 * page + 2 < len(self.platform.record))

    async def wait(self, seconds: float) -> None:
        raise AssertionError("a record is read to its end, not waited for")

    async def close(self) -> None:
        """Nothing to let go of."""


@pytest.fixture
def platform() -> Platform:
    return Platform()


Opened = Callable[..., Inbox]


@pytest.fixture
def opened(url: str, clock: HandClock, platform: Platform) -> Opened:
    def make(rules: Rules | None = None) -> Inbox:
        return Inbox(url, [platform.channel()], clock=clock, rules=rules)

    return make


async def open_texts(inbox: Inbox) -> list[tuple[str, bool]]:
    """What stands in the only open conversation, and whether it was late."""
    (talk,) = await inbox.conversations.open()
    return [(one.text, one.late) for one in await inbox.conversations.messages(talk.id)]


async def test_what_is_missing_lands_late_in_the_open_conversation_in_the_order_in_which_it_was_said(
    opened: Opened, platform: Platform
) -> None:
    async with opened() as inbox:
        await inbox.receive("old", delivery(said(60)))
        await inbox.work()
        platform.says(*(said(number) for number in (60, 50, 40, 30, 20)))
        done = await inbox.reconcile("old", SINCE)
        assert done == Reconciled("old", SINCE, compared=5, present=1, missing=4, brought_in=4)
        assert await open_texts(inbox) == [
            ("anna 60", False), ("anna 50", True), ("anna 40", True), ("anna 30", True), ("anna 20", True),
        ]  # fmt: skip
        happened = [one for one in await inbox.events() if one.what == "message.received"]
        assert [bool(one.detail) for one in happened] == [False, True, True, True, True]


async def test_twice_brings_nothing_new_and_keeps_nothing(opened: Opened, platform: Platform) -> None:
    async with opened() as inbox:
        platform.says(*(said(number) for number in (50, 40, 30)))
        await inbox.reconcile("old", SINCE)
        kept = await inbox.run_job(lambda tx: tx.one("SELECT COUNT(*) FROM deliveries"))
        again = await inbox.reconcile("old", SINCE)
        assert again == Reconciled("old", SINCE, compared=3, present=3)
        assert await inbox.run_job(lambda tx: tx.one("SELECT COUNT(*) FROM deliveries")) == kept
        assert len(await open_texts(inbox)) == 3


async def test_handlers_see_what_is_late_in_order_and_can_tell(opened: Opened, platform: Platform) -> None:
    seen: list[tuple[str, bool]] = []
    async with opened() as inbox:

        @inbox.on_message
        async def answer(incoming: Incoming) -> None:
            seen.append((incoming.message.text, incoming.message.late))
            await incoming.reply("Sorry for the wait")

        platform.says(said(50), said(40))
        await inbox.reconcile("old", SINCE)
        await inbox.work()
    assert seen == [("anna 50", True), ("anna 40", True)]


async def test_handlers_of_another_process_see_it(url: str, clock: HandClock, platform: Platform) -> None:
    """A command has no handlers; who has them is known, and what it brings in waits for them."""
    if "memory" in url:
        return
    seen: list[str] = []
    async with (
        Inbox(url, [platform.channel()], clock=clock) as server,
        Inbox(url, [platform.channel()], clock=clock) as command,
    ):

        @server.on_message
        async def keep(incoming: Incoming) -> None:
            seen.append(incoming.message.text)

        await server.work()
        platform.says(said(50))
        await command.reconcile("old", SINCE)
        await server.work()
    assert seen == ["anna 50"]


async def test_what_we_said_elsewhere_lands_too(opened: Opened, platform: Platform) -> None:
    async with opened() as inbox:
        platform.says(said(50), said(40, to="anna") | {"from": "us"}, said(30))
        await inbox.reconcile("old", SINCE)
        (talk,) = await inbox.conversations.open()
        found = await inbox.conversations.messages(talk.id)
        assert [one.direction for one in found] == ["inbound", "outbound", "inbound"]
        assert [one.text for one in found] == ["anna 50", "anna 40", "anna 30"]


async def test_it_goes_on_where_it_broke_off(opened: Opened, platform: Platform) -> None:
    """What was committed is not asked for again, and nothing is brought in before all is known."""
    platform.says(*(said(number) for number in (60, 50, 40, 30, 20, 10)))
    platform.breaks = 2
    told: list[Reconciled] = []
    async with opened() as inbox:
        with pytest.raises(ConnectionError):
            await inbox.reconcile("old", SINCE, told=told.append)
        assert [one.missing for one in told] == [2, 4]
        assert await inbox.conversations.open() == []
        done = await inbox.reconcile("old", SINCE)
        assert platform.asked == ["", "1", "2", "2"]
        assert (done.missing, done.brought_in) == (2, 6)
        assert [text for text, _ in await open_texts(inbox)] == [
            f"anna {number}" for number in (60, 50, 40, 30, 20, 10)
        ]


async def test_what_was_said_while_it_lay_broken_is_compared_too(
    opened: Opened, platform: Platform, clock: HandClock
) -> None:
    platform.says(*(said(number) for number in (60, 50, 40, 30)))
    platform.breaks = 1
    async with opened() as inbox:
        with pytest.raises(ConnectionError):
            await inbox.reconcile("old", SINCE)
        clock.advance(hours=5)
        platform.says(said(-120))
        await inbox.reconcile("old", SINCE)
        assert ("anna -120", True) in await open_texts(inbox)
        assert len(await open_texts(inbox)) == 5


async def test_webhooks_that_come_meanwhile_are_the_same_messages(opened: Opened, platform: Platform) -> None:
    """Noted as missing, then told by webhook after all: it is there once, whoever was first."""
    platform.says(*(said(number) for number in (50, 40, 30, 20)))
    platform.breaks = 1
    async with opened() as inbox:
        with pytest.raises(ConnectionError):
            await inbox.reconcile("old", SINCE)
        await inbox.receive("old", delivery(said(20)))
        await inbox.work()
        done = await inbox.reconcile("old", SINCE)
        assert done.brought_in == 3
        found = await open_texts(inbox)
        assert sorted(found) == [
            ("anna 20", False), ("anna 30", True), ("anna 40", True), ("anna 50", True),
        ]  # fmt: skip
        await inbox.receive("old", delivery(said(50), said(30)))
        await inbox.work()
        assert await open_texts(inbox) == found


async def test_several_workers_bring_in_everything_once_and_in_order(
    shared_url: str, clock: HandClock, platform: Platform
) -> None:
    platform.says(*(said(number) for number in range(400, 100, -1)))
    async with (
        Inbox(shared_url, [platform.channel()], clock=clock) as one,
        Inbox(shared_url, [platform.channel()], clock=clock) as other,
    ):
        found = await asyncio.gather(one.reconcile("old", SINCE), other.reconcile("old", SINCE))
        assert sum(done.brought_in for done in found) == 300
        (talk,) = await one.conversations.open()
        texts = [message.text for message in await one.conversations.messages(talk.id)]
        assert texts == [f"anna {number}" for number in range(400, 100, -1)]


async def test_what_was_said_before_the_moment_is_left_alone(opened: Opened, platform: Platform) -> None:
    async with opened() as inbox:
        platform.says(said(200), said(50))
        done = await inbox.reconcile("old", MORNING - timedelta(minutes=100))
        assert (done.compared, done.brought_in) == (1, 1)
        assert await open_texts(inbox) == [("anna 50", True)]


async def test_further_back_the_same_page_is_looked_at_anew(opened: Opened, platform: Platform) -> None:
    """What was too old for the first comparison stands on a page that is kept; the second one wants it."""
    async with opened() as inbox:
        platform.says(said(200), said(50))
        await inbox.reconcile("old", MORNING - timedelta(minutes=100))
        done = await inbox.reconcile("old", SINCE)
        assert (done.compared, done.present, done.brought_in) == (2, 1, 1)
        assert [text for text, _ in await open_texts(inbox)] == ["anna 50", "anna 200"]


async def test_by_itself_it_goes_back_to_before_the_gap(
    opened: Opened, platform: Platform, clock: HandClock
) -> None:
    """The oldest silence that was longer than usual and was not compared yet; then, to what was heard last."""
    async with opened() as inbox:
        with pytest.raises(UsageError, match="nothing was ever heard on old"):
            await inbox.reconcile("old")
        await inbox.receive("old", delivery(said(0)))
        clock.advance(days=3)
        await inbox.receive("old", delivery(said(-5)))
        clock.advance(days=2)
        await inbox.receive("old", delivery(said(-6)))
        (before,) = await inbox.health()
        assert before.gap_from == MORNING
        done = await inbox.reconcile("old")
        assert done.since == MORNING - Rules().margin
        (after,) = await inbox.health()
        assert (after.gap_from, after.compared_at) == (None, clock.now())
        assert (await inbox.reconcile("old")).since == clock.now() - Rules().margin


async def test_where_there_is_no_record_it_is_said_what_the_platform_does_instead(desk: Desk) -> None:
    with pytest.raises(Unsupported, match="keeps no record that could be read. What was not taken is lost"):
        await desk.inbox.reconcile("chat", SINCE)


async def test_what_cannot_be_read_waits_for_a_person_and_the_rest_comes(
    opened: Opened, platform: Platform
) -> None:
    async with opened() as inbox:
        platform.says(said(50), said(40, unreadable=True), said(30))
        done = await inbox.reconcile("old", SINCE)
        assert done.brought_in == 2
        for _ in range(2):
            (parked,) = await inbox.parked()
            assert parked.what == "delivery"
            assert (await inbox.reconcile("old", SINCE)).missing == 0


async def test_what_cannot_be_recorded_waits_for_a_person_and_the_rest_comes(
    opened: Opened, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    received = Recorder.received

    def broken(recorder: Recorder, event: Received) -> None:
        if event.text == "anna 40":
            raise ZeroDivisionError("a mistake of ours")
        received(recorder, event)

    monkeypatch.setattr(Recorder, "received", broken)
    async with opened() as inbox:
        platform.says(*(said(number) for number in (60, 50, 40, 30, 20)))
        done = await inbox.reconcile("old", SINCE)
        assert (done.missing, done.brought_in) == (5, 4)
        assert [text for text, _ in await open_texts(inbox)] == ["anna 60", "anna 50", "anna 30", "anna 20"]
        (parked,) = await inbox.parked()
        assert "a mistake of ours" in parked.reason
        monkeypatch.undo()
        await inbox.replay(parked.id)
        await inbox.work()
        assert ("anna 40", True) in await open_texts(inbox)
        assert len(await open_texts(inbox)) == 5


async def test_who_was_erased_is_not_brought_back(
    opened: Opened, platform: Platform, clock: HandClock
) -> None:
    async with opened() as inbox:
        await inbox.receive("old", delivery(said(50), said(45, "bert")))
        await inbox.work()
        talks = await inbox.conversations.open()
        said_first = {(await inbox.conversations.messages(one.id))[0].text: one for one in talks}
        clock.advance(minutes=1)
        await inbox.identity.erase(said_first["anna 50"].customer, actor="zoe")
        platform.says(said(50), said(45, "bert"), said(40), said(30, "bert"))
        done = await inbox.reconcile("old", SINCE)
        assert (done.compared, done.present, done.brought_in) == (4, 3, 1)
        assert await open_texts(inbox) == [("bert 45", False), ("bert 30", True)]
        kept = await inbox.run_job(lambda tx: tx.all("SELECT body FROM deliveries"))
        assert not any(b"anna" in bytes(body) for (body,) in kept)  # type: ignore[arg-type]


async def test_run_does_it_by_itself_after_a_gap_once(
    opened: Opened, platform: Platform, clock: HandClock
) -> None:
    async with opened() as inbox:
        await inbox.receive("old", delivery(said(0)))
        await inbox.work()
        platform.says(said(0), said(-60))
        assert await inbox.heal() == 0
        clock.advance(days=3)
        assert await inbox.heal() == 1
        assert await inbox.heal() == 0
        assert len(platform.since) == 1
        clock.advance(days=2)
        assert (await inbox.heal(), len(platform.since)) == (0, 1)
        clock.advance(days=2)
        assert (await inbox.heal(), len(platform.since)) == (0, 2)


async def test_a_running_inbox_fills_its_gap(opened: Opened, platform: Platform, clock: HandClock) -> None:
    async with opened() as inbox:
        await inbox.receive("old", delivery(said(0)))
        await inbox.work()
        clock.advance(days=3)
        platform.says(said(-60))
        stop = asyncio.Event()
        running = asyncio.create_task(inbox.run(stop=stop))
        async with asyncio.timeout(60):
            while len(await open_texts(inbox)) < 2:
                await asyncio.sleep(0.01)
        stop.set()
        await running
        assert await open_texts(inbox) == [("anna 0", False), ("anna -60", True)]


async def test_it_can_be_switched_off(opened: Opened, platform: Platform, clock: HandClock) -> None:
    async with opened(Rules(reconcile=False)) as inbox:
        await inbox.receive("old", delivery(said(0)))
        clock.advance(days=3)
        assert await inbox.heal() == 0
        assert platform.since == []


async def test_one_accounts_trouble_is_no_reason_to_stop(
    opened: Opened, platform: Platform, clock: HandClock
) -> None:
    platform.breaks = 0
    async with opened() as inbox:
        await inbox.receive("old", delivery(said(0)))
        clock.advance(days=3)
        assert await inbox.heal() == 0
        platform.says(said(-60))
        clock.advance(hours=1)
        assert await inbox.heal() == 1
