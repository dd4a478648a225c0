"""Working hours: case tables with real zones, each moment and length told by hand."""

from __future__ import annotations

import builtins
import sys
import tomllib
from datetime import UTC, date, datetime, timedelta
from types import ModuleType
from zoneinfo import ZoneInfo

import pytest

from omnichannel.desk.hours import CALENDAR_TIME, Hours, check_place, hours_of, public_days
from omnichannel.errors import ConfigError
from omnichannel.model.desk import Calendar

OFFICE = "09:00-17:30"
WEEK = {"mon": OFFICE, "tue": OFFICE, "wed": OFFICE, "thu": OFFICE, "fri": OFFICE}


def calendar(zone: str = "Europe/Amsterdam", **written: object) -> Calendar:
    return Calendar.model_validate({"name": "office", "zone": zone, **(written or WEEK)})


def at(written: str, zone: str = "Europe/Amsterdam", fold: int = 0) -> datetime:
    """A moment as the clock on the wall there shows it; `fold=1` when it shows it for the second time."""
    return datetime.fromisoformat(written).replace(tzinfo=ZoneInfo(zone), fold=fold)


# Each case: hours, zone, from when, how long, until when; and the second time of an hour where it exists twice.
LENGTHS = {
    "within a day": (WEEK, "Europe/Amsterdam", "2026-11-23T09:30", "2:00", "2026-11-23T11:30"),
    "over the weekend": (WEEK, "Europe/Amsterdam", "2026-11-20T16:30", "2:00", "2026-11-23T10:00"),
    "an hour before closing ends at closing time": (WEEK, "Europe/Amsterdam", "2026-11-20T16:30", "1:00", "2026-11-20T17:30"),
    "from a closed moment": (WEEK, "Europe/Amsterdam", "2026-11-21T12:00", "0:30", "2026-11-23T09:30"),
    "over a lunch": ({"mon": "09:00-12:00, 13:00-17:00"}, "Europe/Amsterdam", "2026-11-23T11:30", "1:00", "2026-11-23T13:30"),
    "over midnight": ({"mon": "22:00-06:00"}, "Europe/Amsterdam", "2026-11-23T23:00", "3:00", "2026-11-24T02:00"),
    "a night in which an hour is skipped": ({"sat": "22:00-06:00"}, "Europe/Amsterdam", "2026-03-28T22:00", "7:00", "2026-03-29T06:00"),
    "a night in which an hour comes twice": ({"sat": "22:00-06:00"}, "Europe/Amsterdam", "2026-10-24T22:00", "9:00", "2026-10-25T06:00"),
    "office hours do not notice": (WEEK, "Europe/Amsterdam", "2026-03-27T17:00", "1:00", "2026-03-30T09:30"),
    "hours that begin in the hour that is skipped": ({"sun": "02:30-05:00"}, "Europe/Amsterdam", "2026-03-29T00:00", "2:00", "2026-03-29T05:00"),
    "New York changes on another Sunday": ({"sun": "00:00-24:00"}, "America/New_York", "2026-03-08T00:00", "23:00", "2026-03-09T00:00"),
    "New York in autumn": ({"sun": "00:00-24:00"}, "America/New_York", "2026-11-01T00:00", "25:00", "2026-11-02T00:00"),
    "half an hour off": (WEEK, "Asia/Kolkata", "2026-11-20T17:00", "1:00", "2026-11-23T09:30"),
    "three quarters off": (WEEK, "Asia/Kathmandu", "2026-11-20T17:00", "1:00", "2026-11-23T09:30"),
    "summer time of half an hour begins": ({"sun": "00:00-24:00"}, "Australia/Lord_Howe", "2026-10-04T00:00", "23:30", "2026-10-05T00:00"),
    "summer time of half an hour ends": ({"sun": "00:00-24:00"}, "Australia/Lord_Howe", "2026-04-05T00:00", "24:30", "2026-04-06T00:00"),
    "a Friday that never was": (WEEK, "Pacific/Apia", "2011-12-29T16:30", "2:00", "2012-01-02T10:00"),
    "a leap day": ({"thu": OFFICE, "days": {"02-29": "10:00-11:00"}}, "Europe/Amsterdam", "2024-02-29T00:00", "1:30", "2024-03-07T09:30"),
    "a year without it": ({"fri": OFFICE, "days": {"02-29": "closed"}}, "Europe/Amsterdam", "2025-02-28T09:00", "1:00", "2025-02-28T10:00"),
    "a holiday in every year": ({**WEEK, "days": {"12-25": "closed"}}, "Europe/Amsterdam", "2026-12-24T17:00", "1:00", "2026-12-28T09:30"),
    "half a day": ({**WEEK, "days": {"12-24": "09:00-12:00"}}, "Europe/Amsterdam", "2026-12-24T11:00", "2:00", "2026-12-25T10:00"),
    "a Sunday that is worked": ({**WEEK, "days": {"2026-11-29": "10:00-16:00"}}, "Europe/Amsterdam", "2026-11-28T12:00", "1:00", "2026-11-29T11:00"),
    "this year unlike the others": ({**WEEK, "days": {"12-24": "closed", "2026-12-24": OFFICE}}, "Europe/Amsterdam", "2026-12-24T09:00", "1:00", "2026-12-24T10:00"),
    "the night before a holiday goes on into it": ({"thu": "22:00-06:00", "fri": OFFICE, "days": {"12-25": "closed"}}, "Europe/Amsterdam", "2026-12-24T23:00", "7:00", "2026-12-25T06:00"),
    "two days that touch": ({"mon": "12:00-24:00", "tue": "00:00-12:00"}, "Europe/Amsterdam", "2026-11-23T23:00", "2:00", "2026-11-24T01:00"),
    "always, but for Christmas": ({"always": True, "days": {"12-25": "closed"}}, "Europe/Amsterdam", "2026-12-24T23:00", "2:00", "2026-12-26T01:00"),
    "into the new year, which is older in London": ({"wed": "22:00-06:00"}, "America/New_York", "2025-12-31T18:00", "5:00", "2026-01-01T03:00"),
    "a new year that London is still waiting for": ({"thu": "01:00-06:00"}, "Pacific/Kiritimati", "2025-12-31T18:00", "5:00", "2026-01-01T06:00"),
    "a long night over a short day, as an hour is skipped": ({"sat": "12:00-11:00", "sun": "01:00-01:30"}, "Europe/Amsterdam", "2026-03-28T22:00", "12:00", "2026-03-29T11:00"),
    "two thousand hours": (WEEK, "Europe/Amsterdam", "2026-01-05T09:00", "2000:00", "2026-11-30T11:30"),
}  # fmt: skip


