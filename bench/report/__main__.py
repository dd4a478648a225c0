"""`python -m bench report`: a day's report over a large store, beside the same questions in bare SQL.

Eight hours of a desk are made and counted by our code, and copied until there are so many messages (`filling`). Then,
in turn: `inbox.desk.reports.of`; by hand, the same figures in bare SQL on what is counted; and what one would ask
without it, volumes and first answers alone, of the messages themselves. All three must say the same.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import partial
from statistics import median
from typing import Any, NamedTuple

from bench.interleave import Lap, ratio, rounds, table, timed
from bench.outcome import Goal, finish
from bench.places import Place, Say, options, wanted
from bench.report.filling import BEGIN, LENGTH, PLAN, TEMPLATE, Kept, copy, fill
from omnichannel import Inbox
from omnichannel.clock import micros, moment
from omnichannel.model.desk import Report

SECONDS, SCAN = 5.0, 1.0
"""The goals: a day's report takes no longer, and costs no more than scanning the messages for two of its figures."""

MANY = 1_000_000
"""From so many messages on: of few messages a scan costs nothing."""

HEAD = ("report", "rows", "s", "by hand s", "scan s", "beside by hand", "beside a scan")


class Kind(NamedTuple):
    """A report, as it is asked for."""

    name: str
    days: tuple[date, date]
    by: str = ""
    every: str = ""


