"""A stage for who builds an application: an inbox in memory, people who write, platforms that do as they are told.

No sockets, no waiting, the same in every run. What a channel can and how it renders are its own; what its platform
says is the stage's.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping
from types import TracebackType
from typing import Literal, Self

from omnichannel.app import Inbox
from omnichannel.channel import Call, Channel
from omnichannel.desk import Plan
from omnichannel.errors import UsageError
from omnichannel.identity import POLICY, Policy
from omnichannel.inbox.composing import Said, parts_of
from omnichannel.inbox.incoming import Handler, Incoming, called, check_handler
from omnichannel.inbox.rules import Rules
from omnichannel.model import (
    Address,
    Attachment,
    Event,
    Message,
    Part,
    Party,
    Receipt,
    Received,
    Sent,
    Text,
    Updated,
)
from omnichannel.plugins import channel_class
from omnichannel.store import Tx, externals, messages
from omnichannel.testing.hand_clock import HandClock
from omnichannel.testing.staged import Outcome, Spot, Wire, delivery, spot, staged, ways
from omnichannel.toolbox import find_tokens

On = str | type[Channel]
"""An account: its class, its kind, or its name."""


class Stage:
    """An inbox whose customers and platforms are scripted.

        async with Stage(Telegram, Email, handlers=[answer]) as stage:
            await stage.arrives(Telegram, "hello")
            assert stage.said == ["Hi!"]

    `channels` are classes (third parties' as well) or installed kinds; each account is called after its kind.
    `people` are the addresses of those whose address has to be a certain one; everybody else gets one of the right
    form. `rules`, `policy` and `desk` are the inbox's own. What a handler raises comes out of the call that made it
    run. `inbox` is there for everything else.
    """

    def __init__(
        self,
        *channels: On,
        handlers: Iterable[Handler] = (),
        people: Mapping[str, Address] | None = None,
        rules: Rules | None = None,
        policy: Policy = POLICY,
        desk: Plan | None = None,
    ) -> None:
        self.clock = HandClock()
        self._made: list[tuple[Channel, Call, Receipt]] = []
        self._wires: dict[str, Wire] = {}
        self._people = dict(people or {})
        self._met: dict[str, int] = {}
        self._spots: dict[tuple[str, str, bool], Spot] = {}
        self._numbers = itertools.count(1)
        self._failures: list[Exception] = []
        accounts = [self._account(each) for each in channels]
        self.inbox = Inbox(
            "sqlite:///:memory:", accounts, clock=self.clock, rules=rules, policy=policy, desk=desk
        )
        for handler in handlers:
            check_handler(handler)
            self.inbox.on_message(self._watched(handler))

    def _account(self, given: On) -> Channel:
        kind = channel_class(given) if isinstance(given, str) else given
        name = kind.kind if kind.kind not in self._wires else f"{kind.kind}-{len(self._wires) + 1}"
        self._wires[name] = Wire(self.clock, self._made)
        return staged(kind, name, self._wires[name])

    def _watched(self, handler: Handler) -> Handler:
        async def watched(incoming: Incoming) -> None:
            try:
                await called(handler, incoming)
            except Exception as error:
                self._failures.append(error)
                raise

        return watched

    async def __aenter__(self) -> Self:
        await self.inbox.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.inbox.close()

    # -------------------------------------------------------------------------------------- what was said

    @property
    def calls(self) -> list[Call]:
        """Every call that was made, in order, whatever became of it."""
        return [call for _, call, _ in self._made]

    @property
    def said(self) -> list[str]:
        """What people were shown, in order: the texts of the calls that their platforms took."""
        return [words for _, words in self._shown()]

    def said_on(self, on: On) -> list[str]:
        """What was shown on one account. Raises UsageError if there is no such account."""
        name = self.account(on).name
        return [words for place, words in self._shown() if place == name]

    def _shown(self) -> Iterator[tuple[str, str]]:
        """On which account people were shown something, and what."""
        for channel, call, told in self._made:
            if isinstance(told, Sent) and call.text and not call.prepares:
                yield channel.name, call.text

    def account(self, on: On) -> Channel:
        """The account of that class, kind or name. Raises UsageError, naming those there are."""
        kind = on if isinstance(on, str) else on.kind
        for name, channel in self.inbox.channels.items():
            if kind in (name, channel.kind):
                return channel
        raise UsageError(f"{kind} is not on this stage; there are: {', '.join(self.inbox.channels)}")

    # ----------------------------------------------------------------------------------- what people do

    async def arrives(
        self,
        on: On,
        said: Said,
        *,
        who: str = "Ann",
        public: bool | None = None,
        subject: str = "",
        reply_to: Message | None = None,
        link: str = "",
    ) -> Message:
        """Somebody writes; returns the message, after handlers and answers have run.

        `public` is by default what the channel is, private where it is both. `link` is one of ours that they
        followed. Raises UsageError for what the channel cannot bring, and whatever a handler raises.
        """
        channel = self.account(on)
        parts = tuple(_numbered(parts_of(said)))
        _refuse_what_never_comes(channel, parts)
        openly = ways(channel)[0] if public is None else public
        there = self._spot(channel, who, public=openly)
        external_id = there.id(next(self._numbers))
        answers = reply_to.external_id or _sent_id(reply_to) if reply_to else ""
        event = Received(
            external_id=external_id,
            sender=Party(address=there.address, name=who),
            sent_at=self.clock.now(),
            subject=subject,
            parts=parts,
            thread=there.thread(answers or external_id),
            reply_to=answers,
            public=openly,
            tokens=find_tokens(link),
        )
        await self._tell(channel, event)
        return await self._message(channel.name, event)

    async def edits(self, message: Message, text: str) -> None:
        """Whoever wrote a message changes its words. Raises UsageError where the platform does not tell of it."""
        await self._happens(message, "edited", parts=(Text(text=text),))

    async def deletes(self, message: Message) -> None:
        """Whoever wrote a message takes it back. Raises UsageError where the platform does not tell of it."""
        await self._happens(message, "deleted")

    async def reacts(self, message: Message, reaction: str, *, who: str = "Ann") -> None:
        """Somebody puts a reaction on a message, theirs or ours. Raises UsageError where there are none."""
        await self._happens(message, "reaction", who=who, reaction=reaction)

    async def reads(self, message: Message) -> None:
        """What we said was looked at. Raises UsageError where the platform does not tell of it."""
        await self.becomes(message, "read")

    async def becomes(
        self, message: Message, status: Literal["delivered", "read", "failed"], reason: str = ""
    ) -> None:
        """The platform tells what became of what we said. Raises UsageError where it tells no such thing."""
        channel = self.account(message.account)
        if status not in channel.can.statuses:
            known = ", ".join(sorted(channel.can.statuses)) or "nothing"
            raise UsageError(f"{channel.kind} never tells that a message is {status}; it tells {known}")
        targets = tuple(one.external_id for one in message.sendings if one.external_id)
        number = next(self._numbers)
        await self._tell(
            channel,
            Updated(
                kind="status",
                external_id=f"status-{number}",
                targets=targets,
                status=status,
                reason=reason,
                sent_at=self.clock.now(),
            ),
        )

    async def _happens(
        self,
        message: Message,
        kind: Literal["edited", "deleted", "reaction"],
        *,
        who: str = "",
        parts: tuple[Part, ...] = (),
        reaction: str = "",
    ) -> None:
        channel = self.account(message.account)
        can = {"edited": channel.can.edits, "deleted": channel.can.deletes, "reaction": channel.can.reactions}
        if not can[kind]:
            raise UsageError(f"{channel.kind} never tells that something is {kind}")
        sender = (
            Party(address=self._spot(channel, who, public=message.public).address, name=who)
            if who
            else message.author
        )
        target = message.external_id or _sent_id(message)
        event = Updated(
            kind=kind,
            external_id=f"{kind}-{next(self._numbers)}",
            targets=(target,),
            sender=sender,
            parts=parts,
            reaction=reaction,
            sent_at=self.clock.now(),
        )
        await self._tell(channel, event)

    async def _tell(self, channel: Channel, event: Event) -> None:
        await self.inbox.receive(channel.name, delivery(event))
        await self.settle()

    def _spot(self, channel: Channel, who: str, *, public: bool = False) -> Spot:
        number = self._met.setdefault(who, len(self._met) + 1)
        key = (channel.kind, who, public)
        if key not in self._spots:
            given = self._people.get(who)
            fits = given is not None and given.kind in (channel.kind, *channel.can.reaches)
            self._spots[key] = spot(channel, who, number, public=public, given=given if fits else None)
        return self._spots[key]

    async def _message(self, account: str, event: Received) -> Message:
        """What was recorded of an event. Raises UsageError, with what is parked, if nothing was."""

        def job(tx: Tx) -> Message | None:
            found = externals.by_external(tx, account, event.external_id)
            return messages.message(tx, found[0]) if found else None

        message = await self.inbox.run_job(job)
        if message is None:
            raise UsageError(f"what arrived was not recorded: {await self.inbox.parked()}")
        return message

    # ------------------------------------------------------------------------- what platforms and time do

    def script(self, on: On, *outcomes: Outcome) -> None:
        """What becomes of the next calls on an account, in order; afterwards everything is taken again.

        `Refused(code=…)`, `Deferred(after=…)`, `Unknown()`, or `"hang"`: nothing comes back until the call's time is
        up.
        """
        self._wires[self.account(on).name].script.extend(outcomes)

    async def forward(self, **span: float) -> None:
        """Time goes on, by so many seconds, minutes, hours or days; what has become due is done."""
        self.clock.forward(**span)
        await self.settle()

    async def settle(self) -> None:
        """Do all that is due: read, handle, send. Raises what a handler raised."""
        await self.inbox.work()
        if self._failures:
            error, self._failures = self._failures[0], []
            raise error


def _sent_id(message: Message) -> str:
    """What the platform calls a message of ours: its first piece."""
    return next((one.external_id for one in message.sendings if one.external_id), "")


def _numbered(parts: tuple[Part, ...]) -> Iterable[Part]:
    """Files have their place in the delivery, where their bytes are found again."""
    for index, part in enumerate(parts):
        yield part.model_copy(update={"index": index}) if isinstance(part, Attachment) else part


def _refuse_what_never_comes(channel: Channel, parts: tuple[Part, ...]) -> None:
    never = sorted({part.type for part in parts} - channel.can.parts_in)
    if never:
        brings = ", ".join(sorted(channel.can.parts_in))
        raise UsageError(f"nobody can send a {never[0]} on {channel.kind}; it brings {brings}")
