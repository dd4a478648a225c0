"""What a platform's record holds and the store does not: noted page by page, brought in by when it was said."""

from __future__ import annotations

from typing import NamedTuple, cast

from omnichannel.store.tx import Tx


class Missing(NamedTuple):
    """An item that is to be brought in, by its mark in a delivery that is kept."""

    mark: str
    delivery: int


def note(tx: Tx, account: str, mark: str, at: int, delivery: int) -> bool:
    """Note an item as missing; False if it is noted already."""
    noted = tx.run(
        "INSERT INTO missing (workspace, account, mark, at, id, delivery) VALUES (?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (workspace, account, mark) DO NOTHING",
        tx.ws, account, mark, at, tx.ids.new(), delivery,
    )  # fmt: skip
    return noted > 0


def noted(tx: Tx, account: str, mark: str) -> bool:
    """Whether an item is noted as missing."""
    return (
        tx.one("SELECT 1 FROM missing WHERE workspace = ? AND account = ? AND mark = ?", tx.ws, account, mark)
        is not None
    )


def oldest(tx: Tx, account: str, most: int) -> list[Missing]:
    """What was said first of what is missing, in order."""
    rows = tx.all(
        "SELECT mark, delivery FROM missing WHERE workspace = ? AND account = ?"
        f" ORDER BY at, id LIMIT {int(most)}",
        tx.ws, account,
    )  # fmt: skip
    return [Missing(*cast("tuple[str, int]", row)) for row in rows]


def done(tx: Tx, account: str, mark: str) -> None:
    """It is missing no more."""
    tx.run("DELETE FROM missing WHERE workspace = ? AND account = ? AND mark = ?", tx.ws, account, mark)
