"""Lengths and moments, as an agent reads them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_UNITS = ((3600, "h"), (60, "min"), (1, "s"))


def length(given: timedelta) -> str:
    """A length in hours, minutes and seconds: `1 h 30 min`. Less than a second is left out."""
    left, found = int(given.total_seconds()), []
    for size, unit in _UNITS:
        count, left = divmod(left, size)
        if count:
            found.append(f"{count} {unit}")
    return " ".join(found) or "0 s"


def moment(given: datetime) -> str:
    """A moment, to the second: `2026-11-20 16:30 UTC`."""
    shown = given.astimezone(UTC)
    return f"{shown:%Y-%m-%d %H:%M:%S} UTC" if shown.second else f"{shown:%Y-%m-%d %H:%M} UTC"