@pytest.mark.parametrize("case", LENGTHS.values(), ids=LENGTHS)
def test_so_much_working_time_ends_then(case: tuple[dict[str, object], str, str, str, str]) -> None:
    """And between the two moments lies exactly so much."""
    written, zone, start, length, end = case
    hours = Hours(calendar(zone, **written))
    hour, minute = map(int, length.split(":"))
    worked = timedelta(hours=hour, minutes=minute)
    assert hours.add(at(start, zone), worked) == at(end, zone)
    assert hours.between(at(start, zone), at(end, zone)) == worked


def test_the_clock_on_the_wall_decides_in_the_hour_that_comes_twice() -> None:
    """Whoever works until 02:30 is there until 02:30, and again when the clock shows 02:00 once more."""
    hours = Hours(calendar(sat="22:00-02:30"))
    first, second = at("2026-10-25T02:10"), at("2026-10-25T02:10", fold=1)
    assert hours.is_open(first)
    assert not hours.is_open(at("2026-10-25T02:40"))
    assert hours.is_open(second)
    assert hours.between(at("2026-10-24T22:00"), at("2026-10-25T08:00")) == timedelta(hours=5)


def test_it_is_open_from_the_first_minute_on_and_closed_at_the_last() -> None:
    hours = Hours(calendar())
    assert hours.is_open(at("2026-11-23T09:00"))
    assert not hours.is_open(at("2026-11-23T17:30"))
    assert hours.is_open(at("2026-11-23T17:29:59.999999"))
    assert hours.next_open(at("2026-11-23T17:30")) == at("2026-11-24T09:00")
    assert hours.next_open(at("2026-11-23T12:00")) == at("2026-11-23T12:00")
    assert hours.next_open(at("2025-12-31T18:00")) == at("2026-01-01T09:00")


