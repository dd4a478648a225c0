"""The platforms' own ids: where duplicates end, for ever, and where updates wait for what they are about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import cast

from omnichannel.model import Updated
from omnichannel.store.engine import Cell
from omnichannel.store.tx import Tx, marks, padded


def claim_external(
    tx: Tx, account: str, what: str, external_id: str, message: int, fingerprint: str = ""
) -> bool:
    """Take a platform's id for a message; False if it was taken before: a duplicate.

    One that was looked up and was free is written with others. If another worker takes it meanwhile, the commit fails
    and the job runs again.
    """
    known, asked = tx.memory.externals, (account, what, external_id)
    row = (tx.ws, account, what, external_id, message, fingerprint)
    if asked in known:
        if known[asked] is not None:
            return False
        tx.at_last(_CLAIM, *row)
    elif not tx.run(f"{_CLAIM} ON CONFLICT DO NOTHING", *row, minded=True):
        return False
    known[asked] = (message, fingerprint)
    return True


_CLAIM = (
    "INSERT INTO externals (workspace, account, what, external_id, message, fingerprint)"
    " VALUES (?, ?, ?, ?, ?, ?)"
)


def foresee(tx: Tx, account: str, what: str, external_ids: Iterable[str]) -> None:
    """Look up which of these ids are taken, for whoever asks in this job."""
    known = tx.memory.externals
    wanted = sorted({one for one in external_ids if (account, what, one) not in known})
    for few in padded(wanted):
        rows = tx.all(
            "SELECT external_id, message, fingerprint FROM externals WHERE workspace = ? AND account = ?"
            f" AND what = ? AND external_id IN ({marks(few)})",
            tx.ws, account, what, *few,
        )  # fmt: skip
        known.update(((account, what, one), None) for one in few)
        known.update(((account, what, str(row[0])), cast("tuple[int, str]", row[1:])) for row in rows)


def by_external(tx: Tx, account: str, external_id: str, what: str = "message") -> tuple[int, str] | None:
    """The message that a platform's id belongs to, with the fingerprint it came with."""
    if (asked := (account, what, external_id)) in tx.memory.externals:
        return tx.memory.externals[asked]
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
        tx.ws, account, target, tx.ids.new(), event.model_dump_json(), tx.now(), minded=True,
    )  # fmt: skip
    tx.memory.quiet.discard((account, target))


def take_early(tx: Tx, account: str, target: str) -> list[Updated]:
    """The updates that waited for this message, oldest first; they wait no longer."""
    if (account, target) in tx.memory.quiet:
        return []
    rows = tx.all(
        "DELETE FROM early WHERE workspace = ? AND account = ? AND target = ? RETURNING id, event",
        tx.ws, account, target, minded=True,
    )  # fmt: skip
    ordered = sorted((cast("int", number), str(event)) for number, event in rows)
    return [Updated.model_validate_json(event) for _, event in ordered]


def late(tx: Tx, accounts: Sequence[str]) -> list[tuple[str, str]]:
    """The messages (account and id) for which updates wait though they are here.

    One worker wrote a message down while another let what is about it wait: neither saw what the other did.
    """
    if not (tx.skip_locked and accounts):
        return []  # there is one writer at a time
    rows = tx.all(
        "SELECT DISTINCT e.account, e.target FROM early AS e JOIN externals AS x ON x.workspace = e.workspace"
        " AND x.account = e.account AND x.what = 'message' AND x.external_id = e.target"
        " JOIN messages AS m ON m.workspace = x.workspace AND m.id = x.message"
        f" WHERE e.workspace = ? AND e.account IN ({marks(accounts)}) ORDER BY e.account, e.target LIMIT {_LATE}",
        tx.ws, *accounts,
    )  # fmt: skip
    return [(str(account), str(target)) for account, target in rows]


_LATE = 100


def foresee_early(tx: Tx, account: str, targets: Iterable[str]) -> None:
    """Look up for which of these messages no update waits, for whoever asks in this job."""
    for few in padded(sorted(set(targets))):
        rows = tx.all(
            f"SELECT target FROM early WHERE workspace = ? AND account = ? AND target IN ({marks(few)})",
            tx.ws, account, *few,
        )  # fmt: skip
        tx.memory.quiet |= {(account, one) for one in few} - {(account, str(row[0])) for row in rows}


def count_early(tx: Tx, account: str) -> int:
    """How many updates wait on an account."""
    row = tx.one("SELECT COUNT(*) FROM early WHERE workspace = ? AND account = ?", tx.ws, account)
    return cast("int", row[0]) if row else 0


def drop_early_before(tx: Tx, moment: int) -> list[tuple[str, Updated]]:
    """Let those wait no longer that came before a moment; them, with their accounts."""
    rows = tx.all(f"{_EARLY} AND at <= ?", tx.ws, moment)
    return _dropped(tx, rows)


def drop_oldest_early(tx: Tx, account: str, most: int) -> list[tuple[str, Updated]]:
    """Let the oldest of an account wait no longer; them, with their accounts."""
    rows = tx.all(f"{_EARLY} AND account = ? ORDER BY id LIMIT {int(most)}", tx.ws, account)
    return _dropped(tx, rows)


_EARLY = "SELECT account, target, id, event FROM early WHERE workspace = ?"


def _dropped(tx: Tx, rows: list[tuple[Cell, ...]]) -> list[tuple[str, Updated]]:
    for account, target, number, _ in rows:
        tx.run(
            "DELETE FROM early WHERE workspace = ? AND account = ? AND target = ? AND id = ?",
            tx.ws, account, target, number,
        )  # fmt: skip
    return [(str(account), Updated.model_validate_json(str(event))) for account, _, _, event in rows]
