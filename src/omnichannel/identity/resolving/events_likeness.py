"""Customers whom no identifier connects and who are likely one: by the names they go by, weighed by how rare they are.

Of everybody who goes by a name, how many are strangers? As many as chance gives (the frequency of the one name times
that of the other times the customers there are), scaled by how many namesakes are seen for certain: two people of
one name who both have an account at one platform. The probability that two are one customer follows from that.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from omnichannel.identity.customers import Partition
from omnichannel.identity.journal import Entry
from omnichannel.identity.naming import same_person
from omnichannel.identity.policy import Policy
from omnichannel.identity.resolving.events_journal import Stream
from omnichannel.identity.resolving.events_profiles import Key, Profile, profiles
from omnichannel.model import Strength

_HOME = 30.0
"""How much likelier one house is for one customer than for two people of one name: families name sons for fathers."""

_MOVED = 0.5
"""How much likelier two houses are for one customer than for two of one name."""

_POSERS = 0.035
"""Of those who go by a customer's rare name, how many only pose as them, though nothing gives them away (a guess)."""

_CROWD = 40
"""Of a name that more customers have, none are compared: it is a word, or a very frequent name."""

_LEAST_SEEN = 0.5


@dataclass(frozen=True, slots=True)
class Names:
    """How often each name is met among customers, and what that says of namesakes."""

    customers: int
    seen: Mapping[str, int]
    more: float = 1.0
    partners: float = 0.5

    def namesakes(self, key: Key) -> float:
        """How many strangers of this name to expect."""
        one, other = (max(self.seen[part] - 1, _LEAST_SEEN) for part in key)
        return self.more * one * other / self.customers


def likely(stream: Stream, partition: Partition, policy: Policy) -> list[Entry]:
    """Inferred entries between customers of a stream who are likely one, each with its probability."""
    people = [profile for profile in profiles(stream, partition, policy) if profile.proven]
    blocks: defaultdict[Key, list[Profile]] = defaultdict(list)
    for profile in people:
        if (key := profile.key) is not None:
            blocks[key].append(profile)
    names = _learned(blocks)
    unlike = _unlike(people)
    former = _former(stream, partition)
    number = len(stream.entries)
    found: list[Entry] = []
    for key, block in sorted(blocks.items()):
        if not 1 < len(block) <= _CROWD:
            continue
        for one, other, probability in _compared(key, block, names, unlike, former):
            number += 1
            low, high = sorted((one.point, other.point))
            found.append(
                Entry(
                    number, "claim", low, high, Strength.INFERRED, "likeness", likely=probability,
                    because=f"both go by {_shown(one)}, which few do",
                )
            )  # fmt: skip
    return found


def _compared(
    key: Key, block: Sequence[Profile], names: Names, unlike: float, former: frozenset[tuple[int, int]]
) -> Iterator[tuple[Profile, Profile, float]]:
    strangers = names.namesakes(key) + sum(_conflict(one, other) for one, other in combinations(block, 2))
    for one, other in combinations(block, 2):
        if _conflict(one, other) or (one.point, other.point) in former or (other.point, one.point) in former:
            continue
        if not _fits(one, other):
            continue
        odds = names.partners / strangers * _homes(one, other)
        for profile in (one, other):
            if profile.spells is False:
                odds *= unlike
        yield one, other, (1 - _POSERS) * odds / (1 + odds)


def _conflict(one: Profile, other: Profile) -> bool:
    """Both have an account at one platform, and not the same."""
    return not one.accounts.isdisjoint(other.accounts)


def _fits(one: Profile, other: Profile) -> bool:
    return not one.names or not other.names or any(same_person(a, b) for a in one.names for b in other.names)


def _homes(one: Profile, other: Profile) -> float:
    if not one.homes or not other.homes:
        return 1.0
    return _HOME if not one.homes.isdisjoint(other.homes) else _MOVED


def _learned(blocks: Mapping[Key, Sequence[Profile]]) -> Names:
    """The frequency of names, how many namesakes more than by chance there are, and how many parts a customer is in."""
    seen = Counter(part for key, block in blocks.items() for part in set(key) for _ in block)
    customers = sum(map(len, blocks.values()))
    plain = Names(max(1, customers), seen)
    expected = met = 0.0
    rare = partners = 0
    telling = _telling(profile for block in blocks.values() for profile in block)
    for key, block in blocks.items():
        expected += len(block) * plain.namesakes(key) / 2 * telling
        met += sum(_conflict(one, other) for one, other in combinations(block[:_CROWD], 2))
        if plain.namesakes(key) < 0.01:
            rare += len(block)
            partners += len(block) * (len(block) - 1)
    return Names(plain.customers, seen, (met + 1) / (expected + 1), (partners + 1) / (rare + 2))


def _telling(several: Iterable[Profile]) -> float:
    """How often two strangers both have an account at one platform."""
    counts: Counter[frozenset[tuple[str, str]]] = Counter(frozenset(one.accounts) for one in several)
    total = sum(counts.values()) or 1
    return sum(
        first * second
        for one, first in counts.items()
        for other, second in counts.items()
        if not one.isdisjoint(other)
    ) / (total * total)


def _unlike(several: Iterable[Profile]) -> float:
    """How much less likely than among strangers it is that a mailbox spells nothing of its owner's name."""
    judged = [spells for profile in several if (spells := profile.spells) is not None]
    return min(1.0, 2 * (judged.count(False) + 1) / (len(judged) + 2))


def _former(stream: Stream, partition: Partition) -> frozenset[tuple[int, int]]:
    """Customers of whom one has now what the other had: whoever took over a handle is not likely its former owner."""
    owners: defaultdict[int, set[int]] = defaultdict(set)
    for point in stream.points:
        owners[point.root].add(partition.customer_of[point.id])
    return frozenset(pair for several in owners.values() for pair in combinations(sorted(several), 2))


def _shown(profile: Profile) -> str:
    return max(sorted(profile.names), key=profile.names.__getitem__, default="that name")
