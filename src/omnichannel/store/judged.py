"""What people judged: suggestions that they decided, and samples that were drawn for them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple, cast

from omnichannel.errors import NotFound
from omnichannel.store.tx import Tx

_DECIDED = 0
"""The number of the audit that suggestions stand under, for they were not drawn."""


class Judged(NamedTuple):
    """A pair of addresses, by the numbers that the journal calls them by, and what was judged of it.

    `stated` is how probable the model said it was that they are one customer, before any calibration; None where
    it said nothing. `same` is None as long as nobody judged. `decision` is the journal's entry, where there is one.
    """

    id: int
    audit: int
    one: int
    other: int
    stated: float | None
    same: bool | None
    decision: int | None


class Drawn(NamedTuple):
    """A sample of what a view joins. `whole`: there were no more pairs than these."""

    id: int
    purpose: str
    whole: bool


_COLUMNS = "id, audit, one, other, stated, same, decision"


def decided(tx: Tx, pair: tuple[int, int], stated: float, decision: int, *, same: bool, actor: str) -> None:
    """Keep that a person decided about two who were stated to be one with this probability."""
    _add(tx, Judged(0, _DECIDED, *pair, stated, same, decision), actor)


def draw(tx: Tx, purpose: str, pairs: Iterable[tuple[int, int, float | None]], *, whole: bool) -> int:
    """Keep a sample that waits to be judged; its number."""
    audit = tx.ids.new()
    tx.run(
        "INSERT INTO audits (workspace, id, purpose, whole, at) VALUES (?, ?, ?, ?, ?)",
        tx.ws, audit, purpose, int(whole), tx.now(),
    )  # fmt: skip
    for one, other, stated in pairs:
        _add(tx, Judged(0, audit, one, other, stated, None, None), "")
    return audit


def _add(tx: Tx, row: Judged, actor: str) -> None:
    same = None if row.same is None else int(row.same)
    tx.run(
        f"INSERT INTO judged (workspace, {_COLUMNS}, actor, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        tx.ws, tx.ids.new(), row.audit, row.one, row.other, row.stated, same, row.decision, actor, tx.now(),
    )  # fmt: skip


def judge(tx: Tx, number: int, *, same: bool | None, actor: str, decision: int | None = None) -> None:
    """Write down what was judged of a pair that was drawn; None: nothing after all."""
    tx.run(
        "UPDATE judged SET same = ?, actor = ?, at = ?, decision = ? WHERE workspace = ? AND id = ?",
        None if same is None else int(same), actor, tx.now(), decision, tx.ws, number,
    )  # fmt: skip


def get(tx: Tx, number: int) -> Judged:
    """A pair by its number; raises NotFound."""
    row = tx.one(f"SELECT {_COLUMNS} FROM judged WHERE workspace = ? AND id = ?", tx.ws, number)
    if row is None:
        raise NotFound("there is no such pair in this workspace")
    return _judged(row)


def newest(tx: Tx, purpose: str) -> Drawn | None:
    """The newest sample of a view; None if none was ever drawn."""
    row = tx.one(
        "SELECT id, purpose, whole FROM audits WHERE workspace = ? AND purpose = ? ORDER BY id DESC LIMIT 1",
        tx.ws, purpose,
    )  # fmt: skip
    return _drawn(row) if row else None


def of_audit(tx: Tx, number: int) -> list[Judged]:
    """The pairs of a sample, in the order in which they were drawn."""
    rows = tx.all(
        f"SELECT {_COLUMNS} FROM judged WHERE workspace = ? AND audit = ? ORDER BY id", tx.ws, number
    )
    return [_judged(row) for row in rows]


def stated(tx: Tx) -> list[Judged]:
    """Every pair that was judged, and of which the model had stated a probability."""
    rows = tx.all(
        f"SELECT {_COLUMNS} FROM judged WHERE workspace = ? AND stated IS NOT NULL AND same IS NOT NULL ORDER BY id",
        tx.ws,
    )
    return [_judged(row) for row in rows]


def _judged(row: tuple[object, ...]) -> Judged:
    number, audit_, one, other, said, same, decision = cast(
        "tuple[int, int, int, int, float | None, int | None, int | None]", row
    )
    return Judged(number, audit_, one, other, said, None if same is None else bool(same), decision)


def _drawn(row: tuple[object, ...]) -> Drawn:
    number, purpose, whole = cast("tuple[int, str, int]", row)
    return Drawn(number, purpose, bool(whole))
