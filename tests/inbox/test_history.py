"""Bringing in what was said before: once, in order, closed, answered by nobody, going on where it broke off."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from omnichannel import Inbox
from omnichannel.channel import Batch, Delivery, Source
from omnichannel.errors import Unsupported
from omnichannel.inbox import Imported, Incoming
from tests.chat import Chat, FarEnd, Letter, delivery
from tests.engines import MORNING, HandClock
from tests.inbox.desk import Desk

SINCE = MORNING - timedelta(days=30)


def said(number: int, who: str = "anna", **more: Any) -> dict[str, Any]:
    """Something that was said so many hours before this morning."""
    at = (MORNING - timedelta(hours=number)).timestamp()
    return {"id": f"{who}-{number}", "from": who, "text": f"{who} {number} h ago", "at": at} | more


class Record:
    """A platform's record, in pages; `breaks` is the page at which it fails, once."""

    name = "record"

    def __init__(self, pages: Sequence[Sequence[dict[str, Any]]]) -> None:
        self.pages = pages
        self.breaks = -1
        self.asked: list[str] = []

    async def fetch(self, cursor: str) -> Batch:
        page = int(cursor or 0)
        self.asked.append(cursor)
        if page == self.breaks:
            self.breaks = -1
            raise ConnectionError("lost")
        found: tuple[Delivery, ...] = tuple(
            delivery(item) for item in self.pages[page : page + 1] for item in item
        )
        return Batch(deliveries=found, cursor=str(page + 1), more=page + 1 < len(self.pages))

    async def wait(self, seconds: float) -> None:
        raise AssertionError("a record is read to its end, not waited for")

    async def close(self) -> None:
        """Nothing to let go of."""


def remembering(kind: type[Chat], record: Record) -> Chat:
    """A chat whose platform has a record."""

    class Remembering(kind):  # type: ignore[valid-type, misc]
        can = kind.can.model_copy(update={"history": True})

        def histories(self, since: datetime) -> Sequence[Source]:
            assert since == SINCE
            return (record,)

    found: Chat = Remembering("old", FarEnd())
    return found


@pytest.fixture
def opened(url: str, clock: HandClock) -> Callable[..., Inbox]:
    def make(record: Record, kind: type[Chat] = Chat) -> Inbox:
        return Inbox(url, [remembering(kind, record)], clock=clock)

    return make


NEWEST_FIRST = [[said(1), said(2)], [said(3), said(4, "bert")], [said(5)]]


async def test_each_thread_of_the_past_is_one_closed_conversation_in_order(
    opened: Callable[..., Inbox],
) -> None:
    """Platforms give the newest first; a conversation reads from its beginning."""
    async with opened(Record(NEWEST_FIRST)) as inbox:
        done = await inbox.import_history("old", SINCE)
        assert done == Imported("old", "record", 5, 5)
        assert await inbox.conversations.open() == []
        berts, annas = await inbox.conversations.closed()
        texts = [message.text for message in await inbox.conversations.messages(annas.id)]
        assert texts == [f"anna {number} h ago" for number in (5, 3, 2, 1)]
        assert (annas.opened_at, annas.last_at) == (
            MORNING - timedelta(hours=5),
            MORNING - timedelta(hours=1),
        )
        assert berts.messages == 1
        what = {event.what for event in await inbox.events()}
    assert what == {"conversation.imported", "message.imported"}


async def test_nobody_answers_the_past(opened: Callable[..., Inbox]) -> None:
    """Handlers do not see it, however late they are registered."""
    seen: list[str] = []
    async with opened(Record(NEWEST_FIRST)) as inbox:

        async def handler(incoming: Incoming) -> None:
            seen.append(incoming.message.text)

        inbox.on_message(handler)
        await inbox.import_history("old", SINCE)
        await inbox.work()
        await inbox.receive("old", delivery(said(0, "cleo")))
        await inbox.work()
    assert seen == ["cleo 0 h ago"]


async def test_an_import_beside_a_server_takes_nothing_from_its_handlers(
    shared_url: str, clock: HandClock
) -> None:
    """A command without handlers reads what came live in the meantime: it waits for those who have some."""
    seen: list[str] = []

    async def handler(incoming: Incoming) -> None:
        seen.append(incoming.message.text)

    def opened() -> Inbox:
        return Inbox(shared_url, [remembering(Chat, Record(NEWEST_FIRST))], clock=clock)

    async with opened() as server, opened() as command:
        server.on_message(handler)
        await server.work()
        await server.receive("old", delivery(said(0, "cleo")))
        await command.import_history("old", SINCE)
        await server.work()
    assert seen == ["cleo 0 h ago"]


