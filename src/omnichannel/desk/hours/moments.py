"""Moments as whole microseconds since 1970 in UTC: what this room counts in, so that nothing is rounded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
SECOND = 1_000_000
MINUTE = 60 * SECOND
DAY = 24 * 60 * MINUTE

FIRST_YEAR, LAST_YEAR = 1900, 2400
"""The years whose hours can be told, the last one not: in the others Python's dates come to an end."""


def micros(moment: datetime) -> int:
    """A moment as a number. Raises ValueError for one without a time zone, or outside of the years that are known."""
    if moment.tzinfo is None:
        raise ValueError("a time needs its time zone; use datetime.now(UTC) or .replace(tzinfo=…)")
    if not FIRST_YEAR < moment.year < LAST_YEAR:
        raise ValueError(
            f"hours are known from {FIRST_YEAR + 1} to {LAST_YEAR - 1}; {moment:%Y-%m-%d} lies outside"
        )
    return (moment - EPOCH) // MICROSECOND


def moment(number: int) -> datetime:
    """The moment that a number stands for, in UTC."""
    return EPOCH + timedelta(microseconds=number)


def year_start(year: int) -> int:
    """When a year begins, in UTC."""
    return (datetime(year, 1, 1, tzinfo=UTC) - EPOCH) // MICROSECOND


Open = tuple[int, int]
"""From when to when it is open: microseconds, the end not included."""


def united(opens: Iterable[Open]) -> Iterator[Open]:
    """What is open at all, in order and apart from each other, of what begins in order; nothing of no length."""
    since = until = 0
    for start, end in opens:
        if since < until and start <= until:
            until = max(until, end)
            continue
        if since < until:
            yield since, until
        since, until = start, end
    if since < until:
        yield since, until
