"""The trail: who of ours saw and did what, each act chained to the one before it by a keyed mark.

Every worker writes a chain of its own, so that none waits for another; a chain's first act is tied to the newest act
that there was. What the marks prove, and what not, says docs/adr/0054-who-saw-what.md.
"""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple, cast

from omnichannel.clock import moment
from omnichannel.model import Act, Permission
from omnichannel.store.tx import Tx, marks, some

CONVERSATION, CUSTOMER, MESSAGE = 0, 1, 2
_KINDS = {CONVERSATION: "conversation", CUSTOMER: "customer", MESSAGE: "message"}
_PAGE = 2000

Subject = tuple[int, int]
"""What an act was about: which kind of thing, and its number."""


class Deed(NamedTuple):
    """What is to be written down."""

    actor: str
    method: str
    permission: Permission
    because: str
    about: tuple[Subject, ...]
    allowed: bool = True


class Row(NamedTuple):
    """An act as it is kept."""

    chain: int
    number: int
    id: int
    at: int
    actor: str
    method: str
    permission: str
    allowed: int
    because: str
    reason: str
    mark: str
    link_chain: int | None
    link_number: int | None
    link_mark: str


class End(NamedTuple):
    """How far a chain goes: its last act's number and mark."""

    chain: int
    number: int
    mark: str


_COLUMNS = ", ".join(Row._fields)


def keys_of(tx: Tx, given: Sequence[str]) -> list[bytes]:
    """The keys of marks, the one of new marks first; the workspace's own where none is given."""
    own = hmac.digest(tx.secret, b"omnichannel trail 1" + tx.ws.to_bytes(8, "big"), "sha256")
    return [key.encode() for key in given] or [own]


def write(tx: Tx, key: bytes, deed: Deed) -> None:
    """Write an act down, behind the last one of this worker."""
    last = end_of(tx, tx.worker)
    link = None if last else _newest(tx)
    before = last or link
    about = sorted(set(deed.about))
    bare = Row(
        tx.worker, last.number + 1 if last else 1, tx.ids.new(), tx.now(), deed.actor, deed.method,
        deed.permission, int(deed.allowed), deed.because, "", "",
        link.chain if link else None, link.number if link else None, link.mark if link else "",
    )  # fmt: skip
    row = bare._replace(reason=reason_mark(key, bare))
    row = row._replace(mark=act_mark(tx.ws, key, row, before.mark if before else "", about))
    tx.run(
        f"INSERT INTO acts (workspace, {_COLUMNS}) VALUES ({marks((tx.ws, *row))})",
        tx.ws, *row,
    )  # fmt: skip
    tx.each(
        "INSERT INTO concerned (workspace, what, number, act) VALUES (?, ?, ?, ?)",
        [(tx.ws, what, number, row.id) for what, number in about],
    )


def act_mark(ws: int, key: bytes, row: Row, before: str, about: Sequence[Subject]) -> str:
    """The mark of an act that follows one with the mark `before`: over all of it but its reason, of that the mark."""
    said = [ws, before, *row._replace(because="", mark=""), [list(one) for one in sorted(about)]]
    return _keyed(key, "act", said)


def reason_mark(key: bytes, row: Row) -> str:
    """The mark of why it was done; empty for no reason."""
    return _keyed(key, "reason", [row.id, row.because]) if row.because else ""


def end_mark(ws: int, key: bytes, end: End) -> str:
    """The mark of where a chain begins after what was let go."""
    return _keyed(key, "end", [ws, *end])


def _keyed(key: bytes, what: str, said: Sequence[object]) -> str:
    text = json.dumps([what, *said], ensure_ascii=False, separators=(",", ":"))
    made = hmac.digest(key, text.encode("utf-8", "surrogatepass"), "sha256")
    return base64.urlsafe_b64encode(made).decode("ascii").rstrip("=")


def end_of(tx: Tx, chain: int) -> End | None:
    """Where a chain ends: its last act, or the last one that was let go; None if there is no such chain."""
    row = tx.one(
        "SELECT chain, number, mark FROM acts WHERE workspace = ? AND chain = ? ORDER BY number DESC LIMIT 1",
        tx.ws, chain,
    )  # fmt: skip
    return _end(row) if row else next((one for one in let_go_ends(tx) if one.chain == chain), None)


