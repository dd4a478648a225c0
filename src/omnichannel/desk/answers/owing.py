"""What was promised to somebody who waits, and by when they will have their answer, by the working hours."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from omnichannel.desk.hours import Hours
from omnichannel.errors import ConfigError
from omnichannel.model.desk import Clock


def owed(
    clocks: Iterable[Clock], hours: Hours | None, now: datetime
) -> tuple[datetime | None, datetime | None]:
    """When the next answer is due, and by when there will be one: for `away`. None where nothing says so.

    There will be one as soon after opening as was promised after asking: who promises an hour, and opens at nine,
    answers by ten. While it is open, and without hours, it is now.
    """
    running = [one for one in clocks if one.what in ("first", "next") and one.ended_at is None and one.due_at]
    if not running:
        return None, None
    clock = min(running, key=lambda one: one.due_at or now)
    if hours is None or hours.is_open(now):
        return clock.due_at, now
    try:
        return clock.due_at, hours.add(now, clock.within)
    except ConfigError:
        return clock.due_at, None  # they never open again
