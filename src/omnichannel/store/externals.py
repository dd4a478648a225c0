"""The platforms' own ids: where duplicates end, for ever, and where updates wait for what they are about."""

from __future__ import annotations

from typing import cast

from omnichannel.model import Updated
from omnichannel.store.tx import Tx


def claim_external(
    tx: Tx, account: str, what: str, external_id: str, message: int, fingerprint: str = ""
) -> bool:
    """Take a platform's id for a message; False if it was taken before: a duplicate."""
    taken = tx.run(
        "INSERT INTO externals (workspace, account, what, external_id, message, fingerprint)"
        " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        tx.ws, account, what, external_id, message, fingerprint,
    )  # fmt: skip
    return taken > 0


def by_external(tx: Tx, account: str, external_id: str, what: str = "message") -> tuple[int, str] | None:
    """The message that a platform's id belongs to, with the fingerprint it came with."""
    row = tx.one(
        "SELECT message, fingerprint FROM externals"
        " WHERE workspace = ? AND account = ? AND what = ? AND external_id = ?",
        tx.ws, account, what, external_id,
    )  # fmt: skip
    return cast("tuple[int, str]", row) if row else None


def keep_early(tx: Tx, account: str, target: str, event: Updated) -> None:
    """Keep an update whose message is not here yet."""
    tx.run(
        "INSERT INTO early (workspace, account, target, id, event, at) VALUES (?, ?, ?, ?, ?, ?)",
        tx.ws, account, target, tx.ids.new(), event.model_dump_json(), tx.now(),
    )  # fmt: skip


def take_early(tx: Tx, account: str, target: str) -> list[Updated]:
    """The updates that waited for this message, oldest first; they wait no longer."""
    rows = tx.all(
        "SELECT event FROM early WHERE workspace = ? AND account = ? AND target = ? ORDER BY id",
        tx.ws, account, target,
    )  # fmt: skip
    if rows:
        tx.run("DELETE FROM early WHERE workspace = ? AND account = ? AND target = ?", tx.ws, account, target)
    return [Updated.model_validate_json(str(row[0])) for row in rows]
