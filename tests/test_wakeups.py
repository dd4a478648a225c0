"""The loops are woken by every ring, also by one that comes while they look."""

from __future__ import annotations

import asyncio

import pytest

from omnichannel import Inbox, run
from omnichannel.inbox.handling import Turn
from tests.chat import Chat, delivery
from tests.engines import HandClock


async def test_what_comes_while_a_step_looks_is_seen_without_waiting_for_the_next_look(
    clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every step has its own bell, cleared before it looks: else one step could take another one's ring away."""
    monkeypatch.setattr(run, "_LOOK", 3600.0)
    stop = asyncio.Event()
    inbox = Inbox("sqlite:///:memory:", [Chat("chat")], clock=clock)
    empty_look, looks = inbox.claim_messages, 0

    async def a_long_look(most: int) -> list[Turn]:
        nonlocal looks
        looks += 1
        if looks > 1:
            return await empty_look(most)
        done = await empty_look(most)  # it saw nothing, and while it takes its time, something comes
        await inbox.receive("chat", delivery({"id": "1", "from": "anna", "text": "hello"}))
        while not await inbox.events():
            await asyncio.sleep(0)
        return done

    monkeypatch.setattr(inbox, "claim_messages", a_long_look)

    @inbox.on_message
    async def seen(incoming: object) -> None:
        stop.set()

    async with asyncio.timeout(20):
        await inbox.run(stop=stop)
    assert not inbox.bells, "nobody rings for loops that have ended"
    await inbox.close()
