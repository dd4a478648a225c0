"""One thing done with many cases at once: what, how far it has come, and what was left."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from omnichannel.model.base import UtcTime, Value
from omnichannel.model.desk.case import Case, FollowUp
from omnichannel.model.desk.clocks import Priority
from omnichannel.model.desk.fields import CustomName, CustomValue
from omnichannel.model.desk.views import View, Which

BatchState = Literal["gathering", "working", "done", "undoing", "undone"]
"""How far a batch has come: its cases are gathered, each is changed, and all that may be taken back."""

WhichCases = View | Which | str | Sequence[str]
"""Which cases: a view, what they are to be, the name of a view, or a list of `Conversation.id`."""

_Tag = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


class Action(Value):
    """What is done with each case; what is not given stays as it is.

    `assignee` and `team` may be `""`: nobody's. `tags` are put on, those of `untag` taken off. `fields` are of the
    case; None empties one. `spam` closes, too. `follow_up` takes the place of the one that there is; its note is of
    all of them, and stays with the batch when one of their customers is erased. `followed_up` says that it was done,
    or is not wanted any more.
    """

    assignee: str | None = None
    team: str | None = None
    status: Literal["open", "closed"] | None = None
    priority: Priority | None = None
    tags: tuple[_Tag, ...] = ()
    untag: tuple[_Tag, ...] = ()
    snoozed_until: UtcTime | None = None
    spam: bool | None = None
    follow_up: FollowUp | None = None
    followed_up: bool = False
    fields: dict[CustomName, CustomValue | None] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _does_something(self) -> Self:
        said = {name for name, value in self if value not in (None, (), {})}
        said -= set() if self.followed_up else {"followed_up"}
        if not self.model_fields_set & said:
            raise ValueError('an action does nothing; give one, such as Action(status="closed")')
        if self.spam and self.status == "open":
            raise ValueError("what is marked as spam is closed; leave the status out")
        if self.follow_up and self.followed_up:
            raise ValueError("what is to be followed up was not followed up yet; give one of the two")
        return self


class Batch(Value):
    """One action on many cases, by `actor`, and how far it has come.

    Of its `cases` (so far, while it is `gathering`) so many are `waiting`, were `changed`, were so already (`same`),
    were `left` as they were, were taken back (`undone`), or `kept` as somebody changed them since;
    `desk.bulk.leftovers` tells why.
    """

    id: str
    state: BatchState
    action: Action
    actor: str = ""
    because: str = ""
    at: UtcTime
    ended_at: UtcTime | None = None
    undone_by: str = ""
    cases: int = 0
    waiting: int = 0
    changed: int = 0
    same: int = 0
    left: int = 0
    undone: int = 0
    kept: int = 0


class Leftover(Value):
    """A case that a batch left as it was, or that stayed changed when the batch was taken back, and why."""

    conversation: str
    because: str


class Foreseen(Value):
    """What an action would do: to how many `cases`, of which so many would change; the first of these."""

    cases: int
    changing: int
    examples: tuple[Case, ...] = ()
