"""How often a program may answer somebody: where every loop between two machines ends, whatever either says it is.

Machines that say so are never answered by program (`automatic`). Many do not say so; those are found by counting.
"""

from __future__ import annotations

from datetime import timedelta

from omnichannel.errors import Unsupported
from omnichannel.inbox.rules import span
from omnichannel.store import Tx, pace

_DAY = span(timedelta(days=1))


def check(tx: Tx, address: int, most: int) -> None:
    """Raise Unsupported if somebody was given as many automatic answers in a day as they may be; 0: any number."""
    if most and pace.answered(tx, address, tx.now() - _DAY) >= most:
        raise Unsupported(
            f"they were given {most} automatic answers within a day, and may be a machine too: let a person answer "
            "(automatic=False), or raise Rules.automatic_mails"
        )


def count(tx: Tx, address: int, most: int) -> None:
    """Count one more, where there is a limit. Raises Unsupported as `check` does."""
    check(tx, address, most)
    if most:
        pace.count(tx, address, tx.now() - _DAY)
