"""Mistakes about whoever stood still, about limits that many calls share, and about who waits longest."""

from __future__ import annotations

from typing import cast

from omnichannel.inbox import sending
from omnichannel.store import Tx, doubts, outbox, queue
from omnichannel.store.outbox import Leased
from omnichannel.store.queue import Task


def lease_end_not_looked_at() -> None:
    """A worker makes the calls that it took up, however long ago that was."""
    sending.in_time = lambda leased, now: True


def standing_still_unnoticed() -> None:
    """Whether there is time for a call is asked when it is taken up, and not when it is made."""
    lease, begun = outbox.lease, sending.in_time

    def lease_and_ask(tx: Tx, most: int, until: int, *more: object) -> list[Leased]:
        leased = lease(tx, most, until, *more)  # type: ignore[arg-type]
        return [one for one in leased if begun(one, tx.now())]

    outbox.lease = lease_and_ask
    sending.in_time = lambda leased, now: True


def settled_without_the_lease() -> None:
    """What comes of a call counts, whoever took it up since."""
    outbox.taken_since = lambda tx, one: False


def second_copy_untold() -> None:
    """Nobody is told of a call that arrived from two workers."""
    doubts.perhaps_twice = lambda tx, number: None


def limits_by_call() -> None:
    """A platform that asks us to wait is taken to speak of one call alone."""
    sending.not_before = lambda receipt, now, rules: 0


def lowest_number_first() -> None:
    """Handlers are given the messages of the oldest conversation first, whoever waits longest."""

    def claim(tx: Tx, most: int, lease_until: int) -> list[Task]:
        rows = tx.all(
            "SELECT conversation, seq, message, attempts FROM todo AS t WHERE workspace = ? AND state = 0"
            " AND due_at <= ? AND NOT EXISTS (SELECT 1 FROM todo AS p WHERE p.workspace = t.workspace"
            "  AND p.conversation = t.conversation AND p.seq < t.seq AND p.state = 0)"
            f" ORDER BY conversation, seq LIMIT {int(most)}",
            tx.ws, tx.now(),
        )  # fmt: skip
        tasks = [Task(*cast("tuple[int, int, int, int]", row)) for row in rows]
        for task in tasks:
            tx.run(
                "UPDATE todo SET due_at = ? WHERE workspace = ? AND message = ?",
                lease_until, tx.ws, task.message,
            )  # fmt: skip
        return tasks

    queue.claim = claim


FAULTS = (
    lease_end_not_looked_at, standing_still_unnoticed, settled_without_the_lease, second_copy_untold, limits_by_call,
    lowest_number_first,
)  # fmt: skip
