"""How a time is divided, and how a report is written as CSV and drawn. No store."""

from __future__ import annotations

import csv
import io
import re
import xml.etree.ElementTree as ET
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from omnichannel.desk.reports import FIGURES, divide, draw, moment_of, spans, to_csv, zone_of
from omnichannel.errors import UsageError
from omnichannel.model.desk import Every, Figures, Kept, Report, Times

SVG = "{http://www.w3.org/2000/svg}"
MONDAY = datetime(2026, 3, 2, tzinfo=UTC)


def cut(since: str, until: str, every: Every, zone: str = "Europe/Amsterdam") -> list[str]:
    """Where the periods of a time begin, by the clock on the wall."""
    place = zone_of(zone)
    start, end = (moment_of(date.fromisoformat(one), place) for one in (since, until))
    return [
        f"{first.astimezone(place):%Y-%m-%d %H:%M%z}" for first, _ in spans(divide(start, end, every, place))
    ]


def test_days_weeks_and_months_are_those_of_the_clock_on_the_wall() -> None:
    assert cut("2026-03-28", "2026-03-31", "day") == [
        "2026-03-28 00:00+0100", "2026-03-29 00:00+0100", "2026-03-30 00:00+0200",
    ]  # fmt: skip
    assert cut("2026-03-25", "2026-04-07", "week") == [
        "2026-03-25 00:00+0100", "2026-03-30 00:00+0200", "2026-04-06 00:00+0200",
    ]  # fmt: skip
    assert cut("2026-01-15", "2026-03-02", "month") == [
        "2026-01-15 00:00+0100", "2026-02-01 00:00+0100", "2026-03-01 00:00+0100",
    ]  # fmt: skip
    assert cut("2026-03-01", "2026-05-01", "") == ["2026-03-01 00:00+0100"]


def test_hours_on_the_days_on_which_the_clock_is_changed() -> None:
    assert len(cut("2026-03-29", "2026-03-30", "hour")) == 23
    assert len(cut("2026-10-25", "2026-10-26", "hour")) == 25
    assert cut("2026-10-25", "2026-10-26", "hour")[2:4] == ["2026-10-25 02:00+0200", "2026-10-25 02:00+0100"]
    assert len(cut("2026-04-05", "2026-04-06", "hour", "Australia/Lord_Howe")) == 25, (
        "one of them is half an hour"
    )
    assert cut("2026-03-02", "2026-03-03", "hour", "Asia/Kathmandu")[1] == "2026-03-02 01:00+0545"


@settings(max_examples=40)
@given(
    since=st.datetimes(datetime(1971, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC)),
    length=st.timedeltas(timedelta(seconds=1), timedelta(days=70)),
    every=st.sampled_from(["", "hour", "day", "week", "month"]),
    zone=st.sampled_from(["UTC", "Europe/Amsterdam", "America/St_Johns", "Pacific/Apia", "Africa/Cairo"]),
)
def test_nothing_is_left_out_and_nothing_is_in_two(
    since: datetime, length: timedelta, every: Every, zone: str
) -> None:
    place = zone_of(zone)
    pieces = divide(since, since + length, every, place)
    assert (pieces[0].since, pieces[-1].until) == (since, since + length)
    assert all(one.until == other.since and one.since < one.until for one, other in pairwise(pieces))
    assert all(other.period - one.period in (0, 1) for one, other in pairwise(pieces))
    for piece in pieces:
        last = piece.until - timedelta(microseconds=1)
        assert {one.astimezone(place).date() for one in (piece.since, last)} == {
            piece.day.astimezone(place).date()
        }


def test_what_cannot_be_divided_says_why() -> None:
    with pytest.raises(UsageError, match="needs its time zone"):
        moment_of(datetime(2026, 3, 2), zone_of("UTC"))
    with pytest.raises(UsageError, match="1901 to 2399"):
        divide(datetime(1900, 1, 1, tzinfo=UTC), MONDAY, "", zone_of("UTC"))


def report(*names: str, every: Every = "day", days: int = 3) -> Report:
    """Some days of some agents."""
    span = [MONDAY + timedelta(days=day) for day in range(days + 1)]
    rows = tuple(
        Figures(
            name=name, since=since, until=until, received=10 * place + day,
            first=Times(count=1, median=timedelta(minutes=5)) if day else Times(),
            in_first=Kept(met=1, missed=2),
        )
        for day, (since, until) in enumerate(pairwise(span)) for place, name in enumerate(names)
    )  # fmt: skip
    total = Figures(since=span[0], until=span[-1], received=sum(row.received for row in rows))
    return Report(
        since=span[0],
        until=span[-1],
        zone="Europe/Amsterdam",
        by="agent",
        every=every,
        rows=rows,
        total=total,
    )


# ------------------------------------------------------------------------------------------------------ CSV


