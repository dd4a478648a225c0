"""`omnichannel identity`: which records or events of a file are one customer's, without labels and settings."""

from __future__ import annotations

import argparse
import csv
import io
from collections.abc import Iterator
from importlib import import_module

from omnichannel.cli.records import destination, parse_records, read_text
from omnichannel.errors import UsageError
from omnichannel.identity import tables

_PURPOSES = ("disclose", "assist", "analytics")

_RIGHTS = ("export", "erase", "erase-again", "scrub", "freeze", "unfreeze", "object", "unobject")
_VERBS = {
    "explain": "explain", "review": "review", "audit": "audit", "export-splink": "splink", "import-splink": "splink",
    **dict.fromkeys(_RIGHTS, "rights"),
}  # fmt: skip
"""Verbs that have a module of their own here, made like a command's."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """What to do, and with which file."""
    verbs = parser.add_subparsers(title="verbs", metavar="VERB", dest="verb", required=True)
    resolve = verbs.add_parser("resolve", help="write record_id,cluster_id for every record")
    resolve.add_argument(
        "path",
        metavar="RECORDS.csv|EVENTS.jsonl",
        help="UTF-8: records with a heading, or events whose identifiers have strengths; - is standard input",
    )
    resolve.add_argument("--out", metavar="CLUSTERS.csv", required=True, help="where to write the clusters")
    resolve.add_argument("--purpose", choices=_PURPOSES, default="assist", help="how sure to be (assist)")
    resolve.add_argument(
        "--drop",
        metavar="COLUMN",
        action="append",
        default=[],
        help="leave a column, or a type of identifiers, out",
    )
    for module in dict.fromkeys(_VERBS.values()):
        import_module(f"omnichannel.cli.{module}").arguments(verbs.add_parser)


def run(options: argparse.Namespace) -> int:
    """Resolve a file of records or of events."""
    if options.verb in _VERBS:
        return int(import_module(f"omnichannel.cli.{_VERBS[options.verb]}").run(options))
    out, text = destination(options.out), read_text(options.path)
    pairs = list(_events(options, text) if _is_stream(text) else _people(options, text))
    made = io.StringIO()
    writer = csv.writer(made, lineterminator="\n")
    writer.writerow(["record_id", "cluster_id"])
    writer.writerows(pairs)
    out.write_text(made.getvalue(), encoding="utf-8")
    print(f"{len(pairs)} records, {len({cluster for _, cluster in pairs})} clusters")
    return 0


def _is_stream(text: str) -> bool:
    """Events: an object on the first line, or a table in which identifiers have strengths."""
    if text.lstrip().startswith("{"):
        return True
    from omnichannel.identity.resolving.events import is_event_table  # not before it is needed: it is large

    try:
        _, headings = next(tables.rows(io.StringIO(text, newline="")), (0, []))
    except ValueError:
        return False  # who reads it as records says what is wrong with it
    return is_event_table(headings)


def _events(options: argparse.Namespace, text: str) -> Iterator[tuple[str, str]]:
    from omnichannel.identity.resolving.events import read_lines, read_table, without
    from omnichannel.identity.resolving.events_resolve import resolve_events
    from omnichannel.model import Purpose

    read = read_lines if text.lstrip().startswith("{") else read_table
    try:
        events = without(read(io.StringIO(text, newline="")), options.drop)
        clusters = resolve_events(events, Purpose(options.purpose)).clusters()
    except ValueError as error:
        raise UsageError(f"{options.path}: {error}") from None
    for event in dict.fromkeys(event.id for event in events):
        yield event, clusters[event]


def _people(options: argparse.Namespace, text: str) -> Iterator[tuple[str, str]]:
    headings, rows = parse_records(options.path, text, options.drop)
    from omnichannel.identity.resolving import resolve  # not before it is needed: it is large

    clusters = resolve(rows, headings).clusters(options.purpose)
    ids = [row[headings[0]] for row in rows]
    for record, cluster in zip(ids, clusters, strict=True):
        yield record, ids[cluster]
