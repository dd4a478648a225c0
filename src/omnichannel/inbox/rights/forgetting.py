"""What was erased stays erased: an old delivery that comes again, or a platform's record, brings nothing back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from omnichannel.channel import Channel
from omnichannel.errors import Conflict
from omnichannel.inbox.rights import sorting
from omnichannel.inbox.rights.belongings import Belongings, Judge, Window
from omnichannel.inbox.rights.dropping import Dropped, drop, trim
from omnichannel.model import Address, ErasureMark, Event, Proof, Received, Updated
from omnichannel.store import Tx, erased, externals, people
from omnichannel.store.arrivals import Arrival
from omnichannel.store.marking import address_mark, item_mark
from omnichannel.store.people import NEVER

_NOBODYS = Belongings((), {}, (), (), (), frozenset())


def sift(tx: Tx, channel: Channel, arrival: Arrival, events: list[Event]) -> list[Event]:
    """The items that may be recorded: without those of whoever was erased, if they came before the erasure.

    What is known again by the platform's id is left out whenever it comes. What the same people say later is new.
    """
    by_time = sorting.tells_by_time(tx, arrival)
    fresh = [
        event
        for event in events
        if not sorting.comes_back(tx, channel.name, event, sorting.came_at(tx, arrival, event))
    ]
    moments = (sorting.counts_at(tx, arrival, event, by_time=by_time) for event in fresh)
    left = (_left(tx, channel, event, at) for event, at in zip(fresh, moments, strict=True))
    return [event for event in left if event is not None]


def _left(tx: Tx, channel: Channel, event: Event, at: int) -> Event | None:
    """An item that counts as of a moment, without what was erased; None if nothing is left."""
    if not isinstance(event, Received | Updated):
        return event
    account = channel.name
    planted = [item_mark(tx, account, "call", event.correlator)] if event.correlator else []
    if any(erased.covers(tx, mark, at) for mark in (sorting.own_mark(tx, account, event), *planted)):
        return None
    if any(erased.covers(tx, address_mark(tx, party), at) for party in sorting.parties(channel, event)):
        return None
    return _targeted(tx, account, event, at) if isinstance(event, Updated) else event


def _targeted(tx: Tx, account: str, event: Updated, at: int) -> Event | None:
    """An update without the messages that were erased; None if it was about those alone."""
    rest = tuple(
        target
        for target in event.targets
        if not erased.covers(tx, item_mark(tx, account, "message", target), at)
    )
    if rest == event.targets:
        return event
    return event.model_copy(update={"targets": rest}) if rest else None


def refuse_erased(tx: Tx, named: Iterable[Address]) -> None:
    """Raise Conflict for an address whose owner was erased and has not written since."""
    for address in named:
        # Looked up first: who is being erased is waited for.
        if people.find(tx, address) is None and erased.ever(tx, address_mark(tx, address)):
            raise Conflict(
                f"whoever had {address} was erased, and has not written since; leave it out, or, if they want to be "
                "known again, pass even_erased=True"
            )


def forget_call(tx: Tx, account: str, external_id: str) -> None:
    """A call arrived whose message was erased meanwhile: what is said of it under this id is not kept either."""
    externals.take_early(tx, account, external_id)
    mark = item_mark(tx, account, "message", external_id)
    erased.remember(tx, [ErasureMark(mark=mark, since=0, until=NEVER)])


def erase_unmet(tx: Tx, channels: Mapping[str, Channel], proof: Proof, unread: Sequence[Arrival]) -> None:
    """Erase what a restored store holds of those whom a proof speaks of, and had not read by then."""
    windows: dict[str, list[Window]] = {}
    for mark in proof.marks:
        if mark.until < NEVER:  # it is an address's
            windows.setdefault(mark.mark, []).append((mark.since, mark.until))
    done = drop(tx, channels, replace(_NOBODYS, windows=windows), unread)
    erased.remember(tx, (ErasureMark(mark=mark, since=0, until=NEVER) for mark in sorted(done.marks)))


def trim_read(tx: Tx, channel: Channel, arrival: Arrival, events: list[Event]) -> None:
    """Keep nothing of a delivery either that was erased before."""
    judge = Judge(tx, channel, arrival, _NOBODYS)
    trim(tx, channel, arrival, events, judge, set(), Dropped())
