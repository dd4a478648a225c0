"""What is promised to customers, and how each promise stands: `Target` is the promise, `Clock` one time it holds.

Written as plain TOML tables:

    [[targets]]
    name = "chat for gold"
    what = "first"
    within = "1 min"
    kinds = ["webchat"]
    tiers = ["gold"]
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from omnichannel.model.base import UtcTime, Value

Priority = Literal["low", "normal", "high", "urgent"]
"""How urgent a case is, the least first."""

Timed = Literal["first", "next", "resolution", "window"]
"""What is timed: the first answer, each next answer, until it is closed, and how long the platform lets us answer."""

Pause = Literal["waiting", "snoozed"]
"""What may stop a clock: that we wait for the customer, that an agent put the case aside."""

State = Literal["running", "paused", "met", "missed", "dropped"]
"""How a clock stands: see `Clock`."""

_PARTS = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([a-z]+)\s*")
_UNITS = {
    "s": 1, "sec": 1, "second": 1, "seconds": 1,
    "m": 60, "min": 60, "minute": 60, "minutes": 60,
    "h": 3600, "hour": 3600, "hours": 3600,
}  # fmt: skip


def _length(given: object) -> object:
    if isinstance(given, bool | int | float):
        raise ValueError(f"{given} of what? Write a unit, as in 30 min or 4 h")  # noqa: TRY004 - pydantic's word
    if not isinstance(given, str) or given.startswith(("P", "-P")):
        return given
    if given.startswith("-"):
        length = _length(given[1:])
        return -length if isinstance(length, timedelta) else given
    seconds, at = 0.0, 0
    while found := _PARTS.match(given, at):
        if found[2] not in _UNITS:
            told = "; a working day has no length of its own" if found[2].startswith("d") else ""
            raise ValueError(f"{found[2]!r} is no unit here{told}; write h, min or s, as in 1 h 30 min")
        seconds, at = seconds + float(found[1]) * _UNITS[found[2]], found.end()
    if at < len(given) or not at:
        raise ValueError(f"{given[:40]!r} is no length of time; write it as in 30 min, 4 h or 1 h 30 min")
    return timedelta(seconds=seconds)


Length = Annotated[timedelta, BeforeValidator(_length)]
"""A length of time: a timedelta, or written as `30 min`, `4 h`, `1 h 30 min`, `-4 h`; ISO 8601 in JSON."""


class Target(Value):
    """A promise: what is to be done `within` which time, and for which cases.

    It is for channels of these `kinds`, these `teams`, customers of these `tiers`, and these `priorities`; what is
    left empty does not matter. `time` says what counts: `working` time, by the hours of the team, or `calendar`
    time, day and night. At a share `warn` of it somebody is warned (1: nobody is). What `pauses` it does not count;
    by default a resolution waits while we wait for the customer, and nothing else ever does.
    """

    name: str = Field(min_length=1)
    what: Timed
    within: Length = Field(gt=timedelta())
    kinds: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    tiers: tuple[str, ...] = ()
    priorities: tuple[Priority, ...] = ()
    time: Literal["working", "calendar"] = "working"
    warn: float = Field(default=0.8, gt=0, le=1)
    pauses: tuple[Pause, ...] = Field(
        default_factory=lambda given: ("waiting",) if given.get("what") == "resolution" else ()
    )

    @model_validator(mode="after")
    def _window_is_the_platforms(self) -> Self:
        if self.what == "window" and (self.time != "calendar" or self.pauses):
            raise ValueError(
                "no platform knows our hours: a window has time = 'calendar', and nothing pauses it"
            )
        return self


class Clock(Value):
    """One promise in one conversation: how it stands, by when it is to be kept, and why.

    `number` counts the clocks of its kind in the conversation. `state`:

    - `running`: `due_at` is when it will be missed.
    - `paused`: nothing counts at the moment. `due_at` is None unless it is known when the pause ends.
    - `met`: it ended before `due_at`.
    - `missed`: `due_at` came first. It may be unanswered still: then `ended_at` is None.
    - `dropped`: the conversation was closed before `due_at`, with nothing answered.

    `took` is what counted from `started_at` to `ended_at`, in the target's own time (working or calendar, without
    pauses); None until it ends. `warned`: the warning was given. `kind` is the channel by which it is due, `team`,
    `tier` and `priority` are those that chose the target.
    """

    what: Timed
    number: int = Field(default=1, ge=1)
    state: State
    target: str
    within: timedelta
    started_at: UtcTime
    due_at: UtcTime | None = None
    warn_at: UtcTime | None = None
    warned: bool = False
    ended_at: UtcTime | None = None
    took: timedelta | None = None
    kind: str = ""
    team: str = ""
    tier: str = ""
    priority: Priority = "normal"
    because: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """What it is called in its conversation: `first:1`, `next:3`."""
        return f"{self.what}:{self.number}"

    @property
    def speaks_at(self) -> UtcTime | None:
        """When something is to be said of it next, unless something happens before; None if never."""
        if self.ended_at or self.state == "missed" or self.due_at is None:
            return None
        return self.due_at if self.warned or self.warn_at is None else self.warn_at
