"""Whose items a raw delivery holds: read off what it means, by marks, so that it is found again without a search."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from omnichannel.channel import Channel
from omnichannel.clock import micros
from omnichannel.identity import UNPROVEN, unproven
from omnichannel.imports import meaning
from omnichannel.inbox.history import is_filed, is_our_call
from omnichannel.model import Address, Direction, Event, Ignored, Received, Updated
from omnichannel.store import Tx, erased, holds
from omnichannel.store.arrivals import Arrival
from omnichannel.store.marking import address_mark, item_mark, words_mark
from omnichannel.store.people import NEVER

_MOST_EVENTS = 100_000
_AT_ONCE = 100


def parsed(channels: Mapping[str, Channel], arrival: Arrival) -> list[Event] | None:
    """What a delivery means; None if that cannot be told: no such account here, or it cannot be read."""
    channel = channels.get(arrival.account)
    if channel is None:
        return None
    try:
        return list(islice(meaning(channel, arrival.delivery), _MOST_EVENTS))
    except Exception:  # noqa: BLE001 - reading it says why; here it is only of interest that it cannot be read
        return None


def sort_some(tx: Tx, channels: Mapping[str, Channel], after: int) -> tuple[int, list[Arrival]]:
    """Sort some deliveries after a number; up to which one, 0 when all are, and those that cannot be read."""
    waiting = holds.unsorted(tx, after, _AT_ONCE)
    unread: list[Arrival] = []
    for arrival in waiting:
        events = parsed(channels, arrival)
        if events is None:
            unread.append(arrival)
        else:
            sort(tx, channels[arrival.account], arrival, events)
    return (waiting[-1].id if len(waiting) == _AT_ONCE else 0), unread


def sort(tx: Tx, channel: Channel, arrival: Arrival, events: Sequence[Event]) -> None:
    """Remember whose items a delivery holds."""
    found = {mark for event in events for mark in marks(tx, channel, event)}
    holds.sort(tx, arrival.id, found)


def marks(tx: Tx, channel: Channel, event: Event) -> Iterator[str]:
    """Every mark under which an item is somebody's: of who speaks or is spoken to, and of what it is about."""
    yield from (address_mark(tx, address) for address in parties(channel, event))
    yield from items(tx, channel.name, event)


def parties(channel: Channel, event: Event) -> list[Address]:
    """The customers whom an item is from or to, as they are written down here."""
    if isinstance(event, Received):
        if event.direction is Direction.OUTBOUND or is_filed(event):
            return _spoken_to(event)
        return [event.sender.address if event.strength.proves else unproven(event.sender).address]
    if isinstance(event, Updated | Ignored):
        several = (event.sender, *(event.recipients if isinstance(event, Updated) else ()))
        found = [party.address for party in several if party is not None]
        return [address for address in found if address != channel.own_address]
    return []


def _spoken_to(event: Received) -> list[Address]:
    """Whom our words were said to; out of an archive, whether or not they were proven to be there."""
    to = [party.address for party in event.recipients[:1]]
    if not is_filed(event):
        return to
    return [
        one.model_copy(update={"scope": scope})
        for one in to
        for scope in dict.fromkeys((one.scope, "", UNPROVEN))
    ]


def items(tx: Tx, account: str, event: Event) -> Iterator[str]:
    """The marks of the messages and calls that an item is about."""
    if isinstance(event, Received):
        yield own_mark(tx, account, event)
        if event.direction is Direction.OUTBOUND and not event.recipients and event.reply_to:
            yield item_mark(tx, account, "message", event.reply_to)
    elif isinstance(event, Updated):
        yield own_mark(tx, account, event)
        yield from (item_mark(tx, account, "message", target) for target in event.targets)
    if isinstance(event, Received | Updated) and event.correlator:
        yield item_mark(tx, account, "call", event.correlator)


def own_mark(tx: Tx, account: str, event: Received | Updated) -> str:
    """The mark of an item's own id, under which its repetitions are known."""
    if isinstance(event, Received):
        return item_mark(tx, account, "message", event.external_id, event.fingerprint)
    return item_mark(tx, account, event.kind, event.external_id)


def tells_by_time(tx: Tx, arrival: Arrival) -> bool:
    """Whether nothing but its time tells if what a delivery holds came before somebody was erased.

    An erasure takes what is theirs out of everything that is kept, so what is read later came later, whatever clocks
    say. All but what a platform's record brings in, and what nobody could read at the time.
    """
    return arrival.delivery.past or holds.was_left_unread(tx, arrival.id)


def comes_back(tx: Tx, account: str, event: Event, at: int) -> bool:
    """Whether an item is our own words to somebody who was erased before we knew what had become of them.

    What names a call that is on record is that call, even if the same words were said before the erasure.
    """
    if (
        not isinstance(event, Received)
        or event.direction is not Direction.OUTBOUND
        or is_our_call(tx, account, event)
    ):
        return False
    said_to = [party.address for party in event.recipients[:1]]
    return any(erased.covers(tx, words_mark(tx, account, to, event.text), at) for to in said_to)


def counts_at(tx: Tx, arrival: Arrival, event: Event, *, by_time: bool) -> int:
    """The moment by which an item is held against what was erased; `by_time` is what `tells_by_time` said."""
    return came_at(tx, arrival, event) if by_time else NEVER


def came_at(tx: Tx, arrival: Arrival, event: Event) -> int:
    """When an item came: to us, but where it is brought in from before, to whoever had it then."""
    sent_at = event.sent_at if isinstance(event, Received | Updated | Ignored) else None
    if arrival.delivery.past and sent_at:
        return micros(sent_at)
    received_at = arrival.delivery.received_at
    return micros(received_at) if received_at else tx.now()
