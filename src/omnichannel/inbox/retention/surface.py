"""`inbox.retention`: what goes by its age, and what went."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from omnichannel.clock import micros
from omnichannel.desk.retention import Retention as Rules
from omnichannel.inbox.retention.walk import Counts, Walker, gone, went
from omnichannel.model import Gone
from omnichannel.store.ageing import Walk

if TYPE_CHECKING:
    from omnichannel.inbox.core import Core

_FIRST = datetime(1970, 1, 1, tzinfo=UTC)


class Retention:
    """What is let go by its age, as `Inbox(retention=Retention(…))` says; `run` does it once a day.

    What is not over never goes: open conversations, what waits to be read, handled or sent, calls in doubt. Nor does
    anything of customers whose data are frozen.
    """

    def __init__(self, inbox: Core) -> None:
        self._inbox = inbox

    async def foresee(self) -> list[Gone]:
        """What would go now: how much of what, of which account, of which day. Nothing is changed.

        Exactly that goes in `apply`, unless something comes, or is closed, frozen or over, in between.
        """
        walker, counts = self._walker(), Counts()
        walk: Walk | None = Walk(micros(self._inbox.clock.now()), 0)
        while walk is not None:
            found, walk = await self._inbox.run_job(partial(walker.count, walk=walk))
            counts.update(found)
        return gone(counts)

    async def apply(self) -> list[Gone]:
        """Let go what is old enough, now, some in each commit; what went.

        Where it is interrupted, the next call, or `run`, goes on from there.
        """
        walker, counts, more = self._walker(), Counts(), True
        while more:
            found, more = await self._inbox.run_job(partial(walker.take, now=True))
            counts.update(found)
        return gone(counts)

    async def gone(self, since: datetime | None = None) -> list[Gone]:
        """What went, from a day on: counts, with the day on which it went (`went_on`)."""
        start = micros(since or _FIRST)
        return await self._inbox.run_job(lambda tx: went(tx, start))

    def _walker(self) -> Walker:
        return Walker(self._inbox, self._inbox.retention_rules or Rules())
