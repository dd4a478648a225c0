"""Evidence that joins: which entries count at a moment, and which of those make one customer of two addresses."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

from omnichannel.identity.journal import Entry, live
from omnichannel.identity.points import UNPROVEN, Point
from omnichannel.identity.policy import POLICY, Policy, rank
from omnichannel.model import Purpose


def counts(entries: Iterable[Entry], policy: Policy = POLICY, at: int | None = None) -> list[Entry]:
    """The entries that count at a moment: known by then, not taken back by then, not expired."""
    if at is None:
        return live(entries)
    known = live(entry for entry in entries if entry.at <= at)
    return [entry for entry in known if (ends := policy.expires(entry)) is None or ends > at]


def links(
    points: Mapping[int, Point], entries: Sequence[Entry], purpose: Purpose, policy: Policy
) -> list[Entry]:
    """The entries that join in a view, strongest first. Give those that count."""
    answered = set(mutual((entry for entry in entries if _by_proven(entry, points)), policy))
    found = [entry for entry in entries if joins(entry, purpose, policy) or entry in answered]
    return sorted(found, key=_order(policy))


def joins(entry: Entry, purpose: Purpose = Purpose.DISCLOSE, policy: Policy = POLICY) -> bool:
    """Whether an entry by itself makes one customer of two addresses, if nothing stands between them."""
    if entry.other is None or entry.kind not in ("claim", "accept"):
        return False
    if policy.strength(entry).proves:
        return True
    return purpose is not Purpose.DISCLOSE and policy.likely(entry) >= policy.least[purpose]


def mutual(entries: Iterable[Entry], policy: Policy = POLICY) -> list[Entry]:
    """Claims that each side made of the other: nobody but the owner of both could have made the two.

    Only what a sender says of themselves counts, in their own words (a method's `own`): never what was inferred,
    nor a contact card, which may be anybody's. Give live entries of proven senders: whoever only says who they are
    is an address of their own.
    """
    said: defaultdict[tuple[int, int], list[Entry]] = defaultdict(list)
    for entry in entries:
        if entry.kind == "claim" and entry.other is not None and policy.own(entry):
            said[entry.one, entry.other].append(entry)
    return [entry for (one, other), claims in said.items() if (other, one) in said for entry in claims]


def _by_proven(entry: Entry, points: Mapping[int, Point]) -> bool:
    point = points.get(entry.one)
    return point is None or point.scope != UNPROVEN


def _order(policy: Policy) -> Callable[[Entry], tuple[int, float, int, tuple[int, int], str, int]]:
    """Strongest first, then likeliest, then oldest; ties fall by what the entries say, last by their number."""
    return lambda link: (
        rank(policy.strength(link)), -policy.likely(link), link.at, link.pair, link.method, link.id,
    )  # fmt: skip
