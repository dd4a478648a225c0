"""The piece of a text that shows why it was found: some words before, and what was found marked by its characters."""

from __future__ import annotations

from collections.abc import Sequence

from omnichannel.desk.search.matching import Field, Hit, Match
from omnichannel.model.search import Excerpt

LENGTH = 160
"""Characters of an excerpt, unless what was found is longer."""

_LEAD = 40  # of them, before what was found
_STEP = 20  # characters in which a blank is looked for, so that no word is cut
_MOST = 3


def excerpts(match: Match, fields: Sequence[Field]) -> tuple[Excerpt, ...]:
    """The fields in which most of it stands, three at the most; the first one, unmarked, where nothing was asked."""
    by_field: dict[int, list[Hit]] = {}
    for hit in match.hits:
        by_field.setdefault(hit.field, []).append(hit)
    if not by_field:
        return tuple(_cut(field, []) for field in fields[:1])
    best = sorted(by_field, key=lambda number: (-len({hit.term for hit in by_field[number]}), number))[:_MOST]
    return tuple(_cut(fields[number], by_field[number]) for number in best)


def _cut(field: Field, hits: Sequence[Hit]) -> Excerpt:
    text = field.text
    start, end = _window(hits, len(text))
    start, end = _at_blank(text, start, -1), _at_blank(text, end, 1)
    shown = sorted(
        {(hit.start - start, hit.end - start) for hit in hits if start <= hit.start and hit.end <= end}
    )
    return Excerpt(
        place=field.place, text=text[start:end], hits=tuple(shown), before=start > 0, after=end < len(text)
    )


def _window(hits: Sequence[Hit], length: int) -> tuple[int, int]:
    """From where to where most of the terms stand close together."""
    if not hits:
        return 0, min(LENGTH, length)
    reach = LENGTH - _LEAD

    def near(one: Hit) -> int:
        return len({hit.term for hit in hits if one.start <= hit.start and hit.end <= one.start + reach})

    first = max(hits, key=lambda hit: (near(hit), -hit.start))
    start = max(0, min(first.start - _LEAD, length - LENGTH))
    return start, min(length, max(start + LENGTH, first.end))


def _at_blank(text: str, place: int, way: int) -> int:
    """The nearest end of the text, or of a word, that way; where none is near the word is cut."""
    for step in range(_STEP):
        here = place + way * step
        if here <= 0 or here >= len(text):
            return min(max(here, 0), len(text))
        if text[here - 1 if way < 0 else here].isspace():
            return here
    return place
