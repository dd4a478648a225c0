"""Who follows what happens, and how far each has come: a cursor that one worker at a time may move."""

from __future__ import annotations

from datetime import timedelta
from itertools import takewhile
from typing import NamedTuple, cast

from omnichannel.clock import moment
from omnichannel.errors import Missed, NotFound
from omnichannel.model import Follower
from omnichannel.store import records
from omnichannel.store.records import Placed
from omnichannel.store.tx import Tx

MOST_COUNTED = 10_000
"""Of what waits for a follower: more is not counted, because counting walks it."""

_FEW = 500  # happenings that are let go of at a time

_COLUMNS = "name, reached, holder, lease_until, at"


class Place(NamedTuple):
    """Where a follower is, and who works on it until when."""

    name: str
    reached: int
    holder: int
    lease_until: int
    at: int | None


def begin(tx: Tx, name: str, reached: int) -> bool:
    """Let somebody follow from behind a happening; False where somebody does under that name."""
    made = tx.run(
        "INSERT INTO followers (workspace, name, reached, holder, lease_until, made_at, at)"
        " VALUES (?, ?, ?, 0, 0, ?, NULL) ON CONFLICT DO NOTHING",
        tx.ws, name, reached, tx.now(),
    )  # fmt: skip
    return made > 0


def find(tx: Tx, name: str) -> Place | None:
    """Where a follower is; None if nobody follows under that name."""
    row = tx.one(f"SELECT {_COLUMNS} FROM followers WHERE workspace = ? AND name = ?", tx.ws, name)
    return _place(row) if row else None


def place(tx: Tx, name: str) -> Place:
    """Where a follower is; raises NotFound."""
    found = find(tx, name)
    if found is None:
        raise NotFound(f"nobody follows as {name!r} in this workspace")
    return found


def places(tx: Tx) -> list[Place]:
    """Where everybody is, by name."""
    rows = tx.all(f"SELECT {_COLUMNS} FROM followers WHERE workspace = ? ORDER BY name", tx.ws)
    return [_place(row) for row in rows]


def _place(row: tuple[object, ...]) -> Place:
    name, reached, holder, lease_until, at = row
    numbers = cast("tuple[int, int, int]", (reached, holder, lease_until))
    return Place(str(name), *numbers, cast("int | None", at))


def take(tx: Tx, name: str, until: int) -> int | None:
    """Have a follower to oneself until a moment: the number to go on with. None while another worker has it."""
    holder = tx.ids.new()
    taken = tx.run(
        "UPDATE followers SET holder = ?, lease_until = ? WHERE workspace = ? AND name = ? AND lease_until <= ?",
        holder, until, tx.ws, name, tx.now(),
    )  # fmt: skip
    return holder if taken else None


def acknowledge(tx: Tx, name: str, holder: int, reached: int, until: int) -> bool:
    """Everything up to a happening was seen; False if another worker took over, or somebody moved it meanwhile."""
    changed = tx.run(
        "UPDATE followers SET reached = ?, lease_until = ?, at = ? WHERE workspace = ? AND name = ? AND holder = ?",
        reached, until, tx.now(), tx.ws, name, holder,
    )  # fmt: skip
    return changed > 0


def renew(tx: Tx, name: str, holder: int, until: int) -> bool:
    """Have it longer; False if another worker took over, or somebody moved it meanwhile."""
    changed = tx.run(
        "UPDATE followers SET lease_until = ? WHERE workspace = ? AND name = ? AND holder = ?",
        until, tx.ws, name, holder,
    )  # fmt: skip
    return changed > 0


def skip(tx: Tx, name: str, holder: int, reached: int) -> None:
    """Pass over what a follower that is ours does not want to see."""
    tx.run(
        "UPDATE followers SET reached = ? WHERE workspace = ? AND name = ? AND holder = ?",
        reached, tx.ws, name, holder,
    )  # fmt: skip


def let_have(tx: Tx, name: str, holder: int) -> None:
    """Done for now: whoever wants may take it."""
    tx.run(
        "UPDATE followers SET lease_until = 0 WHERE workspace = ? AND name = ? AND holder = ?",
        tx.ws, name, holder,
    )  # fmt: skip


def move(tx: Tx, name: str, reached: int) -> None:
    """Let a follower go on behind another happening; whoever works on it now cannot acknowledge any more."""
    tx.run(
        "UPDATE followers SET reached = ?, holder = 0, lease_until = 0 WHERE workspace = ? AND name = ?",
        reached, tx.ws, name,
    )  # fmt: skip