def test_nothing_is_worked_backwards() -> None:
    hours = Hours(calendar())
    assert hours.between(at("2026-11-24T12:00"), at("2026-11-23T12:00")) == timedelta()
    assert hours.add(at("2026-11-22T12:00"), timedelta()) == at("2026-11-22T12:00")
    with pytest.raises(ValueError, match="below zero"):
        hours.add(at("2026-11-23T12:00"), timedelta(hours=-1))


def test_follow_the_sun() -> None:
    """Three offices of eight hours never close; an answer is due in working time, wherever it is worked."""
    offices = {
        "amsterdam": calendar("Europe/Amsterdam", **dict.fromkeys(WEEK, "08:00-17:00")),
        "new york": calendar("America/New_York", **dict.fromkeys(WEEK, "08:00-18:00")),
        "sydney": calendar("Australia/Sydney", **dict.fromkeys(WEEK, "08:00-19:00")),
    }
    two = hours_of(offices, "amsterdam", "new york")
    unnamed = Calendar.model_validate({"zone": "UTC", "mon": OFFICE})
    assert "late shift" in hours_of({"late shift": unnamed}, "late shift").because(at("2026-11-23T12:00"))
    assert two.add(at("2026-11-23T16:30"), timedelta(hours=1)) == at("2026-11-23T17:30")
    assert two.between(at("2026-11-23T00:00"), at("2026-11-24T00:00")) == timedelta(hours=16)
    three = hours_of(offices, *offices)
    assert three.between(at("2026-11-24T00:00"), at("2026-11-25T00:00")) == timedelta(hours=24)
    with pytest.raises(ConfigError, match="no calendar is called 'tokyo'"):
        hours_of(offices, "tokyo")
    with pytest.raises(ConfigError, match="Give at least one"):
        Hours()


def test_calendar_time_never_stops() -> None:
    start = datetime(2026, 3, 28, tzinfo=UTC)
    assert CALENDAR_TIME.add(start, timedelta(days=400, microseconds=1)) == start + timedelta(
        days=400, microseconds=1
    )
    assert CALENDAR_TIME.is_open(start)


def test_why_it_is_open_or_closed() -> None:
    hours = Hours(calendar(**WEEK, days={"12-25": {"name": "Christmas"}}))
    assert hours.because(at("2026-11-23T14:05")) == "office is open: it is 14:05 there"
    assert hours.because(at("2026-12-25T10:00")) == (
        "office is closed: it is 2026-12-25 10:00 there (Christmas), and it opens on 2026-12-28 at 09:00"
    )
    both = Hours(calendar(), calendar("Asia/Kolkata"))
    assert both.because(at("2026-11-23T06:00")) == "office is open: it is 10:30 there"
    assert both.because(at("2026-11-22T12:00")).count("is closed") == 2


def test_times_that_nobody_can_count() -> None:
    hours = Hours(calendar())
    with pytest.raises(ValueError, match="needs its time zone"):
        hours.is_open(datetime(2026, 1, 1))
    with pytest.raises(ValueError, match="from 1901 to 2399"):
        hours.between(datetime(1, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC))


def test_hours_that_end_for_good() -> None:
    """Somebody who is closed on every date from one on is told so, and not looked for through all years."""
    every = {
        f"{month:02}-{day:02}": "closed" for month in range(1, 13) for day in range(1, 32) if real(month, day)
    }
    never = Hours(calendar(**WEEK, days=every))
    with pytest.raises(ConfigError, match="opens no more"):
        never.next_open(at("2026-11-23T12:00"))
    with pytest.raises(ConfigError, match="opens no more"):
        never.add(at("2026-11-23T12:00"), timedelta(hours=1))


def real(month: int, day: int) -> bool:
    try:
        return bool(date(2000, month, day))
    except ValueError:
        return False


def test_public_holidays_are_closed() -> None:
    hours = Hours(calendar(**WEEK, public="NL", days={"2026-04-27": OFFICE}))
    assert hours.add(at("2026-04-03T17:00"), timedelta(hours=1)) == at("2026-04-07T10:00")  # over Easter
    assert not hours.is_open(at("2026-05-14T12:00"))
    assert "Ascension Day" in hours.because(at("2026-05-14T12:00"))
    assert hours.is_open(at("2026-04-27T12:00"))  # ours work on King's Day
    assert date(2026, 6, 4) in public_days("DE-BY", 2026)
    assert date(2026, 6, 4) not in public_days("DE", 2026)
    assert public_days("", 2026) == {}