def test_a_table_has_every_figure_and_nothing_that_a_spreadsheet_carries_out() -> None:
    names = (
        '=HYPERLINK("http://evil.example","x")',
        "@SUM(1)",
        "-1+1",
        "+31201234567",
        'Ann "A", B',
        "\tcmd",
        "",
    )
    read = list(csv.reader(io.StringIO(to_csv(report(*names)))))
    heads, parts = read[0], read[1:]
    assert heads[:4] == ["row", "since", "until", "agent"]
    assert len(heads) == 4 + len(FIGURES)
    assert [row[3] for row in parts[:7]] == [
        "'=HYPERLINK(\"http://evil.example\",\"x\")", "'@SUM(1)", "'-1+1", "+31201234567", 'Ann "A", B', "'\tcmd", "",
    ]  # fmt: skip
    assert parts[0][1] == "2026-03-02T01:00:00+01:00"
    at = heads.index
    assert (parts[7][at("first median seconds")], parts[0][at("first median seconds")]) == ("300", "")
    assert parts[0][at("in_first share")] == "0.333333"
    assert parts[-1][0] == "total"
    assert int(parts[-1][at("received")]) == sum(int(row[at("received")]) for row in parts[:-1])


def test_what_is_told_of_a_row_is_all_that_is_in_it() -> None:
    """A figure that is added to a row is in tables and drawings, too."""
    told = {name.partition(".")[0] for name in FIGURES}
    assert told == set(Figures.model_fields) - {"name", "since", "until"}


# ------------------------------------------------------------------------------------------------------ SVG


def drawn(made: Report, figure: str, **more: str) -> ET.Element:
    text = draw(made, figure, **more)
    assert text == draw(made, figure, **more), "the same drawing of the same report"
    return ET.fromstring(text)


def test_lines_can_be_told_apart_without_colour_and_without_eyes() -> None:
    names = [f"agent {number}" for number in range(8)]
    svg = drawn(report(*names), "received")
    told = svg.find(f"{SVG}desc")
    assert svg.get("role") == "img"
    assert svg.get("aria-labelledby") == "title told"
    assert told is not None
    assert "agent 1: 10, 11, 12" in str(told.text)
    looks = set()
    for group in svg.iter(f"{SVG}g"):
        line, *marks = group.findall(f"{SVG}path")
        shape = str(marks[0].get("d")).partition("m")[2]
        looks.add((line.get("stroke-dasharray"), shape, marks[0].get("fill")))
        assert len([mark for mark in marks if mark.find(f"{SVG}title") is not None]) == 3
    assert len(looks) == 8
    colours = {value for one in svg.iter() for name in ("fill", "stroke") if (value := one.get(name))}
    assert colours <= {"#000", "#fff", "#555", "#777", "#ccc", "none"}


def test_where_there_is_nothing_a_line_has_a_gap_and_time_has_a_unit() -> None:
    svg = drawn(report("Ann"), "first.median")
    [group] = svg.iter(f"{SVG}g")
    points = [one for one in group.iter(f"{SVG}title") if "minutes" in str(one.text)]
    assert [str(one.text) for one in points] == ["Ann, 2026-03-03: 5 minutes", "Ann, 2026-03-04: 5 minutes"]
    assert "first answer, median (minutes)" in [one.text for one in svg.iter(f"{SVG}text")]


def test_bars_where_there_are_no_periods_and_nothing_where_there_is_nothing() -> None:
    svg = drawn(report("Ann", "", every="", days=1), "in_first.share", title="How well we do")
    assert [one.text for one in svg.iter(f"{SVG}text")] == [
        "How well we do (%)", "2026-03-02 01:00 to 2026-03-03 01:00, Europe/Amsterdam", "Ann", "33.33%",
        "nobody", "33.33%",
    ]  # fmt: skip
    assert "Nothing was counted" in draw(report(every=""), "sent")
    assert "Nothing was counted" in draw(report(), "sent")


@settings(max_examples=40)
@given(
    name=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60),
    title=st.text(max_size=60),
)
def test_no_name_breaks_out_of_a_drawing_or_a_table(name: str, title: str) -> None:
    made = report(name, every="", days=1)
    svg = ET.fromstring(draw(made, "received", title=title))
    assert {one.tag for one in svg.iter()} <= {
        f"{SVG}{tag}" for tag in ("svg", "title", "desc", "rect", "text", "g")
    }
    [_, row, _] = csv.reader(io.StringIO(to_csv(made), newline=""))
    assert row[3].removeprefix("'") == "\n".join(re.split("\r\n|\r", name)).removeprefix("'")


def test_what_cannot_be_drawn_says_why() -> None:
    with pytest.raises(UsageError, match="no figure is called 'sold'; there are: received, sent"):
        draw(report("Ann"), "sold")
    with pytest.raises(UsageError, match="9 lines cannot be told apart, 8 can"):
        draw(report(*"abcdefghi"), "received")