def ends(tx: Tx) -> list[End]:
    """Where each chain ends."""
    rows = tx.all(
        "SELECT a.chain, a.number, a.mark FROM acts AS a JOIN (SELECT chain, MAX(number) AS number FROM acts"
        " WHERE workspace = ? GROUP BY chain) AS z ON z.chain = a.chain AND z.number = a.number"
        " WHERE a.workspace = ? ORDER BY a.chain",
        tx.ws, tx.ws,
    )  # fmt: skip
    return [_end(row) for row in rows]


def let_go_ends(tx: Tx) -> list[End]:
    """The last act of each chain that was let go by its age."""
    rows = tx.all("SELECT chain, number, mark FROM trail_ends WHERE workspace = ? ORDER BY chain", tx.ws)
    return [_end(row) for row in rows]


def proofs(tx: Tx) -> dict[int, str]:
    """The marks that those ends were written with, by chain."""
    rows = tx.all("SELECT chain, proof FROM trail_ends WHERE workspace = ?", tx.ws)
    return {cast("int", chain): str(proof) for chain, proof in rows}


def _newest(tx: Tx) -> End | None:
    row = tx.one("SELECT chain, number, mark FROM acts WHERE workspace = ? ORDER BY id DESC LIMIT 1", tx.ws)
    return _end(row) if row else None


def _end(row: tuple[object, ...]) -> End:
    chain, number, mark = row
    return End(cast("int", chain), cast("int", number), str(mark))


# ------------------------------------------------------------------------------------------------- reading


class Wanted(NamedTuple):
    """Which acts are asked for: whose, when (in microseconds, without `until`), and about one of each of these."""

    actor: str = ""
    since: int = 0
    until: int = 1 << 62
    about: tuple[tuple[Subject, ...], ...] = ()
    allowed: bool | None = None


def find(tx: Tx, wanted: Wanted, before: int | None, most: int) -> list[Act]:
    """Acts, the newest first, from before an act on."""
    conditions = ["workspace = ?", "at >= ?", "at < ?"]
    given: list[int | str] = [tx.ws, wanted.since, wanted.until]
    if wanted.actor:
        conditions.append("actor = ?")
        given.append(wanted.actor)
    if wanted.allowed is not None:
        conditions.append(f"allowed = {int(wanted.allowed)}")
    if before is not None:
        conditions.append("id < ?")
        given.append(before)
    if not wanted.about:
        return [_act(tx, row) for row in _rows(tx, " AND ".join(conditions), given, most)]
    found: dict[int, Row] = {}
    acts = set.intersection(*(_about(tx, one) for one in wanted.about))
    for few in some(sorted(acts, reverse=True)):
        inside = f"{' AND '.join(conditions)} AND id IN ({marks(few)})"
        found |= {row.id: row for row in _rows(tx, inside, [*given, *few], most)}
        if len(found) >= most:
            break
    return [_act(tx, found[number]) for number in sorted(found, reverse=True)[:most]]


def _about(tx: Tx, subjects: Sequence[Subject]) -> set[int]:
    """The acts that were about any of these."""
    return {
        cast("int", row[0])
        for what in _KINDS
        for few in some([number for kind, number in subjects if kind == what])
        for row in tx.all(
            f"SELECT act FROM concerned WHERE workspace = ? AND what = ? AND number IN ({marks(few)})",
            tx.ws, what, *few,
        )
    }  # fmt: skip


def _rows(tx: Tx, condition: str, params: Iterable[int | str], most: int) -> list[Row]:
    rows = tx.all(
        f"SELECT {_COLUMNS} FROM acts WHERE {condition} ORDER BY id DESC LIMIT {int(most)}", *params
    )
    return [_row(row) for row in rows]


def _row(row: tuple[object, ...]) -> Row:
    return Row(
        *cast(
            "tuple[int, int, int, int, str, str, str, int, str, str, str, int | None, int | None, str]", row
        )
    )


def _act(tx: Tx, row: Row) -> Act:
    about: dict[int, list[str]] = {what: [] for what in _KINDS}
    for what, number in concerned(tx, [row.id]).get(row.id, ()):
        about[what].append(tx.ids.show(_KINDS[what], number))
    return Act(
        id=tx.ids.show("act", row.id),
        at=moment(row.at),
        actor=row.actor,
        method=row.method,
        permission=cast("Permission", row.permission),
        allowed=bool(row.allowed),
        because=row.because,
        conversations=tuple(about[CONVERSATION]),
        customers=tuple(about[CUSTOMER]),
        messages=tuple(about[MESSAGE]),
    )


