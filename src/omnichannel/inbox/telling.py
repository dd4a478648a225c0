"""The step beside the four: other systems are told what happened, and what is no longer kept is let go.

[happenings] → tell
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from omnichannel.clock import micros
from omnichannel.inbox.base import Base
from omnichannel.inbox.following import Following
from omnichannel.inbox.rules import span
from omnichannel.inbox.webhooks import delivering, registering, waiting
from omnichannel.inbox.webhooks.delivering import Due
from omnichannel.store import Store, following
from omnichannel.webhooks import suits, told_of
from omnichannel.webhooks.posting import Poster


class Telling(Base):
    """Following from inside the process, and by webhook from outside; whoever calls the steps decides when."""

    _registered: Store | None = None  # where the store was told of the configuration's endpoints

    def follow(
        self,
        name: str,
        *,
        wants: Iterable[str] = (),
        oldest: bool = True,
        every: int = 1,
        wait: bool = True,
    ) -> Following:
        """Every happening, in order, from where the follower of this name left off: see `Following`.

        `wants` are the happenings to see (`message.received`, `message.*`; none: all). A new follower begins with the
        oldest happening that is kept, or, if not `oldest`, with the next one. What was seen is written down after so
        many (`every`), and whenever all that there is was seen: as many may come again after a crash. With `wait` it
        goes on for ever; without, it ends when there is nothing more, or while another worker has it. Raises
        ConfigError for what can be no name.
        """
        return Following(
            self, suits(name, "name"), told_of(wants), oldest=oldest, every=max(every, 1), wait=wait
        )

    async def tell(self) -> int:
        """Tell every endpoint whose turn it is what happened, a turn each; how many there were."""
        due = await self.claim_notices(self.rules.at_once)
        await asyncio.gather(*(self.send_notices(one) for one in due))
        return len(due)

    async def claim_notices(self, most: int) -> list[Due]:
        """Take endpoints whose turn it is, each with its next notice, for `send_notices`.

        Beside so many (`most`) some of those that failed the last time: they may hang, and hold up no others.
        """
        await self.register()
        room = waiting.room(self)
        due = await self.run_job(lambda tx: delivering.claim(tx, self.configured, most, room))
        self.hanging.update(one.endpoint for one in due if one.failing)
        return due

    async def send_notices(self, due: Due) -> None:
        """One endpoint's turn: send a notice with no lock held, settle it, and go on with the one after it."""
        upcoming: Due | None = due
        try:
            while upcoming is not None:
                url, private = upcoming.url, upcoming.private
                async with Poster(url, private=private) as poster:
                    while upcoming is not None and (upcoming.url, upcoming.private) == (url, private):
                        upcoming = await self._send_notice(poster, upcoming)
        finally:
            self.hanging.discard(due.endpoint)

    async def _send_notice(self, poster: Poster, due: Due) -> Due | None:
        response = await waiting.posted(self, poster, due)
        return await self.run_job(lambda tx: delivering.settle(tx, self.configured, due, response))

    async def register(self) -> None:
        """Make the store know the endpoints of the configuration, once for every opening."""
        if self.configured and (self._store is None or self._store is not self._registered):
            await self.run_job(lambda tx: registering.register(tx, self.configured.values()))
            self._registered = self._store

    async def let_go(self) -> int:
        """Let go of happenings that are older than `Rules.keep_events`, some at a time; how many."""
        keep = self.rules.keep_events
        if keep is None:
            return 0
        before = micros(self.clock.now()) - span(keep)
        return await self.run_job(lambda tx: following.let_go(tx, before))
