"""What the reports on Meta's channels have in common: its signature, items in order, accessors of its objects."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path

from bench.conform import Row, rows
from bench.conform.rows import NONE, Source, Told
from omnichannel.channel import Channel, Delivery
from omnichannel.model import Event

Look = Callable[[str, list[Event], str, dict], object]
"""From an accessor, the events, the file's name and its expectations to what ours says; NONE without counterpart."""


def report(kind: type[Channel], data: Path, judge: Callable[[Source], Iterable[Row]]) -> list[Row]:
    """The rows of every source under a folder, and those of the signatures beside it; empty if there is none."""
    found = rows.report(kind, rows.sources(data.glob("*")), judge)
    return [*found, *rows.signatures(data.parent / "signatures" / "meta", partial(_takes, kind))]


def _takes(kind: type[Channel], vector: dict) -> bool:
    header = ("x-hub-signature-256", vector["signature"])
    delivery = Delivery(body=vector["body"].encode(), headers=(header,))
    return rows.admits(kind, vector["app_secret"], delivery)


def events(
    kind: type[Channel],
    source: Source,
    wanted: Callable[[object], Iterable[Told]],
    told: Callable[[Event], Told],
) -> Iterator[Row]:
    """Whether each file that has such items gives an event for each, in their order, and no others."""
    results = []
    for name, body in source.files.items():
        if stands := list(wanted(json.loads(body))):
            found = [told(event) for event in rows.read(kind, body)]
            results.append((name, "" if stands == found else f"wanted {stands}, found {found}"))
    if results:
        yield rows.row(source.name, "events", results)


def asserts(kind: type[Channel], source: Source, look: Look) -> Iterator[Row]:
    """What the source's own tests say, as far as we have a counterpart; the case is the file."""

    def judge(name: str, body: bytes, expected: dict) -> Iterator[tuple[str, object]]:
        several = rows.listed(expected)
        events = rows.read(kind, body) if several else []
        for one in several:
            found = look(one["path"], events, name, one)
            problem = rows.problem(one["op"], one.get("value"), found)
            yield name, f"{one['path']} {problem}" if problem and problem is not NONE else problem

    return rows.asserts(source, judge)
