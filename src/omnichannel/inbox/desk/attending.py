"""What the desk does by itself about one case when something happened, or is due; and about who has gone."""

from __future__ import annotations

from datetime import datetime

from omnichannel.desk.plan import Plan
from omnichannel.desk.queueing import would_miss
from omnichannel.inbox.desk import follow_ups
from omnichannel.inbox.desk.deciding import By, decide
from omnichannel.inbox.desk.refreshing import Desked, refresh
from omnichannel.model import Agent
from omnichannel.model.desk import Case, Decision
from omnichannel.store import Tx, agents, records
from omnichannel.store.desk import cases, decisions


def attend(tx: Tx, plan: Plan, desked: Desked, now: datetime) -> None:
    """Look at a case as it is by now, and do what is due."""
    case = desked.case
    woken = case.snoozed_until is not None and case.snoozed_until <= now
    if woken:
        decide(tx, plan, desked, "woken", By("desk", ("the time is over",)), {"snoozed_until": None})
    woken = follow_ups.remind(tx, plan, desked, now) or woken
    holder = _holder(tx, desked.case)
    if holder is None:
        return
    if holder.gone_at:
        _give_back(tx, plan, desked, "was let go")
    elif (
        plan.give_out and plan.give_back_missed and holder.presence != "online" and _misses(desked.case, now)
    ):
        _give_back(tx, plan, desked, f"is {holder.presence}, and a promise would be missed")
    elif plan.give_out and holder.presence == "offline":
        if woken:
            _give_back(tx, plan, desked, "is not there, and its time is over")
        elif _asked_since(tx, desked):
            _give_back(tx, plan, desked, "is not there, and the customer waits")


def _holder(tx: Tx, case: Case) -> Agent | None:
    """The person who has a case that is open; a bot is always there."""
    agent = agents.known(tx, case.assignee) if case.open and case.assignee else None
    return agent if agent is not None and agent.role == "person" else None


def _misses(case: Case, now: datetime) -> bool:
    return case.snoozed_until is None and would_miss(case, now)


def bring_home(tx: Tx, plan: Plan, desked: Desked) -> None:
    """What is open for a team that the plan has no longer is its default team's: nobody would see it."""
    case = desked.case
    if case.open and case.team and plan.team(case.team) is None:
        because = (f"the plan has no team {case.team!r} any more",)
        decide(tx, plan, desked, "moved", By("desk", because), {"team": plan.default_team})


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
    by = By("desk", (f"{desked.case.assignee} {because}",))
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
    given_back, bot = 0, agents.known(tx, agent).role == "bot"
    for number in cases.held_by(tx, agent):
        desked = refresh(tx, plan, number)
        if desked.case.assignee == agent and (bot or desked.case.asked_at is not None):
            waits = ", and the customer waits" if desked.case.asked_at is not None else ""
            by = By(actor, (f"{agent} {because}{waits}",))
            decide(tx, plan, desked, "unassigned", by, {"assignee": ""})
            given_back += 1
    return given_back


def go_away(tx: Tx, plan: Plan, agent: str, now: datetime) -> int:
    """Somebody is away for a while: what was missed already does not wait until they are back; how many."""
    given_back = 0
    for number in cases.held_by(tx, agent) if plan.give_out and plan.give_back_missed else ():
        desked = refresh(tx, plan, number)
        late = any(clock.state == "missed" and clock.ended_at is None for clock in desked.case.clocks)
        if late and desked.case.assignee == agent and _misses(desked.case, now):
            _give_back(tx, plan, desked, "is away, and a promise was missed")
            given_back += 1
    return given_back


def let_go(tx: Tx, plan: Plan, agent: str, by: By) -> Agent:
    """Somebody answers here no more: everything that they have goes back into the queue; raises NotFound."""
    agents.agent(tx, agent)
    agents.turn(tx, agent, "offline", None)
    for number in cases.held_by(tx, agent):
        desked = refresh(tx, plan, number)
        if desked.case.assignee == agent:
            because = (f"{agent} was let go", *by.because)
            decide(tx, plan, desked, "unassigned", By(by.actor, because), {"assignee": ""})
    gone = agents.let_go(tx, agent)
    records.happened(tx, "agent.let_go", actor=by.actor, detail={"agent": agent})
    return gone
