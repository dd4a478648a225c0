"""`inbox.desk.proposals`: what the desk proposes to say, looked at, sent or dropped by a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omnichannel.inbox.conversations import number_of
from omnichannel.inbox.desk.alone import take_desk
from omnichannel.inbox.desk.proposing import Sending, send, waiting
from omnichannel.model.desk import Proposed
from omnichannel.model.desk.proposed import Occasion
from omnichannel.store import Tx, agents
from omnichannel.store.desk import proposals

if TYPE_CHECKING:
    from omnichannel.inbox.base import Base


class Proposals:
    """What could be said in a conversation (`Conversation.id`), once for each occasion."""

    def __init__(self, inbox: Base) -> None:
        self._inbox = inbox

    async def of(self, conversation: str) -> list[Proposed]:
        """Everything that was proposed, whatever became of it. Raises NotFound for an unknown conversation."""
        return await self._inbox.run_job(
            lambda tx: proposals.of_conversation(tx, number_of(tx, conversation))
        )

    async def send(
        self, conversation: str, occasion: Occasion, *, text: str = "", agent: str = "", seen: str = ""
    ) -> Proposed:
        """Send a proposal as an agent's answer, in their own words if `text` is given; `{link}` becomes a link.

        `seen` is the last message that they saw: see `conversations.reply`.
        Raises NotFound where nothing was proposed for that, or for an unknown agent; Conflict where it was sent or
        dropped before; and what `conversations.reply` raises.
        """
        number = await self._inbox.run_job(lambda tx: number_of(tx, conversation))
        return await send(self._inbox, Sending(number, occasion, agent, text, seen=seen))

    async def drop(self, conversation: str, occasion: Occasion, *, agent: str = "") -> Proposed:
        """Do not say it; nothing is proposed for the same occasion again. Raises NotFound and Conflict as `send`."""

        def job(tx: Tx) -> Proposed:
            take_desk(tx, self._inbox)
            if agent:
                agents.agent(tx, agent)
            number = number_of(tx, conversation)
            dropped = waiting(tx, number, occasion).model_copy(update={"state": "dropped"})
            proposals.keep(tx, number, dropped)
            return dropped

        return await self._inbox.run_job(job)
