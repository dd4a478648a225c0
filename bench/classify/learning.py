"""Weights learned from the labelled messages: logistic regression for each head, made calibrated by scenes left out.

Nothing but the standard library, and no chance: the same messages give the same files, byte for byte.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from math import exp, log
from operator import mul
from typing import NamedTuple
from zlib import crc32

from bench.classify.labelled import Labelled
from bench.classify.lowest import lowest
from omnichannel.desk.classify.features import DENIAL, features_of
from omnichannel.desk.classify.lanes import pack
from omnichannel.desk.classify.own import own_words
from omnichannel.desk.classify.signs import IRONY
from omnichannel.desk.classify.weights import HEADS, STEP, WIDTH, ZERO, Calibration, Table, share

TRUST = 5.0
"""How far weights may go from nought: the inverse strength of the square penalty."""

ROUNDS = 60
LEAST = 2
"""Messages that a pair or a denial has to be in."""

HELD = 1.0
"""How strongly a head's probability is held to its own sum."""

FOLDS = 5

OF_NO_TRADE = frozenset(
    {
        "spam",
        "more unwanted mail",
        "meer ongewenste post",
        "from anybody",
        "van wie dan ook",
        "trades of irony",
        "ironie",
        "short posts",
        "korte berichten",
    }
)


class Row(NamedTuple):
    """A message as features, and what each head that learns from it should say."""

    features: list[str]
    answers: dict[str, bool]


def rows(messages: Iterable[Labelled], *, signs_only: bool = False) -> list[Row]:
    """Messages as features. A word by itself has no signs: its being short tells nothing."""
    found = []
    for each in messages:
        shown = features_of(own_words(each.text))
        signs = [] if each.scene == "words" else shown.signs
        told = signs if signs_only else signs + shown.words
        found.append(Row(told, {head: each.answers(head) for head in each.heads}))
    return found


def learn(messages: Sequence[Labelled], more: Sequence[Labelled] = (), *, signs_only: bool = False) -> Table:
    """The table of all messages, calibrated on what tables of four fifths say of the scenes they did not see.

    `more` teaches as well, and is never used to calibrate.
    """
    extra = rows(more, signs_only=signs_only)
    outside: list[tuple[list[float], Row]] = []
    for fold in range(FOLDS):
        table = Table(
            _fit([*rows((m for m in messages if _fold(m) != fold), signs_only=signs_only), *extra]), ()
        )
        for row in rows((m for m in messages if _fold(m) == fold), signs_only=signs_only):
            outside.append((table.sums(row.features)[0], row))
    weights = _fit([*rows(messages, signs_only=signs_only), *extra])
    return Table(weights, tuple(_calibrate(outside, head) for head in HEADS))


def _fold(message: Labelled) -> int:
    """A trade is left out whole, for its messages share words; what is of no trade, each message by itself."""
    apart = message.text if message.scene in OF_NO_TRADE else message.scene
    return crc32(apart.encode()) % FOLDS


def _fit(taught: Sequence[Row]) -> dict[str, int]:
    """The weights of every feature, as lanes."""
    vocabulary = _vocabulary(taught)
    numbered = [[vocabulary[each] for each in row.features if each in vocabulary] for row in taught]
    columns = [
        _fit_head(numbered, [row.answers.get(head) for row in taught], len(vocabulary)) for head in HEADS
    ]
    found = {}
    for feature, number in vocabulary.items():
        steps = [max(-127, min(127, round(column[number] / STEP))) for column in columns]
        if any(abs(each) > 1 for each in steps):
            found[feature] = pack([ZERO + each for each in steps], WIDTH)
    return found


def _vocabulary(taught: Sequence[Row]) -> dict[str, int]:
    """Every feature that is worth a weight: pairs and denials only where they were seen twice."""
    seen = Counter(feature for row in taught for feature in set(row.features))
    kept = sorted(
        feature
        for feature, count in seen.items()
        if count >= LEAST or not (" " in feature or feature[0] in (DENIAL, "^"))
    )
    return {feature: number for number, feature in enumerate(kept)}


def _fit_head(numbered: Sequence[Sequence[int]], answers: Sequence[bool | None], size: int) -> list[float]:
    """One head's weights; rows that do not teach this head have None for an answer."""
    taught = [
        (row, share(len(row)), float(answer))
        for row, answer in zip(numbered, answers, strict=True)
        if answer is not None
    ]

    def loss(weights: Sequence[float]) -> tuple[float, list[float]]:
        lost = sum(each * each for each in weights) / 2 / TRUST
        down = [each / TRUST for each in weights]
        for row, scale, answer in taught:
            total = scale * sum([weights[each] for each in row])
            chance = _chance(total)
            lost -= log(chance if answer else 1 - chance)
            wrong = (chance - answer) * scale
            for each in row:
                down[each] += wrong
        return lost, down

    return lowest(loss, [0.0] * size, ROUNDS)


def _chance(log_odds: float) -> float:
    return 1 / (1 + exp(-max(-30.0, min(30.0, log_odds))))


def _calibrate(outside: Sequence[tuple[list[float], Row]], head: str) -> Calibration:
    """How the sums of all heads make one head's probability: an angry message is likelier a complaint.

    Held near what it would be with the head's own sum alone. What is ironic is turned round after this, so it has no
    say here.
    """
    taught = [(sums, float(row.answers[head])) for sums, row in outside if IRONY not in row.features]
    start = [*(1.0 if each == head else 0.0 for each in HEADS), 0.0]

    def loss(slopes: Sequence[float]) -> tuple[float, list[float]]:
        lost = HELD / 2 * sum((now - first) ** 2 for now, first in zip(slopes, start, strict=True))
        down = [HELD * (now - first) for now, first in zip(slopes, start, strict=True)]
        for sums, answer in taught:
            chance = _chance(sum(map(mul, slopes, sums)) + slopes[-1])
            lost -= log(chance if answer else 1 - chance)
            for place, total in enumerate(sums):
                down[place] += (chance - answer) * total
            down[-1] += chance - answer
        return lost, down

    *slopes, shift = lowest(loss, start, ROUNDS)
    return Calibration(tuple(round(each, 3) for each in slopes), round(shift, 3))
