"""A text cut into words, each with its place.

Where a language puts no blanks between its words (Chinese, Japanese, Thai, …), and in Korean, where endings hang on
them, every two neighbouring characters are a word: so nobody needs to know where words begin, and whatever is looked
for stands in the text as so many neighbours in a row. Every character begins one, the last one alone.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from enum import Enum, auto
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from omnichannel.desk.search.folding import LONGEST, fold

# Neither blanks nor control characters, nor ASCII's signs.
_RUN = re.compile(r"[^\x00-\x20!-/:-@\[-`{-\x7f]+")
_WITHOUT_BLANKS = (
    (0x0E00, 0x0FFF),  # Thai, Lao, Tibetan
    (0x1000, 0x109F), (0x1780, 0x17FF),  # Burmese, Khmer
    (0x1100, 0x11FF), (0xA960, 0xA97F), (0xAC00, 0xD7FF),  # Korean
    (0x2E80, 0x2FDF), (0x3005, 0x3007), (0x3021, 0x3029),  # Chinese, Japanese
    (0x3040, 0x318F), (0x31A0, 0x31BF), (0x31F0, 0x31FF), (0x3400, 0x9FFF), (0xF900, 0xFAFF), (0xFF66, 0xFF9F),
    (0x1AFF0, 0x1B16F), (0x20000, 0x3FFFF),
)  # fmt: skip
_JOINS = {"\uff9e", "\uff9f"}  # what makes か が, in half width
_VOWELS = (0x1160, 0x11FF)  # a Korean syllable taken apart


class Word(NamedTuple):
    """A word as it is compared, and from which to which character of the text it stands.

    `first` is where its first character ends, marks included, if it is two neighbours; else where it ends itself.
    `tail`: it is the last one of several neighbours, alone.
    """

    text: str
    start: int
    end: int
    first: int
    tail: bool = False


class _Kind(Enum):
    SIGN = auto()
    MARK = auto()
    LETTER = auto()
    NEIGHBOUR = auto()


def words(text: str) -> list[Word]:
    """The words of a text, in order."""
    found: list[Word] = []
    for run in _RUN.finditer(text):
        if run[0].isascii():
            found.append(Word(run[0].lower()[:LONGEST], run.start(), run.end(), run.end()))
        else:
            found += _words(run[0], run.start())
    return found


def has_neighbours(word: str) -> bool:
    """Whether a word begins in a script that puts no blanks between words."""
    return _kind(word[0]) is _Kind.NEIGHBOUR


def _words(run: str, offset: int) -> Iterator[Word]:
    for kind, ends in _pieces(run):
        if kind is _Kind.NEIGHBOUR:
            yield from _neighbours(run, ends, offset)
        else:
            start, end = offset + ends[0], offset + ends[-1]
            for part in _parts(run, ends[0], ends[-1]):
                yield Word(part, start, end, end)


def _pieces(run: str) -> Iterator[tuple[_Kind, list[int]]]:
    """Letters that stand together, or neighbours: where each character of a piece ends, and before it the start."""
    kind, ends = _Kind.SIGN, [0]
    for place, char in enumerate(run):
        this = _kind(char)
        if this is _Kind.MARK:
            if kind is not _Kind.SIGN:
                ends[-1] = place + 1
        elif this is kind and kind is not _Kind.SIGN:
            ends.append(place + 1)
        else:
            if kind is not _Kind.SIGN:
                yield kind, ends
            kind, ends = this, [place, place + 1]
    if kind is not _Kind.SIGN:
        yield kind, ends


def _neighbours(run: str, ends: list[int], offset: int) -> Iterator[Word]:
    units = [
        ("".join(_parts(run, start, end)), offset + start, offset + end) for start, end in pairwise(ends)
    ]
    for (one, start, first), (other, _, end) in pairwise(units):
        yield Word(one + other, start, end, first)
    last, start, end = units[-1]
    yield Word(last, start, end, end, tail=len(units) > 1)


def _parts(run: str, start: int, end: int) -> list[str]:
    """A piece as it is compared; folding can take one apart (½ is 1⁄2), and what is too long is not folded whole."""
    return _RUN.findall(fold(run[start : min(end, start + 4 * LONGEST)]))


@lru_cache(1 << 14)
def _kind(char: str) -> _Kind:
    category, code = unicodedata.category(char), ord(char)
    if category[0] == "M" or category == "Cf" or char in _JOINS or _VOWELS[0] <= code <= _VOWELS[1]:
        return _Kind.MARK
    if category[0] not in "LN":
        return _Kind.SIGN
    if category != "Nd" and any(first <= code <= last for first, last in _WITHOUT_BLANKS):
        return _Kind.NEIGHBOUR
    return _Kind.LETTER
