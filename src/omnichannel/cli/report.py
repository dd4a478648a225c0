"""`omnichannel report`: what was done in a time, as a table, as CSV, as JSON, or drawn."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import get_args
from zoneinfo import ZoneInfo

from omnichannel.cli import stores
from omnichannel.cli.wire import json_line
from omnichannel.desk.reports import FIGURES, draw, to_csv
from omnichannel.errors import UsageError
from omnichannel.inbox.desk.reports import Reports
from omnichannel.model.desk import Every, Figures, Report, Whose

_SHOWN = (
    "received", "sent", "opened", "closed", "backlog", "reopened", "transfers", "first.median", "first.p90",
    "in_first.share", "resolution.median",
)  # fmt: skip


def arguments(parser: argparse.ArgumentParser) -> None:
    """Where the store is, of which time, and how it is to be shown."""
    stores.arguments(parser)
    parser.add_argument(
        "--since", metavar="DATE", required=True, help="from the beginning of this day, as 2026-03-02"
    )
    parser.add_argument("--until", metavar="DATE", help="up to, and without, this day; or up to now")
    parser.add_argument(
        "--zone", metavar="ZONE", default="UTC", help="whose days these are, as Europe/Amsterdam"
    )
    parser.add_argument(
        "--by", choices=[one for one in get_args(Whose) if one], default="", help="a row for each"
    )
    parser.add_argument(
        "--every", choices=[one for one in get_args(Every) if one], default="", help="divided in these"
    )
    for name in ("agent", "team", "kind", "account"):
        parser.add_argument(f"--{name}", metavar="NAME", default="", help=f"of this {name} only")
    parser.add_argument(
        "--csv", metavar="FILE", help="write every figure there, as CSV; - for standard output"
    )
    parser.add_argument("--svg", metavar="FILE", help="draw one figure there; - for standard output")
    parser.add_argument(
        "--figure", metavar="NAME", default="received", help="which: received, first.median, …"
    )
    parser.add_argument("--json", action="store_true", help="print the whole report as JSON")


def run(options: argparse.Namespace) -> int:
    """Make a report, after counting what changed; without a desk in the configuration, of what was counted."""
    if options.figure not in FIGURES:
        raise UsageError(f"no figure is called {options.figure!r}; there are: {', '.join(FIGURES)}")
    report = asyncio.run(_report(options))
    _write(options.csv, to_csv(report) if options.csv else "")
    _write(options.svg, draw(report, options.figure) if options.svg else "")
    if options.json:
        print(json_line(report.model_dump(mode="json")))
    elif not (options.csv or options.svg):
        print("\n".join(_table(report)))
    return 0


async def _report(options: argparse.Namespace) -> Report:
    since = _day(options.since)
    async with stores.inbox(options) as inbox:
        reports = Reports(inbox, inbox.plan)
        report = await reports.of(
            since, _day(options.until) if options.until else inbox.clock.now(),
            by=options.by, every=options.every, zone=options.zone,
            agent=options.agent, team=options.team, kind=options.kind, account=options.account,
        )  # fmt: skip
        if waiting := await reports.waiting():
            cure = "give --config with the plan of the desk, or let the application run a minute longer"
            print(f"{waiting} conversations changed since they were counted: {cure}", file=sys.stderr)
    return report


def _day(written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise UsageError(f"{written[:40]!r} is no day; write it as 2026-03-02") from None


def _write(path: str | None, text: str) -> None:
    if path == "-":
        print(text, end="")
    elif path:
        Path(path).write_text(text, encoding="utf-8", newline="")


def _table(report: Report) -> list[str]:
    """The main figures, the columns under each other."""
    heads = [name for name in ("since" if report.every else "", report.by) if name]
    rows = [[*heads, *(name.replace(".", " ").replace("_", " ") for name in _SHOWN)]]
    if heads:
        rows += [[*_named(row, report), *_values(row)] for row in report.rows]
    rows.append([*["total", ""][: len(heads)], *_values(report.total)])
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [_line(row, widths, len(heads)) for row in rows]


def _line(row: Sequence[str], widths: Sequence[int], names: int) -> str:
    cells = [
        cell.ljust(width) if place < names else cell.rjust(width)
        for place, (cell, width) in enumerate(zip(row, widths, strict=True))
    ]
    return "  ".join(cells).rstrip()


def _named(row: Figures, report: Report) -> list[str]:
    shown = row.since.astimezone(ZoneInfo(report.zone))
    at = (
        [f"{shown:%Y-%m-%d %H:%M}" if report.every == "hour" else f"{shown:%Y-%m-%d}"] if report.every else []
    )
    return [*at, *([_plain(row.name) or "-"] if report.by else [])]


def _plain(name: str) -> str:
    """A name as one line: nothing in it moves the cursor."""
    return "".join(sign if sign.isprintable() else "?" for sign in name)


def _values(row: Figures) -> list[str]:
    return [_said(FIGURES[name].of(row), FIGURES[name].unit) for name in _SHOWN]


def _said(value: float | None, unit: str) -> str:
    if value is None:
        return "-"
    if unit == "%":
        return f"{value:.0%}"
    if unit != "s":
        return f"{value:.0f}"
    minutes, seconds = divmod(round(value), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}"
