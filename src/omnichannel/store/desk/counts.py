"""What is counted of conversations, and which are to be counted again: those in which anything changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple, cast

from omnichannel.clock import moment
from omnichannel.desk.reports import Count, Rated, What
from omnichannel.store.tx import Tx

_COLUMNS = "what, at, number, agent, team, kind, account, begun_at, worked, hours, value"


class Worked(NamedTuple):
    """A count, and how much of its length was working time (None: it has none), in hours with this mark."""

    one: Count
    worked: int | None = None
    hours: str = ""


def wait(tx: Tx, conversation: int) -> None:
    """Something changed in a conversation: it is to be counted again."""
    tx.at_last(
        "INSERT INTO uncounted (workspace, conversation, at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        tx.ws, conversation, tx.now(), key=conversation,
    )  # fmt: skip


def waiting(tx: Tx, most: int, until: int) -> list[int]:
    """Conversations that wait to be counted since then, or longer; the first ones first."""
    rows = tx.all(
        f"SELECT conversation FROM uncounted WHERE workspace = ? AND at <= ? ORDER BY at LIMIT {int(most)}",
        tx.ws, until,
    )  # fmt: skip
    return [cast("int", row[0]) for row in rows]


def how_many_wait(tx: Tx) -> int:
    """How many conversations wait to be counted."""
    row = tx.one("SELECT COUNT(*) FROM uncounted WHERE workspace = ?", tx.ws)
    return cast("int", row[0]) if row else 0


def write(tx: Tx, conversation: int, counted: Iterable[Worked]) -> None:
    """These are the counts of a conversation by now. Only what changed is written."""
    now = set(_numbered(counted))
    before = set(_rows(tx, conversation))
    tx.each(
        "DELETE FROM counts WHERE workspace = ? AND what = ? AND at = ? AND conversation = ? AND number = ?",
        [(tx.ws, row[0], row[1], conversation, row[2]) for row in before - now],
    )
    tx.each(
        f"INSERT INTO counts (workspace, conversation, {_COLUMNS}) VALUES ({', '.join('?' * 13)})",
        [(tx.ws, conversation, *row) for row in sorted(now - before, key=lambda row: row[:3])],
    )
    tx.run("DELETE FROM uncounted WHERE workspace = ? AND conversation = ?", tx.ws, conversation)


_Row = tuple[int, int, int, str, str, str, str, int, int | None, str, int]


def _numbered(counted: Iterable[Worked]) -> Iterable[_Row]:
    """What happened at one moment in the order in which it is given."""
    numbers: Counter[tuple[int, int]] = Counter()
    for (what, at, agent, team, kind, account, begun_at, value), worked, hours in counted:
        number = numbers[what, at]
        numbers[what, at] += 1
        yield int(what), at, number, agent, team, kind, account, begun_at, worked, hours, value


def _rows(tx: Tx, conversation: int) -> list[_Row]:
    rows = tx.all(
        f"SELECT {_COLUMNS} FROM counts WHERE workspace = ? AND conversation = ?", tx.ws, conversation
    )
    return cast("list[_Row]", [tuple(row) for row in rows])


def of_conversation(tx: Tx, conversation: int) -> list[Count]:
    """What was counted of a conversation."""
    return sorted(Count(What(row[0]), row[1], *row[3:8], row[10]) for row in _rows(tx, conversation))


def rated(tx: Tx, conversation: int) -> list[Rated]:
    """The requests to rate in a conversation, and what was given."""
    rows = tx.all(
        "SELECT asked_at, agent, team, kind, account, COALESCE(stars, 0) FROM ratings"
        " WHERE workspace = ? AND conversation = ? AND asked_at > 0 ORDER BY id",
        tx.ws, conversation,
    )  # fmt: skip
    return [
        Rated(moment(cast("int", row[0])), *cast("tuple[str, str, str, str, int]", row[1:])) for row in rows
    ]


class Stale(NamedTuple):
    """A count whose working time was counted in other hours."""

    what: int
    at: int
    conversation: int
    number: int
    begun_at: int


def hours_used(tx: Tx, since: int, until: int, timed: Sequence[int]) -> list[tuple[str, str]]:
    """In which hours the working time of each team was counted, in a time: teams and marks."""
    rows = tx.all(
        f"SELECT DISTINCT team, hours FROM counts WHERE workspace = ? AND what IN ({_list(timed)})"
        " AND at >= ? AND at < ? ORDER BY team, hours",
        tx.ws, since, until,
    )  # fmt: skip
    return [cast("tuple[str, str]", row) for row in rows]


def stale(
    tx: Tx, since: int, until: int, timed: Sequence[int], team: str, hours: str, most: int
) -> list[Stale]:
    """Counts of a team whose working time was counted in these hours, in a time."""
    rows = tx.all(
        f"SELECT what, at, conversation, number, begun_at FROM counts WHERE workspace = ?"
        f" AND what IN ({_list(timed)}) AND at >= ? AND at < ? AND team = ? AND hours = ? LIMIT {int(most)}",
        tx.ws, since, until, team, hours,
    )  # fmt: skip
    return [Stale(*cast("tuple[int, int, int, int, int]", row)) for row in rows]


def work_anew(tx: Tx, counted: Iterable[tuple[Stale, int]], hours: str) -> None:
    """The working time of counts, in other hours."""
    tx.each(
        "UPDATE counts SET worked = ?, hours = ? WHERE workspace = ? AND what = ? AND at = ? AND conversation = ?"
        " AND number = ?",
        [(worked, hours, tx.ws, *one[:4]) for one, worked in counted],
    )


def _list(numbers: Sequence[int]) -> str:
    return ", ".join(str(int(number)) for number in numbers)
