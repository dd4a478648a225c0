"""Whether stated probabilities hold, and how decisions of people put them right (isotonic regression)."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Band:
    """Pairs with about the same stated probability: how many, what was stated on average, how many were right."""

    pairs: float
    stated: float
    observed: float


def reliability(judged: Iterable[tuple[float, bool]], bands: int = 10) -> list[Band]:
    """Stated probability against the share that was right, in `bands` bands of equal width; empty ones left out.

    Raises ValueError for a probability outside 0 to 1, or no bands.
    """
    if bands < 1:
        raise ValueError(f"{bands} bands hold nothing; ask for 1 or more")
    rows = [[0, 0.0, 0] for _ in range(bands)]
    for stated, right in judged:
        _check(stated)
        row = rows[min(bands - 1, int(stated * bands))]
        row[0] += 1
        row[1] += stated
        row[2] += right
    return [Band(pairs, stated / pairs, right / pairs) for pairs, stated, right in rows if pairs]


def calibration_error(bands: Sequence[Band]) -> float:
    """The expected calibration error: the mean distance of stated and observed, by pairs. 0 for no pairs."""
    pairs = sum(band.pairs for band in bands)
    return sum(band.pairs * abs(band.stated - band.observed) for band in bands) / pairs if pairs else 0.0


@dataclass(frozen=True, slots=True)
class Calibration:
    """A rising curve from stated to true probability: between its points straight, outside them level."""

    stated: tuple[float, ...]
    true: tuple[float, ...]

    def __call__(self, probability: float) -> float:
        """The probability that a stated one stands for. Raises ValueError outside 0 to 1."""
        _check(probability)
        if not self.stated:
            return probability
        place = bisect_right(self.stated, probability)
        if place == 0:
            return self.true[0]
        if place == len(self.stated):
            return self.true[-1]
        low, high = self.stated[place - 1 : place + 1]
        share = (probability - low) / (high - low)
        return self.true[place - 1] + share * (self.true[place] - self.true[place - 1])


def calibrate(judged: Iterable[tuple[float, bool, float]]) -> Calibration:
    """The rising curve nearest to what people decided: stated probability, whether it was right, and its weight.

    Pool adjacent violators (Ayer et al. 1955): the least-squares fit among all curves that never fall. A weight is
    how many pairs a reviewed one stands for, where not all were as likely to be reviewed. No decisions: no change.
    Raises ValueError for a probability outside 0 to 1, or a weight that is not positive.
    """
    at: dict[float, list[float]] = {}
    for stated, right, weight in judged:
        _check(stated)
        if not weight > 0:
            raise ValueError(f"a decision of weight {weight} stands for nothing; give a positive weight")
        row = at.setdefault(stated, [0.0, 0.0])
        row[0] += weight
        row[1] += weight * right
    pools: list[tuple[float, float, list[float]]] = []
    for stated in sorted(at):
        weight, right_weight = at[stated]
        pools.append((weight, right_weight, [stated]))
        while len(pools) > 1 and pools[-2][1] * pools[-1][0] >= pools[-1][1] * pools[-2][0]:
            (w1, r1, s1), (w2, r2, s2) = pools[-2:]
            pools[-2:] = [(w1 + w2, r1 + r2, s1 + s2)]
    points = [
        (stated, right / weight)
        for weight, right, among in pools
        for stated in dict.fromkeys((among[0], among[-1]))
    ]
    return Calibration(tuple(stated for stated, _ in points), tuple(true for _, true in points))


def _check(probability: float) -> None:
    if not 0 <= probability <= 1:
        raise ValueError(f"{probability} is no probability; it lies from 0 to 1")