def kinds(copies: int) -> list[Kind]:
    """Days in the middle, and the whole of it."""
    first = moment(BEGIN).date()
    days = max(1, copies * LENGTH // timedelta(days=1))
    one = first + timedelta(days=days // 2)
    day, week = (one, one + timedelta(days=1)), (one, one + timedelta(days=min(7, days)))
    return [
        Kind("a day by channel", day, "kind"),
        Kind("a day by agent", day, "agent"),
        Kind("a day by hour", day, "", "hour"),
        Kind("a week by team and day", week, "team", "day"),
        Kind("everything by month and channel", (first, first + timedelta(days=days + 1)), "kind", "month"),
    ]


class Made(NamedTuple):
    """Of one kind of report: how many rows it has, each contestant's laps."""

    kind: Kind
    rows: int
    laps: dict[str, list[Lap]]


def measure(inbox: Inbox, run: Callable[[Any], Any], say: Say, copies: int, times: int) -> list[Made]:
    """Every kind of report, all contestants in turn."""
    found = []
    for kind in kinds(copies):
        ours = partial(_report, inbox, run, kind)
        report = ours()
        check(report, counted(say, kind), scanned(say, kind))
        contestants = {
            "ours": lambda ours=ours: timed(ours),
            "by hand": lambda kind=kind: timed(lambda: counted(say, kind)),
            "scan": lambda kind=kind: timed(lambda: scanned(say, kind)),
        }
        found.append(Made(kind, len(report.rows), rounds(contestants, times)))
    return found


def _report(inbox: Inbox, run: Callable[[Any], Any], kind: Kind) -> Report:
    found: Report = run(inbox.desk.reports.of(*kind.days, by=kind.by, every=kind.every))  # type: ignore[arg-type]
    return found


def _span(kind: Kind) -> tuple[int, int]:
    since, until = (micros(datetime(day.year, day.month, day.day, tzinfo=UTC)) for day in kind.days)
    return since, until


def counted(say: Say, kind: Kind) -> tuple[int, int, int]:
    """By hand, on what is counted: every kind of count by name, all lengths in order. Messages, answers, median."""
    since, until = _span(kind)
    name = f", {kind.by}" if kind.by else ""
    rows = say(
        f"SELECT what, value{name}, COUNT(*) FROM counts WHERE workspace = 1 AND at >= ? AND at < ?"
        " AND what IN (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 15, 16, 17, 18)"
        f" GROUP BY what, value{name}",
        (since, until),
    )
    lengths = {
        what: say(
            f"SELECT at - begun_at, worked{name} FROM counts WHERE workspace = 1 AND what = ? AND at >= ? AND at < ?"
            " ORDER BY at - begun_at",
            (what, since, until),
        )
        for what in (3, 4, 5)
    }
    received = sum(int(str(row[-1])) for row in rows if row[0] == 0)
    firsts = lengths[3]
    return received, len(firsts), int(str(firsts[(len(firsts) - 1) // 2][0])) if firsts else 0


def scanned(say: Say, kind: Kind) -> tuple[int, int, int]:
    """Without any of it: every message is looked at, and what was the first answer to what."""
    since, until = _span(kind)
    rows = say(
        "SELECT kind, COUNT(*) FROM messages WHERE workspace = 1 AND direction = 0 AND received_at >= ?"
        " AND received_at < ? GROUP BY kind",
        (since, until),
    )
    firsts = say(
        "SELECT answered - asked FROM (SELECT MIN(CASE WHEN direction = 0 THEN received_at END) AS asked,"
        " MIN(CASE WHEN direction = 1 THEN sent_at END) AS answered FROM messages WHERE workspace = 1"
        " GROUP BY conversation) AS f WHERE answered >= ? AND answered < ? ORDER BY 1",
        (since, until),
    )
    middle = int(str(firsts[(len(firsts) - 1) // 2][0])) if firsts else 0
    return sum(int(str(row[1])) for row in rows), len(firsts), middle


def check(report: Report, *others: tuple[int, int, int]) -> None:
    """All contestants tell the same."""
    total = report.total
    told = (
        total.received,
        total.first.count,
        (total.first.median or timedelta()) // timedelta(microseconds=1),
    )
    for other in others:
        assert told == other, f"we say {told}, bare SQL {other}"


def row(made: Made) -> tuple[str, ...]:
    """One line of the table."""
    walls = [f"{median(lap.wall for lap in made.laps[name]):.3f}" for name in ("ours", "by hand", "scan")]
    shares = [f"{ratio(made.laps['ours'], made.laps[name]).wall:.2f}x" for name in ("by hand", "scan")]
    return (made.kind.name, str(made.rows), *walls, *shares)


def goals(engine: str, messages: int, made: Sequence[Made]) -> list[Goal]:
    """What a day's report keeps to, in a large store."""
    if messages < MANY:
        return []
    found = []
    for one in made:
        if one.kind.name.startswith("a day"):
            wall = median(lap.wall for lap in one.laps["ours"])
            found.append(Goal(f"{engine}, {one.kind.name}: seconds", wall, SECONDS, most=True))
            beside = ratio(one.laps["ours"], one.laps["scan"]).wall
            found.append(Goal(f"{engine}, {one.kind.name}: beside a scan", beside, SCAN))
    return found


def told(engine: str, messages: int, kept: Kept, size: int) -> str:
    """What keeping up costs."""
    once, each = (spent / kept.messages * 1e6 for spent in (kept.once, kept.each))
    return (
        f"{engine}, {messages:,} messages, {size / 1e9:.1f} GB. Counting costs {once:.0f} µs CPU a message, or"
        f" {each:.0f} µs where it is done again after each message; {kept.rows / kept.messages:.1f} rows a message"
    )


def run_one(place: Place, messages: int, times: int) -> tuple[Kept, list[Made]]:
    """Fill a store, and make reports of it."""
    kept = fill(place.url, messages)
    copies = max(1, messages // TEMPLATE)
    copy(place.say, copies)
    if place.engine == "postgres":
        place.say("ANALYZE", ())  # as the server does by itself, a little later
    inbox = Inbox(place.url, desk=PLAN)
    with asyncio.Runner() as runner:
        try:
            return kept, measure(inbox, runner.run, place.say, copies, times)
        finally:
            runner.run(inbox.close())


def main(argv: Sequence[str]) -> int:
    """Print the tables; 1 if a goal is missed."""
    parser = options("report", __doc__, 5)
    parser.add_argument("--messages", type=int, default=100_000, help="in tens of thousands")
    given = parser.parse_args(argv)
    lines, found = [], []
    for fresh in wanted(given):
        with fresh as place:
            kept, made = run_one(place, given.messages, given.rounds)
            size = place.size()
        lines += [told(place.engine, given.messages, kept, size), table(HEAD, [row(one) for one in made])]
        found += goals(place.engine, given.messages, made)
    return finish("report", "\n".join(lines), found)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
