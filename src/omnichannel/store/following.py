"""Who follows what happens, and how far each has come: a cursor that one worker at a time may move."""

from __future__ import annotations

from typing import NamedTuple, cast

from omnichannel.clock import moment
from omnichannel.errors import Missed, NotFound
from omnichannel.model import Follower, Happening
from omnichannel.store.records import happenings
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


def newest(tx: Tx) -> int:
    """The last happening; 0 if nothing happened yet."""
    row = tx.one("SELECT MAX(id) FROM happenings WHERE workspace = ?", tx.ws)
    return cast("int", row[0] or 0) if row else 0


def gone_up_to(tx: Tx) -> int:
    """The last happening that was let go; 0 if all are there."""
    row = tx.one("SELECT happening FROM let_go WHERE workspace = ?", tx.ws)
    return cast("int", row[0]) if row else 0


def unseen(tx: Tx, found: Place, most: int) -> list[Happening]:
    """What happened behind a follower's place, in order. Raises Missed if some of it was let go unseen."""
    cure = f"followers.move({found.name!r}) lets {found.name} go on with the oldest that there is"
    return since(tx, found.reached, most, cure)


def since(tx: Tx, reached: int, most: int, cure: str) -> list[Happening]:
    """What happened after a happening, in order. Raises Missed, which names the cure, if some of it was let go."""
    gone = gone_up_to(tx)
    if reached < gone:
        raise Missed(f"some of what happened since is not kept any more (Rules.keep_events); {cure}")
    return happenings(tx, reached if reached > gone else 0, most)


def behind(tx: Tx, after: str) -> int:
    """The place behind a happening; without one, before the oldest that is kept. Raises NotFound."""
    if not after:
        return gone_up_to(tx)
    number = tx.ids.find("happening", after)
    if tx.one("SELECT 1 FROM happenings WHERE workspace = ? AND id = ?", tx.ws, number) is None:
        raise NotFound(f"there is no happening {after!r} in this workspace")
    return number


def follower(tx: Tx, found: Place) -> Follower:
    """A place as the application sees it, with what waits behind it."""
    missed = found.reached < gone_up_to(tx)
    first = next(iter(happenings(tx, 0, 1) if missed else unseen(tx, found, 1)), None)
    row = tx.one(
        f"SELECT COUNT(*) FROM (SELECT 1 FROM happenings WHERE workspace = ? AND id > ? LIMIT {MOST_COUNTED}) AS few",
        tx.ws, found.reached,
    )  # fmt: skip
    now = moment(tx.now())
    return Follower(
        name=found.name,
        reached=tx.ids.show("happening", found.reached) if found.reached else "",
        at=moment(found.at) if found.at is not None else None,
        waiting=cast("int", row[0]) if row else 0,
        behind=max(now - first.at, now - now) if first else now - now,
        missed=missed,
    )


def let_go(tx: Tx, before: int) -> int:
    """Delete the oldest happenings, of before a moment, some at a time; how many. The last one is always kept.

    By the last one a store that is opened again knows which numbers were given.
    """
    rows = tx.all(
        f"SELECT id, at FROM happenings WHERE workspace = ? AND id < ? ORDER BY id LIMIT {_FEW}",
        tx.ws, newest(tx),
    )  # fmt: skip
    last, count = 0, 0
    for number, at in rows:
        if cast("int", at) >= before:
            break
        last, count = cast("int", number), count + 1
    if count:
        tx.run("DELETE FROM happenings WHERE workspace = ? AND id <= ?", tx.ws, last)
        tx.run(
            "INSERT INTO let_go (workspace, happening, at) VALUES (?, ?, ?)"
            " ON CONFLICT (workspace) DO UPDATE SET happening = excluded.happening, at = excluded.at",
            tx.ws, last, tx.now(),
        )  # fmt: skip
    return count
