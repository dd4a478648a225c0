"""The places of messages in conversations: moved to another one, and put in order where they came in another."""

from __future__ import annotations

from typing import cast

from omnichannel.store.conversations import hold, leave, next_seq, take_part
from omnichannel.store.messages import PAST, Held
from omnichannel.store.tx import Tx


def move(tx: Tx, message: Held, conversation: int, because: str) -> int:
    """Move a message to the end of another conversation; its new place. Its id stays.

    Whoever has nothing left where it was takes no part there any more: else what they say next would go on there.
    """
    hold(tx, [message.conversation, conversation])
    seq = next_seq(tx, conversation, message.received_at)
    for table, known in (("messages", "id"), ("todo", "message")):
        extra = ", because = ?" if table == "messages" else ""
        tx.run(
            f"UPDATE {table} SET conversation = ?, seq = ?{extra} WHERE workspace = ? AND {known} = ?",
            conversation, seq, *((because,) if extra else ()), tx.ws, message.id,
        )  # fmt: skip
    tx.run(
        "UPDATE calls SET conversation = ? WHERE workspace = ? AND message = ?",
        conversation,
        tx.ws,
        message.id,
    )
    tx.run(
        "UPDATE uses SET conversation = ? WHERE workspace = ? AND message = ?",
        conversation,
        tx.ws,
        message.id,
    )
    if message.peer is not None:
        take_part(tx, message.peer, conversation)
        leave(tx, message.peer, message.conversation)
    return seq


def put_in_order(tx: Tx, conversation: int) -> bool:
    """Number a conversation's messages by when they were said; whether that changed anything.

    For what is brought in from before, which platforms give newest first: nobody was shown these numbers yet. Where
    anything was said since, people and followers have seen them, and they stay.
    """
    if tx.one(
        "SELECT 1 FROM messages WHERE workspace = ? AND conversation = ? AND content NOT LIKE ? LIMIT 1",
        tx.ws, conversation, f"%{PAST}%",
    ):  # fmt: skip
        return False
    rows = tx.all(
        "SELECT seq, id FROM messages WHERE workspace = ? AND conversation = ? ORDER BY received_at, id",
        tx.ws, conversation,
    )  # fmt: skip
    seqs = sorted(cast("int", row[0]) for row in rows)
    moved = [(row[1], seq) for row, seq in zip(rows, seqs, strict=True) if row[0] != seq]
    # In two steps, because a place must be free before somebody takes it.
    for sign in (-1, 1):
        for number, seq in moved:
            tx.run("UPDATE messages SET seq = ? WHERE workspace = ? AND id = ?", sign * seq, tx.ws, number)
    return bool(moved)
