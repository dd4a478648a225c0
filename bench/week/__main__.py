"""The command: let a week go by, judge it, print it; or plant mistakes and see that they are found."""

from __future__ import annotations

import argparse
import asyncio
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.outcome import finish
from bench.week.faults import CROWDED, FAULTS, planted
from bench.week.playing import Week, played
from bench.week.report import goals, told

SCRATCH = "/dev/shm" if Path("/dev/shm").is_dir() else None
"""What is measured is the desk, not the disk."""


def main(argv: Sequence[str]) -> int:
    """Print the report; 1 if anything is wrong, or with `--faults` if any is not found."""
    parser = argparse.ArgumentParser(prog="python -m bench week", description=__doc__)
    parser.add_argument("--seed", default="1")
    parser.add_argument("--messages", type=int, default=50_000, help="about so many, both ways")
    parser.add_argument("--days", type=int, default=7)
    parser.add_argument("--faults", action="store_true", help="plant mistakes, in a short week each")
    options = parser.parse_args(argv)
    if options.faults:
        return _faults(options.seed)
    began = time.monotonic()
    week = _played(options.seed, options.messages, options.days)
    took = time.monotonic() - began
    shown = "\n".join(told(week.log, week.watch, week.verdict, week.messages))
    print(f"{took:.0f} s, {week.messages / took:.0f} messages a second")
    return finish("week", shown, goals(week.log, week.verdict))


def _played(seed: str, messages: int, days: int) -> Week:
    with TemporaryDirectory(prefix="omni-week-", dir=SCRATCH) as folder:
        return asyncio.run(played(f"sqlite:///{Path(folder) / 'week.db'}", seed, messages, days))


def _faults(seed: str) -> int:
    missed = 0
    for name in ("", *FAULTS):
        with planted(name):
            week = _played(seed, 2500 if name in CROWDED else 400, 1)
        found = [goal.what for goal in goals(week.log, week.verdict) if not goal.met]
        well = bool(found) == bool(name)
        missed += not well
        print(
            f"{'' if well else 'NOT '}{'found' if name else 'clean'}: {name or 'nothing planted'}: {', '.join(found)}"
        )
    return 1 if missed else 0
