"""From events to what customers are derived from: points, journal entries, and whose each event is.

The sender of an event is its strongest proven identifier: an account before a mailbox, a mailbox before a device.
What else was proven in the same event is one person's by proof; what was typed is a claim. Whoever proves nothing
is somebody of their own, who claims.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, replace

from omnichannel.identity.journal import Entry
from omnichannel.identity.points import UNPROVEN, Point, Said
from omnichannel.identity.policy import Policy
from omnichannel.identity.resolving.events import Event
from omnichannel.identity.resolving.events_doubts import insisting
from omnichannel.identity.resolving.events_places import Places
from omnichannel.identity.resolving.events_spoken import Spoken, spoken
from omnichannel.model import Address, Strength

_UNBELIEVED = 0.6
"""How probable a claim is of somebody who insists, or also claims what is proven to be another's (a guess)."""

_STALE = 0.8
"""How probable it is that a number is still whose it was, long before or after it was proven (a guess)."""


@dataclass(frozen=True, slots=True)
class Stream:
    """A stream as the core takes it. `sender` gives the point of each event by its record id."""

    points: tuple[Point, ...]
    entries: tuple[Entry, ...]
    sender: Mapping[str, int]
    spoken: tuple[Spoken, ...]


def stream(events: Iterable[Event], policy: Policy) -> Stream:
    """The points, entries and senders of a set of events; their order and repetitions are no matter."""
    several = spoken(events, policy)
    places = Places(several, policy)
    writer = _Writer(places, policy)
    for one in several:
        writer.write(one)
    writer.disbelieve(insisting(several))
    points = (*places.points(), *writer.alone)
    return Stream(points, tuple(writer.entries), writer.sender, tuple(several))


class _Writer:
    """Writes the journal, one event after the other, in the order of time."""

    def __init__(self, places: Places, policy: Policy) -> None:
        self._places, self._policy = places, policy
        self.entries: list[Entry] = []
        self.alone: list[Point] = []
        self.sender: dict[str, int] = {}
        self._liars: set[int] = set()

    def disbelieve(self, insisting: Container[str]) -> None:
        """Whoever claims what is another's under one name is not believed in what else they claim, nor who insists.

        `insisting`: the record ids of the events whose authors insist.
        """
        self.entries = [
            replace(entry, likely=_UNBELIEVED)
            if (entry.one in self._liars or entry.source in insisting) and not entry.strength.proves
            else entry
            for entry in self.entries
        ]

    def write(self, one: Spoken) -> None:
        """Write down who sent an event, and what it proves and claims."""
        sender, name = self._sender(one), self._places.called(one)
        self.sender[one.event.id] = sender
        for address in one.proven[1:]:
            self._prove(one, sender, address)
        if any(self._places.is_anothers(address, one.event.at, name) for address, _ in one.said):
            self._liars.add(sender)
        for address, strength in one.said:
            target = self._places.target(address, one.event.at, name)
            if target is not None:
                stale = self._places.is_stale(address, one.event.at)
                self._claim(one, sender, target, strength, _method(one, strength), _STALE if stale else None)

    def _sender(self, one: Spoken) -> int:
        if not one.proven:
            return self._nobody(one, Strength.ASSERTED)
        address, at, name = one.proven[0], one.event.at, one.event.name
        place = self._places.place(address, at)
        if not self._places.is_shared(place):
            return place
        part = self._places.part(place, name)
        if part is None:
            return self._nobody(one, Strength.VERIFIED)
        if not self._policy.kind(address.kind).device:
            return part
        sender = self._nobody(one, Strength.VERIFIED)
        self._claim(one, sender, part, Strength.ASSERTED, "profile")
        return sender

    def _nobody(self, one: Spoken, strength: Strength) -> int:
        """Somebody of their own: nothing tells who wrote."""
        number = self._places.fresh()
        names = (Said(one.event.name, strength),) if one.event.name else ()
        self.alone.append(Point(number, scope=UNPROVEN, names=names))
        return number

    def _prove(self, one: Spoken, sender: int, address: Address) -> None:
        place = self._places.place(address, one.event.at)
        if not self._places.is_shared(place):
            self._claim(one, sender, place, Strength.VERIFIED, _proof(one, address, self._policy))
        elif (part := self._places.part(place, one.event.name)) is not None:
            self._claim(one, sender, part, Strength.ASSERTED, "profile")

    def _claim(
        self,
        one: Spoken,
        sender: int,
        target: int,
        strength: Strength,
        method: str,
        likely: float | None = None,
    ) -> None:
        if target != sender:
            self.entries.append(
                Entry(
                    len(self.entries) + 1, "claim", sender, target, strength, method,
                    source=one.event.id, at=one.event.at, likely=likely,
                )
            )  # fmt: skip


def _proof(one: Spoken, address: Address, policy: Policy) -> str:
    """How two identifiers of one event are proven to be one person's."""
    if "account" in (one.proven[0].kind, address.kind):
        return "login"
    return (
        "platform_mapping" if policy.kind(one.proven[0].kind).account and address.kind != "email" else "token"
    )


def _method(one: Spoken, strength: Strength) -> str:
    """How something was said."""
    if strength is Strength.INFERRED:
        return "signature"
    if one.event.channel == "voice":
        return "caller_id"
    if one.event.channel == "email" and not one.proven:
        return "from"
    return "form" if one.event.channel in ("webchat", "order", "form", "web") else "text"
