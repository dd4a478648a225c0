"""Whatever workers do and whenever they die, a follower sees everything, in order, and nothing twice at once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from omnichannel import Inbox, Rules
from omnichannel.errors import Conflict
from omnichannel.inbox.following import Following
from omnichannel.store import Tx, records
from tests.engines import HandClock, Postgres

LEASE = timedelta(minutes=5)
WORKERS = 3

# What can happen, in any order: something, to be seen by nobody, or by somebody who works, dies, is slow or starts anew.
STEP = st.one_of(
    st.tuples(st.just("happen"), st.integers(1, 5)),
    st.tuples(st.just("noise"), st.integers(1, 5)),
    st.tuples(
        st.sampled_from(["next", "next", "next", "die", "leave", "acknowledge"]), st.integers(0, WORKERS - 1)
    ),
    st.tuples(st.just("wait"), st.integers(1, 4)),
)


class World:
    """Some workers, each of which may have the follower; and what was seen, by whom, in which order."""

    def __init__(self, url: str, every: int) -> None:
        self.clock = HandClock()
        self.inboxes = [Inbox(url, clock=self.clock, rules=Rules(follow_lease=LEASE)) for _ in range(WORKERS)]
        self.every = every
        self.at_work: list[Following | None] = [None] * WORKERS
        self.written: list[str] = []
        self.seen: list[str] = []
        self.holding: dict[int, tuple[str, float]] = {}

    async def happen(self, count: int, *, wanted: bool) -> None:
        names = [f"{'a' if wanted else 'noise'}.{len(self.written) + number}" for number in range(count)]

        def job(tx: Tx) -> None:
            for name in names:
                records.happened(tx, name)

        await self.inboxes[0].run_job(job)
        self.written += names if wanted else []

    async def next(self, worker: int) -> None:
        following = self.at_work[worker]
        if following is None:
            following = self.at_work[worker] = self.inboxes[worker].follow(
                "crm", wants=["a.*"], every=self.every, wait=False
            )
        try:
            happening = await anext(following, None)
        except Conflict:
            happening = None
            self.at_work[worker] = None
        self.holding.pop(worker, None)
        if happening is None:
            return
        now = self.clock.now().timestamp()
        for other, (name, until) in self.holding.items():
            assert name != happening.what or until <= now, f"{other} and {worker} have {name} at once"
        self.holding[worker] = (happening.what, now + LEASE.total_seconds() / 2)
        self.seen.append(happening.what)

    async def die(self, worker: int) -> None:
        """Nothing of it is tidied up."""
        self.at_work[worker] = None
        self.holding.pop(worker, None)

    async def leave(self, worker: int) -> None:
        following, self.at_work[worker] = self.at_work[worker], None
        self.holding.pop(worker, None)
        if following is not None:
            await following.__aexit__(None, None, None)

    async def acknowledge(self, worker: int) -> None:
        following = self.at_work[worker]
        if following is not None:
            try:
                await following.acknowledge()
            except Conflict:
                self.at_work[worker] = None

    async def finish(self) -> None:
        """Whoever is left goes on until there is nothing more."""
        self.clock.advance(hours=1)
        for worker in range(WORKERS):
            await self.die(worker)
        before = None
        while before != len(self.seen):
            before = len(self.seen)
            await self.next(0)

    def check(self) -> None:
        """Everything; in order, but for what came again after a death: never from further back than was acknowledged."""
        assert set(self.seen) == set(self.written)
        place = {name: number for number, name in enumerate(self.written)}
        furthest = -1
        for name in self.seen:
            assert place[name] <= furthest + 1, "one was passed over"
            assert place[name] > furthest - self.every * (WORKERS + 1), "more came again than may"
            furthest = max(furthest, place[name])


@pytest.fixture(params=("file", "postgres"), scope="module")
def fresh(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[], str]]:
    """Empty databases, one for each example."""

    def make() -> str:
        if request.param == "postgres":
            server: Postgres = request.getfixturevalue("postgres")
            return server.ready()
        return f"sqlite:///{tmp_path_factory.mktemp('life') / 'a.db'}"

    return make


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(steps=st.lists(STEP, min_size=30, max_size=60), every=st.sampled_from([1, 1, 3]))
def test_nothing_is_missed_and_order_is_kept_whoever_dies(
    fresh: Callable[[], str], steps: list[tuple[str, int]], every: int
) -> None:
    url = fresh()

    async def life() -> None:
        world = World(url, every)
        try:
            for what, number in steps:
                if what in ("happen", "noise"):
                    await world.happen(number, wanted=what == "happen")
                elif what == "wait":
                    world.clock.advance(minutes=number)
                else:
                    await getattr(world, what)(number)
            await world.finish()
            world.check()
        finally:
            for inbox in world.inboxes:
                await inbox.close()

    asyncio.run(life())


def test_what_is_committed_in_another_order_is_not_missed(shared_url: str, clock: HandClock) -> None:
    """Two workers write at the same time, and a follower looks in between: a number that is smaller comes later."""
    asyncio.run(_crossing(shared_url, clock))


async def _crossing(url: str, clock: HandClock) -> None:
    ahead = HandClock(clock.now() + timedelta(minutes=1))
    async with Inbox(url, clock=clock) as slow, Inbox(url, clock=ahead) as fast:
        await fast.run_job(lambda tx: records.happened(tx, "a.later"))
        async with slow.follow("crm", wait=False) as events:
            assert [happening.what async for happening in events] == ["a.later"]
        await slow.run_job(lambda tx: records.happened(tx, "a.smaller"))
        async with slow.follow("crm", wait=False) as events:
            assert [happening.what async for happening in events] == ["a.smaller"]
