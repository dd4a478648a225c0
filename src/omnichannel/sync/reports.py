"""Parts of the inbox without `await`. Made by `python tools/sync.py` from their namesakes."""

from __future__ import annotations

from datetime import date, datetime

from omnichannel.inbox.desk.reports import Reports
from omnichannel.model.desk import Every, Report, Whose
from omnichannel.sync.waiting import Wait


class SyncReports:
    """`inbox.desk.reports` without `await`."""

    def __init__(self, wait: Wait, of: Reports) -> None:
        self._wait = wait
        self._of = of

    def of(
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
        """What was done from `since` up to, and without, `until`: a date is its beginning in the `zone`."""
        return self._wait(
            self._of.of(
                since,
                until,
                by=by,
                every=every,
                zone=zone,
                agent=agent,
                team=team,
                kind=kind,
                account=account,
            )
        )

    def waiting(self) -> int:
        """How many conversations changed since they were counted last."""
        return self._wait(self._of.waiting())