def concerned(tx: Tx, acts: Sequence[int]) -> dict[int, list[Subject]]:
    """What each of these acts was about, in order."""
    found: dict[int, list[Subject]] = {}
    for few in some(acts):
        rows = tx.all(
            f"SELECT act, what, number FROM concerned WHERE workspace = ? AND act IN ({marks(few)})"
            " ORDER BY act, what, number",
            tx.ws, *few,
        )  # fmt: skip
        for act, what, number in rows:
            found.setdefault(cast("int", act), []).append((cast("int", what), cast("int", number)))
    return found


def behind(tx: Tx, chain: int, number: int, most: int = _PAGE) -> list[Row]:
    """The acts behind a place, chain by chain, each in its order."""
    rows = tx.all(
        f"SELECT {_COLUMNS} FROM acts WHERE workspace = ? AND (chain > ? OR (chain = ? AND number > ?))"
        f" ORDER BY chain, number LIMIT {int(most)}",
        tx.ws, chain, chain, number,
    )  # fmt: skip
    return [_row(row) for row in rows]


def mark_of(tx: Tx, chain: int, number: int) -> str | None:
    """The mark of an act; None if it is not there."""
    row = tx.one(
        "SELECT mark FROM acts WHERE workspace = ? AND chain = ? AND number = ?", tx.ws, chain, number
    )
    return str(row[0]) if row else None


# ------------------------------------------------------------------------------------------------- leaving


def empty(tx: Tx, about: Collection[Subject], words: Iterable[str]) -> int:
    """Leave of acts about these that they were done, by whom and when: not why.

    The same of those whose reason has one of these words; that walks every act that has a reason.
    """
    theirs = _about(tx, sorted(about))
    told = _unreasoned(tx, sorted(theirs))
    wanted = [word for word in words if word]
    after = 0
    while wanted and (rows := tx.all(
        f"SELECT id, because FROM acts WHERE workspace = ? AND id > ? AND because <> '' ORDER BY id LIMIT {_PAGE}",
        tx.ws, after,
    )):  # fmt: skip
        after = cast("int", rows[-1][0])
        named = [row for row in rows if any(word in str(row[1]) for word in wanted)]
        told += _unreasoned(tx, [cast("int", row[0]) for row in named])
    return told


def _unreasoned(tx: Tx, acts: Sequence[int]) -> int:
    return sum(
        tx.run(
            f"UPDATE acts SET because = '' WHERE workspace = ? AND because <> '' AND id IN ({marks(few)})",
            tx.ws, *few,
        )
        for few in some(acts)
    )  # fmt: skip


def oldest(tx: Tx, after: int, most: int = _PAGE) -> list[Row]:
    """Acts behind a number, in its order: each worker's own are in the order of its chain."""
    rows = tx.all(
        f"SELECT {_COLUMNS} FROM acts WHERE workspace = ? AND id > ? ORDER BY id LIMIT {int(most)}",
        tx.ws,
        after,
    )
    return [_row(row) for row in rows]


def let_go(tx: Tx, key: bytes, rows: Sequence[Row]) -> None:
    """Delete acts, the oldest of their chains, and keep where each chain begins from now on."""
    for chain in sorted({row.chain for row in rows}):
        last = max((row for row in rows if row.chain == chain), key=lambda row: row.number)
        end = End(chain, last.number, last.mark)
        tx.run(
            "INSERT INTO trail_ends (workspace, chain, number, mark, proof) VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT (workspace, chain) DO UPDATE SET number = excluded.number, mark = excluded.mark,"
            " proof = excluded.proof",
            tx.ws, *end, end_mark(tx.ws, key, end),
        )  # fmt: skip
        tx.run(
            "DELETE FROM acts WHERE workspace = ? AND chain = ? AND number <= ?", tx.ws, chain, last.number
        )
    for few in some([row.id for row in rows]):
        tx.run(f"DELETE FROM concerned WHERE workspace = ? AND act IN ({marks(few)})", tx.ws, *few)
