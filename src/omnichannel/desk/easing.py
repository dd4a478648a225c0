"""What a case asks of whoever takes it, by now: less where nobody could ever take it; and why it still waits.

A skill that somebody has is waited for, however long they are away: whoever wrote the rule may mean it so. One that
nobody has is no reason to wait for ever, and a language is not one for longer than a while.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from omnichannel.desk.assigning import Wanted, missing, skills, speaks
from omnichannel.desk.clocks.wording import length
from omnichannel.desk.clocks.wording import moment as at
from omnichannel.desk.plan import Plan
from omnichannel.desk.queueing import language_until, needs_until, teams_for
from omnichannel.desk.queueing import weight as weight_of
from omnichannel.model import Agent
from omnichannel.model.desk import Case


class Staff(NamedTuple):
    """The people who take anything, and the names of those who are there."""

    people: Sequence[Agent]
    there: frozenset[str]

    @classmethod
    def of(cls, everybody: Sequence[Agent], there: frozenset[str]) -> Staff:
        """Of everybody who answers; a bot is given nothing that waits, nor is who takes nothing."""
        return cls([one for one in everybody if one.role == "person" and one.capacity > 0], there)

    def within(self, teams: Sequence[str]) -> Staff:
        """Those of some teams ("" for everybody)."""
        if "" in teams:
            return self
        return self._replace(people=[one for one in self.people if set(teams) & set(one.teams)])


def wanted(case: Case, plan: Plan, now: datetime, staff: Staff) -> Wanted:
    """What a case asks of whoever takes it, by now. A language that nobody of its team speaks is not asked for."""
    teams = teams_for(case, plan, now)
    asked = Wanted(teams, case.needs, weight=weight_of(case, plan))
    until = needs_until(case, plan)
    if case.needs and until is not None and until <= now:
        asked = asked._replace(short=_least_missing(case, staff.within(teams)))
    return _with_language(asked, case, plan, now, staff) if case.language else asked


def _least_missing(case: Case, staff: Staff) -> int:
    """How many levels the best there is lack, whether or not they are there."""
    return min((missing(case.needs, one) for one in staff.people), default=0)


def _with_language(asked: Wanted, case: Case, plan: Plan, now: datetime, staff: Staff) -> Wanted:
    speakers = [one for one in staff.within((case.team,)).people if speaks(one, case.language)]
    if not speakers:
        return asked
    able = (one for one in speakers if missing(case.needs, one) <= asked.short)
    if any(one.name in staff.there for one in able):
        return asked._replace(language=case.language)
    until = language_until(case, plan)
    if until is None or until > now:
        return asked._replace(language=case.language)
    waited = length(plan.language_wait) if plan.language_wait else "no time"
    why = f"nobody who speaks {case.language} was there to take it for {waited}: others may"
    return asked._replace(eased=(why,))


def hindered(case: Case, asked: Wanted, plan: Plan, now: datetime, staff: Staff) -> Iterator[str]:
    """Why a case waits, room apart: what nobody has, or who has it and is not there."""
    if case.unread_until is not None and case.unread_until > now:
        yield "what they wrote is being read"
    team = " or ".join(asked.teams)
    group = staff.within(asked.teams)
    if not group.people:
        yield f"nobody is in {team}" if team else "nobody answers here"
        return
    if not any(one.name in group.there for one in group.people):
        yield f"nobody of {team} is there" if team else "nobody is there"
    fit = [one for one in group.people if missing(asked.needs, one) <= asked.short]
    if not fit:
        until = needs_until(case, plan)
        then = f"; from {at(until)} on the best there is will do" if until else ""
        yield f"nobody has {skills(sorted(asked.needs.items()))}{then}"
    elif asked.needs and not any(one.name in group.there for one in fit):
        yield f"who has {skills(sorted(asked.needs.items()))} is not there: {_names(fit)}"
    if asked.language:
        yield from _speechless(case, asked, plan, group)


def _speechless(case: Case, asked: Wanted, plan: Plan, group: Staff) -> Iterator[str]:
    speakers = [one for one in group.people if speaks(one, asked.language)]
    if any(one.name in group.there for one in speakers):
        return
    until = language_until(case, plan)
    then = f"; from {at(until)} on others may take it" if until else ""
    yield f"who speaks {asked.language} is not there: {_names(speakers)}{then}"


def hopeless(asked: Wanted, staff: Staff) -> bool:
    """Whether nobody could ever take something, whoever comes: nobody is in its teams, or has what it needs."""
    return not any(missing(asked.needs, one) <= asked.short for one in staff.within(asked.teams).people)


def _names(people: Sequence[Agent]) -> str:
    return ", ".join(sorted(one.name for one in people))
