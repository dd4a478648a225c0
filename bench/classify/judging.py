"""What a classifier says of a text, put as the answer to a set's question; and how often that is right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import NamedTuple

from omnichannel.desk.classify import Intent, Reading

Answer = Callable[[Reading], tuple[str, float]]
"""The label that a reading comes to, and how likely it is said to be."""

FRIENDLY = 1 / 3
"""A tone is friendly from here on, and unfriendly from as far below nought; between them it is neither."""


def _displeased(reading: Reading) -> tuple[str, float]:
    """Whoever reports something broken to a company in public is displeased, in words or not."""
    chance = _either(reading, Intent.PROBLEM, Intent.COMPLAINT)
    return ("displeased", chance) if chance >= 0.5 else ("not", 1 - chance)


def _spam(reading: Reading) -> tuple[str, float]:
    chance = reading.probability(Intent.SPAM)
    return ("spam", chance) if chance >= 0.5 else ("not", 1 - chance)


def _problem(reading: Reading) -> tuple[str, float]:
    chance = reading.probability(Intent.PROBLEM)
    return ("problem", chance) if chance >= 0.5 else ("question", 1 - chance)


def _tone(reading: Reading) -> tuple[str, float]:
    if abs(reading.tone) <= FRIENDLY:
        return "neutral", 1 - abs(reading.tone)
    return ("positive" if reading.tone > 0 else "negative"), (1 + abs(reading.tone)) / 2


def _polarity(reading: Reading) -> tuple[str, float]:
    return ("positive" if reading.tone > 0 else "negative"), (1 + abs(reading.tone)) / 2


def _displeased_asks_or_nothing(reading: Reading) -> tuple[str, float]:
    """One of three: what is likeliest, if anything is likelier than not."""
    displeased = _either(reading, Intent.PROBLEM, Intent.COMPLAINT)
    asks = reading.probability(Intent.QUESTION)
    if max(displeased, asks) < 0.5:
        return "nothing", 1 - max(displeased, asks)
    return ("displeased", displeased) if displeased > asks else ("question", asks)


def _either(reading: Reading, *intents: Intent) -> float:
    """At the least: how likely the likeliest of them is."""
    return max(reading.probability(intent) for intent in intents)


ANSWERS: dict[str, Answer] = {
    "displeased": _displeased,
    "spam": _spam,
    "problem": _problem,
    "tone": _tone,
    "polarity": _polarity,
    "displeased, asks or nothing": _displeased_asks_or_nothing,
}


class Judged(NamedTuple):
    """How often answers are right, by the truth's classes, and how far stated probabilities are from the truth."""

    accuracy: float
    macro_f1: float
    calibration: float


def judge(answers: Sequence[tuple[str, float]], truth: Sequence[str]) -> Judged:
    """The share that is right; F1 of each class of the truth, averaged; and the expected calibration error."""
    right = [said == true for (said, _), true in zip(answers, truth, strict=True)]
    return Judged(
        sum(right) / len(right),
        macro_f1([said for said, _ in answers], truth),
        calibration_error([(chance, was) for (_, chance), was in zip(answers, right, strict=True)]),
    )


def macro_f1(said: Sequence[str], truth: Sequence[str]) -> float:
    """F1 of each class that there is in the truth, averaged: a rare class counts like a common one."""
    spoken, there = Counter(said), Counter(truth)
    both = Counter(true for word, true in zip(said, truth, strict=True) if word == true)
    return sum(2 * both[each] / (spoken[each] + there[each]) for each in there) / len(there)


def calibration_error(stated: Sequence[tuple[float, bool]], bins: int = 10) -> float:
    """How far stated probabilities are from how often they came true, in so many equal bins, weighed by size."""
    found: dict[int, list[tuple[float, bool]]] = {}
    for chance, came_true in stated:
        found.setdefault(min(bins - 1, int(chance * bins)), []).append((chance, came_true))
    return sum(
        abs(sum(chance for chance, _ in each) - sum(came_true for _, came_true in each))
        for each in found.values()
    ) / len(stated)
