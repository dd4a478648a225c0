"""An event with its identifiers as addresses: the proven ones, the sender first, and what was only said."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from omnichannel.identity.policy import Policy, rank
from omnichannel.identity.resolving.events import Event
from omnichannel.identity.resolving.events_addresses import address_of, region_of
from omnichannel.model import Address, Strength


@dataclass(frozen=True, slots=True)
class Spoken:
    """An event, its `proven` addresses with the sender first, and those only `said`, with their strength."""

    event: Event
    proven: tuple[Address, ...]
    said: tuple[tuple[Address, Strength], ...]

    @property
    def addresses(self) -> tuple[Address, ...]:
        """All addresses, the proven ones first."""
        return (*self.proven, *(address for address, _ in self.said))


def spoken(events: Iterable[Event], policy: Policy) -> list[Spoken]:
    """Each event once, in the order of time. Raises ValueError if two different ones have one id."""
    once: dict[str, Event] = {}
    for event in events:
        if once.setdefault(event.id, event) != event:
            raise ValueError(
                f"two different events are called {event.id!r}; give each a record_id of its own"
            )
    ordered = sorted(once.values(), key=lambda event: (event.at, event.id))
    region = region_of(ordered)
    return [_spoken(event, region, policy) for event in ordered]


def _spoken(event: Event, region: str, policy: Policy) -> Spoken:
    best: dict[Address, Strength] = {}
    for identifier in event.identifiers:
        address = address_of(identifier, region)
        if address is not None and (address not in best or rank(identifier.strength) < rank(best[address])):
            best[address] = identifier.strength
    proven = sorted(
        (address for address in best if best[address].proves), key=lambda one: _standing(one, policy)
    )
    said = sorted(
        ((address, strength) for address, strength in best.items() if not strength.proves),
        key=lambda one: (rank(one[1]), spelling(one[0])),
    )
    return Spoken(event, tuple(proven), tuple(said))


def _standing(address: Address, policy: Policy) -> tuple[int, tuple[str, str, str]]:
    """A log-in before a platform's account, that before a mailbox, a number, a handle; a device comes last."""
    kind = policy.kind(address.kind)
    if kind.device:
        return 5, spelling(address)
    if kind.account:
        return int(address.kind != "account"), spelling(address)
    return {"email": 2, "phone": 3}.get(address.kind, 4), spelling(address)


def spelling(address: Address) -> tuple[str, str, str]:
    """What addresses are sorted by."""
    return address.kind, address.scope, address.value
