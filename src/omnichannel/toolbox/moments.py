"""Reading the times that platforms write."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_EPOCH_TOP = 1e12  # below it a number is seconds, from it on milliseconds: true from 2001 to the year 33658


def from_epoch(value: float | None) -> datetime | None:
    """A moment from Unix seconds or milliseconds, told apart by size; None for nonsense."""
    if value is None or not 0 < value < 1e14:
        return None
    try:
        return datetime.fromtimestamp(value / 1000 if value >= _EPOCH_TOP else value, UTC)
    except (ValueError, OverflowError):  # beyond the year 9999
        return None


def from_iso(text: str) -> datetime | None:
    """A moment from ISO 8601 (`Z`, `+00:00` and `+0000` alike), UTC without a zone; None for nonsense."""
    try:
        moment = datetime.fromisoformat(text)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def from_http(text: str) -> datetime | None:
    """A moment from a date of HTTP (`Sun, 06 Nov 1994 08:49:37 GMT`), UTC without a zone; None for nonsense."""
    try:
        moment = parsedate_to_datetime(text)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, TypeError, OverflowError):
        return None
