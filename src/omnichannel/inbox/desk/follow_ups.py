"""Coming back to a conversation by ourselves: said by somebody, told at its time, and done when they say so."""

from __future__ import annotations

from datetime import datetime

from omnichannel.desk.plan import Plan
from omnichannel.desk.queueing import follow_up_at
from omnichannel.errors import NotFound, UsageError
from omnichannel.inbox.desk.deciding import By, decide
from omnichannel.inbox.desk.refreshing import Desked, happened, keep
from omnichannel.model.desk import Case, FollowUp
from omnichannel.store import Tx, agents

LONGEST = 2000
"""Characters of a note: what is longer is a note in the conversation."""


def coming(at: datetime, now: datetime, note: str, agent: str) -> FollowUp:
    """A follow-up that is to come. Raises UsageError for a moment that is over or has no zone, and a long note."""
    if at.tzinfo is None:
        raise UsageError(f"{at:%Y-%m-%d %H:%M} is nowhere in the world: give the moment a zone (tzinfo=UTC)")
    if at <= now:
        raise UsageError(f"{at:%Y-%m-%d %H:%M %Z} is over: give a moment to come")
    if len(note) > LONGEST:
        raise UsageError(f"{len(note)} characters are no note for a follow-up: {LONGEST} at most")
    return FollowUp(at=at, note=note.strip(), agent=agent)


def follow_up(tx: Tx, plan: Plan, desked: Desked, wanted: FollowUp, actor: str) -> Case:
    """Let somebody come back to a case; it takes the place of the one that there is. Raises NotFound."""
    if wanted.agent:
        agents.agent(tx, wanted.agent)
    decide(tx, plan, desked, "follow_up_set", By(actor), {"follow_up": wanted})
    return desked.case


def remind(tx: Tx, plan: Plan, desked: Desked, now: datetime) -> bool:
    """Tell of a follow-up whose time has come, once; whether there was one.

    Who is to do it has the case then, and it is in sight again: what was closed is opened, what was snoozed is woken.
    """
    at, wanted = follow_up_at(desked.case), desked.case.follow_up
    if wanted is None or at is None or at > now:
        return False
    desked.case = desked.case.model_copy(update={"follow_up_told_at": now})
    changed: dict[str, object] = {}
    if not desked.case.open:
        changed["status"] = "open"
    if desked.case.snoozed_until is not None:
        changed["snoozed_until"] = None
    if wanted.agent and wanted.agent != desked.case.assignee and _answers(tx, wanted.agent):
        changed["assignee"] = wanted.agent
    what = "reopened" if "status" in changed else "woken" if "snoozed_until" in changed else "assigned"
    if not decide(tx, plan, desked, what, By("desk", ("it is to be followed up now",)), changed):
        keep(tx, plan, desked)
    happened(tx, desked, "follow_up_due", {"agent": wanted.agent or desked.case.assignee})
    return True


def _answers(tx: Tx, name: str) -> bool:
    try:
        agents.agent(tx, name)
    except NotFound:  # they were let go: whoever has it does it
        return False
    return True
