"""Who is one customer: a pure function of the live entries of the journal, the policy and the purpose.

The addresses are points, the entries that count lines between them. Lines are taken strongest first, then
likeliest, then oldest, and left out where something stands between the two sides: "never these two", a limit,
an address that several people share (Kruskal's algorithm with constraints). The same entries in any order, in
any batches and with repetitions give the same customers, so a merge can be undone exactly by taking back what
it rests on. A view for a laxer purpose starts from the customers of the stricter one: it never parts them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from omnichannel.identity.epochs import retire
from omnichannel.identity.groups import Groups, Obstacle
from omnichannel.identity.journal import Entry
from omnichannel.identity.links import counts, links
from omnichannel.identity.points import Point, owned
from omnichannel.identity.policy import POLICY, Policy
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
    `objecting` are the addresses of those who want no link that only likeness makes.
    """

    customer_of: Mapping[int, int]
    links: tuple[Entry, ...] = ()
    refused_links: tuple[RefusedLink, ...] = ()
    shared: Mapping[int, str] = field(default_factory=dict)
    proven: Mapping[int, int] = field(default_factory=dict)
    purpose: Purpose = Purpose.DISCLOSE
    objecting: frozenset[int] = frozenset()

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
    several = list(points)
    counted = owned(several, counts(entries, policy, at))
    known = {point.id: point for point in retire(several, counted, policy)}
    refusals = (entry for entry in counted if entry.kind == "refuse")
    groups = Groups(known, refusals, policy, {entry.one for entry in counted if entry.kind == "object"})
    tree: list[Entry] = []
    refused: list[RefusedLink] = []
    common: Mapping[int, str] = {}
    owners: Mapping[int, int] = {}
    proven: Mapping[int, int] = {}
    for view in purpose.views:
        used, refused, common = _grow(groups, known, counted, view, policy)
        tree += used
        owners = groups.owners()
        proven = proven or owners
    return Partition(owners, tuple(tree), tuple(refused), common, proven, purpose, groups.objecting())


def _grow(
    groups: Groups, points: Mapping[int, Point], entries: Sequence[Entry], purpose: Purpose, policy: Policy
) -> tuple[list[Entry], list[RefusedLink], Mapping[int, str]]:
    """Join what the entries join for this purpose; the links used, those refused, and what is shared."""
    common = shared(points, entries, purpose, policy)
    used: list[Entry] = []
    refused: list[RefusedLink] = []
    for link in links(points, entries, purpose, policy):
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
    strength = policy.strength(link)
    if strength is Strength.INFERRED and (objected := groups.objected(one, other)):
        return objected
    return None if strength.proves or purpose is Purpose.DISCLOSE else groups.strangers(one, other)
