"""Who follows what happens, how far each has come, and moving them: for whoever looks after them."""

from __future__ import annotations

from omnichannel.errors import Conflict
from omnichannel.inbox.base import Base
from omnichannel.model import Follower
from omnichannel.store import Tx, following, webhooks


class Followers:
    """`inbox.followers`: everybody who follows, endpoints among them. `inbox.follow` is how one does."""

    def __init__(self, inbox: Base) -> None:
        self._inbox = inbox

    async def all(self) -> list[Follower]:
        """Everybody who follows, by name, with what waits for them."""
        return await self._inbox.run_job(
            lambda tx: [following.follower(tx, place) for place in following.places(tx)]
        )

    async def get(self, follower: str) -> Follower:
        """A follower by name; raises NotFound."""
        return await self._inbox.run_job(lambda tx: following.follower(tx, following.place(tx, follower)))

    async def move(self, follower: str, after: str = "") -> Follower:
        """Let a follower go on behind a happening, seen before or not; without one, with the oldest that is kept.

        What somebody works on at the moment cannot be acknowledged any more. Raises NotFound.
        """

        def job(tx: Tx) -> Follower:
            following.place(tx, follower)
            following.move(tx, follower, following.behind(tx, after))
            return following.follower(tx, following.place(tx, follower))

        moved = await self._inbox.run_job(job)
        self._inbox.ring()
        return moved

    async def forget(self, follower: str) -> None:
        """Nobody follows under that name any more. Raises NotFound, or Conflict for an endpoint."""

        def job(tx: Tx) -> None:
            following.place(tx, follower)
            if webhooks.find(tx, follower) is not None:
                raise Conflict(f"{follower} is an endpoint: use webhooks.remove({follower!r})")
            following.forget(tx, follower)

        await self._inbox.run_job(job)
