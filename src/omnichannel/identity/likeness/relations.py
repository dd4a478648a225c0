"""Why strangers agree: a household shares an address and a family name, neighbours a place, colleagues a company.

Fellegi and Sunter's model takes the fields of strangers as independent, and so joins families. Here a pair may be
one customer's, or two strangers', or of one of these relations; each relation shares some kinds of field as one
customer's records do, and agrees on the others by chance.
"""

from __future__ import annotations

from collections.abc import Mapping

from omnichannel.identity.likeness.aspects import Kind

RELATIONS: Mapping[str, frozenset[Kind]] = {
    "neighbours": frozenset({Kind.PLACE}),
    "one address": frozenset({Kind.PLACE, Kind.HOME, Kind.CONTACT}),
    "one household": frozenset({Kind.PLACE, Kind.HOME, Kind.FAMILY, Kind.CONTACT}),
    "relatives": frozenset({Kind.FAMILY, Kind.PLACE}),
    "namesakes": frozenset({Kind.GIVEN, Kind.FAMILY}),
    "namesakes of one place": frozenset({Kind.GIVEN, Kind.FAMILY, Kind.PLACE, Kind.HOME}),
    "one contact": frozenset({Kind.CONTACT}),
    "colleagues": frozenset({Kind.WORK}),
    "one body": frozenset({Kind.WORK, Kind.PLACE, Kind.HOME, Kind.CONTACT}),
    "look-alikes": frozenset({Kind.GIVEN, Kind.FAMILY, Kind.PLACE, Kind.HOME, Kind.CONTACT}),
    "half alike": frozenset({Kind.GIVEN, Kind.FAMILY}),
}
"""Each relation of two different customers, with the kinds of field that it makes them share."""

DOUBLES = 0.2
"""How many other records each one's customer has, before anything was learned."""

LOOK_ALIKES = 1 / 2000
"""For each pair of one customer, so many of two who share name, address and contacts: a father and a son of one
name, or an impostor. It bounds how sure a pair can be of which nothing of the person's own (a birth date, a
document) is known. Stated, not learned: a customer whose birth date is mistyped looks just like two look-alikes,
so learning would take the one for the other. Own estimate; just below what the purpose disclose asks for."""

HALF_ALIKE = frozenset({Kind.PLACE, Kind.HOME, Kind.CONTACT})
"""What those who are half alike share in part: each field so often as was learned, else by chance.

They are look-alikes that can be told by their number, and so are learned: they agree on a name and on *some* of what
one customer's records agree on. A rival only where nothing of the person's own is known, for there a few customers
with little data and many look-alikes cannot be told apart pair by pair, but by what all such pairs agree on."""

SHARED = (0.5, 0.75)
"""How often the half alike share a field, before anything was learned and at most: at 1 they were one customer."""

OWN = 2.0
"""Bits by which something of the person's own must speak for or against two, to count as known."""

PER_RECORD: Mapping[str, float] = {
    "neighbours": 2.0,
    "one address": 0.02,
    "one household": 0.03,
    "relatives": 0.05,
    "namesakes": 0.002,
    "namesakes of one place": 0.001,
    "one contact": 0.01,
    "colleagues": 0.05,
    "one body": 0.01,
    "look-alikes": DOUBLES * LOOK_ALIKES,
    "half alike": DOUBLES * LOOK_ALIKES,
}
"""How many others each record is so related to, before anything was learned: about as many in a large file as in
a small one, but for neighbours. Own estimates; a file of more than some hundred records soon tells better."""


def usual(size: float) -> dict[str, float]:
    """The share of all pairs of `size` records that stands in each relation, before anything was learned."""
    return {name: min(0.1, 2 * others / max(1, size - 1)) for name, others in PER_RECORD.items()}


def usual_match(size: float) -> float:
    """The share of all pairs of `size` records that is one customer's, before anything was learned."""
    return min(0.1, 2 * DOUBLES / max(1, size - 1))
