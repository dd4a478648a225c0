"""Where a smooth function is lowest, by its slope: the quasi-Newton method with limited memory (Nocedal, 1980)."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from operator import mul

Loss = Callable[[Sequence[float]], tuple[float, list[float]]]
"""The value at a point, and the slope there."""

_MEMORY = 8
_ENOUGH = 1e-4
_FLAT = 1e-5


def lowest(loss: Loss, start: Sequence[float], rounds: int) -> list[float]:
    """The lowest point found in so many rounds from a start; sooner where nothing is gained any more."""
    point = list(start)
    value, slope = loss(point)
    memory: deque[tuple[list[float], list[float], float]] = deque(maxlen=_MEMORY)
    for _ in range(rounds):
        way = _way(slope, memory)
        fall = _dot(way, slope)
        length = 1.0 if memory else min(1.0, 1.0 / max(1e-12, _dot(slope, slope) ** 0.5))
        while True:
            there = [each + length * along for each, along in zip(point, way, strict=True)]
            found, downhill = loss(there)
            if found <= value + _ENOUGH * length * fall or length < 1e-10:
                break
            length /= 2
        moved = [now - before for now, before in zip(there, point, strict=True)]
        turned = [now - before for now, before in zip(downhill, slope, strict=True)]
        if (bent := _dot(moved, turned)) > 1e-12:
            memory.append((moved, turned, 1 / bent))
        gained, point, value, slope = value - found, there, found, downhill
        if gained < _FLAT * max(1.0, abs(value)):
            break
    return point


def _way(slope: Sequence[float], memory: deque[tuple[list[float], list[float], float]]) -> list[float]:
    """Downhill, stretched by what the last steps showed of the function's bend."""
    way = [-each for each in slope]
    shares = []
    for moved, turned, inverse in reversed(memory):
        share = inverse * _dot(moved, way)
        shares.append(share)
        way = [each - share * bend for each, bend in zip(way, turned, strict=True)]
    if memory:
        moved, turned, inverse = memory[-1]
        stretch = 1 / (inverse * _dot(turned, turned))
        way = [stretch * each for each in way]
    for (moved, turned, inverse), share in zip(memory, reversed(shares), strict=True):
        back = inverse * _dot(turned, way)
        way = [each + (share - back) * step for each, step in zip(way, moved, strict=True)]
    return way


def _dot(left: Sequence[float], right: Sequence[float]) -> float:
    return sum(map(mul, left, right))
