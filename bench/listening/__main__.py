"""How well open questions are tracked: `python -m bench listening`. Figures on talks that were labelled by hand."""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from omnichannel.desk import Listening, Question
from omnichannel.desk.listening import Said, find, fold_questions

TALKS = Path(__file__).parent / "data" / "talks.txt"
_ASKED = re.compile(r"\[(\d+) ([^\]]+)\]")
_START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class Talk(NamedTuple):
    """A labelled talk: what was said, where what is asked, and which message answers it (None: none does)."""

    language: str
    said: tuple[Said, ...]
    asked: dict[str, tuple[str, int, int]]
    answered: dict[str, str]


class Figures(NamedTuple):
    """How many of those `told` were `right`, and how many of those that are `there` were `hit`.

    One that was told can hit two: a sentence may ask two things.
    """

    right: int
    told: int
    hit: int
    there: int

    def __str__(self) -> str:
        precision = f"precision {self.right / max(self.told, 1):6.1%} ({self.right} of {self.told})"
        return f"{precision}  recall {self.hit / max(self.there, 1):6.1%} ({self.hit} of {self.there})"


def talks(text: str) -> Iterator[Talk]:
    """The talks of a file: see its first lines."""
    plain = "\n".join(line for line in text.splitlines() if not line.startswith("#"))
    for block in re.split(r"\n\s*\n", plain.strip()):
        language, *lines = block.splitlines()
        yield _talk(language.strip(), lines)


def _talk(language: str, lines: Sequence[str]) -> Talk:
    said: list[Said] = []
    asked: dict[str, tuple[str, int, int]] = {}
    answered: dict[str, str] = {}
    for place, line in enumerate(lines):
        who, _, text = line.partition(": ")
        message = f"m{place}"
        while found := _ASKED.search(text):
            text = text[: found.start()] + found[2] + text[found.end() :]
            asked[found[1]] = (message, found.start(), found.start() + len(found[2]))
        said.append(Said(message, _START + timedelta(minutes=place), who == "C", text))
        answered.update(dict.fromkeys(who[1:].replace(",", " ").split(), message))
    return Talk(language, tuple(said), asked, answered)


def _overlaps(question: Question, place: tuple[str, int, int]) -> bool:
    message, start, end = place
    return question.message == message and question.start < end and start < question.end


def judge(talk: Talk, listening: Listening) -> dict[str, Figures]:
    """What is found, what of it is marked as answered at all, and what as answered by the right message."""
    found = [one for said in talk.said if said.asks for one in _found(said, listening)]
    closed = [one for one in fold_questions((), talk.said, listening) if one.answered_by]

    def labelled(one: Question) -> set[str]:
        return {number for number, place in talk.asked.items() if _overlaps(one, place)}

    def right(one: Question) -> set[str]:
        return {number for number in labelled(one) if talk.answered.get(number) == one.answered_by}

    kinds = {
        "found": (list(map(labelled, found)), talk.asked),
        "answered, by the message labelled": (list(map(right, closed)), talk.answered),
        "answered, by any message": ([labelled(one) & talk.answered.keys() for one in closed], talk.answered),
    }
    return {
        what: Figures(sum(map(bool, hits)), len(hits), len(set().union(*hits)), len(there))
        for what, (hits, there) in kinds.items()
    }


def _found(said: Said, listening: Listening) -> list[Question]:
    return [
        Question(
            id=f"{said.message}:{one.start}", message=said.message, start=one.start, end=one.end, text=one.text,
            kind=one.kind, asked_at=said.at,
        )
        for one in find(said.text, listening.tongues)
    ]  # fmt: skip


def figures(text: str, listening: Listening | None = None) -> dict[tuple[str, str], Figures]:
    """The figures by language and by what they are of."""
    found: dict[tuple[str, str], Counter[str]] = {}
    for talk in talks(text):
        for what, one in judge(talk, listening or Listening()).items():
            for language in (talk.language, "all"):
                found.setdefault((language, what), Counter()).update(one._asdict())
    return {
        key: Figures(**{name: counted[name] for name in Figures._fields}) for key, counted in found.items()
    }


def misses(text: str) -> Iterator[str]:
    """What is judged otherwise than it was labelled, one line each."""
    for talk in talks(text):
        words = {said.message: said.text for said in talk.said}
        final = fold_questions((), talk.said, Listening())
        for number, (message, start, end) in talk.asked.items():
            theirs = [one for one in final if _overlaps(one, (message, start, end))]
            by = theirs[0].answered_by if theirs else "not found"
            if by != talk.answered.get(number, ""):
                label = talk.answered.get(number, "open")
                yield f"{words[message][start:end]!r}: labelled {label}, judged {by or 'open'}"
        for one in final:
            if not any(_overlaps(one, place) for place in talk.asked.values()):
                yield f"{one.text!r}: asks nothing"


def main(argv: Sequence[str]) -> int:
    """Print the figures; with `--misses` also what was judged otherwise than it was labelled."""
    parser = argparse.ArgumentParser(prog="python -m bench listening", description=__doc__)
    parser.add_argument(
        "--misses", action="store_true", help="what was judged otherwise than it was labelled"
    )
    given = parser.parse_args(argv)
    text = TALKS.read_text(encoding="utf-8")
    counted = Counter(talk.language for talk in talks(text))
    print("talks: " + ", ".join(f"{count} {language}" for language, count in sorted(counted.items())))
    for (language, what), one in sorted(figures(text).items()):
        print(f"{language:4}{what:36}{one}")
    if given.misses:
        print(*misses(text), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
