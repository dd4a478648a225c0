"""Step four as a worker does it: it takes calls up, looks whether they are still its own, and makes them."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from functools import cached_property, partial

from omnichannel.clock import micros
from omnichannel.errors import UsageError
from omnichannel.inbox import sending
from omnichannel.inbox.desk.steps import Desking
from omnichannel.inbox.sending import Outcome
from omnichannel.inbox.together import Together
from omnichannel.model import Refused
from omnichannel.store import Tx, pulses
from omnichannel.store.hands import Hands
from omnichannel.store.outbox import Leased

_log = logging.getLogger("omnichannel")

_TO_MEND = frozenset({"reauth", "config", "policy", "quota"})
"""Why messages are refused that others will be refused for as well, until somebody mends the account."""


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
            several = len(self.channels) > 1
            hands = Hands(self.rules.at_once, self._making.values()) if several else None
            return sending.lease(tx, self.rules, most, hands, self._making.keys())

        leased = await self.run_job(job)
        self._making.update((one.id, one.account) for one in leased)
        return leased

    async def make_call(self, leased: Leased) -> None:
        """Make one call, with no lock held, and settle it."""
        try:
            await self._make(leased)
        finally:
            self._making.pop(leased.id, None)

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
        if held := self._held(leased):
            await self.run_job(lambda tx: sending.put_back(tx, leased, *held))
            return
        receipt = await sending.attempt(channel, sender, leased)
        if isinstance(receipt, Refused) and receipt.code in _TO_MEND:
            # The code alone: the platform's words may repeat what was said, or to whom.
            _log.warning(
                "account %s: a message was refused (%s); `omnichannel doctor` says what to mend",
                channel.name,
                receipt.code,
            )
        until = sending.not_before(receipt, micros(self.clock.now()), self.rules)
        self._not_before[channel.name] = max(until, self._not_before.get(channel.name, 0))
        sent = partial(pulses.note, account=leased.account, what="sent_at")
        note = self._seldom.note(("sent", leased.account), lambda tx, now: sent(tx, at=now))
        await self._settled.end(Outcome(channel, leased, receipt, note))

    def _held(self, leased: Leased) -> tuple[int, str] | None:
        """Why a call is not made now, though it was leased, with the moment from which on it may be."""
        now, until = micros(self.clock.now()), self._not_before.get(leased.account, 0)
        if not sending.in_time(leased, now):
            return now, "its sender stood still, and did not make it"
        if now < until:
            return until, "the platform asked us to wait meanwhile"
        return None
