"""What was made of customers' words: append-only, one for each time that somebody wrote."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, cast

from omnichannel.model.desk import Reading
from omnichannel.store.tx import Tx, marks, some


class Made(NamedTuple):
    """A reading: of the words up to a message, and when it was made (microseconds since 1970)."""

    conversation: int
    seq: int
    at: int
    reading: Reading


def up_to(tx: Tx, conversation: int) -> int:
    """The last message that was read; 0 for none."""
    row = tx.one(
        "SELECT seq FROM readings WHERE workspace = ? AND conversation = ? ORDER BY seq DESC LIMIT 1",
        tx.ws, conversation,
    )  # fmt: skip
    return cast("int", row[0]) if row else 0


def write(tx: Tx, conversation: int, seq: int, reading: Reading) -> bool:
    """Write a reading down; False where these words were read by somebody else meanwhile."""
    if up_to(tx, conversation) >= seq:
        return False
    tx.run(
        "INSERT INTO readings (workspace, conversation, seq, at, intent, content) VALUES (?, ?, ?, ?, ?, ?)",
        tx.ws, conversation, seq, tx.now(), reading.intent or "", reading.model_dump_json(exclude_defaults=True),
    )  # fmt: skip
    return True


def of_conversations(tx: Tx, numbers: Sequence[int]) -> list[Made]:
    """Every reading of these conversations, in order."""
    return [
        Made(
            cast("int", number), cast("int", seq), cast("int", at), Reading.model_validate_json(str(content))
        )
        for few in some(numbers)
        for number, seq, at, content in tx.all(
            "SELECT conversation, seq, at, content FROM readings WHERE workspace = ?"
            f" AND conversation IN ({marks(few)}) ORDER BY conversation, seq",
            tx.ws, *few,
        )
    ]  # fmt: skip


def intents(tx: Tx, since: int, until: int) -> dict[str, int]:
    """How often each intent was read between two moments; the empty one for none that is likelier than not."""
    rows = tx.all(
        "SELECT intent, COUNT(*) FROM readings WHERE workspace = ? AND at >= ? AND at < ?"
        " GROUP BY intent ORDER BY intent",
        tx.ws, since, until,
    )  # fmt: skip
    return {str(intent): cast("int", count) for intent, count in rows}
