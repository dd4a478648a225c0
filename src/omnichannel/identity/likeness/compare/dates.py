"""Dates of birth, however they are laid out.

03/04/1970 can be read two ways and 3/4/70 more: every reading is kept, and the two nearest readings count.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import product

from omnichannel.identity.likeness.compare.comparator import Comparator
from omnichannel.identity.likeness.compare.folding import fold, says_nothing
from omnichannel.identity.likeness.compare.nearness import edits

Reading = tuple[int, int, int]
"""Year, month, day; 0 where it is not said."""

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan ene gen sty stycznia yan janv enero gennaio styczen", "feb fev lut fevrier fevr febbraio lutego",
            "mar mrt maa mrz maerz marz mars maart marzo marca", "apr avr abr avril abril aprile kwi kwietnia",
            "may mai mei mayo maggio maj maja mag", "jun juin giu junio giugno juni cze czerwca",
            "jul juil lug julio luglio juli lip lipca juillet", "aug aou ago aout agosto sie sierpnia avg",
            "sep set sept wrz septiembre settembre wrzesnia", "oct okt ott oktober ottobre paz pazdziernika",
            "nov novembre noviembre lis listopada noyabr", "dec dez dic dicembre diciembre gru grudnia dek",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_NUMBERS = re.compile(r"\d+")
_LETTERS = re.compile(r"[a-z]{3,}")
_TIME = re.compile(r"[t ]\d{1,2}:\d{2}.*$")
_NEVER = frozenset({(1900, 1, 1), (1111, 11, 11), (9999, 12, 31), (1899, 12, 30), (1899, 12, 31)})
"""Days that programs put where there is none (spreadsheets' day nought among them)."""


@dataclass(frozen=True, slots=True)
class Born:
    """A date of birth: every way in which it can be read, the likeliest first."""

    readings: tuple[Reading, ...]

    @property
    def text(self) -> str:
        """The likeliest reading as YYYY-MM-DD, 00 where a part is not said."""
        return "{:04}-{:02}-{:02}".format(*self.readings[0])


def prepare_date(text: str) -> Born | None:
    """Read a date; None if it says nothing or holds no date (no year from 1000 to 2999 or of two digits)."""
    if says_nothing(text):
        return None
    plain = _TIME.sub("", fold(text.strip()))
    readings = tuple(dict.fromkeys(reading for reading in _readings(plain) if reading not in _NEVER))
    return Born(readings) if readings else None


def _readings(plain: str) -> list[Reading]:
    parts = _NUMBERS.findall(plain)
    named = next((_month(word) for word in _LETTERS.findall(plain) if _month(word)), 0)
    if named:
        return _with_name(named, parts)
    if len(parts) == 1:
        return _solid(parts[0])
    if len(parts) == 2:
        return [(year, int(month), 0) for year, month in _year_first(parts) if 1 <= int(month) <= 12]
    if len(parts) != 3:
        return []
    first, second, third = parts
    if len(first) == 4:
        return _ordered(first, [(int(second), int(third)), (int(third), int(second))], iso=True)
    return _ordered(third, [(int(second), int(first)), (int(first), int(second))], iso=False)


def _month(word: str) -> int:
    return _MONTHS.get(word, 0) or _MONTHS.get(word[:3], 0)


def _solid(digits: str) -> list[Reading]:
    """Digits in one run: 19870926, 26091987, 870926, 1987."""
    if len(digits) == 4:
        return [(int(digits), 0, 0)] if 1000 <= int(digits) <= 2999 else []
    if len(digits) == 8:
        front = _ordered(digits[:4], [(int(digits[4:6]), int(digits[6:]))], iso=True)
        front += _ordered(digits[:4], [(int(digits[6:]), int(digits[4:6]))], iso=True)
        swap = [(int(digits[2:4]), int(digits[:2])), (int(digits[:2]), int(digits[2:4]))]
        return front or _ordered(digits[4:], swap, iso=False)
    if len(digits) == 6:
        return _ordered(digits[:2], [(int(digits[2:4]), int(digits[4:]))], iso=True)
    return []


def _year_first(parts: list[str]) -> list[tuple[int, str]]:
    one, other = parts
    if len(one) == 4:
        return [(int(one), other)]
    return [(int(other), one)] if len(other) == 4 else []


def _with_name(month: int, parts: list[str]) -> list[Reading]:
    """A month in words beside a year and perhaps a day."""
    if len(parts) == 1:
        return [(year, month, 0) for year in _years(parts[0])]
    if len(parts) != 2:
        return []
    day, year = parts if len(parts[0]) < 4 else parts[::-1]
    return [(full, month, int(day)) for full in _years(year) if 1 <= int(day) <= 31]


def _ordered(year: str, month_days: list[tuple[int, int]], *, iso: bool) -> list[Reading]:
    """The readings that a calendar has. After a four-digit year the month comes first unless it cannot."""
    fitting = [(month, day) for month, day in month_days if 1 <= month <= 12 and 1 <= day <= 31]
    return [(full, *fit) for full, fit in product(_years(year), fitting[:1] if iso else fitting)]


def _years(text: str) -> list[int]:
    if len(text) == 4:
        return [int(text)] if 1000 <= int(text) <= 2999 else []
    return [1900 + int(text), 2000 + int(text)] if len(text) == 2 else []


def level_of_dates(one: Born, other: Born) -> int:
    """How alike two dates of birth are: the best of their readings."""
    if len(one.readings) == len(other.readings) == 1:
        return _level(one.readings[0], other.readings[0])
    return max(_level(first, second) for first in one.readings for second in other.readings)


def _level(one: Reading, other: Reading) -> int:
    if one == other:
        return 8 if one[2] and one[1:] != (1, 1) else 4
    (year, month, day), (year2, month2, day2) = one, other
    if year == year2:
        if _vague(one) or _vague(other):
            return 5 if month == month2 and month != 1 else 4
        if (month, day) == (day2, month2):
            return 6
        if _one_slip(one, other):
            return 7
        return 5 if month == month2 else 2
    if day and day2:
        if _one_slip(one, other):
            return 7
        if (month, day) == (month2, day2) and not _vague(one):
            return 3
    return int(abs(year - year2) <= 2)


def _vague(reading: Reading) -> bool:
    """A date without a day; 1 January is what is written by many who know the year alone."""
    return not reading[2] or reading[1:] == (1, 1)


def _one_slip(one: Reading, other: Reading) -> bool:
    return edits("{:04}{:02}{:02}".format(*one), "{:04}{:02}{:02}".format(*other), 1) <= 1


BORN = Comparator(
    "born",
    (
        "differs",
        "within two years",
        "same year, another day",
        "same day of another year",
        "same year, day not known",
        "same month, another day",
        "day and month exchanged",
        "one digit off",
        "same",
    ),
    prepare_date,
    level_of_dates,
)
