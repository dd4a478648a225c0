"""Addresses that several people use: a function of the evidence, never of the order in which it came.

What a shared address proves, it proves of several people, so it is a customer of its own and joins nobody. To
disclose, only proven evidence makes an address shared: else an attacker could cut a customer off from her own
address by asserting other names or accounts for it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from omnichannel.identity.blocked import is_blocked
from omnichannel.identity.journal import Entry
from omnichannel.identity.links import joins
from omnichannel.identity.naming import people
from omnichannel.identity.points import Point
from omnichannel.identity.policy import Policy
from omnichannel.identity.roles import is_household, is_role
from omnichannel.model import Address, Purpose


def shared(
    points: Mapping[int, Point], entries: Sequence[Entry], purpose: Purpose, policy: Policy
) -> dict[int, str]:
    """The points that several people use, each with the reason in words. Give live entries."""
    found = {entry.one: policy.says(entry) for entry in entries if entry.kind == "share"}
    accounts = _accounts(points, entries, purpose, policy)
    for number, point in points.items():
        reason = (
            (point.value and standing(point.address))
            or _crowd(point, accounts.get(number, {}), policy)
            or _several(point, purpose, policy)
        )
        if reason:
            found.setdefault(number, reason)
    return found


def standing(address: Address) -> str:
    """Why nobody has such an address to themselves, whatever is known of it; empty if somebody may."""
    if is_blocked(address.kind, address.value):
        return "it is a placeholder, not an address of somebody"
    if is_household(address):
        return "it is a family's, not a person's"
    return "it is a role's, not a person's" if is_role(address) else ""


def _accounts(
    points: Mapping[int, Point], entries: Iterable[Entry], purpose: Purpose, policy: Policy
) -> Mapping[int, Mapping[tuple[str, str], set[int]]]:
    """For each address the accounts that it is tied to, by kind and scope."""
    tied: defaultdict[int, defaultdict[tuple[str, str], set[int]]] = defaultdict(lambda: defaultdict(set))
    for entry in entries:
        if entry.kind != "claim" or not joins(entry, purpose, policy):
            continue
        for near, far in (entry.pair, entry.pair[::-1]):
            point = points.get(far)
            if point and point.kind and policy.kind(point.kind).account and not point.retired:
                tied[near][point.kind, point.scope].add(far)
    return tied


def _crowd(point: Point, accounts: Mapping[tuple[str, str], set[int]], policy: Policy) -> str:
    kind = policy.kind(point.kind)
    if kind.account:
        return ""
    most = 2 if kind.device else policy.accounts
    for (name, _), numbers in sorted(accounts.items()):
        if len(numbers) >= most:
            return f"{len(numbers)} {name} accounts use it"
    return ""


def _several(point: Point, purpose: Purpose, policy: Policy) -> str:
    names = sorted(
        {said.name for said in point.names if purpose is not Purpose.DISCLOSE or said.strength.proves}
    )
    if len(names) < policy.people or policy.kind(point.kind).account:
        return ""
    different = people(names)
    shown = " and ".join(max(group, key=len) for group in different[:2])
    return f"{shown} use it" if len(different) >= policy.people else ""
