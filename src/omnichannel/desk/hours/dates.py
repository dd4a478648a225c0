"""The hours of each date of a calendar, and why they are those."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from omnichannel.desk.hours.moments import DAY, MINUTE, Open, united
from omnichannel.desk.hours.public import check_place, public_days
from omnichannel.model.desk import Calendar, Day, Span

_ALL_DAY = (Span(start=0, end=24 * 60),)
_EPOCH = date(1970, 1, 1)


class Dates:
    """A calendar, date by date. Raises ConfigError if its public holidays are not known."""

    def __init__(self, calendar: Calendar) -> None:
        check_place(calendar.public)
        self._public = calendar.public
        self._week = tuple(_ALL_DAY if calendar.always else spans for spans in calendar.week)
        self._days = {day.on: day for day in calendar.days}

    def day(self, on: date) -> Day | None:
        """What makes a date unlike its weekday; None if nothing does."""
        written = on.isoformat()
        if found := self._days.get(written) or self._days.get(written[len("2026-") :]):
            return found
        name = public_days(self._public, on.year).get(on)
        return Day(on=written, name=name) if name else None

    def spans(self, on: date) -> tuple[Span, ...]:
        """The hours that start on a date."""
        day = self.day(on)
        return self._week[on.weekday()] if day is None else day.open

    def walls(self, first: date, last: date) -> Iterator[Open]:
        """The hours that start from one date to another, both included, as the clock on the wall shows them.

        In microseconds since that clock showed midnight of 1 January 1970, in order, without gaps of no length.
        """
        return united(self._starting(first, last))

    def _starting(self, first: date, last: date) -> Iterator[Open]:
        for number in range((last - first).days + 1):
            on = first + timedelta(days=number)
            midnight = (on - _EPOCH).days * DAY
            for span in self.spans(on):
                yield midnight + span.start * MINUTE, midnight + span.end * MINUTE
