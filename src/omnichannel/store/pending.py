"""What a transaction writes at its end: rows that are alike in one statement, and sooner for whoever looks."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator
from functools import lru_cache

from omnichannel.store.engine import Row
from omnichannel.store.known import TABLES

_NAMES = re.compile(r"[a-z_]+")
_CHANGES = re.compile(r"\s*(?:INSERT INTO|UPDATE|DELETE FROM) ([a-z_]+)")


@lru_cache(maxsize=1024)
def named(sql: str) -> frozenset[str]:
    """The tables that a statement names; a column that is called as a table is taken for it."""
    return frozenset(_NAMES.findall(sql)).intersection(TABLES)


@lru_cache(maxsize=1024)
def changed(sql: str) -> str:
    """The table that a statement changes; empty for one that only reads."""
    found = _CHANGES.match(sql)
    return found[1] if found else ""


class Pending:
    """Rows that wait to be written, by statement: first what is added, then what is changed.

    What is changed may just have been added. Beyond that no row may depend on another of the same table, because
    nobody knows which is written first.
    """

    def __init__(self) -> None:
        self._rows: dict[str, dict[Hashable, Row]] = {}
        self._tables: set[str] = set()

    def add(self, sql: str, row: Row, key: Hashable = None) -> None:
        """Let a row wait; it takes the place of one with the same key."""
        rows = self._rows.get(sql)
        if rows is None:
            rows = self._rows[sql] = {}
            self._tables.add(changed(sql))
        rows[len(rows) if key is None else key] = row

    def concerns(self, sql: str) -> bool:
        """Whether a statement would see, or meet, something that waits."""
        return bool(self._tables) and not self._tables.isdisjoint(named(sql))

    def take(self) -> Iterator[tuple[str, list[Row]]]:
        """All that waits; it waits no longer."""
        rows = self._rows
        self.clear()
        for sql in sorted(rows, key=lambda sql: not sql.startswith("INSERT")):
            yield sql, list(rows[sql].values())

    def clear(self) -> None:
        """Nothing waits: the transaction is over."""
        self._rows, self._tables = {}, set()
