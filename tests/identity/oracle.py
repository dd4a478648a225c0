"""Who is one customer, said as plainly and as slowly as it can be said: what every faster answer is held against.

Written from what the model says of itself (the docstrings of `Entry`, `Kind`, `Method`, `Policy`, `Purpose`), sharing
no line with how it is worked out. Taken as given: whose names could be one person's, which addresses are a role's or a
family's, and which values are placeholders; those have case tables of their own.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from omnichannel.identity import UNPROVEN, Entry, Point, Policy
from omnichannel.identity.blocked import is_blocked
from omnichannel.identity.naming import people, same_person
from omnichannel.identity.policy import OTHER, Kind
from omnichannel.identity.roles import is_household, is_role
from omnichannel.model import Purpose, Strength

STRONGEST_FIRST = [Strength.VERIFIED, Strength.ATTESTED, Strength.ASSERTED, Strength.INFERRED]
PROOF = {Strength.VERIFIED, Strength.ATTESTED}
STRICTEST_FIRST = [Purpose.DISCLOSE, Purpose.ASSIST, Purpose.ANALYTICS]

Groups = list[frozenset[int]]


class View(NamedTuple):
    """What holds for one purpose."""

    customers: frozenset[frozenset[int]]
    shared: frozenset[int]
    objecting: frozenset[int]

    def of(self, number: int) -> frozenset[int]:
        """The customer that has an address."""
        return next(customer for customer in self.customers if number in customer)


def views(
    points: Collection[Point], entries: Iterable[Entry], policy: Policy, at: int | None = None
) -> dict[Purpose, View]:
    """The customers for every purpose: each view begins with those of the stricter one, and joins on."""
    counted = [at_their_time(entry, points) for entry in counting(entries, policy, at)]
    points = [replace(point, retired=point.retired or moved_away(point, counted, policy)) for point in points]
    groups: Groups = [frozenset({point.id}) for point in points]
    found = {}
    for purpose in STRICTEST_FIRST:
        common = shared(points, counted, purpose, policy)
        for link in sorted(qualifying(points, counted, purpose, policy), key=lambda e: precedence(e, policy)):
            groups = joined(groups, link, points, counted, common, purpose, policy)
        objecting = {number for group in groups if objects(group, counted) for number in group}
        found[purpose] = View(frozenset(groups), frozenset(common), frozenset(objecting))
    return found


# --- what a single entry is worth -----------------------------------------------------------------------------


def strength(entry: Entry, policy: Policy) -> Strength:
    """The weaker of what the row says and what its method can prove."""
    known = policy.methods.get(entry.method)
    claimed = [entry.strength] if known is None else [entry.strength, known.most]
    return max(claimed, key=STRONGEST_FIRST.index)


def proves(entry: Entry, policy: Policy) -> bool:
    return strength(entry, policy) in PROOF


def likely(entry: Entry, policy: Policy) -> float:
    known = policy.methods.get(entry.method)
    if entry.likely is not None:
        return entry.likely
    return 1.0 if known is None else known.likely


def expired(entry: Entry, policy: Policy, at: int) -> bool:
    known = policy.methods.get(entry.method)
    if entry.expires_at is not None and entry.expires_at <= at:
        return True
    return known is not None and known.lasts is not None and entry.at + known.lasts <= at


def kind_of(point: Point, policy: Policy) -> Kind:
    return policy.kinds.get(point.kind, OTHER)


# --- which entries count ----------------------------------------------------------------------------------------


def counting(entries: Iterable[Entry], policy: Policy, at: int | None) -> list[Entry]:
    """Every entry once, that was known, not taken back by what counts itself, and not expired."""
    told: list[Entry] = []
    for entry in entries:
        if (at is None or entry.at <= at) and not any(entry.id and entry.id == known.id for known in told):
            told.append(entry)

    def counts(entry: Entry) -> bool:
        return not any(other.target == entry.id and counts(other) for other in told if other.kind == "revoke")

    return [
        entry
        for entry in told
        if entry.kind != "revoke" and counts(entry) and (at is None or not expired(entry, policy, at))
    ]


def at_their_time(entry: Entry, points: Collection[Point]) -> Entry:
    """The entry about whoever had its addresses then; if it names two owners of one address, just those."""

    def meant(number: int) -> int:
        named = [point for point in points if point.id == number]
        family = [point for point in points if named and point.root == named[0].root]
        begun = [point for point in family if point.since <= entry.at]
        if len(family) < 2:
            return number
        return max(begun, key=lambda p: p.since).id if begun else min(family, key=lambda p: p.since).id

    if entry.other is None:
        return replace(entry, one=meant(entry.one))
    if meant(entry.one) == meant(entry.other):
        return entry
    return replace(entry, one=meant(entry.one), other=meant(entry.other))


def moves(entry: Entry, policy: Policy) -> bool:
    """Whether it is proof that somebody gave up `other`, and has `one` instead."""
    known = policy.methods.get(entry.method)
    return (
        entry.kind == "claim"
        and entry.other is not None
        and bool(known and known.moves)
        and proves(entry, policy)
    )


def moved_away(point: Point, counted: Sequence[Entry], policy: Policy) -> bool:
    """Whether somebody left it, and that was the last that was said of anybody's moving from or to it."""
    told = [entry for entry in counted if moves(entry, policy) and point.id in (entry.one, entry.other)]
    last = [entry for entry in told if entry.at == max(other.at for other in told)]
    return bool(last) and all(entry.other == point.id for entry in last)


