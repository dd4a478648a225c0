"""The aspect of a postal address: house and street together, and the place apart, which many strangers share."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from omnichannel.identity.likeness.aspects import MISSING, Aspect, Field, Found, Kind, Level, several
from omnichannel.identity.likeness.compare.nearness import edits, likeness
from omnichannel.identity.likeness.compare.postal import (
    Postal,
    level_of_cities,
    level_of_postcodes,
    prepare_postal,
)

_GLUED = re.compile(r"^(\s*\d+)(?=[A-Za-z]{3})")
"""A house number written on to its street: 839Daisy Rd."""

HOME = Field("home", Kind.HOME, (
    Level("another street", 0.14, 0.96),
    Level("a street that resembles it", 0.02, 0.03),
    Level("the same street, another number", 0.03, 0.002),
    Level("the same number, a street that resembles it", 0.02, 0.0006),
    Level("the same street, no number to compare", 0.07, 0.002, by_value=True),
    Level("nearly the same house and street", 0.12, 0.0001),
    Level("the same house and street", 0.60, 0.0001, by_value=True),
))  # fmt: skip
UNIT = Field("unit", Kind.HOME, (
    Level("another door", 0.10, 0.95),
    Level("the same door", 0.90, 0.05, by_value=True),
))  # fmt: skip
POSTCODE = Field("postcode", Kind.PLACE, (
    Level("another postcode", 0.12, 0.96),
    Level("the same district", 0.03, 0.03),
    Level("a postcode with one slip", 0.08, 0.005),
    Level("the same postcode", 0.77, 0.003, by_value=True),
))  # fmt: skip
CITY = Field("city", Kind.PLACE, (
    Level("another city", 0.12, 0.93),
    Level("a city that resembles it", 0.03, 0.04),
    Level("nearly the same city", 0.10, 0.01),
    Level("the same city", 0.75, 0.02, by_value=True),
))  # fmt: skip


def address_aspect(
    street: Sequence[str], house: str, unit: str, postcode: str, city: str, *, whole: bool
) -> Aspect[Postal]:
    """The aspect of these columns. `whole`: postcode and city may stand in the street's column too."""

    def prepare(cells: Mapping[str, str]) -> list[Postal]:
        lines = [line for column in street for line in several(cells.get(column, ""))] or [""]
        rest = (cells.get(house, ""), cells.get(unit, ""), cells.get(postcode, ""), cells.get(city, ""))
        found = (prepare_postal(_GLUED.sub(r"\1 ", line), *rest) for line in lines)
        return [_firm(postal) for postal in found if postal is not None]

    def _firm(postal: Postal) -> Postal:
        return postal if whole or (postcode and city) else replace(
            postal, postcode=postal.postcode if postcode else "", city=postal.city if city else ""
        )  # fmt: skip

    columns = (*street, house, unit, postcode, city)
    return Aspect(
        "address", tuple(column for column in columns if column), (HOME, UNIT, POSTCODE, CITY), prepare,
        compare_addresses, _terms,
    )  # fmt: skip


def compare_addresses(one: Postal, other: Postal) -> tuple[Found, ...]:
    """House and street, door, postcode and city of two addresses."""
    home = _home(one, other)
    unit = MISSING
    if one.unit and other.unit and home.level >= 4:
        unit = Found(int(one.unit == other.unit), one.unit, other.unit)
    postcode = city = MISSING
    if one.postcode and other.postcode:
        postcode = Found(level_of_postcodes(one.postcode, other.postcode), one.postcode, other.postcode)
    if one.city and other.city:
        city = Found(level_of_cities(one.city, other.city), one.city, other.city)
    return home, unit, postcode, city


def _home(one: Postal, other: Postal) -> Found:
    if not one.street or not other.street:
        return MISSING
    street = _streets(one.street, other.street)
    if not one.number or not other.number:
        return Found((0, 1, 4, 4)[street], one.street, other.street)
    if one.number == other.number:
        return Found((0, 3, 5, 6)[street], _door(one), _door(other))
    slip = max(len(one.number), len(other.number)) >= 2 and edits(one.number, other.number, 1) <= 1
    if slip and street >= 2:
        return Found(5, _door(one), _door(other))
    return Found((0, 1, 2, 2)[street])


def _streets(one: str, other: str) -> int:
    """3 same, 2 near, 1 resembling, 0 different."""
    if one == other or one.replace(" ", "") == other.replace(" ", ""):
        return 3
    shorter, longer = sorted((one, other), key=len)
    if len(shorter) >= 4 and f" {shorter} " in f" {longer} ":
        return 2
    alike = likeness(one, other)
    if alike >= 0.92 or (len(shorter) >= 5 and edits(one, other, 2) <= 2):
        return 2
    return int(alike >= 0.8)


def _door(postal: Postal) -> str:
    return f"{postal.number} {postal.street}"


def _terms(postal: Postal) -> tuple[tuple[str, ...], ...]:
    home = ((postal.street, _door(postal)) if postal.number else (postal.street,)) if postal.street else ()
    return (
        home, (postal.unit,) if postal.unit else (), (postal.postcode,) if postal.postcode else (),
        (postal.city,) if postal.city else (),
    )  # fmt: skip
