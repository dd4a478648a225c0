"""How often a program answered somebody of late: where a loop between two machines is counted."""

from __future__ import annotations

from typing import cast

from omnichannel.store.tx import Tx


def answered(tx: Tx, address: int, since: int) -> int:
    """How many automatic answers somebody was given since a moment."""
    row = tx.one(
        "SELECT COUNT(*) FROM tries WHERE workspace = ? AND who = ? AND at > ?", tx.ws, who(address), since
    )
    return cast("int", row[0]) if row else 0


def count(tx: Tx, address: int, forget_before: int) -> None:
    """Write one more down, and forget those of theirs that no longer count."""
    tx.run(
        "DELETE FROM tries WHERE workspace = ? AND who = ? AND at <= ?", tx.ws, who(address), forget_before
    )
    tx.run(
        "INSERT INTO tries (workspace, id, who, at) VALUES (?, ?, ?, ?)",
        tx.ws, tx.ids.new(), who(address), tx.now(),
    )  # fmt: skip


def who(address: int) -> str:
    """What their answers are counted under; wrong codes are counted in the same table, under other names."""
    return f"answered {address}"
