"""What counts of the time of a timer, and when enough of it has."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise

from omnichannel.desk.clocks.course import Stretch, Timer
from omnichannel.desk.hours import Hours
from omnichannel.model.desk import Target

Period = tuple[datetime, datetime | None]
"""From when to when it counts; None: until something happens."""


def periods(timer: Timer, target: Target, since: datetime) -> Iterator[Period]:
    """When a timer counts from a moment on, as if it had not ended; the last one may be open."""
    ends = [*(after.since for _, after in pairwise(timer.stretches)), None]
    for stretch, end in zip(timer.stretches, ends, strict=True):
        start = _counts_from(stretch, target)
        if start is None:
            continue
        start = max(start, since)
        if end is None or start < end:
            yield start, end


def reached(counted: Iterator[Period], length: timedelta, hours: Hours) -> datetime | None:
    """When so much has counted; None if that is not known, because the timer stands still."""
    for start, end in counted:
        at = hours.add(start, length)
        if end is None or at <= end:
            return at
        length -= hours.between(start, end)
    return None


def counted_until(counted: Iterator[Period], until: datetime, hours: Hours) -> timedelta:
    """How much has counted before a moment."""
    worked = (hours.between(start, until if end is None else min(end, until)) for start, end in counted)
    return sum(worked, timedelta())


def stands_still(timer: Timer, target: Target, now: datetime) -> bool:
    """Whether nothing counts at the moment, for another reason than the hour."""
    start = _counts_from(timer.stretches[-1], target)
    return start is None or start > now


def _counts_from(stretch: Stretch, target: Target) -> datetime | None:
    """From when on a stretch counts; None if it does not."""
    if stretch.waiting and "waiting" in target.pauses:
        return None
    if stretch.snoozed and "snoozed" in target.pauses:
        return max(stretch.since, stretch.snoozed)
    return stretch.since
