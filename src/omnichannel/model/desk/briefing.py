"""A customer in a few lines: who they are, what is open, what was promised, and how they sound."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

from omnichannel.model.address import Purpose
from omnichannel.model.base import UtcTime, Value
from omnichannel.model.desk.questions import Question


class Line(Value):
    """Something that was said: its beginning, in which message, when, and by whom of ours (empty: the customer)."""

    text: str
    message: str
    at: UtcTime
    by: str = ""


class Promise(Value):
    """A sentence of ours that promises something, word for word, and by which day (UTC)."""

    text: str
    message: str
    at: UtcTime
    by: str = ""
    due: date


class Tone(Value):
    """How the last messages sound: from -1 (hostile) over 0 (matter-of-fact) to 1 (delighted), and which they are."""

    value: Annotated[float, Field(ge=-1, le=1)]
    messages: tuple[str, ...]


class Briefing(Value):
    """A customer in a few lines, each with the message that it is taken from. Nothing in it is made up.

    `purpose` is what for: to disclose only what is proven is theirs; to assist, also what they only say (`unproven`:
    some of it is that). `kinds` are the channels that they wrote on, `since` when they first did. `conversations`
    counts all of theirs, `open_conversations` those that are open. `promises` are those of open conversations, and
    those whose day has not passed.
    """

    customer: str
    purpose: Purpose
    name: str = ""
    unproven: bool = False
    kinds: tuple[str, ...] = ()
    since: UtcTime | None = None
    conversations: int = 0
    open_conversations: int = 0
    questions: tuple[Question, ...] = ()
    promises: tuple[Promise, ...] = ()
    tone: Tone | None = None
    last_heard: Line | None = None
    last_answer: Line | None = None
