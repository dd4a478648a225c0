"""What we print on our letters to recognise when it comes back: a reference, and the conversation's token.

Paper is read by people, who copy by hand, and by OCR, which confuses what looks alike. The reference is written in
letters and digits none of which looks like another; tokens are what they are (base32, or twelve digits that people
copied), so here what OCR makes of them is undone. Neither proves who writes: both are printed on paper that anybody
may find.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from hashlib import sha256
from itertools import chain, islice, product

from omnichannel.identity import is_code
from omnichannel.toolbox import find_tokens

_LETTERS = "ACEFHJKMNPRTWXY34679"
"""Without 0 O Q D, 1 I L, 2 Z, 5 S, 8 B, 6 G (6 stays), U V: of each group at most one is left."""

_GROUPS, _SIZE = 3, 4  # 20 ** 12 references: 51 bits

_REFERENCE = re.compile(
    r"(?<![A-Za-z0-9])RE[ \t]{0,2}[-–—_.~ ][ \t]{0,2}"
    r"((?:[A-Za-z0-9]{4}[ \t]{0,2}[-–—_.~ ]?[ \t]{0,2}){2}[A-Za-z0-9]{4})(?![A-Za-z0-9])",
    re.IGNORECASE,
)
_MISREAD = str.maketrans({"G": "6", "g": "9", "q": "9"})

_COPIED = re.compile(
    r"(?<![A-Za-z0-9])[0-9A-Za-z|!$€]{4}(?:[ \t]{0,2}[-–—. ][ \t]{0,2}[0-9A-Za-z|!$€]{4}){2}(?![A-Za-z0-9])"
)
_DIGITS = str.maketrans("OoQDIil|!ZzSs$BGbgq", "0000111112255586699")
_MOST = 20
_START = re.compile(r"(?<![A-Za-z0-9])[o0][ \t]?[c(][ \t]?(?P<kind>[tm])", re.IGNORECASE)
_LENGTH = {"t": 26, "m": 40}
_GAP = re.compile(r"[ \t\r\n\-–—.·]{0,3}")
_LOOKS_LIKE = {
    "]": "j", "0": "o", "1": "il", "|": "il", "!": "il", "l": "li", "i": "il", "8": "b", "9": "g", "$": "s", "€": "e",
}  # fmt: skip
_TWINS = {"5": "s", "s": "5", "2": "z", "z": "2"}
_READ = frozenset("abcdefghijklmnopqrstuvwxyz234567").union(_LOOKS_LIKE)
_MOST_GUESSES = 16
_MOST_DOUBTS = 3


def reference_of(draft: str) -> str:
    """The reference of a letter of ours, e.g. `RE-ACEF-HJKM-NPRT`: always the same for the same draft."""
    number = int.from_bytes(sha256(f"letter {draft}".encode()).digest()[:16], "big")
    letters = ""
    for _ in range(_GROUPS * _SIZE):
        number, rest = divmod(number, len(_LETTERS))
        letters += _LETTERS[rest]
    return "-".join(("RE", *_grouped(letters)))


def references(text: str) -> tuple[str, ...]:
    """Every reference of ours that stands in a text, in its one spelling, in order, each once."""
    found: dict[str, None] = {}
    for match in _REFERENCE.finditer(text):
        letters = re.sub(r"[^A-Za-z0-9]", "", match[1]).translate(_MISREAD).upper()
        if all(letter in _LETTERS for letter in letters):
            found.setdefault("-".join(("RE", *_grouped(letters))))
    return tuple(found)[:_MOST]


def printed(token: str) -> str:
    """A token as it stands on paper: capitals, in groups of four."""
    return " ".join(_grouped(token.upper()))


def tokens(text: str) -> tuple[str, ...]:
    """Everything in a text that may be a token of ours, as it was or as OCR and people may have spoilt it.

    Spaces and line breaks inside it, 0 for O, 1 for I or L and 8 for B are undone; where it could have been either,
    both are given. At most 20.
    """
    found = dict.fromkeys((*find_tokens(text), *_copied(text)))
    for match in _START.finditer(text):
        kind = match["kind"].lower()
        letters = _letters(text, match.end(), _LENGTH[kind])
        if letters:
            found.update(dict.fromkeys(f"oc{kind}{guess}" for guess in _guesses(letters)))
    return tuple(found)[:_MOST]


def _copied(text: str) -> Iterator[str]:
    """Codes of digits in their three groups, read as letters here and there: the check digits say which they are."""
    for match in _COPIED.finditer(text):
        digits = re.sub(r"[^0-9A-Za-z|!$€]", "", match.group()).translate(_DIGITS)
        if is_code(digits):
            yield digits


def _letters(text: str, at: int, count: int) -> str:
    """So many characters from a place on, over gaps; empty if they end before, or go on after."""
    letters = ""
    while len(letters) < count:
        gap = _GAP.match(text, at)
        at = gap.end() if gap else at
        char = text[at : at + 1].lower()
        if char not in _READ:
            return ""
        letters += char
        at += 1
    return "" if text[at : at + 1].isalnum() else letters


def _guesses(letters: str) -> Iterator[str]:
    """What misread letters may have been, the likeliest first: at most 16. Few doubts are tried in full.

    5 and S, 2 and Z are both letters of ours: after all else, each is tried as the other, one at a time.
    """
    choices = [_LOOKS_LIKE.get(letter, letter) for letter in letters]
    if sum(len(choice) > 1 for choice in choices) > _MOST_DOUBTS:
        choices = [choice[0] for choice in choices]
    first = "".join(choice[0] for choice in choices)
    twins = (
        first[:at] + _TWINS[letter] + first[at + 1 :] for at, letter in enumerate(first) if letter in _TWINS
    )
    return islice(chain(map("".join, product(*choices)), twins), _MOST_GUESSES)


def _grouped(letters: str) -> list[str]:
    return [letters[start : start + _SIZE] for start in range(0, len(letters), _SIZE)]
