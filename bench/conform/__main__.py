"""`python -m bench conform [KIND …]`: every report, whether each required share is reached, and whether every
difference has its reason.

`--differing` also prints the cases that differ.
"""

from __future__ import annotations

import pathlib
import sys
import tomllib
from collections import defaultdict
from collections.abc import Container, Iterable, Sequence
from fractions import Fraction
from importlib import import_module

from bench.conform import Row, table
from omnichannel import plugins

# A kind is judged by the module of its name beside this one.
HERE = pathlib.Path(__file__).parent
# The example of somebody else's channel is read where it stands, installed or not.
EXAMPLES = ("line",)
KINDS = tuple(kind for kind in sorted({*plugins.kinds(), *EXAMPLES}) if (HERE / f"{kind}.py").exists())

ALL = Fraction(1)
REQUIRED = {
    ("email", "subject"): Fraction(98, 100),
    ("email", "sender"): Fraction(98, 100),
    ("email", "body"): Fraction(90, 100),
    ("email", "reply"): Fraction(85, 100),
    ("email", "never_raises"): ALL,
}
"""The share of expectations that must be met, by kind of channel and of expectation; of mail's other words none,
of all other channels all, less what `<kind>_differences.toml` gives a reason for."""


def required(kind: str, what: str) -> Fraction | None:
    """The share that is asked for, or None if none is."""
    return REQUIRED.get((kind, what), None if kind == "email" else ALL)


def totals(kind: str, rows: Iterable[Row]) -> list[Row]:
    """The rows of one kind of channel, added up over their sources."""
    met: dict[str, int] = defaultdict(int)
    of: dict[str, int] = defaultdict(int)
    differing: dict[str, tuple[str, ...]] = defaultdict(tuple)
    for row in rows:
        differing[row.what] += row.differing
        met[row.what] += row.met
        of[row.what] += row.of
    return [Row(kind, what, met[what], of[what], differing[what]) for what in of]


def reasons(kind: str) -> dict[str, str]:
    """The cases of `<kind>_differences.toml`, where we differ on purpose, each with its reason.

    A case is what stands before the first colon in a row's `differing`; of mail a file, and what differs in it.
    """
    file = HERE / f"{kind}_differences.toml"
    found = tomllib.loads(file.read_text("utf-8"))["difference"] if file.exists() else []
    named = [(one.get("case") or f"{one['file']} ({one['what']})", one["reason"]) for one in found]
    return {case: reason for case, reason in named if reason}


def unexplained(kind: str, summed: Iterable[Row]) -> list[str]:
    """What is not met and has no reason, whatever share is required: each is a fault, or a reason is owed."""
    told = reasons(kind)
    return [
        f"{kind}: {row.what} differs, and nobody says why: {case}"
        for row in summed
        for case in row.differing
        if not {(head := case.partition(":")[0]), f"{head} ({row.what})"} & told.keys()
    ]


def missed(kind: str, summed: Sequence[Row]) -> list[str]:
    """What is asked for and not reached, nothing to compare with included: no evidence is no success."""
    shares = {row.what: row for row in summed if row.of}
    asked = {what for of_kind, what in REQUIRED if of_kind == kind and what != "*"} | shares.keys()
    excused = reasons(kind)
    found = [
        f"{kind}: {what} {_said(shares.get(what))}; {float(share):.0%} are required"
        for what in sorted(asked)
        if (share := required(kind, what)) is not None and not _reached(shares.get(what), share, excused)
    ]
    return found or ([] if shares else [f"{kind}: nothing was compared"])


def _reached(row: Row | None, share: Fraction, excused: Container[str]) -> bool:
    """Differences with a reason are no failures where everything is required; they still count as not met."""
    if row is None:
        return False
    reasoned = sum(case.partition(":")[0] in excused for case in row.differing) if share == ALL else 0
    return Fraction(row.met + reasoned, row.of) >= share


def _said(row: Row | None) -> str:
    return f"{row.met} of {row.of}" if row else "nothing to compare with"


def main(argv: Sequence[str]) -> int:
    """Print every table and the totals; 1 if a share is missed or a reason is, 2 for an unknown kind."""
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
    short = [
        line for kind, rows in summed.items() for line in (*missed(kind, rows), *unexplained(kind, rows))
    ]
    for kind in kinds:
        for case, reason in reasons(kind).items():
            print(f"{kind} differs on purpose: {case}: {reason}")
    print("\n".join(["", *short]) if short else "\nevery required share is reached")
    return 1 if short else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
