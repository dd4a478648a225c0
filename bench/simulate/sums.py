"""What many runs found together: kept in a file, so that each run goes on where the last one ended."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TypedDict

from bench.simulate.tally import Tally


class Sum(TypedDict):
    """The figures of all runs of one name; `next` is the number of the seed that comes next."""

    next: int
    worlds: int
    scenarios: int
    recovered: int
    deaths: int
    cpu: float
    violations: int


class Sums:
    """The figures by name, in a file that need not be there yet; no file, nothing is kept."""

    def __init__(self, file: Path | None) -> None:
        self._file = file
        self._sums: dict[str, Sum] = json.loads(file.read_text()) if file and file.exists() else {}

    def first(self, name: str) -> int:
        """Where a run begins."""
        return self._sums[name]["next"] if name in self._sums else 0

    def add(self, name: str, tally: Tally) -> None:
        """Take in what came of some seeds, and keep it at once."""
        if self._file is None:
            return
        empty = Sum(next=0, worlds=0, scenarios=0, recovered=0, deaths=0, cpu=0.0, violations=0)
        old = self._sums.get(name, empty)
        self._sums[name] = Sum(
            next=old["next"] + tally.worlds,
            worlds=old["worlds"] + tally.worlds,
            scenarios=old["scenarios"] + tally.scenarios,
            recovered=old["recovered"] + tally.recovered,
            deaths=old["deaths"] + tally.deaths.total(),
            cpu=round(old["cpu"] + tally.cpu, 1),
            violations=old["violations"] + len(tally.wrong),
        )
        self._file.write_text(json.dumps(self._sums, indent=1) + "\n")

    def table(self) -> str:
        """All runs, and their sum."""
        heads = ("worlds", "scenarios", "recovered", "deaths", "cpu", "violations")
        total = {head: sum(one[head] for one in self._sums.values()) for head in heads}  # type: ignore[literal-required]
        lines = [f"{'seeds':<16}" + "".join(f"{head:>12}" for head in heads)]
        for name, one in [*sorted(self._sums.items()), ("all", total)]:
            lines.append(f"{name:<16}" + "".join(f"{one[head]:>12,.0f}" for head in heads))  # type: ignore[literal-required]
        return "\n".join(lines)
