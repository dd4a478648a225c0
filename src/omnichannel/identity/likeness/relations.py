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
}
"""Each relation of two different customers, with the kinds of field that it makes them share."""

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
}
"""How many others each record is so related to, before anything was learned: about as many in a large file as in
a small one, but for neighbours. Own estimates; a file of more than some hundred records soon tells better."""


DOUBLES = 0.2
"""How many other records each one's customer has, before anything was learned."""


def usual(size: float) -> dict[str, float]:
    """The share of all pairs of `size` records that stands in each relation, before anything was learned."""
    return {name: min(0.1, 2 * others / max(1, size - 1)) for name, others in PER_RECORD.items()}


def usual_match(size: float) -> float:
    """The share of all pairs of `size` records that is one customer's, before anything was learned."""
    return min(0.1, 2 * DOUBLES / max(1, size - 1))
