"""What came of a week, in words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

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
SPREAD = 1.5
"""How many times as many cases for each hour the busiest of equals may be given as the idlest."""

_STATES = ("met", "missed", "dropped", "running", "paused")


def spreads(log: Log, verdict: Verdict) -> dict[str, tuple[float, float]]:
    """Of each group of equals how many cases an hour the idlest and the busiest were given."""
    found: dict[str, list[float]] = {}
    names: dict[object, list[str]] = {}
    for person in PEOPLE:
        names.setdefault(person.alike, []).append(person.name)
    for group in names.values():
        hours = {name: _hours(log, name) for name in group}
        rates = [verdict.given[name] / hours[name] for name in group if hours[name]]
        if len(rates) > 1:
            found[", ".join(group)] = rates
    return {group: (min(rates), max(rates)) for group, rates in found.items()}


def _hours(log: Log, name: str) -> float:
    return sum((one.until - one.since for one in log.stints[name]), timedelta()) / timedelta(hours=1)


def told(log: Log, watch: Watch, verdict: Verdict, messages: int) -> Iterator[str]:
    """The report, line by line: the same for the same seed."""
    yield (
        f"{messages:,} messages ({log.heard:,} heard, {log.said:,} answers, {log.refused} too late for the platform) in "
        f"{len(log.marks):,} conversations, {len(CHANNELS)} channels, {len(PEOPLE)} people, {len(TEAMS)} teams"
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
    for group, (least, most) in spreads(log, verdict).items():
        yield f"  {least:6.2f} {most:6.2f}  {group}"
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
    widest = max((most / max(least, 0.01) for least, most in spreads(log, verdict).values()), default=1.0)
    found = [Goal(kind, len(verdict.wrong[kind]), 0, most=True) for kind in MISTAKES]
    return [*found, Goal("load of the busiest of equals beside the idlest", widest, SPREAD, most=True)]
