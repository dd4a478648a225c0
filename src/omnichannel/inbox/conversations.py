"""`inbox.conversations`: answering, noting, assigning, closing, and putting right what was placed wrongly."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, TypeVar

from omnichannel.channel import Channel
from omnichannel.errors import NotFound, UsageError
from omnichannel.inbox import continuing, correcting
from omnichannel.inbox.apologies import check_apology, refusal
from omnichannel.inbox.composing import (
    Composed,
    Order,
    Reach,
    Said,
    chosen,
    compose,
    enqueue,
    parts_of,
    reach,
)
from omnichannel.inbox.ordering import Asked
from omnichannel.inbox.placing import thread_key
from omnichannel.inbox.preview import preview
from omnichannel.model import Address, Conversation, Direction, Message, Preview, Text
from omnichannel.store import Tx, agents, conversations, messages, orders, people, records
from omnichannel.threads import correct

if TYPE_CHECKING:
    from omnichannel.inbox.base import Base

T = TypeVar("T")


class Conversations:
    """Everything about conversations. Ids are those of `Conversation.id` and `Message.id`."""

    def __init__(self, inbox: Base) -> None:
        self._inbox = inbox

    # -------------------------------------------------------------------------------------------- looking

    async def get(self, conversation: str) -> Conversation:
        """A conversation by id; raises NotFound."""
        return await self._run(lambda tx: conversations.conversation(tx, number_of(tx, conversation)))

    async def open(
        self, *, assignee: str | None = None, frozen: bool = False, most: int = 100
    ) -> list[Conversation]:
        """Open conversations, the one that waited longest first; only one agent's, or nobody's (`""`).

        Those of customers whose data are frozen stand in no list, unless `frozen` asks for them alone.
        """
        return await self._run(
            lambda tx: conversations.conversations(tx, assignee=assignee, frozen=frozen, most=most)
        )

    async def closed(self, *, frozen: bool = False, most: int = 100) -> list[Conversation]:
        """Closed conversations, the oldest first; `frozen` as for `open`."""
        return await self._run(
            lambda tx: conversations.conversations(tx, closed=True, frozen=frozen, most=most)
        )

    async def messages(self, conversation: str, *, most: int = 1000) -> list[Message]:
        """What was said in a conversation on all its channels, in order: the last so many messages."""
        return await self._run(lambda tx: messages.of_conversation(tx, number_of(tx, conversation), most))

    async def message(self, message: str) -> Message:
        """A message by id; raises NotFound."""
        return await self._run(lambda tx: messages.message(tx, tx.ids.find("message", message)))

    # ------------------------------------------------------------------------------------------ answering

    async def reply(
        self,
        conversation: str,
        said: Said,
        *,
        agent: str = "",
        on: str | None = None,
        public: bool | None = None,
        subject: str = "",
        automatic: bool = False,
        seen: str = "",
        idempotency_key: str = "",
    ) -> Message:
        """Answer the customer: on the account they last wrote on, or `on` an account or kind of channel.

        In public if what is answered was public, unless `public` says otherwise. Returns the queued message;
        how far it came is in its `sendings`. The same order under the same `idempotency_key` is one message, however
        often and from wherever it comes: it is returned as it stands, and nothing is sent. `seen` is the last message
        that whoever answers saw (`Message.id`). Raises Conflict, and sends nothing, if the customer or another of
        ours said something since; Unsupported, TooLarge or WindowClosed, at once, with what is possible instead;
        NotFound for an unknown conversation, agent or `seen`; KeyConflict for a key under which something else was
        ordered; UsageError for an apology that says nothing else, where the desk's plan refuses it, unless a program
        says it (`automatic`).
        """
        asked = Asked(parts_of(said), on, public, subject, agent, automatic)
        key = asked.key(idempotency_key, "reply", conversation)

        def prepare(tx: Tx) -> Composed | Message:
            if (earlier := orders.known(tx, key)) is not None:
                return messages.message(tx, earlier)
            order = asked.order(
                number_of(tx, conversation), key, tx.ids.find("message", seen) if seen else None
            )
            check_apology(tx, self._inbox.plan, order)
            return compose(tx, self._inbox.channels, order, self._inbox.rules)

        prepared = await self._run(prepare)
        if isinstance(prepared, Message):
            return prepared
        composed = self._inbox.rendered(prepared)
        message = await self._run(lambda tx: messages.message(tx, enqueue(tx, composed)))
        self._inbox.ring()
        return message

    async def preview(
        self,
        conversation: str,
        said: Said,
        *,
        on: str | None = None,
        public: bool | None = None,
        subject: str = "",
    ) -> Preview:
        """What would become of an answer: its pieces, what is shown as words, or why it is refused. Sends nothing.

        Raises what `reply` raises when there is nobody to write to, or no such conversation.
        """
        parts = parts_of(said)

        def job(tx: Tx) -> tuple[Composed, str]:
            order = Order(number_of(tx, conversation), parts, on=on, public=public, subject=subject)
            because = refusal(tx, self._inbox.plan, order)
            return compose(tx, self._inbox.channels, order, self._inbox.rules), because

        composed, because = await self._run(job)
        return preview(self._inbox.channel(composed.account), composed.draft, because)

    async def signal(self, conversation: str, sign: str = "typing", *, on: str | None = None) -> bool:
        """Show the customer a passing sign, `typing` or `seen`, where they last wrote; whether it was taken.

        It is made at once, once, and not stored. Raises Unsupported where the channel shows no such sign.
        """

        def job(tx: Tx) -> Reach:
            return reach(tx, self._inbox.channels, number_of(tx, conversation), on)

        there = await self._run(job)
        heard = there.heard.external_id if there.heard else ""
        return await self._inbox.give_sign(there.channel, there.to, sign, heard)

    async def note(self, conversation: str, text: str, *, agent: str = "") -> Message:
        """Leave a note that only we can see; it never leaves on any channel. Raises NotFound."""
        if not text.strip():
            raise UsageError("there is nothing to note: give some words")
        return await self._run(
            lambda tx: messages.message(tx, note(tx, number_of(tx, conversation), text, agent))
        )

    async def assign(self, conversation: str, agent: str, *, actor: str = "") -> Conversation:
        """Give a conversation to an agent by name; `""` gives it back to nobody. Raises NotFound."""

        def job(tx: Tx) -> Conversation:
            number = number_of(tx, conversation)
            assign(tx, number, agent, actor)
            return conversations.conversation(tx, number)

        return await self._run(job)

    async def close(self, conversation: str, *, actor: str = "") -> Conversation:
        """Close a conversation; another message of the customer reopens it for some days."""
        return await self._set(conversation, actor, closed=True)

    async def reopen(self, conversation: str, *, actor: str = "") -> Conversation:
        """Open a closed conversation again."""
        return await self._set(conversation, actor, closed=False)

    async def _set(self, conversation: str, actor: str, *, closed: bool) -> Conversation:
        def job(tx: Tx) -> Conversation:
            number = number_of(tx, conversation)
            correcting.set_closed(tx, number, closed=closed, actor=actor)
            return conversations.conversation(tx, number)

        return await self._run(job)

    async def continue_on(
        self,
        conversation: str,
        account: str,
        *,
        by: continuing.By = "link",
        to: Address | None = None,
        life: timedelta | None = None,
    ) -> str:
        """A link, or a code, that carries this conversation to another account, to be given to the customer.

        `account` is a name or a kind. A `link` is followed; a `code` (`4071-5528-9136`) is typed there, dialled, or
        told to an agent (`redeem`), and can be printed. It works once, for `Rules.token_life` or `code_life` (or a
        `life` of its own: a letter is days under way), and from the address `to` alone, if that is known. Whoever
        uses it goes on in this conversation, and is the same customer from then on: give it only to the customer,
        on the channel they wrote on. Raises NotFound, Unsupported where none can come back, Conflict where nobody
        wrote or too many codes work already, UsageError for a `to` that is not of that channel.
        """
        channel = self._known(account)
        given = continuing.drawn(self._inbox, channel, by, to, life)

        def job(tx: Tx) -> str:
            return continuing.issue(tx, given, number_of(tx, conversation), channel, self._inbox.rules)

        return await self._run(job)

    async def redeem(
        self, code: str, *, on: str, agent: str, sender: Address | None = None, said: str = ""
    ) -> Conversation:
        """Go on with what a caller's code stands for, which they told an agent; the conversation.

        `on` is the account (or its kind) that the code was made for, where they speak now; `sender` the number that
        the telephone shows. What they `said` is left as a note. The call that they began is joined to the
        conversation; that the number is theirs stays a claim, because any number can be shown. Raises UsageError
        for a code that was misheard, NotFound for one that does not work, whatever the reason, and for an unknown
        account or agent; Conflict after too many wrong ones of this agent.
        """
        told = continuing.Told(continuing.read_out(code), self._known(on).name, agent, sender)

        def job(tx: Tx) -> Conversation | None:
            number = continuing.take(tx, told, self._inbox.rules)
            if number is None:
                return None  # and it stays counted
            begun = continuing.begun_by(tx, told, number)
            if begun is not None:
                correcting.join(tx, begun, number, agent)
            correcting.set_closed(tx, number, closed=False, actor=agent)
            if said.strip():
                note(tx, number, said, agent)
            return conversations.conversation(tx, number)

        found = await self._run(job)
        if found is None:
            raise NotFound("no such code works here now; ask for it once more, or send a new one")
        return found

    def _known(self, account: str) -> Channel:
        """An account by name, or the only one of a kind. Raises NotFound, or Unsupported where there are several."""
        kinds = [channel.kind for channel in self._inbox.channels.values()]
        return chosen(self._inbox.channels, account) if account in kinds else self._inbox.channel(account)

    # ----------------------------------------------------------------------------------------- correcting

    async def move(self, message: str, conversation: str, *, actor: str = "") -> Message:
        """Move one message to another conversation; its id stays. Raises UsageError if it is there already."""

        def job(tx: Tx) -> Message:
            held = messages.held(tx, tx.ids.find("message", message))
            target = number_of(tx, conversation)
            correcting.carry(tx, [held.id], held.conversation, target, "moved", actor)
            return messages.message(tx, held.id)

        return await self._run(job)

    async def split(self, message: str, *, actor: str = "") -> Conversation:
        """Make a message and all after it a conversation of its own; a chat goes on there."""

        def job(tx: Tx) -> Conversation:
            held = messages.held(tx, tx.ids.find("message", message))
            conversations.hold(tx, [held.conversation])  # what is just said in it is among the rest
            held = messages.held(tx, held.id)
            numbers = messages.numbers_in(tx, held.conversation)
            rest = numbers[numbers.index(held.id) :]
            peer = held.peer
            if peer is None:
                found = conversations.spoken(tx, held.conversation)
                peer = found.asker if found else 0
            correct(
                "split",
                actor=actor,
                messages=len(rest),
                of=len(numbers),
                source=held.conversation,
                target=None,
            )
            target = conversations.open_conversation(
                tx, str(held.content.get("subject", "")), peer, held.received_at
            )
            correcting.move_all(tx, rest, held.conversation, target, "split", actor)
            self._take_threads(tx, rest, held.conversation, target)
            return conversations.conversation(tx, target)

        return await self._run(job)

    def _take_threads(self, tx: Tx, numbers: list[int], source: int, target: int) -> None:
        """A chat goes on where it was spoken in last. Mail goes where what it answers is."""
        for held in (messages.held(tx, number) for number in numbers):
            channel, thread = self._inbox.channels.get(held.account), str(held.content.get("thread", ""))
            if channel is None or held.peer is None or not thread or channel.can.threads:
                continue
            key = thread_key(thread, people.get(tx, held.peer), public=held.public)
            tied = conversations.by_thread(tx, held.account, key)
            if tied is not None and tied.id == source:
                conversations.tie(tx, held.account, key, target)

    async def join(self, conversation: str, into: str, *, actor: str = "") -> Conversation:
        """Make two conversations one: all messages go to `into`, later ones too; the emptied one is closed."""

        def job(tx: Tx) -> Conversation:
            source, target = number_of(tx, conversation), number_of(tx, into)
            correcting.join(tx, source, target, actor)
            return conversations.conversation(tx, target)

        return await self._run(job)

    async def _run(self, job: Callable[[Tx], T]) -> T:
        return await self._inbox.run_job(job)


def number_of(tx: Tx, conversation: str) -> int:
    """The number of a conversation by its id; raises NotFound."""
    number = tx.ids.find("conversation", conversation)
    if conversations.spoken(tx, number) is None:
        raise NotFound("there is no such conversation in this workspace")
    return number


def note(tx: Tx, conversation: int, text: str, agent: str) -> int:
    """Write a note down, in the caller's transaction; its message's number. Raises NotFound."""
    if agent:
        agents.agent(tx, agent)
    now, number = tx.now(), tx.ids.new()
    said = messages.Saying(
        account="",
        kind="",
        direction=Direction.INTERNAL,
        public=False,
        peer=None,
        agent=agent,
        strength="",
        sent_at=now,
        external_id="",
        delivery=None,
        because="a note",
        content=messages.content_of_parts((Text(text=text),)),
    )
    messages.write(tx, conversation, number, said, received_at=now)
    records.happened(tx, "message.noted", conversation=conversation, message=number, actor=agent)
    return number


def assign(tx: Tx, conversation: int, agent: str, actor: str) -> None:
    """Give a conversation to somebody, in the caller's transaction."""
    if agent:
        agents.agent(tx, agent)
    conversations.set_assignee(tx, conversation, agent)
    what = "conversation.assigned" if agent else "conversation.unassigned"
    records.happened(
        tx, what, conversation=conversation, actor=actor, detail={"agent": agent} if agent else None
    )
