"""Text as people write it, brought to plain words: lower-case ASCII letters and digits.

Other scripts are transliterated by `anyascii`: by sound for alphabets, by the Mandarin reading for Chinese
characters (so Japanese kanji keep their likeness to each other, not to their Japanese reading).
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from anyascii import anyascii

CACHED = 1 << 15
"""How many of the last texts, and pairs of words, are remembered: names repeat, memory is bounded."""

_APOSTROPHES = re.compile("['`´ʹʻʼʽʾʿ‘’‛′＇]")
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad]")
_WORD = re.compile("[a-z0-9]+")
_IDEOGRAPHS = re.compile("([\u3400-\u9fff\uf900-\ufaff\uac00-\ud7a3])")
_OTHERWISE = str.maketrans({"ß": "ss", "ẞ": "ss", "ø": "o", "Ø": "o", "ł": "l", "Ł": "l", "ı": "i", "đ": "d"})


def listed(text: str) -> frozenset[str]:
    """The words of a table that is written as running text."""
    return frozenset(text.split())


NOTHING = listed(
    r"""
    - -- --- . .. ... ? ?? ??? / x xx xxx xxxx na n/a n.a. n.a n-a n\a none null nil nan void empty blank
    missing tbd tba unknown unknwon unk unkn unspecified undefined unavailable undisclosed withheld redacted
    anonymous anon anonym private guest user customer test tester nobody noname nn n.n. nomail noemail
    onbekend onbekende geen niet leeg anoniem unbekannt keine kein leer anonyme inconnu inconnue aucun
    aucune desconocido desconocida ninguno ninguna anonimo sconosciuto sconosciuta nessuno nessuna
    desconhecido nieznany nieznana brak неизвестно нет отсутствует 不明 无 無 未知 なし 없음 미상
    """
) | {
    "no last name", "no first name", "baby boy", "baby girl", "not known", "not available", "not applicable",
    "not given", "not provided", "no name", "no data",
    "no answer", "not stated", "prefer not to say", "same as above", "first name",
    "last name", "given name", "family name", "full name", "your name", "first last", "niet bekend",
    "nicht bekannt", "k a", "k.a.", "nicht angegeben", "non renseigne", "non renseigné", "sin datos",
}  # fmt: skip
"""What people and programs write where they have nothing to say, in several languages, in lower case."""


def says_nothing(text: str) -> bool:
    """Whether a text stands where there is no value: empty, "n/a", "unknown", one character repeated."""
    bare = text.strip().casefold().strip("\"'<>()[]{}*#_ ")
    return not bare or bare in NOTHING or (len(bare) > 3 and len(set(bare)) == 1 and not bare.isalpha())


def _without_pictures(text: str) -> str:
    """A text without emoji and other symbols, which anyascii would spell out (":heart:")."""
    return "".join(" " if unicodedata.category(char) in {"So", "Sk", "Co", "Cs"} else char for char in text)


@lru_cache(CACHED)
def fold(text: str) -> str:
    """Lower-case ASCII: marks and apostrophes dropped (é is e, ö is o, ß is ss), scripts transliterated."""
    plain = _INVISIBLE.sub("", _APOSTROPHES.sub("", text))
    if not plain.isascii():
        # Decomposing would take Hangul syllables apart; compatibility forms (full width, ligatures) are wanted.
        plain = unicodedata.normalize("NFKC", _without_pictures(plain)).translate(_OTHERWISE)
        plain = anyascii(_IDEOGRAPHS.sub(r" \1 ", plain))
        plain = _APOSTROPHES.sub("", plain)
    return plain.lower()


def words(text: str) -> tuple[str, ...]:
    """The words of a text, folded: runs of letters and digits."""
    return tuple(_WORD.findall(fold(text)))


def told(text: str) -> tuple[str, ...]:
    """The words of a text; none if it says nothing, as it stands or folded."""
    found = words(text)
    return () if says_nothing(text) or says_nothing(" ".join(found)) else found
