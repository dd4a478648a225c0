"""Addresses that several people use: a function of the evidence, never of the order in which it came.

What a shared address proves, it proves of several people, so it is a customer of its own and joins nobody. To
disclose, only proven evidence makes an address shared: else an attacker could cut a customer off from her own
address by asserting other names or accounts for it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

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
    tied = _tied(points, entries, purpose, policy)
    for number, point in points.items():
        reason = (
            _standing(point.kind, point.value)
            or _crowd(point, tied.get(number, {}), policy)
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


@lru_cache(maxsize=65_536)
def _standing(kind: str, value: str) -> str:
    return standing(Address(kind=kind, value=value)) if kind and value else ""


def _tied(
    points: Mapping[int, Point], entries: Iterable[Entry], purpose: Purpose, policy: Policy
) -> Mapping[int, Mapping[tuple[str, str], set[int]]]:
    """For each address those that tell people apart and are tied to it, by kind and scope."""
    tied: defaultdict[int, defaultdict[tuple[str, str], set[int]]] = defaultdict(lambda: defaultdict(set))
    for entry in entries:
        if entry.kind != "claim" or not joins(entry, purpose, policy):
            continue
        for near, far in (entry.pair, entry.pair[::-1]):
            here, there = points.get(near), points.get(far)
            if here and there and _tells(here, there, entry, policy):
                tied[near][there.kind, there.scope].add(far)
    return tied


def _tells(here: Point, there: Point, entry: Entry, policy: Policy) -> bool:
    """Whether what is tied to an address is a person by itself.

    An account is. At a device, which whoever sits there uses, so is any address that was proven there: else two
    who each return a code on one screen would be one customer.
    """
    if there.retired or not there.kind:
        return False
    kind = policy.kind(there.kind)
    at_device = policy.kind(here.kind).device and not kind.device
    return kind.account or (at_device and policy.strength(entry).proves)


def _crowd(point: Point, tied: Mapping[tuple[str, str], set[int]], policy: Policy) -> str:
    kind = policy.kind(point.kind)
    if kind.account:
        return ""
    most = 2 if kind.device else policy.accounts
    for (name, _), numbers in sorted(tied.items()):
        if len(numbers) >= most:
            return f"{len(numbers)} of {name} use it"
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
