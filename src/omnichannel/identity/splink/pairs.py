"""Pairs that Splink scored, as it writes them: which two customers, and how probably they are one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from omnichannel.identity import tables
from omnichannel.identity.splink.sheet import OWNER

ONE, OTHER, PROBABILITY, MODEL = f"{OWNER}_l", f"{OWNER}_r", "match_probability", "model"
"""The columns that are read: as Splink names them, and the model's, which it does not write."""


class Scored(NamedTuple):
    """Two customers, or records, by what they were exported under, the lesser text first. `model` may be empty."""

    one: str
    other: str
    probability: float
    model: str = ""


def read_pairs(lines: Iterable[str]) -> Iterator[Scored]:
    """The pairs of a CSV file, one by one; other columns are passed over, and a customer's rows against each other.

    Raises ValueError, naming the line, for a column that is missing, a probability that is none, or no CSV.
    """
    rows = tables.rows(lines)
    _, headings = next(rows, (0, []))
    missing = [name for name in (ONE, OTHER, PROBABILITY) if name not in headings]
    if missing:
        raise ValueError(
            f"no column is called {missing[0]}; give what Splink's predict() writes, or score.py's pairs.csv"
        )
    places = [headings.index(name) for name in (ONE, OTHER, PROBABILITY)]
    model = headings.index(MODEL) if MODEL in headings else None
    for line, cells in rows:
        if not cells:
            continue
        if len(cells) != len(headings):
            raise ValueError(f"line {line} has {len(cells)} cells, the heading {len(headings)}")
        first, second, written = (cells[place] for place in places)
        one, other = sorted((first, second))
        if one != other:
            yield Scored(one, other, _probability(written, line), cells[model] if model is not None else "")


def _probability(written: str, line: int) -> float:
    try:
        found = float(written)
    except ValueError:
        found = -1.0
    if not 0 <= found <= 1:
        raise ValueError(f"line {line}: {written!r} is no probability; it lies from 0 to 1")
    return found
