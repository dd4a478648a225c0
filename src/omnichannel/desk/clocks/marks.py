"""What clocks hear of a conversation: who asked and answered, what was decided, and what was said of a clock."""

from __future__ import annotations

from typing import Literal

from omnichannel.model import UtcTime, Value
from omnichannel.model.desk import Clock, Priority


class Asked(Value):
    """The customer wrote, on a channel of this `kind`. What a machine of theirs sent by itself asks nothing."""

    at: UtcTime
    kind: str


class Answered(Value):
    """One of ours wrote to the customer. What was sent `automatic`ally answers nothing.

    `waits`: now it is the customer's turn. It is not after "I am looking into it": that answers, and the resolution
    goes on counting.
    """

    at: UtcTime
    by: Literal["person", "bot", "automatic"] = "person"
    waits: bool = True


class Turned(Value):
    """Somebody said how it stands: it waits for the customer, is ours again, is closed, or open again."""

    at: UtcTime
    to: Literal["waiting", "ours", "closed", "open"]


class Snoozed(Value):
    """An agent put the case aside, until then or until the customer writes."""

    at: UtcTime
    until: UtcTime


class Filed(Value):
    """Where the case belongs was said anew: its team, the customer's tier, its priority; None is as before."""

    at: UtcTime
    team: str | None = None
    tier: str | None = None
    priority: Priority | None = None


class Told(Value):
    """Something was said of a clock, and is never taken back: a warning, that it was missed, how it ended."""

    at: UtcTime
    what: Literal["warned", "missed", "ended"]
    clock: Clock


Happened = Asked | Answered | Turned | Snoozed | Filed
Mark = Happened | Told
