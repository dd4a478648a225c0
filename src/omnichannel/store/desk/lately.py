"""What a customer asked last: their words since we last answered."""

from __future__ import annotations

from typing import NamedTuple, cast

from omnichannel.store.desk.words import COLUMNS, MOST_MESSAGES, NOT_AUTOMATIC, of_person
from omnichannel.store.tx import Tx


class LastWords(NamedTuple):
    """The last words of a customer in a conversation: `message` is the one that says most. Whether we `answered`."""

    message: int
    text: str
    answered: bool


def latest(tx: Tx, conversation: int) -> LastWords | None:
    """What was asked last, answered or not; None where nobody asked anything. No program's words count."""
    rows = tx.all(
        f"SELECT m.id, m.peer, {COLUMNS} FROM messages AS m WHERE m.workspace = ? AND m.conversation = ?"
        f" AND m.direction = 0 ORDER BY m.seq DESC LIMIT {MOST_MESSAGES}",
        tx.ws, conversation,
    )  # fmt: skip
    told = [(cast("int", row[0]), row[1], one) for row in rows if (one := of_person(row[2:])) is not None]
    if not told:
        return None
    _, asker, last = told[0]
    before, answered = _answers(tx, conversation, last.seq)
    words = [(number, one.text) for number, peer, one in reversed(told) if peer == asker and one.seq > before]
    most = max(reversed(words), key=lambda one: len(one[1].split()))
    return LastWords(most[0], "\n".join(text for _, text in words if text), answered)


def _answers(tx: Tx, conversation: int, seq: int) -> tuple[int, bool]:
    """Our last answer before a message (0 for none), and whether there is one behind it."""
    row = tx.one(
        "SELECT MAX(CASE WHEN seq < ? THEN seq ELSE 0 END), MAX(seq) FROM messages WHERE workspace = ?"
        f" AND conversation = ? AND direction = 1 AND {NOT_AUTOMATIC}",
        seq, tx.ws, conversation,
    )  # fmt: skip
    before, newest = row or (None, None)
    return cast("int", before or 0), cast("int", newest or 0) > seq


def said_since(tx: Tx, conversation: int, seq: int, peer: int) -> str | None:
    """What a customer wrote next, behind a message and before our next answer; None where they wrote nothing."""
    rows = tx.all(
        f"SELECT m.direction, m.peer, {COLUMNS} FROM messages AS m WHERE m.workspace = ? AND m.conversation = ?"
        f" AND m.seq > ? AND m.direction <> 2 ORDER BY m.seq LIMIT {MOST_MESSAGES}",
        tx.ws, conversation, seq,
    )  # fmt: skip
    texts: list[str] = []
    for row in rows:
        one = of_person(row[2:]) if row[0] == 0 and row[1] == peer else None
        if one is not None:
            texts.append(one.text)
        elif row[0] == 1 and texts:
            break
    return "\n".join(texts) if texts else None
