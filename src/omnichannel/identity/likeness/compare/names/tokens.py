"""How alike two single names are."""

from __future__ import annotations

import re
from enum import IntEnum
from functools import lru_cache

from omnichannel.identity.likeness.compare.folding import CACHED
from omnichannel.identity.likeness.compare.names.nicknames import same_name_abroad, same_person_called
from omnichannel.identity.likeness.compare.names.words import ONE_FAMILY
from omnichannel.identity.likeness.compare.nearness import CLOSE, FAINT, NEAR, edits, likeness, sound


class Alike(IntEnum):
    """What two single names have to do with each other, the weakest first."""

    DIFFERS = 0
    RESEMBLES = 1
    INITIAL = 2
    NEAR = 3
    KIN = 4
    """One person is called both: a pet name, or the name in another language."""
    CLOSE = 5
    """A slip of the pen, or another spelling of one sound."""
    SAME = 6


_SPELLINGS = tuple(
    (re.compile(written), meant)
    for written, meant in (
        ("ae", "a"), ("oe", "o"), ("ue", "u"), ("aa", "a"), ("ou", "u"), ("ph", "f"), ("th", "t"), ("ck", "k"),
        ("c(?![eihy])", "k"), ("x", "ks"), ("sch|sh", "s"), ("j|y|ij", "i"), ("w", "v"), ("dj", "i"), ("z", "s"),
        ("ii+", "i"), (r"(.)\1+", r"\1"),
    )
)  # fmt: skip


@lru_cache(CACHED)
def plain(name: str) -> str:
    """A name with the spellings of one sound brought together: Mueller and Muller, Sergej and Sergey."""
    for written, meant in _SPELLINGS:
        name = written.sub(meant, name)
    return name


_FEMALE = re.compile(r"(?:a|e|ne|ette|ina|ine|ie|ia)")


@lru_cache(CACHED)
def other_sex(one: str, other: str) -> bool:
    """Whether two given names differ as a man's and a woman's do: Paul and Paula, Mario and Maria."""
    shorter, longer = sorted((one, other), key=len)
    if len(shorter) < 3:
        return False
    if longer.startswith(shorter):
        return bool(_FEMALE.fullmatch(longer[len(shorter) :]))
    return (
        len(one) == len(other)
        and one[:-1] == other[:-1]
        and {one[-1], other[-1]} in ({"o", "a"}, {"e", "a"}, {"o", "e"})
    )


_FEMININE = (("ova", "ov"), ("eva", "ev"), ("ina", "in"), ("ska", "ski"), ("skaia", "ski"), ("skaya", "skiy"),
             ("cka", "cki"), ("dzka", "dzki"), ("aia", "i"), ("aya", "iy"))  # fmt: skip


def masculine(family: str) -> str:
    """A Slavic family name as a man bears it: Lavrova is Lavrov, Kowalska Kowalski."""
    for ending, instead in _FEMININE:
        if family.endswith(ending) and len(family) > len(ending) + 2:
            return family.removesuffix(ending) + instead
    return family


def _alike_spelled(one: str, other: str) -> Alike:
    """By letters alone. Of short names a letter makes another name: Jan and Jon, Kim and Tim."""
    shortest = min(len(one), len(other))
    if plain(one) == plain(other):
        return Alike.CLOSE
    changes = edits(one, other, 2)
    alike = likeness(one, other)
    if shortest <= 3:
        return Alike.RESEMBLES if changes <= 1 and shortest == 3 else Alike.DIFFERS
    if changes <= 1:
        return Alike.CLOSE if shortest >= 5 else Alike.NEAR
    if alike >= CLOSE:
        return Alike.CLOSE
    if alike >= NEAR and (changes <= 2 or sound(one) == sound(other)):
        return Alike.NEAR
    if _consonants(one, other):
        return Alike.NEAR
    return Alike.RESEMBLES if alike >= FAINT else Alike.DIFFERS


def _consonants(one: str, other: str) -> bool:
    """Whether one is written without its vowels, as Arabic and Hebrew are, and the sounds agree."""
    bare = not set(one) & set("aeiouy") or not set(other) & set("aeiouy")
    return bare and len(sound(one)) >= 3 and sound(one)[1:] == sound(other)[1:]


def _initials(one: str, other: str) -> bool:
    return (len(one) == 1 or len(other) == 1) and one[:1] == other[:1]


@lru_cache(CACHED * 4)
def given_alike(one: str, other: str) -> Alike:
    """How alike two given names are."""
    if one == other:
        return Alike.SAME
    if _initials(one, other):
        return Alike.INITIAL
    kin = same_person_called(one, other) or same_name_abroad(one, other)
    spelled = _alike_spelled(one, other)
    if kin:
        return max(Alike.KIN, spelled)
    return min(spelled, Alike.RESEMBLES) if other_sex(one, other) else spelled


@lru_cache(CACHED * 4)
def family_alike(one: str, other: str) -> Alike:
    """How alike two family names are."""
    if one == other or ONE_FAMILY.get(one, one) == ONE_FAMILY.get(other, other):
        return Alike.SAME
    if _initials(one, other):
        return Alike.INITIAL
    if masculine(one) == masculine(other):
        return Alike.CLOSE
    return _alike_spelled(one, other)


def either_alike(one: str, other: str) -> Alike:
    """How alike two names are, where it is not known what kind they are."""
    if masculine(one) != masculine(other) and other_sex(one, other):
        return given_alike(one, other)
    return max(given_alike(one, other), family_alike(one, other))
