"""What happened."""

from __future__ import annotations

import json
from typing import NamedTuple, cast

from omnichannel.clock import moment
from omnichannel.errors import NotFound
from omnichannel.model import Happening
from omnichannel.store.tx import Tx

_MOST_PLACED = 10_000


def happened(
    tx: Tx,
    what: str,
    *,
    conversation: int | None = None,
    customer: int | None = None,
    message: int | None = None,
    actor: str = "",
    detail: dict[str, str] | None = None,
) -> None:
    """Write down that something happened, at the end of the job."""
    tx.stir()
    tx.at_last(
        "INSERT INTO happenings (workspace, id, what, at, conversation, customer, message, actor, detail, turn)"
        f" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, {tx.driver.next_turn})",
        tx.ws, tx.ids.new(), what, tx.now(), conversation, customer, message, actor,
        json.dumps(detail, ensure_ascii=False) if detail else "{}",
    )  # fmt: skip


def happenings(tx: Tx, after: int, most: int) -> list[Happening]:
    """What happened after a happening (0: from the beginning), in the order in which it could first be seen.

    Workers commit in another order than they begin in. So a happening gets its position when somebody looks and it is
    there: whoever goes on from the last one that they saw misses none and sees none twice (docs/adr/0033). Raises
    NotFound for a happening that is not kept, as after an older state of the database was put back.
    """
    return [placed.happening for placed in behind(tx, position(tx, after), most)]


class Placed(NamedTuple):
    """A happening and its position."""

    position: int
    happening: Happening


def behind(tx: Tx, place: int, most: int) -> list[Placed]:
    """What happened behind a position, in order."""
    _place(tx)
    rows = tx.all(
        "SELECT position, id, what, at, conversation, customer, message, actor, detail FROM happenings"
        f" WHERE workspace = ? AND position > ? ORDER BY position LIMIT {int(most)}",
        tx.ws, place,
    )  # fmt: skip
    return [Placed(cast("int", row[0]), _happening(tx, row[1:])) for row in rows]


def _happening(tx: Tx, row: tuple[object, ...]) -> Happening:
    number, what, at, conversation, customer, message, actor, detail = row
    return Happening(
        id=tx.ids.show("happening", cast("int", number)),
        what=str(what),
        at=moment(cast("int", at)),
        conversation=tx.ids.show("conversation", cast("int | None", conversation)),
        customer=tx.ids.show("customer", cast("int | None", customer)),
        message=tx.ids.show("message", cast("int | None", message)),
        actor=str(actor),
        detail=json.loads(str(detail)),
    )


def newest(tx: Tx) -> int:
    """The last position that there is, when everything has one; 0 if nothing happened yet."""
    while _place(tx):
        pass
    row = tx.one("SELECT position FROM placed WHERE workspace = ?", tx.ws)
    return cast("int", row[0]) if row else 0


def position(tx: Tx, number: int) -> int:
    """Where a happening stands, that somebody has seen; 0 stands before all. Raises NotFound."""
    if not number:
        return 0
    row = tx.one("SELECT position FROM happenings WHERE workspace = ? AND id = ?", tx.ws, number)
    if row is None or row[0] is None:
        raise NotFound(
            "that happening is not kept in this workspace; go on from one that is, or from the beginning"
        )
    return cast("int", row[0])


def _place(tx: Tx) -> int:
    """Give positions to what has none, in the order in which it was written: to how many.

    One looks at a time, no writer waits.
    """
    tx.finish()  # what this very job wrote has happened, too
    if tx.one("SELECT 1 FROM happenings WHERE workspace = ? AND position IS NULL LIMIT 1", tx.ws) is None:
        return 0
    held = tx.one(
        "INSERT INTO placed (workspace, position) VALUES (?, 0) ON CONFLICT (workspace)"
        " DO UPDATE SET position = placed.position RETURNING position",
        tx.ws,
    )
    assert held is not None
    fresh = tx.run(
        "UPDATE happenings SET position = unplaced.place FROM ("
        " SELECT id, ? + row_number() OVER (ORDER BY turn, id) AS place FROM happenings"
        f" WHERE workspace = ? AND position IS NULL ORDER BY turn, id LIMIT {_MOST_PLACED}) AS unplaced"
        " WHERE happenings.workspace = ? AND happenings.id = unplaced.id AND happenings.position IS NULL",
        held[0], tx.ws, tx.ws,
    )  # fmt: skip
    tx.run("UPDATE placed SET position = position + ? WHERE workspace = ?", fresh, tx.ws)
    return fresh
