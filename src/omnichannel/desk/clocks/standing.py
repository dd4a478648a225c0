"""How every promise in a conversation stands: a function of its course, the terms and the moment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple

from omnichannel.desk.clocks.choosing import Terms, because, chosen
from omnichannel.desk.clocks.counting import counted_until, periods, reached, stands_still
from omnichannel.desk.clocks.course import Course, Facts, Timer
from omnichannel.desk.clocks.wording import length, moment
from omnichannel.desk.hours import Hours
from omnichannel.model.desk import Clock, State, Target


class _Due(NamedTuple):
    """By when something is due for what was asked on one channel, and by which target."""

    at: datetime | None
    kind: str
    since: datetime
    target: Target
    hours: Hours


def clocks(course: Course, terms: Terms, now: datetime) -> tuple[Clock, ...]:
    """Every clock that runs, and every one that ended of which nothing was told yet; none where no target fits."""
    found = (_clock(timer, timer.facts or course.facts, terms, now) for timer in course.timers)
    return tuple(clock for clock in found if clock)


def next_moment(some: Iterable[Clock]) -> datetime | None:
    """When something is to be said of one of them next, unless something happens before; None if never."""
    return min((clock.speaks_at for clock in some if clock.speaks_at), default=None)


def _clock(timer: Timer, facts: Facts, terms: Terms, now: datetime) -> Clock | None:
    due = min(_dues(timer, facts, terms), key=_soonest, default=None)
    if due is None:
        return None
    target, hours, start = due.target, due.hours, timer.asks[0].at
    due_at = timer.missed_at or due.at
    took = None
    if timer.ended_at:
        took = counted_until(periods(timer, target, start), timer.ended_at, hours)
    state = _state(timer, target, due_at, now)
    return Clock(
        what=timer.what,
        number=timer.number,
        state=state,
        target=target.name,
        within=target.within,
        started_at=start,
        due_at=due_at,
        warn_at=_warn_at(timer, due),
        warned=timer.warned,
        ended_at=timer.ended_at,
        took=took,
        kind=due.kind,
        **facts.model_dump(),
        because=tuple(_reasons(timer, facts, due, due_at, state)),
    )


def _dues(timer: Timer, facts: Facts, terms: Terms) -> Iterator[_Due]:
    """What is due for each channel on which they asked the same."""
    for ask in timer.asks:
        target = chosen(terms.targets, timer.what, ask.kind, facts)
        if target:
            hours = terms.hours_of(target, facts.team)
            at = reached(periods(timer, target, ask.at), target.within, hours)
            yield _Due(at, ask.kind, ask.at, target, hours)


def _soonest(due: _Due) -> tuple[bool, datetime]:
    return due.at is None, due.at or due.since


def _warn_at(timer: Timer, due: _Due) -> datetime | None:
    if due.target.warn == 1:
        return None
    return reached(periods(timer, due.target, due.since), due.target.within * due.target.warn, due.hours)


def _state(timer: Timer, target: Target, due_at: datetime | None, now: datetime) -> State:
    """What was told stays; else the first of the two counts, that it ended and that it was due."""
    if timer.missed_at or (due_at and due_at <= (timer.ended_at or now)):
        return "missed"
    if timer.ended_at:
        return "dropped" if timer.closed and timer.what != "resolution" else "met"
    return "paused" if stands_still(timer, target, now) else "running"


def _reasons(timer: Timer, facts: Facts, due: _Due, due_at: datetime | None, state: State) -> Iterator[str]:
    target = due.target
    yield f"asked by {due.kind} at {moment(due.since)}"
    yield because(target, due.kind, facts)
    if timer.missed_at:
        yield f"it was missed at {moment(timer.missed_at)}, and that stays so"
    elif due_at:
        yield f"{length(target.within)} of {_measure(target, due.hours)} are over at {moment(due_at)}"
    if state == "paused":
        last = timer.stretches[-1]
        why = "we wait for the customer" if last.waiting and "waiting" in target.pauses else "it is put aside"
        yield f"since {moment(last.since)} {why}, which does not count"
    if timer.ended_at:
        yield f"{'closed' if timer.closed else 'answered'} at {moment(timer.ended_at)}"


def _measure(target: Target, hours: Hours) -> str:
    names = " and ".join(calendar.name or calendar.zone for calendar in hours.calendars)
    return "calendar time" if target.time == "calendar" else f"working time ({names})"