@pytest.mark.parametrize(
    ("place", "says"), [("XX", "of XX"), ("NL-ZZ", "NL-Zuid"), ("AW-X", "no parts of its own")]
)
def test_places_that_nobody_knows(place: str, says: str) -> None:
    with pytest.raises(ConfigError, match=says):
        Hours(calendar(**WEEK, public=place))


def test_without_the_library_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    real_import = builtins.__import__

    def without(name: str, *rest: object, **named: object) -> ModuleType:
        if name == "holidays":
            raise ImportError(name)
        return real_import(name, *rest, **named)

    monkeypatch.delitem(sys.modules, "holidays", raising=False)
    monkeypatch.setattr(builtins, "__import__", without)
    public_days.cache_clear()
    with pytest.raises(ConfigError, match=r"omnichannel\[desk\]"):
        check_place("NL")
    assert Hours(calendar()).is_open(at("2026-11-23T12:00"))


TOML = """
zone = "Europe/Amsterdam"
mon = "09:00-17:30"
tue = "9:00 - 12:00, 13:00–17:00"
fri = ["09:00-12:00", "13:00-16:00"]
sat = "22:00-06:00"
sun = "closed"
public = "NL"

[days]
12-24 = "09:00-12:00"
12-31 = ["09:00-10:00", "11:00-12:00"]
2026-11-29 = { open = "10:00-16:00", name = "Black Friday weekend" }
2026-08-14 = { name = "moving house" }
"""


def test_a_calendar_is_plain_toml() -> None:
    read = Calendar.model_validate(tomllib.loads(TOML))
    assert [str(span) for span in (*read.tue, *read.sat)] == ["09:00-12:00", "13:00-17:00", "22:00-06:00"]
    assert read.wed == read.sun == ()
    assert [(day.on, len(day.open), day.every_year) for day in read.days] == [
        ("12-24", 1, True), ("12-31", 2, True), ("2026-11-29", 1, False), ("2026-08-14", 0, False),
    ]  # fmt: skip
    assert Calendar.model_validate_json(read.model_dump_json()) == read


WRONG = {
    "nothing at all": ({}, "never opens"),
    "a day that is spelt otherwise": ({"monday": OFFICE}, "has no monday; it has name, zone, always, mon"),
    "no times": ({"mon": "9-5"}, "as in 09:00-17:30"),
    "no text": ({"mon": 9}, "are no hours"),
    "no minutes of an hour": ({"mon": "09:00-17:60"}, "no clock shows"),
    "beyond midnight": ({"mon": "09:00-25:00"}, "no clock shows"),
    "no length": ({"mon": "09:00-09:00"}, "write 00:00-24:00 for a whole day"),
    "an overlap": ({"mon": "09:00-13:00, 12:00-17:00"}, "write them as one"),
    "longer than a day": ({"mon": [{"start": 60, "end": 1501}]}, "within 24 hours"),
    "no zone": ({"zone": "Europe/Delft", "always": True}, "such as Europe/Amsterdam"),
    "a path for a zone": ({"zone": "../../etc/passwd", "always": True}, "no time zone"),
    "hours beside always": ({"always": True, "mon": OFFICE}, "leave out the hours"),
    "no date": ({"always": True, "days": {"25-12": "closed"}}, "12-25 for every year"),
    "another way to write a date": ({"always": True, "days": {"20261225": "closed"}}, "is no date"),
    "a date that never comes": ({"always": True, "days": {"2026-02-29": "closed"}}, "is no date"),
    "a number for a day": ({"always": True, "days": {"12-25": 0}}, '"closed", or a table'),
    "a date twice": ({"always": True, "days": [{"on": "12-25"}, {"on": "12-25"}]}, "written twice"),
    "no place": ({"always": True, "public": "Netherlands"}, "pattern"),
}


@pytest.mark.parametrize(("written", "says"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_with_a_calendar_is_said_with_the_cure(written: dict[str, object], says: str) -> None:
    with pytest.raises(ValueError, match=says.replace("(", r"\(")):
        Calendar.model_validate(written)
