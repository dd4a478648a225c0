"""Whose an address is: each owner's time apart, and each person apart where several use it."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from omnichannel.identity.journal import Entry
from omnichannel.identity.naming import is_whole, people, same_name, same_person, whose
from omnichannel.identity.points import Point, Said
from omnichannel.identity.policy import Policy
from omnichannel.identity.resolving.events_owners import LONG, owners
from omnichannel.identity.resolving.events_spelling import spelled
from omnichannel.identity.resolving.events_spoken import Spoken, spelling
from omnichannel.identity.shared import shared, standing
from omnichannel.model import Address, Purpose, Strength


@dataclass(slots=True)
class _Heard:
    """What was heard of a point: names by those who proved to have it, and by those who only said so.

    `uses` are the moments at which it was proven.
    """

    proven: set[str] = field(default_factory=set)
    said: set[str] = field(default_factory=set)
    uses: list[int] = field(default_factory=list)


class Places:
    """The points of a stream's addresses. What is shared, and by whom, follows from all events in any order."""

    def __init__(self, several: Sequence[Spoken], policy: Policy) -> None:
        known = sorted(dict.fromkeys(address for one in several for address in one.addresses), key=spelling)
        self._number = {address: number for number, address in enumerate(known, 1)}
        self._points = {number: Point(number, a.kind, a.scope, a.value) for a, number in self._number.items()}
        self._last = len(known)
        self._times: dict[int, list[tuple[int, int]]] = {}
        for number, moments in owners(several, self._number, self._points, policy).items():
            self._succeed(number, moments)
        self._policy = policy
        self._heard = self._listen(several, policy)
        self._shared = self._find_shared(several, policy)
        self._groups = {place: _groups(heard, place in self._shared) for place, heard in self._heard.items()}
        self._parts: dict[tuple[int, int], int] = {}

    def fresh(self) -> int:
        """A number that no point has yet."""
        self._last += 1
        return self._last

    def points(self) -> Iterable[Point]:
        """All points, the parts of shared ones among them."""
        return self._points.values()

    def place(self, address: Address, at: int) -> int:
        """The point that an address was at a moment."""
        number = self._number[address]
        times = self._times.get(number)
        return times[bisect_right(times, at, key=lambda time: time[0]) - 1][1] if times else number

    def called(self, one: Spoken) -> str:
        """What the sender of an event goes by, "" if nobody knows."""
        return self._called[one.event.id]

    def is_shared(self, place: int) -> bool:
        """Whether several people prove to use a point."""
        return place in self._shared

    def part(self, place: int, name: str) -> int | None:
        """The person of this name among those who use a shared point; None if that is not clear."""
        groups = self._groups[place]
        which = whose(name, groups) if name else None
        return None if which is None else self._part(place, which)

    def target(self, address: Address, at: int, name: str) -> int | None:
        """Whom somebody of this name means who names an address; None if that is not clear.

        Without a name, an address that nobody proved to have may be anybody's in the house.
        """
        place = self.place(address, at)
        groups, heard = self._groups[place], self._heard[place]
        if not name:
            return place if heard.uses and place not in self._shared else None
        if place not in self._shared and len(groups) < 2:
            return place
        which = whose(name, groups)
        if which is None:
            return None
        holder = place not in self._shared and bool(heard.proven.intersection(groups[which]))
        return place if holder else self._part(place, which)

    def is_anothers(self, address: Address, at: int, name: str) -> bool:
        """Whether an address is proven to be somebody's whose name cannot be this one."""
        place = self.place(address, at)
        holders = sorted(self._heard[place].proven)
        if place in self._shared or not holders or not is_whole(name):
            return False
        return not any(same_person(name, holder) for holder in holders)

    def is_stale(self, address: Address, at: int) -> bool:
        """Whether an address that can change hands was proven to be used, but not around this moment."""
        if not self._policy.kind(address.kind).gap:
            return False
        uses = self._heard[self.place(address, at)].uses
        return bool(uses) and min(abs(at - use) for use in uses) > LONG

    def _part(self, place: int, which: int) -> int:
        if (place, which) not in self._parts:
            number = self._parts[place, which] = self.fresh()
            whole = self._points[place]
            names = tuple(Said(name) for name in self._groups[place][which])
            self._points[number] = Point(number, whole.kind, whole.scope, names=names)
        return self._parts[place, which]

    def _succeed(self, number: int, moments: Sequence[int]) -> None:
        first = self._points[number]
        self._times[number] = [(0, number)]
        for moment in moments:
            later = self.fresh()
            self._points[later] = replace(first, id=later, first=number, since=moment)
            self._times[number].append((moment, later))

    def _listen(self, several: Iterable[Spoken], policy: Policy) -> dict[int, _Heard]:
        heard: defaultdict[int, _Heard] = defaultdict(_Heard)
        for one in several:
            for address in one.proven:
                place = heard[self.place(address, one.event.at)]
                place.uses.append(one.event.at)
                if one.event.name:
                    place.proven.add(one.event.name)
        self._overhear(several, heard, policy)
        self._called = {one.event.id: self._name(one, heard) for one in several}
        for one in several:
            for address, _ in one.said:
                heard[self.place(address, one.event.at)].said |= {self._called[one.event.id]} - {""}
        return heard

    def _name(self, one: Spoken, heard: Mapping[int, _Heard]) -> str:
        """The name that an event was sent under, else the one that its sender goes by, or that a mailbox spells."""
        if one.event.name or not one.proven or standing(one.proven[0]):
            return one.event.name
        known = sorted(heard[self.place(one.proven[0], one.event.at)].proven)
        if len(people(known)) > 1:
            return ""
        whole = max((name for name in known if is_whole(name)), key=len, default="")
        mailbox = next((address for address in one.proven if address.kind == "email"), None)
        return whole or (spelled(mailbox.value.partition("@")[0], known) if mailbox else "")

    def _overhear(self, several: Iterable[Spoken], heard: Mapping[int, _Heard], policy: Policy) -> None:
        """The names that mail addresses spell which were typed at a device: whoever types sits at it."""
        typed: defaultdict[int, set[str]] = defaultdict(set)
        for one in several:
            words = {address.value.partition("@")[0] for address in one.addresses if address.kind == "email"}
            for device in (address for address in one.proven if policy.kind(address.kind).device):
                typed[self.place(device, one.event.at)] |= words
        for place, words in typed.items():
            known = sorted(heard[place].proven) or sorted({spelled(word, ()) for word in words} - {""})
            if len(words) > 1 or heard[place].proven:
                heard[place].proven |= {spelled(word, known) for word in words} - {""}

    def _find_shared(self, several: Iterable[Spoken], policy: Policy) -> Mapping[int, str]:
        for place, heard in self._heard.items():
            names = tuple(Said(name) for name in sorted(heard.proven))
            self._points[place] = replace(self._points[place], names=names)
        return shared(self._points, self._proofs(several), Purpose.DISCLOSE, policy)

    def _proofs(self, several: Iterable[Spoken]) -> list[Entry]:
        found: list[Entry] = []
        for one in several:
            places = [self.place(address, one.event.at) for address in one.proven]
            found += [
                Entry(0, "claim", places[0], place, Strength.VERIFIED, "platform_mapping", at=one.event.at)
                for place in places[1:]
                if place != places[0]
            ]
        return found


def _groups(heard: _Heard, is_shared: bool) -> list[list[str]]:
    """The people who are named at a point. Whoever proved to have it alone is one person, whatever names they use."""
    if is_shared or not heard.proven:
        return people(heard.proven | heard.said, same_name)
    others = people(heard.proven | heard.said)
    holders = [group for group in others if heard.proven.intersection(group)]
    return [sorted({name for group in holders for name in group}), *(g for g in others if g not in holders)]
