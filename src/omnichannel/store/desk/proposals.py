"""What could be said: proposed once for each occasion in a conversation, sent or dropped once."""

from __future__ import annotations

import json
from typing import cast

from omnichannel.clock import moment
from omnichannel.model.desk import Proposed
from omnichannel.store.tx import Tx

_STATES = ("waits", "by itself", "sent", "dropped")
_COLUMNS = "conversation, occasion, at, state, message, content"
_SHOWN = {"answers", "text", "on", "because"}


def propose(tx: Tx, conversation: int, proposed: Proposed) -> bool:
    """Write a proposal down; False where there was one for that occasion before, whatever became of it."""
    added = tx.run(
        f"INSERT INTO proposals (workspace, {_COLUMNS}) VALUES (?, ?, ?, ?, ?, NULL, ?) ON CONFLICT DO NOTHING",
        tx.ws, conversation, proposed.occasion, tx.now(), _STATES.index(proposed.state),
        proposed.model_dump_json(include=_SHOWN),
    )  # fmt: skip
    return added > 0


def keep(tx: Tx, conversation: int, proposed: Proposed, message: int | None = None) -> None:
    """Write down what became of a proposal."""
    tx.run(
        "UPDATE proposals SET state = ?, message = ?, content = ?"
        " WHERE workspace = ? AND conversation = ? AND occasion = ?",
        _STATES.index(proposed.state), message, proposed.model_dump_json(include=_SHOWN),
        tx.ws, conversation, proposed.occasion,
    )  # fmt: skip


def find(tx: Tx, conversation: int, occasion: str) -> Proposed | None:
    """A proposal; None if there is none."""
    return next((one for one in of_conversation(tx, conversation) if one.occasion == occasion), None)


def of_conversation(tx: Tx, conversation: int) -> list[Proposed]:
    """Everything that was proposed in a conversation, in order."""
    rows = tx.all(
        f"SELECT {_COLUMNS} FROM proposals WHERE workspace = ? AND conversation = ? ORDER BY at, occasion",
        tx.ws, conversation,
    )  # fmt: skip
    return [_proposed(tx, row) for row in rows]


def by_itself(tx: Tx, most: int) -> list[tuple[int, str]]:
    """What is to go out by itself: conversations and occasions, the first ones first."""
    rows = tx.all(
        "SELECT conversation, occasion FROM proposals WHERE workspace = ? AND state = 1"
        f" ORDER BY at LIMIT {int(most)}",
        tx.ws,
    )
    return [(cast("int", number), str(occasion)) for number, occasion in rows]


def _proposed(tx: Tx, row: tuple[object, ...]) -> Proposed:
    conversation, occasion, at, state, message, content = row
    shown = {
        "conversation": tx.ids.show("conversation", cast("int", conversation)),
        "occasion": occasion,
        "at": moment(cast("int", at)),
        "state": _STATES[cast("int", state)],
        "message": tx.ids.show("message", cast("int | None", message)),
    }
    return Proposed.model_validate(json.loads(str(content)) | shown)
