"""Whose a conversation was at each moment, and how it stood: its record is walked through in order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from pydantic import JsonValue

from omnichannel.model.desk import Case, Change, Decision


@dataclass(slots=True)
class State:
    """A conversation at a moment: what was decided of it, and where the customer wrote last."""

    agent: str
    team: str
    open: bool
    spam: bool
    kind: str = ""
    account: str = ""

    def decided(self, changes: Iterable[Change]) -> None:
        """Something else is decided."""
        for change in changes:
            match change.field:
                case "assignee":
                    self.agent = str(change.after)
                case "team":
                    self.team = str(change.after)
                case "status":
                    self.open = change.after == "open"
                case "spam":
                    self.spam = bool(change.after)


def begun(case: Case, decisions: Sequence[Decision]) -> State:
    """How a case stood before anything was decided: as its first decisions found it."""
    now: Mapping[str, JsonValue] = {
        "assignee": case.assignee,
        "team": case.team,
        "status": case.conversation.status,
        "spam": case.spam,
    }
    before: dict[str, JsonValue] = {}
    for decision in decisions:
        for change in decision.changes:
            before.setdefault(change.field, change.before)
    was = {name: before.get(name, value) for name, value in now.items()}
    return State(
        agent=str(was["assignee"]),
        team=str(was["team"]),
        open=was["status"] == "open",
        spam=bool(was["spam"]),
    )


def standing(decisions: Sequence[Decision]) -> frozenset[str]:
    """The decisions that count: those that nobody took back, and none that only takes another back."""
    by_id = {one.id: one for one in decisions}

    def gone(one: Decision) -> bool:
        other = by_id.get(one.undone_by)
        return bool(one.undone_by) and (other is None or not gone(other))

    return frozenset(one.id for one in decisions if not one.undoes and not gone(one))


def in_order(moments: Iterable[datetime]) -> list[datetime]:
    """Moments that never go back: what stands later in a conversation was known later."""
    found: list[datetime] = []
    for moment in moments:
        found.append(max(moment, found[-1]) if found else moment)
    return found
