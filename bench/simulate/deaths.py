"""Where a process dies, or stands still: spelled so that a person can say it, and a failure can repeat it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

When = Literal["before", "inside", "stall"]

ON_DISK = ("write", "sync", "truncate", "delete", "commit", "committed")
"""Boundaries between a process and its disk; all that a group of jobs crosses, it crosses in one step of the loop."""

OUTSIDE = ("send", "sent", "answer", "answered", "handle", "fetch", "ask", "told")
"""Boundaries between a process and others. A call is `sent` once its answer is in hand."""

INSIDE = ("write", "sync", "send")
"""Boundaries with a middle: half a write, some of a sync, a call that is on its way."""


STALLS = ("begin", "committed", *OUTSIDE)
"""Boundaries where a process may stand still: `begin` is before a group of jobs. Within one it has the store's lock,
so that nobody can do anything meanwhile that would not be done before or after."""

STILL = 12
"""Seconds for which it does: longer than any lease, and than it takes others to find that it is over."""


@dataclass(frozen=True)
class Kill:
    """A death: the process dies at the nth crossing of a boundary; with `power`, so does the whole machine.

    `fate` chooses among the ways in which a power cut leaves what was not synced. `stall` is no death: the process
    stands still there as a whole for `fate` seconds, while everything around it goes on, and knows nothing of it.
    """

    what: str
    when: When
    nth: int
    power: bool
    fate: int = 0

    def __str__(self) -> str:
        more = f" power {self.fate}" if self.power else f" for {self.fate}" if self.when == "stall" else ""
        return f"{self.what} {self.when} {self.nth}{more}"


_SPELLED = re.compile(r"(\w+) (?:(before|inside) (\d+)(?: power (\d+))?|stall (\d+) for (\d+))")


def spelled(kills: Sequence[Kill | None]) -> str:
    """Deaths of one process after another, as `--die` takes them; `-` for one that lives on."""
    return ", ".join(str(kill or "-") for kill in kills)


def read(text: str) -> tuple[Kill | None, ...]:
    """What `spelled` wrote; raises ValueError for anything else."""
    return tuple(_one(piece.strip()) for piece in text.split(",") if piece.strip())


def _one(text: str) -> Kill | None:
    if text == "-":
        return None
    found = _SPELLED.fullmatch(text)
    if not found or found[1] not in ((*ON_DISK, *OUTSIDE) if found[2] else STALLS):
        raise ValueError(
            f"{text!r} is no death; say 'write before 17', 'send inside 1 power 2', 'begin stall 3 for 12', or '-'"
        )
    if not found[2]:
        return Kill(found[1], "stall", int(found[5]), power=False, fate=int(found[6]))
    when: When = "inside" if found[2] == "inside" else "before"
    return Kill(found[1], when, int(found[3]), found[4] is not None, int(found[4] or 0))
