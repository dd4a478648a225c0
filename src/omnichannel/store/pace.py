"""How often a program answered somebody of late: where a loop between two machines is counted.

It is counted as wrong codes are, in one table, under names of its own.
"""

from __future__ import annotations

from omnichannel.store import tokens
from omnichannel.store.tx import Tx


def answered(tx: Tx, address: int, since: int) -> int:
    """How many automatic answers somebody was given since a moment."""
    return tokens.tried(tx, since, who(address))


def count(tx: Tx, address: int, forget_before: int) -> None:
    """Write one more down, and forget what no longer counts."""
    tokens.count_try(tx, who(address), forget_before)


def who(address: int) -> str:
    """What their answers are counted under."""
    return f"answered {address}"
