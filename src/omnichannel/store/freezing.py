"""Whose data are frozen, and what of theirs waits until they are not any more."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from omnichannel.store.tx import Tx, marks, some

_HELD = 3  # the state of a message that handlers are not to see for now


def nobody(tx: Tx) -> bool:
    """Whether nobody's data are frozen: then nothing else needs to be looked up."""
    if "frozen" in tx.memory.nobody:
        return True
    if tx.one("SELECT 1 FROM addresses WHERE workspace = ? AND frozen_at IS NOT NULL LIMIT 1", tx.ws):
        return False
    tx.memory.nobody.add("frozen")
    return True


def since(tx: Tx, customer: int) -> int | None:
    """Since when a customer's data are frozen: the first of their addresses; None if none is."""
    if "frozen" in tx.memory.nobody:
        return None
    row = tx.one(
        "SELECT MIN(frozen_at) FROM addresses WHERE workspace = ? AND customer = ? AND frozen_at IS NOT NULL",
        tx.ws, customer,
    )  # fmt: skip
    return cast("int | None", row[0]) if row else None


def of_address(tx: Tx, number: int) -> int | None:
    """Since when an address itself is frozen."""
    row = tx.one("SELECT frozen_at FROM addresses WHERE workspace = ? AND id = ?", tx.ws, number)
    return cast("int | None", row[0]) if row else None


def freeze(tx: Tx, number: int, at: int | None) -> None:
    """Set since when an address is frozen; None for not."""
    tx.run("UPDATE addresses SET frozen_at = ? WHERE workspace = ? AND id = ?", at, tx.ws, number)


_FROZEN = (
    "SELECT m.id FROM messages AS m JOIN addresses AS p ON p.workspace = m.workspace AND p.id = m.peer"
    " JOIN addresses AS f ON f.workspace = p.workspace AND f.customer = p.customer AND f.frozen_at IS NOT NULL"
    " WHERE m.workspace = ?"
)


def held(tx: Tx, messages: Sequence[int]) -> set[int]:
    """Which of these messages are a frozen customer's."""
    return {
        cast("int", row[0])
        for few in some(messages)
        for row in tx.all(f"{_FROZEN} AND m.id IN ({marks(few)})", tx.ws, *few)
    }


def stays(tx: Tx) -> bool:
    """Let nobody who is frozen be unfrozen before the commit; whether they could have been until now."""
    if not tx.skip_locked:
        return False  # there is one writer at a time
    tx.all(
        "SELECT 1 FROM addresses WHERE workspace = ? AND frozen_at IS NOT NULL ORDER BY id FOR SHARE", tx.ws
    )
    return True


def hold(tx: Tx, messages: Sequence[int]) -> None:
    """Let no handler see these messages for now."""
    for few in some(messages):
        tx.run(
            f"UPDATE todo SET state = {_HELD} WHERE workspace = ? AND state = 0 AND message IN ({marks(few)})",
            tx.ws, *few,
        )  # fmt: skip


def release(tx: Tx) -> int:
    """Let the handlers see what is frozen no more; how many messages."""
    rows = tx.all(f"SELECT message FROM todo WHERE workspace = ? AND state = {_HELD}", tx.ws)
    waiting = [cast("int", row[0]) for row in rows]
    free = sorted(set(waiting) - held(tx, waiting))
    return sum(
        tx.run(
            "UPDATE todo SET state = 0, attempts = 0, due_at = 0 WHERE workspace = ?"
            f" AND state = {_HELD} AND message IN ({marks(few)})",
            tx.ws, *few,
        )
        for few in some(free)
    )  # fmt: skip


def cancel_queued(tx: Tx, address: int) -> list[int]:
    """Send nothing of what waits to be sent to an address; the messages that are cut short by it."""
    rows = tx.all(
        "SELECT DISTINCT c.message FROM participants AS p JOIN calls AS c"
        "  ON c.workspace = p.workspace AND c.conversation = p.conversation"
        " JOIN messages AS m ON m.workspace = c.workspace AND m.id = c.message"
        " WHERE p.workspace = ? AND p.address = ? AND m.peer = p.address"
        "  AND c.state IN (0, 1, 4) AND c.state = 0",
        tx.ws, address,
    )  # fmt: skip
    found = sorted(cast("int", row[0]) for row in rows)
    for few in some(found):
        tx.run(
            "UPDATE calls SET state = 5, detail = 'the customer was frozen', at = ? WHERE workspace = ?"
            f" AND state = 0 AND message IN ({marks(few)})",
            tx.now(), tx.ws, *few,
        )  # fmt: skip
    return found


def addresses(tx: Tx) -> set[int]:
    """The addresses of every customer whose data are frozen."""
    rows = tx.all(
        "SELECT DISTINCT a.id FROM addresses AS f JOIN addresses AS a ON a.workspace = f.workspace"
        " AND a.customer = f.customer WHERE f.workspace = ? AND f.frozen_at IS NOT NULL",
        tx.ws,
    )
    return {cast("int", row[0]) for row in rows}
