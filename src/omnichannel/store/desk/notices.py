"""Away notices: of each conversation the last one, what it promised, and whether it was sent."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import cast

from omnichannel.clock import micros, moment
from omnichannel.model.desk import AwayNotice
from omnichannel.store.tx import Tx

_NOT_SENT, _GOES_OUT, _SENT = range(3)


def decide(tx: Tx, conversation: int, until: datetime, because: Sequence[str]) -> None:
    """Let a notice go out."""
    tx.run(
        "INSERT INTO notices (workspace, conversation, at, until, state, message, because)"
        f" VALUES (?, ?, ?, ?, {_GOES_OUT}, NULL, ?) ON CONFLICT (workspace, conversation) DO UPDATE SET"
        " at = excluded.at, until = excluded.until, state = excluded.state, message = NULL,"
        " because = excluded.because",
        tx.ws, conversation, tx.now(), micros(until), json.dumps(list(because)),
    )  # fmt: skip


def sent(tx: Tx, conversation: int, message: int) -> None:
    """It was put into the outbox."""
    tx.run(
        f"UPDATE notices SET state = {_SENT}, message = ? WHERE workspace = ? AND conversation = ?",
        message, tx.ws, conversation,
    )  # fmt: skip


def leave(tx: Tx, conversation: int, because: Sequence[str]) -> None:
    """It is not sent, and why; where another worker sent it meanwhile, it was."""
    tx.run(
        f"UPDATE notices SET state = {_NOT_SENT}, because = ? WHERE workspace = ? AND conversation = ?"
        f" AND state = {_GOES_OUT}",
        json.dumps(list(because)), tx.ws, conversation,
    )  # fmt: skip


def waiting(tx: Tx, most: int) -> list[int]:
    """The conversations in which a notice is to go out, the first ones first."""
    rows = tx.all(
        f"SELECT conversation FROM notices WHERE workspace = ? AND state = {_GOES_OUT}"
        f" ORDER BY at LIMIT {int(most)}",
        tx.ws,
    )
    return [cast("int", row[0]) for row in rows]


def waits(tx: Tx, conversation: int) -> AwayNotice | None:
    """The notice that is to go out in a conversation; None if there is none, or none any more."""
    row = tx.one(
        f"SELECT until, because FROM notices WHERE workspace = ? AND conversation = ? AND state = {_GOES_OUT}",
        tx.ws, conversation,
    )  # fmt: skip
    return _notice(True, row[0], row[1]) if row else None


def last(tx: Tx, conversation: int) -> AwayNotice | None:
    """The last notice that was decided on: said, or with the reason why not."""
    row = tx.one(
        "SELECT state, until, because FROM notices WHERE workspace = ? AND conversation = ?",
        tx.ws, conversation,
    )  # fmt: skip
    return _notice(row[0] != _NOT_SENT, row[1], row[2]) if row else None


def told_at(tx: Tx, conversation: int) -> datetime | None:
    """When a conversation last had a notice, or was to have one."""
    row = tx.one(
        f"SELECT at FROM notices WHERE workspace = ? AND conversation = ? AND state <> {_NOT_SENT}",
        tx.ws, conversation,
    )  # fmt: skip
    return moment(cast("int", row[0])) if row else None


def _notice(say: bool, until: object, because: object) -> AwayNotice:
    return AwayNotice(say=say, until=moment(cast("int", until)), because=tuple(json.loads(str(because))))
