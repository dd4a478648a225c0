"""Which promises were kept, counted from the log of the week by the clock on the wall."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from bench.week.company import ANSWER, GOLD, RESOLUTION, TOPICS, URGENT
from bench.week.log import Mark
from bench.week.walls import MINUTE, hours_of


class Stood(NamedTuple):
    """How a promise came out, or stands; and when it was, or is, due."""

    state: str
    due: datetime | None


@dataclass
class Promise:
    """One promise: when it was asked on which channel, and when it stood still (since when, waiting, put aside)."""

    name: str
    asks: dict[str, datetime]
    turns: list[tuple[datetime, bool, datetime | None]]
    ended: datetime | None = None
    dropped: bool = False
    missed: datetime | None = None
    team: str = ""
    urgent: bool = False


@dataclass
class Course:
    """A conversation, mark by mark."""

    gold: bool
    team: str = "world"
    urgent: bool = False
    closed: bool = True
    answered: bool = False
    numbers: Counter[str] = field(default_factory=Counter)
    running: list[Promise] = field(default_factory=list)
    over: list[Promise] = field(default_factory=list)

    def take(self, mark: Mark) -> None:
        """What one mark does."""
        match mark.what:
            case "asked":
                self._asked(mark)
            case "answered":
                self.answered |= any(one.name[0] != "r" for one in self.running)
                self._end(mark.at, [one for one in self.running if one.name[0] != "r"], dropped=False)
                self._turn(mark.at, waiting=True)
            case "closed":
                self._end(mark.at, list(self.running), dropped=True)
                self.closed = True
            case "snoozed":
                for one in self.running:
                    one.turns.append((mark.at, one.turns[-1][1], mark.until))
            case "woken":
                self._turn(mark.at, waiting=False)
            case _:
                for one in self.running:  # what was missed by then stays so
                    due = self.due(one)
                    one.missed = one.missed or (due if due and due <= mark.at else None)
                self.team = mark.team or self.team

    def _asked(self, mark: Mark) -> None:
        if self.closed:
            self.urgent |= TOPICS[mark.topic].priority == "urgent"
            self.urgent &= TOPICS[mark.topic].priority in ("urgent", "normal")
        self.closed = False
        for one in self.running:
            one.asks.setdefault(mark.kind, mark.at)
        self._turn(mark.at, waiting=False)
        there = {one.name[0] for one in self.running}
        if "r" not in there:
            self._begin("resolution", mark)
        if not there - {"r"}:
            self._begin("next" if self.answered else "first", mark)

    def _begin(self, what: str, mark: Mark) -> None:
        self.numbers[what] += 1
        name = f"{what}:{self.numbers[what]}"
        self.running.append(Promise(name, {mark.kind: mark.at}, [(mark.at, False, None)]))

    def _turn(self, at: datetime, *, waiting: bool) -> None:
        for one in self.running:
            one.turns.append((at, waiting, None))

    def _end(self, at: datetime, ended: Sequence[Promise], *, dropped: bool) -> None:
        for one in ended:
            one.ended, one.dropped, one.team, one.urgent = at, dropped, self.team, self.urgent
            self.running.remove(one)
            self.over.append(one)

    # ------------------------------------------------------------------------------------- when due

    def due(self, one: Promise) -> datetime | None:
        """When a promise is due; None while it stands still."""
        team, urgent = (one.team, one.urgent) if one.ended else (self.team, self.urgent)
        if one.name[0] == "r":
            return _reached(_counted(one), RESOLUTION * MINUTE, team)
        if urgent and not self.gold:
            return min(one.asks.values()) + URGENT * MINUTE
        minutes = {kind: GOLD if self.gold else ANSWER[kind] for kind in one.asks}
        return min(hours_of(team).after(at, minutes[kind] * MINUTE) for kind, at in one.asks.items())

    def stood(self, one: Promise, now: datetime) -> Stood:
        """How a promise came out by now."""
        due = one.missed or self.due(one)
        if due and due <= (one.ended or now):
            return Stood("missed", due)
        if one.ended:
            return Stood("dropped" if one.dropped and one.name[0] != "r" else "met", due)
        _, waiting, aside = one.turns[-1]
        still = one.name[0] == "r" and (waiting or (aside is not None and aside > now))
        return Stood("paused" if still else "running", due)


def _counted(one: Promise) -> Iterator[tuple[datetime, datetime | None]]:
    """When a resolution counts: not while we wait for the customer, not while it is put aside."""
    ends: list[datetime | None] = [at for at, _, _ in one.turns[1:]]
    for (since, waiting, aside), end in zip(one.turns, [*ends, None], strict=True):
        start = max(since, aside) if aside else since
        if not waiting and (end is None or start < end):
            yield start, end


def _reached(
    counted: Iterator[tuple[datetime, datetime | None]], length: timedelta, team: str
) -> datetime | None:
    hours = hours_of(team)
    for start, end in counted:
        at = hours.after(start, length)
        if end is None or at <= end:
            return at
        length -= hours.between(start, end)
    return None


def promises(marks: Sequence[Mark], now: datetime, *, gold: bool) -> dict[str, Stood]:
    """Every promise in a conversation, by name, and how it came out."""
    course = Course(gold)
    for mark in marks:
        course.take(mark)
    return {one.name: course.stood(one, now) for one in (*course.over, *course.running)}
