"""Who another desk says somebody is, as addresses of the right kinds: said by its record, and proven by nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from omnichannel.channel import Channel
from omnichannel.identity import unproven
from omnichannel.identity.addresses import normalise
from omnichannel.model import Address, Evidence, Party, Strength

_BY_NUMBER = frozenset({"sms", "voice"})


class Contact(NamedTuple):
    """Somebody in another desk: its own number for them, and what it knows. `there` is their id at the channel."""

    desk: str
    number: str
    name: str = ""
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    there: str = ""


def party(contact: Contact, channel: Channel) -> Party:
    """Where somebody is reached on a channel: by the address of its kind, else by what there is."""
    return Party(address=_address(contact, channel), name=contact.name)


def _address(contact: Contact, channel: Channel) -> Address:
    emails, phones = list(_spelt("email", contact.emails)), list(_spelt("phone", contact.phones))
    if channel.kind == "email":
        found = [*emails, *phones]
    elif channel.kind in _BY_NUMBER:
        found = [*phones, *emails]
    else:
        found = [*_at(contact.there, channel), *emails, *phones]
    return found[0] if found else Address(kind=contact.desk, value=contact.number)


def _at(there: str, channel: Channel) -> Iterator[Address]:
    """The id that the channel's own platform has for somebody, kept apart as the channel keeps it."""
    own = channel.own_address
    if own is not None and own.kind == "phone":
        yield from _spelt("phone", (there if there.startswith("+") else f"+{there}",))
    elif there:
        kind, scope = (own.kind, own.scope) if own is not None else (channel.kind, channel.name)
        yield from _spelt(kind, (there,), scope)


def _spelt(kind: str, written: tuple[str, ...], scope: str = "") -> Iterator[Address]:
    for one in written:
        try:
            yield normalise(kind, one, scope)
        except ValueError:
            continue  # a record holds what people typed; what is no address is none


def evidence(contact: Contact, known: Address, *, strength: Strength) -> tuple[Evidence, ...]:
    """The other addresses that the desk has for the same person."""
    others = [*_spelt("email", contact.emails), *_spelt("phone", contact.phones)]
    because = f"{contact.desk.capitalize()} has it with the same contact"
    return tuple(
        Evidence(address=one, strength=strength, method="import", because=because)
        for one in dict.fromkeys(others)
        if (one.kind, one.value) != (known.kind, known.value)
    )


def recipient(to: Party, strength: Strength) -> Party:
    """Whom we wrote to, as far as that is proven: it stands with what they wrote."""
    return to if strength.proves else unproven(to)
