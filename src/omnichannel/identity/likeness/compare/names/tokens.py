"""How alike two single names are."""

from __future__ import annotations

import re
from enum import IntEnum
from functools import lru_cache

from omnichannel.identity.likeness.compare.folding import CACHED
from omnichannel.identity.likeness.compare.names.nicknames import begins_with, kin, known_given
from omnichannel.identity.likeness.compare.names.parsing import PATRONYM
from omnichannel.identity.likeness.compare.names.words import ROMANISED
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


UNLIKE = 0.7
"""Below this Jaro-Winkler likeness no spelling is looked into."""

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


_FEMALE = re.compile(r"a|e|ne|ette|ina|ine|ie|ia")
_ENDINGS = ({"o", "a"}, {"e", "a"}, {"o", "e"})


def other_sex(one: str, other: str) -> bool:
    """Whether two given names differ as a man's and a woman's do: Paul and Paula, Mario and Maria."""
    if one[:3] != other[:3] or min(len(one), len(other)) < 3:
        return False
    if len(one) == len(other):
        return one[:-1] == other[:-1] and {one[-1], other[-1]} in _ENDINGS
    shorter, longer = (one, other) if len(one) < len(other) else (other, one)
    # A last letter typed twice makes no woman's name.
    return (
        longer.startswith(shorter)
        and longer != shorter + shorter[-1]
        and bool(_FEMALE.fullmatch(longer[len(shorter) :]))
    )


_FEMININE = (
    ("ova", "ov"), ("eva", "ev"), ("ina", "in"), ("ska", "ski"), ("skaia", "ski"), ("skaya", "skiy"),
    ("cka", "cki"), ("dzka", "dzki"), ("aia", "i"), ("aya", "iy"),
)  # fmt: skip


def masculine(family: str) -> str:
    """A Slavic family name as a man bears it: Lavrova is Lavrov, Kowalska Kowalski."""
    if family[-1:] != "a" or len(family) < 5:
        return family
    for ending, instead in _FEMININE:
        if family.endswith(ending) and len(family) > len(ending) + 2:
            return family.removesuffix(ending) + instead
    return family


def _alike_spelled(one: str, other: str, alike: float) -> Alike:
    """By letters alone. Of short names a letter makes another name: Jan and Jon, Kim and Tim."""
    if plain(one) == plain(other):
        return Alike.CLOSE
    shortest = min(len(one), len(other))
    changes = edits(one, other, 2)
    if shortest <= 3:
        begins = shortest > 1 and (one.startswith(other) or other.startswith(one))
        return Alike.RESEMBLES if begins or (shortest == 3 and changes == 1) else Alike.DIFFERS
    if changes == 1 or (changes == 2 and alike >= CLOSE and shortest >= 7):
        return Alike.CLOSE if shortest >= 5 else Alike.NEAR
    if alike >= NEAR and (changes == 2 or sound(one) == sound(other)):
        return Alike.NEAR
    if _without_vowels(one, other) or one == f"abdul{other}" or other == f"abdul{one}":
        return Alike.NEAR
    return Alike.RESEMBLES if alike >= FAINT else Alike.DIFFERS


_VOWELS = frozenset("aeiou")


def _without_vowels(one: str, other: str) -> bool:
    """Whether one is written without its vowels, as Arabic and Hebrew are, and the sounds agree."""
    if _VOWELS.isdisjoint(one) or _VOWELS.isdisjoint(other):
        return len(sound(one)) >= 3 and sound(one) == sound(other)
    return False


def _initials(one: str, other: str) -> bool:
    if len(one) > 1 and len(other) > 1:
        return False
    return begins_with(other, one) if len(one) == 1 else begins_with(one, other)


def _by_what_is_known(one: str, other: str, spelled: Alike) -> Alike:
    """Two known names are two, however alike: Joan, John. A slip makes a known name an unknown one: Kib, Kim."""
    known, known2 = known_given(one), known_given(other)
    if known and known2:
        return min(spelled, Alike.RESEMBLES)
    slip = (
        known != known2 and spelled < Alike.NEAR and min(len(one), len(other)) > 1 + (len(one) == len(other))
    )
    return Alike.NEAR if slip and edits(one, other, 1) == 1 else spelled


def _patronyms(one: str, other: str) -> bool:
    """Whether one alone is a father's name: Oleksandr is not Oleksandrovych."""
    return (PATRONYM.fullmatch(one) is None) != (PATRONYM.fullmatch(other) is None)


_NONE: frozenset[int] = frozenset()


def _one_family(one: str, other: str) -> bool:
    """Whether two family names are one in two romanisations, or as a man and a woman bear it."""
    if not ROMANISED.get(one, _NONE).isdisjoint(ROMANISED.get(other, _NONE)):
        return True
    return one[:3] == other[:3] and masculine(one) == masculine(other)


def _judged(one: str, other: str, *, given: bool, family: bool) -> Alike:
    if _initials(one, other):
        return Alike.INITIAL
    alike = likeness(one, other)
    related = (given and kin(one, other)) or (family and _one_family(one, other))
    short = max(len(one), len(other)) <= 4
    spelled = _alike_spelled(one, other, alike) if alike >= UNLIKE or short else Alike.DIFFERS
    if related:
        return max(Alike.KIN, spelled)
    if not given or (spelled == Alike.DIFFERS and not short):
        return spelled
    if other_sex(one, other):
        return Alike.RESEMBLES
    return Alike.DIFFERS if _patronyms(one, other) else _by_what_is_known(one, other, spelled)


@lru_cache(CACHED * 4)
def given_alike(one: str, other: str) -> Alike:
    """How alike two given names are."""
    return Alike.SAME if one == other else _judged(one, other, given=True, family=False)


@lru_cache(CACHED * 4)
def family_alike(one: str, other: str) -> Alike:
    """How alike two family names are."""
    return Alike.SAME if one == other else _judged(one, other, given=False, family=True)


@lru_cache(CACHED * 4)
def either_alike(one: str, other: str) -> Alike:
    """How alike two names are, where it is not known what kind they are."""
    return Alike.SAME if one == other else _judged(one, other, given=True, family=True)
