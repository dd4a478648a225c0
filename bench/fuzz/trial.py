"""Trying a target: inputs made from its seeds and the corpus, each within its limits, and what became of them."""

from __future__ import annotations

import time
import traceback
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from bench.fuzz import corpus
from bench.fuzz.limits import MOST_BYTES, MOST_SECONDS, Meter
from bench.fuzz.target import REFUSED, Target

OURS = str(Path(__file__).parents[2] / "src")


@dataclass
class Tally:
    """What became of the inputs of one target. `holes` are by what happened, each with the first input of it."""

    target: str
    runs: int = 0
    read: int = 0
    refused: int = 0
    slowest: float = 0.0
    slow_input: bytes = field(default=b"", repr=False)
    largest: int = 0
    holes: dict[str, bytes] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Whether nothing gave way."""
        return not self.holes


def fuzz(target: Target, runs: int, seed: int, *, until: float = float("inf")) -> Tally:
    """So many inputs for one target, or as many as there is time for (`until`, by the monotonic clock)."""
    tally = Tally(target.name)
    seeds = [*target.seeds, *corpus.kept(target.name)]
    try:
        for data in inputs(target, seeds, Random(f"{seed} {target.name}"), runs):
            run(target, data, tally)
            if time.monotonic() > until:
                break
    finally:
        target.close()
    return tally


def inputs(target: Target, seeds: Sequence[bytes], chance: Random, runs: int) -> Iterator[bytes]:
    """What is tried: every seed once as it is, then changed ones. The same chance makes the same inputs."""
    for number in range(runs):
        if number < len(seeds):
            yield seeds[number]
        else:
            yield target.mutate(chance.choice(seeds), seeds, chance)


def run(target: Target, data: bytes, tally: Tally) -> None:
    """One input."""
    meter = Meter()
    meter.start()
    try:
        became = target.go(data)
    except Exception as error:
        tally.holes.setdefault(_named(error), data)
        became = ""
    cost = meter.read()
    tally.runs += 1
    tally.refused += became == REFUSED
    tally.read += bool(became) and became != REFUSED
    tally.largest = max(tally.largest, cost.bytes)
    if cost.seconds > tally.slowest:
        tally.slowest, tally.slow_input = cost.seconds, data
    if cost.seconds > MOST_SECONDS and _still_slow(target, data):
        tally.holes.setdefault("takes more than a second", data)
    if cost.bytes > MOST_BYTES:
        tally.holes.setdefault("takes more than 64 MB", data)


def _still_slow(target: Target, data: bytes) -> bool:
    """Whether it takes so long again: the first input of a target may load tables that the next ones find there."""
    meter = Meter()
    meter.start()
    try:
        target.go(data)
    except Exception:
        return True
    return meter.read().seconds > MOST_SECONDS


def _named(error: Exception) -> str:
    """What went wrong and where in our code, so that the same hole is told once."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = next((frame for frame in reversed(frames) if frame.filename.startswith(OURS)), frames[-1])
    where = Path(ours.filename)
    place = where.relative_to(OURS) if where.is_relative_to(OURS) else where.name
    said = f": {error}" if isinstance(error, AssertionError) else ""  # our own words; others' quote the input
    return f"{type(error).__name__} at {place}:{ours.lineno}{said}"
