"""Who of ours may do what, and what they did: permissions, verdicts, and the acts on the trail."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from omnichannel.model.base import UtcTime, Value

Permission = Literal[
    "read", "history", "likely", "answer", "work", "assign", "correct", "identify", "export", "erase", "freeze",
    "report", "people", "grant", "connect", "operate", "raw", "trail",
]  # fmt: skip
"""What somebody may do. Each method of the inbox needs one of them (docs/howto/roles.md has the table).

`read` conversations and cases, `history` a customer's whole history as it is proven, `likely` what is only claimed
or alike, too. `answer` customers, `work` on a case (tag, snooze, close), `assign` it to others, `correct` where
messages were placed, change many cases at once and block, `identify` customers, `export` what is kept of one, `erase`
it or let it go by age, and `freeze` it. `report` on all that is done, see to the `people` who answer, `grant` them
roles, `connect` other systems, `operate` the machine, see `raw` deliveries, and read the `trail`.
"""

Reach = Literal["own", "teams", "all"]
"""Which cases a role is about: `own` what is theirs or they follow, `teams` also their teams' and nobody's, `all`."""


class Grant(Value):
    """A role that somebody has: everywhere in the workspace, or for some `teams` alone."""

    role: str = Field(min_length=1)
    teams: tuple[str, ...] = ()


class Verdict(Value):
    """Whether somebody may do something, and why, in a sentence for them. True where they may."""

    allowed: bool
    because: str

    def __bool__(self) -> bool:
        return self.allowed


class Act(Value):
    """What somebody did, or saw, or was refused, through one method of the inbox: a line of the trail.

    `actor` is the agent's name, `method` what they called (`conversations.reply`), `permission` what that needs.
    `because` is the reason that they gave. `conversations`, `customers` and `messages` are the ids of what it was
    about; those of what was erased since lead nowhere.
    """

    id: str
    at: UtcTime
    actor: str
    method: str
    permission: Permission
    allowed: bool = True
    because: str = ""
    conversations: tuple[str, ...] = ()
    customers: tuple[str, ...] = ()
    messages: tuple[str, ...] = ()


class Gone(Value):
    """How much of something goes by its age, or went: of what, of which account, of which day (UTC).

    `account` is empty where it is no account's. `went_on` is the day on which it went; None in a dry run.
    """

    what: str
    account: str = ""
    day: date
    count: int
    went_on: date | None = None


class Seal(Value):
    """How far the trail was at a moment: for each of its chains the last act's number and mark.

    Kept outside of the database it shows later that nothing of what it covers was changed, or cut off at the end.
    """

    workspace: str
    at: UtcTime
    ends: dict[int, tuple[int, str]]


class Checked(Value):
    """What a look at the whole trail found: how many acts in how many chains, and what is `wrong`, in sentences."""

    acts: int
    chains: int
    wrong: tuple[str, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether nothing is wrong."""
        return not self.wrong
