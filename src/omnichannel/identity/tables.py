"""Tables as text (CSV), read so that what is none is told with its line."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator


def rows(lines: Iterable[str]) -> Iterator[tuple[int, list[str]]]:
    """The cells of each row, with the number of the line where it ends. Raises ValueError for what is no CSV."""
    reader = csv.reader(lines)
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise ValueError(f"line {reader.line_num} is no CSV: {error}; mend that line") from None
        yield reader.line_num, cells
