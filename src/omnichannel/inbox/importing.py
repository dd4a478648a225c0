"""Bringing in archives, a piece at a time: each is kept, read and remembered in one commit, and never half there."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from hashlib import sha256
from typing import NamedTuple

from omnichannel.channel import Batch, Channel, Delivery
from omnichannel.errors import OmnichannelError, UsageError
from omnichannel.imports import Archive, meaning
from omnichannel.inbox import history
from omnichannel.inbox.filing import file
from omnichannel.inbox.gaps import is_known
from omnichannel.inbox.reading import Outcome, Reader
from omnichannel.inbox.rights import forgetting
from omnichannel.inbox.steps import Steps
from omnichannel.model import Received, Unreadable
from omnichannel.store import Tx, arrivals, externals, places
from omnichannel.store.arrivals import Arrival

MOST_TROUBLES = 1000
"""Of so many things that cannot be read it is told which they are; the rest is counted."""


class Trouble(NamedTuple):
    """Something in an archive that cannot be read: where it stands, and why."""

    where: str
    reason: str


class Unpacked(NamedTuple):
    """How far an archive is brought in, in this call.

    `share` is how much of it was read, from 0 to 1. `found` is what there was in it: `written` became messages,
    `known` was in the store already (or was erased from it), `unreadable` is kept and waits for a person (`troubles`
    says what and why, of the first thousand). `passed_over` was never said to anybody: drafts, and what a program
    noted by itself.
    """

    archive: str
    share: float = 0.0
    found: int = 0
    written: int = 0
    known: int = 0
    unreadable: int = 0
    passed_over: int = 0
    troubles: tuple[Trouble, ...] = ()


class Importing(Steps):
    """Mailboxes in files, and the exports of other desks."""

    async def import_archive(
        self, archive: Archive, *, dry_run: bool = False, told: Callable[[Unpacked], None] | None = None
    ) -> Unpacked:
        """Bring in an archive (`omnichannel.imports`): into the past, where nobody answers and no clock runs.

        Every piece is committed with how far the archive was read: after an interruption, however hard, the same call
        goes on from there, and what is in the store already is recognised, so that doing it twice brings nothing
        twice. `dry_run` writes nothing and counts what would be brought in. `told` hears of every piece. Raises
        NotFound for an account that is not there, UsageError for what is no such archive, and OSError.
        """
        for account in archive.accounts:
            _refuse(archive, self.channel(account))
        bring = _Survey(self).bring if dry_run else partial(_bring, self)
        done = Unpacked(archive.name)
        cursor, more = "" if dry_run else await self.cursor("", archive.name), True
        try:
            while more:
                batch = await archive.fetch(cursor)
                step = await bring(archive.name, batch)
                step.passed_over += archive.passed()
                done = _added(done, step, archive.share)
                cursor, more = batch.cursor, batch.more
                if told:
                    told(done)
        finally:
            await archive.close()
        return done


def _refuse(archive: Archive, channel: Channel) -> None:
    if archive.goes_to not in ("", channel.kind):
        raise UsageError(
            f"{channel.name} is an account of the kind {channel.kind}; {archive.kind} holds what one of the kind "
            f"{archive.goes_to} was sent: name one of those"
        )


def _added(done: Unpacked, step: _Tally, share: float) -> Unpacked:
    return done._replace(
        share=share,
        found=done.found + step.found,
        written=done.written + step.written,
        known=done.known + step.known,
        unreadable=done.unreadable + len(step.troubles),
        passed_over=done.passed_over + step.passed_over,
        troubles=(*done.troubles, *step.troubles[: MOST_TROUBLES - len(done.troubles)]),
    )


class _Tally:
    """What became of one piece."""

    def __init__(self) -> None:
        self.found = self.written = self.known = self.passed_over = 0
        self.troubles: list[Trouble] = []
        self.places: set[int] = set()

    def add(self, other: _Tally) -> None:
        """Count what another one counted."""
        self.found += other.found
        self.written += other.written
        self.known += other.known
        self.passed_over += other.passed_over
        self.troubles += other.troubles

    def count(self, delivery: Delivery, outcome: Outcome) -> None:
        """Count a delivery under what became of it."""
        self.found += 1
        self.written += len(outcome.places)
        self.places.update(outcome.places)
        if outcome.reason:
            where = delivery.url
            self.troubles.append(Trouble(where, outcome.reason.removeprefix(f"{where}: ")))
        elif not outcome.said:
            self.passed_over += 1
        elif not outcome.places:
            self.known += 1


_KNOWN = Outcome(said=True)
_NOWHERE = 0  # the conversation of what was not written down, and would be


async def _bring(inbox: Steps, name: str, batch: Batch) -> _Tally:
    """Keep and read a piece in one commit; where something in it spoils that, one after the other."""
    try:
        return await inbox.run_job(lambda tx: _together(tx, inbox, name, batch.deliveries, batch.cursor))
    except OmnichannelError:
        raise
    except Exception:  # noqa: BLE001 - one delivery spoiled the piece: find it, and let the others through
        tally = _Tally()
        for delivery in batch.deliveries:
            await _alone(inbox, name, delivery, tally)
        await inbox.run_job(lambda tx: arrivals.move_cursor(tx, "", name, batch.cursor))
        return tally


async def _alone(inbox: Steps, name: str, delivery: Delivery, tally: _Tally) -> None:
    try:
        step = await inbox.run_job(lambda tx: _together(tx, inbox, name, [delivery], None))
    except OmnichannelError:
        raise
    except Exception as error:  # noqa: BLE001 - it is kept, with what it set off, and waits for a person
        reason = f"{type(error).__name__}: {error}"
        step = await inbox.run_job(lambda tx: _set_aside(tx, delivery, reason))
    tally.add(step)


def _together(tx: Tx, inbox: Steps, name: str, deliveries: Iterable[Delivery], cursor: str | None) -> _Tally:
    tally, before = _Tally(), tx.ids.new()

    def tell(arrival: Arrival, outcome: Outcome) -> None:
        tally.count(arrival.delivery, outcome)

    reader = Reader(inbox.channels, inbox.rules, handled=False, tell=tell)
    kept: list[Arrival] = []
    for delivery in deliveries:
        number = arrivals.keep(tx, delivery)
        if number is None:
            tally.count(delivery, _KNOWN)
        else:
            kept.append(Arrival(number, delivery.account, 0, delivery))
    reader.read_kept(tx, kept)
    for number in sorted(tally.places):
        places.put_in_order(tx, number)  # an archive's order is its own
    for arrival in kept:
        file(tx, inbox.channels[arrival.account], inbox.plan, arrival.delivery, since=before)
    if cursor is not None:
        arrivals.move_cursor(tx, "", name, cursor)
    return tally


def _set_aside(tx: Tx, delivery: Delivery, reason: str) -> _Tally:
    tally = _Tally()
    number = arrivals.keep(tx, delivery)
    if number is None:
        tally.count(delivery, _KNOWN)
    else:
        arrivals.park(tx, number, reason)
        tally.count(delivery, Outcome(said=False, reason=reason))
    return tally


class _Survey:
    """Says what an import would bring, and writes nothing: what it saw before, it knows by a mark of 16 bytes."""

    def __init__(self, inbox: Steps) -> None:
        self._inbox = inbox
        self._seen: set[bytes] = set()

    async def bring(self, name: str, batch: Batch) -> _Tally:  # noqa: ARG002 - as what brings them in
        """Count a piece."""
        return await self._inbox.run_job(lambda tx: self._count(tx, batch.deliveries))

    def _count(self, tx: Tx, deliveries: Iterable[Delivery]) -> _Tally:
        tally = _Tally()
        for delivery in deliveries:
            tally.count(delivery, self._foreseen(tx, delivery))
        return tally

    def _foreseen(self, tx: Tx, delivery: Delivery) -> Outcome:
        if delivery.key and arrivals.by_key(tx, delivery.account, delivery.key) is not None:
            return _KNOWN
        channel = self._inbox.channel(delivery.account)
        try:
            events = list(meaning(channel, delivery))
        except Exception as error:  # noqa: BLE001 - what a stranger's bytes set off is told, not raised
            return Outcome(said=False, reason=f"{type(error).__name__}: {error}")
        unreadable = [event.reason for event in events if isinstance(event, Unreadable)]
        said = [event for event in events if isinstance(event, Received)]
        fresh = forgetting.sift(tx, channel, Arrival(0, channel.name, 0, delivery), list(said))
        new = [
            event for event in fresh if isinstance(event, Received) and self._is_new(tx, channel.name, event)
        ]
        return Outcome(bool(said), [_NOWHERE] * len(new), "; ".join(unreadable))

    def _is_new(self, tx: Tx, account: str, event: Received) -> bool:
        mark = sha256(f"{account} {event.external_id} {event.fingerprint}".encode(errors="replace")).digest()[
            :16
        ]
        if mark in self._seen:
            return False
        self._seen.add(mark)
        known = externals.by_external(tx, account, event.external_id)
        return known is None or not (is_known(tx, account, event) or history.is_copy(tx, known, event))
