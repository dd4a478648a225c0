"""The inbox: what an application asks of it. It owns no loop and reads no clock."""

from __future__ import annotations

from typing import Self, cast

from omnichannel.channel import Delivery
from omnichannel.errors import ConfigError, NotFound
from omnichannel.imports import content
from omnichannel.inbox import doubts
from omnichannel.inbox.acting import in_the_hands_of
from omnichannel.inbox.acting.roles import Roles
from omnichannel.inbox.conversations import Conversations
from omnichannel.inbox.customers import Customers
from omnichannel.inbox.desk import Desk
from omnichannel.inbox.followers import Followers
from omnichannel.inbox.identity import Identity
from omnichannel.inbox.preview import preview
from omnichannel.inbox.retention.surface import Retention
from omnichannel.inbox.search.surface import Search
from omnichannel.inbox.trail.surface import Trail
from omnichannel.inbox.watching import Watching
from omnichannel.inbox.webhooks import Webhooks
from omnichannel.model import Agent, Attachment, Draft, Happening, Message, Parked, Preview
from omnichannel.store import Tx, agents, arrivals, following, messages, queue, records


class Core(Watching):
    """Every channel in one place, on one store. See `Base` for what it is made of, `Steps` for how it works."""

    @property
    def conversations(self) -> Conversations:
        """Look at, answer, assign and correct conversations."""
        return Conversations(self)

    @property
    def customers(self) -> Customers:
        """Look at customers, and at everything that they ever said."""
        return Customers(self.run_job)

    @property
    def desk(self) -> Desk:
        """Who answers what, and why: the queue, the agents, every decision. Raises ConfigError without a plan."""
        return Desk(self)

    @property
    def identity(self) -> Identity:
        """See why addresses are one customer's, and decide who is one."""
        return Identity(self)

    @property
    def search(self) -> Search:
        """Find what was said, and who said it, by words."""
        return Search(self)

    @property
    def followers(self) -> Followers:
        """Who follows what happens, and how far each has come; `follow` is how one does."""
        return Followers(self)

    @property
    def webhooks(self) -> Webhooks:
        """The systems that are told by webhook what happens."""
        return Webhooks(self)

    @property
    def roles(self) -> Roles:
        """Who has which role, and whether that lets them do something."""
        return Roles(self)

    @property
    def trail(self) -> Trail:
        """Who of ours saw and did what, through `acting_as`."""
        return Trail(self)

    @property
    def retention(self) -> Retention:
        """What is let go by its age, and what went."""
        return Retention(self)

    def acting_as(self, agent: str, *, because: str = "") -> Self:
        """This inbox in the hands of one of us, by name: for as long as you keep it, and nowhere else.

        It has the same parts and methods. Each looks first whether the agent may do that (`Access`), takes them for
        the `actor`, or the `agent` who speaks, shows them nothing that is out of their reach, and writes down on the
        `trail` that they did or saw it, with `because` as the reason. Its methods raise Forbidden besides what they
        raise otherwise. What only a program does (`run`, `sync`, `on_message`) it does not have.
        """
        return cast("Self", in_the_hands_of(self, agent, because))

    def preview(self, draft: Draft, on: str = "") -> Preview:
        """What would become of a draft on an account: what is split, shown as words, or refused. Sends nothing.

        `on` names the account; without it, the one whose kind the recipient's address has. Raises NotFound. For an
        answer in a conversation `conversations.preview` fills in the rest.
        """
        return preview(self.channel(on or self._of_kind(draft.to.address.kind)), draft)

    def _of_kind(self, kind: str) -> str:
        names = [channel.name for channel in self.channels.values() if channel.kind == kind]
        if len(names) == 1:
            return names[0]
        problem = f"several are of kind {kind}: {', '.join(names)}" if names else f"none is of kind {kind}"
        raise NotFound(f"say on which account (on=…); {problem}")

    # ---------------------------------------------------------------------------------------- records

    async def raw(self, message: str) -> Delivery:
        """The delivery that a message was read from, exactly as it arrived; raises NotFound."""
        return await self.run_job(lambda tx: messages.raw(tx, tx.ids.find("message", message)))

    async def attachment(self, message: str, attachment: Attachment) -> bytes:
        """The bytes of a file in a message: out of the raw delivery, or fetched from the platform.

        Raises NotFound, FetchError if the platform does not give it, or Unsupported with its url.
        """
        if attachment.content is not None:
            return attachment.content
        delivery = await self.raw(message)
        channel = self.channel(delivery.account)
        if channel.can.fetches and attachment.index is None:
            return await channel.download(attachment)
        return content(channel, delivery, attachment)

    async def add_agent(self, name: str, *, role: str | None = None, email: str | None = None) -> Agent:
        """Add somebody who answers, a `person` (if not said otherwise) or a `bot`, or change them; names are unique.

        Of somebody who is known, what is not given stays: an application may add its people at each start.
        """
        if role not in ("person", "bot", None):
            raise ConfigError("role", f"{role!r} is none", "Use 'person' or 'bot'.")
        if not name.strip():
            raise ConfigError("name", "is empty", "Give the name by which conversations are assigned.")
        return await self.run_job(lambda tx: agents.hire(tx, name, role, email))

    async def agents(self) -> list[Agent]:
        """Everybody who answers, by name."""
        return await self.run_job(agents.agents)

    async def events(self, after: str = "", *, most: int = 1000) -> list[Happening]:
        """What happened after a happening's id (empty: all that is kept), in order.

        Raises NotFound, or Missed if some of what happened since was let go (`Rules.keep_events`). `follow` keeps the
        place itself.
        """

        def job(tx: Tx) -> list[Happening]:
            return [placed.happening for placed in records.behind(tx, following.behind(tx, after), most)]

        return await self.run_job(job)

    async def parked(self) -> list[Parked]:
        """What failed for good and waits for a person: deliveries first, then messages."""
        return await self.run_job(lambda tx: [*arrivals.parked(tx), *queue.parked(tx)])

    async def in_doubt(self) -> list[Message]:
        """Our messages of which nobody knows whether all of them arrived; `sendings` tells which call it is."""
        return await self.run_job(doubts.in_doubt)

    async def resolve(self, call: str, outcome: doubts.Outcome, *, actor: str = "") -> None:
        """Settle a call in doubt: it `arrived`, is to be sent `again`, or is `given_up`.

        `call` is `Delivered.call`. Say `again` only if the customer surely did not get it. Raises NotFound, or
        Conflict if an echo, a status or somebody else settled it meanwhile, or for `again` to somebody who is frozen.
        """
        await self.run_job(lambda tx: doubts.resolve(tx, tx.ids.find("call", call), outcome, actor))
        self.ring()

    async def replay(self, parked: str) -> None:
        """Try something parked once more, by its id; raises NotFound."""

        def job(tx: Tx) -> None:
            try:
                found = arrivals.replay(tx, tx.ids.find("delivery", parked))
            except NotFound:
                found = queue.replay(tx, tx.ids.find("message", parked))
            if not found:
                raise NotFound(f"nothing parked has the id {parked!r}")

        await self.run_job(job)
        self.ring()
