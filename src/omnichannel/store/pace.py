"""How often a program answered somebody of late: where a loop between two machines is counted.

It is counted as wrong codes are, in one table, under names of its own.
"""

from __future__ import annotations

from typing import cast

from omnichannel.store import tokens
from omnichannel.store.tx import Tx


def answered(tx: Tx, address: int, since: int) -> int:
    """How many automatic answers somebody was given since a moment."""
    return tokens.tried(tx, since, who(address))


def answered_in_all(tx: Tx, since: int) -> int:
    """How many automatic answers everybody together was given since a moment."""
    row = tx.one(
        "SELECT COUNT(*) FROM tries WHERE workspace = ? AND at > ? AND who LIKE 'answered %'", tx.ws, since
    )
    return cast("int", row[0]) if row else 0


def count(tx: Tx, address: int, forget_before: int) -> None:
    """Write one more down, and forget what no longer counts."""
    tokens.count_try(tx, who(address), forget_before)


def who(address: int) -> str:
    """What their answers are counted under."""
    return f"answered {address}"
