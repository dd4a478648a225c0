"""Step two, read: what a kept delivery means, recorded once.

Everything here runs inside one transaction of the store: a delivery is read whole or not at all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, islice
from typing import NamedTuple

from omnichannel.channel import Channel
from omnichannel.errors import Malformed
from omnichannel.imports import meaning
from omnichannel.inbox import challenging, early, updating
from omnichannel.inbox.foreseeing import foresee
from omnichannel.inbox.recording import Recorder
from omnichannel.inbox.rights import forgetting
from omnichannel.inbox.rules import Rules
from omnichannel.model import Event, Ignored, Received, Unreadable, Updated
from omnichannel.store import Tx, arrivals, erased, records

_MOST = 128
_MOST_EVENTS = 100_000  # four megabytes hold two million nothings; a day of call records is far below this
_MOST_REASONS = 20
_MOST_BYTES = 256 * 1024  # mail is a hundred times dearer to parse than a webhook: keep the group short


class Outcome(NamedTuple):
    """What became of a delivery.

    `said`: whether there was a message in it; `places`: the conversation of each that was written down, the others
    being known; `reason`: why some of it cannot be read.
    """

    said: bool
    places: Sequence[int] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads waiting deliveries.

    `handled`: whether there are handlers to see the messages. `sweeps`: whether updates whose message never came are
    let go as well. `tell` hears what became of every delivery.
    """

    channels: Mapping[str, Channel]
    rules: Rules
    handled: bool
    sweeps: bool = False
    tell: Callable[[arrivals.Arrival, Outcome], None] | None = None

    def read(self, tx: Tx, most: int = _MOST) -> int:
        """Read the oldest waiting deliveries; how many."""
        challenging.expire(tx)
        if self.sweeps:
            early.expire(tx)
        # All are parsed before the first is recorded: taking turns costs a sixth more (caches).
        parsed = [(arrival, self._parsed(arrival)) for arrival in _short(arrivals.waiting(tx, most))]
        self._settle(tx, parsed)
        if not parsed:  # no message waits for this look
            updating.catch_up(tx, self.channels)
        return len(parsed)

    def read_kept(self, tx: Tx, kept: Sequence[arrivals.Arrival]) -> None:
        """Read deliveries that were kept in this very transaction."""
        self._settle(tx, [(arrival, self._parsed(arrival)) for arrival in kept])

    def read_again(self, tx: Tx, arrival: arrivals.Arrival) -> None:
        """Read one delivery, unless somebody else did meanwhile."""
        if arrivals.still_waits(tx, arrival.id):
            self.read_one(tx, arrival)

    def read_one(self, tx: Tx, arrival: arrivals.Arrival) -> None:
        """Read one delivery."""
        self._settle(tx, [(arrival, self._parsed(arrival))])

    def _parsed(self, arrival: arrivals.Arrival) -> list[Event] | Exception:
        """What a delivery says, or why that cannot be told."""
        channel = self.channels.get(arrival.account)
        if channel is None:
            return Malformed(f"no account is called {arrival.account!r}; add it and replay")
        try:
            events = list(islice(meaning(channel, arrival.delivery), _MOST_EVENTS + 1))
        except Exception as error:  # noqa: BLE001 - a bug in a channel must not cost a delivery
            return error
        if len(events) > _MOST_EVENTS:
            return Malformed(f"more than {_MOST_EVENTS} items in one delivery: no platform sends so many")
        return events

    def _settle(self, tx: Tx, parsed: Sequence[tuple[arrivals.Arrival, list[Event] | Exception]]) -> None:
        """Each delivery: recorded, parked with its reason, or to be tried again later."""
        sifted = erased.anything(tx)
        foresee(
            tx,
            ((self.channels[arrival.account], found) for arrival, found in parsed if isinstance(found, list)),
        )
        read = [arrival.id for arrival, found in parsed if self._is_read(tx, arrival, found, sifted=sifted)]
        arrivals.done(tx, *read)

    def _is_read(
        self, tx: Tx, arrival: arrivals.Arrival, found: list[Event] | Exception, *, sifted: bool
    ) -> bool:
        """Record one delivery; False if anything in it cannot be read. `sifted`: something was erased once."""
        if not isinstance(found, Exception):
            return self._record(tx, self.channels[arrival.account], arrival, found, sifted=sifted)
        if isinstance(found, Malformed):
            self._park(tx, arrival, str(found))
        else:
            self.failed(tx, arrival, found)
        self._told(arrival, Outcome(said=False, reason=str(found) or type(found).__name__))
        return False

    def _told(self, arrival: arrivals.Arrival, outcome: Outcome) -> None:
        if self.tell:
            self.tell(arrival, outcome)

    def failed(self, tx: Tx, arrival: arrivals.Arrival, error: Exception, *, counts: bool = True) -> None:
        """Reading broke: try again later, and park it after several attempts that count."""
        reason = f"{type(error).__name__}: {error}"
        if not counts or arrival.attempts + 1 < self.rules.read_attempts:
            due_at = tx.now() + self.rules.pause(arrival.attempts + 1)
            arrivals.later(tx, arrival.id, due_at, reason, counts=counts)
        else:
            self._park(tx, arrival, reason)

    def _record(
        self, tx: Tx, channel: Channel, arrival: arrivals.Arrival, events: list[Event], *, sifted: bool
    ) -> bool:
        """Record what a delivery says; False, and parked, if some of it cannot be read."""
        recorder = Recorder(
            tx,
            channel,
            arrival,
            events,
            handled=self.handled,
            rules=self.rules,
            accounts=self.channels.keys(),
        )
        unreadable: list[str] = []
        fresh = forgetting.sift(tx, channel, arrival, events) if sifted else events
        for event in fresh:
            if isinstance(event, Received):
                recorder.received(event)
            elif isinstance(event, Updated):
                recorder.updated(event)
            elif isinstance(event, Unreadable):
                unreadable.append(f"{event.where}: {event.reason}" if event.where else event.reason)
            else:
                assert isinstance(event, Ignored)
        reason = "; ".join(unreadable[:_MOST_REASONS])
        if unreadable:
            self._park(tx, arrival, reason)
        said = any(isinstance(event, Received) for event in events)
        self._told(arrival, Outcome(said, recorder.places, reason))
        if fresh != events:
            forgetting.trim_read(tx, channel, arrival, events)
        return not unreadable

    @staticmethod
    def _park(tx: Tx, arrival: arrivals.Arrival, reason: str) -> None:
        arrivals.park(tx, arrival.id, reason)
        records.happened(tx, "delivery.parked", detail={"account": arrival.account, "reason": reason[:500]})


def _short(waiting: list[arrivals.Arrival]) -> list[arrivals.Arrival]:
    """As many deliveries as are parsed in a moment, at least one."""
    sizes = accumulate(len(arrival.delivery.body) for arrival in waiting)
    return [arrival for arrival, size in zip(waiting, sizes, strict=True) if size <= _MOST_BYTES] or waiting[
        :1
    ]