# --- which entries join ------------------------------------------------------------------------------------------


def qualifies(entry: Entry, purpose: Purpose, policy: Policy) -> bool:
    """By itself: proof always; what is unproven never to disclose, and else if it is likely enough."""
    if entry.kind not in ("claim", "accept") or entry.other is None:
        return False
    if proves(entry, policy):
        return True
    return purpose != Purpose.DISCLOSE and likely(entry, policy) >= policy.least[purpose]


def own_words(entry: Entry, points: Collection[Point], policy: Policy) -> bool:
    """A claim that a proven sender makes of themselves, though nothing proves it."""
    unproven = {point.id for point in points if point.scope == UNPROVEN}
    known = policy.methods.get(entry.method)
    return (
        entry.kind == "claim"
        and entry.other is not None
        and entry.one not in unproven
        and known is not None
        and known.own
        and strength(entry, policy) == Strength.ASSERTED
    )


def qualifying(
    points: Collection[Point], counted: Sequence[Entry], purpose: Purpose, policy: Policy
) -> list[Entry]:
    """What joins by itself, and what two proven senders say of each other."""
    said = [entry for entry in counted if own_words(entry, points, policy)]
    return [
        entry
        for entry in counted
        if qualifies(entry, purpose, policy)
        or (entry in said and any((back.one, back.other) == (entry.other, entry.one) for back in said))
    ]


def precedence(entry: Entry, policy: Policy) -> tuple[int, float, int, list[int], str]:
    """Strongest, likeliest, oldest; then by what it says, never by when it arrived."""
    ends = sorted(entry.pair)
    worth = STRONGEST_FIRST.index(strength(entry, policy))
    return worth, -likely(entry, policy), entry.at, ends, entry.method


# --- what stands between ------------------------------------------------------------------------------------------


def shared(points: Collection[Point], counted: Sequence[Entry], purpose: Purpose, policy: Policy) -> set[int]:
    """What an operator says is shared, what nobody has alone, what several accounts or several people use."""
    found = {entry.one for entry in counted if entry.kind == "share"}
    for point in points:
        if point.value and nobodys(point):
            found.add(point.id)
        if kind_of(point, policy).account:
            continue
        if crowd(point, points, counted, purpose, policy) or several(point, purpose, policy):
            found.add(point.id)
    return found


def nobodys(point: Point) -> bool:
    """Whether nobody has such an address to themselves, whatever is known of it."""
    return is_blocked(point.kind, point.value) or is_role(point.address) or is_household(point.address)


def crowd(
    point: Point, points: Collection[Point], counted: Sequence[Entry], purpose: Purpose, policy: Policy
) -> bool:
    """Whether too many accounts at one place are tied to it, by evidence that counts for the purpose.

    At a device any two addresses of a kind are too many that were each proven there, if they are no devices.
    """
    device = kind_of(point, policy).device
    most = 2 if device else policy.accounts
    tied = [
        other
        for other in points
        if not other.retired
        and other.kind
        and any(
            kind_of(other, policy).account
            or (device and not kind_of(other, policy).device and proves(entry, policy))
            for entry in counted
            if entry.kind == "claim"
            and qualifies(entry, purpose, policy)
            and set(entry.pair) == {point.id, other.id}
        )
    ]
    return any(
        sum((other.kind, other.scope) == (account.kind, account.scope) for other in tied) >= most
        for account in tied
    )


def several(point: Point, purpose: Purpose, policy: Policy) -> bool:
    """Whether its names, as far as they count for the purpose, are several people's."""
    names = {said.name for said in point.names if purpose != Purpose.DISCLOSE or said.strength in PROOF}
    return len(people(names)) >= policy.people


