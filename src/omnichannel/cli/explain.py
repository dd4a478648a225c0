"""`omnichannel identity explain`: why two are one customer, or not: addresses of a store, or records of a file."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from omnichannel.cli import records, stores, waterfalls
from omnichannel.errors import UsageError
from omnichannel.model import Likeness, Purpose, Weight


def arguments(add: Callable[..., argparse.ArgumentParser]) -> None:
    """Which two, and where they are."""
    parser = add("explain", help="say why two are one customer, or are not")
    parser.add_argument("one", metavar="ONE", help="an address as kind:scope:value, or with --records an id")
    parser.add_argument("other", metavar="OTHER", help="the other one")
    stores.arguments(parser)
    parser.add_argument(
        "--purpose",
        choices=[purpose.value for purpose in Purpose],
        default="disclose",
        help="what for (disclose)",
    )
    parser.add_argument(
        "--records", metavar="FILE", help="two records of a file, instead of a store's addresses"
    )
    parser.add_argument("--drop", metavar="COLUMN", action="append", default=[], help="leave a column out")
    parser.add_argument("--svg", metavar="FILE", help="write the weights as a picture, too")


def run(options: argparse.Namespace) -> int:
    """Explain; 0."""
    said, likeness = _records(options) if options.records else _addresses(options)
    if len(likeness.weights) > 1:  # more than what was so before anything was compared
        said += waterfalls.lines(likeness.weights)
        said.append(f"one customer with probability {likeness.probability:.4f} by likeness alone")
    elif not said or options.svg:
        raise UsageError("nothing is known of both that could be compared: there are no weights to show")
    print("\n".join(said))
    if options.svg:
        waterfalls.write_picture(options.svg, likeness.weights, likeness.odds, likeness.probability)
    return 0


def _addresses(options: argparse.Namespace) -> tuple[list[str], Likeness]:
    one, other = stores.address(options.one), stores.address(options.other)
    with stores.inbox(options).sync() as box:
        said = box.identity.explain(one, other, purpose=Purpose(options.purpose))
        return [waterfalls.plain(line) for line in said], box.identity.likeness(one, other)


def _records(options: argparse.Namespace) -> tuple[list[str], Likeness]:
    headings, rows = records.read_records(options.records, options.drop)
    places = {row[headings[0]]: place for place, row in enumerate(rows)}
    for wanted in (options.one, options.other):
        if wanted not in places:
            raise UsageError(f"{options.records}: no record has the record_id {wanted!r}")
    from omnichannel.identity.resolving import resolve  # not before it is needed: it is large

    found = resolve(rows, headings).explain(places[options.one], places[options.other])
    weights = tuple(
        Weight(field=step.field, says=step.says, bits=round(step.bits, 2)) for step in found.steps
    )
    return [], Likeness(probability=found.probability, odds=round(found.odds, 2), weights=weights)
