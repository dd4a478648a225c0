"""The queue: what waits for somebody to take it, in which order, and how much it would be.

A priority is a head start: a case stands where it would stand if it had come that much earlier. So the order of two
cases never changes while they wait, one number tells it, and nothing waits for ever: whatever comes later than the
longest head start stands behind.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from omnichannel.desk.hours import CALENDAR_TIME
from omnichannel.desk.plan import Plan
from omnichannel.model.desk import Case


class Standing(NamedTuple):
    """Where a case stands. `rank` is its place in the queue, the earliest first; None: it waits for nobody.

    `weight` is how much of its agent's capacity it takes. `next_at` is when something is to be done about it by
    itself.
    """

    rank: datetime | None
    weight: float
    next_at: datetime | None


def waits(case: Case) -> bool:
    """Whether somebody has to be found for a case."""
    idle = case.spam or case.snoozed_until is not None or case.control == "bot"
    return case.open and not case.assignee and not idle


def queued(case: Case, now: datetime) -> Case:
    """The case with its place in the queue: since the customer waits, or since now."""
    if not waits(case):
        return case if case.queued_at is None else case.model_copy(update={"queued_at": None})
    if case.queued_at is not None:
        return case
    return case.model_copy(update={"queued_at": case.asked_at or now})


def standing(case: Case, plan: Plan, now: datetime) -> Standing:
    """Where a case stands at a moment."""
    rank = case.queued_at - plan.head_starts[case.priority] if case.queued_at else None
    return Standing(rank, weight(case, plan), _next(case, plan, now))


def weight(case: Case, plan: Plan) -> float:
    """How much of its agent's capacity a case takes."""
    if not case.open or case.spam or case.snoozed_until is not None:
        return 0.0
    whole = plan.weights.get(case.kind, 1.0)
    return whole if case.asked_at is not None else whole * plan.waiting_share


def lightest(plan: Plan) -> float:
    """How little of somebody's capacity a case that waits for our answer can take."""
    return min(1.0, *plan.weights.values()) if plan.weights else 1.0


def _next(case: Case, plan: Plan, now: datetime) -> datetime | None:
    eased = (needs_until(case, plan), language_until(case, plan))
    moments = [
        *overflows(case, plan),
        *eased,
        case.snoozed_until,
        case.unread_until,
        *missed_at(case),
        follow_up_at(case),
    ]
    return min((moment for moment in moments if moment and moment > now), default=None)


def overflows(case: Case, plan: Plan) -> Iterator[datetime]:
    """When further teams may take a case that waits."""
    team = plan.team(case.team)
    if team is not None and case.queued_at is not None:
        for over in team.overflow:
            yield case.queued_at + over.after


def teams_for(case: Case, plan: Plan, now: datetime) -> tuple[str, ...]:
    """Whose agents may take a case by now: its team's, and of those to which it has flown over."""
    team = plan.team(case.team)
    if team is None or case.queued_at is None:
        return (case.team,)
    return (case.team, *(over.to for over in team.overflow if case.queued_at + over.after <= now))


def needs_until(case: Case, plan: Plan) -> datetime | None:
    """How long a case that waits asks for skills that nobody has; None: as long as it waits, or it asks for none."""
    return _waited(case, plan, plan.settle_after) if case.needs else None


def language_until(case: Case, plan: Plan) -> datetime | None:
    """How long a case that waits asks for its language where nobody who speaks it is there; None: while it waits."""
    return _waited(case, plan, plan.language_wait) if case.language else None


def _waited(case: Case, plan: Plan, length: timedelta | None) -> datetime | None:
    """When a case has waited so long, in the working time of its team."""
    if case.queued_at is None or length is None:
        return None
    hours = plan.hours.get(case.team) or plan.hours.get("") or CALENDAR_TIME
    return hours.add(case.queued_at, length)


def missed_at(case: Case) -> Iterator[datetime]:
    """When somebody who has a case would miss a promise of it, if they were not there: the next moment of each.

    That is its warning, else when it is missed; and what was missed before they got it is to be done in its whole
    length from then.
    """
    since = case.held_since
    for clock in case.clocks if case.assignee else ():
        if clock.ended_at is not None or clock.due_at is None or clock.state == "paused":
            continue
        ends = (clock.warn_at, clock.due_at)
        left = (one for one in ends if one is not None and (since is None or one > since))
        yield next(left, (since or clock.due_at) + clock.within)


def would_miss(case: Case, now: datetime) -> bool:
    """Whether whoever has a case would miss a promise of it by now, if they are not there."""
    return any(at <= now for at in missed_at(case))


def follow_up_at(case: Case) -> datetime | None:
    """When it is to be told that we come back to a case; None: never, or it was told."""
    return case.follow_up.at if case.follow_up and case.follow_up_told_at is None and not case.spam else None
