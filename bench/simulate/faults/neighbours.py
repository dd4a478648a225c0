"""Mistakes about whose something is: a workspace is forgotten in one place."""

from __future__ import annotations

from typing import Any

from omnichannel.store import Tx, arrivals, externals, outbox, queue
from omnichannel.store.outbox import Leased
from omnichannel.store.queue import Task


def everybodys_deliveries() -> None:
    """Whatever waits in the store is read, whoever received it."""

    def waiting(tx: Tx, most: int) -> list[arrivals.Arrival]:
        rows = tx.all(f"SELECT {arrivals._COLUMNS} FROM deliveries WHERE state = 0 ORDER BY id LIMIT ?", most)
        return [arrivals._arrival(row) for row in rows]

    arrivals.waiting = waiting


def everybodys_ids() -> None:
    """What another workspace has seen is a duplicate here."""
    claim = externals.claim_external

    def claimed(
        tx: Tx, account: str, what: str, external_id: str, message: int, fingerprint: str = ""
    ) -> bool:
        known = tx.one("SELECT 1 FROM externals WHERE what = ? AND external_id = ?", what, external_id)
        return known is None and claim(tx, account, what, external_id, message, fingerprint)

    externals.claim_external = claimed


def everybodys_queue() -> None:
    """Whoever looks for messages to handle takes up the neighbour's."""
    claim = queue.claim

    def claim_all(tx: Tx, most: int, lease_until: int) -> list[Task]:
        tx.run("UPDATE todo SET due_at = ? WHERE workspace <> ? AND state = 0", lease_until, tx.ws)
        return claim(tx, most, lease_until)

    queue.claim = claim_all


def everybodys_calls() -> None:
    """Whoever looks for calls of the dead finds the neighbour's, too."""
    lease = outbox.lease

    def lease_all(tx: Tx, most: int, until: int, *more: Any) -> list[Leased]:
        tx.run("UPDATE calls SET state = 1, due_at = ? WHERE workspace <> ? AND state = 0", until, tx.ws)
        return lease(tx, most, until, *more)

    outbox.lease = lease_all


FAULTS = (everybodys_deliveries, everybodys_ids, everybodys_queue, everybodys_calls)
