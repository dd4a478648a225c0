"""One-time tokens, by their digests, and the wrong codes that somebody tried."""

from __future__ import annotations

from typing import cast

from omnichannel.identity import Token
from omnichannel.store.tx import Tx

_COLUMNS = "digest, conversation, address, account, issued_at, expires_at, used_at, holder, used_by"


def issue(tx: Tx, token: Token, *, short: bool = False) -> bool:
    """Remember a token by its digest; False if there was such a one already, as can be with short ones."""
    return tx.run(
        f"INSERT INTO tokens (workspace, {_COLUMNS}, short) VALUES (?, ?, ?, ?, ?, ?, ?, NULL, ?, NULL, ?)"
        " ON CONFLICT DO NOTHING",
        tx.ws, token.digest, token.conversation, token.address, token.account, token.issued_at, token.expires_at,
        token.holder, int(short),
    ) > 0  # fmt: skip


def find(tx: Tx, digest: str) -> Token | None:
    """A token, used or not, expired or not."""
    row = tx.one(f"SELECT {_COLUMNS} FROM tokens WHERE workspace = ? AND digest = ?", tx.ws, digest)
    return (
        Token(*cast("tuple[str, int, int, str, int, int, int | None, int | None, int | None]", row))
        if row
        else None
    )


def redeem(tx: Tx, digest: str, account: str, sender: int | None, at: int) -> Token | None:
    """Use a token up; None if it is none, is used, has expired, or was made for another account or address.

    `at` is the time of whoever received it, a mail server say, whose clock may be behind ours: so it is not asked
    whether that was after the token was made. Who brings a token was given it. `sender` is None for somebody
    whose address we do not know.
    """
    used = tx.run(
        "UPDATE tokens SET used_at = ?, used_by = ? WHERE workspace = ? AND digest = ? AND account = ?"
        " AND used_at IS NULL AND expires_at > ? AND (holder IS NULL OR holder = ?)",
        at, sender, tx.ws, digest, account, at, sender,
    )  # fmt: skip
    return find(tx, digest) if used else None


def live_short(tx: Tx, account: str, at: int) -> int:
    """How many short tokens for an account work at the moment."""
    row = tx.one(
        "SELECT COUNT(*) FROM tokens WHERE workspace = ? AND account = ? AND expires_at > ?"
        " AND short = 1 AND used_at IS NULL",
        tx.ws, account, at,
    )  # fmt: skip
    return cast("int", row[0]) if row else 0


def tried(tx: Tx, since: int, who: str = "") -> int:
    """How many wrong codes were tried since a moment, by somebody or by all together."""
    row = tx.one(
        f"SELECT COUNT(*) FROM tries WHERE workspace = ? AND at > ?"
        f" AND who {'=' if who else 'NOT LIKE'} ?",
        tx.ws, since, who or "answered %",  # how often a program answered is counted beside them
    )  # fmt: skip
    return cast("int", row[0]) if row else 0


def count_try(tx: Tx, who: str, forget_before: int) -> None:
    """Write a wrong code down, and forget those that no longer count."""
    tx.run("DELETE FROM tries WHERE workspace = ? AND at <= ?", tx.ws, forget_before)
    tx.run(
        "INSERT INTO tries (workspace, id, who, at) VALUES (?, ?, ?, ?)", tx.ws, tx.ids.new(), who, tx.now()
    )
