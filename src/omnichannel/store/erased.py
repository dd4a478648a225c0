"""What was erased and must not come back, known by its marks alone."""

from __future__ import annotations

from collections.abc import Iterable

from omnichannel.model import ErasureMark
from omnichannel.store.tx import Tx


def remember(tx: Tx, marks: Iterable[ErasureMark]) -> None:
    """Let nothing back that bears one of these marks, for ever."""
    for mark in marks:
        tx.run(
            "INSERT INTO erased (workspace, mark, since, until) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (workspace, mark, since) DO UPDATE SET until = excluded.until"
            " WHERE erased.until < excluded.until",
            tx.ws, mark.mark, mark.since, mark.until,
        )  # fmt: skip


def anything(tx: Tx) -> bool:
    """Whether anybody was ever erased here: where nobody was, nothing needs to be looked up.

    An erasure that is under way is waited for, and none begins before the commit (`erasing.alone`): by looking at
    addresses.
    """
    row = tx.one(
        "SELECT (SELECT 1 FROM erased WHERE workspace = ? LIMIT 1),"
        " (SELECT 1 FROM addresses WHERE workspace = ? AND id = 0)",
        tx.ws, tx.ws,
    )  # fmt: skip
    return row is not None and row[0] is not None


def covers(tx: Tx, mark: str, at: int) -> bool:
    """Whether what bears a mark and came at a moment was erased."""
    row = tx.one(
        "SELECT 1 FROM erased WHERE workspace = ? AND mark = ? AND since <= ? AND until >= ? LIMIT 1",
        tx.ws, mark, at, at,
    )  # fmt: skip
    return row is not None


def ever(tx: Tx, mark: str) -> bool:
    """Whether anything that bears a mark was erased, whenever it came."""
    row = tx.one("SELECT 1 FROM erased WHERE workspace = ? AND mark = ? LIMIT 1", tx.ws, mark)
    return row is not None
