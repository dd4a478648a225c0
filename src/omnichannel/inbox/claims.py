"""Entries of the journal as the application sees them."""

from __future__ import annotations

from omnichannel.clock import moment
from omnichannel.identity import Entry, Point, owned
from omnichannel.model import Claim
from omnichannel.store import Tx, journal, people


def claim(tx: Tx, entry: Entry, *, revoked: bool) -> Claim:
    """The entry with its addresses, and the reason in words."""
    expires = tx.policy.expires(entry)
    return Claim(
        id=tx.ids.show("claim", entry.id),
        address=people.get(tx, entry.one).address,
        other=people.get(tx, entry.other).address if entry.other is not None else None,
        strength=entry.strength,
        method=entry.method if entry.kind == "claim" else entry.kind,
        source=entry.source or entry.actor,
        because=tx.policy.says(entry),
        at=moment(entry.at),
        expires_at=moment(expires) if expires is not None else None,
        revoked=revoked,
    )


def claims_of(tx: Tx, customer: int) -> list[Claim]:
    """Every entry about the addresses of a customer in the time when they had them, oldest first."""
    theirs = {person.id: person.root for person in people.members(tx, customer)}
    roots = sorted(set(theirs.values()))
    entries = journal.about(tx, roots)
    revoked = {entry.target for entry in entries if entry.kind == "revoke"}
    points = [Point(one.id, first=one.first, since=one.since) for one in people.family(tx, roots)]
    return [
        claim(tx, entry, revoked=entry.id in revoked)
        for entry, meant in zip(entries, owned(points, entries), strict=True)
        if not theirs.keys().isdisjoint(meant.pair)
    ]
