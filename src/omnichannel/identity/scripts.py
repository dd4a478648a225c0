"""Letters that pretend to be others: shown to people as a warning, never used to compare addresses."""

from __future__ import annotations

import unicodedata

# What one language writes together (UTS 39, "highly restrictive").
_ONE_LANGUAGE = (
    frozenset({"LATIN", "CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA", "IDEOGRAPHIC"}),
    frozenset({"LATIN", "CJK", "HANGUL"}),
    frozenset({"LATIN", "CJK", "BOPOMOFO"}),
)


def mixed_script(value: str) -> bool:
    """Whether letters of several scripts stand in it, or characters that are another spelling of ASCII.

    Domains in their DNS form (`xn--…`) are judged as the letters they stand for. A whole word in one other
    script is not flagged by itself, but is when something Latin stands beside it, as `.com` does.
    """
    shown = _shown(value)
    scripts = {unicodedata.name(char, "UNKNOWN").partition(" ")[0] for char in shown if char.isalpha()}
    several = len(scripts) > 1 and not any(scripts <= language for language in _ONE_LANGUAGE)
    return several or any(_plays_ascii(char) for char in shown)


def _shown(value: str) -> str:
    """The value with each A-label written as its letters; one that stands for nothing stays as it is."""
    return ".".join(_letters(label) for label in value.replace("@", ".").split("."))


def _letters(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        return label[4:].encode("ascii").decode("punycode")
    except UnicodeError:
        return label


def _plays_ascii(char: str) -> bool:
    """Whether a character turns into ASCII in some folding: ſ, ı, the Kelvin sign, ﬁ, ａ, １."""
    return not char.isascii() and (
        unicodedata.normalize("NFKC", char).isascii() or (len(char.upper()) == 1 and char.upper().isascii())
    )
