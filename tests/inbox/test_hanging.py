"""Endpoints that do not answer: they hold up nobody else, and stay their worker's while it waits."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from typing import Any

import pytest

from omnichannel import Rules
from omnichannel.inbox.rules import span
from omnichannel.inbox.webhooks import waiting
from omnichannel.inbox.webhooks.delivering import LEASE
from omnichannel.inbox.webhooks.waiting import MOST_HANGING
from omnichannel.store import following
from tests.inbox.desk import Desk
from tests.inbox.receiver import Receiver
from tests.inbox.test_following import happen
from tests.inbox.test_webhooks import registered, told
from tests.test_http import Peer, peer


@pytest.fixture
def crm() -> Iterator[Receiver]:
    with Receiver() as receiver:
        yield receiver


async def test_however_many_hang_the_others_are_told(
    desk_url: str, desks: Callable[..., Desk], crm: Receiver
) -> None:
    """More than there are hands; each for longer than this test takes."""
    desk = desks(desk_url, rules=Rules(at_once=2, webhook_timeout=timedelta(minutes=10)))
    stop, release = asyncio.Event(), threading.Event()

    def hang(connection: Any, it: Peer) -> None:
        it.hear(connection)
        release.wait(60)

    with ExitStack() as peers:
        for number in range(5):
            url = peers.enter_context(peer(hang)).url
            await desk.inbox.webhooks.add(f"a{number}", url, private=True)
        await registered(desk, crm, "last", wants=["a.*"])
        await happen(desk.inbox, "a.one")
        async with asyncio.timeout(60):
            running = asyncio.create_task(desk.inbox.run(stop=stop))
            while crm.types != ["a.one"]:
                await asyncio.sleep(0.01)
            release.set()
            stop.set()
            await running
    assert desk.inbox.hanging == set()


async def test_what_failed_the_last_time_takes_no_hand_and_only_so_many_are_tried_at_once(
    desk: Desk, crm: Receiver
) -> None:
    for number in range(4):
        await registered(desk, crm, f"ill{number}", wants=["a.*"])
    crm.answers = [500] * 4
    await told(desk, crm, "a.one")
    for number in range(2):
        await registered(desk, crm, f"well{number}", wants=["a.*"])
    await happen(desk.inbox, "a.two")
    desk.clock.advance(seconds=10)
    desk.inbox.hanging.update(
        f"elsewhere{number}" for number in range(desk.inbox.rules.at_once * MOST_HANGING - 3)
    )
    due = await desk.inbox.claim_notices(1)
    assert [(one.endpoint, one.failing) for one in due] == [
        ("ill0", True), ("ill1", True), ("ill2", True), ("well0", False),
    ]  # fmt: skip
    assert await desk.inbox.claim_notices(0) == []
    await asyncio.gather(*(desk.inbox.send_notices(one) for one in due))
    assert not any(name.startswith("ill") for name in desk.inbox.hanging)
    assert [one.endpoint for one in await desk.inbox.claim_notices(2)] == ["ill3", "well1"]


async def test_who_waits_for_an_answer_keeps_the_endpoint(
    shared_url: str, desks: Callable[..., Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    """For longer than the lease is; no other worker sends the same meanwhile."""
    monkeypatch.setattr(waiting, "PATIENCE", 0.01)
    monkeypatch.setattr(waiting, "RENEWED", 0.01)
    desk = desks(shared_url, rules=Rules(webhook_timeout=timedelta(minutes=10)))
    release = threading.Event()

    def hang(connection: Any, it: Peer) -> None:
        it.hear(connection)
        release.wait(60)
        connection.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")

    async def lease() -> int:
        place = await desk.inbox.run_job(lambda tx: following.place(tx, "slow"))
        return place.lease_until - desk.clock.micros

    with peer(hang) as it:
        await desk.inbox.webhooks.add("slow", it.url, private=True, wants=["a.*"])
        await happen(desk.inbox, "a.one")
        worker, heir = desk.inbox, desk.again()
        [due] = await worker.claim_notices(9)
        sending = asyncio.create_task(worker.send_notices(due))
        async with asyncio.timeout(60):
            for _ in range(5):
                desk.clock.advance(seconds=40)
                while await lease() < span(LEASE):
                    await asyncio.sleep(0.01)
                assert await heir.tell() == 0
            release.set()
            await sending
        assert len(it.heard) == 1
    assert (await heir.webhooks.get("slow")).follower.waiting == 0
