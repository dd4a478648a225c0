"""How far the desk has come, and that one works on it at a time."""

from __future__ import annotations

from typing import NamedTuple, cast

from omnichannel.store import following, records
from omnichannel.store.tx import Tx


class Place(NamedTuple):
    """The last happening that the desk looked at, and the last conversation while it looks through all (or None)."""

    position: int
    walked: int | None


def take(tx: Tx, plan: str) -> Place:
    """Have the desk to oneself until the commit. A new desk begins with the conversations that there are."""
    row = tx.one(
        "UPDATE desks SET at = ?, plan = ? WHERE workspace = ? RETURNING position, walked",
        tx.now(),
        plan,
        tx.ws,
    )
    if row is None:
        tx.run(
            "INSERT INTO desks (workspace, position, walked, plan, at) VALUES (?, ?, 0, ?, ?) ON CONFLICT DO NOTHING",
            tx.ws, records.newest(tx), plan, tx.now(),
        )  # fmt: skip
        return take(tx, plan)
    position, walked = cast("tuple[int, int | None]", row)
    if position < following.gone_up_to(tx):  # something was let go unseen: look at every conversation again
        position, walked = records.newest(tx), 0
        go_on(tx, position, walked)
    return Place(position, walked)


def go_on(tx: Tx, position: int, walked: int | None) -> None:
    """The desk has come so far."""
    tx.run("UPDATE desks SET position = ?, walked = ? WHERE workspace = ?", position, walked, tx.ws)


def walk(tx: Tx, after: int, most: int) -> list[int]:
    """The next conversations of those that there are."""
    rows = tx.all(
        f"SELECT id FROM conversations WHERE workspace = ? AND id > ? ORDER BY id LIMIT {int(most)}",
        tx.ws,
        after,
    )
    return [cast("int", row[0]) for row in rows]
