"""How near two folded words are: edits and Jaro-Winkler (rapidfuzz), and how they sound."""

from __future__ import annotations

import re
from functools import lru_cache

from rapidfuzz.distance import OSA, JaroWinkler

from omnichannel.identity.likeness.compare.folding import CACHED

CLOSE, NEAR, FAINT = 0.94, 0.88, 0.80
"""Bands of Jaro-Winkler likeness: a slip of the pen, a misspelling, a resemblance. Own cuts; `python -m bench names`
measures what they give on judged pairs."""


def likeness(one: str, other: str) -> float:
    """Jaro-Winkler likeness, 0 to 1."""
    return JaroWinkler.similarity(one, other)


def edits(one: str, other: str, most: int) -> int:
    """Changes of one character, neighbours exchanged among them (optimal string alignment); `most` + 1 if more."""
    return OSA.distance(one, other, score_cutoff=most)


_SOUNDS = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"^(?:kn|gn|pn)", "n"), (r"^wr", "r"), (r"^ps", "s"), (r"^x", "s"),
        (r"sz?cz|shch|sch|tsch|tch|sh|sz|cz|ch|zh|kh|dj|dzh", "s"),
        (r"ph|pf", "f"), (r"th|dt", "t"), (r"gh|ck|cq|qu|q", "k"), (r"c(?=[eiy])", "s"), (r"c", "k"),
        (r"tz|ts|z|ç", "s"), (r"x", "ks"), (r"w|v", "f"), (r"d", "t"), (r"b", "p"), (r"g|j", "k"),
    )
)  # fmt: skip
_VOWELS = str.maketrans("", "", "aeiouyh")


@lru_cache(CACHED)
def sound(word: str) -> str:
    """How a folded word sounds, roughly: its first letter kind and its consonants, for languages together.

    Own rules and not Metaphone's, which know English only: names here come in many spellings of one sound
    (Sergej, Sergey, Serguei; Schmidt, Smit). Coarse on purpose; it is a key to find candidates by.
    """
    plain = word
    for pattern, heard in _SOUNDS:
        plain = pattern.sub(heard, plain)
    kept = plain[:1].translate(_FIRST) + plain[1:].translate(_VOWELS)
    return re.sub(r"(.)\1+", r"\1", kept)[:6]


_FIRST = str.maketrans("aeiouy", "aaaaaa")
