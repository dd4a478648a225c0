"""A dry run of rules over what was asked before: what would have gone where, beside what became of it."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import Field

from omnichannel.desk.fields import word
from omnichannel.desk.routing.rules import Then
from omnichannel.desk.routing.taking import Passed
from omnichannel.model import UtcTime, Value
from omnichannel.model.desk import Case


class Tried(Value):
    """What rules would have done with one conversation, asked about its first question.

    `route` is the rule that would have taken it (empty: none), `then` what it and the desk's manners would have done,
    `because` why, `passed` why not the rules before it. `differs` says in which it is unlike what became of the
    conversation, by whoever decided that; empty where the desk has no case for it.
    """

    conversation: str
    at: UtcTime
    route: str = ""
    then: Then = Field(default_factory=Then)
    because: tuple[str, ...] = ()
    passed: tuple[Passed, ...] = ()
    differs: tuple[str, ...] = ()


class Trial(Value):
    """What a dry run found.

    `looked_at` counts conversations, `by_route` how many each rule would have taken (none: under the empty name),
    `by_team` how many would have gone to each team. `differ` counts those that went otherwise, `moved` from which
    team to which (`service → billing`), `examples` are the first of them.
    """

    looked_at: int = 0
    by_route: dict[str, int] = Field(default_factory=dict)
    by_team: dict[str, int] = Field(default_factory=dict)
    differ: int = 0
    moved: dict[str, int] = Field(default_factory=dict)
    examples: tuple[Tried, ...] = ()


def differences(case: Case, then: Then, default_team: str) -> tuple[str, ...]:
    """In what a rule's outcome is unlike a case as it is, down to the team it is in where no rule names one."""
    return tuple(_differences(case, then, default_team))


def _differences(case: Case, then: Then, default_team: str) -> Iterator[str]:
    team = default_team if then.team is None else then.team
    if team != case.team:
        yield f"team: {team or 'none'}, was {case.team or 'none'}"
    if then.agent is not None and then.agent != case.assignee:
        yield f"agent: {then.agent}, was {case.assignee or 'nobody'}"
    if then.priority is not None and then.priority != case.priority:
        yield f"priority: {then.priority}, was {case.priority}"
    if missing := sorted(set(then.tags) - set(case.tags)):
        yield f"tags: {', '.join(missing)}"
    for skill, level in then.needs.items():
        if case.needs.get(skill) != level:
            yield f"needs: {skill} {level}, was {case.needs.get(skill, 0)}"
    yield from _fields(case, then)
    if then.spam != case.spam:
        yield "spam" if then.spam else "was spam"
    if then.quiet and case.open:
        yield "quiet: nobody has to answer"


def _fields(case: Case, then: Then) -> Iterator[str]:
    for name, value in then.fields.items():
        was = word(case.fields.get(name, "none"))
        if was != word(value):
            yield f"{name}: {word(value)}, was {was}"
