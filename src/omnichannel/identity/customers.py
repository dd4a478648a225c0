"""Who is one customer: a pure function of the live entries of the journal.

The addresses are points, the verified and attested entries lines between them. Lines are taken strongest
first, then oldest, and left out where they would bring together two addresses of which an operator said
"never these two" (Kruskal's algorithm with forbidden pairs). The same entries in any order, in any batches
and with repetitions give the same customers, so a merge can be undone exactly by taking back what it rests on.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass

from omnichannel.errors import Conflict
from omnichannel.identity.groups import Groups
from omnichannel.identity.journal import Entry, live, undo
from omnichannel.identity.policy import DISCLOSE, Policy, rank


@dataclass(frozen=True, slots=True)
class RefusedLink:
    """Evidence that would have made one customer of two, and what forbids it.

    `refusal` is the operator's "never these two"; None if one of the addresses is shared by several people.
    """

    link: Entry
    refusal: Entry | None


@dataclass(frozen=True, slots=True)
class Partition:
    """Addresses divided among customers. A customer's id is the smallest address number in the group.

    So an id once given out is always the number of some address, and finds the customer that this address
    belongs to now: merges and splits need no table of redirects. `links` join each group without a ring.
    """

    customer_of: Mapping[int, int]
    links: tuple[Entry, ...] = ()
    refused_links: tuple[RefusedLink, ...] = ()

    def members(self, customer: int) -> list[int]:
        """The addresses of a customer, smallest first; empty for a number that is no customer's id."""
        return sorted(address for address, owner in self.customer_of.items() if owner == customer)

    def together(self, one: int, other: int) -> bool:
        """Whether two addresses are one customer's."""
        return one in self.customer_of and self.customer_of[one] == self.customer_of.get(other)


def derive(
    addresses: Iterable[int],
    entries: Iterable[Entry],
    shared: Container[int] = (),
    policy: Policy = DISCLOSE,
) -> Partition:
    """Divide addresses among customers by what the journal says of them.

    `shared` addresses (info@, a family's mailbox) are customers of their own: they join nobody.
    Raises ValueError if evidence that counts leads to an address that was not given: the group would be
    cut off there, and its customer wrong.
    """
    counted = live(entries)
    groups = Groups(addresses, (entry for entry in counted if entry.kind == "refuse"))
    used: list[Entry] = []
    refused: list[RefusedLink] = []
    for link in sorted((entry for entry in counted if joins(entry, policy)), key=_order(policy)):
        one, other = link.pair
        if one in shared or other in shared:
            refused.append(RefusedLink(link, None))
        elif not groups.together(one, other):
            refusal = groups.forbids(one, other)
            if refusal is None:
                groups.join(one, other)
                used.append(link)
            else:
                refused.append(RefusedLink(link, refusal))
    return Partition(groups.owners(), tuple(used), tuple(refused))


def joins(entry: Entry, policy: Policy = DISCLOSE) -> bool:
    """Whether an entry makes one customer of two addresses, if nothing forbids it."""
    return entry.other is not None and entry.kind in ("claim", "accept") and policy.strength(entry).proves


def _order(policy: Policy) -> Callable[[Entry], tuple[int, int, tuple[int, int], str, int]]:
    """Strongest first, then oldest; ties fall by what the entries say, last by their number."""
    return lambda link: (rank(policy.strength(link)), link.at, link.pair, link.method, link.id)


def check_accept(
    partition: Partition, entries: Iterable[Entry], one: int, other: int, shared: Container[int] = ()
) -> None:
    """Raise Conflict if an operator may not say now that two addresses are one customer's.

    That is so when a live "never these two" stands between the customers that they belong to, or when one of
    them is shared: such an address joins nobody. Give all entries of both customers.
    """
    if one in shared or other in shared:
        raise Conflict("an address that several people share belongs to none of them; choose another one")
    sides = {partition.customer_of.get(one, one), partition.customer_of.get(other, other)}
    for entry in live(entries):
        ends = {partition.customer_of.get(address, address) for address in entry.pair}
        if entry.kind == "refuse" and ends == sides:
            raise Conflict(
                f"{entry.actor or 'somebody'} decided that these are never one customer"
                f"{f' ({entry.because})' if entry.because else ''}; take back entry {entry.id} first"
            )


def unmerge(
    entries: Iterable[Entry],
    one: int,
    other: int,
    shared: Container[int] = (),
    policy: Policy = DISCLOSE,
    *,
    at: int,
    actor: str = "",
    because: str = "",
    source: str = "",
) -> list[Entry]:
    """What to append so that two addresses of one customer are two customers', and stay so.

    It is "never these two", and a `revoke` of every link that then runs between the two sides; where the
    cut falls is what `derive` makes of the refusal: the weakest, then youngest link gives way. To cut a
    certain link, name its two ends. Messages follow their address, later ones too; `undo` of what was
    appended restores everything. Give all entries of the customer. Raises Conflict if they are not one.
    """
    journal = list(entries)
    addresses = {address for entry in journal for address in entry.pair} | {one, other}
    before = derive(addresses, journal, shared, policy)
    if not before.together(one, other):
        raise Conflict(f"addresses {one} and {other} are not one customer's; there is nothing to undo")
    refusal = Entry(0, "refuse", one, other, because=because, actor=actor, source=source, at=at)
    after = derive(addresses, [*journal, refusal], shared, policy)
    customer = before.customer_of[one]
    cut = [
        entry
        for entry in live(journal)
        if joins(entry, policy)
        and before.customer_of[entry.pair[0]] == before.customer_of[entry.pair[1]] == customer
        and not after.together(*entry.pair)
    ]
    return [*undo(cut, at=at, actor=actor, because=because, source=source), refusal]
