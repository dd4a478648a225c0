"""Counting what was right."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from bench.answers.rivals import Ranker
from bench.answers.sets import Message, Question
from omnichannel.desk.answers import check_apology


class Ranked(NamedTuple):
    """Shares of the questions whose answer was first, among the first three; mean of one by its place; CPU each."""

    first: float
    third: float
    reciprocal: float
    milliseconds: float


class Checked(NamedTuple):
    """Messages that were stopped, and that were let go, rightly and not."""

    found: int
    missed: int
    false: int
    left: int


def rank(ranker: Ranker, asked: Sequence[Question]) -> Ranked:
    """How a way of ranking does on these questions."""
    began = time.process_time()
    places = [
        ranked.index(one.answer) + 1 if one.answer in (ranked := ranker(one.text)) else 0 for one in asked
    ]
    spent = time.process_time() - began
    total = len(asked)
    return Ranked(
        sum(place == 1 for place in places) / total,
        sum(0 < place <= 3 for place in places) / total,
        sum(1 / place for place in places if place) / total,
        spent / total * 1e3,
    )


def check(messages: Iterable[Message]) -> Checked:
    """How the apology check does on these messages."""
    told = Counter((one.flag, bool(check_apology(one.text, one.language))) for one in messages)
    return Checked(told[True, True], told[True, False], told[False, True], told[False, False])
