"""Working time by the clock on the wall, minute by minute: slow, plain, and nothing of the library's."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from bench.week.company import HOURS, MONDAY, TEAMS
from omnichannel.model.desk import DAYS

MINUTE = timedelta(minutes=1)
_LONG = 16  # days: what is due after the week is counted, too


@cache
def open_at(calendar: str, at: datetime) -> bool:
    """Whether the clock on the wall there shows a time within the hours."""
    zone, week, days = HOURS[calendar]
    wall = at.astimezone(_zone(zone))
    written = days.get(f"{wall:%Y-%m-%d}") or week.get(DAYS[wall.weekday()], "closed")
    if written == "closed":
        return False
    start, _, end = written.partition("-")
    return start <= f"{wall:%H:%M}" < end


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


class Open:
    """The minutes of some weeks in which any of some calendars is open, as spans; and what can be counted in them."""

    def __init__(self, calendars: Iterable[str]) -> None:
        self.spans = list(_spans(tuple(calendars)))
        self._ends = [end for _, end in self.spans]

    def between(self, since: datetime, until: datetime) -> timedelta:
        """How much of the time from one moment to another they work."""
        total, place = timedelta(), bisect_right(self._ends, since)
        for start, end in self.spans[place:]:
            if start >= until:
                break
            total += min(end, until) - max(start, since)
        return total

    def after(self, since: datetime, length: timedelta) -> datetime:
        """The first moment before which so much was worked."""
        for start, end in self.spans[bisect_right(self._ends, since) :]:
            begin = max(start, since)
            if length <= end - begin:
                return begin + length
            length -= end - begin
        raise ValueError("the weeks that are counted are too short")


def _spans(calendars: tuple[str, ...]) -> Iterator[tuple[datetime, datetime]]:
    since: datetime | None = None
    for number in range(-2 * 1440, _LONG * 1440):
        at = MONDAY + number * MINUTE
        works = any(open_at(calendar, at) for calendar in calendars)
        if works and since is None:
            since = at
        elif not works and since is not None:
            yield since, at
            since = None


@cache
def hours_of(team: str) -> Open:
    """When a team works."""
    return Open(TEAMS[team].calendars)
