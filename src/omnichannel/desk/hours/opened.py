"""The hours of one calendar, or of several together: follow the sun."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from omnichannel.desk.hours.dates import Dates
from omnichannel.desk.hours.moments import LAST_YEAR, MICROSECOND, micros, moment
from omnichannel.desk.hours.wording import closed, opened
from omnichannel.desk.hours.years import Year, united_years, year_of
from omnichannel.errors import ConfigError
from omnichannel.model.desk import Calendar


class Hours:
    """When somebody works: open whenever one of the calendars is.

    Takes and gives times with a zone, from 1901 to 2399, and gives them in UTC; others raise ValueError. Exact to
    the microsecond over changes of the clocks, leap years and midnights. Asked again, it remembers the years that
    it knows. Raises ConfigError without a calendar, or if public holidays are not known.
    """

    def __init__(self, *calendars: Calendar) -> None:
        if not calendars:
            raise ConfigError(
                "calendars", "there are none", "Give at least one; Calendar(always=True) never closes"
            )
        self.calendars = calendars
        self._dates = tuple(Dates(calendar) for calendar in calendars)
        self._years: dict[int, Year] = {}

    def is_open(self, at: datetime) -> bool:
        """Whether somebody works at a moment."""
        number = micros(at)
        return self._year(moment(number).year).end(number) is not None

    def next_open(self, at: datetime) -> datetime:
        """The first moment, from this one on, when somebody works; the moment itself if they work now.

        Raises ConfigError if they never do again.
        """
        number = micros(at)
        for year in range(moment(number).year, LAST_YEAR):
            if (found := self._year(year).opens(number)) is not None:
                return moment(found)
        raise self._never(at)

    def add(self, start: datetime, length: timedelta) -> datetime:
        """The first moment before which so much has been worked since `start`; `start` itself if that is nothing.

        So an hour from 16:30 is 17:30, when they close, and not the next morning. Raises ConfigError if there is
        not so much working time to come, and ValueError for a length below zero.
        """
        if length < timedelta():
            raise ValueError(f"{length} is below zero; nobody works backwards")
        at, left = micros(start), length // MICROSECOND
        if not left:
            return moment(at)
        first = moment(at).year
        left += self._year(first).before(at)
        for number in range(first, LAST_YEAR):
            year = self._year(number)
            if left <= year.total:
                return moment(year.reached(left))
            left -= year.total
        raise self._never(start)

    def between(self, start: datetime, end: datetime) -> timedelta:
        """How much is worked from one moment to another; nothing if `end` does not come after `start`."""
        since, until = micros(start), micros(end)
        if until <= since:
            return timedelta()
        first, last = moment(since).year, moment(until).year
        whole = sum(self._year(number).total for number in range(first, last))
        return timedelta(
            microseconds=whole + self._year(last).before(until) - self._year(first).before(since)
        )

    def because(self, at: datetime) -> str:
        """Why it is open or closed at a moment, in a sentence."""
        reasons = []
        for calendar, dates in zip(self.calendars, self._dates, strict=True):
            alone = Hours(calendar)
            if alone.is_open(at):
                return opened(calendar, at)
            reasons.append(closed(calendar, dates, at, alone.next_open(at)))
        return "; ".join(reasons)

    def _year(self, number: int) -> Year:
        if number not in self._years:
            pairs = zip(self.calendars, self._dates, strict=True)
            self._years[number] = united_years(year_of(one.zone, dates, number) for one, dates in pairs)
        return self._years[number]

    def _never(self, at: datetime) -> ConfigError:
        names = ", ".join(calendar.name or calendar.zone for calendar in self.calendars)
        return ConfigError(
            "calendars", f"after {at:%Y-%m-%d} {names} opens no more", "Give it hours that come back"
        )


CALENDAR_TIME = Hours(Calendar(name="calendar time", always=True))
"""Day and night, without a break."""


def hours_of(calendars: Mapping[str, Calendar], *names: str) -> Hours:
    """The hours of the calendars with these names, together; each is called so where it has no other name.

    Raises ConfigError for a name that there is not.
    """
    for name in names:
        if name not in calendars:
            known = ", ".join(sorted(calendars)) or "none"
            raise ConfigError("calendar", f"no calendar is called {name!r}", f"There are: {known}")
    return Hours(*(_called(name, calendars[name]) for name in names))


def _called(name: str, calendar: Calendar) -> Calendar:
    return calendar if calendar.name else calendar.model_copy(update={"name": name})
