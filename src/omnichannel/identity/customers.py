"""Who is one customer: a pure function of the live entries of the journal, the policy and the purpose.

The addresses are points, the entries that count lines between them. Lines are taken strongest first, then
likeliest, then oldest, and left out where something stands between the two sides: "never these two", a limit,
an address that several people share (Kruskal's algorithm with constraints). The same entries in any order, in
any batches and with repetitions give the same customers, so a merge can be undone exactly by taking back what
it rests on. A view for a laxer purpose starts from the customers of the stricter one: it never parts them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from omnichannel.identity.groups import Groups, Obstacle
from omnichannel.identity.journal import Entry, live
from omnichannel.identity.points import UNPROVEN, Point, owned
from omnichannel.identity.policy import POLICY, Policy, rank
from omnichannel.identity.shared import shared
from omnichannel.model import Purpose, Strength


@dataclass(frozen=True, slots=True)
class RefusedLink:
    """Evidence that would have made one customer of two, and what stands between them."""

    link: Entry
    obstacle: Obstacle


@dataclass(frozen=True, slots=True)
class Partition:
    """Addresses divided among customers. A customer's id is the smallest address number in the group.

    So an id once given out is always the number of some address, and finds the customer that this address
    belongs to now: merges and splits need no table of redirects. `links` join each group without a ring.
    `shared` addresses are customers of their own, each with the reason. `proven` are the customers to disclose.
    """

    customer_of: Mapping[int, int]
    links: tuple[Entry, ...] = ()
    refused_links: tuple[RefusedLink, ...] = ()
    shared: Mapping[int, str] = field(default_factory=dict)
    proven: Mapping[int, int] = field(default_factory=dict)
    purpose: Purpose = Purpose.DISCLOSE

    def members(self, customer: int) -> list[int]:
        """The addresses of a customer, smallest first; empty for a number that is no customer's id."""
        return sorted(address for address, owner in self.customer_of.items() if owner == customer)

    def together(self, one: int, other: int) -> bool:
        """Whether two addresses are one customer's."""
        return one in self.customer_of and self.customer_of[one] == self.customer_of.get(other)

    def unproven(self, one: int, other: int) -> bool:
        """Whether one customer has both only as far as anybody says: to be marked wherever it is shown."""
        return self.together(one, other) and self.proven[one] != self.proven[other]


def derive(
    points: Iterable[Point],
    entries: Iterable[Entry],
    purpose: Purpose = Purpose.DISCLOSE,
    policy: Policy = POLICY,
    at: int | None = None,
) -> Partition:
    """Divide addresses among customers by what the journal says of them.

    `at`: the moment to judge by, in microseconds since 1970: what was written down later does not count, nor
    what had expired; None counts everything. Raises ValueError if evidence that counts leads to an address
    that was not given: the group would be cut off there, and its customer wrong.
    """
    known = {point.id: point for point in points}
    counted = owned(known.values(), counts(entries, policy, at))
    groups = Groups(known, (entry for entry in counted if entry.kind == "refuse"), policy)
    links: list[Entry] = []
    proven: Mapping[int, int] = {}
    for view in purpose.views:
        used, refused, common = _grow(groups, known, counted, view, policy)
        links += used
        owners = groups.owners()
        proven = proven or owners
    return Partition(owners, tuple(links), tuple(refused), common, proven, purpose)


def counts(entries: Iterable[Entry], policy: Policy = POLICY, at: int | None = None) -> list[Entry]:
    """The entries that count at a moment: known by then, not taken back by then, not expired."""
    if at is None:
        return live(entries)
    known = live(entry for entry in entries if entry.at <= at)
    return [entry for entry in known if (ends := policy.expires(entry)) is None or ends > at]


def joins(entry: Entry, purpose: Purpose = Purpose.DISCLOSE, policy: Policy = POLICY) -> bool:
    """Whether an entry by itself makes one customer of two addresses, if nothing stands between them."""
    if entry.other is None or entry.kind not in ("claim", "accept"):
        return False
    if policy.strength(entry).proves:
        return True
    return purpose is not Purpose.DISCLOSE and policy.likely(entry) >= policy.least[purpose]


def mutual(entries: Iterable[Entry], policy: Policy = POLICY) -> list[Entry]:
    """Claims that each side made of the other: nobody but the owner of both could have made the two.

    Only what a sender says of themselves counts, in their own words: what was inferred never does. Give live
    entries of proven senders: whoever only says who they are is an address of their own.
    """
    said: defaultdict[tuple[int, int], list[Entry]] = defaultdict(list)
    for entry in entries:
        if entry.kind == "claim" and entry.other is not None and policy.strength(entry) is Strength.ASSERTED:
            said[entry.one, entry.other].append(entry)
    return [entry for (one, other), claims in said.items() if (other, one) in said for entry in claims]


def _grow(
    groups: Groups, points: Mapping[int, Point], entries: Sequence[Entry], purpose: Purpose, policy: Policy
) -> tuple[list[Entry], list[RefusedLink], Mapping[int, str]]:
    """Join what the entries join for this purpose; the links used, those refused, and what is shared."""
    common = shared(points, entries, purpose, policy)
    links = [entry for entry in entries if joins(entry, purpose, policy)]
    if purpose is Purpose.DISCLOSE:
        links += mutual((entry for entry in entries if _by_proven(entry, points)), policy)
    used: list[Entry] = []
    refused: list[RefusedLink] = []
    for link in sorted(links, key=_order(policy)):
        one, other = link.pair
        if not groups.together(one, other):
            obstacle = _obstacle(groups, link, common, purpose, policy)
            if obstacle is None:
                groups.join(one, other)
                used.append(link)
            else:
                refused.append(RefusedLink(link, obstacle))
    return used, refused, common


def _obstacle(
    groups: Groups, link: Entry, common: Mapping[int, str], purpose: Purpose, policy: Policy
) -> Obstacle | None:
    """What keeps the two sides of a link apart. People's word is bound by refusals alone, not by limits."""
    one, other = link.pair
    for end in (one, other):
        if end in common:
            return Obstacle(f"an address that several people share joins nobody ({common[end]})")
    if (refused := groups.refused(one, other)) or link.kind == "accept":
        return refused
    if crowded := groups.crowded(one, other, purpose):
        return crowded
    return (
        None if policy.strength(link).proves or purpose is Purpose.DISCLOSE else groups.strangers(one, other)
    )


def _by_proven(entry: Entry, points: Mapping[int, Point]) -> bool:
    point = points.get(entry.one)
    return point is None or point.scope != UNPROVEN


def _order(policy: Policy) -> Callable[[Entry], tuple[int, float, int, tuple[int, int], str, int]]:
    """Strongest first, then likeliest, then oldest; ties fall by what the entries say, last by their number."""
    return lambda link: (
        rank(policy.strength(link)), -policy.likely(link), link.at, link.pair, link.method, link.id,
    )  # fmt: skip
