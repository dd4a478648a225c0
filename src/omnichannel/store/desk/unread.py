"""Words that no classifier has read: whoever takes them up has them for a time, and others leave them alone."""

from __future__ import annotations

from typing import NamedTuple, cast

from omnichannel.store import freezing
from omnichannel.store.desk import readings
from omnichannel.store.desk.words import said
from omnichannel.store.tx import Tx

_MOST_CHARACTERS = 20_000
"""Of what a classifier is given: more than anybody reads before they know what it is about."""


class Words(NamedTuple):
    """What a customer wrote since it was last read, up to a message (`seq`), and where."""

    conversation: int
    seq: int
    text: str
    kind: str


def wait(tx: Tx, conversation: int) -> None:
    """Let a conversation's words be read."""
    tx.run(
        "INSERT INTO unread (workspace, conversation, since, due_at) VALUES (?, ?, ?, 0) ON CONFLICT DO NOTHING",
        tx.ws, conversation, tx.now(),
    )  # fmt: skip


def claim(tx: Tx, most: int, lease_until: int) -> list[Words]:
    """Take words that wait, those that wait longest first, until a moment; those of frozen customers wait on."""
    frozen = "" if freezing.nobody(tx) else NOT_FROZEN
    rows = tx.all(
        f"SELECT u.conversation FROM unread AS u WHERE u.workspace = ? AND +u.due_at <= ?{frozen}"
        f" ORDER BY u.since, u.conversation LIMIT {int(most)}{tx.skip_locked}",
        tx.ws, tx.now(),
    )  # fmt: skip
    numbers = [cast("int", row[0]) for row in rows]
    for number in numbers:
        tx.run(
            "UPDATE unread SET due_at = ? WHERE workspace = ? AND conversation = ?",
            lease_until, tx.ws, number,
        )  # fmt: skip
    return [_words(tx, number) for number in numbers]


NOT_FROZEN = (
    " AND NOT EXISTS (SELECT 1 FROM participants AS p JOIN addresses AS a ON a.workspace = p.workspace"
    " AND a.id = p.address JOIN addresses AS f ON f.workspace = a.workspace AND f.customer = a.customer"
    " WHERE p.workspace = u.workspace AND p.conversation = u.conversation AND f.frozen_at IS NOT NULL)"
)
"""The condition that nobody who takes part in a conversation (`u.conversation`) is frozen."""


def _words(tx: Tx, conversation: int) -> Words:
    after = readings.up_to(tx, conversation)
    rows = said(tx, conversation, after)
    if not rows:
        return Words(conversation, after, "", "")
    text = "\n".join(one.text for one in rows if one.text)
    return Words(conversation, rows[-1].seq, text[:_MOST_CHARACTERS], rows[-1].kind)


def message_at(tx: Tx, conversation: int, seq: int) -> int | None:
    """The message at a place in a conversation; None if it was moved from there."""
    row = tx.one(
        "SELECT id FROM messages WHERE workspace = ? AND conversation = ? AND seq = ?",
        tx.ws,
        conversation,
        seq,
    )
    return cast("int", row[0]) if row else None


def done(tx: Tx, conversation: int) -> None:
    """A conversation's words were read; whatever was written meanwhile can be read at once."""
    if said(tx, conversation, readings.up_to(tx, conversation)):
        tx.run(
            "UPDATE unread SET since = ?, due_at = 0 WHERE workspace = ? AND conversation = ?",
            tx.now(), tx.ws, conversation,
        )  # fmt: skip
    else:
        tx.run("DELETE FROM unread WHERE workspace = ? AND conversation = ?", tx.ws, conversation)
