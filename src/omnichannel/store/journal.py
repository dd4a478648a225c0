"""The journal that says which addresses are one customer's: only ever added to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import cast

from omnichannel.errors import NotFound
from omnichannel.identity import Entry
from omnichannel.identity.journal import Kind
from omnichannel.model import Strength
from omnichannel.store.tx import Tx, marks, padded, some

_ENTRY = "id, kind, one, other, strength, method, target, because, actor, source, at, expires_at, likely"


def write(tx: Tx, entry: Entry) -> int:
    """Add an entry to the journal, for ever; its number."""
    number = tx.ids.new()
    if entry.other is not None:
        tx.memory.new.difference_update(entry.pair)
        forget(tx, *entry.pair)
    tx.at_last(
        f"INSERT INTO journal (workspace, {_ENTRY}) VALUES ({marks(_ENTRY.split())}, ?)",
        tx.ws, number, entry.kind, entry.one, entry.other, entry.strength.value, entry.method, entry.target,
        entry.because, entry.actor, entry.source, entry.at, entry.expires_at, entry.likely,
    )  # fmt: skip
    return number


def about(tx: Tx, addresses: Sequence[int]) -> list[Entry]:
    """Every entry that names one of these addresses, oldest first."""
    found: dict[int, Entry] = {}
    for few in some(addresses):
        rows = tx.all(
            f"SELECT {_ENTRY} FROM journal WHERE workspace = ? AND one IN ({marks(few)}) UNION ALL"
            f" SELECT {_ENTRY} FROM journal WHERE workspace = ? AND other IN ({marks(few)})",
            tx.ws, *few, tx.ws, *few,
        )  # fmt: skip
        found.update((entry.id, entry) for entry in map(_entry, rows))
    return [found[number] for number in sorted(found)]


def between(tx: Tx, one: int, other: int) -> list[Entry]:
    """Every entry that names both of two addresses, oldest first: however much is said of either."""
    if not tx.memory.new.isdisjoint((one, other)):
        return []
    known = tx.memory.between.get(frozenset((one, other)))
    if known is not None:
        return known
    rows = tx.all(
        f"SELECT {_ENTRY} FROM journal WHERE workspace = ? AND one IN (?, ?) AND other IN (?, ?) ORDER BY id",
        tx.ws, one, other, one, other,
    )  # fmt: skip
    return [_entry(row) for row in rows]


def forget(tx: Tx, one: int, other: int) -> None:
    """What the journal says of two addresses may be more than was foreseen."""
    tx.memory.between.pop(frozenset((one, other)), None)


def foresee(tx: Tx, pairs: Iterable[tuple[int, int]]) -> None:
    """Look up what the journal says of each two of these addresses, for whoever asks in this job."""
    for few in padded(sorted(set(pairs))):
        ends = [end for pair in few for end in pair]
        rows = tx.all(
            f"SELECT {_ENTRY} FROM journal WHERE workspace = ? AND one IN ({marks(ends)})"
            f" AND other IN ({marks(ends)}) ORDER BY id",
            tx.ws, *ends, *ends,
        )  # fmt: skip
        found: dict[frozenset[int], list[Entry]] = {frozenset(pair): [] for pair in few}
        for entry in map(_entry, rows):
            found.get(frozenset(entry.pair), []).append(
                entry
            )  # an end of one pair may be tied to one of another
        tx.memory.between.update(found)


def alike(tx: Tx) -> list[Entry]:
    """Every claim that only likeness makes, with what took it back."""
    rows = tx.all(
        f"SELECT {_ENTRY} FROM journal WHERE workspace = ? AND method = 'likeness' AND kind = 'claim'", tx.ws
    )
    claims = [_entry(row) for row in rows]
    about_them = about(tx, sorted({number for claim in claims for number in claim.pair}))
    numbers = {claim.id for claim in claims}
    return [entry for entry in about_them if entry.id in numbers or entry.target in numbers]


def weak(tx: Tx, after: int, most: int) -> list[Entry]:
    """Claims between two addresses that prove nothing, after a number, the oldest first; some were taken back."""
    methods = [name for name, method in tx.policy.methods.items() if not method.most.proves]
    rows = tx.all(
        f"SELECT {_ENTRY} FROM journal WHERE workspace = ? AND id > ? AND one <> 0 AND kind = 'claim'"
        f" AND other IS NOT NULL AND (strength IN ('asserted', 'inferred') OR method IN ({marks(methods)}))"
        f" ORDER BY id LIMIT {int(most)}",
        tx.ws, after, *methods,
    )  # fmt: skip
    return [_entry(row) for row in rows]


def objections(tx: Tx) -> list[Entry]:
    """Every objection to links by likeness, taken back or not."""
    rows = tx.all(f"SELECT {_ENTRY} FROM journal WHERE workspace = ? AND kind = 'object' AND one > 0", tx.ws)
    return [_entry(row) for row in rows]


def expired(tx: Tx, since: int, until: int) -> list[Entry]:
    """Entries that expired after one moment and by another, the earliest first."""
    rows = tx.all(
        f"SELECT {_ENTRY} FROM journal WHERE workspace = ? AND expires_at > ? AND expires_at <= ?"
        " ORDER BY expires_at",
        tx.ws, since, until,
    )  # fmt: skip
    return [_entry(row) for row in rows]


def entry(tx: Tx, number: int) -> Entry:
    """An entry of the journal; raises NotFound, also for the skeleton of one about somebody who was erased."""
    row = tx.one(f"SELECT {_ENTRY} FROM journal WHERE workspace = ? AND id = ? AND one <> 0", tx.ws, number)
    if row is None:
        raise NotFound("there is no such entry in this workspace's journal")
    return _entry(row)


def several(tx: Tx, numbers: Sequence[int]) -> list[Entry]:
    """These entries, in the order of their numbers; one about somebody who was erased is left out."""
    found: list[Entry] = []
    for few in some(sorted(numbers)):
        rows = tx.all(
            f"SELECT {_ENTRY} FROM journal WHERE workspace = ? AND one <> 0 AND id IN ({marks(few)}) ORDER BY id",
            tx.ws, *few,
        )  # fmt: skip
        found += map(_entry, rows)
    return found


def undecided(tx: Tx, least: float, most: int) -> list[Entry]:
    """Claims that prove nothing yet, of addresses that are not one customer's and that nobody refused.

    At most so many of what was said, the newest first, and as many of what is inferred: those first that are nearest
    below `least`, or farthest above it. A claim that was taken back in the end may still be among them.
    """
    weak = [name for name, method in tx.policy.methods.items() if not method.most.proves]
    sql = (
        f"SELECT {', '.join(f'j.{column}' for column in _ENTRY.split(', '))} FROM journal AS j"
        " JOIN addresses AS a ON a.workspace = j.workspace AND a.id = j.one"
        " JOIN addresses AS b ON b.workspace = j.workspace AND b.id = j.other"
        " WHERE j.workspace = ? AND j.kind = 'claim' AND j.likely IS {what}"
        f" AND (j.strength IN ('asserted', 'inferred') OR j.method IN ({marks(weak)}))"
        f" AND (a.customer <> b.customer OR {_OWNED}) AND NOT ({_REFUSED}) AND NOT ({_REVOKED})"
        f" ORDER BY {{order}} LIMIT {int(most)}"
    )
    said = tx.all(sql.format(what="NULL", order="j.id DESC"), tx.ws, *weak, *(tx.ws,) * 5)
    near = "CASE WHEN j.likely < ? THEN j.likely ELSE 1 - j.likely END DESC, j.id DESC"
    inferred = tx.all(sql.format(what="NOT NULL", order=near), tx.ws, *weak, *(tx.ws,) * 5, least)
    return [_entry(row) for row in (*said, *inferred)]


_OWNED = (
    "EXISTS (SELECT 1 FROM addresses AS s WHERE s.workspace = ? AND s.first <> 0"
    " AND s.first IN (j.one, j.other))"
)
_REFUSED = (
    "EXISTS (SELECT 1 FROM journal AS r WHERE r.workspace = ? AND r.kind = 'refuse' AND"
    " ((r.one = j.one AND r.other = j.other) OR (r.one = j.other AND r.other = j.one)) AND NOT EXISTS"
    " (SELECT 1 FROM journal AS u WHERE u.workspace = ? AND u.target = r.id))"
)
_REVOKED = (
    "EXISTS (SELECT 1 FROM journal AS r WHERE r.workspace = ? AND r.target = j.id AND NOT EXISTS"
    " (SELECT 1 FROM journal AS u WHERE u.workspace = ? AND u.target = r.id))"
)


def _entry(row: tuple[object, ...]) -> Entry:
    number, kind, one, other, strength, method, target, because, actor, source, at, expires_at, likely = row
    return Entry(
        id=cast("int", number),
        kind=cast("Kind", kind),
        one=cast("int", one),
        other=cast("int | None", other),
        strength=Strength(str(strength)),
        method=str(method),
        target=cast("int | None", target),
        because=str(because),
        actor=str(actor),
        source=str(source),
        at=cast("int", at),
        expires_at=cast("int | None", expires_at),
        likely=cast("float | None", likely),
    )
