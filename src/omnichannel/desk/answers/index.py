"""Questions that are alike, in pure Python: an index that grows by one question at a time and forgets as exactly.

Likeness is BM25 (Robertson and Zaragoza, *The Probabilistic Relevance Framework*, 2009) over `features`, beside what
the question would score against itself, so that it is 0 to 1 and means the same however much is known.
"""

from __future__ import annotations

import math
from array import array
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from heapq import nlargest

from omnichannel.desk.answers.features import features, is_piece
from omnichannel.desk.answers.typical import PIECE, Typical

_K1, _B = 1.2, 0.75  # as usual for BM25; a feature counts once for a question, so that k1 hardly matters
_COMMON = 0.1  # a feature of more than this share of all questions tells nothing, and costs most of the time
_FEW = 200  # questions; below it every feature is looked at


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and the answer that was good for it. `worth` says how good, above 0 (`worth`)."""

    id: str
    answer: str
    question: str
    worth: float = 1.0


@dataclass(frozen=True, slots=True)
class Near:
    """A question that is alike, from 0 (nothing in common) to 1 (the same features)."""

    asked: Asked
    likeness: float


class Index:
    """Questions by what is in them. Whatever the order of `add` and `drop`, the same questions give the same index.

    What a store keeps are its rows (`Asked`): `Index(rows)` makes it anew, `add` and `drop` keep it up to date.
    """

    def __init__(self, rows: Iterable[Asked] = ()) -> None:
        self._rows: dict[int, Asked] = {}
        self._sizes: dict[int, int] = {}
        self._numbers: dict[str, int] = {}
        self._holders: defaultdict[str, array[int]] = defaultdict(lambda: array("L"))
        self._known: Counter[str] = Counter()
        self._typical = Typical()
        self._size = 0
        self._next = 0
        for row in rows:
            self.add(row)

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[Asked]:
        """Every question, in the order in which it was added."""
        return iter(self._rows.values())

    def add(self, row: Asked) -> None:
        """Take in a question; one of the same id is replaced."""
        self.drop(row.id)
        number, found = self._next, features(row.question)
        self._next += 1
        self._rows[number], self._sizes[number], self._numbers[row.id] = row, len(found), number
        self._size += len(found)
        self._known.update(found.keys())
        self._typical.add(row.answer, found, row.worth)
        for feature in found:
            self._holders[feature].append(number)

    def drop(self, id: str) -> None:  # noqa: A002 - the model's word
        """Forget a question; nothing happens where it is not known."""
        number = self._numbers.pop(id, None)
        if number is None:
            return
        row = self._rows.pop(number)
        found = features(row.question)
        self._typical.drop(row.answer, found, row.worth)
        for feature in found:
            self._known[feature] -= 1
            if self._known[feature]:
                self._holders[feature].remove(number)
            else:
                del self._known[feature], self._holders[feature]
        self._size -= self._sizes.pop(number)

    def near(self, question: str, most: int = 20, among: Container[str] | None = None) -> list[Near]:
        """The questions that are most alike, best first; of those equally alike, the newest.

        Only questions of the answers `among` which one looks; None for all.
        """
        if not self._rows:
            return []
        weights = {feature: self._weight(feature) for feature in features(question)}
        whole = sum(weights.values()) * self._full(len(weights))
        scores: defaultdict[int, float] = defaultdict(float)
        for feature, weight in weights.items():
            if self._tells(feature):
                for number in self._holders[feature]:
                    scores[number] += weight
        scored = (
            (score * self._full(self._sizes[number]), number)
            for number, score in scores.items()
            if among is None or self._rows[number].answer in among
        )
        return [Near(self._rows[number], min(1.0, score / whole)) for score, number in nlargest(most, scored)]

    def leaning(self, question: str) -> Mapping[str, float]:
        """How much a question is like those of each answer together, above 0; only to rank (`Typical`)."""
        return self._typical.leaning(features(question))

    def _tells(self, feature: str) -> bool:
        count = self._known.get(feature, 0)
        return bool(count) and (len(self._rows) < _FEW or count <= _COMMON * len(self._rows))

    def _weight(self, feature: str) -> float:
        """How much a feature tells: the rarer the more."""
        count, every = self._known.get(feature, 0), len(self._rows)
        idf = math.log(1 + (every - count + 0.5) / (count + 0.5))
        return idf * PIECE if is_piece(feature) else idf

    def _full(self, size: int) -> float:
        """What BM25 makes of one occurrence in a question of so many features: long ones say more by chance."""
        average = self._size / len(self._rows) or 1.0
        return (_K1 + 1) / (1 + _K1 * (1 - _B + _B * size / average))
