"""A text as features: its words, pairs and stems of them, what is denied, and the signs that any language has."""

from __future__ import annotations

import re
from typing import NamedTuple

from omnichannel.desk.classify.signs import listed, signs_of

_TOKEN = re.compile(
    r"https?://\S+|www\.\S+|[@#]?[^\W\d_]+(?:['’][^\W\d_]+)*|\d[\d.,:]*|[.!?…;:,()\n]|[\U0001F300-\U0001FAFF\u2600-\u27BF]"
)
_LONG_DRAWN = re.compile(r"(\w)\1{2,}")

DENIAL = "¬"
"""Stands before a word that is denied: in "not happy" it is `¬happy`."""

_DENIERS = listed(
    "not no never nothing none nobody without cannot cant dont doesnt didnt isnt wasnt wont hardly barely neither nor"
    " niet geen nooit niets niks niemand zonder nergens nauwelijks noch nie"
)
_TURNS = listed("but however although though yet maar echter alleen helaas unfortunately")
_REACH = 3
"""Words after a denier that it still reaches, unless the sentence ends before or turns."""

_STEM, _STEM_FROM = 5, 7
_TAIL, _TAIL_FROM = 6, 10
_ENDS = frozenset(".!?…;\n")


class Features(NamedTuple):
    """What a text shows. `words` are of a language, each there once or twice; `signs` are of any."""

    words: list[str]
    signs: list[str]


def features_of(text: str) -> Features:
    """The features of what somebody writes; quotes are best taken out before (`own_words`)."""
    lowered = text.lower().replace("’", "'")
    if _LONG_DRAWN.search(lowered):
        lowered = _LONG_DRAWN.sub(r"\1\1", lowered)
    tokens = _TOKEN.findall(lowered)
    return Features(_words(tokens), signs_of(text, lowered, tokens))


def _words(tokens: list[str]) -> list[str]:
    """The features of words, once each; whatever comes after the last "but" once more, for it is what is meant."""
    found: list[str] = []
    turned = 0
    before, reach = "", 0
    for token in tokens:
        first = token[0]
        if first in _ENDS:
            before, reach = "", 0
            continue
        if not (first.isalpha() or first in "#@"):
            continue
        if first == "@" or token.startswith(("http", "www.")):
            continue
        word = token[1:] if first == "#" else token
        if word in _TURNS:
            turned, reach = len(found), 0
        _say(found, word, before, denied=reach > 0)
        reach = _REACH if _denies(word) else reach - 1
        before = word
    once = list(dict.fromkeys(found))
    return once + list(dict.fromkeys(found[turned:])) if turned else once


def _denies(word: str) -> bool:
    return word in _DENIERS or word.endswith("n't")


def _say(found: list[str], word: str, before: str, *, denied: bool) -> None:
    """One word's features: itself (first in its sentence, or denied), its stem and tail, and with the one before."""
    if denied:
        found.append(DENIAL + word)
    else:
        found.append(word)
        if len(word) >= _STEM_FROM:
            found.append(word[:_STEM] + "-")
            if len(word) >= _TAIL_FROM:
                found.append("-" + word[-_TAIL:])
    found.append(f"{before} {word}" if before else "^" + word)
