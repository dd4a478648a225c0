"""What is to be said of clocks now. Each thing once, whatever changes afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from omnichannel.desk.clocks.choosing import Terms
from omnichannel.desk.clocks.course import Course, fold
from omnichannel.desk.clocks.marks import Told
from omnichannel.desk.clocks.standing import clocks, next_moment
from omnichannel.model.desk import Clock


class Telling(NamedTuple):
    """What is said now, the course that knows it, the clocks that still run, and when there is more to say."""

    told: tuple[Told, ...]
    course: Course
    clocks: tuple[Clock, ...]
    next_at: datetime | None


def tell(course: Course, terms: Terms, now: datetime) -> Telling:
    """What is to be said by now, once: that a clock is nearly over, that it was missed, and how it ended.

    `told` goes into the record, and folded into the course again (`fold`) it makes this one. A clock that is missed
    already is not warned of. What ended, and has no target, has nothing to be said of it.
    """
    before = clocks(course, terms, now)
    told = tuple(said for clock in before for said in _said(clock, course, now))
    after = fold(course, told)
    after = after.model_copy(update={"timers": tuple(timer for timer in after.timers if timer.runs)})
    left = clocks(after, terms, now) if told else before
    return Telling(told, after, left, next_moment(left))


def _said(clock: Clock, course: Course, now: datetime) -> Iterator[Told]:
    said_before = next(timer.missed_at for timer in course.timers if timer.name == clock.name)
    if clock.state == "missed":
        if not said_before:
            yield Told(at=now, what="missed", clock=clock)
    elif clock.warn_at and clock.warn_at <= now and not clock.warned and not clock.ended_at:
        yield Told(at=now, what="warned", clock=clock)
    if clock.ended_at:
        yield Told(at=now, what="ended", clock=clock)
