"""What was made of customers' words: one for each time that they wrote, and of their words as they stand."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from hashlib import blake2b
from typing import NamedTuple, cast

from omnichannel.model.desk import Reading
from omnichannel.model.desk.reading import Intent
from omnichannel.store.tx import Tx, marks, some


class Made(NamedTuple):
    """A reading: of the words up to a message, and when it was made first (microseconds since 1970)."""

    conversation: int
    seq: int
    at: int
    reading: Reading


class Known(NamedTuple):
    """Of which words a reading is: those up to a message. `mark` is None where that was not written down."""

    seq: int
    mark: str | None


def mark(text: str) -> str:
    """What words are known by, as those that a reading was made of."""
    return blake2b(text.encode(), digest_size=8).hexdigest()


def up_to(tx: Tx, conversation: int) -> int:
    """The last message that was read; 0 for none."""
    return before(tx, conversation, 1 << 62)


def before(tx: Tx, conversation: int, seq: int) -> int:
    """The last message before a place that was read; 0 for none."""
    row = tx.one(
        "SELECT seq FROM readings WHERE workspace = ? AND conversation = ? AND seq < ? ORDER BY seq DESC LIMIT 1",
        tx.ws, conversation, seq,
    )  # fmt: skip
    return cast("int", row[0]) if row else 0


def find(tx: Tx, conversation: int, seq: int) -> Known | None:
    """The reading of the words up to a message; None where nothing was made of them."""
    row = tx.one(
        "SELECT seq, words FROM readings WHERE workspace = ? AND conversation = ? AND seq = ?",
        tx.ws, conversation, seq,
    )  # fmt: skip
    return Known(*cast("tuple[int, str | None]", row)) if row else None


def known(tx: Tx, conversation: int) -> list[Known]:
    """Of which words every reading of a conversation is, in order."""
    rows = tx.all(
        "SELECT seq, words FROM readings WHERE workspace = ? AND conversation = ? ORDER BY seq",
        tx.ws, conversation,
    )  # fmt: skip
    return [Known(*cast("tuple[int, str | None]", row)) for row in rows]


def write(tx: Tx, conversation: int, seq: int, reading: Reading, *, words: str, begins: bool) -> None:
    """Write a reading of these words down. `begins`: nothing that was read before belongs to the same question."""
    tx.run(
        "INSERT INTO readings (workspace, conversation, seq, at, intent, content, words, begins, complains)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        tx.ws, conversation, seq, tx.now(), reading.intent or "", _content(reading), mark(words), int(begins),
        int(reading.holds(Intent.COMPLAINT)),
    )  # fmt: skip


def rewrite(tx: Tx, conversation: int, seq: int, reading: Reading, *, words: str) -> None:
    """Put a reading of the words as they stand in the place of another one. It counts for when they were said."""
    tx.run(
        "UPDATE readings SET intent = ?, content = ?, words = ?, complains = ?"
        " WHERE workspace = ? AND conversation = ? AND seq = ?",
        reading.intent or "", _content(reading), mark(words), int(reading.holds(Intent.COMPLAINT)),
        tx.ws, conversation, seq,
    )  # fmt: skip


def _content(reading: Reading) -> str:
    return reading.model_dump_json(exclude_defaults=True)


def forget(tx: Tx, conversation: int, gone: Collection[int]) -> None:
    """Let readings go of which no words are left. What followed one in a question begins it now."""
    rows = tx.all(
        "SELECT seq, begins FROM readings WHERE workspace = ? AND conversation = ? ORDER BY seq",
        tx.ws, conversation,
    )  # fmt: skip
    begins = False
    for row in rows:
        seq, first = cast("tuple[int, int]", row)
        begins = begins or bool(first)
        if seq in gone:
            tx.run(
                "DELETE FROM readings WHERE workspace = ? AND conversation = ? AND seq = ?",
                tx.ws,
                conversation,
                seq,
            )
            continue
        if begins and not first:
            tx.run(
                "UPDATE readings SET begins = 1 WHERE workspace = ? AND conversation = ? AND seq = ?",
                tx.ws, conversation, seq,
            )  # fmt: skip
        begins = False


def praise(tx: Tx, conversation: int, seq: int) -> bool:
    """Write down that it was told that somebody praised; False where it was before, whatever they wrote since."""
    changed = tx.run(
        "UPDATE readings SET praised = 1 WHERE workspace = ? AND conversation = ? AND seq = ? AND praised = 0",
        tx.ws, conversation, seq,
    )  # fmt: skip
    return changed > 0


def begun(tx: Tx, conversation: int) -> int:
    """Up to which message the first words of the last question were read; 0 where nothing was."""
    row = tx.one(
        "SELECT seq FROM readings WHERE workspace = ? AND conversation = ? AND begins = 1 ORDER BY seq DESC LIMIT 1",
        tx.ws, conversation,
    )  # fmt: skip
    return cast("int", row[0]) if row else 0


def since(tx: Tx, conversation: int, seq: int) -> list[Reading]:
    """The readings from a place on, in order."""
    rows = tx.all(
        "SELECT content FROM readings WHERE workspace = ? AND conversation = ? AND seq >= ? ORDER BY seq",
        tx.ws, conversation, seq,
    )  # fmt: skip
    return [Reading.model_validate_json(str(row[0])) for row in rows]


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
