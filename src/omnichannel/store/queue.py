"""Messages that wait for the handlers: one conversation at a time, in order, at least once."""

from __future__ import annotations

from typing import NamedTuple, cast

from omnichannel.clock import moment
from omnichannel.model import Parked
from omnichannel.store.tx import Tx, marks, padded


class Task(NamedTuple):
    """One message for the handlers."""

    conversation: int
    seq: int
    message: int
    attempts: int


def add(tx: Tx, conversation: int, seq: int, message: int) -> None:
    """Let the handlers see a message."""
    tx.stir()
    tx.at_last(
        "INSERT INTO todo (workspace, conversation, seq, message, state, attempts, due_at, reason)"
        " VALUES (?, ?, ?, ?, 0, 0, 0, '')",
        tx.ws, conversation, seq, message,
    )  # fmt: skip


def claim(tx: Tx, most: int, lease_until: int) -> list[Task]:
    """Take messages whose turn it is, none before its predecessors in the conversation, until a moment.

    Of those that may be handled now, the first ones that came: whatever comes later, and whatever failed before,
    nobody waits for ever. Whoever holds them past that moment is taken for dead, and others get them.
    """
    # `+` keeps engines from any index but those for that order, and for a conversation's.
    rows = tx.all(
        "SELECT conversation, seq, message, attempts FROM todo AS t"
        " WHERE workspace = ? AND state = 0 AND +due_at <= ? AND NOT EXISTS ("
        "  SELECT 1 FROM todo AS p WHERE p.workspace = t.workspace AND p.conversation = t.conversation"
        "  AND p.seq < t.seq AND +p.state = 0)"
        f" ORDER BY message LIMIT {int(most)}{tx.skip_locked}",
        tx.ws,
        tx.now(),
    )
    tasks = [Task(*cast("tuple[int, int, int, int]", row)) for row in rows]
    for task in tasks:
        tx.at_last(
            "UPDATE todo SET due_at = ? WHERE workspace = ? AND conversation = ? AND seq = ?",
            lease_until, tx.ws, task.conversation, task.seq,
        )  # fmt: skip
    return tasks


def done(tx: Tx, *tasks: Task) -> dict[int, int]:
    """These were handled; which messages of them, for somebody else may have had some handled meanwhile.

    With the conversation that each stands in by now: it may have been moved since it was claimed.
    """
    return {
        cast("int", row[0]): cast("int", row[1])
        for few in padded([task.message for task in tasks])
        for row in tx.all(
            f"DELETE FROM todo WHERE workspace = ? AND message IN ({marks(few)}) AND state = 0"
            " RETURNING message, conversation",
            tx.ws, *few,
        )
    }  # fmt: skip


def later(tx: Tx, task: Task, due_at: int, reason: str, *, counts: bool = True) -> None:
    """Handling it failed; try again at that time. `counts`: whether that was one of its attempts."""
    tx.run(
        "UPDATE todo SET attempts = attempts + ?, due_at = ?, reason = ?"
        " WHERE workspace = ? AND state = 0 AND message = ?",
        int(counts),
        due_at,
        reason[:1000],
        tx.ws,
        task.message,
    )


def park(tx: Tx, task: Task, reason: str) -> bool:
    """The handlers fail on it for good: set it aside for a person; False if another worker had it handled."""
    changed = tx.run(
        "UPDATE todo SET state = 2, attempts = attempts + 1, reason = ?"
        " WHERE workspace = ? AND state = 0 AND message = ?",
        reason[:1000],
        tx.ws,
        task.message,
    )
    return changed > 0


def parked(tx: Tx) -> list[Parked]:
    """Every message that its handlers failed on."""
    rows = tx.all(
        "SELECT t.message, m.account, t.reason, t.attempts, m.received_at FROM todo AS t"
        " JOIN messages AS m ON m.workspace = t.workspace AND m.id = t.message"
        " WHERE t.workspace = ? AND t.state = 2 ORDER BY t.message",
        tx.ws,
    )
    return [
        Parked(
            id=tx.ids.show("message", cast("int", message)),
            what="handler",
            account=str(account),
            reason=str(reason),
            attempts=cast("int", attempts),
            at=moment(cast("int", at)),
        )
        for message, account, reason, attempts, at in rows
    ]


def replay(tx: Tx, message: int) -> bool:
    """Let the handlers try once more; whether that message was parked."""
    tx.stir()
    changed = tx.run(
        "UPDATE todo SET state = 0, attempts = 0, due_at = 0, reason = ''"
        " WHERE workspace = ? AND message = ? AND state = 2",
        tx.ws,
        message,
    )
    return changed > 0
