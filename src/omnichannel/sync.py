"""The inbox for synchronous code: Django views, scripts, a REPL. One event loop in a thread does the work."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine, Sequence
from datetime import datetime, timedelta
from types import TracebackType
from typing import Never, Self, TypeVar

from omnichannel.channel import Ack, Delivery
from omnichannel.errors import UsageError
from omnichannel.inbox import Core, Imported
from omnichannel.inbox.composing import Said
from omnichannel.inbox.continuing import By
from omnichannel.inbox.doubts import Outcome
from omnichannel.inbox.rights.blocking import SyncRights
from omnichannel.model import (
    Address,
    Agent,
    Attachment,
    Audit,
    Challenge,
    Claim,
    Conversation,
    Customer,
    Draft,
    Evidence,
    Happening,
    Likeness,
    Message,
    Parked,
    Preview,
    Purpose,
    Strength,
    Suggestion,
)

T = TypeVar("T")


def _serve(loop: asyncio.AbstractEventLoop) -> None:
    """Run a loop until it is stopped, and end it as `asyncio.run` would: nothing is left half closed."""
    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        runner.get_loop().run_forever()


class SyncInbox:
    """An inbox without `await`. Use it as a context manager; safe to call from several threads.

    An inbox has one of these: whoever enters first opens it, whoever leaves last closes it. Every method does,
    returns and raises what its namesake on `Inbox`, `conversations` or `customers` does.
    """

    def __init__(self, inbox: Core) -> None:
        self._inbox = inbox
        self._door = threading.Lock()
        self._inside = 0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self.conversations = SyncConversations(self)
        self.customers = SyncCustomers(self)
        self.identity = SyncIdentity(self)

    def __enter__(self) -> Self:
        with self._door:
            if not self._inside:
                self._begin()
            self._inside += 1
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._door:
            self._inside -= 1
            if not self._inside:
                try:
                    self.wait_for(self._inbox.close())
                finally:
                    self._end()

    def _begin(self) -> None:
        loop = self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=_serve, args=(loop,), name="omnichannel-sync", daemon=True)
        self._thread.start()
        try:
            self._inbox.open()
        except BaseException:
            self._end()
            raise

    def _end(self) -> None:
        loop, thread, self._loop = self._loop, self._thread, None
        if loop is not None and thread is not None:
            loop.call_soon_threadsafe(loop.stop)
            thread.join()

    @property
    def inbox(self) -> Core:
        """The inbox behind it."""
        return self._inbox

    def wait_for(self, doing: Coroutine[object, Never, T]) -> T:
        """Run any coroutine of the inbox and return what it returns."""
        if self._loop is None:
            doing.close()
            raise UsageError("use it inside: with inbox.sync() as box: …")
        return asyncio.run_coroutine_threadsafe(doing, self._loop).result()

    def receive(self, account: str, delivery: Delivery) -> Ack:
        """Verify a delivery and keep it."""
        return self.wait_for(self._inbox.receive(account, delivery))

    def poll(self) -> int:
        """Fetch what is new from every source, once."""
        return self.wait_for(self._inbox.poll())

    def import_history(
        self, account: str, since: datetime, *, told: Callable[[Imported], None] | None = None
    ) -> Imported:
        """Bring in what was said on an account since a moment."""
        return self.wait_for(self._inbox.import_history(account, since, told=told))

    def work(self) -> int:
        """Read, handle and send until nothing is due any more."""
        return self.wait_for(self._inbox.work())

    def raw(self, message: str) -> Delivery:
        """The delivery that a message was read from."""
        return self.wait_for(self._inbox.raw(message))

    def attachment(self, message: str, attachment: Attachment) -> bytes:
        """The bytes of a file in a message."""
        return self.wait_for(self._inbox.attachment(message, attachment))

    def preview(self, draft: Draft, on: str = "") -> Preview:
        """What would become of a draft on an account."""
        return self._inbox.preview(draft, on)

    def add_agent(self, name: str, *, role: str = "person", email: str = "") -> Agent:
        """Add somebody who answers."""
        return self.wait_for(self._inbox.add_agent(name, role=role, email=email))

    def agents(self) -> list[Agent]:
        """Everybody who answers."""
        return self.wait_for(self._inbox.agents())

    def events(self, after: str = "", *, most: int = 1000) -> list[Happening]:
        """What happened after a happening."""
        return self.wait_for(self._inbox.events(after, most=most))

    def parked(self) -> list[Parked]:
        """What failed for good."""
        return self.wait_for(self._inbox.parked())

    def in_doubt(self) -> list[Message]:
        """Our messages of which nobody knows whether all of them arrived."""
        return self.wait_for(self._inbox.in_doubt())

    def resolve(self, call: str, outcome: Outcome, *, actor: str = "") -> None:
        """Settle a call in doubt."""
        self.wait_for(self._inbox.resolve(call, outcome, actor=actor))

    def replay(self, parked: str) -> None:
        """Try something parked once more."""
        self.wait_for(self._inbox.replay(parked))


class SyncConversations:
    """`inbox.conversations` without `await`."""

    def __init__(self, box: SyncInbox) -> None:
        self._wait = box.wait_for
        self._of = box.inbox.conversations

    def get(self, conversation: str) -> Conversation:
        """A conversation by id."""
        return self._wait(self._of.get(conversation))

    def open(
        self, *, assignee: str | None = None, frozen: bool = False, most: int = 100
    ) -> list[Conversation]:
        """Open conversations."""
        return self._wait(self._of.open(assignee=assignee, frozen=frozen, most=most))

    def closed(self, *, frozen: bool = False, most: int = 100) -> list[Conversation]:
        """Closed conversations."""
        return self._wait(self._of.closed(frozen=frozen, most=most))

    def messages(self, conversation: str, *, most: int = 1000) -> list[Message]:
        """What was said in a conversation."""
        return self._wait(self._of.messages(conversation, most=most))

    def message(self, message: str) -> Message:
        """A message by id."""
        return self._wait(self._of.message(message))

    def reply(
        self,
        conversation: str,
        said: Said,
        *,
        agent: str = "",
        on: str | None = None,
        public: bool | None = None,
        subject: str = "",
        automatic: bool = False,
    ) -> Message:
        """Answer the customer."""
        reply = self._of.reply(
            conversation, said, agent=agent, on=on, public=public, subject=subject, automatic=automatic
        )
        return self._wait(reply)

    def preview(
        self,
        conversation: str,
        said: Said,
        *,
        on: str | None = None,
        public: bool | None = None,
        subject: str = "",
    ) -> Preview:
        """What would become of an answer."""
        return self._wait(self._of.preview(conversation, said, on=on, public=public, subject=subject))

    def signal(self, conversation: str, sign: str = "typing", *, on: str | None = None) -> bool:
        """Show the customer a passing sign."""
        return self._wait(self._of.signal(conversation, sign, on=on))

    def note(self, conversation: str, text: str, *, agent: str = "") -> Message:
        """Leave a note that only we can see."""
        return self._wait(self._of.note(conversation, text, agent=agent))

    def assign(self, conversation: str, agent: str, *, actor: str = "") -> Conversation:
        """Give a conversation to an agent."""
        return self._wait(self._of.assign(conversation, agent, actor=actor))

    def close(self, conversation: str, *, actor: str = "") -> Conversation:
        """Close a conversation."""
        return self._wait(self._of.close(conversation, actor=actor))

    def reopen(self, conversation: str, *, actor: str = "") -> Conversation:
        """Open a closed conversation again."""
        return self._wait(self._of.reopen(conversation, actor=actor))

    def continue_on(
        self,
        conversation: str,
        account: str,
        *,
        by: By = "link",
        to: Address | None = None,
        life: timedelta | None = None,
    ) -> str:
        """A link or code that carries a conversation to another account."""
        return self._wait(self._of.continue_on(conversation, account, by=by, to=to, life=life))

    def redeem(
        self, code: str, *, on: str, agent: str, sender: Address | None = None, said: str = ""
    ) -> Conversation:
        """Go on with what a caller's code stands for."""
        return self._wait(self._of.redeem(code, on=on, agent=agent, sender=sender, said=said))

    def move(self, message: str, conversation: str, *, actor: str = "") -> Message:
        """Move a message to another conversation."""
        return self._wait(self._of.move(message, conversation, actor=actor))

    def split(self, message: str, *, actor: str = "") -> Conversation:
        """Make a message and all after it a conversation of its own."""
        return self._wait(self._of.split(message, actor=actor))

    def join(self, conversation: str, into: str, *, actor: str = "") -> Conversation:
        """Make two conversations one."""
        return self._wait(self._of.join(conversation, into, actor=actor))


