"""Counting conversations for reports: each whole, from its record, when something changed in it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from omnichannel.clock import moment
from omnichannel.desk.hours import Hours
from omnichannel.desk.plan import Plan
from omnichannel.desk.reports import TIMED, Count, Read, Record, counts, mark, worked_by
from omnichannel.inbox.desk.refreshing import refresh
from omnichannel.store import Tx, conversations
from omnichannel.store.desk import cases, decisions, place, readings, told
from omnichannel.store.desk import counts as counted
from omnichannel.store.desk.counts import Worked

_SOME = 50
_MICROSECOND = timedelta(microseconds=1)


def count(tx: Tx, plan: Plan, until: int) -> int:
    """Count some conversations that changed up to a moment (microseconds since 1970); how many."""
    if not counted.waiting(tx, 1, until):
        return 0  # nothing is written, so that nobody waits for a disk
    place.take(tx, plan.fingerprint)
    found = counted.waiting(tx, _SOME, until)
    for number in found:
        count_one(tx, plan, number)
    return len(found)


def count_one(tx: Tx, plan: Plan, number: int) -> None:
    """Count a conversation as it is by now; of one that was erased nothing."""
    there = conversations.spoken(tx, number) is not None
    counted.write(tx, number, _worked(counts(record(tx, plan, number)), plan.hours) if there else ())


def record(tx: Tx, plan: Plan, number: int) -> Record:
    """Everything that is known of a conversation's course."""
    kept = cases.find(tx, number)
    case = kept.case if kept else refresh(tx, plan, number).case
    heard, _ = cases.heard(tx, number, 0)
    return Record(
        case=case,
        heard=heard,
        decisions=decisions.of_conversation(tx, number),
        told=told.of_conversation(tx, number),
        read=[Read(moment(one.at), one.reading.held) for one in readings.of_conversations(tx, [number])],
        rated=counted.rated(tx, number),
    )


def _worked(found: list[Count], hours: Mapping[str, Hours]) -> list[Worked]:
    return [
        Worked(one, worked(worked_by(hours, one.team), one.begun_at, one.at), mark(worked_by(hours, one.team)))
        if one.what in TIMED
        else Worked(one)
        for one in found
    ]  # fmt: skip


def worked(hours: Hours, begun_at: int, at: int) -> int:
    """How much of a time was working time, all in microseconds."""
    return hours.between(moment(begun_at), moment(at)) // _MICROSECOND


def work_anew(tx: Tx, plan: Plan, since: int, until: int, most: int) -> int:
    """Count the working time of some counts again that were counted in other hours than the plan's; how many."""
    for team, used in counted.hours_used(tx, since, until, TIMED):
        hours = worked_by(plan.hours, team)
        if used != mark(hours):
            place.take(tx, plan.fingerprint)
            found = counted.stale(tx, since, until, TIMED, team, used, most)
            again = [(one, worked(hours, one.begun_at, one.at)) for one in found]
            counted.work_anew(tx, again, mark(hours))
            return len(found)
    return 0
