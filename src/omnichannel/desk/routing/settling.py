"""What a rule changes of a case, and what it leaves as it is: whatever a person decided stands."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import NamedTuple

from omnichannel.desk.routing.rules import Then
from omnichannel.model import Agent
from omnichannel.model.desk import Case, Decision

BESIDE = "beside the desk"
"""Why a decision was written down that was not made on the desk: because of a handler, or of the customer's words."""

_WHO = frozenset({"team", "assignee"})
_WHETHER = frozenset({"spam", "status"})


class Settled(NamedTuple):
    """What is changed (a field and its new value), and what there is to say of it beside why the rule fits."""

    changed: dict[str, object]
    because: tuple[str, ...]


def by_hand(decisions: Iterable[Decision]) -> frozenset[str]:
    """What people decided of a case, whether or not it was taken back since. Who has it and its team go together."""
    fields = {name for decision in decisions for name in _of_people(decision)}
    return frozenset(fields | (_WHO if fields & _WHO else set()) | (_WHETHER if fields & _WHETHER else set()))


def _of_people(decision: Decision) -> Iterator[str]:
    if decision.actor == "desk" or decision.actor.startswith("rule:"):
        return
    for change in decision.changes:
        # A conversation opens beside the desk whenever the customer writes: nobody decided that.
        if change.field == "assignee" or BESIDE not in decision.because:
            yield change.field


def settle(case: Case, then: Then, theirs: Collection[str], agents: Mapping[str, Agent]) -> Settled:
    """What a rule does with a case of which some fields are people's (`theirs`)."""
    wanted = dict(_wanted(case, then))
    because: list[str] = []
    if "assignee" in wanted or "team" in wanted:
        because += _given_to(case, then, wanted, agents)
    left = sorted(wanted.keys() & theirs)
    if left:
        because.append(
            f"{' and '.join(left)} {'was' if len(left) == 1 else 'were'} decided by hand: that stands"
        )
    return Settled({name: value for name, value in wanted.items() if name not in theirs}, tuple(because))


def _wanted(case: Case, then: Then) -> Iterator[tuple[str, object]]:
    if then.team is not None:
        yield "team", then.team
    if then.agent is not None:
        yield "assignee", then.agent
    if then.priority is not None:
        yield "priority", then.priority
    needs = {**(case.needs if then.team in (None, case.team) else {}), **then.needs}
    if needs != case.needs:
        yield "needs", needs  # another team is asked for what it can do, not for what the one before it could
    if then.tags:
        yield "tags", tuple(sorted({*case.tags, *then.tags}))
    for name, value in then.fields.items():
        yield f"fields.{name}", value
    if then.spam:
        yield "spam", True
    if then.spam or then.quiet:
        yield "status", "closed"


def _given_to(
    case: Case, then: Then, wanted: dict[str, object], agents: Mapping[str, Agent]
) -> Iterator[str]:
    """Whoever is named has to be there; whoever has it already keeps it if they are of the team that it goes to."""
    named = agents.get(then.agent or "")
    if then.agent and (named is None or (named.presence == "offline" and named.role == "person")):
        del wanted["assignee"]
        why = "answers nothing here" if named is None else "is not there"
        yield f"{then.agent} {why}: it waits for whoever is"
    holder = agents.get(case.assignee)
    leaves = holder is not None and then.team is not None and then.team not in ("", *holder.teams)
    if leaves and "assignee" not in wanted and holder is not None:
        wanted["assignee"] = ""
        yield f"{holder.name} is not of {then.team}"
