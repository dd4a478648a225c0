"""When an address was given up, and when it changed hands: numbers and handles are given out again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

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
        if entry.other == number and policy.moves(entry):
            continue  # it says who had it, not who has it
        account = entry.pair[0] if entry.pair[1] == number else entry.pair[1]
        point = points.get(account)
        if point and policy.kind(point.kind).account and policy.strength(entry) is Strength.VERIFIED:
            found.add((entry.at, account))
    return sorted(found)


def departures(number: int, entries: Iterable[Entry], policy: Policy) -> set[int]:
    """The moments at which live entries say that an address was given up, in microseconds since 1970."""
    return {
        entry.at
        for entry in entries
        if (entry.kind == "leave" and entry.one == number) or (entry.other == number and policy.moves(entry))
    }


def given_up(entries: Iterable[Entry], policy: Policy) -> frozenset[int]:
    """The addresses that were given up for another, and not come back to since. Give live entries."""
    left: dict[int, int] = {}
    reached: dict[int, int] = {}
    for entry in entries:
        if entry.other is not None and policy.moves(entry):
            left[entry.other] = max(entry.at, left.get(entry.other, entry.at))
            reached[entry.one] = max(entry.at, reached.get(entry.one, entry.at))
    return frozenset(number for number, at in left.items() if reached.get(number, at - 1) < at)


def beginnings(tied: Iterable[Tie], gap: int | None, left: Collection[int] = ()) -> list[int]:
    """The moments at which new owners' times begin, oldest first; none if the address never changed hands.

    A new owner is another account of the same address after a silence of `gap`; or whoever comes after the owner
    `left`, unless that is the owner come back. Those that are tied to it at one moment share it. A function of the
    set: order and repetitions change nothing.
    """
    departed = sorted(left)
    together: defaultdict[int, set[int]] = defaultdict(set)
    for at, account in tied:
        together[at].add(account)
    found: list[int] = []
    owners: set[int] = set()
    last = 0
    for at, accounts in sorted(together.items()):
        gone = [moment + 1 for moment in departed if last <= moment < at]
        if owners.isdisjoint(accounts):
            if owners and not gone and gap is not None and at - last >= gap:
                gone = [at]
            if gone:
                found += gone
                owners = set()
        owners |= accounts
        last = at
    return [*found, *(moment + 1 for moment in departed if moment >= last)]


def retire(points: Iterable[Point], entries: Iterable[Entry], policy: Policy) -> list[Point]:
    """The points, each `retired` that was given up. Give live entries, each about the owners of its time."""
    left = given_up(entries, policy)
    return [replace(point, retired=True) if point.id in left else point for point in points]
