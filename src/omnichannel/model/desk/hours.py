"""When people work: the hours of a week in a time zone, and the days that are unlike others.

Written as plain TOML tables:

    [calendars.amsterdam]
    zone = "Europe/Amsterdam"
    mon = "09:00-17:30"
    fri = ["09:00-12:00", "13:00-16:00"]
    sat = "22:00-06:00"                  # until Sunday morning
    public = "NL"                        # closed on public holidays

    [calendars.amsterdam.days]
    12-24 = "09:00-12:00"                # every year
    2026-11-29 = "10:00-16:00"           # this Sunday only
    2026-08-14 = { name = "moving house" }
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import Annotated, Self
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, Field, field_validator, model_validator

from omnichannel.model.base import Value

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
"""The days of a week, as a calendar names them; Monday is the first."""

_DAY = 24 * 60  # minutes
_SPAN = re.compile(r"\s*(\d\d?):(\d\d)\s*[-–]\s*(\d\d?):(\d\d)\s*")
_EVERY_YEAR = re.compile(r"\d\d-\d\d")
_LONGEST_NAME = 64  # characters of a time zone: it is looked for part by part, as a path


class Span(Value):
    """From one time of the day to another, by the clock on the wall: `start` counts, `end` does not.

    Both in minutes after midnight. An `end` after 24:00 lies on the next day, up to 24 hours after the start. Written
    as `09:00-17:30`, or over midnight as `22:00-06:00`.
    """

    start: int = Field(ge=0, lt=_DAY)
    end: int = Field(gt=0, le=2 * _DAY)

    @model_validator(mode="before")
    @classmethod
    def _read(cls, given: object) -> object:
        return _minutes(given) if isinstance(given, str) else given

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> Self:
        if not self.start < self.end <= self.start + _DAY:
            raise ValueError(f"{self} does not end within 24 hours after it starts")
        return self

    def __str__(self) -> str:
        return f"{_clock(self.start)}-{_clock(self.end if self.end <= _DAY else self.end - _DAY)}"


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _minutes(written: str) -> dict[str, int]:
    cure = "write from when to when, as in 09:00-17:30, or over midnight 22:00-06:00"
    found = _SPAN.fullmatch(written)
    if not found:
        raise ValueError(f"{written[:40]!r} are no hours of a day; {cure}")
    from_hour, from_minute, to_hour, to_minute = map(int, found.groups())
    start, end = from_hour * 60 + from_minute, to_hour * 60 + to_minute
    if max(from_minute, to_minute) > 59 or start >= _DAY or end > _DAY:
        raise ValueError(f"{written[:40]!r} names a time that no clock shows; {cure}")
    if start == end:
        raise ValueError(f"{written[:40]!r} takes no time; write 00:00-24:00 for a whole day, or closed")
    return {"start": start, "end": end if end > start else end + _DAY}


def _spans(given: object) -> object:
    """One text for the spans of a day (`09:00-12:00, 13:00-17:30`), or a list of them; `closed` has none."""
    if not isinstance(given, str | Sequence):
        cure = 'write them as in "09:00-12:00, 13:00-17:30", as a list, or "closed"'
        raise ValueError(f"{given!r:.40} are no hours; {cure}")  # noqa: TRY004 - pydantic's word
    if not isinstance(given, str):
        return given
    if given.strip().lower() in ("", "closed"):
        return ()
    return given.split(",")


def _apart(spans: tuple[Span, ...]) -> tuple[Span, ...]:
    """The spans of a day in order. Two that overlap are somebody's slip."""
    ordered = tuple(sorted(spans, key=lambda span: span.start))
    for one, other in pairwise(ordered):
        if other.start < one.end:
            raise ValueError(f"{one} and {other} overlap; write them as one, or mend one of them")
    return ordered


Spans = Annotated[tuple[Span, ...], BeforeValidator(_spans)]
"""The hours of a day: none where it is closed."""


