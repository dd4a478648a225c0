"""Whose items the raw deliveries hold: found out when somebody asks for their own, and remembered."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from omnichannel.store import arrivals
from omnichannel.store.arrivals import Arrival
from omnichannel.store.tx import Tx, marks, some

_NOBODY = ""
_UNREAD = "~"  # no mark of anybody's begins so


def unsorted(tx: Tx, after: int, most: int) -> list[Arrival]:
    """Deliveries after a number of which nobody knows yet whose items they hold, oldest first."""
    return arrivals.where(
        tx,
        "id > ? AND NOT EXISTS (SELECT 1 FROM holds AS h"
        f" WHERE h.workspace = deliveries.workspace AND h.delivery = deliveries.id AND h.mark <> '{_UNREAD}')",
        after,
        most=most,
    )


def sort(tx: Tx, delivery: int, found: Iterable[str]) -> None:
    """Set the marks of those whose items a delivery holds."""
    tx.run("DELETE FROM holds WHERE workspace = ? AND delivery = ? AND mark <> ?", tx.ws, delivery, _UNREAD)
    for mark in sorted(set(found)) or [_NOBODY]:
        tx.run("INSERT INTO holds (workspace, mark, delivery) VALUES (?, ?, ?)", tx.ws, mark, delivery)


def forget(tx: Tx, delivery: int) -> int:
    """It is not known any more whose items a delivery holds; how many marks it had."""
    return tx.run("DELETE FROM holds WHERE workspace = ? AND delivery = ?", tx.ws, delivery)


def left_unread(tx: Tx, delivery: int) -> None:
    """Remember that nobody could tell of all of a delivery whose it was, when somebody was erased."""
    tx.run(
        "INSERT INTO holds (workspace, mark, delivery) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        tx.ws, _UNREAD, delivery,
    )  # fmt: skip


def was_left_unread(tx: Tx, delivery: int) -> bool:
    """Whether that is so."""
    row = tx.one(
        "SELECT 1 FROM holds WHERE workspace = ? AND mark = ? AND delivery = ?", tx.ws, _UNREAD, delivery
    )
    return row is not None


def deliveries(tx: Tx, found: Collection[str]) -> list[int]:
    """The deliveries that hold an item with one of these marks, oldest first."""
    numbers: set[int] = set()
    wanted = sorted(set(found) - {_NOBODY})
    for few in some(wanted):
        rows = tx.all(
            f"SELECT delivery FROM holds WHERE workspace = ? AND mark IN ({marks(few)})", tx.ws, *few
        )
        numbers.update(int(str(row[0])) for row in rows)
    return sorted(numbers)