def forget(tx: Tx, name: str) -> None:
    """Nobody follows under that name any more."""
    tx.run("DELETE FROM followers WHERE workspace = ? AND name = ?", tx.ws, name)


# ----------------------------------------------------------------------------------------------- what there is


def gone_up_to(tx: Tx) -> int:
    """The position of the last happening that was let go; 0 if all are there."""
    row = tx.one("SELECT position FROM let_go WHERE workspace = ?", tx.ws)
    return cast("int", row[0]) if row else 0


def unseen(tx: Tx, found: Place, most: int) -> list[Placed]:
    """What happened behind a follower's place, in order. Raises Missed if some of it was let go unseen."""
    if found.reached < gone_up_to(tx):
        raise Missed(
            f"some of what {found.name} has not seen is not kept any more (Rules.keep_events);"
            f" followers.move({found.name!r}) lets it go on with the oldest that there is"
        )
    return records.behind(tx, found.reached, most)


def behind(tx: Tx, after: str) -> int:
    """The position of a happening; without one, the place before the oldest that is kept.

    Raises NotFound, or Missed if it may be one that was let go, with others after it.
    """
    if not after:
        return gone_up_to(tx)
    number = tx.ids.find("happening", after)
    gone = tx.one("SELECT position, happening FROM let_go WHERE workspace = ?", tx.ws)
    if gone and gone[1] == number:
        return cast("int", gone[0])
    try:
        return records.position(tx, number)
    except NotFound:
        if not gone:
            raise
        raise Missed(
            "some of what happened since is not kept any more (Rules.keep_events); go on with the oldest there is"
        ) from None


def follower(tx: Tx, found: Place) -> Follower:
    """A place as the application sees it, with what waits behind it."""
    first = next(iter(records.behind(tx, found.reached, 1)), None)
    row = tx.one(
        "SELECT COUNT(*) FROM (SELECT 1 FROM happenings"
        f" WHERE workspace = ? AND position > ? LIMIT {MOST_COUNTED}) AS few",
        tx.ws, found.reached,
    )  # fmt: skip
    last = tx.one("SELECT id FROM happenings WHERE workspace = ? AND position = ?", tx.ws, found.reached)
    now = moment(tx.now())
    return Follower(
        name=found.name,
        reached=tx.ids.show("happening", cast("int", last[0])) if last else "",
        at=moment(found.at) if found.at is not None else None,
        waiting=cast("int", row[0]) if row else 0,
        behind=max(now - first.happening.at, timedelta()) if first else timedelta(),
        missed=found.reached < gone_up_to(tx),
    )


def let_go(tx: Tx, before: int) -> int:
    """Delete the oldest happenings, of before a moment, some at a time; how many.

    The one with the greatest number is always kept: by it a store that is opened again knows which were given.
    """
    old = going(tx, before, 0)
    if old:
        forget_up_to(tx, old[-1].position)
    return len(old)


class Going(NamedTuple):
    """A happening that is old: its position, its number, when it was, and what it was about."""

    position: int
    id: int
    at: int
    conversation: int | None
    customer: int | None


def going(tx: Tx, before: int, after: int) -> list[Going]:
    """The oldest happenings behind a position, of before a moment, some at a time."""
    records.newest(tx)  # so that everything has its position
    rows = tx.all(
        "SELECT position, id, at, conversation, customer FROM happenings WHERE workspace = ? AND position > ?"
        f" ORDER BY position LIMIT {_FEW}",
        tx.ws, after,
    )  # fmt: skip
    newest = tx.one("SELECT MAX(id) FROM happenings WHERE workspace = ?", tx.ws)
    found = (Going(*cast("tuple[int, int, int, int | None, int | None]", row)) for row in rows)
    return list(takewhile(lambda one: one.at < before and newest != (one.id,), found))


def forget_up_to(tx: Tx, position: int) -> None:
    """Delete the happening at a position, and all before it."""
    row = tx.one("SELECT id FROM happenings WHERE workspace = ? AND position = ?", tx.ws, position)
    if row is None:
        return  # somebody else did
    tx.run("DELETE FROM happenings WHERE workspace = ? AND position <= ?", tx.ws, position)
    tx.run(
        "INSERT INTO let_go (workspace, position, happening, at) VALUES (?, ?, ?, ?) ON CONFLICT (workspace)"
        " DO UPDATE SET position = excluded.position, happening = excluded.happening, at = excluded.at",
        tx.ws, position, row[0], tx.now(),
    )  # fmt: skip
