"""Customers whom no identifier connects and who are likely one: by the names they go by, and how rare these are.

Of everybody who goes by a name, how many are strangers? As many as chance gives (the frequency of the one name
times that of the other times the customers there are), scaled by how many namesakes are seen for certain: people
of one name who each have an account at one platform. The probability that two are one customer follows from that.
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

_HOME = 80.0
"""How much likelier one house is for one customer than for two of one name: sons are named for fathers (a guess)."""

_MOVED = 0.5
"""How much likelier two houses are for one customer than for two of one name (a guess)."""

_POSERS = 0.035
"""Of those who go by a customer's rare name, how many pose as them though nothing gives them away (a guess)."""

_CROWD = 40
"""Of a name that more customers have, none are compared: it is a word, or belongs to too many."""

_RARE = 0.01
"""How many namesakes are expected of a name from which is learned into how many parts a customer falls."""

_LEAST_SEEN = 0.5
_LEAST_LIKELY = 0.02


@dataclass(frozen=True, slots=True)
class Names:
    """How often each name is met among customers, and what that says of namesakes.

    `more`: how many namesakes there are for one that chance would give. `parts`: how many other customers of a rare
    name there are for each, who are the same person.
    """

    customers: int
    seen: Mapping[str, int]
    more: float = 1.0
    parts: float = 0.5

    def namesakes(self, key: Key) -> float:
        """How many strangers of this name to expect."""
        one, other = (max(self.seen[part] - 1, _LEAST_SEEN) for part in key)
        return self.more * one * other / self.customers


@dataclass(frozen=True, slots=True)
class _Learned:
    """What the stream itself says: its names, what an unlike mailbox is worth, whose place was taken by whom."""

    names: Names
    unlike: float
    former: frozenset[tuple[int, int]]


def likely(stream: Stream, partition: Partition, policy: Policy) -> list[Entry]:
    """Inferred entries between customers of a stream who may be one, each with its probability.

    `partition` is what the identifiers alone give. Whoever proved no more than a device is not compared.
    """
    known = [profile for profile in profiles(stream, partition, policy) if profile.proven]
    blocks: defaultdict[Key, list[Profile]] = defaultdict(list)
    for profile in known:
        if (key := profile.key()) is not None:
            blocks[key].append(profile)
    learned = _Learned(_names(blocks), _unlike(known), _former(stream, partition))
    pairs = (
        pair
        for key, block in sorted(blocks.items())
        if 1 < len(block) <= _CROWD
        for pair in _compared(key, block, learned)
    )
    return [_entry(number, *pair) for number, pair in enumerate(pairs, len(stream.entries) + 1)]


def _entry(number: int, one: Profile, other: Profile, probability: float) -> Entry:
    shown = max(sorted(one.names), key=one.names.__getitem__, default="one name")
    low, high = sorted((one.point, other.point))
    return Entry(
        number, "claim", low, high, Strength.INFERRED, "likeness", likely=probability,
        because=f"both go by {shown}, and few others do",
    )  # fmt: skip


def _compared(
    key: Key, block: Sequence[Profile], learned: _Learned
) -> Iterator[tuple[Profile, Profile, float]]:
    """The pairs of a name that may be one customer. Each two of them who must be two people are one namesake more."""
    pairs = list(combinations(block, 2))
    strangers = learned.names.namesakes(key) + sum(_two_people(one, other) for one, other in pairs)
    for one, other in pairs:
        if (
            _two_people(one, other)
            or (one.customer, other.customer) in learned.former
            or not _fits(one, other)
        ):
            continue
        odds = learned.names.parts / strangers * _homes(one, other)
        for profile in (one, other):
            odds *= learned.unlike if profile.spells() is False else 1.0
        probability = (1 - _POSERS) * odds / (1 + odds)
        if probability >= _LEAST_LIKELY:
            yield one, other, probability


def _two_people(one: Profile, other: Profile) -> bool:
    """Both have an account at one platform, and not the same: else they were one customer already."""
    return not one.accounts.isdisjoint(other.accounts)


def _fits(one: Profile, other: Profile) -> bool:
    return not one.names or not other.names or any(same_person(a, b) for a in one.names for b in other.names)


def _homes(one: Profile, other: Profile) -> float:
    if not one.homes or not other.homes:
        return 1.0
    return _HOME if not one.homes.isdisjoint(other.homes) else _MOVED


def _names(blocks: Mapping[Key, Sequence[Profile]]) -> Names:
    seen = Counter(part for key, block in blocks.items() for part in set(key) for _ in block)
    chance = Names(max(1, sum(map(len, blocks.values()))), seen)
    telling = _telling(profile for block in blocks.values() for profile in block)
    expected = met = 0.0
    rare = parts = 0
    for key, block in blocks.items():
        expected += telling * len(block) * chance.namesakes(key) / 2
        met += sum(_two_people(one, other) for one, other in combinations(block[:_CROWD], 2))
        if chance.namesakes(key) < _RARE:
            rare += len(block)
            parts += len(block) * (len(block) - 1)
    return Names(chance.customers, seen, (met + 1) / (expected + 1), (parts + 1) / (rare + 2))


def _telling(several: Iterable[Profile]) -> float:
    """How often two strangers each have an account at one platform."""
    counts = Counter(frozenset(profile.accounts) for profile in several)
    total = sum(counts.values()) or 1
    both = sum(counts[one] * counts[other] for one in counts for other in counts if not one.isdisjoint(other))
    return both / (total * total)


def _unlike(several: Iterable[Profile]) -> float:
    """How much rarer a mailbox that spells nothing of its owner's name is than among strangers (half of them)."""
    judged = [spells for profile in several if (spells := profile.spells()) is not None]
    return min(1.0, 2 * (judged.count(False) + 1) / (len(judged) + 2))


def _former(stream: Stream, partition: Partition) -> frozenset[tuple[int, int]]:
    """Customers of whom one has what the other had: who took over a handle is not likely its former owner."""
    owners: defaultdict[int, set[int]] = defaultdict(set)
    for point in stream.points:
        owners[point.root].add(partition.customer_of[point.id])
    return frozenset(
        pair for several in owners.values() if len(several) > 1 for pair in combinations(sorted(several), 2)
    )
