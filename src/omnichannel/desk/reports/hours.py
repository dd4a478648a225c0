"""In whose hours working time is counted, and whether these are still the hours that it was counted in."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import lru_cache

from omnichannel.desk.hours import CALENDAR_TIME, Hours

ALWAYS = "always"
"""The mark of day and night."""


def worked_by(hours: Mapping[str, Hours], team: str) -> Hours:
    """A team's hours; of one that has none those of everybody, or else day and night."""
    return hours.get(team) or hours.get("") or CALENDAR_TIME


@lru_cache(maxsize=64)
def mark(hours: Hours) -> str:
    """The same for hours that say the same, in every process."""
    if hours is CALENDAR_TIME:
        return ALWAYS
    said = "\n".join(calendar.model_dump_json() for calendar in hours.calendars)
    return hashlib.sha256(said.encode()).hexdigest()[:12]
