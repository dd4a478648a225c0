"""Who somebody on WhatsApp is: a telephone number, an id that holds for one business portfolio, or both.

Since 2026 a number may be missing: then the business-scoped user id (`US.13491208655302741918`) is all there is.
It is the address wherever it is known, because it is never given to somebody else; the number that stands beside
it in a signed webhook is proven by that (Meta, "Business-scoped user IDs").
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from omnichannel.model import Address, Evidence, Party, Strength
from omnichannel.toolbox import Json, obj, string

KIND = "whatsapp"

_KNOWN = 4096
"""How many people are remembered as they are named: frozen, and the same few write again and again."""

PARENT = "parent"
"""The scope of the ids that linked portfolios share (parent ids): they mean the same person in each of them."""

_USER_ID = re.compile(r"[A-Z]{2}\.[A-Za-z0-9.]{1,140}")
_DIGITS = re.compile(r"[1-9]\d{6,14}")  # ITU-T E.164: at most 15
_BETWEEN = re.compile(r"(?<=\d)[\s()./\u00a0-]+(?=[\d(])|[()\s]")

# Where WhatsApp's spelling is not the number that is dialled: what it was registered with counts for ever.
_BRAZIL = re.compile(r"55([1-9]\d)([6-9]\d{7})")  # mobile numbers got a 9 in front, by 2016
_MEXICO = re.compile(r"521(\d{10})")  # the 1 before mobile numbers ended in August 2019


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody as a webhook names them: the address to keep, and what it proves about further ones."""

    party: Party
    evidence: tuple[Evidence, ...] = ()


@lru_cache(_KNOWN)
def phone_of(written: str) -> Address | None:
    """The number as it is dialled (E.164) behind a `wa_id` or a number with its country code; None if it is none."""
    digits = _BETWEEN.sub("", written.strip()).removeprefix("+")
    if not _DIGITS.fullmatch(digits):
        return None
    if brazil := _BRAZIL.fullmatch(digits):
        digits = f"55{brazil[1]}9{brazil[2]}"
    elif mexico := _MEXICO.fullmatch(digits):
        digits = f"52{mexico[1]}"
    return Address(kind="phone", value=f"+{digits}")


def is_user_id(value: str) -> bool:
    """Whether it is written as a business-scoped user id is; some put one where a number belongs."""
    return _USER_ID.fullmatch(value) is not None


def user_address(scope: str, user_id: str) -> Address:
    """The address of a business-scoped user id, or of what a test wrote instead of one."""
    return Address(kind=KIND, scope=scope, value=user_id)


@lru_cache(_KNOWN)
def party_of(scope: str, user_id: str) -> Party:
    """A business-scoped user id, or our own number's, as a party that names nobody."""
    return Party(address=user_address(scope, user_id))


def addresses(scope: str, number: str, user_id: str, parent: str) -> Iterator[Address]:
    """Every address that these ids are, the one to keep first."""
    if not user_id and is_user_id(number):
        number, user_id = "", number
    if user_id:
        yield user_address(scope, user_id)
    phone = phone_of(number)
    if phone is not None:
        yield phone
    elif number and not user_id:
        yield user_address(scope, number)
    if parent:
        yield user_address(PARENT, parent)


@lru_cache(_KNOWN)
def person(scope: str, number: str, user_id: str = "", parent: str = "", name: str = "") -> Person | None:
    """Somebody with any of these ids; None for nobody."""
    found = tuple(addresses(scope, number, user_id, parent))
    if not found:
        return None
    party = Party(address=found[0], name=name, written=_spelling(found[0], number))
    return Person(party=party, evidence=same_all(found, found[0]))


def _spelling(address: Address, number: str) -> str:
    """How WhatsApp writes a number, where that is not how it is dialled: an answer goes to its own spelling."""
    return number if address.kind == "phone" and address.value != f"+{number.removeprefix('+')}" else ""


def same(address: Address, *, before: bool = False) -> Evidence:
    """That a signed webhook gives somebody this address, too; `before` they moved."""
    what = "number" if address.kind == "phone" else "id"
    because = f"WhatsApp says that this {'was' if before else 'is'} their {what}"
    method = "number_change" if before else "platform_mapping"
    return Evidence(address=address, strength=Strength.VERIFIED, method=method, because=because)


def same_all(found: Iterable[Address], besides: Address, *, before: bool = False) -> tuple[Evidence, ...]:
    """That somebody has all of these addresses, each once, `besides` the one that it is about."""
    return tuple(same(address, before=before) for address in dict.fromkeys(found) if address != besides)


class Contacts:
    """The profiles in `contacts[]`: found by the ids in them, and never by their place in the list."""

    __slots__ = ("_by_number", "_by_user_id", "_listed")

    def __init__(self, listed: Iterable[Json]) -> None:
        self._listed = tuple(listed)
        self._by_number: dict[str, int] = {}
        self._by_user_id: dict[str, int] = {}
        if len(self._listed) > 1:
            self._write_down()

    def _write_down(self) -> None:
        """Where each is: a list that is walked for each message takes the square of its length."""
        for place, contact in enumerate(self._listed):
            self._by_number.setdefault(_dialled(string(contact, "wa_id")), place)
            self._by_user_id.setdefault(string(contact, "user_id"), place)

    def of(self, number: str, user_id: str) -> Json:
        """The profile that belongs to these ids, the first of several; None if there is none.

        The only profile beside an unknown spelling of the number gives its name, but no id that could be another's.
        """
        if len(self._listed) == 1:
            return _only(self._listed[0], number, user_id)
        by_number = self._by_number.get(_dialled(number)) if number else None
        by_user_id = self._by_user_id.get(user_id) if user_id else None
        found = [place for place in (by_number, by_user_id) if place is not None]
        return self._listed[min(found)] if found else None


def _only(contact: Json, number: str, user_id: str) -> Json:
    theirs = string(contact, "user_id")
    if user_id and theirs == user_id:
        return contact
    wa_id = string(contact, "wa_id")
    if number and _dialled(wa_id) == _dialled(number):
        return contact
    if (user_id and theirs) or (phone_of(number) is not None and phone_of(wa_id) is not None):
        return {"profile": obj(contact, "profile")}
    return contact


def _dialled(written: str) -> str:
    """A number in its one spelling; as it is written, if it is none."""
    phone = phone_of(written)
    return phone.value if phone else written


def name_of(contact: Json) -> str:
    """What somebody calls themselves; their username where they have no name."""
    profile = obj(contact, "profile")
    return string(profile, "name") or string(profile, "username")
