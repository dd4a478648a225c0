"""Reports: what was done in a time, counted. Each word is defined in docs/explanation/reports.md, with an example."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

from pydantic import Field

from omnichannel.model.base import UtcTime, Value

Whose = Literal["", "agent", "team", "kind", "account"]
"""What a report has rows of: agents, teams, kinds of channel or accounts; "" for all together."""

Every = Literal["", "hour", "day", "week", "month"]
"""How a report divides its time, by the clock on the wall of its zone; a week begins on Monday. "": not at all."""


class Times(Value):
    """How long something took: `count` times, each by the calendar and in the working hours of its team.

    Half took no longer than the `median`, nine of ten no longer than `p90`. Both are exact, and times that really
    occurred (nearest rank): of the times in order, the one at a half or nine tenths of their number, rounded up.
    None: of nothing.
    """

    count: int = Field(default=0, ge=0)
    median: timedelta | None = None
    p90: timedelta | None = None
    working_median: timedelta | None = None
    working_p90: timedelta | None = None


class Kept(Value):
    """Promises that were decided in the time: `met`, or `missed` (counted when they were due)."""

    met: int = Field(default=0, ge=0)
    missed: int = Field(default=0, ge=0)

    @property
    def share(self) -> float | None:
        """Which share was met, 0 to 1; None where nothing was decided."""
        whole = self.met + self.missed
        return self.met / whole if whole else None


class Figures(Value):
    """One row of a report: what happened from `since` up to, and without, `until`.

    `name` is the agent, team, kind or account; empty for what is nobody's, and where a report has no `by`.

    - `received`, `sent`: messages that people wrote to us, and that we wrote, by hand or by bot. No machine's words,
      no ratings, nothing of the past that was brought in.
    - `opened`: conversations in which a customer wrote for the first time.
    - `closed`: how often conversations were closed, and not as spam. `resolution` has those in which anything was
      answered.
    - `reopened`, `transfers`: opened again after that; passed on from one agent or team to another.
    - `backlog`: conversations that were open at the end, or are now, where that is to come.
    - `switches`: the customer went on on another kind of channel in the same conversation. `repeats_avoided` of them
      while something waited for our answer: where channels are apart they would have asked it again.
    - `complaints`, `compliments`: questions, each up to its answer, that were read as one.
    - `first`, `next`: how long customers waited for the first answer, and for each one after it, by when it was
      given. `same_day`: first answers on the day of the question, in the zone of the report.
    - `resolution`: from the customer's first word (after it was closed last) until it was closed.
    - `in_first`, `in_next`, `in_resolution`, `in_window`: within target, as `Clock` has it.
    - `asked`, `rated`, `stars`: requests to rate, those that were answered, and how many gave 1, 2, 3, 4 and 5.
    """

    name: str = ""
    since: UtcTime
    until: UtcTime
    received: int = 0
    sent: int = 0
    opened: int = 0
    closed: int = 0
    reopened: int = 0
    transfers: int = 0
    backlog: int = 0
    switches: int = 0
    repeats_avoided: int = 0
    complaints: int = 0
    compliments: int = 0
    same_day: int = 0
    first: Times = Times()
    next: Times = Times()
    resolution: Times = Times()
    in_first: Kept = Kept()
    in_next: Kept = Kept()
    in_resolution: Kept = Kept()
    in_window: Kept = Kept()
    asked: int = 0
    rated: int = 0
    stars: tuple[int, int, int, int, int] = (0, 0, 0, 0, 0)


class Report(Value):
    """What was done from `since` up to, and without, `until`: `rows` by period, then by name; and the `total`.

    A name has a row in every period if it has one in any. Numbers of rows add up to the total, but for `backlog`,
    which adds up in each period: the total has the last one. Times do not add up: the total's are of all of them.
    """

    since: UtcTime
    until: UtcTime
    zone: str
    by: Whose = ""
    every: Every = ""
    rows: tuple[Figures, ...] = ()
    total: Figures
