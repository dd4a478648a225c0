"""What a team may take, in order: what waits for it, and what waited too long for another one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from heapq import merge

from omnichannel.desk.plan import Plan
from omnichannel.desk.queueing import teams_for
from omnichannel.store import Tx
from omnichannel.store.desk import cases
from omnichannel.store.desk.cases import Waiting


def queue(tx: Tx, plan: Plan, team: str, now: datetime) -> Iterator[Waiting]:
    """What waits that a team's agents may take by now, the next one first."""
    others = [
        one.name for one in plan.teams if one.name != team and any(over.to == team for over in one.overflow)
    ]
    flown = (_flown(tx, plan, other, team, now) for other in others)
    return merge(cases.waiting(tx, team), *flown, key=lambda one: (one.rank, one.number))


def _flown(tx: Tx, plan: Plan, team: str, to: str, now: datetime) -> Iterator[Waiting]:
    return (one for one in cases.waiting(tx, team) if to in teams_for(one.case, plan, now))
