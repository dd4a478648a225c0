"""What cases and addresses are found by: their tags, intents and fields, as values that an index can hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import NamedTuple

from pydantic import JsonValue

from omnichannel.clock import micros
from omnichannel.desk.fields import word
from omnichannel.model.desk import Case
from omnichannel.store.tx import Tx

LONGEST = 500
"""Characters of a value that are compared: what no index could hold is cut."""


class Filed(NamedTuple):
    """One value under a name; `amount` where it is a number, `day` where it is a date."""

    name: str
    value: str
    amount: float | None = None
    day: int | None = None


def of_case(case: Case) -> set[Filed]:
    """What a case is found by."""
    intents = case.reading.held if case.reading else ()
    return {
        *(Filed("tag", _key(tag)) for tag in case.tags),
        *(Filed("intent", intent.value) for intent in intents),
        *(Filed("follower", _key(name)) for name in case.followers),
        *_follow_up(case),
        *of_fields("field", case.fields),
    }


def _follow_up(case: Case) -> Iterator[Filed]:
    """By whom a case is to be followed up, and when, in microseconds: a float holds them for some centuries."""
    if case.follow_up is not None:
        yield Filed("follow_up", _key(case.follow_up.agent), amount=float(micros(case.follow_up.at)))


def of_fields(sort: str, fields: Mapping[str, JsonValue]) -> Iterator[Filed]:
    """What somebody's fields are found by."""
    for name, value in fields.items():
        for one in value if isinstance(value, list) else (value,):
            yield _filed(f"{sort}.{name}", one)


def keep(tx: Tx, number: int, wanted: Iterable[Filed]) -> None:
    """Let a conversation or an address be found by this, and by nothing else."""
    rows = tx.all(
        "SELECT name, value, amount, day FROM filed WHERE workspace = ? AND number = ?", tx.ws, number
    )
    there, fresh = {Filed(*row) for row in rows}, set(wanted)  # type: ignore[arg-type]  # as the columns are
    for gone in there - fresh:
        tx.run(
            "DELETE FROM filed WHERE workspace = ? AND number = ? AND name = ? AND value = ?",
            tx.ws, number, gone.name, gone.value,
        )  # fmt: skip
    tx.each(
        "INSERT INTO filed (workspace, number, name, value, amount, day) VALUES (?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (workspace, number, name, value) DO UPDATE SET amount = excluded.amount, day = excluded.day",
        [(tx.ws, number, *one) for one in sorted(fresh - there, key=str)],
    )  # fmt: skip


def _filed(name: str, value: JsonValue) -> Filed:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return Filed(name, _key(word(value)))
    if isinstance(value, str):
        return Filed(name, _key(value), day=_day(value))
    return Filed(name, word(value), amount=float(value))


def _key(value: str) -> str:
    return value[:LONGEST].replace("\0", "\ufffd")


def _day(value: str) -> int | None:
    try:
        return date.fromisoformat(value).toordinal() if len(value) == len("2026-11-22") else None
    except ValueError:
        return None
