"""Why two addresses are one customer's, or why they are not: for people to read."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping

from omnichannel.identity.customers import Partition
from omnichannel.identity.journal import Entry
from omnichannel.identity.policy import POLICY, Policy


def path(partition: Partition, one: int, other: int) -> list[Entry]:
    """The links that lead from one address to the other; empty if they are not one customer's.

    There is exactly one such path: a customer's links form a tree, made of the strongest evidence there is.
    """
    if one == other or not partition.together(one, other):
        return []
    near: dict[int, list[Entry]] = {}
    for link in partition.links:
        for end in link.pair:
            near.setdefault(end, []).append(link)
    came: dict[int, Entry] = {}
    waiting = deque([other])  # searched from the far end, so that walking back reads forwards
    while waiting and one not in came:
        here = waiting.popleft()
        for link in near.get(here, ()):
            there = _far(link, here)
            if there not in came and there != other:
                came[there] = link
                waiting.append(there)
    return _walk(came, one, other)


def _walk(came: Mapping[int, Entry], one: int, other: int) -> list[Entry]:
    steps: list[Entry] = []
    here = one
    while here != other:
        steps.append(came[here])
        here = _far(came[here], here)
    return steps


def _far(link: Entry, near: int) -> int:
    low, high = link.pair
    return high if near == low else low


def explain(
    partition: Partition,
    one: int,
    other: int,
    names: Mapping[int, str],
    policy: Policy = POLICY,
) -> list[str]:
    """Sentences that say why two addresses are, or are not, one customer's; `names` spells addresses.

    An address that has no name is written as its number.
    """

    def spell(address: int) -> str:
        return names.get(address, str(address))

    def sentence(link: Entry) -> str:
        low, high = link.pair
        return f"{spell(low)} and {spell(high)}: {policy.says(link)} ({policy.strength(link)})"

    if one == other:
        return [f"{spell(one)} is one address"]
    if partition.together(one, other):
        return [sentence(link) for link in path(partition, one, other)]
    sides = {partition.customer_of.get(one), partition.customer_of.get(other)}
    found = [
        f"{sentence(refused.link)}, but {refused.obstacle.because}"
        for refused in partition.refused_links
        if {partition.customer_of.get(end) for end in refused.link.pair} == sides
    ]
    return found or [f"nothing proves that {spell(one)} and {spell(other)} are one customer"]
