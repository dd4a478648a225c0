"""Which languages are listened to."""

from __future__ import annotations

from pydantic import Field

from omnichannel.desk.listening.dutch import DUTCH
from omnichannel.desk.listening.english import ENGLISH
from omnichannel.desk.listening.tongues import Tongue
from omnichannel.model import Value


class Listening(Value):
    """Questions are found in the languages of `tongues`, all of them at once: customers mix them.

    Of those that were answered, the last `keep` of a conversation stay beside the open ones.
    """

    tongues: tuple[Tongue, ...] = (ENGLISH, DUTCH)
    keep: int = Field(default=20, ge=0)
