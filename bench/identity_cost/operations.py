"""What is measured: each operation as an application asks for it, on a store that may be of any size.

An operation first makes ready what it needs, unmeasured, and gives the act that is measured, from the call to its
answer: the way to the store's thread and back and the commit are in it.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Sequence
from random import Random
from typing import NamedTuple

from bench.identity_cost.population import PART, Someone, someone
from omnichannel import Inbox
from omnichannel.identity import Entry
from omnichannel.inbox import merging, studying
from omnichannel.model import Address, Strength
from omnichannel.store import Tx, journal, people

COMPONENT = 1000
_NEW = 20_000_000  # customers from this number on stand in no store yet
_RUN = 10_000  # new customers that one run may need

Act = Callable[[], Awaitable[object]]


class World:
    """A store that stands, whom it knows, and what this run has added to it."""

    def __init__(self, inbox: Inbox, addresses: int, opened: int) -> None:
        self.inbox = inbox
        self.identity = inbox.identity
        self.chance = Random(f"{addresses} {opened}")  # no two runs merge the same
        self._addresses = addresses
        self._next = _NEW + opened * _RUN % 70_000_000
        self.merged: list[tuple[Address, Address]] = []
        self.component: list[Address] = []
        self.ties: list[tuple[Address, Address]] = []
        self.parted: list[str] = []

    @classmethod
    async def of(cls, inbox: Inbox, addresses: int) -> World:
        """The world of a store of so many addresses, which may have been opened before."""

        def opened(tx: Tx) -> int:
            row = tx.one("SELECT opened FROM workspaces WHERE workspace = ?", tx.ws)
            return int(str(row[0])) if row else 0

        return cls(inbox, addresses, await inbox.run_job(opened))

    def known(self) -> Someone:
        """Somebody whom the store knows."""
        start = self.chance.randrange(0, self._addresses, PART)
        some = min(PART, self._addresses - start) // 2  # who is there: each has fewer than two addresses
        return someone(start + self.chance.randrange(some))

    def new(self, addresses: int = 0) -> Someone:
        """Somebody whom it does not know yet."""
        self._next += 1
        return someone(self._next, addresses)

    async def grow_component(self) -> None:
        """Write down a customer of a thousand addresses: an operator vouched for each, beside one of those before."""
        self.component = [self.new(1).addresses[0] for _ in range(COMPONENT)]
        links = [(self.chance.randrange(place), place) for place in range(1, COMPONENT)]
        self.ties = [(self.component[one], self.component[other]) for one, other in links]
        self.parted = []

        def job(tx: Tx) -> None:
            at = tx.now()
            numbers = [
                people.observed(tx, address, Strength.ATTESTED, "import", "", at).id
                for address in self.component
            ]
            for one, other in links:
                journal.write(tx, Entry(0, "accept", numbers[one], numbers[other], actor="ann", at=at))
            merging.regroup(tx, numbers[:1])

        await self.inbox.run_job(job)


async def find(world: World) -> Act:
    """A known sender: which customer has this address."""
    address = world.chance.choice(world.known().addresses)
    return lambda: world.inbox.customers.find(address)


async def observe(world: World) -> Act:
    """A new address with two further ones that proof ties to it, and a name; committed."""
    new = world.new(3)
    return lambda: world.identity.observe(new.addresses[0], new.evidence, facts={"name": new.name})


async def merge(world: World) -> Act:
    """Two customers are one, an operator says."""
    one, other = _two(world)
    world.merged.append((one, other))
    return lambda: world.identity.merge(one, other, actor="ann")


def _two(world: World) -> tuple[Address, Address]:
    one = other = world.known().addresses[0]
    while one == other:
        other = world.known().addresses[0]
    return one, other


async def unmerge(world: World) -> Act:
    """The latest merge is taken back."""
    one, other = world.merged.pop()
    return lambda: world.identity.unmerge(one, other, actor="ann")


async def unmerge_among_many(world: World) -> Act:
    """One of a thousand addresses' ties is cut, wherever in the tree; what was cut before grows together first."""
    if not world.component:
        await world.grow_component()
    if world.parted:
        await world.identity.undo(world.parted, actor="ann")
    one, other = world.chance.choice(world.ties)

    async def act() -> None:
        world.parted = await world.identity.unmerge(one, other, actor="ann")

    return act


async def alike(world: World) -> Act:
    """Who may be the same as this customer: candidates by keys, each scored, with what tells so."""
    address = world.known().addresses[0]

    def job(tx: Tx) -> int:
        person = people.find(tx, address)
        assert person is not None
        return len(studying.alike(tx, person))

    return lambda: world.inbox.run_job(job)


async def look_ups(world: World, times: int) -> list[float]:
    """How many seconds it takes to find who has an address, on the store's own thread: without the way there."""
    wanted = [world.chance.choice(world.known().addresses) for _ in range(times)]

    def job(tx: Tx) -> list[float]:
        seconds = []
        for address in wanted:
            start = time.perf_counter()
            people.find(tx, address)
            seconds.append(time.perf_counter() - start)
        return seconds

    return await world.inbox.run_job(job)


class Operation(NamedTuple):
    """`times`: how often it is measured on each store, in each setting. `commits`: whether it writes."""

    what: str
    ready: Callable[[World], Awaitable[Act]]
    times: int
    commits: bool = True


OPERATIONS: Sequence[Operation] = (
    Operation("known sender", find, 1000, commits=False),
    Operation("new address", observe, 200),
    Operation("merge", merge, 100),
    Operation("unmerge", unmerge, 100),
    Operation(f"unmerge in {COMPONENT:,}", unmerge_among_many, 20),
    Operation("candidates", alike, 200, commits=False),
)
