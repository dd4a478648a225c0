"""Customers who may be one, unproven: what a person should look at, with the reasons."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from math import prod

from omnichannel.identity.journal import Entry, live
from omnichannel.identity.policy import POLICY, Policy, rank
from omnichannel.model import Strength

WEIGHT: Mapping[Strength, float] = {Strength.ASSERTED: 0.6, Strength.INFERRED: 0.3}
"""How much one reason of a strength weighs. Ranks suggestions; it is no measured probability."""


@dataclass(frozen=True, slots=True)
class Suggested:
    """Two customers who may be one. The strongest reason is what `one` says of `other`.

    `customers` are both customers' ids, the smaller first. `score` lies above 0 and below 1.
    """

    customers: tuple[int, int]
    one: int
    other: int
    strength: Strength
    score: float
    because: tuple[str, ...]
    entries: tuple[Entry, ...]


def suggestions(
    customer_of: Mapping[int, int],
    entries: Iterable[Entry],
    shared: Container[int] = (),
    policy: Policy = POLICY,
    objecting: Container[int] = (),
) -> list[Suggested]:
    """Each pair of customers that unproven claims connect, once, most likely first.

    Left out are pairs with a live "never these two" between any of their addresses, claims about shared
    addresses, and what is only inferred about an address of whoever is `objecting` to that. The score is
    1 - Π(1 - weight) over the different reasons: who says it and by which method, so that saying it again adds
    nothing, and the other side saying so too adds much. An address that is not in `customer_of` is a customer
    of its own.
    """

    def customers(entry: Entry) -> tuple[int, int]:
        one, other = (customer_of.get(end, end) for end in entry.pair)
        return (one, other) if one < other else (other, one)

    counted = live(entries)
    never = {customers(entry) for entry in counted if entry.kind == "refuse"}
    reasons: dict[tuple[int, int], list[Entry]] = {}
    for entry in sorted(counted, key=lambda entry: (rank(policy.strength(entry)), entry.at, entry.id)):
        pair = customers(entry)
        unproven = entry.kind == "claim" and entry.other is not None and not policy.strength(entry).proves
        if not unproven or pair[0] == pair[1] or pair in never:
            continue
        inferred = policy.strength(entry) is Strength.INFERRED
        if not any(end in shared or (inferred and end in objecting) for end in entry.pair):
            reasons.setdefault(pair, []).append(entry)
    found = [_suggested(pair, claims, customer_of, policy) for pair, claims in reasons.items()]
    return sorted(found, key=lambda suggested: (-suggested.score, suggested.customers))


def _suggested(
    customers: tuple[int, int], claims: list[Entry], customer_of: Mapping[int, int], policy: Policy
) -> Suggested:
    """One suggestion out of all claims between two customers, the strongest and oldest claim first."""
    different: dict[tuple[int, str], Entry] = {}
    for claim in claims:
        different.setdefault((customer_of.get(claim.one, claim.one), claim.method), claim)
    best = claims[0]
    return Suggested(
        customers=customers,
        one=best.one,
        other=best.pair[0] if best.one == best.pair[1] else best.pair[1],
        strength=policy.strength(best),
        score=round(1 - prod(1 - WEIGHT[policy.strength(claim)] for claim in different.values()), 4),
        because=tuple(dict.fromkeys(policy.says(claim) for claim in different.values())),
        entries=tuple(claims),
    )
