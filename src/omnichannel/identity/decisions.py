"""What people decide about customers: whether they may, and what has to be appended."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from omnichannel.errors import Conflict
from omnichannel.identity.customers import Partition, derive
from omnichannel.identity.journal import Entry, undo
from omnichannel.identity.links import counts, links
from omnichannel.identity.points import Point, owned
from omnichannel.identity.policy import POLICY, Policy
from omnichannel.model import Purpose


def check_accept(
    partition: Partition, entries: Iterable[Entry], one: int, other: int, show: Callable[[int], str] = str
) -> None:
    """Raise Conflict if an operator may not say now that two addresses are one customer's.

    That is so when a live "never these two" stands between the customers that they belong to, or when one of
    them is shared: such an address joins nobody. Give all entries of both customers, as `owned` leaves them;
    `show` writes the number of an entry as whoever reads the error knows it.
    """
    for number in (one, other):
        if number in partition.shared:
            raise Conflict(
                f"an address that several people share belongs to none of them ({partition.shared[number]});"
                " choose another one, or take back that it is shared"
            )
    sides = {partition.customer_of.get(one, one), partition.customer_of.get(other, other)}
    for entry in counts(entries):
        ends = {partition.customer_of.get(address, address) for address in entry.pair}
        if entry.kind == "refuse" and ends == sides:
            raise Conflict(
                f"{entry.actor or 'somebody'} decided that these are never one customer"
                f"{f' ({entry.because})' if entry.because else ''}; take back {show(entry.id)} first"
            )


def unmerge(
    points: Iterable[Point],
    entries: Iterable[Entry],
    one: int,
    other: int,
    policy: Policy = POLICY,
    *,
    at: int,
    actor: str = "",
    because: str = "",
    source: str = "",
) -> list[Entry]:
    """What to append so that two addresses of one customer are two customers', and stay so.

    It is "never these two", and a `revoke` of everything that joins the two sides by then; where the cut falls
    is what `derive` makes of the refusal: the weakest, then youngest link gives way. To cut a certain link, name
    its two ends. An address that changed hands means who has it at `at`. Messages follow their address, later
    ones too; `undo` of what was appended restores everything. What is taken back says nothing any more, not that an
    address was given up either, so that it counts against limits again. Give all entries of the customer. Raises
    Conflict if they are not one.
    """
    known, journal = list(points), list(entries)
    refusal = Entry(
        0, "refuse", *_named(known, one, other), because=because, actor=actor, source=source, at=at
    )
    here, there = owned(known, [refusal])[0].pair
    before = derive(known, journal, policy=policy)
    if not before.together(here, there):
        raise Conflict("these addresses are not one customer's; there is nothing to undo")
    after = derive(known, [*journal, refusal], policy=policy)
    told = counts(journal, policy)
    meant = owned(known, told)
    joining = set(links({point.id: point for point in known}, meant, Purpose.DISCLOSE, policy))
    cut = [
        entry
        for entry, about in zip(told, meant, strict=True)
        if about in joining
        and all(before.together(here, end) for end in about.pair)
        and not after.together(*about.pair)
    ]
    return [*undo(cut, at=at, actor=actor, because=because, source=source), refusal]


def _named(points: Iterable[Point], one: int, other: int) -> tuple[int, int]:
    """The numbers that the journal calls two addresses by; of two owners of one address, their own."""
    roots = {point.id: point.root for point in points}
    named = roots.get(one, one), roots.get(other, other)
    return (one, other) if named[0] == named[1] else named
