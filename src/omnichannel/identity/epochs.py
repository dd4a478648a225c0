"""When an address changed hands: telephone numbers and handles are given out again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from omnichannel.identity.journal import Entry
from omnichannel.identity.points import Point
from omnichannel.identity.policy import Policy
from omnichannel.model import Strength

Tie = tuple[int, int]
"""At a moment, an account was proven to have the address: (microseconds since 1970, the account's number)."""


def ties(number: int, points: Mapping[int, Point], entries: Iterable[Entry], policy: Policy) -> list[Tie]:
    """The proofs among live entries that tie an address to accounts, oldest first."""
    found: set[Tie] = set()
    for entry in entries:
        if entry.kind != "claim" or entry.other is None or number not in entry.pair:
            continue
        account = entry.pair[0] if entry.pair[1] == number else entry.pair[1]
        point = points.get(account)
        if point and policy.kind(point.kind).account and policy.strength(entry) is Strength.VERIFIED:
            found.add((entry.at, account))
    return sorted(found)


def beginnings(tied: Iterable[Tie], gap: int | None, left: Collection[int] = ()) -> list[int]:
    """The moments at which new owners' times begin, oldest first; none if the address never changed hands.

    A new owner is another account of the same address after a silence of `gap`, or any other that is tied to it
    after its owner `left`. Those that are tied to it at one moment share it. A function of the set: order and
    repetitions change nothing.
    """
    together: defaultdict[int, set[int]] = defaultdict(set)
    for at, account in tied:
        together[at].add(account)
    found: list[int] = []
    owners: set[int] = set()
    last = 0
    for at, accounts in sorted(together.items()):
        gone = any(last <= moment <= at for moment in left)
        silent = gap is not None and at - last >= gap
        if owners and owners.isdisjoint(accounts) and (gone or silent):
            found.append(at)
            owners = set()
        owners |= accounts
        last = at
    return found
