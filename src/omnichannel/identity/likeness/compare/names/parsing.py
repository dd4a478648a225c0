"""A person's name taken apart: given names, family names, generation; titles and particles set aside."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import lru_cache

from omnichannel.identity.likeness.compare.folding import CACHED, fold, says_nothing
from omnichannel.identity.likeness.compare.names.words import (
    ABD,
    ALSO_NAMES,
    ARTICLES,
    EASTERN_FAMILIES,
    GENERATIONS,
    PARTICLES,
    TITLES,
)
from omnichannel.identity.likeness.compare.nearness import sound

_WORD = re.compile(r"[a-z0-9]+")
_BRACKETS = re.compile(r"\([^)]*\)|\[[^\]]*\]")
_CHARACTERS = re.compile("[\u3400-\u9fff\uf900-\ufaff\uac00-\ud7a3]")
_NUMBERED = re.compile(r"(?<=[a-z]{3})\d+(?=[a-z]{3}|(?![a-z0-9]))")
PATRONYM = re.compile(
    r"[a-z]{2,}(?:ovich|evich|ovych|evych|ovitch|evitch|ovna|evna|ivna|ichna|yevich|yovych|oglu|kyzy)"
)
_LOOKS_LIKE = str.maketrans("01345789", "oieastbg")
"""Digits by the letters that they are typed or read for."""


@dataclass(frozen=True, slots=True)
class Name:
    """A person's name, folded. Either part may be empty.

    `given` are the given and middle names, `family` the family names without their particles. `ordered` says
    that the source told which is which; else the parts are a guess, and are compared in any order.
    `generation` is "jr", "sr", "ii", "iii", "iv" or "". `glued` is the whole name without spaces, particles in it.
    `characters` are its Chinese characters or Korean syllables: more than their reading tells.
    """

    given: tuple[str, ...]
    family: tuple[str, ...]
    generation: str
    ordered: bool
    glued: str
    characters: str = ""
    tokens: tuple[str, ...] = field(init=False, compare=False, repr=False)
    """All names, the given ones first."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "tokens", self.given + self.family)

    @property
    def text(self) -> str:
        """The name in one line, "family, given generation"; of one part alone just that."""
        comma = "," if self.given and self.family else ""
        parts = (" ".join(self.family) + comma, " ".join(self.given), self.generation)
        return " ".join(part for part in parts if part)

    @property
    def given_sound(self) -> str:
        """How the first given name sounds; "" if there is none. A key to find candidates by."""
        return sound(self.given[0]) if self.given else ""

    @property
    def family_sound(self) -> str:
        """How the last family name sounds; "" if there is none. A key to find candidates by."""
        return sound(self.family[-1]) if self.family else ""


@lru_cache(CACHED)
def prepare_name(
    full: str = "", given: str = "", middle: str = "", family: str = "", suffix: str = ""
) -> Name | None:
    """Take a name apart, from one text in any order or from columns; None if it says nothing.

    Columns win over `full`. "Family, Given" tells which is which; "Given Family" is a guess.
    """
    given, middle, family, full = (_said(part) for part in (given, middle, family, full))
    if given or family:
        return _with_characters(_from_columns(f"{given} {middle}", family, suffix), family + given)
    return _with_characters(_from_full(full, suffix), full)


def _with_characters(name: Name | None, written: str) -> Name | None:
    characters = "" if written.isascii() else "".join(_CHARACTERS.findall(written))
    return replace(name, characters=characters) if name and characters else name


def _from_full(full: str, suffix: str) -> Name | None:
    before, comma, after = _BRACKETS.sub(" ", full).partition(",")
    if comma and not set(_core([_lettered(word) for word in _words(after)])) <= GENERATIONS.keys() | TITLES:
        return _from_columns(after, before, suffix)
    return _from_text(f"{before} {after}", suffix)


def _words(text: str) -> list[str]:
    """The words of a name. Digits beside letters part them or go (rogelio8bishop, carolyn17), so does xX."""
    found = _WORD.findall(_NUMBERED.sub(" ", fold(text)))
    return [word for word in found if len(word) < 2 or set(word) != {"x"}] or found


def _said(text: str) -> str:
    return "" if says_nothing(text) else text


_MERE = TITLES - ALSO_NAMES


def _from_columns(given: str, family: str, suffix: str) -> Name | None:
    said_given, generation = _names(_words(given))
    said_family, generation2 = _names(_words(family))
    generation = _generation(suffix) or generation2 or generation
    # A title alone in a column is no name: Sir, Ross.
    firsts, lasts = (_core(said) if set(said) - _MERE else [] for said in (said_given, said_family))
    return _made(firsts, lasts, generation, [*said_given, *said_family], ordered=True)


def _from_text(text: str, suffix: str) -> Name | None:
    said, generation = _names(_words(text))
    core = _core(said)
    given, family = _guessed(core)
    return _made(given, family, _generation(suffix) or generation, said, ordered=False)


def _made(
    given: list[str], family: list[str], generation: str, said: list[str], *, ordered: bool
) -> Name | None:
    if not given and not family:
        return None
    return Name(tuple(given), tuple(family), generation, ordered, "".join(said))


def _generation(suffix: str) -> str:
    found = _words(suffix)
    return GENERATIONS.get(found[0], "") if found else ""


def _names(said: list[str]) -> tuple[list[str], str]:
    """The words that are names, and the generation. Never all of them are set aside."""
    if not said:
        return [], ""
    first, *later = map(_lettered, said)
    generation = next((GENERATIONS[word] for word in reversed(later) if word in GENERATIONS), "")
    said = [first, *(word for word in later if word not in GENERATIONS)]
    kept = [word for word in said if word not in TITLES or word in ALSO_NAMES]
    return kept or said, generation


def _lettered(word: str) -> str:
    """Ig0r is Igor; a word with more digits than letters, or with digits that look like none, stays."""
    digits = sum(map(str.isdigit, word))
    if not digits or digits * 2 > len(word) or word in GENERATIONS or not set("26").isdisjoint(word):
        return word
    return word.translate(_LOOKS_LIKE)


def _core(said: list[str]) -> list[str]:
    """Names without particles; Abd al-Aziz is one. A name of nothing but particles keeps them."""
    kept: list[str] = []
    servant = False
    for word in said:
        if servant and word.isalpha() and word not in ARTICLES:
            kept.append(f"abdul{word}")
            servant = False
        elif word in ABD:
            servant = True
        elif word not in PARTICLES:
            kept.append(word)
    if servant:
        kept.append("abdul")
    if len(said) == 2 and len(kept) == 1 and said[0] in _NAMES_IN_FRONT:
        return [said[0], *kept]
    return kept or said


_NAMES_IN_FRONT = frozenset({"ben", "van", "do", "an", "le", "ni"})
"""Particles that are given or family names where they stand before one name alone: Ben Cohen, Van Nguyen."""


def _guessed(core: list[str]) -> tuple[list[str], list[str]]:
    """Given and family of names in a row: the last is the family, unless the culture puts it first."""
    if len(core) < 2:
        return core, []
    if _eastern(core):
        return ["".join(core[1:])] if len(core) == 3 else core[1:], core[:1]
    if len(core) == 3 and PATRONYM.fullmatch(core[2]):
        return core[1:], core[:1]
    return core[:-1], core[-1:]


def _eastern(core: list[str]) -> bool:
    """Whether the family stands first: a frequent one of East Asia, before one or two short syllables."""
    short = all(word.isalpha() and len(word) <= 7 for word in core[1:])
    return len(core) <= 3 and short and core[0] in EASTERN_FAMILIES and core[-1] not in EASTERN_FAMILIES
