"""What to call somebody: the first name where it is certain, else the whole name, and nothing where it is no name."""

from __future__ import annotations

import re
import unicodedata

from omnichannel.desk.answers.filling import plain
from omnichannel.identity.likeness.compare.folding import fold, listed, says_nothing
from omnichannel.identity.likeness.compare.names.nicknames import known_given
from omnichannel.identity.likeness.compare.names.parsing import PATRONYM
from omnichannel.identity.likeness.compare.names.words import (
    ABD,
    ALSO_NAMES,
    EASTERN_FAMILIES,
    GENERATIONS,
    PARTICLES,
    TITLES,
)
from omnichannel.identity.naming import plain as unadorned

LONGEST = 80
"""Characters in a name. What is longer is a sentence, or an attempt to have us say one."""

_NO_NAME = re.compile(r"[{}\[\]<>@/\\|_=*~`\"?!:;]|\d|\bwww\b|\.\w{2,}", re.IGNORECASE)

_SPOKEN = re.compile(r"^(?=..).*[aeiouy]")
"""More than an initial, or an abbreviation (Md)."""

_DOUBLE = listed("jean marie anne anna ana maria jose juan luis hans karl klaus jan gian pier mary")
"""Given names that are often the first half of one: Jean Pierre, María José."""


def called(name: str) -> str:
    """A name as it can stand in a greeting; empty if it is none (a link, a number, `{…}`, "unknown").

    A name that is written in small letters or capitals throughout gets its capitals.
    """
    shown = _in_order(plain(unadorned(plain(name))))
    if len(shown) > LONGEST or _NO_NAME.search(shown) or says_nothing(shown):
        return ""
    return _cased(shown) if any(char.isalpha() for char in shown) else ""


def first_name(name: str) -> str:
    """What friends call somebody of this name; the whole name where that is not certain, empty if it is no name.

    Certain it is only where a given name that is known stands first (or after a comma), in Latin letters: not in
    names that begin with the family (Wang Wei, Nagy László), with an initial, a title or a particle.
    """
    whole = called(name)
    said = whole.split()
    bare = [fold(word).strip(".") for word in said]
    while len(said) > 1 and bare[0] in TITLES - ALSO_NAMES and not known_given(bare[0]):
        said, bare = said[1:], bare[1:]
        if len(said) == 1:
            return whole
    if len(said) < 2 or not _begins_with_given(said, bare):
        return whole
    double = len(said) > 2 and bare[0] in _DOUBLE and known_given(bare[1]) and bare[1] not in PARTICLES
    return " ".join(said[:2]) if double else said[0]


def _in_order(name: str) -> str:
    """A name that begins with the family ("Smith, John") as it is said; a degree may follow a comma as well."""
    family, comma, given = (part.strip() for part in name.partition(","))
    after = [fold(word).strip(".") for word in given.split()]
    degrees = GENERATIONS.keys() | TITLES - ALSO_NAMES
    if not comma or not after or "," in given or not degrees.isdisjoint(after):
        return name
    return f"{given} {family}".strip()


def _begins_with_given(said: list[str], bare: list[str]) -> bool:
    """Whether the first of several words is a given name, and certainly not the family."""
    if not all(_latin(word) for word in said) or not _SPOKEN.search(bare[0]) or said[0].endswith("."):
        return False
    if bare[0] in EASTERN_FAMILIES | ABD | PARTICLES or PATRONYM.fullmatch(bare[-1]):
        return False
    halves = [half for half in bare[0].replace("-", " ").split() if half]
    return bool(halves) and all(known_given(half) for half in halves)


def _latin(word: str) -> bool:
    return all("LATIN" in unicodedata.name(char, "") for char in word if char.isalpha())


def _cased(name: str) -> str:
    letters = [char for char in name if char.isalpha()]
    one_case = name.islower() or (name.isupper() and len(letters) > 3)
    if not one_case:
        return name
    return " ".join(
        word.casefold() if fold(word) in PARTICLES and place else "-".join(map(_capital, word.split("-")))
        for place, word in enumerate(name.split())
    )


def _capital(word: str) -> str:
    return word[:1].upper() + word[1:].lower()
