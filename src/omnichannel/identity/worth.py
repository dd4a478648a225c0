"""Which question to ask a person first: the one whose answer is expected to put most right."""

from __future__ import annotations

from math import sqrt


def worth(likely: float, least: float, messages: int, others: int) -> float:
    """What deciding about two customers is worth, in messages shown wrongly: the chance of that times their traffic.

    Below `least` the two are shown apart, which is wrong with the probability `likely` that they are one; from there
    on they are shown as one, which is wrong with the rest. So what lies just below the threshold is worth most, and
    both certainties are worth little. `messages` and `others` are how many each of the two has: the traffic is their
    geometric mean, one added to each, for whoever never wrote may write tomorrow.
    """
    wrong = likely if likely < least else 1 - likely
    return wrong * sqrt((1 + messages) * (1 + others))
