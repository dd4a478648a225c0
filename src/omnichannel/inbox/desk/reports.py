"""`inbox.desk.reports`: what was done in a time, counted."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from omnichannel.clock import micros
from omnichannel.desk.plan import Plan
from omnichannel.desk.reports import divide, moment_of, zone_of
from omnichannel.inbox.desk.counting import count, work_anew
from omnichannel.inbox.desk.reporting import Asked, report
from omnichannel.model.desk import Every, Report, Whose
from omnichannel.store.desk import counts

if TYPE_CHECKING:
    from omnichannel.inbox.base import Base

_PAGE = 2000


class Reports:
    """Reports of what the desk has seen. Each word in them is defined in `Figures`."""

    def __init__(self, inbox: Base, plan: Plan | None) -> None:
        self._inbox = inbox
        self._plan = plan

    async def of(
        self,
        since: date | datetime,
        until: date | datetime,
        *,
        by: Whose = "",
        every: Every = "",
        zone: str = "UTC",
        agent: str = "",
        team: str = "",
        kind: str = "",
        account: str = "",
    ) -> Report:
        """What was done from `since` up to, and without, `until`: a date is its beginning in the `zone`.

        A row for each name (`by`) in each period (`every`), of one agent, team, kind of channel or account only.
        What changed since it was counted last is counted first, so that the figures are those of now, in the plan's
        working hours of now; on an old store that was never counted this takes a while (`waiting`). Raises
        UsageError for a time that is none, or has more than 10,000 days, or hours where they are asked for.
        """
        place = zone_of(zone)
        pieces = divide(moment_of(since, place), moment_of(until, place), every, place)
        columns = {"agent": agent, "team": team, "kind": kind, "account": account}
        asked = Asked(pieces, zone, by, every, columns)
        await self._bring_up(micros(pieces[0].since), micros(pieces[-1].until))
        return await self._inbox.run_job(lambda tx: report(tx, asked))

    async def waiting(self) -> int:
        """How many conversations changed since they were counted last; a report counts them first."""
        return await self._inbox.run_job(counts.how_many_wait)

    async def _bring_up(self, since: int, until: int) -> None:
        """Count what waits; and the working time in this time where it was counted in other hours than the plan's."""
        plan = self._plan
        if plan is None:
            return
        now = micros(self._inbox.clock.now())  # what goes on meanwhile is not waited for
        while await self._inbox.run_job(lambda tx: count(tx, plan, now)):
            pass
        while await self._inbox.run_job(lambda tx: work_anew(tx, plan, since, until, _PAGE)):
            pass
