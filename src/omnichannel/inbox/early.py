"""Updates that are faster than what they are about: they wait for it, so long and so many, and then it is said.

Nothing is lost with them: the delivery that brought one is kept, and can be read again.
"""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from omnichannel.inbox.rules import span
from omnichannel.model import Updated
from omnichannel.store import Tx, externals, records

LONGEST = span(timedelta(days=7))
"""Platforms redeliver for so long at most: what has not come by then, comes no more."""

MOST = 10_000
"""Updates that wait on one account."""

_AT_ONCE = MOST // 10  # let go together, so that a flood does not count them anew for each


def keep(tx: Tx, account: str, target: str, event: Updated) -> None:
    """Let an update wait for its message; where too many wait on this account, the oldest give way."""
    if externals.count_early(tx, account) >= MOST:
        _told(tx, externals.drop_oldest_early(tx, account, _AT_ONCE), "too many wait")
    externals.keep_early(tx, account, target, event)


def expire(tx: Tx) -> None:
    """Let go of those whose message did not come in time."""
    _told(tx, externals.drop_early_before(tx, tx.now() - LONGEST), "their message did not come within 7 days")


def _told(tx: Tx, dropped: list[tuple[str, Updated]], because: str) -> None:
    """One happening for each account and kind, however many there were."""
    counts = Counter((account, event.kind) for account, event in dropped)
    for (account, kind), number in sorted(counts.items()):
        detail = {"account": account, "kind": kind, "number": str(number), "because": because}
        records.happened(tx, "update.dropped", detail=detail)
