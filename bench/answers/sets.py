"""What is labelled: questions with the answer that is right, and messages with what a reader would say of them."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import NamedTuple

OWN = Path(__file__).parent / "data"
SHARED = Path(__file__).parents[2].parent / "shared" / "data" / "answers"


GROUPS = ("made", "held", "mended", "unseen")
"""Of the labelled messages (`data/NOTICE.md`): how much was known of them when the lists were written."""


class Question(NamedTuple):
    """A question and the answer that is right for it."""

    text: str
    answer: str


class Set(NamedTuple):
    """Questions that were answered before, and those for which an answer is looked for."""

    name: str
    past: list[Question]
    asked: list[Question]


class Message(NamedTuple):
    """A message before it is sent; `flag` if a reader would stop it."""

    group: str
    language: str
    flag: bool
    text: str


def question_sets(folder: Path, most: int) -> Iterator[Set]:
    """Our own, and those of others that are there; of the latter so many questions, drawn by the same chance."""
    rows = _table(OWN / "questions.tsv")
    for language in ("en", "nl"):
        of = [row for row in rows if row["language"] == language]
        past, asked = (
            [Question(row["question"], row["answer"]) for row in of if row["set"] == name]
            for name in ("past", "ask")
        )
        yield Set(f"own, {language}", past, asked)
    train, test = (folder / "banking77" / f"{name}.csv" for name in ("train", "test"))
    if train.exists() and test.exists():
        past, asked = (
            [Question(row["text"], row["category"]) for row in _table(file, ",")] for file in (train, test)
        )
        chance = Random(0)
        chance.shuffle(past)
        chance.shuffle(asked)
        for known in (500, len(past)):
            yield Set(f"banking77, {known:,} known", past[:known], asked[:most])


def messages() -> list[Message]:
    """Every labelled message."""
    return [
        Message(row["set"], row["language"], row["label"] == "flag", row["text"])
        for row in _table(OWN / "apologies.tsv")
    ]


def _table(file: Path, delimiter: str = "\t") -> list[dict[str, str]]:
    with file.open(newline="", encoding="utf-8") as lines:
        quoting = csv.QUOTE_NONE if delimiter == "\t" else csv.QUOTE_MINIMAL
        return list(csv.DictReader(lines, delimiter=delimiter, quoting=quoting))
