"""How much a platform takes in how much time: a limit that an emulated account runs into by itself."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta


class Pace:
    """At most so many in so much time, by the platform's own clock."""

    def __init__(self, most: int, span: timedelta, clock: Callable[[], datetime]) -> None:
        self.most, self.span, self._clock = most, span, clock
        self._taken: deque[datetime] = deque()

    def takes(self) -> bool:
        """Whether one more is taken now; one that is not does not count."""
        now = self._clock()
        while self._taken and now - self._taken[0] >= self.span:
            self._taken.popleft()
        if len(self._taken) >= self.most:
            return False
        self._taken.append(now)
        return True
