"""Bringing a case up to date with what was said: what is new is folded in, in the caller's transaction."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from typing import NamedTuple

from omnichannel.clock import moment
from omnichannel.desk.classify import together
from omnichannel.desk.clocks import Course, Filed, Mark, Told, Turned, tell
from omnichannel.desk.clocks import fold as fold_course
from omnichannel.desk.control import holder
from omnichannel.desk.folding import UNHEARD, WROTE, Heard, asks, fold, opened_again
from omnichannel.desk.listening import fold_questions
from omnichannel.desk.marking import marks_of_changes, marks_of_decision, marks_of_heard
from omnichannel.desk.plan import Plan
from omnichannel.desk.queueing import queued, standing
from omnichannel.desk.routing import BESIDE, by_hand
from omnichannel.inbox.conversations import assign
from omnichannel.inbox.correcting import set_closed
from omnichannel.inbox.desk import happening
from omnichannel.inbox.desk.rated import hear
from omnichannel.model import Direction
from omnichannel.model.desk import Case, Change, Decision
from omnichannel.store import Tx, conversations
from omnichannel.store.desk import cases, counts, decisions, questions, readings, spells, told, turns, unread


@dataclass(slots=True)
class Desked:
    """A case in somebody's hands, in a transaction: its conversation's number, and how far it was folded."""

    number: int
    case: Case
    seq: int
    course: Course


def refresh(tx: Tx, plan: Plan, number: int, *, anew: bool = False) -> Desked:
    """A conversation's case as it is by now, written down; raises NotFound.

    `anew`: something was moved, deleted or joined, so that everything is folded again.
    """
    return keep(tx, plan, bring_up(tx, plan, number, anew=anew))


def bring_up(tx: Tx, plan: Plan, number: int, *, anew: bool = False) -> Desked:
    """The same, for whoever changes it at once and is to `keep` it then."""
    now = moment(tx.now())
    found = cases.find(tx, number)
    if plan.ratings and hear(tx, number, found):
        set_closed(tx, number, closed=True, actor="desk")  # a rating opens nothing again
        found = cases.find(tx, number)
    if found is None:
        desked = _new(tx, plan, number, now)
        turned: list[Mark] = []
    else:
        desked = Desked(number, found.case, found.seq, found.course)
        turned = _outside(tx, plan, desked, found, now)
    if anew and desked.seq:
        again = _listen(tx, plan, _anew(tx, plan, desked), 0)
        stale = look_again(tx, again)
        _let_read(tx, plan, again, fresh=again.seq > desked.seq, stale=stale)
        return again
    seq = desked.seq
    heard, desked.seq = cases.heard(tx, number, seq)
    # What opened or closed it beside the desk is seen now; what was said, was said before.
    news = _News(heard, [*marks_of_heard(heard), *turned], _afresh(heard, turned))
    before = desked.case
    _fold(tx, plan, desked, news)
    _woken(tx, plan, desked, before)
    _taken(tx, plan, desked, heard)
    if heard:
        _listen(tx, plan, desked, seq)
    fresh = any(asks(one) for one in heard)
    _let_read(tx, plan, desked, fresh=fresh)
    return desked


def _let_read(tx: Tx, plan: Plan, desked: Desked, *, fresh: bool, stale: bool = False) -> None:
    """Words that wait for our answer are to be read, and what nobody has is given out after that, or soon.

    Where nothing waits for an answer any more, no rule is asked. `stale`: words are read again by now.
    """
    case = desked.case
    if not case.open or case.asked_at is None:
        desked.case = case.model_copy(update={"unread_until": None, "unrouted": False, "wordless": False})
    elif plan.sorts and (fresh or stale):
        unread.wait(tx, desked.number)
        until = case.unread_until or moment(tx.now()) + plan.hold_back
        desked.case = case.model_copy(update={"unread_until": until})


def look_again(tx: Tx, desked: Desked) -> bool:
    """What was made of words goes with them; whether any words are others by now, which are to be read again."""
    stale, gone = unread.changed(tx, desked.number)
    if gone:
        begun = readings.begun(tx, desked.number)
        readings.forget(tx, desked.number, gone)
        if gone[-1] >= begun:
            read_together(tx, desked, begun)
    if stale:
        unread.wait(tx, desked.number, again=True)
    return bool(stale)


def read_together(tx: Tx, desked: Desked, begun: int) -> None:
    """Put what was made of the last question together again; nothing where what comes next is another question."""
    if desked.case.reading is not None:
        found = reduce(together, readings.since(tx, desked.number, begun), None)
        desked.case = desked.case.model_copy(update={"reading": found})


def _new(tx: Tx, plan: Plan, number: int, now: datetime) -> Desked:
    talk = conversations.conversation(tx, number)
    case = Case(conversation=talk, team=plan.default_team, unrouted=plan.sorts)
    return Desked(number, case, 0, _begun(min(talk.opened_at, now), case.team))


def _begun(at: datetime, team: str) -> Course:
    """A course to fold into. Whether a bot's words are an answer is decided by who has control."""
    return fold_course(Course(bots=True), [Filed(at=at, team=team)])


