"""Working hours, whatever the calendar: they agree with the clock on the wall, minute by minute, and with themselves."""

from __future__ import annotations

import zoneinfo
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from omnichannel.desk.hours import Hours
from omnichannel.desk.hours.moments import DAY, MICROSECOND, micros
from omnichannel.desk.hours.zones import stretches
from omnichannel.model.desk import Calendar

from .walls import MINUTE, calendars, minutes, moments, shows_open, worked

LENGTHS = st.integers(0, 40 * 24 * 3600 * 10**6).map(lambda number: timedelta(microseconds=number))
SOON = st.integers(0, 2 * 1440).map(lambda number: number * MINUTE)
ANY_MOMENT = st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))


@settings(max_examples=40)
@given(st.lists(calendars(), min_size=1, max_size=3), moments(), SOON)
def test_it_is_open_whenever_a_clock_on_a_wall_shows_it(
    some: list[Calendar], start: datetime, more: timedelta
) -> None:
    """And as much is worked as there are such minutes."""
    hours, end = Hours(*some), start + more
    for at in minutes(start, end):
        assert hours.is_open(at) == any(shows_open(one, at) for one in some), at
    assert hours.between(start, end) == worked(some, start, end)


@settings(max_examples=40)
@given(calendars(), moments())
def test_the_next_opening_is_the_first_minute_that_is_open(calendar: Calendar, start: datetime) -> None:
    opens = Hours(calendar).next_open(start)
    assert shows_open(calendar, opens)
    assert opens - start < timedelta(days=15)
    assert worked([calendar], start, opens) == timedelta()


@settings(max_examples=60)
@given(st.lists(calendars(), min_size=1, max_size=2), moments(MICROSECOND, 10**12), LENGTHS)
def test_adding_and_counting_undo_each_other(
    some: list[Calendar], start: datetime, length: timedelta
) -> None:
    """The end is the first moment that does: a microsecond before it, less was worked."""
    hours = Hours(*some)
    end = hours.add(start, length)
    assert end >= start
    assert hours.between(start, end) == length
    assert not length or hours.between(start, end - MICROSECOND) == length - MICROSECOND


@settings(max_examples=60)
@given(calendars(), moments(MICROSECOND, 10**12), moments(MICROSECOND, 10**12))
def test_counting_and_adding_come_back_no_later(calendar: Calendar, one: datetime, other: datetime) -> None:
    hours, start, end = Hours(calendar), min(one, other), max(one, other)
    again = hours.add(start, hours.between(start, end))
    assert again <= end
    assert hours.between(again, end) == timedelta()


@settings(max_examples=60)
@given(calendars(), ANY_MOMENT, st.lists(LENGTHS, min_size=2, max_size=2))
def test_working_time_adds_up(calendar: Calendar, start: datetime, some: list[timedelta]) -> None:
    hours, (one, other) = Hours(calendar), some
    middle, end = start + one, start + one + other
    assert hours.between(start, middle) + hours.between(middle, end) == hours.between(start, end)
    assert hours.add(hours.add(start, one), other) == hours.add(start, one + other)


@settings(max_examples=60)
@given(calendars(), ANY_MOMENT, LENGTHS, LENGTHS)
def test_later_and_longer_are_never_earlier(
    calendar: Calendar, start: datetime, later: timedelta, length: timedelta
) -> None:
    hours = Hours(calendar)
    assert hours.add(start, length) <= hours.add(start + later, length)
    assert hours.add(start, length) <= hours.add(start, length + later)
    assert hours.between(start, start + length) <= min(length, hours.between(start, start + length + later))


@settings(max_examples=30)
@given(calendars(), calendars(), ANY_MOMENT, LENGTHS)
def test_together_they_work_no_less_than_each(
    one: Calendar, other: Calendar, start: datetime, length: timedelta
) -> None:
    end = start + length
    both, alone = (
        Hours(one, other).between(start, end),
        [Hours(each).between(start, end) for each in (one, other)],
    )
    assert max(alone) <= both <= min(length, sum(alone, timedelta()))
    assert Hours(one, one).between(start, end) == alone[0]


@pytest.mark.parametrize("year", [1939, 2026])
def test_every_change_of_every_clock_in_the_world_is_found(year: int) -> None:
    """Each hour of the year is as far ahead as the zone says, and so is the second before and after each change."""
    for name in sorted(zoneinfo.available_timezones()):
        zone, found = ZoneInfo(name), stretches(name, year)
        assert sum(piece.end - piece.start for piece in found) == DAY * (366 if year % 4 == 0 else 365)
        for piece in found:
            for at in (piece.start, (piece.start + piece.end) // 2, piece.end - 10**6):
                there = datetime.fromtimestamp(at // 10**6, zone).utcoffset()
                assert there is not None
                assert there // MICROSECOND == piece.ahead, (name, at)


def test_a_zone_that_changes_at_an_odd_second_is_exact_too() -> None:
    """Amsterdam gave up its own time, 19 min 32 s ahead, on 1 July 1937."""
    before = datetime(1937, 6, 30, tzinfo=UTC)
    assert [piece.ahead // 10**6 for piece in stretches("Europe/Amsterdam", 1937)][0] in (0, 1172)
    always = Hours(Calendar(zone="Europe/Amsterdam", always=True))
    assert always.between(before, before + timedelta(days=3)) == timedelta(days=3)
    assert micros(before) == before.timestamp() * 10**6
