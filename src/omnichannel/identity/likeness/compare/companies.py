"""Names of companies and other bodies: the words that carry the name, and the legal form apart."""

from __future__ import annotations

import re
from bisect import bisect
from dataclasses import dataclass

from omnichannel.identity.likeness.compare.comparator import Comparator
from omnichannel.identity.likeness.compare.folding import fold, says_nothing
from omnichannel.identity.likeness.compare.legal_forms import COMMON, FORMS, LONGEST, SHORT, SMALL
from omnichannel.identity.likeness.compare.nearness import CLOSE, FAINT, NEAR, edits, likeness

_DOTTED = re.compile(r"\b(?:[a-z]\.\s?){2,}(?:[a-z]\b)?|\b(?:[a-z]\.)+[a-z]\b")
_WORD = re.compile(r"[a-z0-9]+")
_POSSESSIVE = re.compile(r"['’`]s\b")


@dataclass(frozen=True, slots=True)
class Company:
    """A body's name: the words that carry it, in order, and the kinds of its legal form ("ltd", "plc")."""

    words: tuple[str, ...]
    form: str
    glued: str
    """All words but the form, the small ones too, without spaces."""

    @property
    def text(self) -> str:
        """The words that carry the name, with one space between them."""
        return " ".join(self.words)

    @property
    def telling(self) -> frozenset[str]:
        """The words that few other bodies have; all words where there are none such."""
        telling = frozenset(word for word in self.words if word not in COMMON and not word.isdigit())
        return telling or frozenset(self.words)


def prepare_company(text: str) -> Company | None:
    """The name of a body taken apart; None if it says nothing."""
    if says_nothing(text):
        return None
    plain = fold(_POSSESSIVE.sub("s", text)).replace("&", " and ")
    plain = _DOTTED.sub(lambda found: re.sub(r"[.\s]", "", found.group()) + " ", plain)
    said = _WORD.findall(plain.replace("/", ""))
    kept, form = _without_forms(said)
    core = [part for word in kept for part in SHORT.get(word, word).split() if word not in SMALL]
    found = tuple(core or kept or said)
    return Company(found, form, "".join(kept)) if found else None


def _without_forms(said: list[str]) -> tuple[list[str], str]:
    """The words without the legal forms at their ends, and the last form's kind. Never all of them go."""
    kept, form = said, ""
    while True:
        at_end = _form_at(kept, front=False)
        at_front = 0 if at_end else _form_at(kept, front=True)
        length = at_end or at_front
        if not length:
            return kept, form
        taken = kept[-length:] if at_end else kept[:length]
        form = form or FORMS[" ".join(taken)]
        kept = kept[:-length] if at_end else kept[length:]


def _form_at(said: list[str], *, front: bool) -> int:
    """How many words at an end are a legal form; 0 if none, or if nothing would be left."""
    for length in range(min(LONGEST, len(said) - 1), 0, -1):
        if " ".join(said[:length] if front else said[-length:]) in FORMS:
            return length
    return 0


def level_of_companies(one: Company, other: Company) -> int:
    """How alike two names of bodies are, whatever their legal forms."""
    if one.words == other.words:
        return 7 if one.form == other.form or not (one.form and other.form) else 6
    if one.glued == other.glued or frozenset(one.words) == frozenset(other.words):
        return 6
    if _abbreviates(one, other) or _abbreviates(other, one):
        return 3
    return _by_words(one, other)


def _by_words(one: Company, other: Company) -> int:
    """The level by pairing each word with its likest on the other side."""
    shorter, longer = (one, other) if len(one.words) <= len(other.words) else (other, one)
    pairs, left = _paired(shorter.words, longer.words)
    if not left and len(shorter.words) == len(longer.words):
        return _WORST[bisect(_BANDS, min(pairs))]
    if len(shorter.words) != len(longer.words) and not _numbers(one) ^ _numbers(other):
        if min(len(one.glued), len(other.glued)) >= 7 and edits(one.glued, other.glued, 1) <= 1:
            return 5
        if not left and min(pairs) >= NEAR:
            return 3 if shorter.telling & longer.telling or len(shorter.words) > 1 else 2
    shared = one.telling & other.telling
    if not shared:
        return 0
    return 2 if len(shared) * 2 >= max(len(one.telling), len(other.telling)) else 1


_BANDS, _WORST = (FAINT, NEAR, CLOSE), (1, 2, 4, 5)


def _numbers(name: Company) -> frozenset[str]:
    """The numbers in a name: a second fund is not the first."""
    return frozenset(word for word in name.words if word.isdigit())


def _paired(shorter: tuple[str, ...], longer: tuple[str, ...]) -> tuple[list[float], int]:
    """The likeness of the words that pair, likest first, and how many of the shorter side found none."""
    pairs = sorted(
        (-alike, abs(i - j), i, j)
        for i, word in enumerate(shorter)
        for j, candidate in enumerate(longer)
        if (alike := _words_alike(word, candidate)) >= FAINT
    )
    places: dict[int, int] = {}
    found = []
    for alike, _, i, j in pairs:
        if i not in places and j not in places.values():
            places[i] = j
            found.append(-alike)
    return found, len(shorter) - len(found)


def _words_alike(one: str, other: str) -> float:
    """Numbers and words of three letters are the same or not; of longer ones a slip counts as close."""
    if one == other:
        return 1.0
    if one.isdigit() or other.isdigit() or min(len(one), len(other)) <= 3:
        return 0.0
    alike = likeness(one, other)
    return max(alike, CLOSE) if min(len(one), len(other)) >= 5 and edits(one, other, 1) <= 1 else alike


def _abbreviates(one: Company, other: Company) -> bool:
    """Whether one is the other's first letters: PLA, People's Liberation Army."""
    if len(one.words) != 1 or len(other.words) < 2 or len(one.words[0]) < 3:
        return False
    return one.words[0] == "".join(word[0] for word in other.words)


COMPANY = Comparator(
    "company",
    (
        "differs",
        "one telling word shared",
        "half the telling words shared",
        "one within the other, or its initials",
        "near",
        "one letter off",
        "same words, another legal form or order",
        "same",
    ),
    prepare_company,
    level_of_companies,
)

SAME_COMPANY = 4
"""From this level on ("near") two names are more likely one body's than not, when nothing else is known."""
