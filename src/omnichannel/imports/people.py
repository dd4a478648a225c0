"""Who another desk says somebody is, as addresses of the right kinds: said by its record, and proven by nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from omnichannel.channel import Channel
from omnichannel.identity import unproven
from omnichannel.identity.addresses import normalise
from omnichannel.model import Address, Evidence, Party, Strength

_E164 = re.compile(r"\+?([1-9][0-9]{6,14})")  # ITU-T E.164: at most 15 digits, with the country's


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
    if is_mail(channel):
        found = [*emails, *phones]
    elif _is_by_number(channel):
        found = [*phones, *_number(contact.there), *emails]
    else:
        found = [*_at(contact.there, channel), *emails, *phones]
    return found[0] if found else Address(kind=contact.desk, value=contact.number)


def is_mail(channel: Channel) -> bool:
    """Whether people are known to a channel by their mail addresses, whatever its kind is called."""
    own = channel.own_address
    return own is not None and own.kind == "email"


def _is_by_number(channel: Channel) -> bool:
    """The same of telephone numbers; where a platform chooses our own, by what the channel says of itself."""
    own = channel.own_address
    return own.kind == "phone" if own is not None else "phone" in channel.can.reaches


def _at(there: str, channel: Channel) -> Iterator[Address]:
    """The id that the channel's own platform has for somebody, kept apart as the channel keeps it.

    Where a number is enough to be reached (WhatsApp), an id that is written as one is that number.
    """
    own = channel.own_address
    numbers = list(_number(there)) if "phone" in channel.can.reaches else []
    if numbers:
        yield from numbers
    elif there:
        kind, scope = (own.kind, own.scope) if own is not None else (channel.kind, channel.name)
        yield from _spelt(kind, (there,), scope)


def _number(written: str) -> Iterator[Address]:
    if digits := _E164.fullmatch(written):
        yield from _spelt("phone", (f"+{digits[1]}",))


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
