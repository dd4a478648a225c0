"""`python -m bench table`: what the last runs of the benches found beside their goals, as a table for the README.

Each bench keeps what it found (`OMNICHANNEL_BENCH_RESULTS` names the folder); run them before.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from bench.outcome import folder, last

BENCHES = ("parse", "webhook", "durable", "groupcommit", "http", "pg", "mail", "scale")


def lines() -> list[str]:
    """The table's lines, in Markdown; a bench that was not run is left out."""
    rows = [
        f"| `{bench}` | {goal.what} | {goal.found:.2f} | {'≤' if goal.most else '≥'} {goal.wanted:.3g} |"
        f" {'met' if goal.met else 'missed'} |"
        for bench in BENCHES
        for goal in last(bench)
    ]
    return ["| bench | figure | found | goal | |", "|---|---|---:|---:|---|", *rows] if rows else []


def main(argv: Sequence[str]) -> int:
    """Print the table; 1 if nothing was run yet."""
    argparse.ArgumentParser(prog="python -m bench table", description=__doc__).parse_args(argv)
    found = lines()
    print("\n".join(found) or f"no bench left anything in {folder()}; run one first")
    return 0 if found else 1


if __name__ == "__main__":
    import sys

    sys.exit(main(sys.argv[1:]))
