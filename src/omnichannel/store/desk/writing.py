"""Who writes in which conversation at the moment, and what was said meanwhile."""

from __future__ import annotations

from typing import cast

from omnichannel.store.tx import Tx


def note(tx: Tx, conversation: int, agent: str, until: int) -> list[str]:
    """An agent writes in a conversation until a moment; who else does. What is over is forgotten."""
    tx.run(
        "DELETE FROM writing WHERE workspace = ? AND conversation = ? AND until <= ?",
        tx.ws,
        conversation,
        tx.now(),
    )
    tx.run(
        "INSERT INTO writing (workspace, conversation, agent, until) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (workspace, conversation, agent) DO UPDATE SET until = excluded.until",
        tx.ws, conversation, agent, until,
    )  # fmt: skip
    rows = tx.all(
        "SELECT agent FROM writing WHERE workspace = ? AND conversation = ? AND agent <> ? ORDER BY agent",
        tx.ws, conversation, agent,
    )  # fmt: skip
    return [str(row[0]) for row in rows]


def end(tx: Tx, conversation: int, agent: str) -> None:
    """An agent writes no more in a conversation: they said what they had to say."""
    tx.run(
        "DELETE FROM writing WHERE workspace = ? AND conversation = ? AND agent = ?",
        tx.ws,
        conversation,
        agent,
    )


def newer(tx: Tx, conversation: int, after: int, but: str) -> list[str]:
    """What was said in a conversation after a message, but by one of us themselves: ids."""
    rows = tx.all(
        "SELECT m.id FROM messages AS m JOIN messages AS s ON s.workspace = m.workspace AND s.id = ?"
        " WHERE m.workspace = ? AND m.conversation = ? AND s.conversation = m.conversation AND m.seq > s.seq"
        " AND m.direction <> 2 AND m.agent <> ? ORDER BY m.seq",
        after, tx.ws, conversation, but,
    )  # fmt: skip
    return [tx.ids.show("message", cast("int", row[0])) for row in rows]
