"""How often a program answered somebody of late: where a loop between two machines is counted.

Mails are counted as wrong codes are, in one table, under names of their own. In chats there are many more, so that
each address has one row.
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


def chatted(tx: Tx, address: int, since: int) -> int:
    """How many automatic answers somebody was given in a chat, in the span that began after a moment."""
    row = tx.one(
        "SELECT answers FROM paced WHERE workspace = ? AND address = ? AND since > ?", tx.ws, address, since
    )
    return cast("int", row[0]) if row else 0


def chat(tx: Tx, address: int, since: int, most: int) -> bool:
    """Count one more in a chat, in a new span if the last began before a moment; False where there are so many."""
    return tx.run(
        "INSERT INTO paced (workspace, address, since, answers) VALUES (?, ?, ?, 1)"
        " ON CONFLICT (workspace, address) DO UPDATE SET"
        " answers = CASE WHEN paced.since <= ? THEN 1 ELSE paced.answers + 1 END,"
        " since = CASE WHEN paced.since <= ? THEN excluded.since ELSE paced.since END"
        " WHERE paced.since <= ? OR paced.answers < ?",
        tx.ws, address, tx.now(), since, since, since, most,
    ) > 0  # fmt: skip
