"""A report as a table of comma-separated values, which does nothing where it is opened."""

from __future__ import annotations

import csv
import io
import re
from datetime import datetime
from zoneinfo import ZoneInfo

from omnichannel.desk.reports.figures import FIGURES, Unit
from omnichannel.model.desk import Report

_CALCULATES = re.compile(r"\s*[=@\-+＝＠－＋]|[\t\r\n]")
_NUMBER = re.compile(r"\+\d+")
_UNITS: dict[Unit, str] = {"": "", "s": " seconds", "%": ""}


def tame(cell: str) -> str:
    """A cell that no spreadsheet carries out, should somebody open the table in one; numbers stay as they are.

    What is equal stays equal, so that records are compared as before. Every break of a line is a newline, because
    a carriage return alone is not quoted, and would begin a row of its own.
    """
    plain = cell.replace("\r\n", "\n").replace("\r", "\n")
    return f"'{plain}" if _CALCULATES.match(plain) and not _NUMBER.fullmatch(plain) else plain


def to_csv(report: Report) -> str:
    """The rows of a report and then its total, with a line of headings, as RFC 4180 has it (but for single newlines).

    Times are seconds, shares go from 0 to 1; a cell is empty where there is nothing to tell. `since` and `until` are
    ISO 8601 in the report's zone. Names that a spreadsheet would calculate begin with an apostrophe.
    """
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    zone = ZoneInfo(report.zone)
    figures = {f"{name.replace('.', ' ')}{_UNITS[one.unit]}": one for name, one in FIGURES.items()}
    writer.writerow(["row", "since", "until", report.by or "name", *figures])
    for kind, row in [*(("part", row) for row in report.rows), ("total", report.total)]:
        times = (_shown(moment, zone) for moment in (row.since, row.until))
        writer.writerow([kind, *times, tame(row.name), *(_cell(one.of(row)) for one in figures.values())])
    return written.getvalue()


def _shown(moment: datetime, zone: ZoneInfo) -> str:
    return moment.astimezone(zone).isoformat()


def _cell(value: float | None) -> str:
    return "" if value is None else f"{value:.6f}".rstrip("0").rstrip(".")
