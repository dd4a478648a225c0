"""How wrong a whole can be, by what was found wrong in a sample of it: exact bounds, no approximation.

Clopper and Pearson (1934): the rates of error under which what was found, or less, is not too improbable. The
bounds are careful: at least the stated share of all intervals made so hold the true rate.
"""

from __future__ import annotations

from collections.abc import Callable
from math import exp, lgamma, log, log1p

_HALVINGS = 100
"""Steps of the search: far below what a float can tell apart."""


def error_bounds(wrong: int, judged: int, confidence: float = 0.95) -> tuple[float, float]:
    """The lowest and the highest error rate that `wrong` of `judged` leave, two-sided.

    (0, 1) for a sample of none. Raises ValueError if more are wrong than were judged, or for a confidence that does
    not lie between 0 and 1.
    """
    _check(wrong, judged, confidence)
    tail = (1 - confidence) / 2
    low = 0.0 if not wrong else _where(lambda rate: 1 - _at_most(wrong - 1, judged, rate) < tail)
    return low, _highest(wrong, judged, tail)


def highest_error(wrong: int, judged: int, confidence: float = 0.95) -> float:
    """The error rate that is not exceeded, with this confidence (one-sided): about 3 / `judged` if none is wrong.

    1 for a sample of none. Raises as `error_bounds` does.
    """
    _check(wrong, judged, confidence)
    return _highest(wrong, judged, 1 - confidence)


def _highest(wrong: int, judged: int, tail: float) -> float:
    return 1.0 if wrong == judged else _where(lambda rate: _at_most(wrong, judged, rate) > tail)


def _check(wrong: int, judged: int, confidence: float) -> None:
    if not 0 <= wrong <= judged:
        raise ValueError(f"{wrong} wrong of {judged} judged cannot be; count again")
    if not 0 < confidence < 1:
        raise ValueError(f"a confidence of {confidence} cannot be had; give one between 0 and 1, say 0.95")


def _where(low_enough: Callable[[float], bool]) -> float:
    """The rate at which a condition that holds for the lower ones stops to hold, by halving."""
    low, high = 0.0, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if low_enough(middle) else (low, middle)
    return (low + high) / 2


def _at_most(wrong: int, judged: int, rate: float) -> float:
    """How probable so many wrong ones, or fewer, are at an error rate (the binomial distribution)."""
    if rate <= 0 or rate >= 1:
        return 1.0 if rate <= 0 or wrong == judged else 0.0
    right, error = log1p(-rate), log(rate)
    ways = lgamma(judged + 1)
    return min(1.0, sum(
        exp(ways - lgamma(k + 1) - lgamma(judged - k + 1) + k * error + (judged - k) * right)
        for k in range(wrong + 1)
    ))  # fmt: skip
