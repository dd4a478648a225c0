"""Whether a text answers a query, and where: told by its own words, whatever an index said of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from omnichannel.desk.search.words import Word, has_neighbours, words
from omnichannel.model.search import Place, Query, Term

_WEIGHTS: Mapping[Place, float] = {
    "name": 4.0, "subject": 3.0, "address": 3.0, "file": 2.0, "text": 1.0, "fact": 1.0, "quoted": 0.3,
}  # fmt: skip
_TOGETHER = 1.5  # times, where all of it stands in one text


class Field(NamedTuple):
    """A text, and what it is."""

    place: Place
    text: str


class Hit(NamedTuple):
    """Where a term stands: in which field, from which to which character, and which of the terms it is."""

    field: int
    start: int
    end: int
    term: int


class Match(NamedTuple):
    """Every place where something that was wanted stands, and how well that answers the query."""

    hits: tuple[Hit, ...]
    score: float


def match(query: Query, fields: Sequence[Field], only: Place | None = None) -> Match | None:
    """Where all that a query wants stands; None if some of it stands nowhere, or something it does not want does.

    A term counts for each place by how much that place tells, more often for a little more; never more than
    once again. `only`: what stands elsewhere is not looked at.
    """
    read = [(number, words(field.text)) for number, field in enumerate(fields) if only in (None, field.place)]
    if any(_stands(term, said) for term in query.without for _, said in read):
        return None
    hits: list[Hit] = []
    for number, term in enumerate(query.wanted):
        found = [Hit(field, start, end, number) for field, said in read for start, end in _places(term, said)]
        if not found:
            return None
        hits += found
    return Match(tuple(sorted(hits)), _score(query, fields, hits))


def _stands(term: Term, said: Sequence[Word]) -> bool:
    return next(_places(term, said), None) is not None


def _places(term: Term, said: Sequence[Word]) -> Iterator[tuple[int, int]]:
    """From which to which character a term stands, every time."""
    length = len(term.words)
    first, whole = term.words[0], length > 1 or not term.begins
    for place, word in enumerate(said):
        if word.text != first if whole else not word.text.startswith(first):
            continue
        row = said[place : place + length]
        if len(row) == length and _is(term, row):
            yield word.start, _end(term, row[-1])


def _is(term: Term, row: Sequence[Word]) -> bool:
    last = row[-1].text
    ends = last.startswith(term.words[-1]) if term.begins else last == term.words[-1]
    return ends and all(word.text == wanted for word, wanted in zip(row[:-1], term.words[:-1], strict=True))


def _end(term: Term, last: Word) -> int:
    """A word is shown whole, also where only its beginning was asked for; of two neighbours only the first was."""
    return last.first if term.begins and has_neighbours(term.words[-1]) else last.end


def _score(query: Query, fields: Sequence[Field], hits: Sequence[Hit]) -> float:
    often: Counter[tuple[int, Place]] = Counter((hit.term, fields[hit.field].place) for hit in hits)
    score = sum(_WEIGHTS[place] * 2 * times / (times + 1) for (_, place), times in often.items())
    holding = Counter(field for _, field in {(hit.term, hit.field) for hit in hits})
    together = len(query.wanted) in holding.values()
    return round(score * (_TOGETHER if together else 1.0), 6)
