"""Bringing a case up to date with what was said: what is new is folded in, in the caller's transaction."""

from __future__ import annotations

from dataclasses import dataclass

from omnichannel.clock import moment
from omnichannel.desk.folding import UNHEARD, fold
from omnichannel.desk.queueing import queued, standing
from omnichannel.model.desk import Case, Plan
from omnichannel.store import Tx, conversations
from omnichannel.store.desk import cases, spells


@dataclass(slots=True)
class Desked:
    """A case in somebody's hands, in a transaction: its conversation's number, and how far it was folded."""

    number: int
    case: Case
    seq: int


def refresh(tx: Tx, plan: Plan, number: int, *, anew: bool = False) -> Desked:
    """A conversation's case as it is by now, written down; raises NotFound.

    `anew`: something was moved, deleted or joined, so that everything is folded again.
    """
    found = cases.find(tx, number)
    if found is None:
        case, seq = Case(conversation=conversations.conversation(tx, number), team=plan.default_team), 0
    else:
        case, seq = found.case, found.seq
        if found.closed and case.open:
            case = case.model_copy(update={"reopened": case.reopened + 1})
    if anew and seq:
        case, seq = case.model_copy(update=UNHEARD), 0
        spells.forget(tx, number)
    heard, seq = cases.heard(tx, number, seq)
    folded = fold(case, heard)
    spells.write(tx, number, folded.spells)
    return keep(tx, plan, Desked(number, held_by(folded.case), seq))


def held_by(case: Case) -> Case:
    """The case under the control of who has it: a person who is given it takes it out of the bot's hands."""
    if case.assignee:
        return case if case.control == "agent" else case.model_copy(update={"control": "agent"})
    return case.model_copy(update={"control": "queue"}) if case.control == "agent" else case


def keep(tx: Tx, plan: Plan, desked: Desked) -> Desked:
    """Write a case down, with its place in the queue as it is by now."""
    now = moment(tx.now())
    desked.case = queued(desked.case, now)
    cases.keep(tx, desked.number, desked.case, desked.seq, standing(desked.case, plan, now))
    return desked
