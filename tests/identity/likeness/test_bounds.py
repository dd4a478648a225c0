"""Exact bounds on an error rate, from a sample that people judged."""

from __future__ import annotations

from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnichannel.identity.likeness.bounds import error_bounds, highest_error


@pytest.mark.parametrize(
    ("wrong", "judged", "low", "high"),
    [
        # Two-sided 95 %, from printed tables of Clopper and Pearson's interval.
        (0, 10, 0.0000, 0.3085),
        (1, 10, 0.0025, 0.4450),
        (2, 10, 0.0252, 0.5561),
        (5, 10, 0.1871, 0.8129),
        (10, 10, 0.6915, 1.0000),
        (0, 50, 0.0000, 0.0711),
        (5, 100, 0.0164, 0.1128),
        (0, 1000, 0.0000, 0.0037),
    ],
)
def test_the_interval_is_that_of_the_tables(wrong: int, judged: int, low: float, high: float) -> None:
    """To the four places that tables print."""
    assert error_bounds(wrong, judged) == (pytest.approx(low, abs=6e-5), pytest.approx(high, abs=6e-5))


@pytest.mark.parametrize("judged", [30, 300, 3_000, 30_000])
def test_none_wrong_leaves_about_three_in_so_many(judged: int) -> None:
    """The rule of three, and exactly 1 - 0.05 ** (1/n)."""
    assert highest_error(0, judged) == pytest.approx(1 - 0.05 ** (1 / judged), rel=1e-9)
    assert highest_error(0, judged) < 3 / judged


@given(st.integers(0, 60), st.integers(0, 60), st.sampled_from([0.8, 0.95, 0.99]))
def test_at_a_bound_what_was_found_is_as_improbable_as_the_confidence_says(
    wrong: int, right: int, confidence: float
) -> None:
    """Which is what the interval means, checked by adding up the distribution itself."""
    judged = wrong + right
    low, high = error_bounds(wrong, judged, confidence)

    def chance(outcomes: range, rate: float) -> float:
        return sum(comb(judged, k) * rate**k * (1 - rate) ** (judged - k) for k in outcomes)

    tail = (1 - confidence) / 2
    if wrong < judged:
        assert chance(range(wrong + 1), high) == pytest.approx(tail, rel=1e-6)
        assert chance(range(wrong + 1), highest_error(wrong, judged, confidence)) == pytest.approx(
            2 * tail, rel=1e-6
        )
    if wrong:
        assert chance(range(wrong, judged + 1), low) == pytest.approx(tail, rel=1e-6)
    assert low <= (wrong / judged if judged else 0) <= high


def test_nothing_judged_shows_nothing() -> None:
    """Any error rate may be."""
    assert error_bounds(0, 0) == (0.0, 1.0)
    assert highest_error(0, 0) == 1.0


@pytest.mark.parametrize(
    ("wrong", "judged", "confidence", "why"),
    [
        (2, 1, 0.95, "2 wrong of 1"),
        (-1, 1, 0.95, "-1 wrong"),
        (0, 1, 1.0, "give one between 0 and 1"),
        (0, 1, 0.0, "give one between 0 and 1"),
    ],
)
def test_what_cannot_be_is_refused(wrong: int, judged: int, confidence: float, why: str) -> None:
    """With the cure."""
    with pytest.raises(ValueError, match=why):
        error_bounds(wrong, judged, confidence)
    with pytest.raises(ValueError, match=why):
        highest_error(wrong, judged, confidence)
