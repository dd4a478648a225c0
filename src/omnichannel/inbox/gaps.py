"""Filling holes: what a platform's own record holds and the store does not is brought in, late, and answered.

In three steps, each committed by itself, so that whoever dies goes on where it stopped:

1. The record is read page by page. What of a page is not in the store is noted as missing, by when it was said; the
   page is kept with how far the record was read. What the store has is not kept again.
2. What is missing is recorded in the order in which it was said, as live messages are.
3. Then it is written down that the account was compared, and the gap is one no more.

A platform's id is taken once (`externals`): a webhook that brings the same meanwhile, or another worker, is either
first or a duplicate.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import NamedTuple

from omnichannel.channel import Batch, Channel, Delivery
from omnichannel.clock import micros
from omnichannel.errors import Malformed, Unsupported, UsageError
from omnichannel.inbox.hearing import patience
from omnichannel.inbox.recording import Recorder, twin
from omnichannel.inbox.rights import forgetting, sorting
from omnichannel.inbox.rules import Rules, span
from omnichannel.model import Event, Received, Unreadable, Updated
from omnichannel.store import Tx, arrivals, blocks, externals, missing, pulses
from omnichannel.store.arrivals import Arrival

MOST = 128
"""How many items are recorded in one transaction."""

_MOST_REASONS = 20
_NAME = "gap"


class Reconciled(NamedTuple):
    """What a comparison of an account with its platform's record found, in this call.

    `compared` messages were said since `since`; `present` of them are in the store (or were erased from it),
    `missing` were not, and `brought_in` became messages. The rest of what was missing came by itself meanwhile, or
    was a send in doubt, which is settled by that. `asked` says what the platform was asked to deliver once more.
    """

    account: str
    since: datetime
    compared: int = 0
    present: int = 0
    missing: int = 0
    brought_in: int = 0
    asked: str = ""


class Begun(NamedTuple):
    """A comparison that is under way: back to when, and when it began. Microseconds since 1970."""

    since: int
    at: int


class Found(NamedTuple):
    """What a page of the record held."""

    present: int = 0
    missing: int = 0


def refuse(channel: Channel) -> None:
    """Raise Unsupported where there is no record to compare with, with what the platform does instead."""
    if not channel.can.history:
        raise Unsupported(f"{channel.kind} keeps no record that could be read. {channel.resends}")


def begin(tx: Tx, account: str, since: int | None, rules: Rules) -> Begun:
    """Begin a comparison, or go on with one that was interrupted and goes back as far. Raises UsageError."""
    since = reach(tx, account, rules) if since is None else since
    written = arrivals.cursor(tx, account, _NAME)
    before = Begun(*json.loads(written)) if written else None
    if before and before.since <= since:
        return before
    arrivals.forget_cursors(tx, account, _NAME)
    begun = Begun(since, tx.now())
    arrivals.move_cursor(tx, account, _NAME, json.dumps(begun))
    return begun


def reach(tx: Tx, account: str, rules: Rules) -> int:
    """How far back a comparison goes by itself: to before the gap, or where none is known, to what was last heard."""
    pulse = pulses.get(tx, account)
    last = pulse.gap_from or pulse.heard_at
    if not last:
        raise UsageError(f"nothing was ever heard on {account}: say since when to compare (--since, since=…)")
    return max(last - span(rules.margin), tx.now() - span(rules.furthest))


def place(source: str) -> str:
    """The name under which a comparison remembers how far it read a source."""
    return f"{_NAME} of {source}"


def finish(tx: Tx, account: str, begun: Begun) -> None:
    """The account was compared with its record, back to there and up to when that began."""
    arrivals.forget_cursors(tx, account, _NAME)
    pulse = pulses.hold(tx, account)
    filled = begun.since <= pulse.gap_from <= begun.at
    pulses.put(tx, account, pulse._replace(compared_at=begun.at, gap_from=0 if filled else pulse.gap_from))


def is_due(tx: Tx, account: str, rules: Rules) -> bool:
    """Whether an account may have missed something and was not compared since; whoever is told so is to do it.

    In a silence that goes on, once when it is longer than usual, and again whenever it is twice as long.
    """
    pulse, now = pulses.hold(tx, account), tx.now()
    if not pulse.heard_at or now - pulse.tried_at < span(rules.quiet_after):
        return False
    silence = now - max(pulse.heard_at, pulse.compared_at)
    known = max(pulse.compared_at - pulse.heard_at, 0)
    if not pulse.gap_from and silence <= max(patience(pulse, rules), known):
        return False
    pulses.put(tx, account, pulse._replace(tried_at=now))
    return True


@dataclass(frozen=True, slots=True)
class Comparison:
    """An account, for the jobs that compare it. `handled`: whether handlers are to see what is brought in."""

    channel: Channel
    rules: Rules
    accounts: Collection[str]
    handled: bool

    def compare(self, tx: Tx, source: str, batch: Batch, since: int) -> Found:
        """Note what of a page is missing, and how far the source was read."""
        found = [self._compare(tx, delivery, since) for delivery in batch.deliveries]
        arrivals.move_cursor(tx, self.channel.name, place(source), batch.cursor)
        return Found(sum(one.present for one in found), sum(one.missing for one in found))

    def _compare(self, tx: Tx, delivery: Delivery, since: int) -> Found:
        """Note the missing items of a delivery; it is kept if it holds any, or anything that cannot be read."""
        account = self.channel.name
        given = delivery.model_copy(update={"account": account, "source": "gap"})
        if given.key and arrivals.has(tx, account, given.key, given.body):
            return Found(present=1)
        try:
            events = list(self.channel.parse(given))
        except Exception as error:  # noqa: BLE001 - what cannot be read is kept for a person
            reason = str(error) if isinstance(error, Malformed) else f"{type(error).__name__}: {error}"
            events = [Unreadable(reason=reason)]
        said = _since(given, events, since)
        fresh = forgetting.sift(tx, self.channel, Arrival(0, account, 0, given), [event for _, event in said])
        lacking = [(at, event) for at, event in said if event in fresh and not is_known(tx, account, event)]
        unreadable = [one.reason for one in events if isinstance(one, Unreadable)]
        if lacking or unreadable:
            self._keep(tx, given, lacking, unreadable)
        lost = sum(isinstance(event, Received) for _, event in lacking)
        return Found(sum(isinstance(event, Received) for _, event in said) - lost, lost)

    def _keep(
        self,
        tx: Tx,
        given: Delivery,
        lacking: Sequence[tuple[int, Received | Updated]],
        unreadable: list[str],
    ) -> None:
        """Keep a page that holds anything new; the same page, with what cannot be read in it, is parked once."""
        number, is_new = _kept(tx, given)
        for at, event in lacking:
            missing.note(tx, given.account, sorting.own_mark(tx, given.account, event), at, number)
        if unreadable and is_new:
            arrivals.park(tx, number, "; ".join(unreadable[:_MOST_REASONS]))
        elif is_new:
            arrivals.done(tx, number)

    def bring_in(self, tx: Tx, most: int = MOST) -> tuple[int, int]:
        """Record what was said first of what is missing; how many items that were, and how many became messages."""
        pulses.hold(tx, self.channel.name)  # one worker after the other, or the order is lost
        waiting = missing.oldest(tx, self.channel.name, most)
        read: dict[int, Mapping[str, tuple[Recorder, Event]]] = {}
        brought_in = 0
        for one in waiting:
            if one.delivery not in read:
                read[one.delivery] = self._items(tx, one.delivery)
            brought_in += _record(read[one.delivery].get(one.mark))
            missing.done(tx, self.channel.name, one.mark)
        return len(waiting), brought_in

    def _items(self, tx: Tx, delivery: int) -> Mapping[str, tuple[Recorder, Event]]:
        """The items of a delivery by their marks; none of one that was erased meanwhile."""
        arrival = arrivals.arrival(tx, delivery)
        if arrival is None:
            return {}
        parsed = list(self.channel.parse(arrival.delivery))
        events = forgetting.sift(tx, self.channel, arrival, parsed)
        recorder = Recorder(
            tx,
            self.channel,
            arrival,
            events,
            handled=self.handled,
            rules=self.rules,
            accounts=self.accounts,
        )
        if events != parsed:
            forgetting.trim_read(tx, self.channel, arrival, parsed)
        return {
            sorting.own_mark(tx, arrival.account, event): (recorder, event)
            for event in events
            if isinstance(event, Received | Updated)
        }

    def set_aside(self, tx: Tx, reason: str) -> None:
        """What cannot be recorded waits for a person, with its delivery; what was said after it goes on."""
        for one in missing.oldest(tx, self.channel.name, 1):
            arrivals.park(tx, one.delivery, reason)
            missing.done(tx, self.channel.name, one.mark)


def _kept(tx: Tx, given: Delivery) -> tuple[int, bool]:
    """The number of a page that is kept, and whether it is only now.

    A page without a key is known by what it says; so is one whose key says something else by now (a file that grew).
    """
    said = f"gap {sha256(given.body).hexdigest()[:32]}"
    known = arrivals.by_key(tx, given.account, said)
    if known is not None:
        return known, False
    key = said if not given.key or arrivals.by_key(tx, given.account, given.key) else given.key
    number = arrivals.keep(tx, given.model_copy(update={"key": key}))
    if number is not None:
        return number, True
    known = arrivals.by_key(tx, given.account, key)  # another worker was faster
    assert known is not None
    return known, False


def _record(item: tuple[Recorder, Event] | None) -> int:
    """Record an item; whether it became a message."""
    if item is None:
        return 0
    recorder, event = item
    before = recorder.written
    if isinstance(event, Received):
        recorder.received(event)
    elif isinstance(event, Updated):
        recorder.updated(event)
    return recorder.written - before


def _since(given: Delivery, events: Sequence[Event], since: int) -> list[tuple[int, Received | Updated]]:
    """What was said since a moment, and when: where a mail has a day of its own, when its server had it."""
    arrived = micros(given.received_at) if given.received_at else 0
    found, at = [], since  # what has no time of its own was said with what stands before it
    for event in events:
        if isinstance(event, Received | Updated):
            at = arrived or (micros(event.sent_at) if event.sent_at else at)
            if at >= since:
                found.append((at, event))
    return found


def is_known(tx: Tx, account: str, event: Received | Updated) -> bool:
    """Whether an item is in the store. Where ids can be forged, only with the same bytes."""
    what = event.kind if isinstance(event, Updated) else "message"
    known = externals.by_external(tx, account, event.external_id, what)
    if known is None and blocks.holder(tx, sorting.own_mark(tx, account, event)) is not None:
        return True
    if isinstance(event, Updated):
        return known is not None
    if known is None or not event.fingerprint or known[1] == event.fingerprint:
        return known is not None
    return externals.by_external(tx, account, twin(event)) is not None
