"""When somebody is there to take calls: `Mo-Fr 09:00-17:30, Sa 10:00-13:00`, in a zone."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from omnichannel.errors import ConfigError

UTC = ZoneInfo("UTC")

_DAYS = ("mo", "tu", "we", "th", "fr", "sa", "su")
_SPAN = re.compile(
    rf"({'|'.join(_DAYS)})(?:-({'|'.join(_DAYS)}))?\s+(\d\d?):(\d\d)-(\d\d?):(\d\d)", re.IGNORECASE
)
_CURE = "Write days and times as in Mo-Fr 09:00-17:30, Sa 10:00-13:00"


@dataclass(frozen=True, slots=True)
class Hours:
    """Spans of minutes of a day, by weekday (Monday is 0); none at all means that it is always open."""

    spans: tuple[tuple[int, int, int], ...] = ()
    zone: ZoneInfo = UTC

    def open_at(self, moment: datetime | None) -> bool:
        """Whether somebody is there. Without a moment nobody can say: then it is open."""
        if not self.spans or moment is None:
            return True
        local = moment.astimezone(self.zone)
        minute = local.hour * 60 + local.minute
        return any(day == local.weekday() and start <= minute < end for day, start, end in self.spans)


def hours_of(written: str, zone: ZoneInfo) -> Hours:
    """Opening hours as they are written. Raises ConfigError."""
    spans: list[tuple[int, int, int]] = []
    for span in filter(None, (one.strip() for one in written.replace(";", ",").split(","))):
        found = _SPAN.fullmatch(span)
        if not found:
            raise ConfigError("hours", f"{span[:40]!r} is no span of days and times", _CURE)
        first, last = _DAYS.index(found[1].lower()), _DAYS.index((found[2] or found[1]).lower())
        start, end = int(found[3]) * 60 + int(found[4]), int(found[5]) * 60 + int(found[6])
        if not 0 <= start < end <= 24 * 60:
            raise ConfigError("hours", f"{span[:40]!r} does not end after it begins, on one day", _CURE)
        spans += [((first + step) % 7, start, end) for step in range((last - first) % 7 + 1)]
    return Hours(tuple(spans), zone)


_LONGEST_NAME = 64


def zone_of(given: str, setting: str = "zone") -> ZoneInfo:
    """A time zone by name. Raises ConfigError."""
    if len(given) <= _LONGEST_NAME:  # it is looked for part by part, as a path
        with suppress(ValueError, OSError, KeyError):
            return ZoneInfo(given)
    cure = "Use a name such as Europe/Amsterdam (the package tzdata brings them where the system has none)"
    raise ConfigError(setting, f"{given[:40]!r} is no time zone", cure)
