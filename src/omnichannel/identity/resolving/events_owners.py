"""When the addresses of a stream changed hands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from omnichannel.identity.epochs import beginnings, ties
from omnichannel.identity.journal import Entry
from omnichannel.identity.points import Point
from omnichannel.identity.policy import Policy
from omnichannel.identity.resolving.events_spoken import Spoken
from omnichannel.model import Address, Strength

_MOVED = 2
"""How many times an account has to be met at another number before it has left the first one."""

LONG = 240 * 86_400 * 1_000_000
"""After a silence of so long, in microseconds, a number may be somebody else's: a hint is enough (a guess)."""

_YEAR = 365 * 86_400 * 1_000_000
"""After a silence of so long, in microseconds, whoever uses a number and proves no account is somebody new."""


def owners(
    several: Sequence[Spoken], numbers: Mapping[Address, int], points: Mapping[int, Point], policy: Policy
) -> dict[int, list[int]]:
    """For each address that changed hands, by number, the moments at which a new owner's time began."""
    proofs = _proofs(several, numbers, policy)
    used = _used(several, numbers)
    said = _said(several, numbers)
    found: dict[int, list[int]] = {}
    for address, number in numbers.items():
        gap = policy.kind(address.kind).gap
        if gap is None or number not in used:
            continue
        since = set(beginnings(ties(number, points, proofs[number], policy), gap))
        if gap:
            since |= _silent(used[number]) | _late(used[number], said.get(number, ()))
            since |= _abandoned(number, address.kind, proofs, used[number], gap, points)
            since |= _left(number, address.kind, proofs, used[number], points)
        if since:
            found[number] = sorted(since)
    return found


def _proofs(
    several: Iterable[Spoken], numbers: Mapping[Address, int], policy: Policy
) -> defaultdict[int, list[Entry]]:
    """What ties accounts to addresses, under the numbers of both."""
    found: defaultdict[int, list[Entry]] = defaultdict(list)
    for one in several:
        if len(one.proven) < 2 or not policy.kind(one.proven[0].kind).account:
            continue
        account = numbers[one.proven[0]]
        for address in one.proven[1:]:
            entry = Entry(
                0, "claim", account, numbers[address], Strength.VERIFIED, "platform_mapping", at=one.event.at
            )
            found[numbers[address]].append(entry)
            found[account].append(entry)
    return found


def _used(several: Iterable[Spoken], numbers: Mapping[Address, int]) -> Mapping[int, list[tuple[int, bool]]]:
    """When each address was proven to be used, oldest first, and whether it was proven alone."""
    found: defaultdict[int, list[tuple[int, bool]]] = defaultdict(list)
    for one in several:
        for address in one.proven:
            found[numbers[address]].append((one.event.at, len(one.proven) == 1))
    return found


def _said(several: Iterable[Spoken], numbers: Mapping[Address, int]) -> Mapping[int, list[int]]:
    """When each address was named by somebody who did not prove it."""
    found: defaultdict[int, list[int]] = defaultdict(list)
    for one in several:
        for address, _ in one.said:
            found[numbers[address]].append(one.event.at)
    return found


def _abandoned(
    number: int,
    kind: str,
    proofs: Mapping[int, Sequence[Entry]],
    used: Sequence[tuple[int, bool]],
    gap: int,
    points: Mapping[int, Point],
) -> set[int]:
    """The first use of a number, after a silence, by when its account was met at another one again and again."""
    found: set[int] = set()
    mine = proofs.get(number, ())
    for account in {entry.one for entry in mine}:
        last = max(entry.at for entry in mine if entry.one == account)
        elsewhere = sorted(
            entry.at
            for entry in proofs.get(account, ())
            if entry.at > last and entry.other != number and points[_other(entry)].kind == kind
        )
        if len(elsewhere) >= _MOVED:
            moved = elsewhere[_MOVED - 1]
            quiet = [(before, at) for (before, _), (at, _) in pairwise(used) if before >= last]
            found |= set([at for before, at in quiet if at - before >= gap and at > moved][:1])
    return found


def _left(
    number: int,
    kind: str,
    proofs: Mapping[int, Sequence[Entry]],
    used: Sequence[tuple[int, bool]],
    points: Mapping[int, Point],
) -> set[int]:
    """The uses after a long silence of a number to which no account came back, though one is met at another."""
    mine = proofs.get(number, ())
    if not mine:
        return set()
    last = max(entry.at for entry in mine)
    elsewhere = any(
        entry.at > last and entry.other != number and points[_other(entry)].kind == kind
        for account in {entry.one for entry in mine}
        for entry in proofs.get(account, ())
    )
    quiet = ((before, at) for (before, _), (at, alone) in pairwise(used) if alone and before >= last)
    return {at for before, at in quiet if at - before >= LONG} if elsewhere else set()


def _silent(used: Sequence[tuple[int, bool]]) -> set[int]:
    """The uses after a year in which nobody was heard of, by whoever proves the number alone."""
    return {at for (before, _), (at, alone) in pairwise(used) if alone and at - before >= _YEAR}


def _late(used: Sequence[tuple[int, bool]], said: Sequence[int]) -> set[int]:
    """The first use of all, by whoever proves the number alone, if who named it had not been heard of for a year.

    Nothing is proven before it, so what others name changes nothing of what is disclosed.
    """
    first, alone = used[0]
    before = [at for at in said if at < first]
    return {first} if alone and before and first - max(before) >= _YEAR else set()


def _other(entry: Entry) -> int:
    return entry.one if entry.other is None else entry.other
