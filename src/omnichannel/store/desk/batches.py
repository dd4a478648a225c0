"""Batches: what is done with many cases, and what became of each of them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import NamedTuple, cast

from omnichannel.clock import moment
from omnichannel.errors import NotFound
from omnichannel.model.desk import Action, Batch, Leftover, Which
from omnichannel.model.desk.batches import BatchState
from omnichannel.store.tx import Tx, marks, some

STATES: tuple[BatchState, ...] = ("gathering", "working", "done", "undoing", "undone")
GATHERING, WORKING, DONE, UNDOING, UNDONE = range(5)
WAITS, CHANGED, SAME, LEFT, TAKEN_BACK, KEPT = range(6)
"""What became of a case."""

_COLUMNS = "id, state, actor, undone_by, because, content, reached, at, ended_at"


class Held(NamedTuple):
    """A batch's row, for whoever works on it. `which` None: its cases were named; `me` is who looked."""

    id: int
    state: int
    actor: str
    undone_by: str
    because: str
    action: Action
    which: Which | None
    me: str
    reached: int
    at: int
    ended_at: int | None


def begin(tx: Tx, action: Action, actor: str, because: str, which: Which | None, me: str) -> int:
    """Write a batch down; its cases are gathered if it says which, else they are added."""
    number = tx.ids.new()
    content = {
        "action": action.model_dump(mode="json", exclude_defaults=True),
        "which": None if which is None else which.model_dump(mode="json", exclude_defaults=True),
        "me": me,
    }
    tx.run(
        f"INSERT INTO batches (workspace, {_COLUMNS}) VALUES (?, ?, ?, ?, '', ?, ?, 0, ?, NULL)",
        tx.ws, number, WORKING if which is None else GATHERING, actor, because,
        json.dumps(content, ensure_ascii=False), tx.now(),
    )  # fmt: skip
    return number


def find(tx: Tx, number: int) -> Held:
    """A batch; raises NotFound."""
    row = tx.one(f"SELECT {_COLUMNS} FROM batches WHERE workspace = ? AND id = ?", tx.ws, number)
    if row is None:
        raise NotFound("there is no such batch in this workspace")
    return _held(row)


def under_way(tx: Tx) -> Held | None:
    """The oldest batch with which something is to be done; None if there is none."""
    row = tx.one(
        f"SELECT {_COLUMNS} FROM batches WHERE workspace = ? AND state IN (0, 1, 3) ORDER BY id LIMIT 1",
        tx.ws,
    )
    return _held(row) if row else None


def latest(tx: Tx, most: int) -> list[int]:
    """The last batches, the newest first."""
    rows = tx.all(f"SELECT id FROM batches WHERE workspace = ? ORDER BY id DESC LIMIT {int(most)}", tx.ws)
    return [cast("int", row[0]) for row in rows]


def _held(row: Sequence[object]) -> Held:
    content = json.loads(str(row[5]))
    which = content["which"]
    return Held(
        id=cast("int", row[0]),
        state=cast("int", row[1]),
        actor=str(row[2]),
        undone_by=str(row[3]),
        because=str(row[4]),
        action=Action.model_validate(content["action"]),
        which=None if which is None else Which.model_validate(which),
        me=str(content["me"]),
        reached=cast("int", row[6]),
        at=cast("int", row[7]),
        ended_at=cast("int | None", row[8]),
    )


def add(tx: Tx, batch: int, conversations: Sequence[int]) -> None:
    """Cases that something is to be done with; a batch has each once."""
    tx.each(
        "INSERT INTO batch_cases (workspace, batch, conversation, state, because) VALUES (?, ?, ?, 0, '')"
        " ON CONFLICT DO NOTHING",
        [(tx.ws, batch, number) for number in conversations],
    )


def reach(tx: Tx, batch: int, conversation: int) -> None:
    """So far the cases of a batch were gathered."""
    tx.run("UPDATE batches SET reached = ? WHERE workspace = ? AND id = ?", conversation, tx.ws, batch)


def turn(tx: Tx, batch: int, state: int, undone_by: str | None = None) -> None:
    """A batch has come so far; what has ended is written down with its time."""
    ended = tx.now() if state in (DONE, UNDONE) else None
    tx.run(
        "UPDATE batches SET state = ?, ended_at = ? WHERE workspace = ? AND id = ?",
        state,
        ended,
        tx.ws,
        batch,
    )
    if undone_by is not None:
        tx.run("UPDATE batches SET undone_by = ? WHERE workspace = ? AND id = ?", undone_by, tx.ws, batch)


def standing(tx: Tx, batch: int, state: int, most: int) -> list[tuple[int, int | None]]:
    """The next cases that stand so: conversation, and the decision that changed it."""
    rows = tx.all(
        "SELECT conversation, decision FROM batch_cases WHERE workspace = ? AND batch = ? AND state = ?"
        f" ORDER BY conversation LIMIT {int(most)}",
        tx.ws, batch, state,
    )  # fmt: skip
    return cast("list[tuple[int, int | None]]", rows)


def settle(
    tx: Tx, batch: int, conversation: int, state: int, because: str = "", decision: int | None = None
) -> None:
    """What became of a case; the decision that changed it stays known."""
    tx.run(
        "UPDATE batch_cases SET state = ?, because = ?, decision = COALESCE(?, decision)"
        " WHERE workspace = ? AND batch = ? AND conversation = ?",
        state, because, decision, tx.ws, batch, conversation,
    )  # fmt: skip


def leave(tx: Tx, batch: int, conversations: Sequence[int], because: str) -> None:
    """These cases are left as they are."""
    for few in some(conversations):
        tx.run(
            f"UPDATE batch_cases SET state = {LEFT}, because = ?"
            f" WHERE workspace = ? AND batch = ? AND conversation IN ({marks(few)})",
            because, tx.ws, batch, *few,
        )  # fmt: skip


def shown(tx: Tx, number: int) -> Batch:
    """A batch as the application sees it; raises NotFound."""
    held = find(tx, number)
    rows = tx.all(
        "SELECT state, COUNT(*) FROM batch_cases WHERE workspace = ? AND batch = ? GROUP BY state",
        tx.ws, number,
    )  # fmt: skip
    counts = {cast("int", state): cast("int", count) for state, count in rows}
    return Batch(
        id=tx.ids.show("batch", number),
        state=STATES[held.state],
        action=held.action,
        actor=held.actor,
        because=held.because,
        at=moment(held.at),
        ended_at=moment(held.ended_at) if held.ended_at is not None else None,
        undone_by=held.undone_by,
        cases=sum(counts.values()),
        waiting=counts.get(WAITS, 0),
        changed=counts.get(CHANGED, 0),
        same=counts.get(SAME, 0),
        left=counts.get(LEFT, 0),
        undone=counts.get(TAKEN_BACK, 0),
        kept=counts.get(KEPT, 0),
    )


def leftovers(tx: Tx, number: int, most: int) -> list[Leftover]:
    """The cases that a batch left, or that stayed changed, with the reason."""
    rows = tx.all(
        "SELECT conversation, because FROM batch_cases WHERE workspace = ? AND batch = ?"
        f" AND state IN ({LEFT}, {KEPT}) ORDER BY conversation LIMIT {int(most)}",
        tx.ws, number,
    )  # fmt: skip
    return [
        Leftover(conversation=tx.ids.show("conversation", cast("int", talk)), because=str(because))
        for talk, because in rows
    ]
