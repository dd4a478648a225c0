"""What the desk does by itself about one case when something happened, or is due; and about who has gone."""

from __future__ import annotations

from datetime import datetime

from omnichannel.desk.plan import Plan
from omnichannel.inbox.desk.deciding import By, decide
from omnichannel.inbox.desk.refreshing import Desked, refresh
from omnichannel.model.desk import Case, Decision
from omnichannel.store import Tx, agents, records
from omnichannel.store.desk import cases, decisions


def attend(tx: Tx, plan: Plan, desked: Desked, now: datetime) -> None:
    """Look at a case as it is by now, and do what is due."""
    case = desked.case
    woken = case.snoozed_until is not None and case.snoozed_until <= now
    if woken:
        decide(tx, plan, desked, "woken", By("desk", ("the time is over",)), {"snoozed_until": None})
    if plan.give_out and _left_alone(tx, desked.case):
        if woken:
            _give_back(tx, plan, desked, "its time is over")
        elif _asked_since(tx, desked):
            _give_back(tx, plan, desked, "the customer waits")


def bring_home(tx: Tx, plan: Plan, desked: Desked) -> None:
    """What is open for a team that the plan has no longer is its default team's: nobody would see it."""
    case = desked.case
    if case.open and case.team and plan.team(case.team) is None:
        because = (f"the plan has no team {case.team!r} any more",)
        decide(tx, plan, desked, "moved", By("desk", because), {"team": plan.default_team})


def _left_alone(tx: Tx, case: Case) -> bool:
    """Whether a case is somebody's who is not there; a bot always is."""
    agent = agents.agent(tx, case.assignee) if case.open and case.assignee else None
    return agent is not None and agent.role == "person" and agent.presence == "offline"


def _asked_since(tx: Tx, desked: Desked) -> bool:
    """Whether the customer asked after it was given: what had waited before was left to them by somebody."""
    asked = desked.case.asked_at
    if asked is None:
        return False
    given = [one.at for one in decisions.of_conversation(tx, desked.number) if _gives(one)]
    return not given or asked > given[-1]


def _gives(decision: Decision) -> bool:
    return any(change.field == "assignee" for change in decision.changes)


def _give_back(tx: Tx, plan: Plan, desked: Desked, because: str) -> None:
    by = By("desk", (f"{desked.case.assignee} is not there, and {because}",))
    decide(tx, plan, desked, "unassigned", by, {"assignee": ""})


def lapse(tx: Tx, plan: Plan) -> int:
    """Whoever was there until a moment that is over has gone; how many."""
    names = agents.lapsed(tx)
    for name in names:
        leave(tx, plan, name, "desk", "was not heard of any more")
    return len(names)


def leave(tx: Tx, plan: Plan, agent: str, actor: str, because: str) -> int:
    """Somebody has gone: what waits for an answer of theirs goes back into the queue, in its old place; how many.

    Of a bot that is everything that it has: nobody would notice when the customer writes again.
    """
    agents.turn(tx, agent, "offline", None)
    records.happened(tx, "agent.offline", actor=actor, detail={"agent": agent, "because": because})
    given_back, bot = 0, agents.agent(tx, agent).role == "bot"
    for number in cases.held_by(tx, agent):
        desked = refresh(tx, plan, number)
        if desked.case.assignee == agent and (bot or desked.case.asked_at is not None):
            waits = ", and the customer waits" if desked.case.asked_at is not None else ""
            by = By(actor, (f"{agent} {because}{waits}",))
            decide(tx, plan, desked, "unassigned", by, {"assignee": ""})
            given_back += 1
    return given_back
