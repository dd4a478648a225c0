"""Over real sockets: the joined system posts, the inbox reads and answers, the system shows it to its person."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from omnichannel import Inbox, Incoming
from omnichannel.channels.http import Http
from omnichannel.emulators.http import Fault, System
from omnichannel.emulators.serving import Served
from omnichannel.errors import FetchError, Unsupported
from omnichannel.model import Attachment
from tests.engines import HandClock


class Bench:
    """An inbox that greets everybody, behind a web server, and the system that posts to it."""

    def __init__(self, system: System, inbox: Inbox, clock: HandClock) -> None:
        self.system, self.inbox, self.clock = system, inbox, clock

    async def settle(self) -> None:
        """Push, and let the inbox do what there is to do, also what it put off."""
        self.system.push()
        for _ in range(3):
            await self.inbox.work()
            self.clock.advance(seconds=60)

    async def message(self, number: int = 0):
        [conversation] = await self.inbox.conversations.open()
        return (await self.inbox.conversations.messages(conversation.id))[number]


@asynccontextmanager
async def bench(**how: object) -> AsyncIterator[Bench]:
    clock = HandClock()
    with System(clock=clock.now, **how) as system:
        channel = Http("crm", **system.settings)
        async with Inbox("sqlite:///:memory:", [channel], clock=clock) as inbox:

            @inbox.on_message
            async def greet(incoming: Incoming) -> None:
                await incoming.reply(f"Hello {incoming.customer.name}!")

            with Served(inbox.asgi()) as web:
                system.connect(f"{web.url}/crm")
                yield Bench(system, inbox, clock)


async def test_a_conversation_there_and_back() -> None:
    """In by webhook, out by webhook, seen by the person, and the statuses come home."""
    async with bench() as on:
        on.system.write("Ann", "Where is my order?")
        await on.settle()
        assert on.system.shown("Ann") == ["Hello Ann!"]
        on.system.tell("Ann", "delivered")
        on.system.tell("Ann", "read")
        await on.settle()
        assert [sent.status for sent in (await on.message(1)).sendings] == ["read"]


async def test_what_comes_twice_is_answered_once() -> None:
    """A repetition has the same ids and a new timestamp."""
    async with bench() as on:
        on.system.write("Ann", "Where is my order?")
        assert on.system.push(times=3) == [200, 200, 200]
        await on.settle()
        assert on.system.shown("Ann") == ["Hello Ann!"]


async def test_what_was_not_taken_comes_again() -> None:
    """The wrong secret is refused with 401 and nothing is kept; set right, the same event gets through."""
    async with bench() as on:
        right, on.system.secret = on.system.secret, on.system.send_secret
        on.system.write("Ann", "Hello?")
        assert on.system.push() == [401]
        on.system.secret = right
        await on.settle()
        assert on.system.shown("Ann") == ["Hello Ann!"]


async def test_a_recording_is_refused() -> None:
    """What was signed more than five minutes ago, or will be, is not taken."""
    async with bench() as on:
        on.system.write("Ann", "Hello?")
        now = on.system.clock
        for minutes in (-6, 6):
            on.system.clock = lambda minutes=minutes: now() + timedelta(minutes=minutes)
            assert on.system.push() == [401]
        on.system.clock = now
        assert on.system.push() == [200]


@pytest.mark.parametrize(
    "fault", [Fault(503), Fault(502, taken=True), Fault(200, taken=True, body="<html>"), Fault(429)]
)
async def test_in_doubt_it_is_posted_again_and_arrives_once(fault: Fault) -> None:
    """Whoever takes each `webhook-id` once may be asked again: nothing is lost, nothing said twice."""
    async with bench() as on:
        on.system.faults = [fault]
        on.system.write("Ann", "Where is my order?")
        await on.settle()
        assert on.system.shown("Ann") == ["Hello Ann!"]
        assert [sent.status for sent in (await on.message(1)).sendings] == ["sent"]
        assert await on.inbox.in_doubt() == []


async def test_it_is_not_posted_again_for_ever() -> None:
    """After a few attempts in doubt a person has to decide."""
    async with bench() as on:
        on.system.faults = [Fault(500)] * 20
        on.system.write("Ann", "Where is my order?")
        for _ in range(5):
            await on.settle()
        assert [message.text for message in await on.inbox.in_doubt()] == ["Hello Ann!"]


async def test_an_answer_with_nothing_is_enough() -> None:
    """Then our own id is the message's, and statuses name it."""
    async with bench(quiet=True) as on:
        on.system.write("Ann", "Where is my order?")
        await on.settle()
        on.system.tell("Ann", "failed", "no such person")
        await on.settle()
        assert [sent.status for sent in (await on.message(1)).sendings] == ["failed"]


async def test_edits_reactions_and_unsending() -> None:
    """What happens to a message afterwards is seen on it."""
    async with bench() as on:
        first = on.system.write("Ann", "Helo")
        await on.settle()
        on.system.edit("Ann", first, "Hello")
        on.system.react("Ann", first, "👍")
        await on.settle()
        message = await on.message()
        assert (message.text, message.edited, [one for _, one in message.reactions]) == (
            "Hello",
            True,
            ["👍"],
        )
        on.system.react("Ann", first, "👍", removed=True)
        on.system.unsend("Ann", first)
        await on.settle()
        message = await on.message()
        assert (message.text, message.deleted, message.reactions) == ("", True, ())


async def test_files_in_the_delivery_and_elsewhere() -> None:
    """Bytes in base64 are read out of the delivery; an address is fetched, from the system's own host as well."""
    async with bench() as on:
        url = f"{on.system.settings['url']}/nothing"
        file = {"type": "attachment", "name": "a.txt", "content": "aGVsbG8"}
        on.system.write(
            "Ann", "Look", parts=[{"type": "text", "text": "here"}, file, {"type": "attachment", "url": url}]
        )
        await on.settle()
        message = await on.message()
        held, elsewhere = (part for part in message.parts if isinstance(part, Attachment))
        assert (held.size, await on.inbox.attachment(message.id, held)) == (5, b"hello")
        channel = on.inbox.channels["crm"]
        with pytest.raises(FetchError, match="it is gone"):
            await channel.download(elsewhere)
        with pytest.raises(FetchError, match="only https"):
            await Http.bare().download(elsewhere)
        with pytest.raises(Unsupported):
            await channel.download(Attachment(name="nothing"))


async def test_doctor_sends_a_signed_ping() -> None:
    """Whether the other end is there and knows the secret, with the cure if not."""
    with System() as system:
        settings = system.settings
        [found] = await Http("crm", **settings).check()
        assert (found.ok, found.what) == (True, "url takes a signed ping")
        [found] = await Http("crm", **settings | {"send_secret": settings["secret"]}).check()
        assert not found.ok
        assert "send_secret" in found.cure
        system.faults = [Fault(418)]
        [found] = await Http("crm", **settings).check()
        assert not found.ok
        assert "any 2xx" in found.cure
    [found] = await Http("crm", **settings).check()
    assert not found.ok
    assert "did not answer" in found.what
    [found] = await Http("crm", secret=system.secret).check()
    assert found.ok
    [found] = await Http.bare().check()
    assert not found.ok
