"""A store with years of work in it, on either engine: eight hours are made and counted by our code, then copied.

The copies are made by the engine itself, later by eight hours each, of the tables that are asked: conversations,
messages, decisions and what was counted. So 30,000 messages come in a day, whatever the size of the store.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from bench.places import Say
from omnichannel.clock import moment
from omnichannel.desk import Plan, Target, Team
from omnichannel.desk.reports import FOREVER
from omnichannel.inbox.desk.counting import count_one
from omnichannel.inbox.desk.refreshing import refresh
from omnichannel.store import Store, Tx
from omnichannel.store.desk import place
from omnichannel.store.known import TABLES

TALKS, EACH = 1250, 8
"""Conversations of a template, and messages of each: a question and its answer by turns."""

TEMPLATE = TALKS * EACH
LENGTH = timedelta(hours=8)
BEGIN = 1_767_571_200_000_000  # 5 January 2026
_FIRST = 189_000_000_000 << 22  # ids of about then
_SHIFT = int(LENGTH / timedelta(milliseconds=1)) << 22
_COPIED = ("conversations", "messages", "decisions", "counts")
_AT_ONCE = 25

KINDS = (("email", "mail"), ("whatsapp", "shop"), ("webchat", "site"), ("webchat", "help"))
TEAMS = ("service", "sales", "returns", "billing", "press")
AGENTS = tuple(f"agent {number:02}" for number in range(20))
PLAN = Plan(
    teams=tuple(Team(name=name) for name in TEAMS),
    default_team=TEAMS[0],
    classifier=None,
    listening=None,
    targets=tuple(
        Target(name=what, what=what, within=timedelta(hours=1), time="calendar")
        for what in ("first", "next", "resolution")
    ),
)

Values = Sequence[int | str | float | None]


class Later:
    """A clock that shows the end of the template."""

    def now(self) -> datetime:
        """All of it is over."""
        return moment(BEGIN) + LENGTH

    def random(self, size: int) -> bytes:
        """Nothing here is secret."""
        return bytes(size)


class Kept(NamedTuple):
    """What counting cost, of so many messages: seconds of CPU, once for all and again after each message; rows."""

    messages: int
    once: float
    each: float
    rows: int


def fill(url: str, messages: int) -> Kept:
    """Make the template, and count it; `copy` makes the rest."""
    store = Store(url, "default", Later())
    try:
        talks = list(_talks(min(TALKS, max(1, messages // EACH))))
        for table, rows in (
            ("addresses", [_asker(talk.number) for talk in talks]),
            ("conversations", [row for talk in talks for row in [talk.row]]),
            ("messages", [row for talk in talks for row in talk.messages]),
            ("decisions", [row for talk in talks for row in talk.decisions]),
        ):
            _insert(store, table, rows)
        numbers = [talk.number for talk in talks]
        _work(store, numbers, lambda tx, number: refresh(tx, PLAN, number))
        _work(store, numbers, lambda tx, number: refresh(tx, PLAN, number, anew=True))
        once = _work(store, numbers, lambda tx, number: count_one(tx, PLAN, number))
        again = _work(store, numbers, lambda tx, number: count_one(tx, PLAN, number))
        (rows,) = store._engine.wait_for(lambda driver: driver.rows("SELECT COUNT(*) FROM counts", ()))
        return Kept(len(talks) * EACH, once, again * EACH, int(str(rows[0])))
    finally:
        store.close()


def copy(say: Say, copies: int) -> None:
    """Do all of it again, so many times less one, always eight hours later."""
    for table in _COPIED:
        columns = TABLES[table].columns.split()
        shown = ", ".join(columns)
        shifted = ", ".join(_shifted(column) for column in columns)
        say(f"CREATE TEMPORARY TABLE template AS SELECT * FROM {table}", ())
        for first in range(1, copies, _AT_ONCE):
            numbers = ", ".join(f"({number})" for number in range(first, min(first + _AT_ONCE, copies)))
            say(
                f"WITH copies (number_of) AS (VALUES {numbers}) INSERT INTO {table} ({shown})"
                f" SELECT {shifted} FROM copies CROSS JOIN template WHERE true ORDER BY number_of",
                (),
            )
        say("DROP TABLE template", ())


def _shifted(column: str) -> str:
    later = f"number_of * {LENGTH // timedelta(microseconds=1)}"
    match column:
        case "id" | "conversation":
            return f"{column} + number_of * {_SHIFT}"
        case "at" | "begun_at" | "opened_at" | "last_at" | "sent_at" | "received_at":
            return f"CASE WHEN {column} = {FOREVER} THEN {column} ELSE {column} + {later} END"
        case "external_id":
            return "external_id || '-' || number_of"
        case _:
            return column


class _Talk(NamedTuple):
    """The rows of one conversation."""

    number: int
    row: Values
    messages: list[Values]
    decisions: list[Values]


def _talks(many: int) -> Iterator[_Talk]:
    chance = random.Random(1)
    whole = LENGTH // timedelta(microseconds=1)
    for place_ in range(many):
        number = _FIRST + (place_ << 12)
        begun = BEGIN + place_ * (whole // 2) // many
        (kind, account), agent = KINDS[place_ % len(KINDS)], chance.choice(AGENTS)
        times = [begun]
        for _ in range(EACH):
            times.append(times[-1] + chance.randint(1, 40 * 60) * 1_000_000)
        said = [
            _message(number, seq, kind, account, agent if seq % 2 == 0 else "", times[seq - 1])
            for seq in range(1, EACH + 1)
        ]
        given = (number + 100, number, begun + 1, "assigned", "desk", "[]", _changes("assignee", "", agent))
        decided: list[Values] = [(*given, "", None, None, None)]
        closed = place_ % 20 > 0
        if closed:
            end = (
                number + 101,
                number,
                times[-1],
                "closed",
                agent,
                "[]",
                _changes("status", "open", "closed"),
            )
            decided.append((*end, "", None, None, None))
        row = (number, "", int(closed), agent, number, begun, times[-2], EACH, None)
        yield _Talk(number, row, said, decided)


def _asker(number: int) -> Values:
    value = f"{number % 10**9}"
    return (
        number,
        "messenger",
        "page",
        value,
        "",
        "",
        "verified",
        "platform_id",
        number,
        BEGIN,
        0,
        0,
        0,
        None,
    )


def _message(talk: int, seq: int, kind: str, account: str, agent: str, at: int) -> Values:
    text = "I have a question about my order: where is it, and when will it be here?"
    content = json.dumps({"parts": [{"type": "text", "text": text}]}, separators=(",", ":"))
    ours = int(bool(agent))
    return (
        talk, seq, talk + seq, account, kind, ours, 0, talk, agent, "verified", at, at, f"m{talk}-{seq}", None, "",
        content,
    )  # fmt: skip


def _changes(field: str, before: str, after: str) -> str:
    return json.dumps([{"field": field, "before": before, "after": after}])


def _insert(store: Store, table: str, rows: Sequence[Values]) -> None:
    columns = TABLES[table].columns.split()[: len(rows[0]) + 1]  # later ones have a default
    sql = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"
    store._engine.wait_for(lambda _: store._do(lambda tx: tx.each(sql, [(tx.ws, *row) for row in rows])))


def _work(store: Store, numbers: Sequence[int], do: Callable[[Tx, int], object]) -> float:
    """Do something with every conversation, some in a commit; seconds of CPU of this process."""
    spent = time.process_time()
    for start in range(0, len(numbers), 50):

        def job(tx: Tx, some: Sequence[int] = numbers[start : start + 50]) -> None:
            place.take(tx, PLAN.fingerprint)
            for number in some:
                do(tx, number)

        store._engine.wait_for(lambda _, job=job: store._do(job))
    return time.process_time() - spent
