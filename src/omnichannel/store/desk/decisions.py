"""Decisions: append-only."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import cast

from omnichannel.clock import moment
from omnichannel.errors import NotFound
from omnichannel.model.desk import Change, Decision
from omnichannel.store.tx import Tx

_COLUMNS = "id, conversation, at, what, actor, because, changes, plan, batch, undoes, undone_by, summary"


def write(
    tx: Tx,
    conversation: int,
    what: str,
    actor: str,
    because: Sequence[str],
    changes: Sequence[Change],
    *,
    plan: str = "",
    batch: int | None = None,
    undoes: int | None = None,
    summary: str = "",
) -> Decision:
    """Write a decision down."""
    number = tx.ids.new()
    row = (
        number, conversation, tx.now(), what, actor, json.dumps(list(because), ensure_ascii=False),
        json.dumps([change.model_dump(mode="json") for change in changes], ensure_ascii=False),
        plan, batch, undoes, None, summary,
    )  # fmt: skip
    tx.run(f"INSERT INTO decisions (workspace, {_COLUMNS}) VALUES (?, {', '.join('?' * 12)})", tx.ws, *row)
    if undoes is not None:
        tx.run("UPDATE decisions SET undone_by = ? WHERE workspace = ? AND id = ?", number, tx.ws, undoes)
    return _decision(tx, row)


def decision(tx: Tx, number: int) -> Decision:
    """A decision by its number; raises NotFound."""
    row = tx.one(f"SELECT {_COLUMNS} FROM decisions WHERE workspace = ? AND id = ?", tx.ws, number)
    if row is None:
        raise NotFound("there is no such decision in this workspace")
    return _decision(tx, row)


def of_conversation(tx: Tx, conversation: int) -> list[Decision]:
    """Everything that was decided about a conversation, in order."""
    rows = tx.all(
        f"SELECT {_COLUMNS} FROM decisions WHERE workspace = ? AND conversation = ? ORDER BY id",
        tx.ws,
        conversation,
    )
    return [_decision(tx, row) for row in rows]


def _decision(tx: Tx, row: Sequence[object]) -> Decision:
    number, conversation, at, what, actor, because, changes, plan, batch, undoes, undone_by, summary = row
    return Decision(
        id=tx.ids.show("decision", cast("int", number)),
        conversation=tx.ids.show("conversation", cast("int", conversation)),
        at=moment(cast("int", at)),
        what=str(what),
        actor=str(actor),
        because=tuple(json.loads(str(because))),
        changes=tuple(Change.model_validate(change) for change in json.loads(str(changes))),
        plan=str(plan),
        summary=str(summary),
        batch=tx.ids.show("batch", cast("int | None", batch)),
        undoes=tx.ids.show("decision", cast("int | None", undoes)),
        undone_by=tx.ids.show("decision", cast("int | None", undone_by)),
    )
