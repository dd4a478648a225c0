"""The stream: everything once, in order, without a gap, for as long as somebody listens."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import httpx
import pytest

from omnichannel.channels.webchat.link import stream as stream_module
from omnichannel.channels.webchat.link.presence import Presence
from omnichannel.channels.webchat.link.reading import Reader
from omnichannel.errors import NotFound
from omnichannel.model import Address, Direction, Message, Text
from omnichannel.tls import trusted
from tests.channels.webchat.given import Room, login, room, visitor
from tests.engines import MORNING, HandClock


class Listener:
    """A browser that reads the stream, event by event."""

    def __init__(self, lines: AsyncIterator[str]) -> None:
        self._lines = lines
        self.cursor = ""

    async def event(self) -> tuple[str, dict[str, Any]]:
        """The next event."""
        name = ""
        async for line in self._lines:
            key, _, value = line.partition(": ")
            name = value if key == "event" else name
            self.cursor = value if key == "id" else self.cursor
            if key == "data":
                return name, json.loads(value)
        return "closed", {}

    async def until_ready(self) -> list[str]:
        """The words of every message up to the end of a batch."""
        found = []
        while (event := await self.event())[0] == "message":
            found.append(event[1]["parts"][0]["text"])
        assert event[0] == "ready"
        return found

    async def line(self) -> str:
        return await anext(self._lines)


@asynccontextmanager
async def listening(on: Room, token: str, cursor: str = "") -> AsyncIterator[Listener]:
    headers = {"authorization": f"Bearer {token}", "origin": on.origin, "last-event-id": cursor}
    async with (
        httpx.AsyncClient(trust_env=False, verify=trusted(), timeout=20) as client,
        client.stream("GET", f"{on.site.hook}/events", headers=headers) as answer,
    ):
        assert answer.headers["content-type"] == "text/event-stream"
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["access-control-allow-origin"] == on.origin
        yield Listener(answer.aiter_lines())


async def reply(on: Room, text: str) -> None:
    (conversation,) = await on.inbox.conversations.open()
    await on.inbox.conversations.reply(conversation.id, text)


async def test_what_is_said_appears_while_somebody_listens() -> None:
    async with room() as on:
        token = on.enter()["token"]
        async with listening(on, token) as browser:
            assert await browser.until_ready() == []
            on.say(token)
            await on.inbox.work()
            assert await browser.until_ready() == ["Hello"]
            await reply(on, "Hi")
            assert await browser.until_ready() == ["Hi"]


async def test_a_lost_stream_goes_on_where_it_was() -> None:
    """What is old enough comes no more, what was missed comes."""
    async with room() as on:
        token = on.enter()["token"]
        on.say(token)
        await on.inbox.work()
        on.clock.advance(seconds=11)
        async with listening(on, token) as browser:
            assert await browser.until_ready() == ["Hello"]
        await reply(on, "While you were away")
        async with listening(on, token, browser.cursor) as browser:
            assert await browser.until_ready() == ["While you were away"]


async def test_the_cursor_stands_at_the_end_of_a_batch() -> None:
    """A browser that lost the second half of a batch asks for all of it again."""
    async with room() as on:
        token = on.enter()["token"]
        on.say(token)
        await on.inbox.work()
        on.clock.advance(seconds=11)
        async with listening(on, token) as browser:
            assert (await browser.event())[0] == "message"
            assert browser.cursor == ""
            assert (await browser.event())[0] == "ready"
            assert browser.cursor != ""


async def test_before_and_after_a_login_are_one_talk() -> None:
    async with room() as on:
        anonymous = on.enter()["token"]
        on.say(anonymous, "Before")
        await on.inbox.work()
        anna = on.enter(anonymous, jwt=login())["token"]
        on.say(anna, "After", own="another-message")
        await on.inbox.work()
        async with listening(on, anna) as browser:
            assert await browser.until_ready() == ["Before", "After"]
        async with listening(on, anonymous) as browser:
            assert await browser.until_ready() == ["Before"]  # whoever kept the old pass learns no more


async def test_somebody_who_writes_is_seen_to() -> None:
    async with room() as on:
        token, other = on.enter()["token"], on.enter()["token"]
        on.say(token)
        await on.inbox.work()
        (conversation,) = await on.inbox.conversations.open()
        async with listening(on, token) as browser, listening(on, other) as stranger:
            assert await browser.until_ready() == ["Hello"]
            assert await stranger.until_ready() == []
            assert await on.inbox.conversations.signal(conversation.id, "typing")
            assert await browser.event() == ("typing", {})
            on.say(other, "And I?", own="another-message")
            await on.inbox.work()
            assert await stranger.until_ready() == ["And I?"]


async def test_a_sign_that_no_browser_here_can_show_is_not_called_shown() -> None:
    """Who writes asks another web process than the one that the visitor's browser is connected to, or it is closed."""
    async with room() as on:
        token, other = on.enter()["token"], on.enter()["token"]
        on.say(token)
        await on.inbox.work()
        (conversation,) = await on.inbox.conversations.open()
        async with listening(on, other) as stranger:
            assert await stranger.until_ready() == []
            assert not await on.inbox.conversations.signal(conversation.id, "typing")
        async with listening(on, token) as browser:
            assert await browser.until_ready() == ["Hello"]
            assert await on.inbox.conversations.signal(conversation.id, "typing")


