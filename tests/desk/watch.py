"""Clocks told another way: somebody with a stopwatch for every question, who looks at it once a minute.

It knows the rules as the page on clocks writes them, and nothing of how they are computed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from omnichannel.desk.clocks import Answered, Asked, Filed, Mark, Snoozed, Terms, Turned
from omnichannel.desk.clocks.course import Facts
from omnichannel.model.desk import Target

from .walls import MINUTE, shows_open


@dataclass
class Watch:
    """One stopwatch: the first minute of each channel, the minutes in which it stood still, and its end."""

    what: str
    number: int
    asks: dict[str, datetime]
    still: dict[str, set[datetime]] = field(default_factory=lambda: {"waiting": set(), "snoozed": set()})
    waiting: bool = False
    snoozed: datetime | None = None
    end: datetime | None = None
    closed: bool = False
    facts: Facts | None = None


@dataclass
class Watcher:
    """Somebody who hears every mark at its minute, and writes down every minute."""

    facts: Facts = field(default_factory=Facts)
    watches: list[Watch] = field(default_factory=list)
    answered: bool = False
    kind: str = ""
    closed: bool = False

    def look(self, marks: list[Mark], start: datetime, end: datetime) -> None:
        """Every minute until the end; what happens in a minute is known before it counts."""
        left = list(marks)
        now = start
        while now < end:
            while left and left[0].at <= now:
                self.hear(left.pop(0), now)
            for watch in self.running():
                if watch.waiting:
                    watch.still["waiting"].add(now)
                if watch.snoozed and now < watch.snoozed:
                    watch.still["snoozed"].add(now)
            now += MINUTE

    def running(self, *whats: str) -> list[Watch]:
        return [one for one in self.watches if one.end is None and (not whats or one.what in whats)]

    def start(self, what: str, now: datetime) -> None:
        number = 1 + sum(one.what == what for one in self.watches) + self.dropped.get(what, 0)
        self.watches.append(Watch(what, number, {self.kind: now}))

    dropped: dict[str, int] = field(default_factory=dict)

    def hear(self, mark: Mark, now: datetime) -> None:
        if isinstance(mark, Asked):
            self.ask(mark.kind, now)
        elif isinstance(mark, Answered) and mark.by == "person":
            for watch in self.running("first", "next", "window"):
                self.answered = self.answered or watch.what != "window"
                self.stop(watch, now, closed=False)
            self.stand(now, waiting=mark.waits)
        elif isinstance(mark, Filed):
            said = mark.model_dump(exclude={"at"}, exclude_none=True)
            self.facts = self.facts.model_copy(update=said)
        elif isinstance(mark, Snoozed):
            for watch in self.running():
                watch.snoozed = mark.until
        elif isinstance(mark, Turned) and mark.to == "closed":
            self.closed = True
            for watch in self.running():
                self.stop(watch, now, closed=True)
        elif isinstance(mark, Turned) and mark.to == "open":
            if self.closed and self.kind:
                self.start("resolution", now)
            self.closed = False
        elif isinstance(mark, Turned):
            self.stand(now, waiting=mark.to == "waiting")

    def ask(self, kind: str, now: datetime) -> None:
        self.kind, self.closed = kind, False
        for window in self.running("window"):
            self.watches.remove(window)
            self.dropped["window"] = self.dropped.get("window", 0) + 1
        for watch in self.running():
            watch.asks.setdefault(kind, now)
        self.stand(now, waiting=False)
        if not self.running("resolution"):
            self.start("resolution", now)
        if not self.running("first", "next"):
            self.start("next" if self.answered else "first", now)
        self.start("window", now)

    def stand(self, now: datetime, waiting: bool) -> None:
        for watch in self.running():
            watch.waiting, watch.snoozed = waiting, None

    def stop(self, watch: Watch, now: datetime, closed: bool) -> None:
        watch.end, watch.closed, watch.facts = now, closed, self.facts


def due(
    watch: Watch, target: Target, terms: Terms, facts: Facts, since: datetime, until: datetime
) -> datetime | None:
    """When as many minutes have counted as the target has, looking no further than `until`."""
    left, now = target.within, since
    while now < until:
        left -= MINUTE if counts(watch, target, terms, facts, now) else timedelta()
        now += MINUTE
        if left <= timedelta():
            return now
    return None


def took(watch: Watch, target: Target, terms: Terms, facts: Facts, until: datetime) -> timedelta:
    """How many minutes counted until it ended."""
    since = min(watch.asks.values())
    number = (until - since) // MINUTE
    return MINUTE * sum(counts(watch, target, terms, facts, since + MINUTE * each) for each in range(number))


def counts(watch: Watch, target: Target, terms: Terms, facts: Facts, now: datetime) -> bool:
    if any(now in watch.still[pause] for pause in target.pauses):
        return False
    hours = terms.hours.get(facts.team) or terms.hours[""]
    return target.time == "calendar" or any(shows_open(one, now) for one in hours.calendars)
