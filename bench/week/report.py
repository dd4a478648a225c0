"""What came of a week, in words."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import timedelta
from typing import NamedTuple

from bench.outcome import Goal
from bench.week.company import CHANNELS, PEOPLE, TEAMS
from bench.week.judge import Verdict, Watch
from bench.week.log import Log

MISTAKES = (
    "not explained",
    "given to somebody who cannot have it",
    "a rule ignored",
    "without owner or place",
    "with somebody who is not there",
    "given before one that stood before it",
    "promises counted otherwise",
)
UNFAIR = 1.25
"""So many times as many cases an hour the busiest of equals may be given as the idlest, beside what chance does."""

_STATES = ("met", "missed", "dropped", "running", "paused")


class Spread(NamedTuple):
    """Equals: how many cases an hour the idlest and the busiest were given, and how long each was there."""

    names: str
    least: float
    most: float
    hours: float

    @property
    def unfair(self) -> bool:
        """Whether the busiest was given more than chance does: four deviations."""
        return self.most > UNFAIR * self.least + 4 * math.sqrt((self.least + self.most) / 2 / self.hours)


def spreads(log: Log, verdict: Verdict) -> list[Spread]:
    """The load of each group of equals."""
    groups: dict[object, list[str]] = {}
    for person in PEOPLE:
        groups.setdefault(person.alike, []).append(person.name)
    found = []
    for names in groups.values():
        hours = [_hours(log, name) for name in names]
        if len(names) > 1 and min(hours):
            rates = [verdict.given[name] / there for name, there in zip(names, hours, strict=True)]
            found.append(Spread(", ".join(names), min(rates), max(rates), sum(hours) / len(hours)))
    return found


def _hours(log: Log, name: str) -> float:
    return sum((one.until - one.since for one in log.stints[name]), timedelta()) / timedelta(hours=1)


def told(log: Log, watch: Watch, verdict: Verdict, messages: int) -> Iterator[str]:
    """The report, line by line: the same for the same seed."""
    yield f"{messages:,} messages: {log.heard:,} heard, {log.said:,} answers, {log.refused} refused as too late"
    yield (
        f"in {len(log.marks):,} conversations; {len(CHANNELS)} channels, {len(PEOPLE)} people, {len(TEAMS)} teams"
    )
    yield f"{verdict.assigned:,} changes of owner, each explained:"
    for reason, count in verdict.by_reason.most_common(12):
        yield f"  {count:>7,}  {reason}"
    yield "promises      " + "".join(f"{state:>18}" for state in _STATES) + "   (library / counted)"
    for what in ("first", "next", "resolution"):
        pairs = [(verdict.counted[what, state], verdict.expected[what, state]) for state in _STATES]
        yield f"  {what:<12}" + "".join(f"{f'{ours:,} / {theirs:,}':>18}" for ours, theirs in pairs)
    waits = sorted(watch.waits)
    if waits:
        middle, late = waits[len(waits) // 2], waits[len(waits) * 9 // 10]
        yield f"waited in a queue: half {_short(middle)}, one in ten {_short(late)}, the longest {_short(waits[-1])}"
    yield f"given an hour, the idlest and the busiest of equals, {watch.looks:,} looks:"
    for one in spreads(log, verdict):
        yield f"  {one.least:6.2f} {one.most:6.2f}  {one.names}"
    for kind in MISTAKES:
        yield f"{len(verdict.wrong[kind]):>6}  {kind}"
        for said in sorted(set(verdict.wrong[kind]))[:5]:
            yield f"        {said}"
    yield f"the week is {verdict.digest}"


def _short(span: timedelta) -> str:
    minutes = span // timedelta(minutes=1)
    return f"{minutes // 60} h {minutes % 60:02} min" if minutes >= 60 else f"{minutes} min"


def goals(log: Log, verdict: Verdict) -> list[Goal]:
    """What has to hold."""
    unfair = sum(one.unfair for one in spreads(log, verdict))
    found = [Goal(kind, len(verdict.wrong[kind]), 0, most=True) for kind in MISTAKES]
    return [*found, Goal("groups of equals of whom one is given more", unfair, 0, most=True)]
