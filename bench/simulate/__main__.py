"""The command: play scenarios, or plant mistakes and see that they are found."""

from __future__ import annotations

import argparse
import importlib.util
import sys
import time
from collections.abc import Sequence


def main(argv: Sequence[str]) -> int:
    """Play, compare, print; exit status 1 if anything is wrong."""
    args = _arguments(argv)
    if importlib.util.find_spec("apsw") is None:
        print("simulate: needs a SQLite whose disk can be simulated: pip install apsw", file=sys.stderr)
        return 2
    if args.faults or args.fault:
        from bench.simulate.faults import hunt

        return hunt([args.fault] if args.fault else None, args.seed, args.most)
    return _show(args.only) if args.only else _play(args.scenarios, args.seed, args.jobs)


def _play(scenarios: int, seed: str, jobs: int) -> int:
    from bench.simulate.tally import many, table

    began = time.perf_counter()
    tally = many((f"{seed}.{number}" for number in range(scenarios)), jobs)
    print(table(tally, time.perf_counter() - began))
    for wrong_seed, wrong in tally.wrong:
        print(f"  {wrong}\n    again: python -m bench simulate --only {wrong_seed}")
    return 1 if tally.wrong else 0


def _show(seed: str) -> int:
    from bench.simulate.plan import plan
    from bench.simulate.scenario import play
    from bench.simulate.tally import quiet

    quiet()
    print(plan(seed))
    outcome = play(seed, told=print)
    print(f"trace {outcome.trace}; violations: {len(outcome.violations)}", *outcome.violations, sep="\n  ")
    return 1 if outcome.violations else 0


def _arguments(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m bench simulate", description="everything that can go wrong, by seed"
    )
    parser.add_argument("--scenarios", type=int, default=200, help="how many (default 200)")
    parser.add_argument("--seed", default="1", help="any word; the same word, the same scenarios and traces")
    parser.add_argument("--jobs", type=int, default=1, help="processes beside each other (default 1)")
    parser.add_argument(
        "--only", metavar="SEED", help="one scenario, e.g. 1.17, with everything that happens in it"
    )
    parser.add_argument("--fault", help="plant this mistake: exit status 1 if it is not found")
    parser.add_argument(
        "--faults", action="store_true", help="plant every mistake in turn: all must be found"
    )
    parser.add_argument("--most", type=int, default=1500, help="scenarios in which a mistake must be found")
    return parser.parse_args(argv)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
