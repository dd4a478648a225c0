"""Values that stand where an address should: typed by people who had to write something."""

from __future__ import annotations

import re
from functools import lru_cache

# What forms are filled with, in English, Dutch, German, French, Spanish and Italian.
_FILLED_IN = """
    a aa aaa abc abcd anon anoniem anonym anonyme anonimo anonymous asdf asdfg asdfgh demo dummy empty example
    fake foo gast geen guest inconnu keine leer leeg n/a na nada nessuno niemand nil no nobody noemail nomail none
    nope null onbekend prueba prova qwerty sconosciuto sin test tester testing teste unbekannt undefined unknown
    vide x xx xxx xyz
"""
_WORDS = frozenset(_FILLED_IN.split())
_HANDED_OVER = frozenset({"account", "cookie", "handle"})
_RUN = "01234567890123456789"
_SHORTEST = 5  # digits; shorter ones are a company's own extensions


@lru_cache(maxsize=65_536)
def is_blocked(kind: str, value: str) -> bool:
    """Whether a value is a placeholder: `test@`, `unknown`, `null`, `-1`, one digit repeated, 1234567.

    Ids that a platform gives out are never placeholders; what forms, sites and systems of one's own hand over is.
    """
    bare = value.strip().lower()
    if kind == "email":
        local = bare.rpartition("@")[0]
        return _is_word(local.strip('"').partition("+")[0])
    if kind == "phone":
        return _is_filler(re.sub(r"\D", "", bare))
    return kind in _HANDED_OVER and (_is_word(bare) or bare in ("-1", "-") or not bare.strip("0"))


def _is_word(text: str) -> bool:
    return text in _WORDS or not text.strip("-_. ")


def _is_filler(digits: str) -> bool:
    """One digit repeated behind any country's code, digits counted up or down, or too few to reach anybody."""
    counted_up = digits in _RUN or digits in _RUN[::-1]
    repeated = any(len(set(digits[skip:])) == 1 for skip in range(4) if len(digits) >= skip + 6)
    return counted_up or repeated or len(digits) < _SHORTEST
