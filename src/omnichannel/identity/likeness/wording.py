"""The aspect of a text, or of a body's name: words weighed by how few records have them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import log, sqrt

from omnichannel.identity.likeness.aspects import Aspect, Field, Found, Kind, Level, several
from omnichannel.identity.likeness.compare.companies import prepare_company
from omnichannel.identity.likeness.compare.nearness import edits, likeness

_LEVELS = (
    Level("other words", 0.06, 0.93),
    Level("a common word shared", 0.04, 0.05),
    Level("a telling word shared", 0.08, 0.01),
    Level("half of what the words tell", 0.10, 0.003),
    Level("most of what the words tell", 0.12, 0.001),
    Level("nearly the same words, or one within the other", 0.15, 0.0007),
    Level("the same words", 0.45, 0.0007, by_value=True),
)
_BANDS = (0.08, 0.25, 0.45, 0.65, 0.85)
"""Cosines from which each of the levels 1 to 5 holds."""

ALONE = (0.0005, 0.005, 0.03, 0.2, 0.45, 0.75, 0.9)
"""How probable one customer is at each level where records say nothing but this text.

Stated, not learned: how often strangers agree on one text, and customers do not, cannot be told apart without another
field. Rounded from three public files, one column of each (affiliations of Leipzig, titles of Cora, restaurants'
names): the last three levels held for 0.78, 0.71, 0.12; 0.80, 0.73, 0.15; and 0.94, 0.78, 0.88 of the pairs."""

_COVERED = 0.9
"""So much of the shorter text's weight in the longer one: it is the longer one, cut short."""


@dataclass(frozen=True, slots=True)
class Wording:
    """A text's words with their weights, of length 1 together."""

    whole: str
    weights: tuple[tuple[str, float], ...]


def wording_aspect(
    column: str, kind: Kind, rows: Sequence[Mapping[str, str]], *, alone: bool = False
) -> Aspect[Wording]:
    """The aspect of one column; the weights of its words come from all `rows` (inverse document frequency).

    `alone`: the records say nothing else. Then who has the same words is the same, and how many have them says only
    how often it was written; beside other columns it says how many bodies share a name.
    """
    said: dict[str, list[tuple[str, ...]]] = {}
    seen: Counter[str] = Counter()
    for row in rows:
        cell = row.get(column, "")
        if cell not in said:
            found = (prepare_company(part) for part in several(cell))
            said[cell] = [company.words for company in found if company is not None]
        seen.update({word for words in said[cell] for word in words})
    total = max(1, len(rows))

    def weigh(words: tuple[str, ...]) -> Wording:
        rarity = {word: log(1 + total / max(1, seen[word])) for word in words}
        length = sqrt(sum(weight * weight for weight in rarity.values())) or 1.0
        return Wording(
            " ".join(sorted(rarity)), tuple((word, weight / length) for word, weight in rarity.items())
        )

    def prepare(cells: Mapping[str, str]) -> list[Wording]:
        cell = cells.get(column, "")
        known = said.get(cell)
        if known is None:
            found = (prepare_company(part) for part in several(cell))
            known = [company.words for company in found if company is not None]
        return [weigh(words) for words in known]

    if alone:
        levels = tuple(replace(level, by_value=False) for level in _LEVELS)
        field = Field(column, kind, levels)
        return Aspect(column, (column,), (field,), prepare, _compare_alone, lambda _: ((),))
    field = Field(column, kind, _LEVELS)
    return Aspect(column, (column,), (field,), prepare, compare_wordings, _terms)


def _compare_alone(one: Wording, other: Wording) -> tuple[Found, ...]:
    return (Found(compare_wordings(one, other)[0].level),)


def _terms(value: Wording) -> tuple[tuple[str, ...], ...]:
    """The whole, and each word marked as such: a word shared by many tells less."""
    return ((value.whole, *(f"·{word}" for word, _ in value.weights)),)


def compare_wordings(one: Wording, other: Wording) -> tuple[Found, ...]:
    """How much of what their words tell two texts share; a word may be misspelt."""
    if one.whole == other.whole:
        return (Found(6, one.whole, other.whole),)
    told, covered = _told(one, other)
    level = sum(told >= band for band in _BANDS)
    if (level >= 2 and covered >= _COVERED) or (
        one.whole.replace(" ", "") == other.whole.replace(" ", "") or likeness(one.whole, other.whole) >= 0.96
    ):
        level = 5
    shared = [(-weight, word) for word, weight in one.weights if word in dict(other.weights)]
    rarest = f"·{min(shared)[1]}" if shared else ""
    return (Found(level, rarest, rarest),) if level else (Found(0),)


def _told(one: Wording, other: Wording) -> tuple[float, float]:
    """The cosine of the two, a misspelt word counted in part (soft TF-IDF, Cohen et al. 2003).

    And how much of what the one with fewer words tells the other has too.
    """
    theirs = dict(other.weights)
    told, mine, yours, rest = 0.0, 0.0, 0.0, []
    for word, weight in one.weights:
        if word in theirs:
            their = theirs.pop(word)
            told, mine, yours = told + weight * their, mine + weight * weight, yours + their * their
        else:
            rest.append((word, weight))
    for word, weight in rest:
        for candidate, their in theirs.items():
            if word[0] == candidate[0] and len(word) > 3 and edits(word, candidate, 2) <= 1 + (len(word) > 7):
                told, mine, yours = told + 0.9 * weight * their, mine + weight * weight, yours + their * their
                break
    return told, mine if len(one.weights) <= len(other.weights) else yours
