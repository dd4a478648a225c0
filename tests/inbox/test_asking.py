"""Asking platforms: what nameless people call themselves, and what a source has, once, from a script."""

from __future__ import annotations

import pytest

from omnichannel import Inbox
from omnichannel.channel import Batch
from omnichannel.model import Address, Party
from tests.chat import Chat, delivery
from tests.engines import HandClock
from tests.inbox.desk import Desk


class Knowing(Chat):
    """A chat whose platform can be asked who somebody is."""

    can = Chat.can.model_copy(update={"profiles": True})

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.names: dict[str, str | None | Exception] = {}
        self.asked: list[str] = []

    async def look_up(self, address: Address) -> Party | None:
        self.asked.append(address.value)
        found = self.names.get(address.value)
        if isinstance(found, Exception):
            raise found
        return None if found is None else Party(address=address, name=found)


async def test_the_nameless_are_asked_about_once_a_day(clock: HandClock) -> None:
    """What the platform says is a name, what it does not say or breaks on is asked again tomorrow."""
    channel = Knowing("chat")
    channel.names = {"anna": "Anna", "ben": None, "cid": OSError("gone"), "dot": ""}
    async with Inbox("sqlite:///:memory:", [channel], clock=clock) as inbox:
        seen: list[str] = []

        @inbox.on_message
        async def look(incoming) -> None:
            seen.append(incoming.customer.name)

        items = [{"id": who, "from": who, "text": "hi"} for who in ("anna", "ben", "cid", "dot")]
        await inbox.receive("chat", delivery(*items, {"id": "e", "from": "eve", "name": "Eve", "text": "hi"}))
        await inbox.work()
        assert sorted(channel.asked) == ["anna", "ben", "cid", "dot"]
        assert sorted(seen) == ["", "", "", "Anna", "Eve"], "a handler is told the name"
        await inbox.work()
        assert len(channel.asked) == 4
        clock.advance(hours=24)
        channel.names = {"cid": "Cid"}
        await inbox.work()
        assert sorted(channel.asked[4:]) == ["ben", "cid", "dot"]
        customer = await inbox.customers.find(Address(kind="chat", value="cid"))
        assert customer is not None
        assert customer.name == "Cid"


class Box:
    """A source with three letters, given one at a time."""

    name = "INBOX"

    def __init__(self) -> None:
        self.closed = 0
        self.broken = False

    async def fetch(self, cursor: str) -> Batch:
        if self.broken:
            raise OSError("gone")
        number = int(cursor or 0)
        if number == 3:
            return Batch(cursor="3")
        item = {"id": f"l{number}", "from": "anna", "text": str(number)}
        letter = delivery(item).model_copy(update={"key": str(number), "source": "poll"})
        return Batch(deliveries=(letter,), cursor=str(number + 1), more=True)

    async def wait(self, seconds: float) -> None:
        raise AssertionError("a script does not wait")

    async def close(self) -> None:
        self.closed += 1


async def test_a_script_fetches_everything_once(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    box = Box()
    monkeypatch.setattr(desk.inbox.channel("chat"), "sources", lambda: (box,), raising=False)
    assert await desk.inbox.poll() == 3
    assert await desk.inbox.poll() == 0
    await desk.inbox.work()
    assert [message.text for message in await desk.everything()] == ["0", "1", "2"]
    assert box.closed == 2
    box.broken = True
    with pytest.raises(OSError, match="gone"):
        await desk.inbox.poll()
    assert box.closed == 3
