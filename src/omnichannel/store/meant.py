"""Which of our calls somebody means: by what it planted, by its id, by whom it went to, or by its words."""

from __future__ import annotations

from typing import cast

from omnichannel.channel import Call
from omnichannel.store.tx import Tx


def find(tx: Tx, account: str, *, correlator: str = "", external_id: str = "") -> tuple[int, int, int] | None:
    """The call that planted a correlator, or else got an external id: its id, message and state."""
    for column, value in (("correlator", correlator), ("external_id", external_id)):
        row = value and tx.one(
            f"SELECT id, message, state FROM calls WHERE workspace = ? AND account = ? AND {column} = ?"
            f" AND {column} <> '' ORDER BY id LIMIT 1",
            tx.ws, account, value,
        )  # fmt: skip
        if row:
            return cast("tuple[int, int, int]", row)
    return None


def sent_to(tx: Tx, account: str, address: int, until: int) -> list[tuple[int, int]]:
    """The calls, with their messages, sent to somebody up to a moment and not yet read: for watermarks."""
    rows = tx.all(
        "SELECT c.id, c.message FROM participants AS p JOIN messages AS m"
        "  ON m.workspace = p.workspace AND m.conversation = p.conversation"
        " JOIN calls AS c ON c.workspace = m.workspace AND c.message = m.id"
        " WHERE p.workspace = ? AND p.address = ? AND m.peer = p.address AND c.account = ? AND c.state = 2"
        "  AND c.begun_at <= ? AND c.status <> 'read' ORDER BY c.id",
        tx.ws, address, account, until,
    )  # fmt: skip
    return [cast("tuple[int, int]", row) for row in rows]


def unsettled_like(tx: Tx, account: str, address: int, text: str) -> list[tuple[int, int, int]]:
    """The calls to somebody, under way or in doubt, that say exactly these words, oldest first.

    Those among them that were in doubt and wait to be made once more: not what was put off, which is nowhere.
    """
    doubted = (
        "c.attempts > 0 AND c.at > c.begun_at"  # what is put off keeps the moment from before it was begun
    )
    return _like(tx, account, address, text, f"c.state IN (0, 1, 4) AND (c.state <> 0 OR {doubted})")


def nameless_like(tx: Tx, account: str, address: int, text: str) -> list[tuple[int, int, int]]:
    """The calls to somebody that say so and arrived under no id, as those of which a person decided that they did."""
    return _like(tx, account, address, text, "c.state = 2 AND c.external_id = ''")


def _like(tx: Tx, account: str, address: int, text: str, standing: str) -> list[tuple[int, int, int]]:
    rows = tx.all(
        "SELECT c.id, c.message, c.state, c.call FROM participants AS p JOIN calls AS c"
        "  ON c.workspace = p.workspace AND c.conversation = p.conversation"
        " JOIN messages AS m ON m.workspace = c.workspace AND m.id = c.message"
        " WHERE p.workspace = ? AND p.address = ? AND m.peer = p.address AND c.account = ?"
        f"  AND {standing} ORDER BY c.id",
        tx.ws, address, account,
    )  # fmt: skip
    return [cast("tuple[int, int, int]", row[:3]) for row in rows if says(str(row[3]), text)]


def says(call: str, text: str) -> bool:
    """Whether a stored call says exactly these words, spaces aside."""
    said = Call.model_validate_json(call).text.split()
    return bool(said) and said == text.split()
