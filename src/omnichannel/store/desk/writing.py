"""Who writes in which conversation at the moment, and what was said meanwhile."""

from __future__ import annotations

from typing import NamedTuple, cast

from omnichannel.store.tx import Tx


class Newer(NamedTuple):
    """What was said since: the message's id, who of ours said it (perhaps nobody knows), or that a customer did."""

    message: str
    agent: str
    inbound: bool


class Writers(NamedTuple):
    """Who else writes, and whether this one only begins to."""

    others: list[str]
    begins: bool


def note(tx: Tx, conversation: int, agent: str, until: int) -> Writers:
    """An agent writes in a conversation until a moment; who else does. What is over is forgotten."""
    tx.run(
        "DELETE FROM writing WHERE workspace = ? AND conversation = ? AND until <= ?",
        tx.ws,
        conversation,
        tx.now(),
    )
    rows = tx.all(
        "SELECT agent FROM writing WHERE workspace = ? AND conversation = ? ORDER BY agent",
        tx.ws,
        conversation,
    )
    tx.run(
        "INSERT INTO writing (workspace, conversation, agent, until) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (workspace, conversation, agent) DO UPDATE SET until = excluded.until",
        tx.ws, conversation, agent, until,
    )  # fmt: skip
    names = [str(row[0]) for row in rows]
    return Writers([name for name in names if name != agent], agent not in names)


def end(tx: Tx, conversation: int, agent: str) -> None:
    """An agent writes no more in a conversation: they said what they had to say."""
    tx.run(
        "DELETE FROM writing WHERE workspace = ? AND conversation = ? AND agent = ?",
        tx.ws,
        conversation,
        agent,
    )


def newer(tx: Tx, conversation: int, after: int, but: str) -> list[Newer] | None:
    """What was said in a conversation after a message, but by one of us themselves; None if that is not in it."""
    seen = tx.one(
        "SELECT seq FROM messages WHERE workspace = ? AND conversation = ? AND id = ?",
        tx.ws,
        conversation,
        after,
    )
    if seen is None:
        return None
    rows = tx.all(
        "SELECT id, agent, direction FROM messages WHERE workspace = ? AND conversation = ? AND seq > ?"
        " AND direction <> 2 AND (agent = '' OR agent <> ?) ORDER BY seq",
        tx.ws, conversation, seen[0], but,
    )  # fmt: skip
    return [Newer(tx.ids.show("message", cast("int", row[0])), str(row[1]), row[2] == 0) for row in rows]
