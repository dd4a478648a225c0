"""Files of records: UTF-8, comma-separated, with a heading, one column of which holds the records' ids."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path

from omnichannel.cli.wire import read
from omnichannel.errors import UsageError
from omnichannel.identity import tables

ID = "record_id"

Row = dict[str, str]


def read_text(path: str) -> str:
    """A file as text; raises UsageError where it is not UTF-8."""
    try:
        return read(path).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"{path}: not UTF-8 at byte {error.start}; save it as UTF-8") from None


def read_records(path: str, drop: Sequence[str] = ()) -> tuple[list[str], list[Row]]:
    """The headings that are kept, the one with the records' ids first, and the rows by them."""
    return parse_records(path, read_text(path), drop)


def parse_records(path: str, text: str, drop: Sequence[str] = ()) -> tuple[list[str], list[Row]]:
    """The same of a text; `path` is what errors call it."""
    kept, rows = _rows(path, io.StringIO(text, newline=""), drop)
    found = list(rows)
    if len({row[ID] for row in found}) != len(found):
        raise UsageError(f"{path}: two records have one {ID}; give each its own")
    return kept, found


def destination(path: str) -> Path:
    """Where something is to be written: checked before anything is done. Raises UsageError."""
    out = Path(path)
    if not out.absolute().parent.is_dir():
        raise UsageError(f"{path}: the folder that it is to stand in is not there; make it first")
    return out


def stream_records(path: str, drop: Sequence[str] = ()) -> tuple[list[str], Iterator[Row]]:
    """The same of a file of any length, row by row. That no two records have one id is not looked into."""
    try:
        lines = _lines(path)
        first = next(lines, "")
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}") from None
    return _rows(path, chain([first], lines), drop)


def _lines(path: str) -> Iterator[str]:
    try:
        with open(path, encoding="utf-8-sig", newline="") as file:  # noqa: PTH123 - read bit by bit, however long
            yield from file
    except UnicodeDecodeError:
        raise UsageError(f"{path}: not UTF-8; save it as UTF-8") from None


def _rows(path: str, text: Iterable[str], drop: Sequence[str]) -> tuple[list[str], Iterator[Row]]:
    lines = _told(path, tables.rows(text))
    _, headings = next(lines, (0, []))
    if ID not in headings:
        raise UsageError(f"{path}: no column is called {ID}; name the column of the ids so")
    unknown = set(drop) - set(headings)
    if unknown:
        raise UsageError(f"{path}: no column is called {min(unknown)}; there are {', '.join(headings)}")
    if len(set(headings)) != len(headings):
        raise UsageError(f"{path}: two columns have one heading; give each its own")
    kept = [ID, *(heading for heading in headings if heading not in {ID, *drop})]
    return kept, (
        {heading: row[heading] for heading in kept}
        for line, cells in lines
        if cells
        for row in (_row(path, line, headings, cells),)
    )


def _told(path: str, rows: Iterator[tuple[int, list[str]]]) -> Iterator[tuple[int, list[str]]]:
    """The same rows; what is no table is told with the name of its file."""
    try:
        yield from rows
    except ValueError as error:
        raise UsageError(f"{path}: {error}") from None


def _row(path: str, line: int, headings: Sequence[str], cells: Sequence[str]) -> Row:
    if len(cells) != len(headings):
        raise UsageError(
            f"{path}: line {line} has {len(cells)} cells, the heading {len(headings)}; mend that line"
        )
    return dict(zip(headings, cells, strict=True))
