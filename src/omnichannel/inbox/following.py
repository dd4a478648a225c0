"""Following what happens from inside the process: every happening, in order, from where the follower left off.

A follower is a name with a cursor in the store. It is one worker's at a time, by a lease; what that worker was given
counts as seen when it asks for more. So whatever dies, everything is seen at least once, and nothing by two at once.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from types import TracebackType
from typing import NamedTuple, Self

from omnichannel.clock import micros
from omnichannel.errors import Conflict
from omnichannel.inbox.base import Base
from omnichannel.inbox.bell import Bell
from omnichannel.inbox.rules import span
from omnichannel.model import Happening
from omnichannel.store import Tx, following, records, webhooks
from omnichannel.store.records import Placed

_LOOK = 1.0  # seconds: other processes write to the same store, and nobody rings here when they do
_SOME = 100  # happenings that are read at a time


def wanted(happening: Happening, wants: Sequence[str]) -> bool:
    """Whether a happening is one of those: by name, or by the beginning before a star. None at all: every one is."""
    return not wants or any(
        happening.what == want or (want.endswith("*") and happening.what.startswith(want[:-1]))
        for want in wants
    )


class Given(NamedTuple):
    """What a worker was given: its number, the happenings that it is to see, and how far that brings it."""

    holder: int
    happenings: list[Placed]
    reached: int


class Following:
    """A named follower at work: `async with inbox.follow("crm") as events: async for happening in events: …`.

    A happening counts as seen when the next one is asked for, or the end of the iteration is reached; not when the
    block is left by `break` or an error: then it comes again, unless `acknowledge` was called. Raises Conflict if
    this worker took longer than its lease and another one took over, and Missed if some were let go unseen.
    """

    def __init__(
        self, inbox: Base, name: str, wants: Sequence[str], *, oldest: bool, every: int, wait: bool
    ) -> None:
        self._inbox = inbox
        self._name = name
        self._wants = wants
        self._oldest = oldest
        self._every = every
        self._wait = wait
        self._ahead: deque[Placed] = deque()
        self._holder = 0
        self._until = 0
        self._seen: Placed | None = None
        self._unsettled = 0
        self._end = (
            0  # how far it is when everything ahead is seen: what is not wanted stands behind the last one
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._holder:
            name, holder = self._name, self._holder
            await self._inbox.run_job(lambda tx: following.let_have(tx, name, holder))
        self._let_go()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Happening:
        if self._seen is not None and (self._unsettled >= self._every or not self._ahead or self._late()):
            await self.acknowledge()
        elif self._ahead and self._late():
            await self._renew()
        while not self._ahead:
            if not await self._more() and not self._wait:
                raise StopAsyncIteration
        self._seen = self._ahead.popleft()
        self._unsettled += 1
        return self._seen.happening

    async def acknowledge(self) -> None:
        """Everything that was given so far was seen. Raises Conflict if another worker has taken over."""
        if self._seen is None:
            return
        reached = self._seen.position if self._ahead else self._end
        name, holder, lease = self._name, self._holder, span(self._inbox.rules.follow_lease)

        def job(tx: Tx) -> bool:
            return following.acknowledge(tx, name, holder, reached, tx.now() + lease)

        until = self._now() + lease
        if not await self._inbox.run_job(job):
            self._let_go()
            raise Conflict(
                f"{name} was taken over by another worker, or moved, while this one worked on what it was given: "
                "what was not acknowledged is seen again. If the work takes so long, make Rules.follow_lease longer"
            )
        self._until, self._seen, self._unsettled = until, None, 0

    async def _renew(self) -> None:
        """Have what is ahead for a whole lease more, before any of it is given out; or see where others left off."""
        name, holder, lease = self._name, self._holder, span(self._inbox.rules.follow_lease)
        until = self._now() + lease
        if await self._inbox.run_job(lambda tx: following.renew(tx, name, holder, tx.now() + lease)):
            self._until = until
        else:
            self._let_go()

    def _now(self) -> int:
        return micros(self._inbox.clock.now())

    def _late(self) -> bool:
        """Whether half of the lease is over, so that it is time to renew it."""
        return self._now() + span(self._inbox.rules.follow_lease) // 2 >= self._until

    def _let_go(self) -> None:
        self._ahead.clear()
        self._holder, self._seen, self._unsettled = 0, None, 0

    async def _more(self) -> bool:
        """Whether there is more now; if not, and if it waits, when something may have happened."""
        bell = Bell()
        self._inbox.bells[bell.ring] = None
        try:
            given = await self._read()
            if given is None and self._wait:
                await bell.wait(_LOOK)
        finally:
            self._inbox.bells.pop(bell.ring, None)
        return given is not None

    async def _read(self) -> Given | None:
        until = self._now() + span(self._inbox.rules.follow_lease)
        given = await self._inbox.run_job(self._job)
        if given is None:
            self._holder = 0
            return None
        self._holder, self._until, self._end = given.holder, until, given.reached
        self._ahead.extend(given.happenings)
        return given

    def _job(self, tx: Tx) -> Given | None:
        """Take the follower, and what it has to see next; None if there is nothing, or if another worker has it."""
        until = tx.now() + span(self._inbox.rules.follow_lease)
        place = start(tx, self._name, oldest=self._oldest)
        some = following.unseen(tx, place, _SOME)
        if not some:  # looking costs nothing: nothing is written
            if self._holder:
                following.let_have(tx, self._name, self._holder)
            return None
        # What is ours already may have been taken over since; then it is not ours any more.
        kept = self._holder and following.renew(tx, self._name, self._holder, until)
        holder = self._holder if kept else following.take(tx, self._name, until)
        if not holder:
            return None
        # Until it was ours, whoever had it could get further, or somebody move it.
        now = following.place(tx, self._name)
        if now.reached != place.reached and not (some := following.unseen(tx, now, _SOME)):
            following.let_have(tx, self._name, holder)
            return None
        end = some[-1].position
        found = [one for one in some if wanted(one.happening, self._wants)]
        if not found:
            following.skip(tx, self._name, holder, end)
        return Given(holder, found, end)


def start(tx: Tx, name: str, *, oldest: bool) -> following.Place:
    """Where a follower is; a new one begins. Raises Conflict for the name of an endpoint."""
    if webhooks.find(tx, name) is not None:
        raise Conflict(f"{name} is an endpoint, which is told by webhook; follow under another name")
    if following.find(tx, name) is None:  # where two begin at once, one of them did
        following.begin(tx, name, following.gone_up_to(tx) if oldest else records.newest(tx))
    return following.place(tx, name)
