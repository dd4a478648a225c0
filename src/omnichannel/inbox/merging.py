"""Keeping customers true to the journal: who is one is worked out anew wherever something was added to it."""

from __future__ import annotations

from collections.abc import Iterable

from omnichannel.identity import Entry, derive, is_role, joins
from omnichannel.model import Evidence
from omnichannel.store import Tx, people, records

UNPROVEN = "unproven"
"""The scope of whoever only says who they are: somebody of their own, until it is proven."""


_MOST = 2000  # addresses in one component; beyond it something shared glues strangers together


def component(tx: Tx, start: Iterable[int]) -> tuple[list[int], list[Entry]]:
    """Every address that proving evidence, live or revoked, ever connected to these, and all entries about them.

    Revoked evidence counts here, so that taking back a revocation is found again.
    """
    reached = set(start)
    frontier = sorted(reached)
    entries: dict[int, Entry] = {}
    while frontier and len(reached) <= _MOST:
        found = people.entries_about(tx, frontier)
        entries.update((entry.id, entry) for entry in found)
        ends = {number for entry in found if joins(entry) for number in entry.pair}
        frontier = sorted(ends - reached)
        reached |= ends
    return sorted(reached), [entries[number] for number in sorted(entries)]


def regroup(tx: Tx, start: Iterable[int], *, actor: str = "", because: str = "") -> None:
    """Work out anew who is one customer around some addresses, and say what changed."""
    addresses, entries = component(tx, start)
    known = {number: people.get(tx, number) for number in addresses}
    shared = {number for number, person in known.items() if is_role(person.address)}
    partition = derive(addresses, within(entries, known), shared)
    changed = [
        (number, partition.customer_of[number])
        for number in addresses
        if partition.customer_of[number] != known[number].customer
    ]
    people.assign(tx, changed)
    for number, customer in changed:
        what = "customer.merged" if customer < number else "customer.separated"
        detail = {"address": str(known[number].address), "because": because}
        records.happened(tx, what, customer=customer, actor=actor, detail=detail)


def within(entries: Iterable[Entry], known: Iterable[int]) -> list[Entry]:
    """Only what is about these addresses: an unproven claim may lead out of the component."""
    inside = set(known)
    return [entry for entry in entries if set(entry.pair) <= inside]


def add_evidence(
    tx: Tx, person: people.Person, evidence: Iterable[Evidence], *, source: str, at: int
) -> None:
    """Write down what a message says about further addresses of its sender; proof merges at once."""
    for item in evidence:
        if item.address == person.address:
            continue
        # Only named: written down, but with no claim that its owner wrote.
        other = people.name(tx, item.address, item.strength, item.method, at)
        entry = Entry(
            id=0,
            kind="claim",
            one=person.id,
            other=other,
            strength=item.strength,
            method=item.method,
            because=item.because,
            source=source,
            at=at,
        )
        if not _said_before(tx, entry):
            people.write(tx, entry)
            if joins(entry):
                regroup(tx, entry.pair, because=item.because or item.method)
            else:
                records.happened(
                    tx, "customer.suggested", customer=person.customer, detail={"address": str(item.address)}
                )


def _said_before(tx: Tx, entry: Entry) -> bool:
    return any(
        known.kind == entry.kind
        and known.pair == entry.pair
        and known.method == entry.method
        and known.strength == entry.strength
        and known.one == entry.one
        for known in people.entries_about(tx, [entry.one])
    )
