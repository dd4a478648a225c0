"""The messages kept back, head by head: what each intent, tone and urgency are found by."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from bench.classify.judging import FRIENDLY, calibration_error
from bench.classify.labelled import Labelled
from bench.classify.rivals import by_words
from omnichannel.desk.classify import Intent, Reading, read
from omnichannel.desk.classify.weights import HEADS


class Head(NamedTuple):
    """One question over messages: how many say yes, F1 of the classifier and of the list of words, calibration."""

    name: str
    yes: int
    f1: float
    listed: float
    off: float


def heads(messages: Sequence[Labelled]) -> list[Head]:
    """Every head's figures on messages that were never learned from."""
    ours, listed = [read(each.text) for each in messages], [by_words(each.text) for each in messages]
    found = []
    for head in HEADS:
        truth = [each.answers(head) for each in messages]
        said = _said(head)
        found.append(
            Head(
                head,
                sum(truth),
                f1([said(each) >= 0.5 for each in ours], truth),
                f1([said(each) >= 0.5 for each in listed], truth),
                calibration_error(
                    [(said(each), true) for each, true in zip(ours, truth, strict=True)], bins=5
                ),
            )
        )
    return found


FROM = (0.5, 0.45, 0.4, 0.35, 0.3, 0.25, 0.2)
"""Probabilities from which on something could be taken for a complaint; the first is the one that holds."""


class Threshold(NamedTuple):
    """What is taken for a complaint from a probability on: how many are, how many are not, of how many of each."""

    least: float
    found: int
    false: int
    complaints: int
    others: int


def thresholds(messages: Sequence[Labelled]) -> list[Threshold]:
    """What each threshold for complaints finds, and what it takes for one, of messages never learned from."""
    complaint = Intent.COMPLAINT
    chances = [(read(each.text).probability(complaint), complaint in each.intents) for each in messages]
    yes = sum(true for _, true in chances)
    found = []
    for least in FROM:
        said = [true for chance, true in chances if chance >= least]
        found.append(Threshold(least, sum(said), len(said) - sum(said), yes, len(chances) - yes))
    return found


def _said(head: str) -> Callable[[Reading], float]:
    """How likely a reading says it is; tone counts as said from a third of the way on."""
    if head == "urgent":
        return lambda reading: reading.urgency
    if head == "positive":
        return lambda reading: min(1.0, max(0.0, reading.tone / FRIENDLY / 2))
    if head == "negative":
        return lambda reading: min(1.0, max(0.0, -reading.tone / FRIENDLY / 2))
    return lambda reading: reading.probability(Intent(head))


def f1(said: Sequence[bool], truth: Sequence[bool]) -> float:
    """Of yes alone; 0 where it is never said and never true."""
    both = sum(one and other for one, other in zip(said, truth, strict=True))
    either = sum(said) + sum(truth)
    return 2 * both / either if either else 0.0
