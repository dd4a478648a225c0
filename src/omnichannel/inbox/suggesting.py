"""Suggestions as a person wants them: what is worth most first, with the weight of every reason."""

from __future__ import annotations

from collections.abc import Mapping

from omnichannel.identity import Policy, live, suggestions
from omnichannel.identity.likeness.known import Weighed
from omnichannel.identity.points import owned
from omnichannel.identity.suggestions import Suggested
from omnichannel.identity.worth import worth
from omnichannel.inbox import studying
from omnichannel.inbox.merging import Around, around
from omnichannel.inbox.rights import freezing
from omnichannel.model import Purpose, Suggestion, Weight
from omnichannel.store import Tx, journal, messages, people

LOOKED_AT = 1_000
"""So many claims of each kind are weighed against each other at least, however many wait."""


def suggested(tx: Tx, most: int) -> list[Suggestion]:
    """Customers who may be one: those first of whom a decision is expected to put most right."""
    said = journal.undecided(tx, tx.policy.least[Purpose.ASSIST], max(most, LOOKED_AT))
    found = around(tx, sorted({number for entry in said for number in entry.pair}))
    about = (entry for entry in found.entries if found.inner.issuperset(entry.pair))
    lasting = (entry for entry in about if (ends := tx.policy.expires(entry)) is None or ends > tx.now())
    entries = owned(found.points, lasting)
    partition = found.now(tx)
    every = suggestions(partition.customer_of, entries, partition.shared, tx.policy, partition.objecting)
    frozen = freezing.addresses(tx)
    every = [one for one in every if frozen.isdisjoint((one.one, one.other))]
    traffic = _traffic(tx, partition.customer_of, {number for one in every for number in one.customers})
    ranked = sorted(every, key=lambda one: (-_worth(one, traffic, tx.policy), one.customers))
    return [_suggestion(tx, found, one, _worth(one, traffic, tx.policy)) for one in ranked[:most]]


def _traffic(tx: Tx, customer_of: Mapping[int, int], wanted: set[int]) -> dict[int, int]:
    """How many messages each of these customers has."""
    members = [number for number, customer in customer_of.items() if customer in wanted]
    counted = messages.counts(tx, members)
    total = dict.fromkeys(wanted, 0)
    for number in members:
        total[customer_of[number]] += counted.get(number, 0)
    return total


def _worth(one: Suggested, traffic: Mapping[int, int], policy: Policy) -> float:
    here, there = (traffic[number] for number in one.customers)
    return worth(_likely(one, policy), policy.least[Purpose.ASSIST], here, there)


def _likely(one: Suggested, policy: Policy) -> float:
    """How probable it is said to be, by the likeliest of its reasons."""
    return max(policy.likely(entry) for entry in one.entries)


def _suggestion(tx: Tx, found: Around, one: Suggested, worth_: float) -> Suggestion:
    here, there = found.people[one.one], found.people[one.other]
    alike = any(entry.method == studying.METHOD for entry in one.entries)
    return Suggestion(
        id=tx.ids.show("claim", one.entries[0].id),
        one=here.address,
        other=there.address,
        strength=one.strength,
        score=one.score,
        because=one.because,
        likely=_likely(one, tx.policy),
        weights=weights(studying.compare(tx, here, there)) if alike else (),
        worth=round(worth_, 4),
    )


def weights(weighed: Weighed) -> tuple[Weight, ...]:
    """The waterfall as values: the weight of each field, adding up to the odds."""
    return tuple(
        Weight(field=step.field, says=step.says, bits=round(step.bits, 2))
        for step in weighed.waterfall().steps
    )


def stated(tx: Tx, one: people.Person, other: people.Person) -> float | None:
    """How probable likeness says it is that two customers are one, before calibration; None where it said nothing."""
    if one.customer == other.customer:
        return None
    members = people.by_customer(tx, [one.customer, other.customer])
    here, there = ({person.root for person in members[who.customer]} for who in (one, other))
    claims = [entry for entry in live(journal.about(tx, sorted(here))) if entry.method == studying.METHOD]
    if any(set(entry.pair) & here and set(entry.pair) & there for entry in claims):
        return studying.compare(tx, one, other).probability
    return None
