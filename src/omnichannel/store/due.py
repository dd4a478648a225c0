"""When something is to be done that is put off: so that whoever has nothing to do need not look all the time."""

from __future__ import annotations

from typing import cast

from omnichannel.store.tx import Tx

_LATER = (
    "SELECT MIN(due_at) AS at FROM deliveries WHERE workspace = ? AND state = 0 AND due_at > 0 AND due_at > ?",
    "SELECT MIN(due_at) FROM todo WHERE workspace = ? AND state = 0 AND due_at > ?",
    "SELECT MIN(due_at) FROM calls WHERE workspace = ? AND state IN (0, 1) AND due_at > ?",
    "SELECT MIN(due_at) FROM calls WHERE workspace = ? AND state = 4 AND due_at > ?",
    "SELECT MIN(not_before) FROM pulses WHERE workspace = ? AND not_before > ?",
    "SELECT MIN(expires_at) FROM challenges WHERE workspace = ? AND state = 0 AND expires_at > ?",
    "SELECT MIN(due_at) FROM webhooks WHERE workspace = ? AND state = 0 AND due_at > ?",
    "SELECT MIN(next_at) FROM cases WHERE workspace = ? AND next_at > 0 AND next_at > ?",
    "SELECT MIN(due_at) FROM unread WHERE workspace = ? AND due_at > ?",
    "SELECT MIN(due_at) FROM turns WHERE workspace = ? AND state = 0 AND due_at > ?",
    "SELECT MIN(due_at) FROM ratings WHERE workspace = ? AND state = 0 AND due_at > ?",
    "SELECT MIN(present_until) FROM agents WHERE workspace = ? AND present_until > ?",
    "SELECT MIN(lease_until) FROM followers WHERE workspace = ? AND lease_until > ?",
)


def soonest(tx: Tx, after: int) -> int | None:
    """When the next thing is due after a moment (microseconds since 1970); None for nothing.

    A delivery, message, call or notice that was put off, a call in doubt to be asked about, an account that may
    be written to again, a lease that ends, a challenge that waited too long.
    """
    row = tx.one(
        f"SELECT MIN(at) FROM ({' UNION ALL '.join(_LATER)}) AS later", *(tx.ws, after) * len(_LATER)
    )
    return cast("int | None", row[0]) if row else None
