"""Step four as a worker does it: it takes calls up, looks whether they are still its own, and makes them."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from functools import cached_property, partial

from omnichannel.clock import micros
from omnichannel.errors import UsageError
from omnichannel.inbox import sending
from omnichannel.inbox.desk.steps import Desking
from omnichannel.inbox.sending import Outcome
from omnichannel.inbox.together import Together
from omnichannel.store import Tx, pulses
from omnichannel.store.outbox import Leased


class Calling(Desking):
    """Sending; whoever calls it decides when."""

    @cached_property
    def _settled(self) -> Together[Outcome]:
        """Calls whose outcome is known."""
        return Together(self, lambda tx, ended: sending.settle_all(tx, ended, self.rules))

    async def send(self) -> int:
        """Step four: make the calls whose turn it is; how many. No call is made twice by itself."""
        leased = await self.lease_calls(self.rules.at_once)
        await asyncio.gather(*(self.make_call(one) for one in leased))
        return len(leased)

    async def lease_calls(self, most: int) -> list[Leased]:
        """Take calls whose turn it is, for `make_call`; what a dead worker held is in doubt from now on."""
        for channel in self.channels.values():
            with suppress(UsageError):  # an account that is only read holds up no other
                self._sender(channel)  # made before a lease begins: a lease should hold nothing but the call

        def job(tx: Tx) -> list[Leased]:
            sending.recover(tx, self._making)
            return sending.lease(tx, self.rules, most)

        leased = await self.run_job(job)
        self._making.update(one.id for one in leased)
        return leased

    async def make_call(self, leased: Leased) -> None:
        """Make one call, with no lock held, and settle it."""
        try:
            await self._make(leased)
        finally:
            self._making.discard(leased.id)

    async def _make(self, leased: Leased) -> None:
        channel = self.channels.get(leased.account)
        if channel is None:
            reason = f"no account is called {leased.account!r} any more"
            await self.run_job(lambda tx: sending.fail(tx, leased, reason))
            return
        try:
            sender = self._sender(channel)
        except UsageError as error:
            reason = str(error)
            await self.run_job(lambda tx: sending.fail(tx, leased, reason))
            return
        if not sending.in_time(leased, micros(self.clock.now())):
            await self.run_job(lambda tx: sending.put_back(tx, leased))
            return
        receipt = await sending.attempt(channel, sender, leased)
        sent = partial(pulses.note, account=leased.account, what="sent_at")
        note = self._seldom.note(("sent", leased.account), lambda tx, now: sent(tx, at=now))
        await self._settled.end(Outcome(channel, leased, receipt, note))
