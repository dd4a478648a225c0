"""Kept, and not used (Art. 18): what is frozen stands in no list, no handler sees it, and nothing is sent to them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from omnichannel.clock import moment
from omnichannel.errors import Conflict
from omnichannel.identity import Point, live, owned
from omnichannel.store import Tx, ageing, freezing, journal, messages, people, records
from omnichannel.store.desk import uses
from omnichannel.store.people import Person
from omnichannel.store.queue import Task


def frozen_at(tx: Tx, customer: int) -> int | None:
    """Since when a customer's data are frozen, in microseconds since 1970; None if they are not."""
    return freezing.since(tx, customer)


def addresses(tx: Tx) -> set[int]:
    """Every address of those whose data are frozen."""
    return freezing.addresses(tx)


def check(tx: Tx, address: int) -> None:
    """Raise Conflict if nothing may be said to whoever has an address, because their data are frozen."""
    if freezing.nobody(tx):
        return
    customer = people.get(tx, address).customer
    if at := freezing.since(tx, customer):
        shown = tx.ids.show("customer", customer)
        raise Conflict(
            f"this customer's data have been frozen since {moment(at):%Y-%m-%d}, and are kept without being used; "
            f"identity.unfreeze({shown!r}, actor=…) first"
        )


def hold_back(tx: Tx, tasks: Sequence[Task]) -> list[Task]:
    """The tasks that handlers may see; those of frozen customers wait until they are frozen no more."""
    held = frozen(tx, [task.message for task in tasks])
    if held and freezing.stays(tx):  # else what is held back now was not there when they were unfrozen
        held = frozen(tx, sorted(held))
    freezing.hold(tx, sorted(held))
    return [task for task in tasks if task.message not in held]


def settle(tx: Tx, numbers: Iterable[int]) -> None:
    """Make what is frozen what the journal says: each owner of an address from whom a live entry says so."""
    for person in people.family(tx, sorted(set(numbers))):
        at = _said(tx, person)
        if at != freezing.of_address(tx, person.id):
            if tx.skip_locked:  # else there is one writer at a time
                ageing.take(tx)  # what is just going by its age went before
            freezing.freeze(tx, person.id, at)
            uses.touch_asker(tx, person.id)
            if at is not None:
                _cancel(tx, person.id)
    freezing.release(tx)


def follow(tx: Tx, customers: Collection[int]) -> None:
    """Others became these customers: nothing that waits to be sent to a frozen one is, and no other is held back."""
    if not customers or freezing.nobody(tx):
        return
    for customer in sorted(customers):
        if freezing.since(tx, customer) is not None:
            for person in people.members(tx, customer):
                _cancel(tx, person.id)
                uses.touch_asker(tx, person.id)
    freezing.release(tx)


def frozen(tx: Tx, messages: Sequence[int]) -> set[int]:
    """Of these messages those that are to somebody whose data are frozen."""
    return freezing.held(tx, messages) if messages and not freezing.nobody(tx) else set()


def stop(tx: Tx, message: int) -> None:
    """Send nothing of a message any more if it is to somebody whose data were frozen while it was under way."""
    peer = messages.held(tx, message).peer if frozen(tx, [message]) else None
    if peer is not None:
        _cancel(tx, peer)


def _cancel(tx: Tx, address: int) -> None:
    for message in freezing.cancel_queued(tx, address):
        detail = {"because": "the customer was frozen"}
        records.happened(tx, "message.failed", message=message, detail=detail)


def _said(tx: Tx, person: Person) -> int | None:
    points = [Point(id=one.id, first=one.first, since=one.since) for one in people.family(tx, [person.root])]
    entries = [entry for entry in live(journal.about(tx, [person.root])) if entry.kind == "freeze"]
    return min((entry.at for entry in owned(points, entries) if entry.one == person.id), default=None)
