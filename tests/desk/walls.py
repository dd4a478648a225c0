"""Working time told another way: somebody who looks at the clock on the wall, minute by minute."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from omnichannel.model.desk import DAYS, Calendar, Day, Span

MINUTE = timedelta(minutes=1)

# Ordinary ones, quarters of an hour, half an hour of summer time, a midnight that is skipped, a missing day.
ZONES = [
    "UTC", "Europe/Amsterdam", "America/New_York", "Asia/Kolkata", "Asia/Kathmandu", "Australia/Lord_Howe",
    "Pacific/Apia", "America/Sao_Paulo", "Africa/Casablanca", "Pacific/Kiritimati", "America/St_Johns",
]  # fmt: skip

# Moments near which the clocks of those zones were changed, or a day is odd.
CHANGES = [
    datetime(2026, 3, 29, 1, tzinfo=UTC), datetime(2026, 10, 25, 1, tzinfo=UTC),  # Amsterdam
    datetime(2026, 3, 8, 7, tzinfo=UTC), datetime(2026, 11, 1, 6, tzinfo=UTC),  # New York
    datetime(2026, 4, 4, 15, tzinfo=UTC), datetime(2026, 10, 3, 15, 30, tzinfo=UTC),  # Lord Howe
    datetime(2011, 12, 30, 10, tzinfo=UTC), datetime(2018, 11, 4, 3, tzinfo=UTC),  # Apia, São Paulo
    datetime(2026, 2, 15, 2, tzinfo=UTC), datetime(2024, 2, 29, 12, tzinfo=UTC),  # Casablanca, a leap day
    datetime(2025, 12, 31, 23, tzinfo=UTC), datetime(2000, 1, 1, tzinfo=UTC),
]  # fmt: skip


def hours_of(calendar: Calendar, on: date) -> tuple[Span, ...]:
    """What a calendar says of a date, looked up in the plainest way; public holidays are left out."""
    for written in (f"{on:%Y-%m-%d}", f"{on:%m-%d}"):
        for day in calendar.days:
            if day.on == written:
                return day.open
    return (Span(start=0, end=1440),) if calendar.always else getattr(calendar, DAYS[on.weekday()])


def shows_open(calendar: Calendar, at: datetime) -> bool:
    """Whether the clock on the wall shows a time within the hours."""
    wall = at.astimezone(ZoneInfo(calendar.zone)).replace(tzinfo=None)
    for on in (wall.date(), wall.date() - timedelta(days=1)):
        minutes = (wall - datetime(on.year, on.month, on.day)) / MINUTE
        if any(span.start <= minutes < span.end for span in hours_of(calendar, on)):
            return True
    return False


def minutes(start: datetime, end: datetime) -> Iterator[datetime]:
    """Every minute from one moment until another."""
    while start < end:
        yield start
        start += MINUTE


def worked(calendars: list[Calendar], start: datetime, end: datetime) -> timedelta:
    """How many minutes somebody works, counted one by one."""
    return MINUTE * sum(any(shows_open(one, at) for one in calendars) for at in minutes(start, end))


@st.composite
def spans(draw: st.DrawFn) -> tuple[Span, ...]:
    """The hours of a day: none, one or two stretches, the last one perhaps over midnight."""
    marks = sorted(draw(st.lists(st.integers(0, 1439), max_size=4, unique=True)))
    pairs = list(zip(marks[::2], marks[1::2], strict=False))
    found = [Span(start=start, end=end) for start, end in pairs]
    if found and draw(st.booleans()):
        last = found[-1].start
        found[-1] = Span(start=last, end=draw(st.integers(last + 1, last + 1440)))
    return tuple(found)


DATES = st.sampled_from(
    [f"{at + timedelta(days=more):{form}}" for at in CHANGES for more in (-1, 0, 1) for form in ("%Y-%m-%d", "%m-%d")]
)  # fmt: skip


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    """Hours of any kind in any of the zones; it opens on some weekday."""
    zone = draw(st.sampled_from(ZONES))
    days = tuple(Day(on=on, open=draw(spans())) for on in draw(st.lists(DATES, max_size=4, unique=True)))
    if draw(st.integers(0, 7)) == 0:
        return Calendar(zone=zone, always=True, days=days)
    week = {day: draw(spans()) for day in DAYS}
    if not any(week.values()):
        week["wed"] = (Span(start=600, end=660),)
    return Calendar(zone=zone, days=days, **week)


@st.composite
def moments(draw: st.DrawFn, by: timedelta = MINUTE, reach: int = 3 * 1440) -> datetime:
    """A moment near a change of the clocks."""
    return draw(st.sampled_from(CHANGES)) + by * draw(st.integers(-reach, reach))
