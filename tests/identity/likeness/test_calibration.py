"""Stated probabilities are held against what was right, and put right by people's decisions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnichannel.identity.likeness.calibration import Band, calibrate, calibration_error, reliability

PROBABILITIES = st.floats(0, 1)
JUDGED = st.lists(st.tuples(PROBABILITIES, st.booleans(), st.floats(0.1, 10)), max_size=30)


def test_bands_hold_what_was_stated_and_what_was_so() -> None:
    """Empty bands are left out."""
    assert reliability([(0.95, True), (0.91, False), (0.2, False), (1.0, True)]) == [
        Band(1, 0.2, 0.0),
        Band(3, pytest.approx(2.86 / 3), pytest.approx(2 / 3)),
    ]


def test_the_error_is_the_mean_distance() -> None:
    """By pairs; nothing judged is no error."""
    assert calibration_error([Band(3, 0.9, 1.0), Band(1, 0.5, 0.0)]) == pytest.approx((0.3 + 0.5) / 4)
    assert calibration_error([]) == 0


def test_decisions_pull_a_boastful_score_down() -> None:
    """Where half of what was called sure is wrong, sure means half."""
    curve = calibrate([(0.99, right, 1.0) for right in (True, False) * 10] + [(0.01, False, 1.0)] * 10)
    assert curve(0.99) == pytest.approx(0.5)
    assert curve(0.01) == pytest.approx(0.0)
    assert 0.0 < curve(0.5) < 0.5


def test_a_reviewed_pair_stands_for_as_many_as_its_weight() -> None:
    """A sample that took more of the doubtful ones is put right."""
    assert calibrate([(0.5, True, 1.0), (0.5, False, 3.0)])(0.5) == pytest.approx(0.25)


def test_without_decisions_nothing_changes() -> None:
    assert calibrate([])(0.3) == 0.3


@given(JUDGED, PROBABILITIES, PROBABILITIES)
def test_the_curve_never_falls_and_stays_a_probability(
    judged: list[tuple[float, bool, float]], one: float, other: float
) -> None:
    """Whatever was decided."""
    curve = calibrate(judged)
    low, high = sorted((one, other))
    assert 0 <= curve(low) <= curve(high) + 1e-12 <= 1 + 1e-9


@given(JUDGED.filter(bool))
def test_the_curve_has_the_mean_of_what_was_decided(judged: list[tuple[float, bool, float]]) -> None:
    """Least squares keeps the mean (a property of pooling)."""
    curve = calibrate(judged)
    total = sum(weight for *_, weight in judged)
    stated = sum(weight * curve(probability) for probability, _, weight in judged) / total
    assert stated == pytest.approx(sum(weight * right for _, right, weight in judged) / total, abs=1e-6)


@given(JUDGED, st.randoms(use_true_random=False))
def test_the_order_of_decisions_says_nothing(judged: list[tuple[float, bool, float]], random: object) -> None:
    """The same decisions, the same curve."""
    shuffled = list(judged)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert calibrate(shuffled).true == pytest.approx(calibrate(judged).true)


@pytest.mark.parametrize("wrong", [-0.1, 1.1, float("nan")])
def test_what_is_no_probability_is_refused(wrong: float) -> None:
    """With a ValueError, everywhere."""
    with pytest.raises(ValueError, match="no probability"):
        reliability([(wrong, True)])
    with pytest.raises(ValueError, match="no probability"):
        calibrate([(wrong, True, 1.0)])
    with pytest.raises(ValueError, match="no probability"):
        calibrate([])(wrong)


def test_other_nonsense_is_refused() -> None:
    with pytest.raises(ValueError, match="1 or more"):
        reliability([], bands=0)
    with pytest.raises(ValueError, match="positive weight"):
        calibrate([(0.5, True, 0.0)])
