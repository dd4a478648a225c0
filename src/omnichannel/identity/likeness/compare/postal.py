"""Postal addresses: house number, street, postcode and city weighed together, since they depend on each other."""

from __future__ import annotations

import re
from dataclasses import dataclass

from omnichannel.identity.likeness.compare.comparator import Comparator
from omnichannel.identity.likeness.compare.folding import says_nothing, told, words
from omnichannel.identity.likeness.compare.nearness import CLOSE, FAINT, NEAR, edits, likeness
from omnichannel.identity.likeness.compare.street_words import (
    ADDITIONS,
    DOORS,
    GLUED,
    KINDS,
    LANDMARKS,
    STREET,
    UNITS,
)

_HOUSE = re.compile(rf"\d+(?:[a-z]|{'|'.join(ADDITIONS)})?")
_US_STATE_ZIP = re.compile(r"\d{5}(\d{4})?")


@dataclass(frozen=True, slots=True)
class Postal:
    """An address in parts; each is "" where it is not said. `street` is the name without its kind."""

    number: str
    street: str
    kind: str
    unit: str
    postcode: str
    city: str

    @property
    def text(self) -> str:
        """The parts in one line, folded."""
        parts = (self.number, self.street, self.kind, self.unit, self.postcode, self.city)
        return " ".join(part for part in parts if part)


def prepare_postal(
    street: str = "", number: str = "", unit: str = "", postcode: str = "", city: str = ""
) -> Postal | None:
    """An address from its columns; what of them is in one ("3212 W. 32nd St, Palm Harbor") is taken apart.

    None if neither street nor postcode nor city says anything.
    """
    line, after = _lines(_said(street))
    house, name, kind, found_unit = _street(line)
    spelled = words(_said(number))
    code = prepare_postcode(postcode) or ""
    town = prepare_city(city) or ""
    if after and not (town or code):
        code, town = _place(after)
    made = Postal(
        number=(spelled[0].lstrip("0") if spelled else house),
        street=name,
        kind=kind,
        unit="".join(words(_said(unit))) or found_unit,
        postcode=code,
        city=town,
    )
    return made if made.street or made.postcode or made.city else None


def _said(text: str) -> str:
    return "" if says_nothing(text) else text


