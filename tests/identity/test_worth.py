"""Which question is worth most of a person's time."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnichannel.identity.worth import worth

LEAST = 0.9


@pytest.mark.parametrize(
    ("more", "less"),
    [
        (
            (0.89, 0, 0),
            (0.5, 0, 0),
        ),  # nearly likely enough to be shown as one: it mostly is, and is not shown so
        ((0.5, 0, 0), (0.99, 0, 0)),  # shown as one already, and almost surely rightly
        ((0.91, 0, 0), (0.99, 0, 0)),  # just above it: shown as one, and wrong more often
        ((0.5, 30, 30), (0.6, 1, 1)),  # who writes much, before who hardly writes
        ((0.5, 8, 8), (0.5, 16, 0)),  # two who write much, before one who does
        ((0.5, 16, 0), (0.5, 1, 0)),
    ],
)
def test_worth_is_the_chance_that_it_is_shown_wrongly_times_the_traffic(
    more: tuple[float, int, int], less: tuple[float, int, int]
) -> None:
    def of(likely: float, messages: int, others: int) -> float:
        return worth(likely, LEAST, messages, others)

    assert of(*more) > of(*less)


@given(st.floats(0, 1), st.integers(0, 10**6), st.integers(0, 10**6))
def test_worth_is_symmetric_and_never_negative(likely: float, one: int, other: int) -> None:
    assert worth(likely, LEAST, one, other) == worth(likely, LEAST, other, one) >= 0


def test_certainty_is_worth_nothing() -> None:
    assert worth(0.0, LEAST, 100, 100) == worth(1.0, LEAST, 100, 100) == 0
