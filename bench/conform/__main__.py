"""`python -m bench conform [KIND …]`: every report, and whether each required share is reached.

`--differing` also prints the cases that differ.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterable, Sequence
from fractions import Fraction
from importlib import import_module

from bench.conform import Row, table

KINDS = ("email", "x", "messenger")

ALL = Fraction(1)
REQUIRED = {
    ("email", "subject"): Fraction(98, 100),
    ("email", "sender"): Fraction(98, 100),
    ("email", "body"): Fraction(90, 100),
    ("email", "reply"): Fraction(85, 100),
    ("email", "never_raises"): ALL,
    ("x", "*"): ALL,
    ("messenger", "*"): ALL,
}
"""The share of expectations that must be met, by kind of channel and of expectation; `*` is every other."""


def required(kind: str, what: str) -> Fraction | None:
    """The share that is asked for, or None if none is."""
    return REQUIRED.get((kind, what), REQUIRED.get((kind, "*")))


def totals(kind: str, rows: Iterable[Row]) -> list[Row]:
    """The rows of one kind of channel, added up over their sources."""
    met: dict[str, int] = defaultdict(int)
    of: dict[str, int] = defaultdict(int)
    for row in rows:
        met[row.what] += row.met
        of[row.what] += row.of
    return [Row(kind, what, met[what], of[what]) for what in of]


def missed(kind: str, summed: Sequence[Row]) -> list[str]:
    """What is asked for and not reached, nothing to compare with included: no evidence is no success."""
    shares = {row.what: row for row in summed if row.of}
    asked = {what for of_kind, what in REQUIRED if of_kind == kind and what != "*"} | shares.keys()
    found = [
        f"{kind}: {what} {_said(shares.get(what))}; {float(share):.0%} are required"
        for what in sorted(asked)
        if (share := required(kind, what)) is not None and not _reached(shares.get(what), share)
    ]
    return found or ([] if shares else [f"{kind}: nothing was compared"])


def _reached(row: Row | None, share: Fraction) -> bool:
    return row is not None and Fraction(row.met, row.of) >= share


def _said(row: Row | None) -> str:
    return f"{row.met} of {row.of}" if row else "nothing to compare with"


def main(argv: Sequence[str]) -> int:
    """Print every table and the totals; 1 if a required share is not reached, 2 if a kind is unknown."""
    kinds = [word for word in argv if not word.startswith("-")] or list(KINDS)
    if unknown := set(kinds) - set(KINDS):
        print(f"no such report: {', '.join(sorted(unknown))}; there are {', '.join(KINDS)}", file=sys.stderr)
        return 2
    summed: dict[str, list[Row]] = {}
    for kind in kinds:
        rows: list[Row] = import_module(f"bench.conform.{kind}").report()
        summed[kind] = totals(kind, rows)
        print(f"{kind}\n{table(rows)}\n")
        if "--differing" in argv:
            print(
                "\n".join(f"{row.source} {row.what}: {case}" for row in rows for case in row.differing), "\n"
            )
    print(f"totals\n{table(row for rows in summed.values() for row in rows)}")
    short = [line for kind, rows in summed.items() for line in missed(kind, rows)]
    print("\n".join(["", *short]) if short else "\nevery required share is reached")
    return 1 if short else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
