"""How far what we read agrees with what the sources of real inputs expect: one module per kind of channel."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One kind of expectation of one source: `met` of `of`, and the cases that differ."""

    source: str
    what: str
    met: int
    of: int
    differing: tuple[str, ...] = ()


def table(rows: Iterable[Row]) -> str:
    """The rows for a person, one a line."""
    given = list(rows)
    wide = max((len(row.source) for row in given), default=0)
    what = max((len(row.what) for row in given), default=0)
    return "\n".join(
        f"{row.source:<{wide}}  {row.what:<{what}}  {row.met:>5} of {row.of:>5}  {_share(row):>7}"
        for row in given
    )


def _share(row: Row) -> str:
    # Rounded down: 99.99 % is not all of them.
    return f"{row.met * 1000 // row.of / 10:.1f} %" if row.of else "-"
