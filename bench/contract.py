"""`python -m bench contract [test_contract.py …]`: every channel's contract, how many rules and cases, how long.

Found are `tests/channels/*/test_contract.py` and those of the examples; of other packages name the files. A kind of
ours without a contract fails the bench.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from omnichannel.plugins import own_kinds
from omnichannel.testing import ChannelContract
from omnichannel.testing.discover import contracts
from omnichannel.testing.running import outcomes

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Row:
    """One contract: how many of its rules and cases are kept, and which are not."""

    kind: str
    name: str
    cases: int
    kept: int
    of: int
    not_meant: int
    seconds: float
    broken: tuple[str, ...]


def files(root: Path = ROOT) -> list[Path]:
    """Every contract test of this repository."""
    return sorted(
        [*root.glob("tests/channels/*/test_contract.py"), *root.glob("examples/**/test_contract.py")]
    )


def row(contract: type[ChannelContract]) -> Row:
    """Run one contract."""
    start = time.perf_counter()
    subject = contract().subject()
    found = list(outcomes(subject))
    broken = tuple(f"{one.name}: {one.problem.splitlines()[0][:200]}" for one in found if one.problem)
    asked = [one for one in found if not one.reason]
    return Row(
        kind=subject.kind.kind,
        name=contract.__name__,
        cases=len(subject.cases),
        kept=len(asked) - len(broken),
        of=len(asked),
        not_meant=len(found) - len(asked),
        seconds=time.perf_counter() - start,
        broken=broken,
    )


def table(rows: Iterable[Row]) -> str:
    """The rows for a person, one a line, and under each what is not kept."""
    lines = [f"{'kind':<12}{'contract':<24}{'cases':>6}{'kept':>7}{'of':>6}{'not meant':>11}{'seconds':>9}"]
    for one in rows:
        figures = f"{one.cases:>6}{one.kept:>7}{one.of:>6}{one.not_meant:>11}{one.seconds:>9.2f}"
        lines += [f"{one.kind:<12}{one.name:<24}{figures}", *(f"    {problem}" for problem in one.broken)]
    return "\n".join(lines)


def main(argv: Sequence[str]) -> int:
    """Print the table; 1 if a rule is not kept, or a kind of ours has no contract."""
    rows = [row(contract) for file in (map(Path, argv) if argv else files()) for contract in contracts(file)]
    print(table(rows))
    without = [] if argv else sorted(set(own_kinds()) - {one.kind for one in rows})
    print(f"together {sum(one.kept for one in rows)} of {sum(one.of for one in rows)} kept")
    if without:
        print(f"without a contract: {', '.join(without)}")
    return 1 if without or any(one.broken for one in rows) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