def _lines(street: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The words of house and street, and those of the place after the comma; a number alone is the house's."""
    line: tuple[str, ...] = ()
    parts = [words(part) for part in re.split(r"[,\n]", street)]
    if len(parts) > 1 and not _has_number(parts[0]) and len(parts[1]) > 1 and _HOUSE.fullmatch(parts[1][0]):
        parts = parts[1:]  # the name of a building stands before its address
    while parts and (not any(word.isalpha() for word in line) or _belongs(parts[0])):
        line += parts.pop(0)
    return line, tuple(word for part in parts for word in part)


def _has_number(part: tuple[str, ...]) -> bool:
    return any(char.isdigit() for word in part for char in word)


def _belongs(part: tuple[str, ...]) -> bool:
    """Whether a part after a comma is still the house's: a unit, or a number alone too short for a postcode."""
    number = len(part) == 1 and _HOUSE.fullmatch(part[0]) is not None and len(part[0]) < 5
    return not part or part[0] in UNITS or number


def _street(said: tuple[str, ...]) -> tuple[str, str, str, str]:
    """House number, name, kind and unit of a street's words."""
    if "box" in said[1:-1]:
        return said[said.index("box") + 1], "box", "", ""
    rest, unit = _without_unit(_before_landmark(list(said)))
    house, rest, second = _without_house(rest)
    full = [part for word in rest for part in _unglued(STREET.get(word, word))]
    name = [word for word in full if word not in KINDS] or full
    kind = " ".join(word for word in full if word in KINDS and word not in name)
    return house.lstrip("0"), " ".join(name), kind, unit or second


def _before_landmark(said: list[str]) -> list[str]:
    """What stands before "near", "between" and the like, where a street stands before it."""
    cut = next((place for place, word in enumerate(said) if word in LANDMARKS and place > 1), len(said))
    return said[:cut]


def _without_unit(said: list[str]) -> tuple[list[str], str]:
    for place, word in enumerate(said[:-1]):
        if word in UNITS and place and (len(word) > 1 or said[place + 1].isdigit()):
            return said[:place] + said[place + 2 :], said[place + 1]
    return said, ""


def _without_house(said: list[str]) -> tuple[str, list[str], str]:
    """The house's number, the other words, and its door or a second number: 3/12 Smith St, Kerkstraat 12 b hs."""
    said, letter, door = _without_addition(said)
    house, rest, second = _numbered(said)
    house = next(
        (house.removesuffix(long) + short for long, short in ADDITIONS.items() if house.endswith(long)), house
    )
    return (house, rest, second + letter + door) if second else (house + letter, rest, door)


def _without_addition(said: list[str]) -> tuple[list[str], str, str]:
    """The words without what follows the house's number, and that: a letter of the house, and a door."""
    if _HOUSE.fullmatch(said[0]) if said else True:
        return _without_letter(said)
    run = len(said)
    while run > 2 and _adds(said[run - 1]):
        run -= 1
    added = said[run:]
    if not added or not said[run - 1].isdigit():
        return said, "", ""
    first = ADDITIONS.get(added[0], added[0])
    return (said[:run], first, "".join(added[1:])) if len(first) == 1 else (said[:run], "", "".join(added))


def _adds(word: str) -> bool:
    return (len(word) == 1 and word.isalpha()) or word in DOORS or word in ADDITIONS


def _without_letter(said: list[str]) -> tuple[list[str], str, str]:
    """The same where the number stands first: 221 B Baker Street. B Street and E Main St are streets."""
    if len(said) < 3 or not said[0].isdigit():
        return said, "", ""
    letter = ADDITIONS.get(said[1], said[1])
    named = any(word not in KINDS and word not in STREET for word in said[2:])
    if len(letter) > 1 or not letter.isalpha() or letter == said[1] in STREET or not named:
        return said, "", ""
    return [said[0], *said[2:]], letter, ""


def _numbered(said: list[str]) -> tuple[str, list[str], str]:
    """The house's number, the other words, and a second number beside it."""
    numbers = [place for place, word in enumerate(said) if _HOUSE.fullmatch(word)]
    if not numbers or len(said) < 2:
        return "", said, ""
    last = len(said) - 1
    if numbers[0] == 0:
        both = len(said) > 2 and numbers[:2] == [0, 1]
        return (said[1], said[2:], said[0]) if both else (said[0], said[1:], "")
    if numbers[-1] == last:
        both = len(said) > 2 and numbers[-2:] == [last - 1, last]
        return (said[-2], said[:-2], said[-1]) if both else (said[-1], said[:-1], "")
    return said[numbers[0]], said[numbers[0] + 1 :], ""


def _unglued(word: str) -> list[str]:
    """Hauptstr. is Haupt Street: the kind written on to the name stands apart."""
    for ending in GLUED:
        if word.endswith(ending) and len(word) > len(ending) + 2:
            return [word.removesuffix(ending), STREET.get(ending, ending)]
    return [word]


def _place(said: tuple[str, ...]) -> tuple[str, str]:
    """Postcode and city of the words after the street."""
    code = next((word for word in reversed(said) if any(char.isdigit() for char in word)), "")
    return code, " ".join(word for word in said if word != code and (len(word) > 2 or not code))


def prepare_postcode(text: str) -> str | None:
    """A postcode without spaces; the first five of ZIP+4. None if it says nothing or is all one digit."""
    code = "".join(told(text))
    if _US_STATE_ZIP.fullmatch(code):
        code = code[:5]
    return code if len(set(code)) > 1 and not says_nothing(code) else None


def level_of_postcodes(one: str, other: str) -> int:
    """Same, one slip, the same district (all but the last two or three characters), or different."""
    if one == other:
        return 3
    if edits(one, other, 1) <= 1:
        return 2
    outward = max(2, len(one) - 3)
    return int(len(one) == len(other) and one[:outward] == other[:outward])


POSTCODE = Comparator(
    "postcode",
    ("differs", "same district", "one character off", "same"),
    prepare_postcode,
    level_of_postcodes,
)

_TOWN = {"st": "saint", "ste": "sainte", "mt": "mount", "ft": "fort", "n": "north", "s": "south", "e": "east",
         "w": "west", "pt": "port", "spgs": "springs", "hts": "heights"}  # fmt: skip


def prepare_city(text: str) -> str | None:
    """A city's name, folded, with its short words written out; None if it says nothing."""
    return " ".join(_TOWN.get(word, word) for word in told(text)) or None


def level_of_cities(one: str, other: str) -> int:
    """Same, near (a slip or one within the other), resembling, or different."""
    if one == other or one.replace(" ", "") == other.replace(" ", ""):
        return 3
    alike = likeness(one, other)
    if alike >= NEAR or (edits(one, other, 1) <= 1 and min(len(one), len(other)) >= 4):
        return 2
    first, second = frozenset(one.split()), frozenset(other.split())
    return 2 if first <= second or second <= first else int(alike >= FAINT)


CITY = Comparator("city", ("differs", "resembles", "near", "same"), prepare_city, level_of_cities)

DIFFERS, MISSING = 0, -1


def level_of_postals(one: Postal, other: Postal) -> int:
    """How alike two addresses are. A house is its number, street and place; a unit makes it a home."""
    if one == other and one.street and one.number:
        return 9
    street, place = _streets(one, other), _places(one, other)
    number = _numbers(one.number, other.number)
    if street >= 1:
        return _in_street(one, other, street, number, place)
    if place <= 0:
        return 0
    if street == DIFFERS:
        return 1
    return 3 if place == 2 else 2


def _in_street(one: Postal, other: Postal, street: int, number: int, place: int) -> int:
    """The level where the streets are alike; a street of the same name elsewhere is weak."""
    if number == 2 and place != DIFFERS:
        if street == 1:
            return 7
        if one.unit != other.unit and one.unit and other.unit:
            return 6
        return 9
    if number == 2:
        return 8 if street == 2 else 4
    if place == DIFFERS:
        return 0
    return 5 if number in (1, MISSING) else 4


def _streets(one: Postal, other: Postal) -> int:
    """2 same, 1 near, 0 different, -1 not said."""
    if not one.street or not other.street:
        return MISSING
    if one.street == other.street:
        kinds, others = set(one.kind.split()), set(other.kind.split())
        return 2 if kinds <= others or others <= kinds else 1
    alike = likeness(one.street, other.street)
    if alike >= CLOSE or one.street.replace(" ", "") == other.street.replace(" ", ""):
        return 1
    return int(
        alike >= NEAR
        or edits(one.street, other.street, 2) <= (2 if min(len(one.street), len(other.street)) >= 6 else 1)
    )


def _numbers(one: str, other: str) -> int:
    """2 same, 1 one digit off or another letter, 0 different, -1 not said."""
    if not one or not other:
        return MISSING
    if one == other:
        return 2
    return int(max(len(one), len(other)) >= 2 and edits(one, other, 1) <= 1)


def _places(one: Postal, other: Postal) -> int:
    """2 same postcode or city, 1 near, 0 different, -1 not said."""
    levels = []
    if one.postcode and other.postcode:
        levels.append(level_of_postcodes(one.postcode, other.postcode))
    if one.city and other.city:
        levels.append(level_of_cities(one.city, other.city))
    if not levels:
        return MISSING
    best = max(levels)
    return 2 if best == 3 else int(best == 2)


POSTAL = Comparator(
    "address",
    (
        "differs",
        "same place, another street",
        "near place, street not said",
        "same place, street not said",
        "same street, another number",
        "same street, number not known or one digit off",
        "same house, another unit",
        "same number, street near",
        "same number and street, another place",
        "same",
    ),
    prepare_postal,
    level_of_postals,
)
