"""Finding what we promised: sentences that say that something will be, and by which day."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from omnichannel.desk.listening.finding import find, sentences
from omnichannel.desk.listening.tongues import Tongue

_ISO = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")
_WEEK = 7


class Promised(NamedTuple):
    """A sentence, its place, and the day by which it is to be so."""

    start: int
    text: str
    due: date


def promises(text: str, said_on: date, tongues: Sequence[Tongue]) -> Iterator[Promised]:
    """The promises in a text that was said on a day; one without a day is none that anybody could keep."""
    asked = {one.start for one in find(text, tongues) if one.kind == "question"}
    for start, sentence in sentences(text):
        tongue = next((one for one in tongues if one.pattern("promises").search(sentence)), None)
        if tongue is None or start in asked:
            continue
        days = list(_days(sentence, said_on, tongue))
        if days:
            yield Promised(start, sentence, max(days))


def _days(sentence: str, said_on: date, tongue: Tongue) -> Iterator[date]:
    """Every day that a sentence names; of a weekday the next one."""
    for year, month, day in _ISO.findall(sentence):
        try:
            yield date(int(year), int(month), int(day))
        except ValueError:
            continue
    words = re.findall(r"[^\W_]+", sentence.lower())
    for before, word in zip(["", *words], words, strict=False):
        yield from _named(word, said_on, tongue)
        if before.isdigit() and word in tongue.lengths and len(before) < _LONG:
            yield said_on + timedelta(days=int(before) * tongue.lengths[word])
        if before.isdigit() and word in tongue.months:
            yield from _dated(int(before), tongue.months.index(word) + 1, said_on)
        if word.isdigit() and before in tongue.months and len(word) < _LONG:
            yield from _dated(int(word), tongue.months.index(before) + 1, said_on)


_LONG = 3  # digits: nobody promises for a thousand days


def _named(word: str, said_on: date, tongue: Tongue) -> Iterator[date]:
    if word in tongue.days:
        yield said_on + timedelta(days=tongue.days[word])
    if word in tongue.weekdays:
        ahead = (tongue.weekdays.index(word) - said_on.weekday()) % _WEEK
        yield said_on + timedelta(days=ahead or _WEEK)


def _dated(day: int, month: int, said_on: date) -> Iterator[date]:
    """The next such day of a month; none where there is no such day."""
    for year in (said_on.year, said_on.year + 1):
        try:
            found = date(year, month, day)
        except ValueError:
            continue
        if found >= said_on:
            yield found
            return
