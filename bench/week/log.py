"""What the simulated world did and saw, in order: all that the judge counts by."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, NamedTuple


class Mark(NamedTuple):
    """One thing in one conversation: they `asked` on a channel, about a topic; we `answered`; and so on.

    `handed` says to which team an agent gave it, `sent` to which the desk did; `until` is when it is to come back.
    """

    at: datetime
    what: Literal["asked", "answered", "closed", "snoozed", "woken", "handed", "sent"]
    kind: str = ""
    topic: str = ""
    team: str = ""
    until: datetime | None = None


class Stint(NamedTuple):
    """When somebody was there, from one moment to another."""

    since: datetime
    until: datetime


@dataclass
class Log:
    """A week. `marks` are those of each conversation, by its number; `stints` are those of each person."""

    marks: dict[int, list[Mark]] = field(default_factory=lambda: defaultdict(list))
    gold: set[int] = field(default_factory=set)
    languages: dict[int, str] = field(default_factory=dict)
    stints: dict[str, list[Stint]] = field(default_factory=lambda: defaultdict(list))
    since: dict[str, datetime] = field(default_factory=dict)
    heard: int = 0
    said: int = 0
    refused: int = 0
    looks: int = 0
    lost: list[str] = field(default_factory=list)

    def note(self, conversation: int, mark: Mark) -> None:
        """Write down what was done or seen in a conversation."""
        self.marks[conversation].append(mark)

    def team(self, conversation: int) -> str:
        """Where a conversation was sent last."""
        sent = (mark.team for mark in reversed(self.marks[conversation]) if mark.team)
        return next(sent, "world")

    def openings(self, conversation: int) -> list[str]:
        """The topics with which rules were to be asked: of the first words, and of those in a closed conversation."""
        closed, topics = True, []
        for mark in self.marks[conversation]:
            if mark.what == "asked" and closed:
                topics.append(mark.topic)
            closed = mark.what == "closed" or (closed and mark.what != "asked")
        return topics

    def came(self, name: str, at: datetime) -> None:
        """Somebody is there from now on."""
        self.since.setdefault(name, at)

    def went(self, name: str, at: datetime) -> None:
        """Somebody is there no more."""
        if name in self.since:
            self.stints[name].append(Stint(self.since.pop(name), at))

    def there(self, name: str, at: datetime) -> bool:
        """Whether somebody was there at a moment, be it the one in which they came or went."""
        began = self.since.get(name)
        return (began is not None and began <= at) or any(
            one.since <= at <= one.until for one in self.stints[name]
        )

    def amid(self, name: str, at: datetime) -> bool:
        """Whether somebody was there before and after a moment: the desk may have looked just before they came."""
        began = self.since.get(name)
        return (began is not None and began < at) or any(
            one.since < at < one.until for one in self.stints[name]
        )
