"""Addresses that change hands: each owner's time is an address of its own, with its own customer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from omnichannel.identity import Point, beginnings, departures, live, ties
from omnichannel.store import Tx, journal, messages, people, records
from omnichannel.store.people import Person


def settle(tx: Tx, numbers: Iterable[int], *, decided: bool = False) -> None:
    """Make the owners of these addresses what the journal says: a function of all of it, whatever came last.

    Addresses that never change hands by themselves do where it was `decided`.
    """
    for person in people.family(tx, sorted(set(numbers))):
        if person.id == person.root and (decided or tx.policy.kind(person.kind).gap is not None):
            _settle(tx, people.family(tx, [person.root]))


def _settle(tx: Tx, family: Sequence[Person]) -> None:
    first, *later = sorted(family, key=lambda person: (person.since, person.id))
    since = _since(tx, first)
    if since == [person.since for person in later]:
        return
    for person, moment in zip(later, since, strict=False):
        people.begin(tx, person.id, moment)
    for moment in since[len(later) :]:
        number = people.succeed(tx, first, moment)
        records.happened(tx, "address.changed_hands", customer=number, detail={"address": str(first.address)})
    for person in later[len(since) :]:
        people.begin(tx, person.id, people.NEVER)
    messages.by_owner(tx, people.family(tx, [first.root]))


def _since(tx: Tx, first: Person) -> list[int]:
    entries = live(journal.about(tx, [first.root]))
    ends = sorted({end for entry in entries for end in entry.pair})
    points = {one.id: Point(one.id, one.kind, one.scope, one.value) for one in people.family(tx, ends)}
    tied = ties(first.root, points, entries, tx.policy)
    left = departures(first.root, entries, tx.policy)
    return beginnings(tied, tx.policy.kind(first.kind).gap, left)
