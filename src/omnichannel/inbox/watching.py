"""Knowing that nothing was missed: how every account does, and what it did not tell us."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime

from omnichannel.channel import Channel, Finding, Source
from omnichannel.clock import micros, moment
from omnichannel.errors import OmnichannelError
from omnichannel.inbox import gaps, health
from omnichannel.inbox.gaps import Begun, Comparison, Reconciled
from omnichannel.inbox.health import Health
from omnichannel.inbox.importing import Importing
from omnichannel.inbox.rules import span
from omnichannel.inbox.steps import handled_elsewhere
from omnichannel.store import Tx, pulses

_log = logging.getLogger("omnichannel")

_SECONDS = 10.0  # for each platform that is asked


class Watching(Importing):
    """Comparing accounts with their platforms' records, and telling how each of them does."""

    async def reconcile(
        self, account: str, since: datetime | None = None, *, told: Callable[[Reconciled], None] | None = None
    ) -> Reconciled:
        """Compare an account with its platform's record since a moment, and bring in what is missing, as if live.

        Without `since`: from `Rules.margin` before what was heard last before the oldest gap that is known, or before
        what was heard last at all. What is brought in lands where it belongs, in the order in which it was said, and
        handlers see it (`message.late`). Batches are committed one by one: after an interruption the same call goes
        on from there, and once it is done it brings nothing twice. It may run beside everything else. `told` hears of
        every batch. Raises Unsupported where the platform keeps no record, with what it does instead; UsageError
        where nothing was ever heard and no moment is given; NotFound, and what a source raises.
        """
        channel = self.channel(account)
        gaps.refuse(channel)
        wanted = micros(since) if since else None
        begun = await self.run_job(lambda tx: gaps.begin(tx, account, wanted, self.rules))
        done = Reconciled(account, moment(begun.since))
        done = done._replace(asked=await self._redelivered(channel, done.since))
        done = await self._compared(channel, begun, done, told)
        if self._is_old(begun):  # it was begun long ago, and what was said since is not compared
            further = await self.reconcile(account, moment(begun.at) - self.rules.margin, told=told)
            return _together(done, further)
        return done

    async def _redelivered(self, channel: Channel, since: datetime) -> str:
        """What the platform was asked to deliver again; that it refuses is no reason not to read its record."""
        try:
            return await channel.redeliver(since, self.clock.now())
        except OmnichannelError as error:
            return str(error)

    def _is_old(self, begun: Begun) -> bool:
        return micros(self.clock.now()) - begun.at > span(self.rules.margin)

    async def _compared(
        self, channel: Channel, begun: Begun, done: Reconciled, told: Callable[[Reconciled], None] | None
    ) -> Reconciled:
        handled = bool(self.handlers) or await self.run_job(handled_elsewhere)
        comparison = Comparison(channel, self.rules, self.channels.keys(), handled)
        for source in channel.histories(done.since):
            try:
                done = await self._read_past(comparison, source, begun, done, told)
            finally:
                await source.close()
        done = await self._record_missing(comparison, done, told)
        await self.run_job(lambda tx: gaps.finish(tx, channel.name, begun))
        return done

    async def _read_past(
        self,
        comparison: Comparison,
        source: Source,
        begun: Begun,
        done: Reconciled,
        told: Callable[[Reconciled], None] | None,
    ) -> Reconciled:
        account, more = done.account, True
        while more:
            batch = await source.fetch(await self.cursor(account, gaps.place(source.name)))

            def job(tx: Tx) -> gaps.Found:
                return comparison.compare(tx, source.name, batch, begun.since)  # noqa: B023 - awaited in its round

            found = await self.run_job(job)
            done = done._replace(
                compared=done.compared + found.present + found.missing,
                present=done.present + found.present,
                missing=done.missing + found.missing,
            )
            more = batch.more
            if told:
                told(done)
        return done

    async def _record_missing(
        self, comparison: Comparison, done: Reconciled, told: Callable[[Reconciled], None] | None
    ) -> Reconciled:
        most = gaps.MOST
        while True:
            try:
                items, written = await self.run_job(lambda tx: comparison.bring_in(tx, most))  # noqa: B023
            except Exception as error:  # noqa: BLE001 - one item spoiled the batch: the others go on
                if most == 1:
                    reason = f"{type(error).__name__}: {error}"
                    await self.run_job(lambda tx: comparison.set_aside(tx, reason))  # noqa: B023
                most = 1
                continue
            if not items:
                return done
            done = done._replace(brought_in=done.brought_in + written)
            self.ring()
            if told:
                told(done)

    async def heal(self) -> int:
        """Reconcile every account that may have missed something, if it is time; how many messages that brought in.

        `run` does this. An account is due after a silence that was longer than usual, or in one, whose platform keeps
        a record and is not polled: what is polled goes on where it was. See `Rules.reconcile`.
        """
        brought_in = 0
        for channel in self.channels.values() if self.rules.reconcile else ():
            if channel.can.history and not channel.sources():
                brought_in += await self._heal(channel)
        return brought_in

    async def _heal(self, channel: Channel) -> int:
        if not await self.run_job(lambda tx: gaps.is_due(tx, channel.name, self.rules)):
            return 0
        try:
            done = await self.reconcile(channel.name)
        except Exception as error:  # noqa: BLE001 - one account's trouble is no reason to leave the others alone
            _log.warning("account %s: could not be reconciled: %s", channel.name, type(error).__name__)
            return 0
        if done.brought_in:
            _log.warning(
                "account %s: %d messages were missing and are brought in", channel.name, done.brought_in
            )
        return done.brought_in

    async def health(self, *, ask: bool = True) -> list[Health]:
        """How every account does, and what to do about it. `ask`: whether platforms are asked if they still deliver.

        They are asked what costs nothing, each for ten seconds at most, and never while the store is held. Nothing
        that customers wrote is looked at.
        """
        channels = list(self.channels.values())
        said = await asyncio.gather(*(_ask(channel) for channel in channels)) if ask else [()] * len(channels)

        for channel in channels:
            self._seldom.forget(("refused", channel.name))
        refused = [self._seldom.refusals(channel.name) for channel in channels]

        def job(tx: Tx) -> list[Health]:
            for note in refused:
                note(tx)
            backlogs = pulses.backlogs(tx)
            return [
                health.of(tx, channel, backlogs, findings, self.rules)
                for channel, findings in zip(channels, said, strict=True)
            ]

        return await self.run_job(job)


async def _ask(channel: Channel) -> tuple[Finding, ...]:
    """What a platform says about delivering; that it cannot be asked is a finding as well."""
    try:
        async with asyncio.timeout(_SECONDS):
            return tuple(await channel.delivers())
    except Exception as error:  # noqa: BLE001 - what it says may repeat a secret
        what = f"the platform does not say whether it still delivers ({type(error).__name__})"
        return (
            Finding(ok=False, what=what, cure="Look whether its host can be reached: `omnichannel doctor`"),
        )


def _together(one: Reconciled, other: Reconciled) -> Reconciled:
    return one._replace(
        compared=one.compared + other.compared,
        present=one.present + other.present,
        missing=one.missing + other.missing,
        brought_in=one.brought_in + other.brought_in,
    )
