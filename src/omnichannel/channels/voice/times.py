"""Times and durations as exchanges write them: with or without a zone, day or month first."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

from omnichannel.toolbox import from_epoch

_LOCAL = re.compile(
    r"(\d{1,2})[./-](\d{1,2})[./-](\d{4}|\d{2})[ T,]+(\d{1,2}):(\d\d)(?::(\d\d))?(?:[.,]\d+)?\s*([ap]m)?",
    re.IGNORECASE,
)
_CLOCK = re.compile(r"(?:(\d+):)?(\d{1,3}):(\d\d)(?:[.,]\d+)?")
_MINUTES = re.compile(r"(?:(\d+)\s*h\w*)?\s*(?:(\d+)\s*m\w*)?\s*(?:(\d+)\s*s\w*)?", re.IGNORECASE)


def month_first(written: Iterable[str]) -> bool:
    """Whether 04/12 is the twelfth of April here: only if some date in the file cannot be read otherwise."""
    found = [match for text in written if (match := _LOCAL.fullmatch(text.strip()))]
    return any(int(match[2]) > 12 for match in found) and not any(int(match[1]) > 12 for match in found)


def moment(written: str, zone: ZoneInfo, *, month_before_day: bool = False) -> datetime | None:
    """A time, local ones in `zone`; None for what is none. In the hour that exists twice it is the first one."""
    bare = written.strip()
    if re.fullmatch(r"\d{10}(?:\d{3})?(?:\.\d+)?", bare):
        return from_epoch(float(bare))
    found = _iso(bare) or _local(bare, month_before_day) or _rfc(bare)
    if found is None:
        return None
    try:
        return (found.replace(tzinfo=zone) if found.tzinfo is None else found).astimezone(UTC)
    except (OverflowError, ValueError):
        return None


def _iso(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text.replace("/", "-") if re.match(r"\d{4}/", text) else text)
    except ValueError:
        return None


def _local(text: str, month_before_day: bool) -> datetime | None:
    found = _LOCAL.fullmatch(text)
    if not found:
        return None
    one, other, hour = int(found[1]), int(found[2]), int(found[4])
    day, month = (other, one) if month_before_day else (one, other)
    half = (found[7] or "").lower()
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    year = int(found[3]) + (2000 if len(found[3]) == 2 else 0)
    try:
        return datetime(year, month, day, hour, int(found[5]), int(found[6] or 0))  # noqa: DTZ001 - its zone follows
    except ValueError:
        return None


def _rfc(text: str) -> datetime | None:
    try:
        return parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError):
        return None


def seconds(written: str) -> int | None:
    """A duration: `80`, `80.4`, `1:20`, `00:01:20`, `1 min 20 s`; None for what is none."""
    bare = written.strip()
    if re.fullmatch(r"\d{1,9}(?:[.,]\d+)?", bare):
        return int(re.split("[.,]", bare)[0])
    if found := _CLOCK.fullmatch(bare):
        return int(found[1] or 0) * 3600 + int(found[2]) * 60 + int(found[3])
    found = _MINUTES.fullmatch(bare)
    if not bare or not found or not any(found.groups()):
        return None
    return int(found[1] or 0) * 3600 + int(found[2] or 0) * 60 + int(found[3] or 0)
