"""How far the index is, and that one works on it at a time."""

from __future__ import annotations

from typing import NamedTuple, cast

from omnichannel.desk.search import FOLDING
from omnichannel.store import following, people, records
from omnichannel.store.people import NEVER
from omnichannel.store.tx import Tx

MOST_COUNTED = 10_000
"""Of what waits to be taken in: more is not counted, because counting walks it."""


class Progress(NamedTuple):
    """The last happening that was looked at; of what was before, from which message and address on all is in.

    None: all is.
    """

    position: int
    messages_from: int | None
    people_from: int | None


_COLUMNS = "position, messages_from, people_from"


def begin(tx: Tx) -> None:
    """Keep an index from now on, if none is kept."""
    if find(tx) is None:
        tx.run(
            f"INSERT INTO indexed (workspace, {_COLUMNS}, folding) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
            tx.ws, *_from_here(tx), FOLDING,
        )  # fmt: skip


def _from_here(tx: Tx) -> Progress:
    """Nothing is in: what happens from now on is looked at, what is there is walked through."""
    position = records.newest(tx)
    row = tx.one("SELECT MAX(id) FROM messages WHERE workspace = ?", tx.ws)
    last = cast("int | None", row[0]) if row else None
    return Progress(position, last + 1 if last is not None else None, people.newest(tx) + 1)


def find(tx: Tx) -> Progress | None:
    """How far the index is; None where none is kept."""
    row = tx.one(f"SELECT {_COLUMNS} FROM indexed WHERE workspace = ?", tx.ws)
    return _progress(row) if row else None


def take(tx: Tx) -> Progress | None:
    """Have the index to oneself until the commit; None where none is kept, or somebody else has it.

    Where other rules counted when it was made, or something was let go unseen, it is made anew.
    """
    row = tx.one(f"SELECT {_COLUMNS}, folding FROM indexed WHERE workspace = ?{tx.skip_locked}", tx.ws)
    if row is None:
        return None
    found = _progress(row)
    if row[-1] != FOLDING or found.position < following.gone_up_to(tx):
        found = _from_here(tx)
        go_on(tx, found)
    return found


def _progress(row: tuple[object, ...]) -> Progress:
    return Progress(cast("int", row[0]), cast("int | None", row[1]), cast("int | None", row[2]))


def hold(tx: Tx) -> bool:
    """Have the index to oneself, whoever has it now; whether one is kept.

    Who deletes messages does, or else another worker could put their words in, which it has just read.
    """
    return tx.run("UPDATE indexed SET position = position WHERE workspace = ?", tx.ws) > 0


def go_on(tx: Tx, to: Progress) -> None:
    """The index is so far."""
    tx.run(
        "UPDATE indexed SET position = ?, messages_from = ?, people_from = ?, folding = ? WHERE workspace = ?",
        *to, FOLDING, tx.ws,
    )  # fmt: skip


def counted(tx: Tx) -> None:
    """A whole store was taken in: let PostgreSQL's planner know how much that is, before it looks by itself."""
    if tx.skip_locked:  # SQLite was told when the table was made
        tx.run("ANALYZE sought")


def messages_before(tx: Tx, number: int, most: int) -> list[int]:
    """The messages with the next smaller numbers, the greatest first."""
    rows = tx.all(
        f"SELECT id FROM messages WHERE workspace = ? AND id < ? ORDER BY id DESC LIMIT {int(most)}",
        tx.ws,
        number,
    )
    return [cast("int", row[0]) for row in rows]


def people_before(tx: Tx, number: int, most: int) -> list[int]:
    """The addresses with the next smaller numbers, the greatest first."""
    rows = tx.all(
        f"SELECT id FROM addresses WHERE workspace = ? AND id < ? ORDER BY id DESC LIMIT {int(most)}",
        tx.ws,
        number,
    )
    return [cast("int", row[0]) for row in rows]


def waiting(tx: Tx, at: Progress) -> int:
    """How much is not in the index yet: happenings, messages and addresses, counted up to `MOST_COUNTED`."""
    counts = (
        ("happenings WHERE workspace = ? AND position > ?", at.position),
        ("messages WHERE workspace = ? AND id < ?", at.messages_from),
        ("addresses WHERE workspace = ? AND id < ?", at.people_from),
    )
    found = 0
    for rows, place in counts:
        if place is not None and found < MOST_COUNTED:
            row = tx.one(
                f"SELECT COUNT(*) FROM (SELECT 1 FROM {rows} LIMIT {MOST_COUNTED}) AS few", tx.ws, place
            )
            found += cast("int", row[0]) if row else 0
    return min(found, MOST_COUNTED)


def received_at(tx: Tx, number: int) -> int | None:
    """When the first message from a number on was received; None if there is none."""
    row = tx.one(
        "SELECT received_at FROM messages WHERE workspace = ? AND id >= ? AND id < ? ORDER BY id LIMIT 1",
        tx.ws, number, NEVER,
    )  # fmt: skip
    return cast("int", row[0]) if row else None
