"""The name that an e-mail address spells: sarah.jacobs17@ is Sarah Jacobs, and gregorylemke@ some Gregory Lemke."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from omnichannel.identity.likeness.compare import fold
from omnichannel.identity.likeness.compare.names.nicknames import known_given
from omnichannel.identity.naming import plain, same_person

_JOINT = re.compile(r"[._-]+")
_NUMBER = re.compile(r"(?<!\d)\d+$")
_LAST_LATIN = "\u024f"
_SHORTEST = 4  # letters of a name that is looked for inside a word


def spelled(local: str, names: Iterable[str]) -> str:
    """The name in the part before the @, "" if none is seen; run together, it is cut where one of `names` ends.

    A family name that stands in `names` is put last; without one, the order is not known. A word that begins with
    none of their initials, and holds none of their parts, stands for itself: it is what somebody else is called.
    Beside names in other scripts, which are spelled in Latin letters as their owners like, only what fits them tells.
    """
    known = list(names)
    found = _spelled(local, known)
    fits = any(same_person(found, name) for name in known)
    return found if fits or all(_is_latin(name) for name in known) else ""


def _spelled(local: str, known: Sequence[str]) -> str:
    words = [word for word in _JOINT.split(_NUMBER.sub("", local)) if word]
    if not words or not all(word.isalpha() for word in words):
        return ""
    if len(words) > 1:
        families = {part for name in known for part in _parts(name)[-1:]}
        return _written(sorted(words, key=families.__contains__))
    cut = next((found for name in known if (found := _cut(words[0], _parts(name)))), "")
    whole = len(words[0]) >= _SHORTEST and (known_given(words[0]) or _is_anothers(words[0], known))
    return cut or (words[0].title() if whole else "")


def _cut(word: str, parts: Sequence[str]) -> str:
    """A word that begins or ends with a known part of a name, cut there; that part itself for the whole word.

    What is left has to be an initial or a given name, or the known part must be one: else it is no cut.
    """
    for part in sorted((part for part in parts if len(part) >= _SHORTEST), key=len, reverse=True):
        if word == part:
            return part.title()
        if word.startswith(part) or word.endswith(part):
            rest = word.removeprefix(part) if word.startswith(part) else word.removesuffix(part)
            if len(rest) == 1 or known_given(rest):
                return _written([rest, part])
            if (len(parts) == 1 or known_given(part)) and len(rest) >= _SHORTEST:
                return _written([part, rest])
    return ""


def _is_anothers(word: str, names: Sequence[str]) -> bool:
    parts = [part for name in names for part in _parts(name) if part]
    return bool(parts) and not any(word[0] == part[0] or (len(part) > 1 and part in word) for part in parts)


def _is_latin(name: str) -> bool:
    return all(char <= _LAST_LATIN for char in plain(name))


def _written(words: Iterable[str]) -> str:
    """As a name is written: the initials with their dots, and first."""
    ordered = sorted(words, key=lambda word: len(word) > 1)
    return " ".join(f"{word.upper()}." if len(word) == 1 else word.title() for word in ordered)


@lru_cache(maxsize=65_536)
def _parts(name: str) -> tuple[str, ...]:
    """The parts of a name as an address spells them, the family name last."""
    family, comma, given = plain(name).partition(",")
    said = f"{given} {family}" if comma else family
    return tuple("".join(char for char in fold(word) if char.isalnum()) for word in said.split())
