"""A clock that stands still until it is told to go on, and chance that is the same in every run."""

from __future__ import annotations

import random
import threading
from datetime import UTC, datetime, timedelta

MORNING = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
"""A Monday, nine o'clock."""


class HandClock:
    """Time and chance in the hands of a test."""

    def __init__(self, now: datetime = MORNING, seed: int = 1) -> None:
        self._now = now
        self._chance = random.Random(seed)  # noqa: S311 - the same in every run is what is wanted
        self._lock = threading.Lock()

    def now(self) -> datetime:
        """The moment, in UTC."""
        return self._now

    def random(self, size: int) -> bytes:
        """So many bytes, the same ones in every run."""
        with self._lock:
            return self._chance.randbytes(size)

    def forward(self, **span: float) -> None:
        """Go on by so many seconds, minutes, hours, days: the words of `timedelta`."""
        self._now += timedelta(**span)
