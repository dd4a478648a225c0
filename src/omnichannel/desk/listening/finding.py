"""Finding what is asked in a text: sentence by sentence, each with its exact place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from omnichannel.desk.listening.tongues import Tongue

# A sentence ends where blanks follow its marks (not too many of them, or looking for the end would take for ever), so
# that prices, times and links stay whole; and with its line.
_SENTENCE = re.compile(r"[^\s](?:[^\n]*?)(?:[.!?…]{1,9}[)\"'’”]*(?=\s|$)|(?=\n|$))")
_QUOTE = re.compile(r"^[ \t]*>.*$", re.MULTILINE)
_CLAUSE = re.compile(r"[,;:–—]\s+|\s-\s|\s(?:and|but|so|en|maar|dus)\s", re.IGNORECASE)
_MARKED = re.compile(r"\?[)\"'’”!?.]*$")
_LETTER = re.compile(r"[^\W\d_]{2}")
_MOST = 20_000  # characters of a text; what stands behind is not looked at
_LEAST_WORDS = 2  # "Hello?" asks nothing yet


class Found(NamedTuple):
    """Something that is asked: from the character `start` up to `end`, without blanks around it."""

    start: int
    end: int
    text: str
    kind: Literal["question", "request"]


def sentences(text: str) -> Iterator[tuple[int, str]]:
    """The sentences of a text, each with its place. What is quoted line by line (`>`) is nobody's question here."""
    plain = _QUOTE.sub(lambda found: " " * len(found[0]), text[:_MOST])
    for found in _SENTENCE.finditer(plain):
        yield found.start(), found[0].rstrip()


def find(text: str, tongues: Sequence[Tongue]) -> list[Found]:
    """Everything that is asked in a text, in order."""
    found: list[Found] = []
    for start, sentence in sentences(text):
        kind = _kind(sentence, tongues)
        if kind is not None:
            found.append(Found(start, start + len(sentence), sentence, kind))
    return found


def _kind(sentence: str, tongues: Sequence[Tongue]) -> Literal["question", "request"] | None:
    if not _LETTER.search(sentence) or any(tongue.pattern("polite").search(sentence) for tongue in tongues):
        return None
    if _MARKED.search(sentence) and len(sentence.split()) >= _LEAST_WORDS:
        return "question"
    for clause in _clauses(sentence):
        for tongue in tongues:
            begun = _without(clause, tongue)
            if tongue.pattern("asks").match(begun):
                return "question"
            if tongue.pattern("requests").match(begun):
                return "request"
    return None


def _clauses(sentence: str) -> Iterator[str]:
    begin = 0
    for found in _CLAUSE.finditer(sentence):
        yield sentence[begin : found.start()]
        begin = found.end()
    yield sentence[begin:]


def _without(clause: str, tongue: Tongue) -> str:
    """A clause without the words of greeting and joining in front of it."""
    rest = clause.lstrip(" \t\"'(“‘")
    while found := tongue.pattern("before").match(rest):
        rest = rest[found.end() :].lstrip(" \t,!.;:")
    return rest
