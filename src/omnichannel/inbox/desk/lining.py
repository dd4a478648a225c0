"""The queues of some teams as one, in order; of it no more is read than is looked at."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from datetime import datetime
from heapq import heapify, heappop, heapreplace
from typing import Self

from omnichannel.clock import micros
from omnichannel.desk.plan import Plan
from omnichannel.store import Tx
from omnichannel.store.desk import lines
from omnichannel.store.desk.cases import Waiting
from omnichannel.store.desk.lines import Line

_PAGE = 100
"""Of a line so many are read at a time: few at first, since most of them are passed over."""


def over_to(plan: Plan, team: str) -> list[str]:
    """The teams to which a team's cases fly over."""
    known = plan.team(team)
    return [over.to for over in known.overflow] if known else []


class Queue:
    """Everything that waits for some teams, the earliest first; what is alike can be passed over at once."""

    def __init__(self, tx: Tx, plan: Plan, now: datetime, teams: Sequence[str]) -> None:
        self._plan, self._now = plan, now
        heads = lines.heads(tx, teams)
        # By number, no two are the same: lines are never compared.
        self._first = [(one.rank, one.number, _Line(tx, line, one)) for line, one in heads]
        heapify(self._first)
        self._begun = False

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> Waiting:
        if self._begun and self._first:
            self._go_on()
        self._begun = True
        if not self._first:
            raise StopIteration
        return self._first[0][2].now

    def _go_on(self) -> None:
        line = self._first[0][2]
        following = line.step()
        if following is None:
            heappop(self._first)
        else:
            heapreplace(self._first, (following.rank, following.number, line))

    def pass_over(self) -> None:
        """Go on, in the line of the last one, where a case asks something else: where it has not flown over as far.

        A line's cases ask for the same but for that, and whoever waits longer has flown farther. Waiting also eases
        what is asked (`easing`): whoever stands behind asks no less of anybody.
        """
        line = self._first[0][2]
        queued_at = line.now.case.queued_at
        if not line.line.asks or queued_at is None:
            return
        team = self._plan.team(line.line.team)
        flown = [self._now - over.after for over in team.overflow] if team else []
        until = min((one for one in flown if one >= queued_at), default=None)
        # A priority's head start is the same for the whole line.
        line.skip(None if until is None else line.now.rank + micros(until) - micros(queued_at))


class _Line:
    """A line, read a little at a time."""

    def __init__(self, tx: Tx, line: Line, first: Waiting) -> None:
        self.line, self.now = line, first
        self._tx = tx
        self._read: deque[Waiting] = deque()
        self._most = 1
        self._at, self._ended = (first.rank, first.number), False

    def skip(self, rank: int | None) -> None:
        """Go on behind everything up to a place; None: nobody is behind it."""
        if rank is None:
            self._read.clear()
            self._ended = True
            return
        while self._read and self._read[0].rank <= rank:
            self._read.popleft()
        if not self._read:
            self._at = max(self._at, (rank, 1 << 62))

    def step(self) -> Waiting | None:
        """The next one; None at the end."""
        if not self._read and not self._ended:
            self._most = min(_PAGE, self._most * 4)
            self._read.extend(lines.behind(self._tx, self.line, *self._at, self._most))
            self._ended = len(self._read) < self._most
            if self._read:
                self._at = (self._read[-1].rank, self._read[-1].number)
        if not self._read:
            return None
        self.now = self._read.popleft()
        return self.now