class Day(Value):
    """A date that is unlike its weekday: `on` is `2026-12-25`, or `12-25` for every year.

    `open` are its hours: none on a holiday, some on half a day or on a Sunday that is worked. `name` is what people
    call it. In years that have no 29 February, `02-29` is no day.
    """

    on: str
    open: Spans = ()
    name: str = ""

    @field_validator("on")
    @classmethod
    def _is_a_date(cls, on: str) -> str:
        whole = f"2000-{on}" if _EVERY_YEAR.fullmatch(on) else on
        try:
            found = date.fromisoformat(whole).isoformat()
        except ValueError:
            found = ""
        if found != whole:
            raise ValueError(f"{on[:40]!r} is no date; write 2026-12-25, or 12-25 for every year")
        return on

    @field_validator("open")
    @classmethod
    def _ordered(cls, spans: tuple[Span, ...]) -> tuple[Span, ...]:
        return _apart(spans)

    @property
    def every_year(self) -> bool:
        """Whether it comes back each year."""
        return len(self.on) == len("12-25")


def _days(given: object) -> object:
    """A table from date to hours, to a name, or to a table of both; or what a calendar itself is written as."""
    if not isinstance(given, Mapping):
        return given
    return [_day(str(on), said) for on, said in given.items()]


def _day(on: str, said: object) -> Mapping[str, object]:
    if isinstance(said, Mapping):
        return {"on": on, **said}
    if isinstance(said, str | Sequence):
        return {"on": on, "open": said}
    raise ValueError(f'{on}: write its hours, as in "09:00-12:00", "closed", or a table of open and name')


class Calendar(Value):
    """The hours that somebody works: those of each weekday in a time `zone` (IANA), and the `days` that differ.

    It is open whenever the clock on the wall there shows a time within the hours. Hours over midnight belong to the
    day on which they start, so the night of the 24th goes on into the holiday. `always` is day and night, but for
    `days` and public holidays. `public` is whose public holidays are closed: a country (ISO 3166, `NL`), or a part
    of one (`DE-BY`); for that `omnichannel[desk]` is needed. A date in `days` counts before one for every year,
    that before a public holiday, and that before the weekday.
    """

    name: str = ""
    zone: str = "UTC"
    always: bool = False
    mon: Spans = ()
    tue: Spans = ()
    wed: Spans = ()
    thu: Spans = ()
    fri: Spans = ()
    sat: Spans = ()
    sun: Spans = ()
    public: str = Field(default="", pattern=r"^([A-Z]{2}(-[A-Za-z0-9 ]{1,32})?)?$")
    days: Annotated[tuple[Day, ...], BeforeValidator(_days)] = ()

    @model_validator(mode="before")
    @classmethod
    def _known(cls, given: object) -> object:
        if isinstance(given, Mapping):
            unknown = [str(key) for key in given if key not in cls.model_fields]
            if unknown:
                raise ValueError(
                    f"a calendar has no {', '.join(unknown)}; it has {', '.join(cls.model_fields)}"
                )
        return given

    @field_validator("zone")
    @classmethod
    def _is_a_zone(cls, zone: str) -> str:
        try:
            if len(zone) <= _LONGEST_NAME and ZoneInfo(zone).key:
                return zone
        except (ValueError, OSError, KeyError):
            pass
        cure = (
            "use a name such as Europe/Amsterdam (the package tzdata brings them where the system has none)"
        )
        raise ValueError(f"{zone[:40]!r} is no time zone; {cure}")

    @field_validator(*DAYS)
    @classmethod
    def _ordered(cls, spans: tuple[Span, ...]) -> tuple[Span, ...]:
        return _apart(spans)

    @field_validator("days")
    @classmethod
    def _once(cls, days: tuple[Day, ...]) -> tuple[Day, ...]:
        dates = [day.on for day in days]
        for on in dates:
            if dates.count(on) > 1:
                raise ValueError(f"{on} is written twice; keep one of them")
        return days

    @model_validator(mode="after")
    def _opens(self) -> Self:
        if self.always and any(self.week):
            raise ValueError("always is day and night; leave out the hours of the weekdays, or always")
        if not self.always and not any(self.week):
            raise ValueError(
                'it never opens; write the hours of a weekday, as in mon = "09:00-17:30", or always'
            )
        return self

    @property
    def week(self) -> tuple[tuple[Span, ...], ...]:
        """The hours of each weekday as they are written, Monday first."""
        return (self.mon, self.tue, self.wed, self.thu, self.fri, self.sat, self.sun)
