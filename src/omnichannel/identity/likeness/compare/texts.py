"""Columns that nobody knows: free text, and categories (a sex, a country, an occupation)."""

from __future__ import annotations

from dataclasses import dataclass

from omnichannel.identity.likeness.compare.comparator import Comparator
from omnichannel.identity.likeness.compare.folding import told
from omnichannel.identity.likeness.compare.nearness import CLOSE, FAINT, NEAR, edits, likeness


@dataclass(frozen=True, slots=True)
class Text:
    """A text's folded words, in order."""

    words: tuple[str, ...]

    @property
    def text(self) -> str:
        """The words with one space between them."""
        return " ".join(self.words)


def prepare_text(text: str) -> Text | None:
    """The words of a text; None if it says nothing."""
    found = told(text)
    return Text(found) if found else None


def overlap(one: frozenset[str], other: frozenset[str]) -> float:
    """The share of the words of either that both have (Jaccard), 0 to 1."""
    return len(one & other) / len(one | other)


def level_of_texts(one: Text, other: Text) -> int:
    """How alike two texts are: by their words in any order, and by their letters."""
    if one.words == other.words:
        return 5
    first, second = frozenset(one.words), frozenset(other.words)
    if first == second or "".join(one.words) == "".join(other.words):
        return 4
    shared, alike = overlap(first, second), likeness(one.text, other.text)
    if shared >= 0.75 or alike >= CLOSE:
        return 3
    if shared >= 0.5 or alike >= NEAR:
        return 2
    return int(shared >= 0.25 or alike >= FAINT)


TEXT = Comparator(
    "text",
    ("differs", "a little alike", "half the words", "near", "same words", "same"),
    prepare_text,
    level_of_texts,
)

SEXES = {
    "f": "f", "female": "f", "woman": "f", "girl": "f", "w": "f", "v": "f", "vrouw": "f", "weiblich": "f",
    "frau": "f", "femme": "f", "feminin": "f", "mujer": "f", "femenino": "f", "femmina": "f", "k": "f",
    "m": "m", "male": "m", "man": "m", "boy": "m", "mannlich": "m", "mann": "m", "homme": "m", "masculin": "m",
    "hombre": "m", "masculino": "m", "maschio": "m",
}  # fmt: skip
"""Words for the sex of a person in several languages, folded."""


def prepare_category(text: str) -> str | None:
    """A category in one spelling; None if it says nothing."""
    return " ".join(told(text)) or None


def prepare_sex(text: str) -> str | None:
    """A person's sex as one letter where the word is known, else the folded word; None if it says nothing."""
    said = prepare_category(text)
    return SEXES.get(said, said) if said else None


def level_of_categories(one: str, other: str) -> int:
    """Same, a slip of the pen (one edit in five letters or more), or different."""
    if one == other:
        return 2
    return int(min(len(one), len(other)) >= 5 and edits(one, other, 1) <= 1)


CATEGORY = Comparator(
    "category", ("differs", "one letter off", "same"), prepare_category, level_of_categories
)
SEX = Comparator("sex", ("differs", "one letter off", "same"), prepare_sex, level_of_categories)
