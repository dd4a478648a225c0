"""One thing after the other, page by page: each page is one commit, with how far the walk has come."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from typing import TYPE_CHECKING, get_args

from omnichannel.clock import moment
from omnichannel.desk.retention import Aged, Limits, Retention
from omnichannel.inbox.desk.alone import take_desk
from omnichannel.inbox.retention.going import Looking, look, still
from omnichannel.inbox.retention.leaving import Leaving, leave
from omnichannel.inbox.rules import span
from omnichannel.model import Gone
from omnichannel.store import Tx, ageing, records
from omnichannel.store.ageing import Item, Walk
from omnichannel.store.search import progress

if TYPE_CHECKING:
    from omnichannel.inbox.base import Base

STAGES: tuple[Aged, ...] = get_args(Aged)
_AGAIN = span(timedelta(days=1))
_DAY = span(timedelta(days=1))
_FIRST = date(1970, 1, 1)

Counts = Counter[tuple[Aged, str, int]]
"""How much goes of what, of which account, of which day (counted from 1970)."""


class Walker:
    """Walks through everything of an inbox that can be old."""

    def __init__(self, inbox: Base, retention: Retention) -> None:
        self._inbox = inbox
        self._retention = retention
        self._kinds = {channel.name: channel.kind for channel in inbox.channels.values()}

    def _looking(self, began: int) -> Looking:
        limits = Limits(self._retention, moment(began), self._kinds)
        return Looking(self._inbox.channels, limits, limits.happenings(self._inbox.rules.keep_events))

    def count(self, tx: Tx, walk: Walk) -> tuple[Counts, Walk | None]:
        """How much goes of the next page, of which nothing is taken; and where to go on, None at the end."""
        what = STAGES[walk.stage]
        page = look(tx, self._looking(walk.began), what, walk.after)
        return _of(what, page.going), _next(walk, page.after)

    def take(self, tx: Tx, *, now: bool) -> tuple[Counts, bool]:
        """Let go what is old of the next page; how much, and whether there is more to look at.

        `now`: even if the last walk ended today.
        """
        take_desk(tx, self._inbox)
        progress.hold(tx)  # nothing that goes is taken into the index meanwhile
        walk = ageing.take(tx)
        if not walk.began:
            if walk.ended and not now and tx.now() - walk.ended < _AGAIN:
                return Counter(), False
            walk = Walk(tx.now(), 0)
        what = STAGES[walk.stage]
        page = look(tx, self._looking(walk.began), what, walk.after)
        going = still(tx, what, page.going)
        leave(tx, Leaving(self._inbox.channels, self._inbox.access_rules.secrets), what, going)
        found = _of(what, going)
        if found:
            ageing.write_down(tx, tx.now() // _DAY, ((*key, count) for key, count in sorted(found.items())))
        walk = walk._replace(went=walk.went + len(going))
        further = _next(walk, page.after)
        if further is None and walk.went:  # at the end: what is told meanwhile would be the newest happening
            records.happened(tx, "retention.applied", detail={"count": str(walk.went)})
        ageing.go_on(tx, further or Walk(0, 0, ended=tx.now()))
        return found, further is not None


def _next(walk: Walk, after: int | None) -> Walk | None:
    if after is not None:
        return walk._replace(after=after)
    return walk._replace(stage=walk.stage + 1, after=0) if walk.stage + 1 < len(STAGES) else None


def _of(what: Aged, going: Iterable[Item]) -> Counts:
    return Counter((what, item.account, item.at // _DAY) for item in going)


def gone(counts: Counts) -> list[Gone]:
    """What went, or would, in order."""
    return [
        Gone(what=what, account=account, day=_FIRST + timedelta(days=day), count=count)
        for (what, account, day), count in sorted(counts.items(), key=_order)
    ]


def _order(one: tuple[tuple[Aged, str, int], int]) -> tuple[int, str, int]:
    (what, account, day), _ = one
    return STAGES.index(what), account, day


def went(tx: Tx, since: int) -> list[Gone]:
    """What was written down from a moment on, by the day on which it went."""
    return [
        Gone(
            what=what, account=account, day=_FIRST + timedelta(days=day), count=count,
            went_on=_FIRST + timedelta(days=went_on),
        )
        for went_on, what, account, day, count in ageing.written_down(tx, since // _DAY)
    ]  # fmt: skip
