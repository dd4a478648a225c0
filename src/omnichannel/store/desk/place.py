"""How far the desk has come, by which plan, and that one works on it at a time."""

from __future__ import annotations

from typing import NamedTuple, cast

from omnichannel.desk.rolling import NOTHING, Plans, use
from omnichannel.store import following, records
from omnichannel.store.desk import cases
from omnichannel.store.tx import Tx

_SELDOM = 60_000_000
"""While there is but one plan, it is written down so seldom that it is still used, in microseconds."""


class Place(NamedTuple):
    """The last happening that the desk looked at, and the last conversation while it looks through all (or None).

    `holds`: the plan by which one works is the one that holds. `again` is the last open case that was looked at since
    it does, or None when all were. `refiled` is the last case that was filed again, or None when all were.
    """

    position: int
    walked: int | None
    holds: bool
    again: int | None
    refiled: int | None


def take(tx: Tx, plan: str) -> Place:
    """Have the desk to oneself until the commit. A new desk begins with the conversations that there are."""
    row = tx.one(
        "UPDATE desks SET at = ?, plan = ? WHERE workspace = ? RETURNING position, walked, plans, again, refiled",
        tx.now(),
        plan,
        tx.ws,
    )
    if row is None:
        first = use(NOTHING, plan, tx.now()).plans
        tx.run(
            "INSERT INTO desks (workspace, position, walked, plan, at, plans) VALUES (?, ?, 0, ?, ?, ?)"
            " ON CONFLICT DO NOTHING",
            tx.ws, records.newest(tx), plan, tx.now(), first.dumps(),
        )  # fmt: skip
        return take(tx, plan)
    found = cast("tuple[int, int | None, str, int | None, int | None]", row)
    position, walked, plans, again, refiled = found
    if position < following.gone_up_to(tx):  # something was let go unseen: look at every conversation again
        position, walked = records.newest(tx), 0
        go_on(tx, position, walked)
    held, again = _use(tx, Plans.loads(plans), plan, again)
    return Place(position, walked, held == plan, again, refiled)


def _use(tx: Tx, before: Plans, plan: str, again: int | None) -> tuple[str, int | None]:
    """The plan that holds now that somebody works by one, and where the open cases are to be looked at from."""
    alone = before.used.keys() == {plan} and before.held == plan
    if alone and tx.now() - before.used[plan].at < _SELDOM:
        return plan, again
    after = use(before, plan, tx.now())
    again = 0 if after.walk else again
    tx.run("UPDATE desks SET plans = ?, again = ? WHERE workspace = ?", after.plans.dumps(), again, tx.ws)
    return after.plans.held, again


def go_on(tx: Tx, position: int, walked: int | None) -> None:
    """The desk has come so far."""
    tx.run("UPDATE desks SET position = ?, walked = ? WHERE workspace = ?", position, walked, tx.ws)


def walk(tx: Tx, after: int, most: int) -> list[int]:
    """The next conversations of those that there are."""
    rows = tx.all(
        f"SELECT id FROM conversations WHERE workspace = ? AND id > ? ORDER BY id LIMIT {int(most)}",
        tx.ws,
        after,
    )
    return [cast("int", row[0]) for row in rows]


def look_again(tx: Tx, after: int, most: int) -> list[int]:
    """The next open cases of those that there are; that all were looked at is written down, too."""
    rows = tx.all(
        "SELECT conversation FROM cases WHERE workspace = ? AND closed = 0 AND conversation > ?"
        f" ORDER BY conversation LIMIT {int(most)}",
        tx.ws, after,
    )  # fmt: skip
    return _went(tx, "again", [cast("int", row[0]) for row in rows], most)


def refile(tx: Tx, after: int, most: int) -> list[int]:
    """File the next cases again by who follows them; those that were looked at. The last one is written down."""
    return _went(tx, "refiled", cases.refile(tx, after, most), most)


def _went(tx: Tx, column: str, numbers: list[int], most: int) -> list[int]:
    """Write down how far a walk came: to the last of these, or, where there are fewer than asked for, to its end."""
    last = numbers[-1] if len(numbers) == most else None
    tx.run(f"UPDATE desks SET {column} = ? WHERE workspace = ?", last, tx.ws)
    return numbers