def joined(
    groups: Groups,
    link: Entry,
    points: Collection[Point],
    counted: Sequence[Entry],
    common: set[int],
    purpose: Purpose,
    policy: Policy,
) -> Groups:
    """The groups after a link was followed, or as they are if something stands between its two sides."""
    here, there = (next(group for group in groups if end in group) for end in link.pair)
    if here == there or common & set(link.pair):
        return groups
    both = here | there
    if any(entry.kind == "refuse" and set(entry.pair) <= both for entry in counted):
        return groups
    if link.kind != "accept":
        if len(both) > policy.largest or crowded(here, there, points, purpose, policy):
            return groups
        if purpose != Purpose.DISCLOSE and not proves(link, policy) and strangers(here, there, points):
            return groups
        if strength(link, policy) == Strength.INFERRED and objects(both, counted):
            return groups
    return [group for group in groups if group not in (here, there)] + [both]


def crowded(
    here: frozenset[int],
    there: frozenset[int],
    points: Collection[Point],
    purpose: Purpose,
    policy: Policy,
) -> bool:
    """Whether both sides have addresses of one kind at one place, together more than one customer can have."""

    def those(side: frozenset[int], like: Point) -> int:
        return sum(
            point.id in side and not point.retired and (point.kind, point.scope) == (like.kind, like.scope)
            for point in points
        )

    for like in points:
        kind = kind_of(like, policy)
        most = kind.most if purpose == Purpose.DISCLOSE or not kind.loosely else kind.loosely
        one, other = those(here, like), those(there, like)
        if like.kind and one and other and one + other > most:
            return True
    return False


def objects(group: frozenset[int], counted: Sequence[Entry]) -> bool:
    """Whether somebody in it wants no link that only likeness makes."""
    return any(entry.kind == "object" and entry.one in group for entry in counted)


def strangers(here: frozenset[int], there: frozenset[int], points: Collection[Point]) -> bool:
    """Whether both sides have names, and nobody here could be somebody there."""
    names, others = (
        {said.name for point in points if point.id in side for said in point.names} for side in (here, there)
    )
    return bool(names and others) and not any(same_person(one, other) for one in names for other in others)


# --- when an address changed hands --------------------------------------------------------------------------------


def changes(
    address: Point, addresses: Collection[Point], entries: Iterable[Entry], policy: Policy
) -> list[int]:
    """The moments from which an address is somebody else's.

    A verified account holds it from a moment on. It is another owner's when none of the accounts of the owner before
    is among those that hold it now, and it was not held for as long as its `gap`; and whoever comes after it was given
    up is another one, unless the owner comes back.
    """
    counted = counting(entries, policy, None)
    accounts = {other.id for other in addresses if kind_of(other, policy).account}
    held = [
        (entry.at, account)
        for entry in counted
        if entry.kind == "claim" and entry.other is not None and strength(entry, policy) == Strength.VERIFIED
        for account in set(entry.pair) - {address.id}
        if address.id in entry.pair and account in accounts
        if not (moves(entry, policy) and entry.other == address.id)
    ]
    left = {entry.at for entry in counted if entry.kind == "leave" and entry.one == address.id}
    left |= {entry.at for entry in counted if moves(entry, policy) and entry.other == address.id}
    gap = kind_of(address, policy).gap
    moments = sorted({at for at, _ in held})
    found: list[int] = []
    for before, now in zip([0, *moments], [*moments, None], strict=True):
        given_up = [at + 1 for at in sorted(left) if before <= at and (now is None or at < now)]
        begun = found[-1] if found else 0
        owners = {account for at, account in held if begun <= at <= before}
        holders = {account for at, account in held if at == now}
        if owners & holders:
            continue  # whoever left came back
        silent = now is not None and bool(owners) and gap is not None and now - before >= gap
        found += given_up or ([now] if silent and now is not None else [])
    return found


# --- which addresses hang together at all -------------------------------------------------------------------------


def components(
    points: Collection[Point], entries: Sequence[Entry], purpose: Purpose, policy: Policy
) -> list[frozenset[int]]:
    """The addresses, by the journal's numbers, that evidence for a purpose ever connected, even if taken back.

    Whatever is decided within one of them can never matter in another.
    """
    groups = [{root} for root in {point.root for point in points}]
    for link in qualifying(points, list(entries), purpose, policy):
        near = [group for group in groups if group & set(link.pair)]
        groups = [group for group in groups if group not in near] + [set().union(*near)]
    return [frozenset(group) for group in groups]
