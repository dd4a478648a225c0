"""Views as SQL: the same statement on both engines, counted and read a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple, Self, cast

from omnichannel.model.desk import Case, ViewOrder, Wanted, Which
from omnichannel.store.desk import cases
from omnichannel.store.engine import Cell
from omnichannel.store.tx import Tx, marks, some

_BY: dict[ViewOrder, str] = {"due": "k.due_by", "waiting": "k.asked_at", "oldest": "0", "newest": "0"}
_MICRO = timedelta(microseconds=1)

Beside = tuple[int, int]
"""Where a page ended: the value that it is ordered by, and the conversation."""


class Condition(NamedTuple):
    """A piece of SQL about a case `k`, and what its question marks stand for."""

    sql: str
    params: tuple[Cell, ...] = ()

    def also(self, sql: str, *params: Cell) -> Self:
        """Both must hold."""
        return self._replace(sql=f"{self.sql} AND {sql}", params=(*self.params, *params))

    def joined(self, other: Condition, sign: str = "") -> Self:
        """Another condition must hold as well; with `NOT`, it must not."""
        return self.also(f"{sign} ({other.sql})", *other.params)

    def among(self, column: str, values: Sequence[str]) -> Self:
        """A column must be one of some values; none: it may be anything."""
        return self.also(f"{column} IN ({marks(values)})", *values) if values else self

    def flag(self, sql: str, wanted: bool | None, *params: Cell) -> Self:
        """Something must hold, must not, or may."""
        return self if wanted is None else self.also(sql if wanted else f"NOT ({sql})", *params)


def condition(tx: Tx, which: Which, me: str, now: int | None = None) -> Condition:
    """What a case has to be, as it was left; `me` is who looks, at the moment or at another one."""
    now = tx.now() if now is None else now
    found = Condition("k.workspace = ?", (tx.ws,))
    found = _decided(tx, found, which, me)
    found = _written(tx, found, which)
    found = _timed(tx, found, which, now)
    found = _of_fields(tx, found, which)
    for one in which.all:
        found = found.joined(condition(tx, one, me, now))
    if which.any:
        several = [condition(tx, one, me, now) for one in which.any]
        sql = " OR ".join(f"({one.sql})" for one in several)
        found = found.joined(Condition(sql, tuple(param for one in several for param in one.params)))
    for one in which.none:
        found = found.joined(condition(tx, one, me, now), "NOT")
    return found


def _decided(tx: Tx, found: Condition, which: Which, me: str) -> Condition:
    closed = None if which.status is None else which.status == "closed"
    if closed is not None:
        found = found.also(f"k.closed = {int(closed)}")
    found = found.among("k.team", which.teams).among("k.assignee", which.assignees)
    if which.mine:
        found = found.also("k.assignee = ?", me)
    if which.followed:
        found = found.joined(_holding(tx, "follower", Wanted(one_of=(me,))))
    found = found.among("k.priority", which.priorities).among("k.control", which.controls)
    return found.among("k.tier", which.tiers).flag("k.spam = 1", which.spam)


def _written(tx: Tx, found: Condition, which: Which) -> Condition:
    found = found.among("k.kind", which.kinds).among("k.account", which.accounts)
    found = found.flag("k.public = 1", which.public)
    if which.languages:
        tags = [one.lower() for one in which.languages]
        either = " OR ".join("k.language = ? OR k.language LIKE ?" for _ in tags)
        found = found.also(f"({either})", *(param for tag in tags for param in (tag, f"{tag}-%")))
    for name, values in (("tag", which.tags), ("intent", tuple(one.value for one in which.intents))):
        if values:
            found = found.joined(_holding(tx, name, Wanted(one_of=values)))
    return found


def _timed(tx: Tx, found: Condition, which: Which, now: int) -> Condition:
    found = found.flag(f"k.asked_at < {cases.NEVER}", which.waiting)
    found = found.flag("k.snoozed_until > ?", which.snoozed, now)
    if which.waiting_for is not None:
        found = found.also("k.asked_at <= ?", now - which.waiting_for // _MICRO)
    if which.due_within is not None:
        found = found.also("k.due_by <= ?", now + which.due_within // _MICRO)
    if which.follow_up_within is not None:
        until = float(now + which.follow_up_within // _MICRO)
        found = found.joined(_holding(tx, "follow_up", Wanted(most=until)))
    return found


def _of_fields(tx: Tx, found: Condition, which: Which) -> Condition:
    for name, wanted in which.fields.items():
        found = found.joined(_holding(tx, f"field.{name}", wanted))
    for name, wanted in which.customer.items():
        found = found.joined(_holding(tx, f"customer.{name}", wanted, _CUSTOMERS))
    return found


_CASES = "SELECT f.number FROM filed AS f WHERE f.workspace = ?"
_CUSTOMERS = (
    "SELECT c.id FROM filed AS f JOIN addresses AS b ON b.workspace = f.workspace AND b.id = f.number"
    " JOIN addresses AS a ON a.workspace = b.workspace AND a.customer = b.customer"
    " JOIN conversations AS c ON c.workspace = a.workspace AND c.asker = a.id WHERE f.workspace = ?"
)


def _holding(tx: Tx, name: str, wanted: Wanted, whose: str = _CASES) -> Condition:
    """The cases that hold something under a name, or (`known` is False) nothing."""
    held = Condition(f"{whose} AND f.name = ?", (tx.ws, name))
    held = held.among("f.value", wanted.one_of)
    for sign, end in ((">=", wanted.least), ("<=", wanted.most)):
        if isinstance(end, date):
            held = held.also(f"f.day {sign} ?", end.toordinal())
        elif end is not None:
            held = held.also(f"f.amount {sign} ?", end)
    wish = "NOT IN" if wanted.known is False else "IN"
    return Condition(f"k.conversation {wish} ({held.sql})", held.params)


def count(tx: Tx, wanted: Condition, within: Sequence[int] | None = None) -> int:
    """How many cases a condition holds for; `within` some conversations, or (None) all."""
    return sum(
        cast("int", tx.all(f"SELECT COUNT(*) FROM cases AS k WHERE {one.sql}", *one.params)[0][0])
        for one in _pieces(wanted, within)
    )


def page(
    tx: Tx,
    wanted: Condition,
    order: ViewOrder,
    after: Beside | None,
    most: int,
    within: Sequence[int] | None = None,
) -> list[Beside]:
    """The next cases for which a condition holds, in an order: what each is ordered by, and its conversation."""
    by, sign, way = _BY[order], *(("<", "DESC") if order == "newest" else (">", "ASC"))
    found: list[Beside] = []
    for one in _pieces(wanted, within):
        if after is not None and by == "0":
            one = one.also(f"k.conversation {sign} ?", after[1])  # noqa: PLW2901 - the same, from here on
        elif after is not None:
            one = one.also(f"({by} > ? OR ({by} = ? AND k.conversation > ?))", after[0], *after)  # noqa: PLW2901 - as above
        rows = tx.all(
            f"SELECT {by}, k.conversation FROM cases AS k WHERE {one.sql}"
            f" ORDER BY {'' if by == '0' else f'{by}, '}k.conversation {way} LIMIT {int(most)}",
            *one.params,
        )
        found += cast("list[Beside]", rows)
    return sorted(found, reverse=order == "newest")[:most]


def _pieces(wanted: Condition, within: Sequence[int] | None) -> list[Condition]:
    if within is None:
        return [wanted]
    return [wanted.also(f"k.conversation IN ({marks(few)})", *few) for few in some(sorted(within))]


def shown(tx: Tx, found: Sequence[Beside]) -> tuple[Case, ...]:
    """These cases as they were left, in their order."""
    numbers = [number for _, number in found]
    known = cases.several(tx, numbers)
    return tuple(known[number] for number in numbers)
