"""`omnichannel channels`: the installed kinds of channel, and what each can carry."""

from __future__ import annotations

import argparse
import json

from omnichannel.errors import UsageError
from omnichannel.model import Capabilities, TextLimit
from omnichannel.plugins import channel_class, kinds

_HEADINGS = ("KIND", "TEXT", "PRIVATE TEXT", "PUBLIC", "CARRIES OUT", "ANSWER WITHIN", "STATUSES")


def arguments(parser: argparse.ArgumentParser) -> None:
    """The form of the list."""
    parser.add_argument("--json", action="store_true", help="all that is known, as one JSON list")


def run(options: argparse.Namespace) -> int:
    """Print the list; 0 also if a kind cannot be used here, which is said in its place."""
    found = {kind: _capabilities(kind) for kind in kinds()}
    print(_list(found) if options.json else _table(found))
    return 0


def _capabilities(kind: str) -> Capabilities | str:
    """What a kind can do, or why it cannot be used."""
    try:
        return channel_class(kind).can
    except UsageError as error:
        return str(error)


def _list(found: dict[str, Capabilities | str]) -> str:
    listed = [
        {"kind": kind, "problem": can} if isinstance(can, str) else {"kind": kind, "can": _data(can)}
        for kind, can in found.items()
    ]
    return json.dumps(listed, indent=2, ensure_ascii=False)


def _data(can: Capabilities) -> dict[str, object]:
    """The capabilities with every set in order, so that the same installation prints the same."""
    dumped = can.model_dump(mode="json")
    return {
        key: sorted(value) if isinstance(getattr(can, key), frozenset) else value
        for key, value in dumped.items()
    }


def _table(found: dict[str, Capabilities | str]) -> str:
    lines = [_HEADINGS, *(_line(kind, can) for kind, can in found.items() if not isinstance(can, str))]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    table = [
        "  ".join(f"{cell:<{width}}" for cell, width in zip(line, widths, strict=True)) for line in lines
    ]
    problems = [problem for problem in found.values() if isinstance(problem, str)]
    return "\n".join([line.rstrip() for line in table] + problems)


def _line(kind: str, can: Capabilities) -> tuple[str, ...]:
    return (
        kind,
        _limit(can.text),
        _limit(can.private_text) if can.private_text else "the same" if can.private else "none",
        "yes" if can.public else "no",
        ", ".join(sorted(can.parts_out)),
        f"{can.window.hours:g} h" if can.window else "any time",
        ", ".join(sorted(can.statuses)) or "none",
    )


def _limit(limit: TextLimit) -> str:
    return f"{limit.size} {limit.measure}{', splits' if limit.splits else ''}"
