"""What goes to other engines and back: customers page by page, and what their models said."""

from __future__ import annotations

from omnichannel.store.tx import Tx


def customers(tx: Tx, after: int, most: int) -> list[int]:
    """The numbers of customers after one, in order; nobody whose data are frozen."""
    rows = tx.all(
        "SELECT DISTINCT a.customer FROM addresses AS a WHERE a.workspace = ? AND a.customer > ? AND NOT EXISTS"
        " (SELECT 1 FROM addresses AS f WHERE f.workspace = a.workspace AND f.customer = a.customer"
        f" AND f.frozen_at IS NOT NULL) ORDER BY a.customer LIMIT {int(most)}",
        tx.ws, after,
    )  # fmt: skip
    return [int(str(row[0])) for row in rows]
