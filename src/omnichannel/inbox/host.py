"""What the inbox lets a channel's own pages do: one `Host` for each account that has a site."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from omnichannel.channel import Ack, Delivery
from omnichannel.inbox.bell import LOOK, RARE_LOOK, Bell
from omnichannel.inbox.steps import Steps
from omnichannel.model import Address, Message
from omnichannel.store import Tx, messages, people


class AccountHost:
    """The inbox as one account's pages see it; see `channel.Host`."""

    def __init__(self, inbox: Steps, account: str) -> None:
        self._inbox = inbox
        self._account = account

    async def receive(self, delivery: Delivery) -> Ack:
        """Verify and keep one delivery."""
        return await self._inbox.receive(self._account, delivery)

    async def talk(self, address: Address, after: str = "", most: int = 100) -> Sequence[Message]:
        """What this account and that address said to each other after a message, in order."""

        def job(tx: Tx) -> list[Message]:
            start = tx.ids.find("message", after) if after else 0
            person = people.find(tx, address)
            return messages.talk(tx, self._account, person.id, start, most) if person else []

        return await self._inbox.run_job(job)

    async def wait(self, seconds: float) -> None:
        """Until something may be new."""
        bell = Bell()
        self._inbox.bells[bell.ring] = None
        try:
            await bell.wait(min(seconds, RARE_LOOK if self._inbox.open().listens else LOOK))
        finally:
            self._inbox.bells.pop(bell.ring, None)

    def random(self, size: int) -> bytes:
        """Unguessable bytes."""
        return self._inbox.clock.random(size)

    def now(self) -> datetime:
        """The moment, by the inbox's clock."""
        return self._inbox.clock.now()