def _outside(tx: Tx, plan: Plan, desked: Desked, found: cases.Kept, now: datetime) -> list[Mark]:
    """What was decided beside the desk, by hand or because the customer wrote, is written down as a decision, too."""
    case, opened = desked.case, found.closed and desked.case.open
    changes = []
    if found.closed == case.open:
        states = ("closed", "open") if case.open else ("open", "closed")
        changes.append(Change(field="status", before=states[0], after=states[1]))
    theirs = by_hand(decisions.of_conversation(tx, desked.number)) if opened else frozenset()
    wronged = opened and case.spam and "spam" not in theirs
    if wronged:  # a rule took them for spam: whether they are is asked of what they write now
        changes.append(Change(field="spam", before=True, after=False))
    if found.assignee != case.assignee:
        changes.append(Change(field="assignee", before=found.assignee, after=case.assignee))
        desked.case = case = case.model_copy(update={"held_since": now if case.assignee else None})
    if not changes:
        return []
    what = "assigned" if changes[-1].field == "assignee" and case.assignee else "changed"
    decisions.write(tx, desked.number, what, "", (BESIDE,), changes, plan=plan.fingerprint)
    if opened:
        desked.case = case.model_copy(update={"reopened": case.reopened + 1})
        if wronged or "status" in theirs:  # with what was closed by a person, nothing goes on
            desked.case = desked.case.model_copy(update={"reading": None})
        if wronged:
            desked.case = desked.case.model_copy(update={"spam": False})
        if wronged or "reopened" in plan.again:
            desked.case = desked.case.model_copy(update={"unrouted": True})
    return list(marks_of_changes(changes, now))


def _afresh(heard: Sequence[Heard], turned: Sequence[Mark]) -> list[int]:
    """Where the words that opened it again stand among those that are new."""
    opened = any(isinstance(mark, Turned) and mark.to == "open" for mark in turned)
    return next(([place] for place, one in enumerate(heard) if opened and asks(one)), [])


class _News(NamedTuple):
    """What is new in a case; at the places in `afresh` they wrote in a conversation that was closed."""

    heard: Sequence[Heard]
    marks: Sequence[Mark]
    afresh: Collection[int]


def _fold(tx: Tx, plan: Plan, desked: Desked, news: _News) -> None:
    folded = fold(desked.case, news.heard, news.afresh)
    spells.write(tx, desked.number, folded.spells)
    desked.case = held_by(plan, folded.case)
    desked.course = fold_course(desked.course, news.marks)


def _woken(tx: Tx, plan: Plan, desked: Desked, before: Case) -> None:
    """What was put aside until a moment to come is there again, because the customer wrote."""
    if before.snoozed_until is None or desked.case.snoozed_until is not None:
        return
    until = before.model_dump(mode="json", include={"snoozed_until"})["snoozed_until"]
    change = Change(field="snoozed_until", before=until, after=None)
    decision = decisions.write(tx, desked.number, "woken", "desk", (WROTE,), [change], plan=plan.fingerprint)
    happened(tx, desked, "woken", {"decision": decision.id}, "desk")


def _listen(tx: Tx, plan: Plan, desked: Desked, after: int) -> Desked:
    """What they asked, and what we answered, behind a place."""
    if plan.listening is not None:
        said = questions.said(tx, desked.number, after)
        found = fold_questions(desked.case.questions, said, plan.listening)
        desked.case = desked.case.model_copy(update={"questions": found})
    return desked


