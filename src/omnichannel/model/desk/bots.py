"""Bots at the desk: what they are shown, what became of each of their turns, and what they hand over with."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from omnichannel.model.base import UtcTime, Value
from omnichannel.model.desk.briefing import Briefing
from omnichannel.model.desk.questions import Question

Outcome = Literal["answered", "handed over", "unsure", "failed", "limited", "lost"]
"""What became of a bot's turn. `lost`: somebody else had the conversation when it was done, so nothing was said."""

Cost = Annotated[float, Field(ge=0)]
"""What a turn cost, in units of the bot's own: tokens, cents. They are only added up."""


class Spoken(Value):
    """One thing that was said: by the `customer`, by one of our people (`agent`), or by a `bot`, on which channel.

    It holds what was newly written alone: no quotes, signatures or attachments. `files` counts the attachments.
    """

    by: Literal["customer", "agent", "bot"]
    text: str
    at: UtcTime
    kind: str = ""
    files: int = 0


class BotTurn(Value):
    """One time that it was a bot's turn to speak, and what became of it; `outcome` None: it is not over.

    `attempts` counts how often the bot was asked: again, where it failed or died, or somebody wrote meanwhile.
    `message` is what it said. `draft` is what it would have said if it had been surer, or were not refused such an
    apology. `summary` is what it says of the conversation, in its own words; `because` is why it did not answer.
    """

    id: str
    conversation: str
    bot: str
    at: UtcTime
    outcome: Outcome | None = None
    attempts: int = 0
    confidence: Annotated[float, Field(ge=0, le=1)] | None = None
    cost: Cost = 0.0
    message: str = ""
    draft: str = ""
    summary: str = ""
    because: tuple[str, ...] = ()


class HandedOver(Value):
    """What whoever has a conversation now needs to know: who had it before, why it was handed over, and what is open.

    `by_bot`: a bot handed it over; then `summary` and `draft` are a machine's words, to be marked as that wherever
    they are shown. `questions` and `briefing` are taken from what was said, and from nothing else.
    """

    conversation: str
    decision: str
    at: UtcTime
    by: str
    by_bot: bool
    because: tuple[str, ...] = ()
    summary: str = ""
    draft: str = ""
    questions: tuple[Question, ...] = ()
    briefing: Briefing | None = None
