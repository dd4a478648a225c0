"""What the clock on the wall shows: by how much it differs from UTC, and when that changes."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from omnichannel.desk.hours.moments import DAY, MICROSECOND, SECOND, moment, year_start

_STEP = DAY  # no zone ever changed twice within three days


class Stretch(NamedTuple):
    """A time from `start` to `end` in which a clock is `ahead` of UTC by so much; all in microseconds."""

    start: int
    end: int
    ahead: int


@lru_cache(maxsize=1024)
def stretches(zone: str, year: int) -> tuple[Stretch, ...]:
    """A year (of UTC) in pieces between which the clocks of a zone are changed."""
    info = ZoneInfo(zone)
    start, end = year_start(year), year_start(year + 1)
    found: list[Stretch] = []
    since, ahead = start, _ahead(info, start)
    for at in range(start + _STEP, end + _STEP, _STEP):
        now = _ahead(info, min(at, end))
        if now != ahead:
            changed = _change(info, at - _STEP, min(at, end), now)
            found.append(Stretch(since, changed, ahead))
            since, ahead = changed, now
    return (*found, Stretch(since, end, ahead)) if since < end else tuple(found)


def _ahead(zone: ZoneInfo, at: int) -> int:
    difference = moment(at).astimezone(zone).utcoffset()
    assert difference is not None
    return difference // MICROSECOND


def _change(zone: ZoneInfo, before: int, after: int, to: int) -> int:
    """When a clock that is put to `to` between two moments is put there. Clocks are changed at whole seconds."""
    low, high = before // SECOND, after // SECOND
    while high - low > 1:
        middle = (low + high) // 2
        if _ahead(zone, middle * SECOND) == to:
            high = middle
        else:
            low = middle
    return high * SECOND
