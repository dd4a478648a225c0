"""Idempotency keys of our callers: what was ordered under each, for as long as its message is kept.

Neither key nor order is kept, only keyed marks of both: a key may be somebody's name, an order is what was said.
"""

from __future__ import annotations

from typing import NamedTuple, cast

from omnichannel.errors import KeyConflict
from omnichannel.store.marking import order_mark
from omnichannel.store.tx import Tx


class Key(NamedTuple):
    """A caller's key, and all that was ordered under it, written down always the same way."""

    name: str
    asked: str


def known(tx: Tx, key: Key | None) -> int | None:
    """The message that was ordered under a key before; raises KeyConflict if it was another order."""
    if key is None:
        return None
    row = tx.one("SELECT asked, message FROM orders WHERE workspace = ? AND mark = ?", tx.ws, _mark(tx, key))
    if row is None:
        return None
    if row[0] != order_mark(tx, "asked", key.asked):
        raise KeyConflict(
            "this idempotency key came before with something else to say, which stands; give every order a key of "
            "its own, and the same key only to the very same order"
        )
    tx.firm()
    return cast("int", row[1])


def take(tx: Tx, key: Key | None, message: int) -> int | None:
    """Order a message under a key. None: it is new; else the message that was ordered meanwhile.

    Raises KeyConflict if that was another order. Whoever takes the same key at the same time waits for our commit.
    """
    if key is None:
        return None
    taken = tx.run(
        "INSERT INTO orders (workspace, mark, asked, message) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
        tx.ws, _mark(tx, key), order_mark(tx, "asked", key.asked), message,
    )  # fmt: skip
    return None if taken else known(tx, key)


def _mark(tx: Tx, key: Key) -> str:
    return order_mark(tx, "key", key.name)
