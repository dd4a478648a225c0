"""What clocks hear of a case: what was said in it, and what was decided of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from omnichannel.desk.clocks import Answered, Asked, Filed, Mark, Snoozed, Turned
from omnichannel.desk.folding import WROTE, Heard
from omnichannel.model import Direction
from omnichannel.model.desk import Change, Decision

_FACTS = ("team", "tier", "priority")


def marks_of_heard(heard: Iterable[Heard]) -> Iterator[Mark]:
    """What was said. What a machine of theirs wrote asks nothing, nor does what was said before we were here."""
    for one in heard:
        if one.past:
            continue
        if one.direction is Direction.INBOUND and not one.automatic:
            yield Asked(at=one.at, kind=one.kind)
        elif one.direction is Direction.OUTBOUND:
            yield Answered(at=one.at, by="person" if one.person else "bot" if one.bot else "automatic")


def marks_of_decision(decision: Decision) -> Iterator[Mark]:
    """What was decided, as far as clocks mind; what the customer's own words changed is heard in them."""
    if decision.because != (WROTE,):
        yield from marks_of_changes(decision.changes, decision.at)


def marks_of_changes(changes: Iterable[Change], at: datetime) -> Iterator[Mark]:
    """What changed at a moment, as far as clocks mind."""
    after = {change.field: change.after for change in changes}
    facts = {name: after[name] for name in _FACTS if name in after}
    if facts:
        yield Filed.model_validate({"at": at, **facts})
    if "status" in after:
        yield Turned(at=at, to="closed" if after["status"] == "closed" else "open")
    if "snoozed_until" in after:
        until = after["snoozed_until"]
        yield Snoozed.model_validate({"at": at, "until": until}) if until else Turned(at=at, to="ours")
