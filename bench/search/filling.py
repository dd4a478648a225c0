"""Messages to be searched: words as often as words are used (Zipf), a number of its own in each, on either engine."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from itertools import accumulate, islice

from omnichannel.clock import SystemClock
from omnichannel.store import Store, Tx

EACH = 20
"""Messages of each person, all in one conversation."""

LENGTH = 20
"""Words of a message."""

_WORDS = 50_000
_FIRST = 120_000_000_000 << 22  # ids of the year 2023, a millisecond apart
_AT = 1_697_836_800_000_000
_BATCH = 2000
_SOUNDS = (
    "ka",
    "lo",
    "mi",
    "ne",
    "ru",
    "sa",
    "to",
    "vi",
    "we",
    "zu",
    "bar",
    "den",
    "fel",
    "gos",
    "hin",
    "pur",
)


def word(rank: int) -> str:
    """A word for each rank of frequency; none is a part of another, so that a scan finds the same."""
    found, rest = "", rank
    while rest or not found:
        rest, sound = divmod(rest, len(_SOUNDS))
        found += _SOUNDS[sound]
    return f"x{found}q"


VOCABULARY = [word(rank) for rank in range(_WORDS)]
_OFTEN = list(accumulate(1 / (rank + 1) for rank in range(_WORDS)))


def order(number: int) -> str:
    """What stands in one message alone."""
    return f"order{number:09d}"


def text(number: int) -> str:
    """What message so many says: the same in every run."""
    said = random.Random(number).choices(VOCABULARY, cum_weights=_OFTEN, k=LENGTH)
    return f"{' '.join(said)} {order(number)}"


_COLUMNS = {
    "addresses": "id, kind, scope, value, name, written, strength, method, customer, first_seen",
    "conversations": "id, subject, status, assignee, asker, opened_at, last_at, seq",
    "participants": "address, conversation",
    "messages": "conversation, seq, id, account, kind, direction, public, peer, agent, strength, sent_at,"
    " received_at, external_id, delivery, because, content",
}


def fill(url: str, messages: int) -> None:
    """Make a store with so many messages, without what receiving and reading them leaves besides."""
    rows = {
        "addresses": _people(messages),
        "conversations": _talks(messages),
        "participants": ((one, one + 2) for one, _ in _each(messages)),
        "messages": _said(messages),
    }
    store = Store(url, "default", SystemClock())
    try:
        for table, columns in _COLUMNS.items():
            _insert(store, table, columns, rows[table])
    finally:
        store.close()


def _insert(store: Store, table: str, columns: str, rows: Iterator[Sequence[int | str | None]]) -> None:
    marks = ", ".join("?" * (columns.count(",") + 2))
    sql = f"INSERT INTO {table} (workspace, {columns}) VALUES ({marks})"
    while some := list(islice(rows, _BATCH)):

        def job(tx: Tx, some: list[Sequence[int | str | None]] = some) -> None:
            tx.each(sql, [(tx.ws, *row) for row in some])

        store._engine.wait_for(lambda _, job=job: store._do(job))


def _each(messages: int) -> Iterator[tuple[int, int]]:
    """Each person's number and the moment when they first wrote."""
    return ((_FIRST + (one << 22), _AT + one * EACH * 1000) for one in range(max(1, messages // EACH)))


def _people(messages: int) -> Iterator[Sequence[int | str | None]]:
    for number, (one, at) in enumerate(_each(messages)):
        yield (
            one,
            "messenger",
            "page",
            f"{7_000_000 + number}",
            word(number),
            "",
            "verified",
            "platform_id",
            one,
            at,
        )


def _talks(messages: int) -> Iterator[Sequence[int | str | None]]:
    for one, at in _each(messages):
        yield one + 2, "", 0, "", one, at, at + EACH * 1000, EACH


def _said(messages: int) -> Iterator[Sequence[int | str | None]]:
    for number, (one, at) in enumerate(_each(messages)):
        for seq in range(1, EACH + 1):
            count = number * EACH + seq
            content = json.dumps({"parts": [{"type": "text", "text": text(count)}]}, separators=(",", ":"))
            account = "page" if count % 10 else "shop"
            yield (
                one + 2, seq, one + 16 * seq, account, "messenger", 0, 0, one, "", "verified", at + seq * 1000,
                at + seq * 1000, f"m{count}", None, "", content,
            )  # fmt: skip
