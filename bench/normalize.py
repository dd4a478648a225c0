"""`python -m bench normalize [KIND …]`: every kind of channel reads every recorded file; none may break it.

A file of its own platform gives events, a stranger's file a clear refusal; an exception is neither. `own` counts
the files that were recorded for that kind, and how many of their events cannot be read: bodies that are damaged
on purpose are among them, and `conform` judges the meaning of the others.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from omnichannel.channel import Channel
from omnichannel.cli.normalize import rows
from omnichannel.plugins import channel_class, kinds

DATA = Path(__file__).parents[1].parent / "shared" / "data"

OWN = {
    "email": ("email",),
    "facebook": ("facebook",),
    "http": ("signatures/standard-webhooks",),
    "instagram": ("instagram",),
    "line": ("line",),
    "messenger": ("facebook",),
    "sms": ("twilio", "sms"),
    "telegram": ("telegram",),
    "voice": ("twilio",),
    "whatsapp": ("whatsapp",),
    "x": ("x-twitter",),
}
"""The folders that hold what was recorded for a kind."""

EXAMPLES = ("line",)
"""Kinds of a package that stands in this repository and is somebody else's."""

_NOT_PAYLOADS = ("MANIFEST.tsv", "README.md", "expected.json")


class Read(NamedTuple):
    """What one kind made of the files."""

    kind: str
    files: int
    broken: tuple[str, ...]
    own: int
    events: int
    unreadable: tuple[str, ...]
    seconds: float


def channel_of(kind: str) -> Channel:
    """A channel of a kind that is installed, or of the example of somebody else's, which need not be."""
    if kind in EXAMPLES and kind not in kinds():
        from bench.conform import line

        return line.kind().bare()
    return channel_class(kind).bare()


def read(kind: str, data: Path = DATA) -> Read:
    """Let one kind read every file below a folder."""
    channel, started = channel_of(kind), time.perf_counter()
    broken: list[str] = []
    unreadable: list[str] = []
    files = own = events = 0
    for path in sorted(data.rglob("*")):
        if not path.is_file() or path.name in _NOT_PAYLOADS:
            continue
        files += 1
        where = str(path.relative_to(data))
        found = _rows(channel, path)
        if found is None:
            broken.append(where)
        elif where.startswith(tuple(f"{folder}/" for folder in OWN.get(kind, ()))):
            own += 1
            events += len(found)
            unreadable += [f"{where}: {reason}" for reason in found if reason]
    seconds = time.perf_counter() - started
    return Read(kind, files, tuple(broken), own, events, tuple(unreadable), seconds)


def _rows(channel: Channel, path: Path) -> list[str] | None:
    """For each event why it cannot be read, empty if it can; None if the channel broke."""
    try:
        found = list(rows(channel, str(path)))
    except Exception:
        return None
    reasons = [str(row["reason"]) if row["event"] == "malformed" else "" for row in found]
    return None if any("a mistake of the channel's" in reason for reason in reasons) else reasons


def main(argv: Sequence[str]) -> int:
    """Print a line for each kind; 1 if one of them broke, or there was nothing to read."""
    wanted = [word for word in argv if not word.startswith("-")] or sorted({*kinds(), *EXAMPLES})
    print(
        f"{'kind':<10} {'files':>6} {'broken':>6} {'own':>5} {'events':>6} {'unreadable':>10} {'seconds':>8}"
    )
    failed = False
    for kind in wanted:
        found = read(kind)
        print(
            f"{kind:<10} {found.files:>6} {len(found.broken):>6} {found.own:>5} {found.events:>6}"
            f" {len(found.unreadable):>10} {found.seconds:>8.1f}"
        )
        failed |= bool(found.broken) or not found.files
        if "--unreadable" in argv:
            print("\n".join(f"    {line[:200]}" for line in (*found.broken, *found.unreadable)))
    print("\nsomething broke" if failed else "\nno exception")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
