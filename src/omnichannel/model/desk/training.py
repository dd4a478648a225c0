"""What customers let be used for training, and what was said as training is given it."""

from __future__ import annotations

from omnichannel.model.base import UtcTime, Value
from omnichannel.model.desk.bots import Spoken


class Consent(Value):
    """That a customer lets what they say be used for training, or (`given=False`) does not any more.

    `proof` is where that can be looked up: the form that they ticked, with its version; the message in which they
    said so. `actor` is who wrote it down. Append-only: the last word counts.
    """

    customer: str
    given: bool
    proof: str
    actor: str = ""
    at: UtcTime


class Transcript(Value):
    """What one customer who agreed said in one conversation, and what we answered to them, in order."""

    conversation: str
    customer: str
    said: tuple[Spoken, ...]
