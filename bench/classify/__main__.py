"""`python -m bench classify [--train]`: how well messages are read, set by set, beside two plain rivals; the cost."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence
from typing import NamedTuple

from bench.classify import labelled, own, public, rivals
from bench.classify.judging import ANSWERS, Judged, calibration_error, judge
from bench.classify.labelled import LANGUAGES
from bench.interleave import table
from bench.outcome import Goal, finish
from omnichannel.desk.classify import read
from omnichannel.desk.classify.language import language_of

HEAD = ("set", "lang", "texts", "accuracy", "list", "commonest", "F1", "list", "commonest", "off by", "µs")
OWN_HEAD = ("kept back", "lang", "yes", "F1", "list", "off by")
COMPLAINT_HEAD = ("complaint from", "lang", "found", "of", "false", "of")
LANGUAGE_HEAD = ("language of", "texts", "right", "short words", "named", "right if named", "off by", "µs")

QUICK = 200.0
"""Microseconds of the processor that a tweet may take."""


class Measured(NamedTuple):
    """A set: the classifier, the list of words, the commonest answer; and what a text costs, in microseconds."""

    ours: Judged
    listed: Judged
    commonest: Judged
    cost: float


def measure(rows: Sequence[tuple[str, str]], question: str) -> Measured:
    """The three on the same rows, of which nobody says in which language they are."""
    answer, truth = ANSWERS[question], [label for _, label in rows]
    return Measured(
        judge([answer(read(text)) for text, _ in rows], truth),
        judge([answer(rivals.by_words(text)) for text, _ in rows], truth),
        judge(rivals.commonest(truth), truth),
        _cost(read, [text for text, _ in rows]),
    )


def _cost(work: Callable[[str], object], texts: Sequence[str]) -> float:
    """Microseconds of the processor per text: the least of some rounds, for the machine serves others as well."""
    some = texts[:: max(1, len(texts) // 300)]
    rounds = []
    for _ in range(7):
        before = time.process_time()
        for text in some:
            work(text)
        rounds.append((time.process_time() - before) / len(some) * 1e6)
    return min(rounds)


def sets() -> tuple[list[tuple[str, ...]], list[Goal]]:
    """A row for each public set that is there, and what is asked of it: better than both rivals, and quick."""
    rows, goals = [], []
    for one in public.SETS:
        texts = public.unseen(one)
        if not texts:
            continue
        found = measure(texts, one.question)
        rows.append(
            (
                one.name,
                one.language,
                str(len(texts)),
                *(f"{each.accuracy:.3f}" for each in found[:3]),
                *(f"{each.macro_f1:.3f}" for each in found[:3]),
                f"{found.ours.calibration:.3f}",
                f"{found.cost:.0f}",
            )
        )
        rival = max(found.listed.macro_f1, found.commonest.macro_f1)
        goals.append(Goal(f"macro F1, {one.name} (over the better rival)", found.ours.macro_f1, rival))
        if one.name.startswith("tweets"):
            goals.append(Goal(f"µs a text, {one.name}", found.cost, QUICK, most=True))
    return rows, goals


def kept_back() -> list[tuple[str, ...]]:
    """A row for each head and language, on the messages of this project that were never learned from."""
    return [
        (head.name, language, str(head.yes), f"{head.f1:.3f}", f"{head.listed:.3f}", f"{head.off:.3f}")
        for language in LANGUAGES
        for head in own.heads(labelled.kept(language))
    ]


def complaints() -> list[tuple[str, ...]]:
    """A row for each probability from which on something could be taken for a complaint, by language."""
    return [
        (f"{one.least:.2f}", language, *map(str, (one.found, one.complaints, one.false, one.others)))
        for language in LANGUAGES
        for one in own.thresholds(labelled.kept(language))
    ]


def languages() -> list[tuple[str, ...]]:
    """Rows of how often the language of a sentence, or of two words, is told; by all languages, and by our two."""
    rows = []
    for what, spoken in (("sentences", public.sentences(kept=True)), ("two words", public.pairs_of_words())):
        for whose, tags in (("all", tuple(spoken)), *((tag, (tag,)) for tag in LANGUAGES)):
            texts = [(text, tag) for tag in tags for text in spoken.get(tag, ())[:200]]
            if texts:
                rows.append((f"{what}, {whose}", *_language_row(texts)))
    for one in public.SETS:
        if texts := [(text, one.language) for text, _ in public.unseen(one)][:2000]:
            rows.append((one.name, *_language_row(texts)))
    return rows


def _language_row(texts: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    cost = _cost(language_of, [text for text, _ in texts])
    found = [language_of(text) for text, _ in texts]
    right = [each.tag == tag for each, (_, tag) in zip(found, texts, strict=True)]
    named = [(each.probability, was) for each, was in zip(found, right, strict=True) if each.tag != "und"]
    guessed = sum(rivals.language_by_stop_words(text) == tag for text, tag in texts)
    return (
        str(len(texts)),
        f"{sum(right) / len(texts):.3f}",
        f"{guessed / len(texts):.3f}",
        f"{len(named) / len(texts):.3f}",
        f"{sum(right) / max(1, len(named)):.3f}",
        f"{calibration_error(named):.3f}" if named else "-",
        f"{cost:.0f}",
    )


def main(argv: Sequence[str]) -> int:
    """Print what was found; with --train make the classifier's files anew before. 1 if a goal is missed."""
    parser = argparse.ArgumentParser(prog="python -m bench classify", description=__doc__)
    parser.add_argument(
        "--train", action="store_true", help="learn the weights anew from bench/classify/data first"
    )
    if parser.parse_args(argv).train:
        from bench.classify.making import make

        for file in make():
            print(f"made {file.name}, {file.stat().st_size:,} bytes")
        print("run once more without --train: what is loaded was there before")
        return 0
    rows, goals = sets()
    shown = [table(OWN_HEAD, kept_back()), table(COMPLAINT_HEAD, complaints())]
    if rows:
        shown = [table(HEAD, rows), *shown]
    else:
        shown.append(f"no public sets in {public.folder()}; OMNICHANNEL_CLASSIFY_DATA names another folder")
    if of_language := languages():
        shown.append(table(LANGUAGE_HEAD, of_language))
    return finish("classify", "\n\n".join(shown), goals)


if __name__ == "__main__":
    import sys

    sys.exit(main(sys.argv[1:]))