class SyncCustomers:
    """`inbox.customers` without `await`."""

    def __init__(self, box: SyncInbox) -> None:
        self._wait = box.wait_for
        self._of = box.inbox.customers

    def get(self, who: str, *, purpose: Purpose = Purpose.DISCLOSE) -> Customer:
        """A customer by id."""
        return self._wait(self._of.get(who, purpose=purpose))

    def find(self, address: Address, *, purpose: Purpose = Purpose.DISCLOSE) -> Customer | None:
        """The customer with this address."""
        return self._wait(self._of.find(address, purpose=purpose))

    def timeline(self, who: str, *, purpose: Purpose = Purpose.DISCLOSE) -> list[Message]:
        """Everything said to and by a customer."""
        return self._wait(self._of.timeline(who, purpose=purpose))


class SyncIdentity(SyncRights):
    """`inbox.identity` without `await`."""

    def __init__(self, box: SyncInbox) -> None:
        self._wait = box.wait_for
        self._of = box.inbox.identity
        super().__init__(self._wait, self._of)

    def claims(self, who: str) -> list[Claim]:
        """The journal about a customer's addresses."""
        return self._wait(self._of.claims(who))

    def explain(self, one: Address, other: Address, *, purpose: Purpose = Purpose.DISCLOSE) -> list[str]:
        """Why two addresses are one customer's, or are not."""
        return self._wait(self._of.explain(one, other, purpose=purpose))

    def likeness(self, one: Address, other: Address) -> Likeness:
        """How alike the customers with two addresses are."""
        return self._wait(self._of.likeness(one, other))

    def as_of(
        self, time: datetime, address: Address, *, purpose: Purpose = Purpose.DISCLOSE
    ) -> tuple[Address, ...]:
        """The addresses that were one customer's with this one at a moment."""
        return self._wait(self._of.as_of(time, address, purpose=purpose))

    def suggestions(self, *, most: int = 1000) -> list[Suggestion]:
        """Customers who may be one."""
        return self._wait(self._of.suggestions(most=most))

    def audit(self, purpose: Purpose = Purpose.ASSIST, *, sample: int = 300) -> Audit:
        """A random sample of what a view joins."""
        return self._wait(self._of.audit(purpose, sample=sample))

    def audited(self, purpose: Purpose = Purpose.ASSIST) -> Audit | None:
        """The last sample of a view as it stands."""
        return self._wait(self._of.audited(purpose))

    def judge(self, pair: str, *, same: bool | None, actor: str, because: str = "") -> None:
        """Say whether a pair of an audit is one customer."""
        self._wait(self._of.judge(pair, same=same, actor=actor, because=because))

    def observe(
        self,
        address: Address,
        evidence: Sequence[Evidence] = (),
        *,
        facts: dict[str, str] | None = None,
        strength: Strength = Strength.ATTESTED,
        source: str = "",
        even_erased: bool = False,
    ) -> Customer:
        """Write down what another system knows of whoever has an address."""
        observed = self._of.observe(
            address, evidence, facts=facts, strength=strength, source=source, even_erased=even_erased
        )
        return self._wait(observed)

    def learn(self) -> int:
        """Learn from what is known here how telling each field is."""
        return self._wait(self._of.learn())

    def accept(self, suggestion: str, *, actor: str, because: str = "") -> Customer:
        """Say that a suggestion is right."""
        return self._wait(self._of.accept(suggestion, actor=actor, because=because))

    def merge(
        self, one: Address, other: Address, *, actor: str, because: str = "", even_unproven: bool = False
    ) -> Customer:
        """Vouch that two addresses are one customer's."""
        merged = self._of.merge(one, other, actor=actor, because=because, even_unproven=even_unproven)
        return self._wait(merged)

    def refuse(self, one: Address, other: Address, *, actor: str, because: str = "") -> list[str]:
        """Decide that two addresses are never one customer's."""
        return self._wait(self._of.refuse(one, other, actor=actor, because=because))

    def share(self, address: Address, *, actor: str, because: str = "") -> list[str]:
        """Say that several people use an address."""
        return self._wait(self._of.share(address, actor=actor, because=because))

    def leave(self, address: Address, *, actor: str, because: str = "") -> list[str]:
        """See `Identity.leave`."""
        return self._wait(self._of.leave(address, actor=actor, because=because))

    def unmerge(self, one: Address, other: Address, *, actor: str, because: str = "") -> list[str]:
        """Take a merge back exactly."""
        return self._wait(self._of.unmerge(one, other, actor=actor, because=because))

    def undo(self, decisions: Sequence[str], *, actor: str, because: str = "") -> None:
        """Take decisions back."""
        self._wait(self._of.undo(decisions, actor=actor, because=because))

    def challenge(
        self, claim: str, *, on: str | None = None, language: str = "en", words: str = "", actor: str = ""
    ) -> Challenge:
        """Ask the address that a claim is about whether it is so."""
        asked = self._of.challenge(claim, on=on, language=language, words=words, actor=actor)
        return self._wait(asked)

    def challenges(self, who: str) -> list[Challenge]:
        """What came of the challenges about a customer's addresses."""
        return self._wait(self._of.challenges(who))
