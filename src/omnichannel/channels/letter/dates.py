"""The date of a letter, as people write it, and as our own letters do."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime

from omnichannel.channels.letter.phrases import MONTHS, Language

_MONTH = {
    spelling: number
    for months in MONTHS.values()
    for number, name in enumerate(months, 1)
    for spelling in (name.lower(), name.lower()[:3], name.lower()[:4], name.lower().replace("é", "e"))
} | {"maa": 3, "mrt": 3, "mär": 3, "maerz": 3, "okt": 10, "sept": 9, "dez": 12, "aout": 8, "jui": 0}

_WRITTEN = (
    re.compile(
        r"(?i)\b(?P<d>\d{1,2})(?:st|nd|rd|th|er|e)?\.?\s+(?:of\s+)?(?P<m>[^\W\d_]{3,9})\.?,?\s+(?P<y>(?:19|20)\d\d)\b"
    ),
    re.compile(r"(?i)\b(?P<m>[^\W\d_]{3,9})\.?\s+(?P<d>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<y>(?:19|20)\d\d)\b"),
    re.compile(r"\b(?P<y>(?:19|20)\d\d)-(?P<m>\d\d)-(?P<d>\d\d)\b"),
    re.compile(r"\b(?P<d>\d{1,2})\s?[-./]\s?(?P<m>\d{1,2})\s?[-./]\s?(?P<y>(?:19|20)\d\d)\b"),
)


def date_of(lines: Iterable[str]) -> datetime | None:
    """The first date in these lines that can be a letter's, as noon in UTC: the same day wherever it was written.

    Day comes before month (in all of Europe), unless only the other way makes a date.
    """
    for line in lines:
        for found in _dates(line):
            if found.year >= 1990:
                return datetime(found.year, found.month, found.day, 12, tzinfo=UTC)
    return None


def _dates(line: str) -> Iterator[date]:
    for pattern in _WRITTEN:
        for match in pattern.finditer(line):
            month = match["m"].lower()
            number = int(month) if month.isdecimal() else _MONTH.get(month, 0)
            found = _date(int(match["y"]), number, int(match["d"]))
            if found is None and month.isdecimal():
                found = _date(int(match["y"]), int(match["d"]), number)
            if found is not None:
                yield found


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def written(day: date, language: Language) -> str:
    """A date as a letter in that language begins."""
    month = MONTHS[language][day.month - 1]
    if language == "de":
        return f"{day.day}. {month} {day.year}"
    if language == "fr" and day.day == 1:
        return f"1er {month} {day.year}"
    return f"{day.day} {month} {day.year}"
