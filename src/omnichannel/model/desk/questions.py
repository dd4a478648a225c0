"""Questions: what a customer asked, word for word, and whether it was answered."""

from __future__ import annotations

from typing import Literal

from omnichannel.model.base import UtcTime, Value


class Question(Value):
    """Something that a customer asked, or asked for, and its exact place.

    It stands in `Message.text` of `message`, from the character `start` up to `end`, and reads `text`. `kind`: a
    question, or a `request` ("please send me…"). `answered_by` is the message that answered it, at `answered_at`;
    both are empty while it is open, and `answered_by` also where a person or the customer said that it is settled.
    `because` says why it counts as answered.
    """

    id: str
    message: str
    start: int
    end: int
    text: str
    kind: Literal["question", "request"]
    asked_at: UtcTime
    answered_at: UtcTime | None = None
    answered_by: str = ""
    because: str = ""

    @property
    def open(self) -> bool:
        """Whether nothing that was said answers it."""
        return self.answered_at is None
