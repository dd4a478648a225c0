"""Who answers: people and bots, what they can do, and whether they are there."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from omnichannel.model.access import Grant
from omnichannel.model.base import UtcTime, Value

Presence = Literal["online", "away", "offline"]
"""Whether somebody is there: `online` is given work, `away` keeps what can wait, `offline` has gone home."""

Level = Annotated[int, Field(ge=1, le=5)]
"""How well somebody can do something, from 1 (can help) to 5 (whom the others ask)."""


class Agent(Value):
    """Somebody, or something, who answers on behalf of the company.

    `teams`, `skills` (a name and a level from 1 to 5) and `languages` (BCP 47) say what they are given; `capacity`
    how much of it at a time, in weighted conversations (`Plan.weights`). `presence` says whether
    they work, until `present_until`, if there is an end to it.
    `grants` are the roles that they were given (`inbox.roles`); without any they have that of all people, or bots.
    `gone_at` is when they were let go (`desk.agents.let_go`); None: they answer here.
    """

    id: str
    name: str
    role: Literal["person", "bot"] = "person"
    email: str = ""
    teams: tuple[str, ...] = ()
    skills: dict[str, Level] = Field(default_factory=dict)
    languages: tuple[str, ...] = ()
    capacity: float = Field(default=5.0, ge=0)
    presence: Presence = "offline"
    present_until: UtcTime | None = None
    grants: tuple[Grant, ...] = ()
    gone_at: UtcTime | None = None
