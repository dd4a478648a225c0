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

SHARES: Mapping[str, float] = {
    "neighbours": 3e-3,
    "one address": 2e-6,
    "one household": 1e-5,
    "relatives": 3e-5,
    "namesakes": 1e-6,
    "namesakes of one place": 3e-7,
    "one contact": 1e-6,
    "colleagues": 1e-4,
    "one body": 1e-6,
}
"""How many of all pairs of records stand in each relation, before anything was learned."""
