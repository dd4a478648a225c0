"""Faults that are planted on purpose, to see that the scenarios find them: a test that finds none proves nothing.

Each takes one defence away, as a plausible mistake in the library would; it is planted in a process of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor

from bench.simulate.faults import (
    deciding,
    handling,
    hearing,
    listening,
    mailing,
    neighbours,
    receiving,
    sending,
    standing,
    storing,
)
from bench.simulate.scenario import play
from bench.simulate.tally import quiet

FAULTS: dict[str, Callable[[], None]] = {
    plant.__name__.replace("_", "-"): plant
    for area in (
        storing,
        receiving,
        handling,
        sending,
        hearing,
        mailing,
        neighbours,
        deciding,
        listening,
        standing,
    )
    for plant in area.FAULTS
}


def find(name: str, seed: str, most: int) -> tuple[int, str]:
    """Plant a fault in this process; after how many scenarios it was found, and by what (empty: not at all)."""
    FAULTS[name]()
    with quiet():
        for number in range(most):
            violations = play(f"{seed}.{number}").violations
            if violations:
                return number + 1, violations[0]
    return most, ""


def hunt(names: Sequence[str] | None, seed: str, most: int) -> int:
    """Plant each, one process after the other; exit status 1 if one is not found."""
    caught, given = 0, list(names or FAULTS)
    for name in given:
        with ProcessPoolExecutor(1) as alone:
            scenarios, by = alone.submit(find, name, seed, most).result()
        caught += bool(by)
        shown = (
            f"caught in scenario {scenarios:>4}: {by[:100]}" if by else f"NOT caught in {scenarios} scenarios"
        )
        print(f"{name:<28}{shown}", flush=True)
    print(f"caught {caught} of {len(given)}")
    return 0 if caught == len(given) else 1
