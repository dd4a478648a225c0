"""What every timed bench shares: contestants in turn, round by round, so that a busy machine is busy for all.

Only ratios inside one run mean anything; each is the median over the rounds of what the contestants needed in
the same round.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from statistics import median
from typing import NamedTuple


class Lap(NamedTuple):
    """What a piece of work cost: seconds on the wall, and of this process's CPU (all threads)."""

    wall: float
    cpu: float


class Watch:
    """Measures what runs inside `with watch.lap():`; `laps` holds every lap."""

    def __init__(self) -> None:
        self.laps: list[Lap] = []

    @contextmanager
    def lap(self) -> Iterator[None]:
        """Measure one lap. Garbage of those before it is not its business."""
        gc.collect()
        wall, cpu = time.perf_counter(), time.process_time()
        yield
        self.laps.append(Lap(time.perf_counter() - wall, time.process_time() - cpu))


def timed(work: Callable[[], object], times: int = 1) -> Lap:
    """What it costs to do something so many times."""
    watch = Watch()
    with watch.lap():
        for _ in range(times):
            work()
    return watch.laps[0]


def rounds(contestants: Mapping[str, Callable[[], Lap]], count: int) -> dict[str, list[Lap]]:
    """Let every contestant run once a round; each round another one begins."""
    names = list(contestants)
    found: dict[str, list[Lap]] = {name: [] for name in names}
    for number in range(count):
        start = number % len(names)
        for name in names[start:] + names[:start]:
            found[name].append(contestants[name]())
    return found


def ratio(ours: Sequence[Lap], reference: Sequence[Lap]) -> Lap:
    """How fast we are beside the reference (1: as fast, 0.5: half as fast), by wall and by CPU: medians."""
    pairs = list(zip(ours, reference, strict=True))
    return Lap(
        median(theirs.wall / mine.wall for mine, theirs in pairs),
        median(theirs.cpu / mine.cpu for mine, theirs in pairs),
    )


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Rows under their heads: the first column to the left, numbers to the right."""
    lines = [head, *rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if column else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which this share of the values lies."""
    return sorted(values)[min(int(len(values) * share), len(values) - 1)]
