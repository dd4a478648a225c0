"""Reports: counts added up, and how long everything took, by period and by whose it is.

A period is some pieces of time, so that each statement reads its rows by their moments and nothing else, and asks of
each piece on which day it lies.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple, cast

from omnichannel.clock import micros
from omnichannel.desk.reports import TIMED, Piece, What
from omnichannel.store.tx import Tx

_COLUMNS = {"": "''", "agent": "c.agent", "team": "c.team", "kind": "c.kind", "account": "c.account"}
_ADDED = ", ".join(str(int(what)) for what in What if what is not What.HELD)
_TIMES = ", ".join(str(int(what)) for what in TIMED)
_PIECES = 31
_HELD = f"c.what = {int(What.HELD)}"


class Wanted(NamedTuple):
    """What is asked for: the pieces of its time, by whose (`by`), and of whom only (`columns` by value)."""

    pieces: Sequence[Piece]
    by: str
    columns: Mapping[str, str]

    @property
    def group(self) -> str:
        """The column that has the names."""
        return _COLUMNS[self.by]

    def some(self) -> Iterator[Wanted]:
        """The same, some pieces at a time: no statement takes long, and no answer is large."""
        for start in range(0, len(self.pieces), _PIECES):
            yield self._replace(pieces=self.pieces[start : start + _PIECES])

    def head(self) -> str:
        """The pieces, as a table."""
        rows = ", ".join(
            f"({piece.period}, {micros(piece.since)}, {micros(piece.until)}, {micros(piece.day)})"
            for piece in self.pieces
        )
        return f"WITH pieces (period, since, until, day) AS (VALUES {rows})"

    def only(self) -> tuple[str, list[str]]:
        """The condition on whose it is, and its values."""
        chosen = [(_COLUMNS[name], value) for name, value in self.columns.items() if value]
        return "".join(f" AND {column} = ?" for column, _ in chosen), [value for _, value in chosen]


class Added(NamedTuple):
    """How many counts of a kind and value there are in a period; `same_day`: what began on the day it ended."""

    period: int
    name: str
    what: int
    value: int
    many: int
    same_day: int


def added(tx: Tx, wanted: Wanted) -> Iterator[Added]:
    """Everything but stretches, added up; a period may come in parts."""
    only, values = wanted.only()
    for some in wanted.some():
        rows = tx.all(
            f"{some.head()} SELECT p.period, {wanted.group} AS name, c.what, c.value, COUNT(*),"
            " COUNT(CASE WHEN c.begun_at >= p.day THEN 1 END) FROM pieces AS p CROSS JOIN counts AS c"
            f" WHERE c.workspace = ? AND c.what IN ({_ADDED}) AND c.at >= p.since AND c.at < p.until{only}"
            " GROUP BY p.period, name, c.what, c.value",
            tx.ws, *values,
        )  # fmt: skip
        yield from (Added(*cast("tuple[int, str, int, int, int, int]", row)) for row in rows)


class Length(NamedTuple):
    """How long something took, and how much of that was working time, in microseconds."""

    period: int
    name: str
    what: int
    took: int
    worked: int


def lengths(tx: Tx, wanted: Wanted) -> Iterator[Length]:
    """How long everything took that has a length, in no order."""
    only, values = wanted.only()
    for some in wanted.some():
        rows = tx.all(
            f"{some.head()} SELECT p.period, {wanted.group}, c.what, c.at - c.begun_at, c.worked"
            " FROM pieces AS p CROSS JOIN counts AS c"
            f" WHERE c.workspace = ? AND c.what IN ({_TIMES}) AND c.at >= p.since AND c.at < p.until{only}",
            tx.ws, *values,
        )  # fmt: skip
        yield from (Length(*cast("tuple[int, str, int, int, int]", row)) for row in rows)


class Moved(NamedTuple):
    """How many open conversations more (or less) there are at the end of a period than before it."""

    period: int
    name: str
    change: int


def backlog(tx: Tx, wanted: Wanted) -> list[Moved]:
    """How many were open before the first period (-1), and how that changed in each."""
    since = micros(wanted.pieces[0].since)
    only, values = wanted.only()
    # `+ 0`, so that the later ones are read in order, and not every earlier one by its index.
    before = tx.all(
        f"SELECT -1, {wanted.group} AS name, COUNT(*) FROM counts AS c WHERE c.workspace = ? AND {_HELD}"
        f" AND c.at >= ? AND c.begun_at + 0 < ?{only} GROUP BY name",
        tx.ws, since, since, *values,
    )  # fmt: skip
    changes = [
        row
        for some in wanted.some()
        for column, sign in (("c.begun_at", ""), ("c.at", "-"))
        for row in tx.all(
            f"{some.head()} SELECT p.period, {wanted.group} AS name, {sign}COUNT(*)"
            " FROM pieces AS p CROSS JOIN counts AS c"
            f" WHERE c.workspace = ? AND {_HELD} AND {column} >= p.since AND {column} < p.until{only}"
            " GROUP BY p.period, name",
            tx.ws, *values,
        )
    ]  # fmt: skip
    return [Moved(*cast("tuple[int, str, int]", row)) for row in (*before, *changes)]
