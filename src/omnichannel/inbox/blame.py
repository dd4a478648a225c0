"""Whose fault it is that the reading or handling of something was cut off because the store's server was away."""

from __future__ import annotations

_OFTEN = 10
"""Times that something may be cut off, with others getting through between, until no outage is to blame any more."""
_MOST = 1000  # how many are remembered


class Blame:
    """An outage is nobody's failure. But what breaks the line again and again, while others get through, is one."""

    def __init__(self) -> None:
        self._through = 0
        self._cut_off: dict[int, tuple[int, int]] = {}

    def through(self, number: int) -> None:
        """Something got through: so the server is there."""
        self._through += 1
        self._cut_off.pop(number, None)

    def cut_off(self, number: int) -> bool:
        """Something was cut off; whether that happened too often for an outage to be to blame."""
        times, seen = self._cut_off.pop(number, (0, -1))
        times += seen != self._through
        self._cut_off[number] = (times, self._through)
        if len(self._cut_off) > _MOST:
            del self._cut_off[next(iter(self._cut_off))]
        return times > _OFTEN
