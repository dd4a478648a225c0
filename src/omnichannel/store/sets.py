"""Statements for PostgreSQL that write many rows at once: the values of each column go along as one array.

The workspace is one value for all rows, so that a database that shards by it sees to which machine they belong.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from omnichannel.store.engine import Cell, Row

_INSERT = re.compile(r"INSERT INTO (\w+) \(([^()]*)\) VALUES \(([^()]*)\)(.*)", re.DOTALL)
_UPDATE = re.compile(r"UPDATE (\w+) SET (.*) (WHERE .*)", re.DOTALL)
_EQUALS = re.compile(r"\b(\w+) = \?")

Types = Callable[[str], Mapping[str, str]]
"""The columns of a table with their types."""


class Many(NamedTuple):
    """A statement for many rows, its values by the names of the columns that they are for."""

    sql: bytes
    given: tuple[str, ...]

    def values(self, rows: Sequence[Row]) -> dict[str, Cell | list[Cell]]:
        """The rows as values of the statement."""
        columns = dict(zip(self.given, zip(*rows, strict=True), strict=True))
        return {name: cells[0] if name == _SHARED else list(cells) for name, cells in columns.items()}


_SHARED = "workspace"


def many(sql: str, types: Types) -> Many | None:
    """A statement for one row (values as `?`) as one for many; None where that cannot be said.

    Where it changes rows, no two sets of values may be about the same row.
    """
    if found := _INSERT.fullmatch(sql):
        return _insert(types, *found.groups())
    if found := _UPDATE.fullmatch(sql):
        return _update(types, *found.groups())
    return None


def _insert(types: Types, table: str, columns: str, values: str, rest: str) -> Many | None:
    pairs = list(zip(columns.split(", "), values.split(", "), strict=True))
    given = [column for column, value in pairs if value == "?"]
    told = {column: value for column, value in pairs if value != "DEFAULT"}
    if "?" in rest or given == [_SHARED]:
        return None
    chosen = ", ".join(_value(column) if value == "?" else value for column, value in told.items())
    start = f"INSERT INTO {table} ({', '.join(told)}) SELECT {chosen} FROM {_rows(given, types(table))}"
    return Many(f"{start}{rest}".encode(), tuple(given))


def _update(types: Types, table: str, changes: str, where: str) -> Many | None:
    given = _EQUALS.findall(f"{changes} {where}")
    if f"{changes} {where}".count("?") != len(given) or len(set(given)) != len(given):
        return None
    changes, where = (
        _EQUALS.sub(lambda found: f"{found[1]} = {_value(found[1])}", part) for part in (changes, where)
    )
    sql = f"UPDATE {table} SET {changes} FROM {_rows(given, types(table))} {where}"
    return Many(sql.encode(), tuple(given))


def _value(column: str) -> str:
    return "%(workspace)s::bigint" if column == _SHARED else f"rows.{column}_"


def _rows(given: Sequence[str], types: Mapping[str, str]) -> str:
    own = [column for column in given if column != _SHARED]
    arrays = ", ".join(f"%({column})s::{types[column]}[]" for column in own)
    return f"unnest({arrays}) AS rows({', '.join(f'{column}_' for column in own)})"
