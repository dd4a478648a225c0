"""An address as identity knows it: one place, in the hands of one owner at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from omnichannel.identity.journal import Entry
from omnichannel.model import Address, Party, Strength

UNPROVEN = "unproven"
"""The scope of whoever only says who they are: somebody of their own, until it is proven."""


def unproven(party: Party) -> Party:
    """Somebody whom nothing proves to be at their address: not the same as whoever was proven to be there.

    Or else a mail with a forged From would stand in the history of the customer that it names, and what is
    told to that customer would be told to the forger.
    """
    return party.model_copy(update={"address": party.address.model_copy(update={"scope": UNPROVEN})})


@dataclass(frozen=True, slots=True)
class Said:
    """A name that whoever wrote from an address gave themselves, and how well it was proven who wrote."""

    name: str
    strength: Strength = Strength.VERIFIED


@dataclass(frozen=True, slots=True)
class Point:
    """An address of the store, by its number.

    A number, a handle, a mailbox can change hands. Each owner's time is a point of its own: `first` is the
    number under which the address was first met (its own, for the first owner), `since` when this owner's
    time began, in microseconds since 1970. `retired`: its owner left it, and it stands for nobody new.
    """

    id: int
    kind: str = ""
    scope: str = ""
    value: str = ""
    names: tuple[Said, ...] = ()
    first: int = 0
    since: int = 0
    retired: bool = False

    @property
    def root(self) -> int:
        """The number that the journal calls this address by."""
        return self.first or self.id

    @property
    def address(self) -> Address:
        """The address as the application sees it."""
        return Address(kind=self.kind, scope=self.scope, value=self.value)


def owned(points: Iterable[Point], entries: Iterable[Entry]) -> list[Entry]:
    """The entries, each about the owners that the addresses had when it was written down.

    Left as it is: what names an address which is not among the points, and what names two owners of one address,
    for it says itself which ones.
    """
    times = _times(points)
    if not times:
        return list(entries)
    return [_at_its_time(entry, times) for entry in entries]


def owner(points: Iterable[Point], at: int) -> Point:
    """The point that an address was at a moment: the latest that had begun, else the first of all."""
    ordered = sorted(points, key=lambda point: point.since)
    return next((point for point in reversed(ordered) if point.since <= at), ordered[0])


def _times(points: Iterable[Point]) -> Mapping[int, list[Point]]:
    """The points of every address that had more than one owner, by the number the journal calls it by."""
    families: dict[int, list[Point]] = {}
    for point in points:
        families.setdefault(point.root, []).append(point)
    several = {root: family for root, family in families.items() if len(family) > 1}
    return {point.id: family for family in several.values() for point in family}


def _at_its_time(entry: Entry, times: Mapping[int, list[Point]]) -> Entry:
    ends = {end: owner(times[end], entry.at).id for end in _ends(entry) if end in times}
    if not ends:
        return entry
    one, other = ends.get(entry.one, entry.one), entry.other
    other = None if other is None else ends.get(other, other)
    return entry if one == other else replace(entry, one=one, other=other)


def _ends(entry: Entry) -> Iterator[int]:
    yield entry.one
    if entry.other is not None:
        yield entry.other
