"""The command: play scenarios, or plant mistakes and see that they are found."""

from __future__ import annotations

import argparse
import importlib.util
import sys
import time
from collections.abc import Sequence
from functools import partial
from itertools import count
from pathlib import Path


def main(argv: Sequence[str]) -> int:
    """Play, compare, print; exit status 1 if anything is wrong."""
    args = _arguments(argv)
    if importlib.util.find_spec("apsw") is None:
        print("simulate: needs a SQLite whose disk can be simulated: pip install apsw", file=sys.stderr)
        return 2
    if args.faults or args.fault:
        from bench.simulate.faults import hunt

        return hunt([args.fault] if args.fault else None, args.seed, args.most)
    return _show(args) if args.only else _play(args)


def _play(args: argparse.Namespace) -> int:
    from bench.simulate.scenario import whole
    from bench.simulate.sums import Sums
    from bench.simulate.sweep import swept
    from bench.simulate.tally import Tally, many, table

    began, sums = time.monotonic(), Sums(args.sums)
    some = f", one in {args.one_in}" if args.one_in > 1 else ""
    name = f"{'sweep' if args.sweep else 'worlds'} {args.seed}{some}"
    until = began + 60 * args.minutes

    def keep(part: Tally) -> None:
        sums.add(name, part)
        for again, wrong in part.wrong:  # at once: a run of hours may be broken off
            print(f"  {wrong}\n    again: python -m bench simulate --only {again}", flush=True)

    tally = many(
        partial(swept, one_in=args.one_in) if args.sweep else whole,
        (f"{args.seed}.{number}" for number in count(max(args.first, sums.first(name)))),
        args.jobs,
        lambda so_far: so_far.scenarios >= args.scenarios or time.monotonic() > until,
        keep,
    )
    print(table(tally, time.monotonic() - began))
    if args.sums:
        print("", sums.table(), sep="\n")
    return 1 if tally.wrong else 0


def _show(args: argparse.Namespace) -> int:
    from dataclasses import replace

    from bench.simulate.deaths import read
    from bench.simulate.plan import plan, small
    from bench.simulate.scenario import play_plan
    from bench.simulate.tables import made_before
    from bench.simulate.tally import quiet

    planned = small(args.only) if args.sweep else plan(args.only)
    if args.die is not None:
        planned = replace(planned, kills=read(args.die))
    print(planned)
    with quiet():
        outcome = play_plan(planned, made_before(planned.wal, planned.tables), told=print)
    print(f"trace {outcome.trace}; violations: {len(outcome.violations)}", *outcome.violations, sep="\n  ")
    return 1 if outcome.violations else 0


def _arguments(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m bench simulate", description="everything that can go wrong, by seed"
    )
    parser.add_argument("--scenarios", type=int, default=200, help="how many, at least (default 200)")
    parser.add_argument("--minutes", type=float, default=float("inf"), help="no longer than this")
    parser.add_argument("--seed", default="1", help="any word; the same word, the same scenarios and traces")
    parser.add_argument("--first", type=int, default=0, help="the number of the first seed (default 0)")
    parser.add_argument("--jobs", type=int, default=1, help="processes beside each other (default 1)")
    parser.add_argument("--sweep", action="store_true", help="small worlds, and in each of them every death")
    parser.add_argument(
        "--one-in",
        type=int,
        default=1,
        metavar="N",
        help="with --sweep: deaths in one of so many steps of the loop only, in more worlds",
    )
    parser.add_argument(
        "--sums", metavar="FILE", type=Path, help="go on where the runs in this file ended; add to them"
    )
    parser.add_argument(
        "--only", metavar="SEED", help="one scenario, e.g. 1.17, with everything that happens in it"
    )
    parser.add_argument(
        "--die", metavar="DEATHS", help="with --only: other deaths, e.g. 'write before 17 power 2, -'"
    )
    parser.add_argument("--fault", help="plant this mistake: exit status 1 if it is not found")
    parser.add_argument(
        "--faults", action="store_true", help="plant every mistake in turn: all must be found"
    )
    parser.add_argument("--most", type=int, default=1500, help="scenarios in which a mistake must be found")
    return parser.parse_args(argv)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
