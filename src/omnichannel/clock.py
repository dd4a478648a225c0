"""The only place that reads the machine's clock and its source of chance; tests crank their own by hand."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta
from typing import Protocol

from omnichannel.errors import UsageError

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Clock(Protocol):
    """Where time and chance come from."""

    def now(self) -> datetime:
        """The moment, in UTC."""
        ...

    def random(self, size: int) -> bytes:
        """So many bytes that nobody can guess."""
        ...


class SystemClock:
    """The machine's own time and chance."""

    def now(self) -> datetime:
        """The moment, in UTC."""
        return datetime.now(UTC)

    def random(self, size: int) -> bytes:
        """So many bytes from the operating system's source for secrets."""
        return secrets.token_bytes(size)


def micros(moment: datetime) -> int:
    """Microseconds since 1970, exactly: how the store keeps time. Raises UsageError for what is no moment."""
    try:
        return (moment - _EPOCH) // _MICROSECOND
    except TypeError:
        raise UsageError(_no_moment(moment)) from None


def _no_moment(given: object) -> str:
    if isinstance(given, datetime):
        return f"{given:%Y-%m-%d %H:%M} is in no time zone: give one, as in datetime(…, tzinfo=UTC)"
    return f"{type(given).__name__} is no moment: give a datetime with a time zone, as in datetime.now(UTC)"


def moment(microseconds: int) -> datetime:
    """The moment that many microseconds after 1970."""
    return _EPOCH + timedelta(microseconds=microseconds)
