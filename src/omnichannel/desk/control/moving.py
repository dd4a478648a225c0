"""How a conversation goes from one to another. Exactly one has it before and after: who is assigned, or the queue.

passed      from whoever has it to somebody by name, a bot or a person
offered     from whoever has it to the queue: whoever takes it
taken       by a person, from a bot, the queue or another person: it is never refused
given_back  from a person to the bot that had it before them
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from omnichannel.errors import UsageError
from omnichannel.model import Agent
from omnichannel.model.desk import Case, Control, Decision


class Move(NamedTuple):
    """A decision of who has a conversation: the word for it, and what it changes of the case."""

    what: str
    changed: Mapping[str, object]


def holder(assignee: str, bots: Collection[str]) -> Control:
    """Who has a conversation that is assigned to somebody, or to nobody (empty)."""
    if not assignee:
        return "queue"
    return "bot" if assignee in bots else "agent"


def pass_on(to: Agent, bots: Collection[str]) -> Move:
    """Give it to somebody by name. Raises UsageError for a bot that nobody runs."""
    if to.role == "bot" and to.name not in bots:
        known = ", ".join(sorted(bots)) or "none"
        raise UsageError(
            f"the plan has no bot called {to.name!r}, so nobody would answer; there are: {known}"
        )
    return Move("passed", {"assignee": to.name})


def offer(team: str | None) -> Move:
    """Give it to whoever takes it, of a team; None: of the one where it is."""
    return Move("offered", {"assignee": ""} | ({} if team is None else {"team": team}))


def take(by: Agent) -> Move:
    """A person takes it. Raises UsageError for a bot: those are given what they have."""
    if by.role == "bot":
        raise UsageError(f"{by.name} is a bot, and takes nothing by itself: pass it on to it")
    return Move("taken", {"assignee": by.name})


def give_back(case: Case, decided: Sequence[Decision], bots: Collection[str]) -> Move:
    """Give it to the bot that had it last. Raises UsageError where none had, or one has it."""
    if case.control == "bot":
        raise UsageError(f"{case.assignee} has it already")
    before = [
        change.before for one in reversed(decided) for change in one.changes if change.field == "assignee"
    ]
    bot = next((str(name) for name in before if name in bots), None)
    if bot is None:
        raise UsageError("no bot had this conversation before; pass it on to one by name")
    return Move("given_back", {"assignee": bot})
