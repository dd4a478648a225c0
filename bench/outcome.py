"""What a bench leaves behind: its table and goals on the screen, and in a folder for `python -m bench table`."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

VARIABLE = "OMNICHANNEL_BENCH_RESULTS"


class Goal(NamedTuple):
    """A figure that was found, and what it has to be: at the least, or `most`: at the most."""

    what: str
    found: float
    wanted: float
    most: bool = False

    @property
    def met(self) -> bool:
        """Whether it is reached."""
        return self.found <= self.wanted if self.most else self.found >= self.wanted

    def __str__(self) -> str:
        return f"{self.what}: {self.found:.3g} ({'at most' if self.most else 'at least'} {self.wanted:.3g})"


def folder() -> Path:
    """Where the last outputs are: as `OMNICHANNEL_BENCH_RESULTS` says, or in the user's cache."""
    caches = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(os.environ.get(VARIABLE) or Path(caches) / "omnichannel-bench" / "results")


def finish(bench: str, shown: str, goals: Sequence[Goal]) -> int:
    """Print what was found, keep it, and return the exit status: 1 if a goal is missed."""
    missed = [goal for goal in goals if not goal.met]
    lines = [
        shown,
        f"goals: {len(goals) - len(missed)} of {len(goals)} met",
        *(f"MISSED {goal}" for goal in missed),
    ]
    print("\n".join(lines))
    folder().mkdir(parents=True, exist_ok=True)
    kept = {"shown": "\n".join(lines), "goals": goals}
    (folder() / f"{bench}.json").write_text(json.dumps(kept, ensure_ascii=False, indent=1))
    return 1 if missed else 0


def last(bench: str) -> list[Goal]:
    """The goals of a bench's last run; none if it was not run."""
    file = folder() / f"{bench}.json"
    return [Goal(*goal) for goal in json.loads(file.read_text())["goals"]] if file.exists() else []
