"""`python -m bench fuzz`: hostile inputs for everything that reads what strangers write.

Nothing but errors of ours may be raised, nothing unsigned kept, no byte lost, and no input take more than a second of
CPU or 64 MB. The same seed makes the same inputs. Targets are named KIND/parse, mail/…, words/MODULE.FUNCTION and so
on; `email` alone names all of that kind. `--minutes` goes round all of them; with `--totals FILE` it goes on where it
stopped, and prints the sums of all times.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from bench.fuzz import guided, pumps
from bench.fuzz.target import Target
from bench.fuzz.targets import chosen
from bench.fuzz.totals import Totals
from bench.fuzz.trial import Tally, fuzz, run
from bench.silence import silence

RUNS = 200
"""Inputs of each light target, if nobody says how many; heavy ones get fewer."""


@silence()
def main(argv: Sequence[str]) -> int:
    """Print what became of each target; 1 if anything gave way."""
    given = _arguments().parse_args(argv)
    targets = list(chosen(given.target))
    if not targets:
        print(f"no target is called {', '.join(given.target)}", file=sys.stderr)
        return 2
    if given.list:
        print(*(target.name for target in targets), sep="\n")
        return 0
    if given.input:
        return _again(targets, given.input)
    if given.pumps:
        return pumps.report(targets)
    if given.guided:
        return guided.report(targets, given.guided)
    totals = Totals.of(given.totals)
    if given.minutes:
        _rounds(targets, totals, given.runs, time.monotonic() + given.minutes * 60)
    else:
        _round(targets, totals, given.runs, given.seed)
    _tell(totals, each=not given.sums)
    return 1 if totals.holes else 0


def _arguments() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(prog="python -m bench fuzz", description=__doc__)
    options.add_argument("--runs", type=int, default=RUNS, help=f"inputs of each light target ({RUNS})")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument(
        "--minutes", type=float, default=0, help="go round for so long, each round another seed"
    )
    options.add_argument("--totals", type=Path, help="add to the sums in this file")
    options.add_argument("--sums", action="store_true", help="print no line for each target")
    options.add_argument("--list", action="store_true", help="print the names of the targets")
    options.add_argument("--input", type=Path, help="give the targets this file and nothing else")
    options.add_argument("--pumps", action="store_true", help="whether time grows as fast as inputs do")
    options.add_argument(
        "--guided", type=float, default=0, metavar="SECONDS", help="for each, by coverage (atheris)"
    )
    options.add_argument("target", metavar="TARGET", nargs="*")
    return options


def _rounds(targets: Sequence[Target], totals: Totals, runs: int, until: float) -> None:
    while time.monotonic() < until:
        totals.rounds += 1
        _round(targets, totals, runs, totals.rounds, until)


def _round(
    targets: Sequence[Target], totals: Totals, runs: int, seed: int, until: float = float("inf")
) -> None:
    for target in targets:
        totals.add(fuzz(target, max(20, runs // target.cost), seed, until=until))
        totals.save()
        if time.monotonic() > until:
            return


def _again(targets: Sequence[Target], file: Path) -> int:
    """One input, with the whole traceback of what it sets off."""
    data = file.read_bytes()
    for target in targets:
        tally = Tally(target.name)
        run(target, data, tally)
        print(
            f"{target.name}: {tally.slowest * 1000:.1f} ms, {tally.largest / 2**20:.1f} MB",
            *tally.holes,
            sep="\n  ",
        )
        if tally.holes:
            target.go(data)
    return 0


def _tell(totals: Totals, *, each: bool) -> None:
    print(*totals.lines(each=each), sep="\n")
    for what, data in sorted(totals.holes.items()):
        print(f"  {what}\n    {data[:400].encode('latin-1')!r} ({len(data)} bytes)")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
