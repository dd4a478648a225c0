"""Keeping customers true to the journal: who is one is worked out anew wherever something was added to it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from omnichannel.identity import Entry, Partition, Point, Policy, Said, derive, joins, mutual
from omnichannel.inbox import owners
from omnichannel.model import Evidence, Purpose, Strength
from omnichannel.store import Tx, facts, journal, people, records
from omnichannel.store.facts import Fact

_MOST = 2000  # addresses in one component; beyond it something shared glues strangers together


class Around(NamedTuple):
    """What is known around some addresses: every owner of each, their names, and what the journal says."""

    people: dict[int, people.Person]
    points: list[Point]
    entries: list[Entry]

    def derive(self, policy: Policy, purpose: Purpose = Purpose.DISCLOSE, at: int | None = None) -> Partition:
        """Who is one customer among them."""
        return derive(self.points, self.entries, purpose, policy, at)

    @property
    def spelt(self) -> dict[int, str]:
        """Each address as it is written."""
        return {number: str(person.address) for number, person in self.people.items()}


def around(tx: Tx, start: Iterable[int], purpose: Purpose = Purpose.DISCLOSE) -> Around:
    """Every address that evidence, live or revoked, ever connected to these for a purpose, with all about them.

    Revoked evidence counts here, so that taking back a revocation is found again.
    """
    reached = {person.root for person in people.family(tx, sorted(set(start)))}
    frontier = sorted(reached)
    entries: dict[int, Entry] = {}
    while frontier and len(reached) <= _MOST:
        entries.update((entry.id, entry) for entry in journal.about(tx, frontier))
        ends = _connected(entries.values(), purpose, tx.policy)
        frontier = sorted(end for end in ends - reached)
        reached |= ends
    known = {person.id: person for person in people.family(tx, sorted(reached))}
    names = _names(tx, known)
    points = [_point(person, names.get(person.id, ())) for person in known.values()]
    inside = [entry for _, entry in sorted(entries.items()) if set(entry.pair) <= reached]
    return Around(known, points, inside)


def _connected(entries: Iterable[Entry], purpose: Purpose, policy: Policy) -> set[int]:
    every = list(entries)
    joined = [entry for entry in every if joins(entry, purpose, policy)]
    return {end for entry in (*joined, *mutual(every, policy)) for end in entry.pair}


def _names(tx: Tx, numbers: Iterable[int]) -> dict[int, tuple[Said, ...]]:
    found: dict[int, tuple[Said, ...]] = {}
    for fact in facts.of(tx, sorted(numbers)):
        if fact.field == facts.NAME:
            found[fact.address] = (*found.get(fact.address, ()), Said(fact.value, fact.strength))
    return found


def _point(person: people.Person, names: Sequence[Said]) -> Point:
    return Point(person.id, person.kind, person.scope, person.value, tuple(names), person.first, person.since)


def regroup(tx: Tx, start: Iterable[int], *, actor: str = "", because: str = "") -> None:
    """Work out anew who is one customer around some addresses, and say what changed."""
    found = around(tx, start)
    partition = found.derive(tx.policy)
    changed = [
        (number, partition.customer_of[number])
        for number, person in found.people.items()
        if partition.customer_of[number] != person.customer
    ]
    people.assign(tx, changed)
    for number, customer in changed:
        what = "customer.merged" if customer < number else "customer.separated"
        detail = {"address": str(found.people[number].address), "because": because}
        records.happened(tx, what, customer=customer, actor=actor, detail=detail)


def say(
    tx: Tx, person: people.Person, field: str, value: str, strength: Strength, *, source: str, at: int
) -> bool:
    """Write down what somebody says of themselves; whether it was new. A name may show that several people write."""
    new = facts.say(tx, Fact(person.id, field, value, strength), source=source, at=at)
    if new and field == facts.NAME:
        regroup(tx, [person.root], because="another name was used")
    return new


def call(tx: Tx, person: people.Person, name: str) -> None:
    """Give somebody the name that their platform's profile has, if they have none yet."""
    people.call(tx, person.id, name)
    say(tx, person, facts.NAME, name, Strength(person.strength), source="profile", at=tx.now())


def add_evidence(
    tx: Tx, person: people.Person, evidence: Iterable[Evidence], *, source: str, at: int
) -> None:
    """Write down what a message says about further addresses of its sender; proof merges at once."""
    for item in evidence:
        if item.address == person.address:
            continue
        # Only named: written down, but with no claim that its owner wrote.
        other = people.named(tx, item.address, item.strength, item.method, at)
        entry = Entry(
            id=0,
            kind="claim",
            one=person.root,
            other=other,
            strength=item.strength,
            method=item.method,
            because=item.because,
            source=source,
            at=at,
        )
        if not _said_before(tx, entry):
            write(tx, entry, because=item.because or item.method)


def write(tx: Tx, entry: Entry, *, because: str = "", actor: str = "") -> int:
    """Add an entry to the journal, and keep customers true to it; its number."""
    number = journal.write(tx, entry)
    counts = joins(entry, policy=tx.policy) or entry.kind in ("refuse", "share", "leave", "revoke")
    if entry.kind == "claim" and entry.other is not None and not counts:
        records.happened(
            tx, "customer.suggested",
            customer=people.get(tx, entry.one).customer, actor=actor,
            detail={"address": str(people.get(tx, entry.other).address)},
        )  # fmt: skip
    if counts or _answered(tx, entry):
        owners.settle(tx, entry.pair)
        regroup(tx, entry.pair, actor=actor, because=because)
    return number


def _answered(tx: Tx, entry: Entry) -> bool:
    """Whether the other side said the same: each of the two claims is then worth more."""
    return bool(mutual(journal.about(tx, [entry.one]), tx.policy)) if entry.other is not None else False


def _said_before(tx: Tx, entry: Entry) -> bool:
    return any(
        known.kind == entry.kind
        and known.pair == entry.pair
        and known.method == entry.method
        and known.strength == entry.strength
        and known.one == entry.one
        for known in journal.about(tx, [entry.one])
    )
