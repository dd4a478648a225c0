"""A message in a handler's hands: the only object with behaviour."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from omnichannel.awaiting import is_plain
from omnichannel.errors import Unsupported, UsageError
from omnichannel.inbox.apologies import check_apology
from omnichannel.inbox.composing import Composed, Said, compose, enqueue, parts_of
from omnichannel.inbox.continuing import By
from omnichannel.inbox.conversations import Conversations, assign, note
from omnichannel.inbox.correcting import set_closed
from omnichannel.inbox.ordering import Asked
from omnichannel.model import Address, Conversation, Customer, Message
from omnichannel.store import Tx, agents, orders
from omnichannel.store.queue import Task

if TYPE_CHECKING:
    from omnichannel.inbox.base import Base

Handler = Callable[["Incoming"], Awaitable[None]]


def check_handler(handler: object) -> None:
    """Raise UsageError for what is surely no handler: it would fail on every message, half done."""
    if not callable(handler):
        raise UsageError(f"{handler!r} cannot be called: give a handler, `async def answer(incoming): …`")
    if is_plain(handler):
        name = getattr(handler, "__name__", type(handler).__name__)
        raise UsageError(
            f"the handler {name} is no coroutine function: write `async def {name}(incoming)`, and await what it "
            "asks of `incoming`"
        )


async def called(handler: Handler, incoming: Incoming) -> None:
    """Let a handler do its work. Raises what it raises, and UsageError where it gave nothing to await."""
    doing: object = handler(incoming)
    if not inspect.isawaitable(doing):
        name = getattr(handler, "__qualname__", type(handler).__qualname__)
        raise UsageError(f"the handler {name} gave nothing to await: write it with `async def`")
    await doing


class Incoming:
    """What a customer just said, where it belongs, and who they are proven to be.

    What a handler does here is only decided on: it is committed once, together with "handled", after the last
    handler returned. A handler that raises, or a process that dies, has done nothing, and the message is handed
    out again. A message may therefore be seen more than once; what was answered to it is sent once.
    """

    def __init__(
        self, inbox: Base, task: Task, message: Message, conversation: Conversation, customer: Customer
    ) -> None:
        self.message = message
        self.conversation = conversation
        self.customer = customer
        self._inbox = inbox
        self.task = task
        self.acts: list[Callable[[Tx], object]] = []

    async def reply(
        self,
        said: Said,
        *,
        on: str | None = None,
        public: bool | None = None,
        agent: str = "",
        subject: str = "",
        automatic: bool = True,
        idempotency_key: str = "",
    ) -> None:
        """Answer: on the channel the customer wrote on, or `on` another one; raises at once what cannot be said.

        `automatic` is what a program says; pass False when a person decided on the words, which are then refused as
        `Conversations.reply` refuses an apology that says nothing else. One message is answered
        once without an `idempotency_key`; with one, several messages are (`Conversations.reply`).
        """
        if self.message.automatic and automatic:
            raise Unsupported("a machine wrote this message; answering it by machine is how mail loops begin")
        asked = Asked(parts_of(said), on, public, subject, agent, automatic)
        key = asked.key(idempotency_key, "reply", self.conversation.id)
        order = replace(asked.order(self.task.conversation, key), answers=self.task.message)

        def prepare(tx: Tx) -> Composed | None:
            if orders.known(tx, key) is not None:
                return None
            check_apology(tx, self._inbox.plan, order)
            return compose(tx, self._inbox.channels, order, self._inbox.rules)

        prepared = await self._inbox.run_job(prepare)
        if prepared is not None:
            composed = self._inbox.rendered(prepared)
            self.acts.append(lambda tx: enqueue(tx, self._placed(composed)))

    async def note(self, text: str, *, agent: str = "") -> None:
        """Leave a note that only we can see; raises NotFound for an unknown agent."""
        if not text.strip():
            raise UsageError("there is nothing to note: give some words")
        await self._known(agent)
        self.acts.append(lambda tx: note(tx, self.task.conversation, text, agent))

    async def assign(self, agent: str) -> None:
        """Give the conversation to an agent by name; raises NotFound."""
        await self._known(agent)
        self.acts.append(lambda tx: assign(tx, self.task.conversation, agent, ""))

    async def close(self) -> None:
        """Close the conversation."""
        self.acts.append(lambda tx: set_closed(tx, self.task.conversation, closed=True, actor=""))

    async def continue_on(
        self, account: str, *, by: By = "link", to: Address | None = None, life: timedelta | None = None
    ) -> str:
        """A link or code that carries this conversation to another account; see `Conversations.continue_on`."""
        box = Conversations(self._inbox)
        return await box.continue_on(self.conversation.id, account, by=by, to=to, life=life)

    async def signal(self, sign: str = "typing") -> bool:
        """Show the customer a passing sign at once, `typing` or `seen`; whether it was taken. Raises Unsupported."""
        return await Conversations(self._inbox).signal(self.conversation.id, sign)

    def _placed(self, composed: Composed) -> Composed:
        """An answer in the conversation that its message stands in by now."""
        return replace(composed, order=replace(composed.order, conversation=self.task.conversation))

    async def _known(self, agent: str) -> None:
        if agent:
            await self._inbox.run_job(lambda tx: agents.agent(tx, agent))
