"""Customers out of pairs: the strongest pair first, and whole customers weighed against each other at each step."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from heapq import heapify, heappop, heappush

from omnichannel.identity.likeness.scoring import Scorer
from omnichannel.identity.likeness.table import Pattern

MOST_COMPARED = 36
"""So many pairs between two customers are weighed at most, spread evenly."""

Edge = tuple[float, int, int]
"""Odds in bits, and the places of two records."""


class Clustering:
    """Groups of records that grow while the evidence between two whole groups is strong enough."""

    def __init__(
        self,
        size: int,
        scorer: Scorer,
        pattern: Callable[[int, int], Pattern],
        sources: Callable[[int, int], str],
    ) -> None:
        self._scorer, self._pattern, self._sources = scorer, pattern, sources
        self.root = list(range(size))
        self.members = [[place] for place in range(size)]
        self._known: dict[tuple[int, int, int, int], float] = {}

    def run(self, edges: Iterable[Edge], least: float) -> None:
        """Join what the edges connect, strongest first, down to `least` bits between the groups."""
        heap = [(-odds, one, other) for odds, one, other in edges]
        heapify(heap)
        while heap:
            odds, one, other = heappop(heap)
            a, b = self.find(one), self.find(other)
            if a == b:
                continue
            true = self.between(a, b)
            if true < least:
                continue
            if -odds > true + 1e-9 and heap and -heap[0][0] > true:
                heappush(heap, (-true, one, other))
                continue
            self._join(a, b)

    def find(self, place: int) -> int:
        """The group of a record, by the place of one of its members."""
        root = self.root
        while root[place] != place:
            root[place] = root[root[place]]
            place = root[place]
        return place

    def between(self, a: int, b: int) -> float:
        """The odds, in bits, that two groups are one customer: each field by the mean of what its pairs say."""
        ones, others = self.members[a], self.members[b]
        if len(ones) == len(others) == 1:
            return self._scorer.odds(
                self._scorer.weights(self._pattern(ones[0], others[0])), self._sources(ones[0], others[0])
            )
        key = (a, len(ones), b, len(others)) if a < b else (b, len(others), a, len(ones))
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = self._weigh(ones, others)
        return known

    def _weigh(self, ones: Sequence[int], others: Sequence[int]) -> float:
        pairs = [(one, other) for one in ones for other in others]
        step = max(1, -(-len(pairs) // MOST_COMPARED))
        sums: list[float] = [0.0] * len(self._scorer.fields)
        counts = [0] * len(sums)
        chosen = pairs[::step]
        for one, other in chosen:
            for place, weight in enumerate(self._scorer.weights(self._pattern(one, other))):
                if weight is not None:
                    sums[place] += weight
                    counts[place] += 1
        means = [total / count if count else None for total, count in zip(sums, counts, strict=True)]
        return self._scorer.odds(means, self._sources(*chosen[0]))

    def _join(self, a: int, b: int) -> None:
        if len(self.members[a]) < len(self.members[b]):
            a, b = b, a
        self.root[b] = a
        self.members[a] = sorted(self.members[a] + self.members[b])
        self.members[b] = []
