"""Many scenarios: played by several processes, added up, shown as a table."""

from __future__ import annotations

import hashlib
import logging
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field

from bench.simulate.life import Dead
from bench.simulate.scenario import play

_CHUNK = 25
_MOST_WRONG = 5


@dataclass
class Tally:
    """What came of many scenarios."""

    scenarios: int = 0
    messages: int = 0
    calls: int = 0
    simulated: float = 0.0
    seconds: float = 0.0
    fell: Counter[str] = field(default_factory=Counter)
    crossed: Counter[str] = field(default_factory=Counter)
    wrong: list[tuple[str, str]] = field(default_factory=list)
    traces: list[str] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        """Take in the figures of others, which come after these."""
        self.scenarios += other.scenarios
        self.messages += other.messages
        self.calls += other.calls
        self.simulated += other.simulated
        self.seconds += other.seconds
        self.fell += other.fell
        self.crossed += other.crossed
        self.wrong += other.wrong
        self.traces += other.traces

    @property
    def trace(self) -> str:
        """One number for all traces in order."""
        return hashlib.blake2b("".join(self.traces).encode(), digest_size=8).hexdigest()


def quiet() -> None:
    """The library logs what goes wrong; here everything does, and what the dead say is nobody's business."""
    log = logging.getLogger("omnichannel")
    log.addHandler(logging.NullHandler())
    log.propagate = False
    show, show_unraisable = sys.__excepthook__, sys.__unraisablehook__
    # SQLite cannot be told that its process died meanwhile; apsw then tells Python.
    sys.excepthook = lambda kind, *rest: None if kind is Dead else show(kind, *rest)
    sys.unraisablehook = lambda what: None if what.exc_type is Dead else show_unraisable(what)


def some(seeds: Sequence[str]) -> Tally:
    """Play these scenarios one by one."""
    quiet()
    tally, began = Tally(), time.perf_counter()
    for seed in seeds:
        outcome = play(seed)
        tally.scenarios += 1
        tally.messages += outcome.messages
        tally.calls += outcome.calls
        tally.simulated += outcome.seconds
        tally.fell += outcome.fell
        tally.crossed += outcome.crossed
        tally.traces.append(outcome.trace)
        tally.wrong += [(seed, wrong) for wrong in outcome.violations]
    tally.seconds = time.perf_counter() - began
    return tally


def many(seeds: Iterable[str], jobs: int) -> Tally:
    """Play them by several processes; stops soon after the first wrong ones."""
    tally = Tally()
    with ProcessPoolExecutor(jobs) as pool:
        for part in pool.map(some, list(_chunks(seeds))):
            tally.add(part)
            if len(tally.wrong) >= _MOST_WRONG:
                pool.shutdown(cancel_futures=True)
                break
    return tally


def _chunks(seeds: Iterable[str]) -> Iterator[list[str]]:
    chunk: list[str] = []
    for seed in seeds:
        chunk.append(seed)
        if len(chunk) == _CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def table(tally: Tally, wall: float) -> str:
    """The figures for a person."""
    deaths = {name: number for name, number in tally.fell.items() if name.startswith(("kill ", "power cut "))}
    rows = [
        ("scenarios", tally.scenarios, f"trace {tally.trace}"),
        ("seconds per thousand", round(1000 * wall / max(1, tally.scenarios), 1), f"{wall:.0f} s in all"),
        ("simulated hours", round(tally.simulated / 3600, 1), ""),
        ("messages written", tally.messages, f"calls that arrived: {tally.calls}"),
        ("deaths", sum(deaths.values()), f"of {sum(tally.crossed.values())} places to die that were crossed"),
    ]
    lines = [f"{what:<24}{figure:>10}   {more}".rstrip() for what, figure, more in rows]
    for title, found in (("deaths", deaths), ("faults", tally.fell - Counter(deaths))):
        lines += [
            "",
            f"{title} that fell",
            *(f"  {name:<28}{number:>8}" for name, number in sorted(found.items())),
        ]
    return "\n".join([*lines, "", f"violations: {len(tally.wrong)}"])
