"""What is typical of the questions of each answer: how much more often a word is in them than in others."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from omnichannel.desk.answers.features import is_piece

PIECE = 0.6
"""What a piece of a word weighs beside a word or a pair of them: `python -m bench answers`."""

_UNITS = 1000  # worth is counted in thousandths: whole numbers add up the same in any order


class Typical:
    """Counts of features by answer; what is taken out again leaves no trace."""

    def __init__(self) -> None:
        self._holders: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self._every: Counter[str] = Counter()
        self._of: Counter[str] = Counter()
        self._all = 0

    def add(self, answer: str, features: Iterable[str], worth: float) -> None:
        """Count a question of an answer."""
        self._count(answer, features, round(worth * _UNITS))

    def drop(self, answer: str, features: Iterable[str], worth: float) -> None:
        """Take back what was counted."""
        self._count(answer, features, -round(worth * _UNITS))

    def leaning(self, features: Iterable[str]) -> Mapping[str, float]:
        """For each answer that shares a feature, how much the features speak for it, above 0; only to rank.

        Each adds the logarithm of one and its lift: its share among the answer's questions by its share among all.
        """
        leans: defaultdict[str, float] = defaultdict(float)
        for feature in features:
            every = self._every.get(feature, 0)
            if not every:
                continue
            weight = PIECE if is_piece(feature) else 1.0
            usual = every / self._all
            for answer, count in self._holders[feature].items():
                leans[answer] += weight * math.log1p(count / self._of[answer] / usual)
        return leans

    def _count(self, answer: str, features: Iterable[str], units: int) -> None:
        self._of[answer] += units
        self._all += units
        for feature in features:
            holders = self._holders[feature]
            holders[answer] += units
            self._every[feature] += units
            if not holders[answer]:
                del holders[answer]
            if not self._every[feature]:
                del self._every[feature], self._holders[feature]
        if not self._of[answer]:
            del self._of[answer]
