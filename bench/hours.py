"""`python -m bench hours`: working time beside a clock on the wall, minute by minute, and a walk over the days.

First calendars made by chance, each in a time zone of the world and a year of this century: every minute of that
year, whether it is open by our reckoning, and whether the clock there shows a time within the hours. Then what it
costs to add and to count working time, beside the usual loop over the days of the same calendar; both take turns.
"""

from __future__ import annotations

import argparse
import random
import zoneinfo
from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from bench.interleave import Lap, ratio, rounds, table, timed
from bench.outcome import Goal, finish
from omnichannel.desk.hours import Hours
from omnichannel.model.desk import DAYS, Calendar, Span

MINUTE = timedelta(minutes=1)
AMSTERDAM = ZoneInfo("Europe/Amsterdam")
OFFICE = Calendar.model_validate({"zone": "Europe/Amsterdam", **dict.fromkeys(DAYS[:5], "09:00-17:00")})
START = datetime(2026, 1, 5, 9, 30, tzinfo=AMSTERDAM)
LENGTHS = {"1 h": 1, "80 h": 80, "a year (2,080 h)": 2080}


def by_chance(draw: random.Random) -> tuple[Calendar, int]:
    """A calendar in some zone, with hours over midnight among others, and a year to look at it."""
    week = {day: tuple(_spans(draw)) for day in DAYS}
    week["wed"] = week["wed"] or (Span(start=600, end=660),)
    zone = draw.choice(sorted(zoneinfo.available_timezones() - {"localtime"}))
    return Calendar(name=zone, zone=zone, **week), draw.randrange(2001, 2100)


def _spans(draw: random.Random) -> list[Span]:
    count = draw.choice([0, 1, 1, 2])
    marks = sorted(draw.sample(range(1440), 2 * count))
    spans = [Span(start=start, end=end) for start, end in zip(marks[::2], marks[1::2], strict=True)]
    if spans and draw.random() < 0.3:
        last = spans[-1].start
        spans[-1] = Span(start=last, end=draw.randrange(last + 1, last + 1441))
    return spans


def shows_open(calendar: Calendar, zone: ZoneInfo, at: datetime) -> bool:
    """Whether the clock on the wall shows a time within the hours of today, or of a night that began yesterday."""
    wall = at.astimezone(zone)
    minute, today = wall.hour * 60 + wall.minute, wall.weekday()
    return any(span.start <= minute < span.end for span in calendar.week[today]) or any(
        minute + 1440 < span.end for span in calendar.week[today - 1]
    )


def disagreements(calendar: Calendar, year: int) -> tuple[int, int]:
    """The minutes of a year that were looked at, and those on which we and the clock on the wall do not agree."""
    hours, zone = Hours(calendar), ZoneInfo(calendar.zone)
    at, end = datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC)
    looked = wrong = worked = 0
    while at < end:
        shown = shows_open(calendar, zone, at)
        looked, wrong, worked = looked + 1, wrong + (hours.is_open(at) != shown), worked + shown
        at += MINUTE
    whole = hours.between(datetime(year, 1, 1, tzinfo=UTC), end)
    return looked, wrong + abs(whole // MINUTE - worked)


def walked(start: datetime, left: timedelta) -> datetime:
    """The usual loop: the end of so much working time, day by day."""
    at = start
    while True:
        opens = datetime.combine(at.date(), time(9), AMSTERDAM)
        closes = datetime.combine(at.date(), time(17), AMSTERDAM)
        at = max(at, opens)
        if at.weekday() < 5 and at < closes:
            if left <= closes - at:
                return at + left
            left -= closes - at
        at = datetime.combine(at.date() + timedelta(days=1), time(), AMSTERDAM)


def counted(start: datetime, end: datetime) -> timedelta:
    """The usual loop the other way round: how much is worked until then."""
    total, on = timedelta(), start.date()
    while on <= end.date():
        if on.weekday() < 5:
            opens, closes = (
                datetime.combine(on, time(9), AMSTERDAM),
                datetime.combine(on, time(17), AMSTERDAM),
            )
            total += max(timedelta(), min(closes, end) - max(opens, start))
        on += timedelta(days=1)
    return total


def speed(count: int, times: int) -> tuple[list[list[str]], list[Goal]]:
    """What each costs in microseconds, and how many times as fast ours is."""
    hours = Hours(OFFICE)
    rows, goals = [], []
    for what, number in LENGTHS.items():
        length = timedelta(hours=number)
        end = walked(START, length)
        assert hours.add(START, length) == end
        assert hours.between(START, end) == counted(START, end) == length
        pairs = {
            "add": (partial(hours.add, START, length), partial(walked, START, length)),
            "between": (partial(hours.between, START, end), partial(counted, START, end)),
        }
        for name, (ours, plain) in pairs.items():
            laps = rounds({"ours": partial(timed, ours, times), "walk": partial(timed, plain, times)}, count)
            found = ratio(laps["ours"], laps["walk"]).cpu
            rows.append([f"{name}, {what}", f"{_each(laps['ours'], times):.1f}", f"{found:.2f}"])
            if number > 1:
                goals.append(Goal(f"{name}, {what}, beside a walk over the days", found, 1))
    return rows, goals


def _each(laps: Sequence[Lap], times: int) -> float:
    return min(lap.cpu for lap in laps) / times * 1e6


def main(argv: Sequence[str]) -> int:
    """Check and measure; 1 if a minute is told wrongly, or the walk is faster over more than a day."""
    parser = argparse.ArgumentParser(prog="python -m bench hours", description=__doc__)
    parser.add_argument(
        "--calendars", type=int, default=20, help="how many calendars are looked at for a year"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--times", type=int, default=300)
    given = parser.parse_args(argv)
    draw = random.Random(given.seed)
    looked = wrong = 0
    for _ in range(given.calendars):
        calendar, year = by_chance(draw)
        some, bad = disagreements(calendar, year)
        looked, wrong = looked + some, wrong + bad
        if bad:
            print(f"{bad} minutes of {year} are told wrongly: {calendar!r}")
    rows, goals = speed(given.rounds, given.times)
    shown = f"{looked:,} minutes of {given.calendars} calendars; {wrong} told otherwise than by the clock on the wall"
    goals.append(Goal("minutes told wrongly", wrong, 0, most=True))
    return finish(
        "hours", f"{shown}\n{table(['working time', 'µs CPU', 'times as fast as a walk'], rows)}", goals
    )
