"""Why it is open or closed, as people say it: in the time of the place."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from omnichannel.desk.hours.dates import Dates
from omnichannel.model.desk import Calendar


def opened(calendar: Calendar, at: datetime) -> str:
    """That a calendar is open at a moment."""
    return f"{_called(calendar)} is open: it is {_there(calendar, at):%H:%M} there"


def closed(calendar: Calendar, dates: Dates, at: datetime, opens: datetime) -> str:
    """That a calendar is closed at a moment, for what reason if there is one but the hour, and when it `opens`."""
    now = _there(calendar, at)
    day = dates.day(now.date())
    name = f" ({day.name})" if day and day.name else ""
    then = f"{_there(calendar, opens):%Y-%m-%d at %H:%M}"
    return f"{_called(calendar)} is closed: it is {now:%Y-%m-%d %H:%M} there{name}, and it opens on {then}"


def _called(calendar: Calendar) -> str:
    return calendar.name or calendar.zone


def _there(calendar: Calendar, at: datetime) -> datetime:
    return at.astimezone(ZoneInfo(calendar.zone))
