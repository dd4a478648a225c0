"""Who stands in the stores that are measured: made up, by number, so that every run meets the same.

Names are spread as names are: the most usual given name is one in thirty's, the most usual family name one in
sixty's, and hundreds of thousands are hardly anybody's. Half of the customers have one address, the others two or
three that proof ties together.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from random import Random
from typing import NamedTuple

from omnichannel.model import Address, Evidence, Strength

PART = 1_000_000
"""How many addresses a part of a large store has: its customers are numbered from a multiple of this."""


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


GIVEN = _words("""
    Anna Maria John Mohammed Thomas Sophie Peter Emma Daniel Laura David Julia Michael Sarah Jan Fatima Lukas
    Elena Paul Olga Marco Nina Ali Ines Hugo Clara Omar Lena Pablo Eva Ivan Marta Tim Zeynep Felix Rosa Noah
    Yusuf Ida Viktor
""")
FAMILY = _words("""
    Smith Garcia Müller Ivanova Kim Silva Jansen Nowak Rossi Martin Schmidt Johnson Lopez Meyer Wang Petrov
    Brown Fernandez Weber Kowalski Bianchi Bernard Jones Gomez Wagner Chen Popov Taylor Perez Becker Yilmaz
    Dubois Hansen Nguyen Larsen Costa Walker Moreno Fischer Horvat Novak Santos Ricci Visser Bakker Evans Ruiz
    Keller Demir
""")
_START = _words("""
    Bal Ber Bran Cald Dam Den Eck El Far Fel Gar Gren Hal Hol Ing Kar Kel Lan Lor Mal Mar Nel Or Pel Quin
""")
_MIDDLE = _words("""
    a e i o u an en in on ar er or al el ol and end ind ard eld ath eth isk ost ust
""")
_END = _words("""
    ano berg by chuk dal endra escu ford gaard ic inski ko ley lund man moto oglu ova quist rup son stad ton
    ville
""")
_DOMAINS = _words("""
    gmail.com outlook.com yahoo.com web.de icloud.com orange.fr libero.it wp.pl hotmail.com
""")
RARE_GIVEN = ["".join(parts) for parts in product(_START, _MIDDLE, ("", "a", "o", "is"))]
RARE_FAMILY = ["".join(parts) for parts in product(_START, _MIDDLE, _MIDDLE, _END)]


def _spread(names: Sequence[str]) -> list[str]:
    """A thousand places, the first names at the most of them: at some fifty for the first, at twelve for the last."""
    shares = [1 / (place + 10) for place in range(1, len(names) + 1)]
    return [
        name
        for name, share in zip(names, shares, strict=True)
        for _ in range(round(1000 * share / sum(shares)))
    ]


_COMMON_GIVEN, _COMMON_FAMILY = _spread(GIVEN), _spread(FAMILY)


class Someone(NamedTuple):
    """A customer: what they are called, and their addresses, of which proof ties all to the first."""

    name: str
    addresses: tuple[Address, ...]

    @property
    def evidence(self) -> list[Evidence]:
        """What ties the further addresses to the first."""
        return [
            Evidence(address=address, strength=Strength.ATTESTED, method="import")
            for address in self.addresses[1:]
        ]


def someone(number: int, addresses: int = 0) -> Someone:
    """The customer of a number below 100 million. `addresses`: how many they have (0: by chance, one to three)."""
    chance = Random(number)
    given = _name(chance, _COMMON_GIVEN, RARE_GIVEN, 0.6)
    family = _name(chance, _COMMON_FAMILY, RARE_FAMILY, 0.3)
    many = addresses or (1 + (chance.random() < 0.5) * (1 + (chance.random() < 0.4)))
    email = Address(kind="email", value=_mailbox(given, family, number))
    if many == 1:
        return Someone(f"{given} {family}", (email,))
    account = Address(kind="messenger", scope="shop", value=f"{7_000_000_000 + number}")
    return Someone(f"{given} {family}", (account, email, Address(kind="phone", value=_phone(number)))[:many])


def _name(chance: Random, common: Sequence[str], rare: Sequence[str], share: float) -> str:
    if chance.random() < share:
        return common[int(chance.random() * len(common))]
    return rare[int(chance.random() ** 2 * len(rare))]


def _mailbox(given: str, family: str, number: int) -> str:
    local = f"{given}.{family}{number}".lower().replace("ü", "ue")
    return f"{local}@{_DOMAINS[number % len(_DOMAINS)]}"


def _phone(number: int) -> str:
    # The factor has no divisor in common with 10^8, so that no two numbers are one.
    return f"+4915{number % 10}{number * 61_803_399 % 100_000_000:08d}"


def people(addresses: int, part: int = 0) -> Iterator[Someone]:
    """So many addresses' owners, the last of them with what is left. Each part begins at a number of its own."""
    number, left = part * PART, addresses
    while left:
        found = someone(number)
        if len(found.addresses) > left:
            found = someone(number, left)
        yield found
        left -= len(found.addresses)
        number += 1
