"""Groups that grow together unless something stands between them (union-find with constraints)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field

from omnichannel.identity.journal import Entry
from omnichannel.identity.naming import same_person
from omnichannel.identity.points import Point
from omnichannel.identity.policy import Policy
from omnichannel.model import Purpose


@dataclass(frozen=True, slots=True)
class Obstacle:
    """What keeps two groups apart: in words, and the decision that says so, if it is one."""

    because: str
    refusal: Entry | None = None


@dataclass(slots=True)
class _Group:
    members: list[int]
    refusals: list[Entry]
    kinds: Counter[tuple[str, str]]
    names: set[str] = field(default_factory=set)
    objects: bool = False


class Groups:
    """Points, each alone at first; refusals name the pairs that may never come together."""

    def __init__(
        self,
        points: Mapping[int, Point],
        refusals: Iterable[Entry],
        policy: Policy,
        objectors: Container[int] = (),
    ) -> None:
        self._policy = policy
        self._root = {number: number for number in points}
        self._groups = {
            number: _Group([number], [], _counted(point), _named(point), number in objectors)
            for number, point in points.items()
        }
        for refusal in sorted(refusals, key=lambda entry: (entry.at, entry.pair, entry.id)):
            one, other = refusal.pair
            if one in self._root and other in self._root:
                self._groups[one].refusals.append(refusal)
                self._groups[other].refusals.append(refusal)

    def together(self, one: int, other: int) -> bool:
        """Whether both are in one group."""
        return self._find(one) == self._find(other)

    def refused(self, one: int, other: int) -> Obstacle | None:
        """The decision that keeps the groups of two addresses apart, if there is one."""
        sides = {self._find(one), self._find(other)}
        fewer = min((self._groups[side].refusals for side in sorted(sides)), key=len)
        found = next((entry for entry in fewer if {self._find(end) for end in entry.pair} == sides), None)
        return (
            Obstacle(f"{found.actor or 'an operator'} decided never to: {self._policy.says(found)}", found)
            if found
            else None
        )

    def crowded(self, one: int, other: int, purpose: Purpose) -> Obstacle | None:
        """The limit that one customer with the addresses of both groups would break, if there is one."""
        a, b = self._group(one), self._group(other)
        if len(a.members) + len(b.members) > self._policy.largest:
            return Obstacle(f"one customer has at most {self._policy.largest} addresses")
        few, many = sorted((a.kinds, b.kinds), key=len)
        for (kind, scope), count in sorted(few.items()):
            most = self._policy.kind(kind).limit(purpose)
            if (kind, scope) in many and count + many[kind, scope] > most:
                return Obstacle(f"one customer has at most {most} of {kind}{f' at {scope}' if scope else ''}")
        return None

    def strangers(self, one: int, other: int) -> Obstacle | None:
        """Names of two people on the two sides, if nobody on the one side could be somebody on the other."""
        a, b = self._group(one).names, self._group(other).names
        if not a or not b or any(same_person(here, there) for here in a for there in b):
            return None
        return Obstacle(f"{min(a)} and {min(b)} are two people's names")

    def objected(self, one: int, other: int) -> Obstacle | None:
        """That somebody on either side wants no link that only likeness makes, if they said so."""
        if self._group(one).objects or self._group(other).objects:
            return Obstacle("one of them objected to being linked by likeness")
        return None

    def join(self, one: int, other: int) -> None:
        """Make one group of the groups of two addresses."""
        kept, gone = self._find(one), self._find(other)
        if len(self._groups[kept].members) < len(self._groups[gone].members):
            kept, gone = gone, kept
        into, from_ = self._groups[kept], self._groups.pop(gone)
        for number in from_.members:
            self._root[number] = kept
        into.members += from_.members
        into.refusals += from_.refusals
        into.kinds.update(from_.kinds)
        into.names |= from_.names
        into.objects |= from_.objects

    def owners(self) -> dict[int, int]:
        """For each address the smallest address of its group."""
        return {
            number: smallest
            for group in self._groups.values()
            for smallest in (min(group.members),)
            for number in group.members
        }

    def objecting(self) -> frozenset[int]:
        """Every address of a group in which somebody objected to links by likeness."""
        return frozenset(
            number for group in self._groups.values() if group.objects for number in group.members
        )

    def _group(self, number: int) -> _Group:
        return self._groups[self._find(number)]

    def _find(self, number: int) -> int:
        try:
            return self._root[number]
        except KeyError:
            raise ValueError(
                f"evidence leads to address {number}, which was not given; give the whole component"
            ) from None


def _counted(point: Point) -> Counter[tuple[str, str]]:
    """What counts against a limit: an address that its owner left counts no more."""
    return Counter() if point.retired or not point.kind else Counter({(point.kind, point.scope): 1})


def _named(point: Point) -> set[str]:
    return {said.name for said in point.names}
