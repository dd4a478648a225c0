"""Which spellings are one word: case, width and marks are no matter where they only change how a letter sounds.

Nothing is transliterated: whoever looks for words in Hebrew types Hebrew. (To compare names `identity` goes further.)
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import lru_cache

FOLDING = 1
"""Which version of these rules an index was made with: another one has to be made anew."""

LONGEST = 64
"""Characters of a word that count."""

_BREVE = "\u0306"
# Letters whose marks can be left out: Latin, Greek; Hebrew and Arabic, whose vowels are marks that few people type.
_BARE = (
    (0x0000, 0x03FF),
    (0x0590, 0x077F),
    (0x08A0, 0x08FF),
    (0x1D00, 0x1FFF),
    (0x2C60, 0x2C7F),
    (0xA720, 0xA7FF),
)
_CYRILLIC = (0x0400, 0x052F)

# The first of ten digits, in other scripts.
_ZEROS = (
    0x0660, 0x06F0, 0x07C0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0BE6, 0x0C66, 0x0CE6, 0x0D66, 0x0E50, 0x0ED0,
    0x0F20, 0x1040, 0x17E0,
)  # fmt: skip
_OTHERWISE: dict[int, str | None] = {
    **{ord(letter): plain for letter, plain in zip("æœøđðłħıŧ", ("ae", "oe", *"oddlhit"), strict=True)},
    ord("þ"): "th",
    # Arabic as Persians, Egyptians and others type it, and the stroke that only stretches a word.
    **{ord(letter): plain for letter, plain in zip("ىیکة", "ييكه", strict=True)},
    ord("ـ"): None,
    **{zero + digit: str(digit) for zero in _ZEROS for digit in range(10)},
}


@lru_cache(1 << 15)
def fold(word: str) -> str:
    """A word as it is compared: in small letters, full width as half, é as e, ß as ss, ё as е, أ as ا, ٣ as 3."""
    plain = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", word).casefold())
    return unicodedata.normalize("NFC", "".join(_bare(plain))).translate(_OTHERWISE)[:LONGEST]


def _bare(decomposed: str) -> Iterator[str]:
    """Its characters without marks, where those can be left out, and without what nobody sees."""
    base = ""
    for char in decomposed:
        category = unicodedata.category(char)
        if category[0] == "M":
            if _keeps(base, char):
                yield char
        elif category != "Cf":
            base = char
            yield char


def _keeps(base: str, mark: str) -> bool:
    if not base:
        return False
    code = ord(base)
    if _CYRILLIC[0] <= code <= _CYRILLIC[1]:
        return mark == _BREVE  # й is a letter; ё is mostly written е
    return not any(first <= code <= last for first, last in _BARE)
