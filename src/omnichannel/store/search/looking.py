"""Asking the index: documents that may be what is looked for, the newest first, a statement for each way to ask."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, cast

from omnichannel.store.fulltext import Wanted
from omnichannel.store.search.documents import MESSAGE
from omnichannel.store.tx import Tx, marks

_LAST, _FURTHEST = 300, 3000
"""Docs that are walked, first and at the most, where that may save reading all that have a frequent word."""


class Reach(NamedTuple):
    """Which docs are looked through: from one on, and below another."""

    start: int
    below: int


Candidate = tuple[int, int]
"""A doc, and the number of what it is of."""


def having(tx: Tx, wanted: Wanted, reach: Reach, most: int) -> list[Candidate]:
    """What has these tokens, the newest first."""
    engine = tx.driver.full_text
    spelled = engine.spell(wanted)
    found: list[Candidate] = []
    if engine.newest:
        found, reach = _walked(tx, spelled, reach, most)
    if len(found) < most and reach.start < reach.below:
        sql = f"{engine.every} LIMIT {int(most)}"
        found += _candidates(tx, sql, spelled, tx.ws, reach.below, reach.start)
    return found[:most]


def _walked(tx: Tx, spelled: str, reach: Reach, most: int) -> tuple[list[Candidate], Reach]:
    """What stands among the last docs, and what was not walked: the more stands there, the further it is worth it."""
    found: list[Candidate] = []
    size, walked = _LAST, 0
    while size:
        row = tx.one(
            "SELECT doc FROM sought WHERE workspace = ? AND doc < ? AND doc >= ?"
            f" ORDER BY doc DESC LIMIT 1 OFFSET {size - 1}",
            tx.ws, reach.below, reach.start,
        )  # fmt: skip
        start = cast("int", row[0]) if row else reach.start
        found += _candidates(tx, tx.driver.full_text.newest, spelled, tx.ws, reach.below, start)
        reach, walked = Reach(reach.start, start), walked + size
        ahead = 2 * walked * (most - len(found)) // len(found) if found else 0
        size = ahead if row and len(found) < most and walked + ahead <= _FURTHEST else 0
    return found, reach


def any_message(tx: Tx, reach: Reach, most: int) -> list[Candidate]:
    """Every message, the newest first."""
    return _candidates(
        tx,
        f"SELECT doc, number FROM sought WHERE workspace = ? AND doc < ? AND doc >= ? AND what = {MESSAGE}"
        f" ORDER BY doc DESC LIMIT {int(most)}",
        tx.ws, reach.below, reach.start,
    )  # fmt: skip


def said_in(tx: Tx, conversations: Sequence[int], reach: Reach, most: int) -> list[Candidate]:
    """The messages of these conversations, the newest first."""
    return _candidates(
        tx,
        "SELECT s.doc, s.number FROM messages AS m JOIN sought AS s ON s.workspace = m.workspace AND s.number = m.id"
        f" WHERE m.workspace = ? AND m.conversation IN ({marks(conversations)}) AND s.doc < ? AND s.doc >= ?"
        f" ORDER BY s.doc DESC LIMIT {int(most)}",
        tx.ws, *conversations, reach.below, reach.start,
    )  # fmt: skip


def _candidates(tx: Tx, sql: str, *params: int | str) -> list[Candidate]:
    return cast("list[Candidate]", tx.all(sql, *params))


def frozen_in(tx: Tx, conversations: Sequence[int]) -> set[int]:
    """Which of these conversations are a customer's whose data are frozen."""
    rows = tx.all(
        "SELECT c.id FROM conversations AS c JOIN addresses AS a ON a.workspace = c.workspace AND a.id = c.asker"
        " JOIN addresses AS f ON f.workspace = a.workspace AND f.customer = a.customer AND f.frozen_at IS NOT NULL"
        f" WHERE c.workspace = ? AND c.id IN ({marks(conversations)})",
        tx.ws, *conversations,
    )  # fmt: skip
    return {cast("int", row[0]) for row in rows}


def cases_of(tx: Tx, conversations: Sequence[int]) -> dict[int, tuple[str, str]]:
    """Team, and the case as JSON, of those of these conversations that the desk has seen."""
    rows = tx.all(
        "SELECT conversation, team, content FROM cases"
        f" WHERE workspace = ? AND conversation IN ({marks(conversations)})",
        tx.ws, *conversations,
    )  # fmt: skip
    return {cast("int", number): (str(team), str(content)) for number, team, content in rows}
