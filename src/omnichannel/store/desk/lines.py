"""The queue as lines: the cases of one team that ask the same of whoever takes them, in order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple, cast

from omnichannel.store.desk import cases
from omnichannel.store.desk.cases import Waiting
from omnichannel.store.tx import Tx

FIRST = -(1 << 62)
"""Before everything that waits."""


class Line(NamedTuple):
    """A team's cases that ask the same; empty `asks`: some of which that is not known."""

    team: str
    asks: str


def teams(tx: Tx) -> Iterator[str]:
    """The teams for which anything waits. What waits for them is not counted: a queue may be long."""
    row = tx.one(
        "SELECT team FROM cases WHERE workspace = ? AND queue_at IS NOT NULL ORDER BY team LIMIT 1", tx.ws
    )
    while row is not None:
        yield str(row[0])
        row = tx.one(
            "SELECT team FROM cases WHERE workspace = ? AND queue_at IS NOT NULL AND team > ? ORDER BY team LIMIT 1",
            tx.ws, row[0],
        )  # fmt: skip


def heads(tx: Tx, names: Sequence[str]) -> list[tuple[Line, Waiting]]:
    """The lines of these teams, each with whoever stands first in it."""
    found = [(Line(team, str(row[3])), row[:3]) for team in names for row in _heads(tx, team)]
    first = cases.as_waiting(tx, [row for _, row in found])
    return [(line, one) for (line, _), one in zip(found, first, strict=True)]


_WAITS = "workspace = ? AND team = ? AND queue_at IS NOT NULL"
_HEADS = (
    # From line to line by the index, and of each the first: however many stand in it.
    f"WITH RECURSIVE kinds (asks) AS (SELECT MIN(asks) FROM cases WHERE {_WAITS} UNION ALL"
    f" SELECT (SELECT MIN(c.asks) FROM cases AS c WHERE {_WAITS} AND c.asks > kinds.asks) FROM kinds"
    " WHERE kinds.asks IS NOT NULL)"
    " SELECT c.queue_at, c.conversation, c.content, c.asks FROM kinds JOIN cases AS c ON c.workspace = ?"
    f" AND c.conversation = (SELECT conversation FROM cases WHERE {_WAITS} AND asks = kinds.asks"
    " ORDER BY queue_at, conversation LIMIT 1)"
)


def _heads(tx: Tx, team: str) -> Sequence[tuple[object, ...]]:
    of = (tx.ws, team)
    return tx.all(_HEADS, *of, *of, tx.ws, *of)


def behind(tx: Tx, line: Line, rank: int, number: int, most: int) -> list[Waiting]:
    """Some of a line, behind a place."""
    rows = tx.all(
        "SELECT queue_at, conversation, content FROM cases WHERE workspace = ? AND team = ? AND asks = ?"
        " AND queue_at IS NOT NULL AND queue_at >= ? AND (queue_at > ? OR conversation > ?)"
        f" ORDER BY queue_at, conversation LIMIT {int(most)}",
        tx.ws, line.team, line.asks, rank, rank, number,
    )  # fmt: skip
    return cases.as_waiting(tx, cast("Sequence[tuple[object, ...]]", rows))
