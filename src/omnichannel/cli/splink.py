"""`omnichannel identity export-splink` and `import-splink`: likeness among tens of millions, on Splink's engines."""

from __future__ import annotations

import argparse
import asyncio
import csv
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from omnichannel.cli import stores
from omnichannel.cli.records import ID, Row, destination, read_records, stream_records
from omnichannel.errors import UsageError

if TYPE_CHECKING:
    from omnichannel.app import Inbox
    from omnichannel.identity.splink import Scored
    from omnichannel.inbox.exchanging import TakenIn

SAMPLE = 20_000
"""So many records of a file, from its beginning on, give the first model; Splink trains it on all of them."""

_LEAST = {"assist": 0.5, "analytics": 0.2}
"""How probable a pair must be in a file of records, for a purpose: even, and one in five, as for `resolve`."""


def arguments(add: Callable[..., argparse.ArgumentParser]) -> None:
    """From where, and to where."""
    out = add("export-splink", help="write customers, or a file's records, for Splink to find who is alike")
    out.add_argument("folder", metavar="FOLDER", help="a new folder: it will hold personal data")
    stores.arguments(out)
    out.add_argument(
        "--records", metavar="FILE", help="the records of a file, instead of a store's customers"
    )
    out.add_argument("--drop", metavar="COLUMN", action="append", default=[], help="leave a column out")
    back = add("import-splink", help="take in which pairs Splink found to be alike, as inferred evidence")
    back.add_argument("path", metavar="PAIRS.csv", help="what score.py wrote, or Splink's predict()")
    stores.arguments(back)
    back.add_argument(
        "--model", metavar="NAME", default="", help="the model and its version, if the file is silent"
    )
    back.add_argument(
        "--instead", action="store_true", help="take back what other models of Splink's said before"
    )
    back.add_argument(
        "--records", metavar="FILE", help="the file of records that was exported, instead of a store"
    )
    back.add_argument("--out", metavar="CLUSTERS.csv", help="with --records: where to write the clusters")
    back.add_argument(
        "--purpose", choices=_LEAST, default="assist", help="with --records: how sure to be (assist)"
    )


def run(options: argparse.Namespace) -> int:
    """Export or import; 0."""
    if options.verb == "export-splink":
        told = _export_records(options) if options.records else asyncio.run(_export_store(options))
        print(f"{told}\nnow: python {options.folder}/score.py, then import-splink {options.folder}/pairs.csv")
    else:
        print(_cluster(options) if options.records else asyncio.run(_import(options)))
    return 0


# ------------------------------------------------------------------------------------------------------- export


async def _export_store(options: argparse.Namespace) -> str:
    from omnichannel.cli.splink_folder import Folder
    from omnichannel.identity.likeness.known import LAYOUT
    from omnichannel.identity.splink import Sheet
    from omnichannel.inbox import exchanging

    if options.drop:
        raise UsageError("--drop is for --records: a store has no columns")
    async with stores.inbox(options) as inbox:
        with Folder(options.folder, Sheet(LAYOUT)) as folder:
            async for page in exchanging.customers(inbox.run_job):
                for who, known in page:
                    folder.add(who, known.values)
                _progress(f"{folder.customers} customers")
            return folder.finish(await exchanging.model(inbox.run_job))


def _export_records(options: argparse.Namespace) -> str:
    from itertools import islice

    from omnichannel.cli.splink_folder import Folder
    from omnichannel.identity.resolving import resolve
    from omnichannel.identity.splink import Sheet

    headings, rows = stream_records(options.records, options.drop)
    learned = resolve(list(islice(rows, SAMPLE)), headings)
    with Folder(options.folder, Sheet(learned.table.layout)) as folder:
        _, rows = stream_records(options.records, options.drop)
        for number, row in enumerate(rows, start=1):
            folder.add(row[ID], folder.sheet.prepare(row))
            if number % SAMPLE == 0:
                _progress(f"{number} records")
        return folder.finish(learned.scorer.model)


def _progress(told: str) -> None:
    """How far it is, for whoever watches: on standard error."""
    print(told, file=sys.stderr)


# ------------------------------------------------------------------------------------------------------- import


def _pairs(path: str) -> Iterator[Scored]:
    """The pairs of a file, read as they are needed. Raises UsageError for what is none."""
    from omnichannel.identity.splink import read_pairs

    try:
        with open(path, encoding="utf-8-sig", newline="") as file:  # noqa: PTH123 - read bit by bit, however long
            yield from read_pairs(file)
    except (ValueError, FileNotFoundError, IsADirectoryError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise UsageError(f"{path}: {reason}") from None


async def _import(options: argparse.Namespace) -> str:
    from omnichannel.inbox import exchanging

    if options.out:
        raise UsageError(
            "--out is for --records: a store's customers follow from the evidence that is taken in"
        )
    async with stores.inbox(options) as inbox:
        done = await exchanging.take_in(
            inbox.run_job, _pairs(options.path), options.model, told=lambda so_far: _progress(_told(so_far))
        )
        if done.read and done.unknown == done.read:
            raise UsageError(
                f"{options.path}: nobody of it is in this workspace; import where it was exported, or --records FILE"
            )
        said = [_told(done)]
        if options.instead:
            said.append(await _withdraw(inbox, options))
        return "\n".join(said)


async def _withdraw(inbox: Inbox, options: argparse.Namespace) -> str:
    from omnichannel.inbox import exchanging

    kept = {pair.model or options.model for pair in _pairs(options.path)}
    return f"{await exchanging.withdraw(inbox.run_job, kept)} claims of other models were taken back"


def _told(done: TakenIn) -> str:
    return (
        f"{done.read} pairs: {done.written} written, {done.known} known already, {done.unlikely} too unlikely,"
        f" {done.joined} one customer already, {done.unknown} of nobody who is here and may be compared"
    )


# ------------------------------------------------------------------------------------------------ record files


def _cluster(options: argparse.Namespace) -> str:
    if not options.out:
        raise UsageError("say where to write the clusters: --out CLUSTERS.csv")
    out = destination(options.out)
    _, rows = read_records(options.records)
    clusters = _joined(rows, _pairs(options.path), _LEAST[options.purpose], options.path)
    with out.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([ID, "cluster_id"])
        writer.writerows(clusters.items())
    return f"{len(clusters)} records, {len(set(clusters.values()))} clusters"


def _joined(rows: Sequence[Row], pairs: Iterable[Scored], least: float, path: str) -> dict[str, str]:
    """For each record the first of its cluster: what pairs of at least this probability connect."""
    place = {row[ID]: number for number, row in enumerate(rows)}
    root = list(range(len(rows)))

    def find(number: int) -> int:
        while root[number] != number:
            root[number] = root[root[number]]
            number = root[number]
        return number

    for pair in pairs:
        unknown = next((end for end in (pair.one, pair.other) if end not in place), None)
        if unknown is not None:
            raise UsageError(
                f"{path}: no record has the record_id {unknown!r}; give the file that was exported"
            )
        if pair.probability >= least:
            low, high = sorted((find(place[pair.one]), find(place[pair.other])))
            root[high] = low
    return {row[ID]: rows[find(number)][ID] for number, row in enumerate(rows)}