async def test_what_goes_on_now_is_a_conversation_of_its_own(opened: Callable[..., Inbox]) -> None:
    """And what came live before the import is recognised in it: nothing is there twice."""
    async with opened(Record(NEWEST_FIRST)) as inbox:
        await inbox.receive("old", delivery(said(1)))
        await inbox.work()
        await inbox.import_history("old", SINCE)
        (live,) = await inbox.conversations.open()
        assert [message.text for message in await inbox.conversations.messages(live.id)] == ["anna 1 h ago"]
        customer = await inbox.customers.get(live.customer)
        timeline = await inbox.customers.timeline(customer.id)
    assert [message.text for message in timeline] == [f"anna {number} h ago" for number in (5, 3, 2, 1)]


async def test_an_import_goes_on_where_it_broke_off(opened: Callable[..., Inbox]) -> None:
    """What was committed is not asked for again, and progress was told batch by batch."""
    record = Record(NEWEST_FIRST)
    record.breaks = 1
    told: list[Imported] = []
    async with opened(record) as inbox:
        with pytest.raises(ConnectionError):
            await inbox.import_history("old", SINCE, told=told.append)
        assert told == [Imported("old", "record", 2, 2)]
        done = await inbox.import_history("old", SINCE, told=told.append)
        assert record.asked == ["", "1", "1", "2"]
        assert done == Imported("old", "record", 3, 3)
        assert len(await inbox.conversations.closed()) == 2


async def test_importing_twice_brings_nothing_twice(opened: Callable[..., Inbox]) -> None:
    record = Record([[said(2), said(1)]])
    async with opened(record) as inbox:
        await inbox.import_history("old", SINCE)
        record.pages = [[], [said(2), said(1), said(0)]]
        await inbox.import_history("old", SINCE)
        (only,) = await inbox.conversations.closed()
        texts = [message.text for message in await inbox.conversations.messages(only.id)]
    assert texts == ["anna 2 h ago", "anna 1 h ago", "anna 0 h ago"]


async def test_what_is_counted_are_deliveries_whatever_is_in_them(opened: Callable[..., Inbox]) -> None:
    """Fresh is one whose key is not known: it may hold many messages, and messages that are known already."""

    class Keyed(Record):
        async def fetch(self, cursor: str) -> Batch:
            several = [("a", delivery(said(3), said(2))), ("b", delivery(said(1))), ("c", delivery(said(0)))]
            kept = tuple(one.model_copy(update={"key": key}) for key, one in several[: 3 if cursor else 2])
            return Batch(deliveries=kept, cursor="on")

    async with opened(Keyed([])) as inbox:
        await inbox.receive("old", delivery(said(1)))
        await inbox.work()
        assert await inbox.import_history("old", SINCE) == Imported("old", "record", 2, 2)
        (past,), (live,) = await inbox.conversations.closed(), await inbox.conversations.open()
        assert (past.messages, live.messages) == (2, 1)
        assert await inbox.import_history("old", SINCE) == Imported("old", "record", 3, 1)


async def test_what_we_said_then_stands_beside_it(opened: Callable[..., Inbox]) -> None:
    ours = said(1, "us", to="anna", id="ours")
    async with opened(Record([[said(2), ours]])) as inbox:
        await inbox.import_history("old", SINCE)
        (only,) = await inbox.conversations.closed()
        both = await inbox.conversations.messages(only.id)
    assert [(message.direction.value, message.text) for message in both] == [
        ("inbound", "anna 2 h ago"),
        ("outbound", "us 1 h ago"),
    ]


async def test_a_stranger_who_names_a_thread_does_not_stand_in_it(opened: Callable[..., Inbox]) -> None:
    """Where anybody can name a thread (mail), each writer has a conversation of their own."""
    items = [
        said(3, id="root"),
        said(2, "mallory", thread="root", strength="asserted"),
        said(1, thread="root"),
    ]
    async with opened(Record([items]), Letter) as inbox:
        await inbox.import_history("old", SINCE)
        found = [
            [message.text for message in await inbox.conversations.messages(one.id)]
            for one in await inbox.conversations.closed()
        ]
    assert sorted(found) == [["anna 3 h ago", "anna 1 h ago"], ["mallory 2 h ago"]]


async def test_a_channel_without_a_record_says_so(desk: Desk) -> None:
    with pytest.raises(Unsupported, match="keeps no record"):
        await desk.inbox.import_history("chat", datetime(2026, 1, 1, tzinfo=UTC))
