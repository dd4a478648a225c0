"""What could be said: prepared by the desk, for somebody to look at before it is sent."""

from __future__ import annotations

from typing import Literal

from omnichannel.model.base import UtcTime, Value

Occasion = Literal["thanks", "private"]
"""What it is for: to thank for a compliment; to go on in private with a complaint that everybody can read."""


class Proposed(Value):
    """Something that could be said in a conversation, once for each occasion.

    It answers a message, `answers`, and goes to whoever wrote that. Where `{link}` stands in `text`, a link to the
    account `on` is put when it is sent: it works once, and lives from then on. `state`: it `waits` for a person, is
    to go out `by itself`, was `sent` (as `message`) or `dropped`. `because` says why it was proposed, and why it was
    not sent by itself where the plan says that it should.
    """

    conversation: str
    occasion: Occasion
    answers: str = ""
    text: str
    on: str = ""
    state: Literal["waits", "by itself", "sent", "dropped"] = "waits"
    because: tuple[str, ...] = ()
    message: str = ""
    at: UtcTime
