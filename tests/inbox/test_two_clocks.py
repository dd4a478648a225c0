"""Workers whose clocks differ, as those of machines without a time service do: what one does, no other does once more."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import NamedTuple

import pytest

from omnichannel import Inbox
from omnichannel.desk import Plan, Target, Team
from omnichannel.inbox.webhooks.delivering import LEASE
from tests.chat import delivery
from tests.desk.room import Room
from tests.desk.test_answers_away import SAYS, away
from tests.engines import MORNING, HandClock
from tests.inbox.receiver import Receiver
from tests.inbox.test_following import happen

APART = [0, 10, 30, -10, -30]
"""Seconds by which the second worker's clock is ahead."""


@pytest.fixture
def crm() -> Iterator[Receiver]:
    with Receiver() as receiver:
        yield receiver


class Two(NamedTuple):
    """Two workers, each with a clock of its own."""

    one: Inbox
    other: Inbox
    clocks: tuple[HandClock, HandClock]

    def advance(self, **span: float) -> None:
        for clock in self.clocks:
            clock.advance(**span)


@asynccontextmanager
async def two(url: str, apart: int) -> AsyncIterator[Two]:
    clocks = (HandClock(), HandClock(MORNING + timedelta(seconds=apart)))
    async with Inbox(url, clock=clocks[0]) as one, Inbox(url, clock=clocks[1]) as other:
        yield Two(one, other, clocks)


@pytest.mark.parametrize("apart", APART)
async def test_an_endpoint_is_told_once(shared_url: str, crm: Receiver, apart: int) -> None:
    """While one worker waits for its answer, the other one, by whose clock more time has passed, leaves it alone."""
    async with two(shared_url, apart) as workers:
        await workers.one.webhooks.add("crm", crm.hook, private=True, wants=["a.*"])
        await happen(workers.one, "a.one", "a.two")
        [due] = await workers.one.claim_notices(9)
        for _ in range(2):
            assert await workers.other.claim_notices(9) == []
            workers.advance(seconds=4)  # till it is renewed, for one renewal may fail
        await workers.one.send_notices(due)
        assert [heard.type for heard in crm.heard] == ["a.one", "a.two"]


@pytest.mark.parametrize("apart", APART)
async def test_who_dies_is_missed_for_a_lease_and_what_clocks_differ_by(
    shared_url: str, crm: Receiver, apart: int
) -> None:
    async with two(shared_url, apart) as workers:
        await workers.one.webhooks.add("crm", crm.hook, private=True, wants=["a.*"])
        await happen(workers.one, "a.one")
        await workers.one.claim_notices(9)
        workers.advance(seconds=LEASE.total_seconds() - apart - 1)
        assert await workers.other.tell() == 0
        workers.advance(seconds=1)
        assert await workers.other.tell() == 1
        assert crm.types == ["a.one"]


# ------------------------------------------------------------------------------------------------ at the desk


@pytest.fixture
def rooms(shared_url: str) -> Iterator[Callable[[Plan, int], list[Room]]]:
    """Two workers with a desk each, on one database."""
    made: list[Room] = []

    def make(plan: Plan, apart: int) -> list[Room]:
        clocks = (HandClock(), HandClock(MORNING + timedelta(seconds=apart)))
        made.extend(Room(shared_url, clock, plan) for clock in clocks)
        return made

    yield make
    for room in made:
        asyncio.run(room.close())


@pytest.mark.parametrize("apart", APART)
async def test_what_is_due_is_warned_of_and_missed_once(
    rooms: Callable[[Plan, int], list[Room]], apart: int
) -> None:
    """Whoever's clock gets there first says it; to the other one it was said, though by its own it is not due."""
    target = Target(name="soon", what="first", within=timedelta(minutes=30), time="calendar")
    workers = rooms(Plan(teams=(Team(name="service"),), default_team="service", targets=(target,)), apart)
    await workers[0].hears("rosa")
    for _ in range(33 * 6):
        for room in workers:
            room.clock.advance(seconds=10)
        await asyncio.gather(*(room.inbox.work() for room in workers))
    told = [one.what for one in await workers[0].inbox.events() if one.what in ("case.warned", "case.missed")]
    assert told == ["case.warned", "case.missed"]


@pytest.mark.parametrize("apart", APART)
async def test_an_away_notice_goes_out_once(rooms: Callable[[Plan, int], list[Room]], apart: int) -> None:
    """However the words and the workers take turns."""
    workers = rooms(away(), apart)
    for room in workers:
        room.clock.advance(hours=9)  # it is evening
    for number, room in enumerate((*workers, *workers)):
        item = {"id": f"m{number}", "from": "rosa", "text": "Where is my money?"}
        await room.inbox.receive("chat", delivery(item))
        await asyncio.gather(*(one.inbox.work() for one in workers))
    assert [one["text"] for room in workers for one in room.far["chat"].said] == [SAYS]


async def test_an_away_notice_that_another_worker_sent_is_not_taken_back(
    rooms: Callable[[Plan, int], list[Room]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who failed at it writes down why; that it was sent meanwhile stays, or it would be said again."""
    one, other = rooms(away(), 0)
    for room in (one, other):
        room.clock.advance(hours=9)
    run = one.inbox.run_job
    failing = True

    async def late(job: object) -> object:
        nonlocal failing
        if failing and "_send" in repr(job):
            failing = False
            await other.inbox.work()
            raise OSError("the line was lost")
        return await run(job)  # type: ignore[arg-type]

    monkeypatch.setattr(one.inbox, "run_job", late)
    conversation = await one.hears("rosa", "Where is my money?")
    notice = await one.inbox.desk.answers.notice(conversation)
    assert not failing
    assert notice is not None
    assert notice.say
    await other.hears("rosa", "Hello?")
    assert [said["text"] for room in (one, other) for said in room.far["chat"].said] == [SAYS]
