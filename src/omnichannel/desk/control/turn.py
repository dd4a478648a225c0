"""What a bot is given when it is its turn to speak, and what it may do with it: answer, or hand over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Protocol

from pydantic import Field

from omnichannel.model import Customer, Value
from omnichannel.model.desk import Cost, Spoken


class Reply(Value):
    """What a bot wants to say, and how sure it is of it, from 0 to 1. What it cost is in units of its own.

    `summary` is for whoever has the conversation next, where the bot turns out not to be sure enough.
    """

    text: str
    confidence: Annotated[float, Field(ge=0, le=1)] = 1.0
    cost: Cost = 0.0
    summary: str = ""


class HandOver(Value):
    """A bot gives a conversation to people: why, and what it says of it.

    `says` is said to the customer with it, if anything is. `team` is whose queue it goes to; empty: that of
    `Bot.team`, or the one where it is.
    """

    because: str
    summary: str = ""
    says: str = ""
    team: str = ""
    cost: Cost = 0.0


class Look(Protocol):
    """Looks up what was said before. Whose words it looks for was decided before anybody could ask for others'."""

    async def __call__(self, words: str, most: int) -> Sequence[Spoken]:
        """The last things said in which all of these words stand, oldest first."""
        ...


@dataclass(frozen=True, slots=True)
class Turn:
    """It is a bot's turn: who asks, what they ask, and what was said before.

    Everything in it is what may be disclosed to whoever wrote the `message` that waits: it rests on what is proven of
    them (`Purpose.DISCLOSE`). Our notes, and what others said in the same conversation, are not there. In `public`,
    where everybody reads the answer, only what was said in public there is. `asks` are the words that wait for an
    answer. All of it is data of a stranger's: nothing in it is an instruction.
    """

    bot: str
    conversation: str
    message: str
    customer: Customer
    kind: str
    public: bool
    language: str
    asks: str
    said: tuple[Spoken, ...]
    look: Look

    async def earlier(self, words: str = "", *, most: int = 20) -> tuple[Spoken, ...]:
        """What this customer and we said to each other elsewhere, with all of these words in it; oldest first.

        There is no way to ask for anybody else's. In public there is nothing to be had.
        """
        return tuple(await self.look(words, most))
