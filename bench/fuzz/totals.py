"""Sums over many runs, in a file that is kept outside of the repository: what was tried yesterday counts today.

Each round has a number, which is its seed: what was interrupted goes on with other inputs than before.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypedDict

from bench.fuzz.trial import Tally


class Sum(TypedDict):
    """What became of all inputs of one target."""

    runs: int
    read: int
    refused: int
    slowest: float
    largest: int


@dataclass
class Totals:
    """The sums so far, and the holes with their inputs (latin-1)."""

    file: Path | None
    rounds: int = 0
    sums: dict[str, Sum] = field(default_factory=dict)
    holes: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, file: Path | None) -> Totals:
        """What stands in a file; nothing, if there is none."""
        if file is None or not file.is_file():
            return cls(file)
        found = json.loads(file.read_text())
        return cls(file, found["rounds"], found["sums"], found["holes"])

    def add(self, tally: Tally) -> None:
        """One target's tally more."""
        before = self.sums.get(tally.target, Sum(runs=0, read=0, refused=0, slowest=0.0, largest=0))
        self.sums[tally.target] = Sum(
            runs=before["runs"] + tally.runs,
            read=before["read"] + tally.read,
            refused=before["refused"] + tally.refused,
            slowest=max(before["slowest"], tally.slowest),
            largest=max(before["largest"], tally.largest),
        )
        for what, data in tally.holes.items():
            self.holes.setdefault(f"{tally.target}: {what}", data.decode("latin-1"))

    def save(self) -> None:
        """Write it down, whole or not at all."""
        if self.file is None:
            return
        beside = self.file.with_suffix(".new")
        beside.write_text(
            json.dumps({"rounds": self.rounds, "sums": self.sums, "holes": self.holes}, indent=1)
        )
        beside.replace(self.file)

    def lines(self, *, each: bool = True) -> list[str]:
        """A table: each target, and all of them together."""
        head = f"{'target':<58}{'inputs':>10}{'read':>10}{'refused':>10}{'worst ms':>10}{'MB':>6}{'holes':>7}"
        rows = [_row(name, found, self._holes_of(name)) for name, found in sorted(self.sums.items())]
        found = list(self.sums.values())
        whole = Sum(
            runs=sum(one["runs"] for one in found),
            read=sum(one["read"] for one in found),
            refused=sum(one["refused"] for one in found),
            slowest=max((one["slowest"] for one in found), default=0.0),
            largest=max((one["largest"] for one in found), default=0),
        )
        return [head, *(rows if each else ()), _row(f"{len(found)} targets", whole, len(self.holes))]

    def _holes_of(self, target: str) -> int:
        return sum(what.startswith(f"{target}: ") for what in self.holes)


def _row(name: str, found: Sum, holes: int) -> str:
    shown = f"{found['largest'] / 2**20:.1f}" if found["largest"] >= 0 else "?"
    return (
        f"{name:<58}{found['runs']:>10,}{found['read']:>10,}{found['refused']:>10,}"
        f"{found['slowest'] * 1000:>10.1f}{shown:>6}{holes:>7}"
    )
