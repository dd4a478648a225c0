"""How much a platform takes in how much time: a limit that an emulated account runs into by itself."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta
from math import ceil


class Pace:
    """At most so many in so much time, by the platform's own clock."""

    def __init__(self, most: int, span: timedelta, clock: Callable[[], datetime]) -> None:
        self.most, self.span, self._clock = most, span, clock
        self._taken: deque[datetime] = deque()

    def takes(self) -> bool:
        """Whether one more is taken now; one that is not does not count."""
        if self.wait():
            return False
        self._taken.append(self._clock())
        return True

    def wait(self) -> int:
        """In how many seconds, rounded up, one more is taken; 0: now."""
        now = self._clock()
        while self._taken and now - self._taken[0] >= self.span:
            self._taken.popleft()
        full = len(self._taken) >= self.most
        return ceil((self._taken[0] + self.span - now).total_seconds()) if full else 0
