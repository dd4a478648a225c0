"""How a time is divided: by the clock on the wall of a zone, whenever that shows a new hour, day, week or month."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from omnichannel.errors import UsageError
from omnichannel.model.desk import Calendar, Every

MOST = 10_000
"""Pieces of a report: 27 years of days, or more than a year of hours."""

_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)


class Piece(NamedTuple):
    """A part of a time that lies in one period (by number) and on one day; `day` is when that began there."""

    period: int
    since: datetime
    until: datetime
    day: datetime


def zone_of(name: str) -> ZoneInfo:
    """A time zone by its IANA name; raises UsageError for one that is none."""
    try:
        return ZoneInfo(Calendar(zone=name, always=True).zone)
    except ValueError:
        raise UsageError(
            f"{name[:40]!r} is no time zone; give one such as Europe/Amsterdam, or UTC"
        ) from None


def moment_of(given: date | datetime, zone: ZoneInfo) -> datetime:
    """A moment, or the beginning of a day in a zone. Raises UsageError for a time without its zone."""
    if not isinstance(given, datetime):
        return _midnight(given, zone)
    if given.tzinfo is None:
        raise UsageError("a time needs its time zone; give a date, or datetime(…, tzinfo=UTC)")
    return given.astimezone(UTC)


def divide(since: datetime, until: datetime, every: Every, zone: ZoneInfo) -> list[Piece]:
    """The pieces from one moment up to another, in order; the first and the last period may be cut.

    Raises UsageError for a time that is none, lies outside of the years 1901 to 2399, or has too many pieces.
    """
    if not since < until:
        raise UsageError(
            f"{since:%Y-%m-%d %H:%M} is not before {until:%Y-%m-%d %H:%M}: give the earlier one first"
        )
    if since.year <= 1900 or until.year >= 2400:  # the years whose hours are known
        raise UsageError("reports are of the years 1901 to 2399")
    if (until - since) / (_HOUR if every == "hour" else _DAY) > MOST:
        raise UsageError(
            f"a report has at most {MOST:,} {'hours' if every == 'hour' else 'days'}; ask for less"
        )
    return list(_pieces(since, until, every, zone))


def spans(pieces: Sequence[Piece]) -> list[tuple[datetime, datetime]]:
    """From when to when each period goes."""
    found: dict[int, tuple[datetime, datetime]] = {}
    for piece in pieces:
        first = found.get(piece.period, (piece.since, piece.until))[0]
        found[piece.period] = (first, piece.until)
    return [found[number] for number in sorted(found)]


def _pieces(since: datetime, until: datetime, every: Every, zone: ZoneInfo) -> Iterator[Piece]:
    period, at = -1, since
    last: object = ()  # no period has begun
    while at < until:
        day = at.astimezone(zone).date()
        tomorrow = _midnight(day + _DAY, zone)
        end = min(until, tomorrow, _next_hour(at, zone) if every == "hour" else tomorrow)
        mark = at if every == "hour" else _period_of(day, every)
        period, last = (period if mark == last else period + 1), mark
        yield Piece(period, at, end, _midnight(day, zone))
        at = end


def _period_of(day: date, every: Every) -> date | None:
    match every:
        case "day":
            return day
        case "week":
            return day - day.weekday() * _DAY
        case "month":
            return day.replace(day=1)
        case _:
            return None


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


def _next_hour(at: datetime, zone: ZoneInfo) -> datetime:
    shown = at.astimezone(zone)
    return at + _HOUR - timedelta(minutes=shown.minute, seconds=shown.second, microseconds=shown.microsecond)