def _anew(tx: Tx, plan: Plan, desked: Desked) -> Desked:
    """Everything again: what was said, what was decided, and what was said of the clocks."""
    spells.forget(tx, desked.number)
    new, _ = cases.heard(tx, desked.number, desked.seq)
    heard, seq = cases.heard(tx, desked.number, 0)
    decided = decisions.of_conversation(tx, desked.number)
    course = _begun(desked.case.conversation.opened_at, _first_team(decided, desked))
    marks = [*marks_of_heard(heard), *(mark for one in decided for mark in marks_of_decision(one))]
    marks.sort(key=lambda mark: mark.at)
    said = told.of_conversation(tx, desked.number)
    again = Desked(desked.number, desked.case.model_copy(update=UNHEARD), seq, course)
    _fold(tx, plan, again, _News(heard, [*marks, *said], opened_again(heard, decided)))
    if any(asks(one) for one in new):
        _woken(tx, plan, again, desked.case)
    else:  # what they had said before it was put aside wakes it no more
        again.case = again.case.model_copy(update={"snoozed_until": desked.case.snoozed_until})
    return again


def _first_team(decided: Iterable[Decision], desked: Desked) -> str:
    changes = (change for one in decided for change in one.changes if change.field == "team")
    first = next(changes, None)
    return desked.case.team if first is None else str(first.before)


def held_by(plan: Plan, case: Case) -> Case:
    """The case under the control of who has it: exactly one, since it follows from who is assigned."""
    control = holder(case.assignee, plan.running)
    return case if case.control == control else case.model_copy(update={"control": control})


def _mind_bots(tx: Tx, desked: Desked) -> None:
    """A bot speaks where it has a conversation that waits for our answer; whoever lost it says nothing more."""
    case = desked.case
    waits = case.open and case.asked_at is not None and not case.spam and case.snoozed_until is None
    turns.mind(tx, desked.number, case.assignee if case.control == "bot" and waits else "")


def _taken(tx: Tx, plan: Plan, desked: Desked, heard: Iterable[Heard]) -> None:
    """One of our people answered where a bot had it: they have it now, or, if nobody knows who, the queue."""
    case = desked.case
    said = [one for one in heard if one.person and one.direction is Direction.OUTBOUND and not one.past]
    if case.control != "bot" or not said:
        return
    bot, person = case.assignee, said[-1].by
    assign(tx, desked.number, person, person)
    change = Change(field="assignee", before=bot, after=person)
    because = (f"{person or 'one of ours, with another program,'} answered where {bot} had it",)
    decision = decisions.write(tx, desked.number, "taken", person, because, [change], plan=plan.fingerprint)
    happened(tx, desked, "taken", {"decision": decision.id}, person)
    talk = case.conversation.model_copy(update={"assignee": person})
    since = moment(tx.now()) if person else None
    desked.case = held_by(plan, case.model_copy(update={"conversation": talk, "held_since": since}))


def keep(tx: Tx, plan: Plan, desked: Desked) -> Desked:
    """Write a case down: what its clocks say by now, and its place in the queue."""
    now = moment(tx.now())
    telling = tell(desked.course, plan.terms, now)
    told.write(tx, desked.number, telling.told)
    for one in telling.told:
        _say(tx, desked, one)
    desked.course = telling.course
    desked.case = queued(desked.case.model_copy(update={"clocks": telling.clocks}), now)
    stands = standing(desked.case, plan, now)
    moments = [one for one in (stands.next_at, telling.next_at) if one]
    stands = stands._replace(next_at=min(moments, default=None))
    cases.keep(tx, desked.number, desked.case, desked.seq, desked.course, stands)
    counts.wait(tx, desked.number)
    if plan.bots:
        _mind_bots(tx, desked)
    return desked


def _say(tx: Tx, desked: Desked, one: Told) -> None:
    """What is nearly due, and what was missed, is told to whoever follows; how it ended is for reports."""
    if one.what != "ended":
        detail = {"clock": one.clock.name, "target": one.clock.target, "agent": desked.case.assignee}
        happened(tx, desked, one.what, detail)


def happened(
    tx: Tx,
    desked: Desked,
    what: str,
    detail: Mapping[str, str],
    actor: str = "",
    message: int | None = None,
) -> None:
    """Tell that something happened to a case, and who follows it."""
    happening.happened(tx, desked.number, desked.case.followers, what, detail, actor, message)
