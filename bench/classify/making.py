"""The files that the classifier comes with, made anew: `python -m bench classify --train`."""

from __future__ import annotations

from collections import Counter
from math import log
from pathlib import Path

import omnichannel.desk.classify as package
from bench.classify import learning
from bench.classify.labelled import learned, words
from bench.classify.public import sentences
from omnichannel.desk.classify.lanes import unpack
from omnichannel.desk.classify.language import BY_SCRIPT, HEAVIEST, LETTER_STEP, sequences, words_of
from omnichannel.desk.classify.weights import ANY, HEADS, LANGUAGES, WIDTH, ZERO, Table

DATA = Path(package.__file__).parent / "data"

MOST = 1500
"""Sequences of letters kept of each language, the commonest."""

_OWN = "messages made up for omnichannel (bench/classify/data), under its own licence, Apache-2.0"
_WORTSCHATZ = (
    "counts of letters in sentences of the Wortschatz corpora (Leipzig University, CC BY 4.0), as chosen by the"
    " language detector Lingua (Apache-2.0), and in the messages of bench/classify/data"
)


def make() -> list[Path]:
    """Write every file, and return which; letters stay as they are where the sentences are not at hand."""
    made = []
    for language in LANGUAGES:
        table = learning.learn(learned(language), words(language))
        made.append(_write(language, _table(table, f"Weights of {language}, learned from {_OWN}.")))
    both = [message for language in LANGUAGES for message in learned(language)]
    table = learning.learn(both, signs_only=True)
    made.append(_write(ANY, _table(table, f"Weights of signs in any language, learned from {_OWN}.")))
    if spoken := sentences(kept=False):
        made.append(_write("letters", _letters(spoken)))
    return made


def _write(name: str, lines: list[str]) -> Path:
    file = DATA / f"{name}.tsv"
    file.write_text("\n".join(lines) + "\n", "utf-8")
    return file


def _table(table: Table, about: str) -> list[str]:
    """A line of calibrations, a head each, then a line for each feature: in units, one number a head."""
    calibrations = "\t".join(" ".join(map(str, [*each.slopes, each.shift])) for each in table.calibrations)
    lines = [f"# {about}", f"# Heads: {', '.join(HEADS)}", f"calibration\t{calibrations}"]
    for feature, lanes in sorted(table.weights.items()):
        numbers = " ".join(str(each - ZERO) for each in unpack(lanes, len(HEADS), WIDTH))
        lines.append(f"{feature}\t{numbers}")
    return lines


def _letters(spoken: dict[str, list[str]]) -> list[str]:
    """For each sequence, the languages it is common in: how much likelier there than where it was never seen."""
    settled = {tag for tag, _ in BY_SCRIPT}
    tags = [tag for tag in spoken if tag not in settled]
    known: dict[str, list[str]] = {}
    for tag in tags:
        texts = [*spoken[tag], *(each.text for each in learned(tag))] if tag in LANGUAGES else spoken[tag]
        counts = Counter(each for text in texts for each in sequences(words_of(text)))
        total = sum(counts.values())
        for sequence, count in sorted(counts.items(), key=lambda each: (-each[1], each[0]))[:MOST]:
            weight = min(HEAVIEST, round(log(1 + count / total * 2e5) / LETTER_STEP))
            known.setdefault(sequence, []).append(f"{tag}:{weight}")
    lines = [f"# {_WORTSCHATZ[0].upper()}{_WORTSCHATZ[1:]}.", f"languages\t{' '.join(tags)}"]
    return lines + [f"{sequence}\t{' '.join(pairs)}" for sequence, pairs in sorted(known.items())]
