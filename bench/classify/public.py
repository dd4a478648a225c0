"""Public sets of texts that others labelled, read where they are; none of them needs to be in this repository.

They lie in the folder that OMNICHANNEL_CLASSIFY_DATA names, else in `../shared/data/classify`. What is not there is
left out. A fifth of each (every fifth row) was looked at as a whole figure while the classifier was made; figures are
of the other four fifths, which were not.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parents[3] / "shared/data/classify"

SEEN = 5
"""Every so-manieth row was a help while making the classifier, and is in no figure."""


class Set(NamedTuple):
    """A public set. `question` is what is asked of each text (see `judging`); `origin`: whose, under what licence."""

    name: str
    language: str
    question: str
    origin: str
    read: Callable[[Path], Iterator[tuple[str, str]]]
    file: str


def folder() -> Path:
    """Where public sets are."""
    return Path(os.environ.get("OMNICHANNEL_CLASSIFY_DATA") or HERE)


def unseen(one: Set) -> list[tuple[str, str]]:
    """Texts with their labels that were never looked at; empty where the set is not there."""
    file = folder() / one.file
    if not file.exists():
        return []
    return [row for number, row in enumerate(one.read(file)) if number % SEEN]


def _airline(file: Path) -> Iterator[tuple[str, str]]:
    with file.open(newline="", encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            yield row["text"], row["airline_sentiment"]


def _complaints(file: Path) -> Iterator[tuple[str, str]]:
    with file.open(newline="", encoding="utf-8") as lines:
        for row in csv.reader(lines):
            if len(row) > 3:
                yield row[1], "displeased" if row[2] == "1" else "not"


# What the names of that bank's 77 categories have in them where something went wrong; our division, not its authors'.
_SAID = (
    "not declined failed wrong swallowed compromised lost stolen pending reverted twice blocked forgotten unable"
    " extra charged recognised"
)
_WRONG = frozenset(_SAID.split())


def _bank(file: Path) -> Iterator[tuple[str, str]]:
    with file.open(newline="", encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            words = set(row["category"].lower().split("_"))
            yield row["text"], "problem" if words & _WRONG else "question"


def _sms(file: Path) -> Iterator[tuple[str, str]]:
    for line in file.read_text("utf-8").splitlines():
        label, _, text = line.partition("\t")
        yield text, "spam" if label == "spam" else "not"


def _books(file: Path) -> Iterator[tuple[str, str]]:
    with file.open(newline="", encoding="utf-8-sig") as lines:
        for row in csv.reader(lines):
            if len(row) == 2:
                yield row[1], "positive" if row[0] == "1" else "negative"


def _bus(file: Path) -> Iterator[tuple[str, str]]:
    with file.open(newline="", encoding="utf-8") as lines:
        for row in csv.reader(lines):
            if len(row) == 2:
                label = {"meldKlachten": "displeased", "greetings": "nothing"}.get(row[0], "question")
                yield row[1], label


SETS = (
    Set(
        "tweets to companies",
        "en",
        "displeased",
        "complaints in social media (Preoțiuc-Pietro, Gaman and Aletras, ACL 2019); no licence stated",
        _complaints,
        "complaints.csv",
    ),
    Set(
        "tweets to airlines",
        "en",
        "tone",
        "Crowdflower's airline sentiment, CC BY-NC-SA 4.0",
        _airline,
        "airline.csv",
    ),
    Set(
        "questions to a bank",
        "en",
        "problem",
        "banking77's test set (PolyAI), CC BY 4.0",
        _bank,
        "banking77.csv",
    ),
    Set(
        "text messages",
        "en",
        "spam",
        "SMS Spam Collection (Almeida and Hidalgo), CC BY 4.0",
        _sms,
        "sms-spam.tsv",
    ),
    Set(
        "book reviews",
        "nl",
        "polarity",
        "bol.com reviews among the test corpora of Pattern (CLiPS), for personal use",
        _books,
        "bol.csv",
    ),
    Set(
        "messages to a bus company",
        "nl",
        "displeased, asks or nothing",
        "a bachelor's thesis on chatbots (Jarne Deschacht, HOGENT 2020); no licence stated",
        _bus,
        "bus.csv",
    ),
)


def sentences(*, kept: bool) -> dict[str, list[str]]:
    """Sentences by language: what letters are learned from, or the fifth kept back; empty where there are none.

    They are the test sentences of Lingua, a language detector, taken from the Wortschatz corpora (CC BY 4.0).
    """
    return {
        file.stem: [
            line
            for number, line in enumerate(file.read_text("utf-8").splitlines())
            if (number % SEEN == 0) == kept
        ]
        for file in sorted((folder() / "languages").glob("*.txt"))
    }


def pairs_of_words() -> dict[str, list[str]]:
    """Two words at a time, by language: as little as a text can be. Nothing was learned of them."""
    return {
        file.stem: file.read_text("utf-8").splitlines() for file in sorted((folder() / "words").glob("*.txt"))
    }
