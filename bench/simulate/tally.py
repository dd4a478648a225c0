"""Many scenarios: played by several processes, added up, shown as a table."""

from __future__ import annotations

import hashlib
import logging
import resource
import sys
from collections import Counter, deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field

from bench.simulate.life import Dead

_MOST_WRONG = 5


@dataclass
class Tally:
    """What came of many scenarios.

    `recovered` of them were played to the end; what the others left, one of these left. `cpu` is in seconds, of all
    processes together.
    """

    worlds: int = 0
    scenarios: int = 0
    recovered: int = 0
    messages: int = 0
    calls: int = 0
    simulated: float = 0.0
    cpu: float = 0.0
    fell: Counter[str] = field(default_factory=Counter)
    crossed: Counter[str] = field(default_factory=Counter)
    wrong: list[tuple[str, str]] = field(default_factory=list)
    traces: list[str] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        """Take in the figures of others, which come after these."""
        self.worlds += other.worlds
        self.scenarios += other.scenarios
        self.recovered += other.recovered
        self.messages += other.messages
        self.calls += other.calls
        self.simulated += other.simulated
        self.cpu += other.cpu
        self.fell += other.fell
        self.crossed += other.crossed
        self.wrong += other.wrong
        self.traces += other.traces

    @property
    def deaths(self) -> Counter[str]:
        """Where workers died, and how often."""
        return Counter({name: n for name, n in self.fell.items() if name.startswith(("kill ", "power cut "))})

    @property
    def trace(self) -> str:
        """One number for all traces in order."""
        return hashlib.blake2b("".join(self.traces).encode(), digest_size=8).hexdigest()


@contextmanager
def quiet() -> Iterator[None]:
    """The library logs what goes wrong; here everything does, and what the dead say is nobody's business."""
    log, silence = logging.getLogger("omnichannel"), logging.NullHandler()
    kept = log.propagate, sys.excepthook, sys.unraisablehook
    log.addHandler(silence)
    log.propagate = False
    show, show_unraisable = sys.__excepthook__, sys.__unraisablehook__
    # SQLite cannot be told that its process died meanwhile; apsw then tells Python.
    sys.excepthook = lambda kind, *rest: None if kind is Dead else show(kind, *rest)
    sys.unraisablehook = lambda what: None if what.exc_type is Dead else show_unraisable(what)
    try:
        yield
    finally:
        log.propagate, sys.excepthook, sys.unraisablehook = kept
        log.removeHandler(silence)


def timed(work: Callable[[str], Tally], seed: str) -> Tally:
    """Do the work of one seed, and count what it cost."""
    began = _cpu()
    with quiet():
        tally = work(seed)
    tally.cpu += _cpu() - began
    return tally


def _cpu() -> float:
    """Seconds that this process, and those that it waited for, have worked."""
    spent = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in spent)


def many(
    work: Callable[[str], Tally],
    seeds: Iterator[str],
    jobs: int,
    enough: Callable[[Tally], bool],
    told: Callable[[Tally], object],
) -> Tally:
    """Work on one seed after another, several at a time, until it is enough, or several went wrong.

    `told` hears what came of each.
    """
    tally = Tally()
    for part in _parts(work, seeds, jobs):
        told(part)
        tally.add(part)
        if enough(tally) or len(tally.wrong) >= _MOST_WRONG:
            break
    return tally


def _parts(work: Callable[[str], Tally], seeds: Iterator[str], jobs: int) -> Iterator[Tally]:
    """What came of each seed, in order."""
    if jobs == 1:
        yield from (timed(work, seed) for seed in seeds)
        return
    with ProcessPoolExecutor(jobs) as pool:
        under_way: deque[Future[Tally]] = deque()
        try:
            for seed in seeds:
                under_way.append(pool.submit(timed, work, seed))
                if len(under_way) > 2 * jobs:
                    yield under_way.popleft().result()
            while under_way:
                yield under_way.popleft().result()
        finally:
            pool.shutdown(cancel_futures=True)


def table(tally: Tally, wall: float) -> str:
    """The figures for a person."""
    deaths, scenarios = tally.deaths, max(1, tally.scenarios)
    rows = [
        ("scenarios", tally.scenarios, f"in {tally.worlds} worlds; trace {tally.trace}"),
        ("played to the end", tally.recovered, "the others left what one of these left"),
        ("seconds per thousand", round(1000 * wall / scenarios, 2), f"{wall:.0f} s in all"),
        ("CPU s per thousand", round(1000 * tally.cpu / scenarios, 2), f"{tally.cpu:.0f} s in all"),
        ("simulated hours", round(tally.simulated / 3600, 1), ""),
        ("messages written", tally.messages, f"calls that arrived: {tally.calls}"),
        ("deaths", deaths.total(), f"of {tally.crossed.total()} places to die that were crossed"),
    ]
    lines = [f"{what:<24}{figure:>10}   {more}".rstrip() for what, figure, more in rows]
    for title, found in (("deaths", deaths), ("faults", tally.fell - deaths)):
        lines += ["", f"{title} that fell"]
        lines += [f"  {name:<28}{number:>8}" for name, number in sorted(found.items())]
    return "\n".join([*lines, "", f"violations: {len(tally.wrong)}"])
