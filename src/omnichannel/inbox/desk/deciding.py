"""Writing a decision down, and what it changes, in one commit; and taking it back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pydantic import JsonValue
from pydantic_core import to_jsonable_python

from omnichannel.clock import moment
from omnichannel.desk.clocks import fold as fold_course
from omnichannel.desk.marking import marks_of_changes
from omnichannel.desk.plan import Plan
from omnichannel.errors import Conflict, NotFound
from omnichannel.inbox.conversations import assign
from omnichannel.inbox.correcting import set_closed
from omnichannel.inbox.desk.refreshing import Desked, happened, held_by, keep, refresh
from omnichannel.inbox.desk.staffing import staff
from omnichannel.model.desk import Case, Change, Decision
from omnichannel.store import Tx, agents, conversations
from omnichannel.store.desk import decisions, fields

_OF_CONVERSATION = ("assignee", "status")
DECIDED = frozenset(
    {
        *_OF_CONVERSATION, "team", "tier", "priority", "needs", "language", "tags", "followers",
        "spam", "snoozed_until", "follow_up", "settled",
    }
)  # fmt: skip
"""What can be decided of a case, with its fields, each for itself (`OF_CASE`), and what is said of its customer
(`OF_CUSTOMER`); everything else of it is told by what was said."""

OF_CASE, OF_CUSTOMER = "fields.", "customer."
"""What the names of changes to fields of one's own begin with."""


@dataclass(frozen=True, slots=True)
class By:
    """Who decides, why, and what a decision has to do with others: a `batch`, or the decision that it `undoes`.

    `summary` is what they say of the conversation to whoever has it then.
    """

    actor: str
    because: tuple[str, ...] = ()
    summary: str = ""
    batch: int | None = None
    undoes: int | None = None


def decide(
    tx: Tx, plan: Plan, desked: Desked, what: str, by: By, changed: Mapping[str, object]
) -> Decision | None:
    """Change what can be decided of a case, and write down that, who and why. None if it is so already."""
    before = told(tx, desked, changed)
    after = {name: to_jsonable_python(value) for name, value in changed.items()}
    changes = [
        Change(field=name, before=before.get(name), after=after[name])
        for name in changed
        if before.get(name) != after[name]
    ]
    if not changes:
        return None
    number, because = desked.number, by.because
    decision = decisions.write(
        tx, number, what, by.actor, because, changes,
        plan=plan.fingerprint, batch=by.batch, undoes=by.undoes, summary=by.summary,
    )  # fmt: skip
    _change(
        tx, plan, desked, after, changes, by
    )  # behind it, so that what a bot is to say comes after the decision
    detail = {"decision": decision.id}  # why stands there alone, where an erasure finds it
    if {"assignee", "team"} & {change.field for change in changes}:
        detail["open_questions"] = str(len(desked.case.open_questions))  # whoever gets it need not ask again
    happened(tx, desked, what, detail, by.actor)
    return decision


def told(tx: Tx, desked: Desked, names: Iterable[str] = ()) -> dict[str, JsonValue]:
    """What can be decided of a case, as it is, in JSON; of the customer only where one of the names asks for it."""
    case = desked.case
    shown: dict[str, JsonValue] = case.model_dump(mode="json", include=set(DECIDED))
    shown |= {f"{OF_CASE}{name}": value for name, value in case.fields.items()}
    if any(name.startswith(OF_CUSTOMER) for name in names):
        held = fields.of_address(tx, asker_of(tx, desked.number))
        shown |= {f"{OF_CUSTOMER}{name}": value for name, value in held.items()}
    return shown | {"assignee": case.assignee, "status": case.conversation.status}


def asker_of(tx: Tx, conversation: int) -> int:
    """The address that a conversation was begun from; raises NotFound without one."""
    spoken = conversations.spoken(tx, conversation)
    if spoken is None:
        raise NotFound("there is no such conversation in this workspace")
    return spoken.asker


def _change(
    tx: Tx, plan: Plan, desked: Desked, after: Mapping[str, JsonValue], changes: list[Change], by: By
) -> None:
    names = {change.field for change in changes}
    if "assignee" in names:
        agent = str(after["assignee"])
        staff(tx, plan, agent)
        assign(tx, desked.number, agent, by.actor)
        if agent:
            agents.given(tx, agent)
    if "status" in names:
        set_closed(tx, desked.number, closed=after["status"] == "closed", actor=by.actor)
    if said := _under(OF_CUSTOMER, changes):
        fields.write(tx, asker_of(tx, desked.number), said, by.actor)
    case = desked.case.model_dump(mode="json") | {
        name: after[name] for name in names & DECIDED - {*_OF_CONVERSATION}
    }
    held = desked.case.fields | _under(OF_CASE, changes)
    case["fields"] = {name: value for name, value in held.items() if value is not None}
    if "assignee" in names:
        case["held_since"] = moment(tx.now()) if after["assignee"] else None
    if "follow_up" in names:
        case["follow_up_told_at"] = None
    if _passes_on(plan, desked.case, changes):
        case["transfers"] = desked.case.transfers + 1
    shown = conversations.conversation(tx, desked.number)
    desked.case = held_by(plan, Case.model_validate(case | {"conversation": shown}))
    desked.course = fold_course(desked.course, marks_of_changes(changes, moment(tx.now())))
    keep(tx, plan, desked)


def _under(begin: str, changes: Iterable[Change]) -> dict[str, JsonValue]:
    """What becomes of the fields whose names begin so, by their own names."""
    return {one.field.removeprefix(begin): one.after for one in changes if one.field.startswith(begin)}


def _passes_on(plan: Plan, case: Case, changes: list[Change]) -> bool:
    """Whether a case goes from one person to another: the first who is given it, also from a bot, is no transfer."""
    values = {change.field: change for change in changes}
    agent, team = values.get("assignee"), values.get("team")
    between = (str(agent.before), str(agent.after)) if agent else ("", "")
    from_agent = all(between) and not any(name in plan.running for name in between)
    from_team = team is not None and bool(team.before) and bool(team.after) and case.answered_at is not None
    return from_agent or from_team


def undo(
    tx: Tx, plan: Plan, number: int, actor: str, because: str = "", batch: int | None = None
) -> Decision:
    """Take a decision back. Raises NotFound, and Conflict where it was taken back, or decided otherwise since."""
    decision = decisions.decision(tx, number)
    if decision.undone_by:
        raise Conflict("this decision was taken back already")
    desked = refresh(tx, plan, tx.ids.find("conversation", decision.conversation))
    now = told(tx, desked, (change.field for change in decision.changes))
    for change in decision.changes:
        if (is_now := now.get(change.field)) != change.after:
            raise Conflict(
                f"{change.field} was changed since, to {is_now!r}: take that back first, or decide anew"
            )
    before = {change.field: change.before for change in decision.changes}
    reasons = (
        (because,) if because else (f"takes back what was {decision.what} by {decision.actor or 'somebody'}",)
    )
    by = By(actor, reasons, batch=batch, undoes=number)
    taken_back = decide(tx, plan, desked, "undone", by, before)
    assert taken_back is not None  # every change is one
    return taken_back
