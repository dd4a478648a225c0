"""A year of open hours, added up, so that nobody has to walk through it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from datetime import date
from heapq import merge
from itertools import accumulate

from omnichannel.desk.hours.dates import Dates
from omnichannel.desk.hours.moments import Open, united
from omnichannel.desk.hours.zones import stretches


class Year:
    """When it is open in a year (of UTC): stretches in order, apart from each other, with their running sum."""

    def __init__(self, opens: Iterable[Open]) -> None:
        stretched = list(united(opens))
        self._starts = [start for start, _ in stretched]
        self._ends = [end for _, end in stretched]
        self._sums = list(accumulate(end - start for start, end in stretched))

    @property
    def total(self) -> int:
        """How much of the year is open."""
        return self._sums[-1] if self._sums else 0

    def before(self, at: int) -> int:
        """How much of the year is open before a moment."""
        last = bisect_right(self._starts, at) - 1
        return self._sums[last] - max(0, self._ends[last] - at) if last >= 0 else 0

    def reached(self, length: int) -> int:
        """The first moment before which so much of the year is open; `length` is more than 0, and at most `total`."""
        place = bisect_left(self._sums, length)
        return self._ends[place] - (self._sums[place] - length)

    def end(self, at: int) -> int | None:
        """When it closes, if it is open at a moment; else None."""
        last = bisect_right(self._starts, at) - 1
        return self._ends[last] if last >= 0 and at < self._ends[last] else None

    def opens(self, at: int) -> int | None:
        """The first moment, from this one on, when it is open; None if that is not in this year."""
        if self.end(at) is not None:
            return at
        following = bisect_left(self._starts, at)
        return self._starts[following] if following < len(self._starts) else None


def year_of(zone: str, dates: Dates, year: int) -> Iterator[Open]:
    """When a calendar is open in a year (of UTC), in order.

    It is open whenever the clock on its wall shows a time within its hours: a time that the clock skips is not there,
    and one that it shows twice counts twice.
    """
    # A clock may be more than half a day off UTC, and hours over midnight start the day before.
    walls = list(dates.walls(date(year - 1, 12, 29), date(year + 1, 1, 2)))
    for start, end, ahead in stretches(zone, year):
        first = bisect_right(walls, start + ahead, key=lambda wall: wall[1])
        for opens, closes in walls[first:]:
            if opens >= end + ahead:
                break
            yield max(start, opens - ahead), min(end, closes - ahead)


def united_years(years: Iterable[Iterator[Open]]) -> Year:
    """The year of several calendars: open whenever one of them is."""
    return Year(merge(*years))