async def test_a_stream_ends_with_its_pass() -> None:
    async with room() as on:
        token = on.enter(jwt=login())["token"]
        async with listening(on, token) as browser:
            assert await browser.until_ready() == []
            on.clock.advance(minutes=62)
            assert (await browser.event())[0] == "closed"


async def test_a_silent_stream_says_that_it_is_alive(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream_module, "HEARTBEAT", 0.05)
    async with room() as on, listening(on, on.enter()["token"]) as browser:
        await browser.until_ready()
        assert await browser.line() == ""
        assert await browser.line() == ": still here"


async def test_tabs_of_one_visitor_are_counted() -> None:
    async with room() as on:
        token = on.enter()["token"]
        async with AsyncExitStack() as tabs:
            for _ in range(8):
                await tabs.enter_async_context(listening(on, token))
            found = on.ask("GET", "/events", token=token)
            assert (found.status_code, found.headers["retry-after"]) == (429, "30")
            other = await tabs.enter_async_context(listening(on, on.enter()["token"]))
            assert await other.until_ready() == []
        for _ in range(200):  # the server notices in its own time that somebody left
            try:
                async with listening(on, token) as browser:
                    assert await browser.until_ready() == []
                    return
            except AssertionError:
                on.clock.advance(seconds=1)
                await asyncio.sleep(0.02)
        pytest.fail("the tabs that were closed still count")


# ---- reading


class Book:
    """A host with a talk that is written by hand."""

    def __init__(self) -> None:
        self.clock = HandClock()
        self.written: dict[str, Message] = {}

    def write(self, name: str, *, direction: Direction = Direction.INBOUND, **more: Any) -> None:
        at = self.clock.now()
        self.written[name] = Message(
            id=name, conversation="c", seq=1, direction=direction, sent_at=at, received_at=at,
            parts=(Text(text=name),), external_id=f"v/{name}", **more,
        )  # fmt: skip

    async def talk(self, address: Address, after: str = "", most: int = 100) -> list[Message]:
        if after and after not in self.written:
            raise NotFound(after)
        return [self.written[name] for name in sorted(self.written) if name > after][-most:]

    def now(self) -> Any:
        return self.clock.now()


async def names(reader: Reader) -> list[Any]:
    return [message["id"] for message in await reader.news()]


async def test_a_message_that_turns_up_late_is_not_missed() -> None:
    """Another worker's message gets its id before, and is committed after, one that was read already."""
    book = Book()
    reader = Reader(book, [visitor()])  # type: ignore[arg-type] # as much of a host as a reader needs
    book.write("m2")
    assert await names(reader) == ["m2"]
    book.write("m1")
    assert await names(reader) == ["m1"]
    book.clock.advance(seconds=11)
    assert await names(reader) == []
    assert reader.cursor == "m2"
    book.write("m3")
    assert await names(reader) == ["m3"]


async def test_a_cursor_whose_message_is_gone_begins_anew() -> None:
    book = Book()
    book.write("m1")
    reader = Reader(book, [visitor()], "gone")  # type: ignore[arg-type]
    assert await names(reader) == ["m1"]


async def test_deleted_and_internal_messages_are_nobodys_business() -> None:
    book = Book()
    book.write("m1", direction=Direction.INTERNAL)
    book.write("m2", deleted=True)
    book.write("m3", direction=Direction.OUTBOUND)
    assert await names(Reader(book, [visitor()])) == ["m3"]  # type: ignore[arg-type]


def test_presence_forgets_who_has_gone() -> None:
    """Names that were never heard of again, and listeners that left, cost nothing."""
    presence = Presence()
    heard: list[str] = []
    with presence.listening(("a", "b"), lambda: heard.append("x")):
        presence.answers("a")
        presence.answers("c")
    presence.answers("a")
    assert heard == ["x"]
    assert presence._listeners == {}
    for number in range(10_050):
        presence.visitor(str(number), MORNING)
    assert len(presence._until) == 10_000
    assert presence.writes("10049", MORNING)
    assert not presence.writes("0", MORNING)
