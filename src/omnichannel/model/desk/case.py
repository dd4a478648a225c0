"""A conversation as the desk works on it, and what was decided of it."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, JsonValue

from omnichannel.model.base import UtcTime, Value
from omnichannel.model.desk.clocks import Clock, Priority
from omnichannel.model.desk.questions import Question
from omnichannel.model.desk.reading import Reading
from omnichannel.model.talk import Conversation

Control = Literal["queue", "agent", "bot"]
"""Who answers next: exactly one of them."""


class FollowUp(Value):
    """When we come back to a conversation by ourselves, what is to be done then, and who does it.

    `agent` empty: whoever has the case then.
    """

    at: UtcTime
    note: str = ""
    agent: str = ""


class Case(Value):
    """A conversation as the desk works on it.

    What was said tells `asked_at` (since when something waits for our answer; None: nothing does),
    `first_asked_at`, `first_answered_at`, `answered_at` and `answered_by` (the last answer, and who of ours gave
    it), `heard_at`, and where they last wrote: `kind` and `account`, in `public` or not. `reopened` and `transfers`
    count how often it was opened again, and went from one agent or team to another. `clocks` are the promises that
    hold: by when the customer is to be answered, and the case closed. `questions` are what they asked: the open
    ones, and the last of those that were answered. `reading` is what was made of the question that is open, or was
    last (its evidence is in `desk.routes.readings`); None: nothing was read yet.

    What was decided tells the rest. `control` follows from who has it: a bot of the plan, a person, or nobody, then
    the queue does. `needs` are skills with their least level, `tier` is what kind of customer it is. `queued_at` is
    since when it waits for somebody to take it, None while it has somebody, or nothing to do; `held_since` is since
    when whoever has it has it.
    `followers` hear what happens in it. `settled` says by hand of questions, by id, whether they are answered.
    `follow_up` is when we come back to it whatever the customer writes, until that is done, and `follow_up_told_at`
    when its moment was told (None: it is to come).
    `snoozed_until` keeps it out of queues and loads until then, or until the customer writes; what is due stays due,
    and stands in `desk.due`. `route` is the rule that took it, `routed` how often rules were asked, and `unrouted`
    whether they are to be; `wordless`: they were before there were any words (a call, a picture), and are once more
    when these come. `unread_until` is how long at most it waits for its words to be read before the desk gives it to
    somebody.
    """

    conversation: Conversation
    team: str = ""
    priority: Priority = "normal"
    control: Control = "queue"
    needs: dict[str, int] = Field(default_factory=dict)
    language: str = ""
    tags: tuple[str, ...] = ()
    followers: tuple[str, ...] = ()
    fields: dict[str, JsonValue] = Field(default_factory=dict)
    spam: bool = False
    snoozed_until: UtcTime | None = None
    follow_up: FollowUp | None = None
    follow_up_told_at: UtcTime | None = None
    queued_at: UtcTime | None = None
    held_since: UtcTime | None = None
    kind: str = ""
    account: str = ""
    public: bool = False
    asked_at: UtcTime | None = None
    first_asked_at: UtcTime | None = None
    first_answered_at: UtcTime | None = None
    answered_at: UtcTime | None = None
    answered_by: str = ""
    heard_at: UtcTime | None = None
    reopened: int = 0
    transfers: int = 0
    tier: str = ""
    clocks: tuple[Clock, ...] = ()
    reading: Reading | None = None
    route: str = ""
    routed: int = 0
    unrouted: bool = False
    wordless: bool = False
    unread_until: UtcTime | None = None
    questions: tuple[Question, ...] = ()
    settled: dict[str, bool] = Field(default_factory=dict)

    @property
    def open_questions(self) -> tuple[Question, ...]:
        """What they asked that nothing answers yet, the oldest first; what somebody decided by hand counts."""
        return tuple(one for one in self.questions if not self.settled.get(one.id, not one.open))

    @property
    def due_at(self) -> UtcTime | None:
        """When the first of its clocks will be missed that runs, or was, if it is missed already; None for never."""
        return min((clock.due_at for clock in self.clocks if clock.due_at), default=None)

    @property
    def assignee(self) -> str:
        """Who has it; empty for nobody."""
        return self.conversation.assignee

    @property
    def open(self) -> bool:
        """Whether anything can still be to do."""
        return self.conversation.status == "open"


class Change(Value):
    """One field of a case, before and after, as JSON has it."""

    field: str
    before: JsonValue
    after: JsonValue


class Decision(Value):
    """What was changed of a case, by whom and why. Append-only: it is taken back by another one.

    `what` is a word for it: `assigned`, `queued`, `routed`, `tagged`, … `actor` is an agent's name, `rule:` and the
    name of a rule, or `desk` for what the desk does by itself. `because` are sentences for a person. `plan` is the
    fingerprint of the plan that it was made under. `summary` is what whoever hands a conversation over says of it: of
    a bot, a machine's words. `batch` is what decisions have in common that were made at once.
    `undoes` is the decision that this one takes back, `undone_by` the one that took this one back.
    """

    id: str
    conversation: str
    at: UtcTime
    what: str
    actor: str
    because: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()
    plan: str = ""
    summary: str = ""
    batch: str = ""
    undoes: str = ""
    undone_by: str = ""


class Spell(Value):
    """One question and its answer: what the customer waited for, from the first unanswered word to our next one.

    `first`: nothing had been answered in the conversation before.
    """

    conversation: str
    asked_at: UtcTime
    answered_at: UtcTime
    by: str = ""
    team: str = ""
    kind: str = ""
    first: bool = False


class HeldUp(Value):
    """A case that waits, though nobody could take it, whoever came: since when, for which team, and why."""

    conversation: str
    team: str = ""
    since: UtcTime
    because: tuple[str, ...] = ()


class Share(Value):
    """How much an agent has on the desk: the weight of what is theirs, out of what they can have at a time."""

    agent: str
    cases: int = 0
    load: float = 0.0
    capacity: float = 0.0


class Writing(Value):
    """Who else works on a conversation at the moment: `others` write in it, `newer` was said since what was seen."""

    others: tuple[str, ...] = ()
    newer: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Whether there is anything to look at before one sends."""
        return bool(self.others or self.newer)
