"""Ratings: whether a customer was asked how we did, and what they said."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from omnichannel.model.base import UtcTime, Value

Stars = Annotated[int, Field(ge=1, le=5)]
"""From 1, bad, to 5, very good."""

Way = Literal["buttons", "digit", "link"]
"""How somebody is asked: with buttons to tap, for a digit to write, or by a link to a small page."""


class Given(Value):
    """One answer to the question how we did. `message` is what it stood in; empty where it came from the page."""

    stars: Stars
    words: str = ""
    at: UtcTime
    message: str = ""


class Rating(Value):
    """A customer's rating of one resolution of a conversation, or why there is none.

    `state`: it `waits` for the moment to ask; was `asked`; was `rated`; was `dropped` (`because` says why nobody was
    asked); or `declined`: this customer is asked no more. `agent` is who helped: who of ours gave most of the answers
    since the time before, of several the one who gave the last. `message` is the one that asked, on `account`.
    Answers are taken `until` then. `given` holds all of them in order: the last one counts.
    """

    id: str
    conversation: str
    state: Literal["waits", "asked", "rated", "dropped", "declined"]
    agent: str = ""
    team: str = ""
    account: str = ""
    kind: str = ""
    way: Way | None = None
    message: str = ""
    asked_at: UtcTime | None = None
    until: UtcTime | None = None
    because: str = ""
    given: tuple[Given, ...] = ()

    @property
    def stars(self) -> int | None:
        """What counts; None if there is no answer."""
        return self.given[-1].stars if self.given else None

    @property
    def words(self) -> str:
        """What they wrote beside it."""
        return self.given[-1].words if self.given else ""


class Score(Value):
    """Ratings counted together: of one agent, team, kind of channel or account (`name`).

    `asked` were asked, and `rated` of them answered; `stars` is how many gave 1, 2, 3, 4 and 5.
    """

    name: str
    asked: int
    rated: int
    stars: tuple[int, int, int, int, int]

    @property
    def mean(self) -> float | None:
        """The mean of what was given; None if nothing was."""
        whole = sum(place * count for place, count in enumerate(self.stars, 1))
        return whole / self.rated if self.rated else None

    @property
    def content(self) -> float | None:
        """Which share of those who answered gave 4 or 5; None if nobody did."""
        return (self.stars[3] + self.stars[4]) / self.rated if self.rated else None
