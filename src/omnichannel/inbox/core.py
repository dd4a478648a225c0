"""The inbox: accounts, handlers, and the four steps that move a message. It owns no loop and reads no clock.

    receive → [deliveries] → read → [messages] → handle → [calls] → send

Each step takes what the one before it committed, and can die and be run again.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from functools import partial
from types import TracebackType
from typing import Self, TypeVar

from omnichannel.channel import Ack, Batch, Channel, Delivery, Sender, Source
from omnichannel.clock import Clock, SystemClock, micros
from omnichannel.errors import ConfigError, NotFound, UsageError
from omnichannel.http import HttpSender
from omnichannel.inbox import doubts, handling, sending
from omnichannel.inbox.composing import Composed
from omnichannel.inbox.conversations import Conversations
from omnichannel.inbox.customers import Customers
from omnichannel.inbox.incoming import Handler
from omnichannel.inbox.reading import Reader
from omnichannel.inbox.rules import Rules, span
from omnichannel.model import Agent, Attachment, Happening, Message, Parked, Party
from omnichannel.store import Store, Tx, arrivals, messages, people, queue, records
from omnichannel.store.outbox import Leased
from omnichannel.store.queue import Task

T = TypeVar("T")


class Core:
    """Every channel in one place, on one store.

    `store` is a URL: `sqlite:///support.db` (the default engine), `sqlite:///:memory:`, or
    `postgresql://…`. `channels` are the accounts, each with a name of its own. `workspace` keeps tenants in one
    database apart. Raises ConfigError at construction for what could never work; the store is opened on first
    use, or by `async with`.
    """

    def __init__(
        self,
        store: str = "sqlite:///omnichannel.db",
        channels: Iterable[Channel] = (),
        *,
        workspace: str = "default",
        rules: Rules | None = None,
        clock: Clock | None = None,
    ) -> None:
        self.url = store
        self.workspace = workspace
        self.rules = rules or Rules()
        self.clock = clock or SystemClock()
        self.channels: Mapping[str, Channel] = _by_name(channels)
        self.handlers: list[Handler] = []
        self.bells: set[Callable[[], object]] = set()
        self._senders: dict[str, Sender] = {}
        self._making: set[int] = set()
        self._store: Store | None = None
        self._opening = threading.Lock()

    # ---------------------------------------------------------------------------------------- opening

    def open(self) -> Store:
        """Open the store if it is not open yet. Raises what `Store` raises."""
        with self._opening:
            if self._store is None:
                self._store = Store(self.url, self.workspace, self.clock)
            return self._store

    async def close(self) -> None:
        """Let go of the store and of all connections. The inbox can be opened again."""
        senders, self._senders = self._senders, {}
        for sender in senders.values():
            await sender.close()
        with self._opening:
            store, self._store = self._store, None
        if store is not None:
            await asyncio.to_thread(store.close)

    async def __aenter__(self) -> Self:
        await asyncio.to_thread(self.open)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def run_job(self, job: Callable[[Tx], T]) -> T:
        """Run a job of the store; for the inbox's own parts."""
        store = self._store
        if store is None:
            store = await asyncio.to_thread(self.open)
        return await store.run(job)

    # --------------------------------------------------------------------------------------- accounts

    def channel(self, name: str) -> Channel:
        """An account by name; raises NotFound, naming those there are."""
        try:
            return self.channels[name]
        except KeyError:
            known = ", ".join(sorted(self.channels)) or "none"
            raise NotFound(f"there is no account called {name!r}; there are: {known}") from None

    def on_message(self, handler: Handler) -> Handler:
        """Register a handler for every message from a customer; use it as a decorator.

        Handlers run in the order in which they were registered, one conversation at a time.
        """
        self.handlers.append(handler)
        return handler

    def ring(self) -> None:
        """Wake whoever works on this inbox: there is something to do."""
        for bell in tuple(self.bells):
            bell()

    # ------------------------------------------------------------------------------------- four steps

    async def receive(self, account: str, delivery: Delivery) -> Ack:
        """Step one: verify a delivery over its raw bytes and keep it; returns after it is durably stored.

        Raises Forged or Malformed (nothing is kept) and NotFound for an unknown account.
        """
        channel = self.channel(account)
        ack = channel.admit(delivery)
        if ack.keep:
            kept = _of(account, delivery)
            await self.run_job(lambda tx: arrivals.keep(tx, kept))
            self.ring()
        return ack

    async def keep(self, account: str, source: str, batch: Batch) -> int:
        """Step one for what we fetch ourselves: deliveries and how far the source was read, in one commit.

        How many deliveries were new.
        """
        named = [_of(account, delivery) for delivery in batch.deliveries]
        fresh = await self.run_job(lambda tx: arrivals.keep_batch(tx, account, source, named, batch.cursor))
        if fresh:
            self.ring()
        return fresh

    async def poll(self) -> int:
        """Step one, once, for every source of every account: fetch what is new; how many deliveries were.

        For scripts; `run` polls for ever and waits for news. Raises what a source raises.
        """
        fresh = 0
        for channel in self.channels.values():
            for source in channel.sources():
                try:
                    fresh += await self._drain(channel, source)
                finally:
                    await source.close()
        return fresh

    async def _drain(self, channel: Channel, source: Source) -> int:
        fresh, more = 0, True
        while more:
            cursor = await self.cursor(channel.name, source.name)
            batch = await source.fetch(cursor)
            fresh += await self.keep(channel.name, source.name, batch)
            more = batch.more
        return fresh

    async def cursor(self, account: str, source: str) -> str:
        """How far a source was read; empty for never."""
        return await self.run_job(lambda tx: arrivals.cursor(tx, account, source))

    async def read(self) -> int:
        """Step two: read the deliveries that wait; how many. Duplicates end here."""
        reader = Reader(self.channels, self.rules, bool(self.handlers))
        try:
            return await self.run_job(reader.read)
        except Exception:  # noqa: BLE001 - one delivery spoiled the group: find it, and let the others through
            return await self._read_apart(reader)

    async def _read_apart(self, reader: Reader) -> int:
        """Read waiting deliveries each in a transaction of its own."""
        waiting = await self.run_job(lambda tx: arrivals.waiting(tx, 64))
        for arrival in waiting:
            await self._read_alone(reader, arrival)
        return len(waiting)

    async def _read_alone(self, reader: Reader, arrival: arrivals.Arrival) -> None:
        try:
            await self.run_job(lambda tx: reader.read_again(tx, arrival))
        except Exception as error:  # noqa: BLE001 - noted on the delivery that caused it
            reason = error
            await self.run_job(lambda tx: reader.failed(tx, arrival, reason))

    async def handle(self) -> int:
        """Step three: run the handlers on the messages whose turn it is; how many."""
        tasks = await self.claim_messages(self.rules.at_once)
        await asyncio.gather(*(self.handle_message(task) for task in tasks))
        return len(tasks)

    async def claim_messages(self, most: int) -> list[Task]:
        """Take messages whose turn it is, for `handle_message`; none without handlers."""
        return await self.run_job(lambda tx: handling.claim(tx, self.rules, most)) if self.handlers else []

    async def handle_message(self, task: Task) -> None:
        """Run the handlers on one message and commit what they decided, once."""
        await handling.handle_one(self, task)

    async def send(self) -> int:
        """Step four: make the calls whose turn it is; how many. No call is made twice by itself."""
        leased = await self.lease_calls(self.rules.at_once)
        await asyncio.gather(*(self.make_call(one) for one in leased))
        return len(leased)

    async def lease_calls(self, most: int) -> list[Leased]:
        """Take calls whose turn it is, for `make_call`; what a dead worker held is in doubt from now on."""
        for channel in self.channels.values():
            with suppress(UsageError):  # an account that is only read holds up no other
                self._sender(channel)  # made before a lease begins: a lease should hold nothing but the call
        await self.run_job(lambda tx: sending.recover(tx, self._making))
        leased = await self.run_job(lambda tx: sending.lease(tx, self.rules, most))
        self._making.update(one.id for one in leased)
        return leased

    async def make_call(self, leased: Leased) -> None:
        """Make one call, with no lock held, and settle it."""
        try:
            await self._make(leased)
        finally:
            self._making.discard(leased.id)

    async def _make(self, leased: Leased) -> None:
        channel = self.channels.get(leased.account)
        if channel is None:
            reason = f"no account is called {leased.account!r} any more"
            await self.run_job(lambda tx: sending.fail(tx, leased, reason))
            return
        try:
            sender = self._sender(channel)
        except UsageError as error:
            reason = str(error)
            await self.run_job(lambda tx: sending.fail(tx, leased, reason))
            return
        receipt = await sending.attempt(channel, sender, leased)
        await self.run_job(lambda tx: sending.settle(tx, channel, leased, receipt, self.rules))

    def _sender(self, channel: Channel) -> Sender:
        if channel.name not in self._senders:
            self._senders[channel.name] = channel.sender() or HttpSender(channel)
        return self._senders[channel.name]

    async def look_up(self) -> int:
        """Ask the platforms what nameless people call themselves, nobody twice a day; how many were asked about."""
        asked = 0
        for channel in self.channels.values():
            if channel.can.profiles:
                asked += await self._look_up_on(channel)
        return asked

    async def _look_up_on(self, channel: Channel) -> int:
        own = channel.own_address
        scope, again = own.scope if own else "", micros(self.clock.now()) + span(self.rules.look_up_again)
        found = await self.run_job(
            lambda tx: people.nameless(tx, channel.kind, scope, self.rules.at_once, again)
        )
        answers = await asyncio.gather(
            *(channel.look_up(person.address) for person in found), return_exceptions=True
        )
        for person, party in zip(found, answers, strict=True):
            if isinstance(party, Party) and party.name:
                await self.run_job(partial(people.call, number=person.id, name=party.name))
        return len(found)

    async def work(self) -> int:
        """Read, look people up, handle and send until nothing is due any more; how many things were done.

        For scripts and tests; a server uses `run`.
        """
        total = 0
        while done := await self.read() + await self.look_up() + await self.handle() + await self.send():
            total += done
        return total

    @property
    def conversations(self) -> Conversations:
        """Look at, answer, assign and correct conversations."""
        return Conversations(self)

    @property
    def customers(self) -> Customers:
        """Look at customers, and decide who is one."""
        return Customers(self.run_job)

    def rendered(self, composed: Composed) -> Composed:
        """A draft with its calls; raises Unsupported, TooLarge or WindowClosed, and ConfigError without a wire."""
        channel = self.channel(composed.account)
        calls = tuple(channel.render(composed.draft))
        self._sender(channel)
        return replace(composed, calls=calls)

    # ---------------------------------------------------------------------------------------- records

    async def raw(self, message: str) -> Delivery:
        """The delivery that a message was read from, exactly as it arrived; raises NotFound."""
        return await self.run_job(lambda tx: messages.raw(tx, tx.ids.find("message", message)))

    async def attachment(self, message: str, attachment: Attachment) -> bytes:
        """The bytes of a file in a message, out of the raw delivery. Raises NotFound, or Unsupported with its url."""
        if attachment.content is not None:
            return attachment.content
        delivery = await self.raw(message)
        return self.channel(delivery.account).content(delivery, attachment)

    async def add_agent(self, name: str, *, role: str = "person", email: str = "") -> Agent:
        """Add somebody who answers (`person` or `bot`), or change them; names are unique."""
        if role not in ("person", "bot"):
            raise ConfigError("role", f"{role!r} is none", "Use 'person' or 'bot'.")
        if not name.strip():
            raise ConfigError("name", "is empty", "Give the name by which conversations are assigned.")
        return await self.run_job(lambda tx: records.hire(tx, name, role, email))

    async def agents(self) -> list[Agent]:
        """Everybody who answers, by name."""
        return await self.run_job(records.agents)

    async def events(self, after: str = "", *, most: int = 1000) -> list[Happening]:
        """What happened after a happening's id (empty: from the beginning), in order."""

        def job(tx: Tx) -> list[Happening]:
            return records.happenings(tx, tx.ids.find("happening", after) if after else 0, most)

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
        Conflict if an echo, a status or somebody else settled it meanwhile.
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


def _of(account: str, delivery: Delivery) -> Delivery:
    """The delivery, whoever made it, as this account's."""
    return delivery if delivery.account == account else delivery.model_copy(update={"account": account})


def _by_name(channels: Iterable[Channel]) -> dict[str, Channel]:
    found: dict[str, Channel] = {}
    for channel in channels:
        if channel.name in found:
            raise ConfigError(
                "channels",
                f"two accounts are called {channel.name!r}",
                "Give each account a name of its own.",
            )
        # Building the account checks the name.
        found[channel.account.name] = channel
    return found
