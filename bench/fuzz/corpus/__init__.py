"""Inputs that are worth keeping: each reached something that none before it did.

One file for each target, a line for each input: a JSON string, of which each character is a byte. All of it was made
by our own mutators from our own cases.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

HERE = Path(__file__).parent

LONGEST = 2_000
"""Bytes of an input that is kept: larger ones are told better by a test."""

MOST = 100
"""Inputs of one target."""


def kept(target: str, folder: Path = HERE) -> list[bytes]:
    """The inputs of a target; none if none were kept."""
    file = _file(target, folder)
    if not file.is_file():
        return []
    return [json.loads(line).encode("latin-1") for line in file.read_text().splitlines()]


def keep(target: str, inputs: Iterable[bytes], folder: Path = HERE) -> int:
    """Keep these and no others, the shortest first; how many."""
    chosen = sorted({data for data in inputs if len(data) <= LONGEST}, key=lambda data: (len(data), data))[
        :MOST
    ]
    file = _file(target, folder)
    if chosen:
        file.write_text("".join(json.dumps(data.decode("latin-1")) + "\n" for data in chosen))
    else:
        file.unlink(missing_ok=True)
    return len(chosen)


def _file(target: str, folder: Path) -> Path:
    return folder / f"{target.replace('/', '.')}.txt"
