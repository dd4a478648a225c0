"""What each feature weighs, as it was learned: read once from the files in `data`, which say where they come from."""

from __future__ import annotations

from functools import cache
from importlib import resources
from math import exp
from operator import mul
from typing import NamedTuple

from omnichannel.desk.classify.features import DENIAL
from omnichannel.desk.classify.lanes import Width, pack, unpack
from omnichannel.model.desk.reading import Intent

HEADS = (*(intent.value for intent in Intent), "negative", "positive", "urgent")
"""The questions, in the order of the lanes: each intent, unfriendly, friendly, urgent."""

ZERO = 128
"""How a lane says nought; the least is 1 and the most 255."""

STEP = 1 / 24
"""Log-odds of one unit: weights reach from -5.3 to 5.3."""

LANGUAGES = ("en", "nl")
ANY = "any"
"""The table of signs alone, for every other language."""

WIDTH: Width = 32
"""Bits of a head's lane."""

_NOTHING = pack([ZERO] * len(HEADS), WIDTH)
_FRIENDLY = sum(((1 << WIDTH) - 1) << (WIDTH * HEADS.index(head)) for head in ("negative", "positive"))


class Calibration(NamedTuple):
    """What makes the sums of all heads one head's probability: 1 / (1 + exp(-(slopes · sums + shift)))."""

    slopes: tuple[float, ...]
    shift: float

    def probability(self, sums: list[float]) -> float:
        """From 0 to 1, never quite either."""
        stated = sum(map(mul, self.slopes, sums)) + self.shift
        return 1 / (1 + exp(-max(-30.0, min(30.0, stated))))


class Table:
    """The weights of one language, and how its sums become probabilities."""

    def __init__(self, weights: dict[str, int], calibrations: tuple[Calibration, ...]) -> None:
        self.weights = weights
        self.calibrations = calibrations

    def sums(self, features: list[str]) -> tuple[list[float], list[tuple[str, int]]]:
        """What the features add up to for each head, and which of them were known with their lanes."""
        weights = self.weights
        known = [(feature, weights[feature]) for feature in features if feature in weights]
        known += [
            (feature, _reversed(weights[feature[1:]]))
            for feature in features
            if feature[0] == DENIAL and feature not in weights and feature[1:] in weights
        ]
        totals = unpack(sum([lanes for _, lanes in known]), len(HEADS), WIDTH)
        scale = STEP * share(len(known))
        nothing = ZERO * len(known)
        return [(total - nothing) * scale for total in totals], known


def _reversed(lanes: int) -> int:
    """What a denied word weighs that nobody denied while learning: the other way for tone, nothing for intents."""
    return (2 * _NOTHING - lanes & _FRIENDLY) | (_NOTHING & ~_FRIENDLY)


def share(count: int) -> float:
    """By what the sum of so many features is multiplied: ten times as many words are not ten times as sure."""
    return float((16 / (16 + count)) ** 0.5)


def weights_for(known: list[tuple[str, int]], head: int) -> dict[str, float]:
    """What each feature weighs for one head, in log-odds."""
    away, mask = WIDTH * head, (1 << WIDTH) - 1
    return {feature: ((lanes >> away & mask) - ZERO) * STEP for feature, lanes in known}


@cache
def table(name: str) -> Table:
    """The weights of a language, or of `ANY`."""
    lines = (
        resources.files("omnichannel.desk.classify")
        .joinpath("data", f"{name}.tsv")
        .read_text("utf-8")
        .splitlines()
    )
    told = [line for line in lines if not line.startswith("#")]
    calibrations = tuple(_calibration(numbers) for numbers in told[0].split("\t")[1:])
    weights = {}
    for line in told[1:]:
        feature, _, numbers = line.partition("\t")
        weights[feature] = pack([ZERO + int(number) for number in numbers.split(" ")], WIDTH)
    return Table(weights, calibrations)


def _calibration(numbers: str) -> Calibration:
    *slopes, shift = map(float, numbers.split(" "))
    return Calibration(tuple(slopes), shift)
