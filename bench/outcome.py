"""What a bench leaves behind: its table with the goals on the screen, and in a folder for `python -m bench table`."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

VARIABLE = "OMNICHANNEL_BENCH_RESULTS"


class Goal(NamedTuple):
    """Something that a figure has to reach, and whether it does."""

    what: str
    met: bool


def folder() -> Path:
    """Where the last outputs are: as `OMNICHANNEL_BENCH_RESULTS` says, or in the user's cache."""
    caches = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(os.environ.get(VARIABLE) or Path(caches) / "omnichannel-bench" / "results")


def finish(bench: str, shown: str, goals: Sequence[Goal]) -> int:
    """Print what was found, keep it, and return the exit status: 1 if a goal is missed."""
    missed = [goal.what for goal in goals if not goal.met]
    verdict = f"MISSED: {'; '.join(missed)}" if missed else "all met"
    text = f"{shown}\ngoals: {len(goals) - len(missed)} of {len(goals)} met{f'; {verdict}' if missed else ''}"
    print(text)
    folder().mkdir(parents=True, exist_ok=True)
    (folder() / f"{bench}.txt").write_text(f"{text}\n")
    return 1 if missed else 0
