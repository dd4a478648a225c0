"""What every part of the inbox stands on: the store, the accounts, the clock, and who is to be woken."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from types import TracebackType
from typing import NoReturn, Self, TypeVar

from omnichannel.channel import Channel, Sender
from omnichannel.clock import Clock, SystemClock, micros
from omnichannel.desk.access import Access
from omnichannel.desk.plan import Plan
from omnichannel.desk.retention import Retention
from omnichannel.errors import ConfigError, NotFound
from omnichannel.http import HttpSender
from omnichannel.identity import POLICY, Policy
from omnichannel.inbox.blame import Blame
from omnichannel.inbox.composing import Composed
from omnichannel.inbox.desk.learning import Learned
from omnichannel.inbox.hearing import Seldom
from omnichannel.inbox.incoming import Handler, check_handler
from omnichannel.inbox.preview import fitted
from omnichannel.inbox.rules import Rules
from omnichannel.model import Party
from omnichannel.store import Store, Tx, check_url
from omnichannel.webhooks import Webhook

T = TypeVar("T")


class Base:
    """Every channel in one place, on one store.

    `store` is a URL: `sqlite:///support.db` (the default engine), `sqlite:///:memory:`, or
    `postgresql://…`. `channels` are the accounts, each with a name of its own. `workspace` keeps tenants in one
    database apart. `policy` says which evidence may make one customer of two. `webhooks` are endpoints that are told
    what happens, whose secrets stay out of the store; others are registered with `inbox.webhooks`. `desk` is the plan
    by which conversations are given out; without one there is no desk. `access` says which roles there are, for
    whoever acts through `acting_as`; `retention` how long things are kept (None: for ever).
    Raises ConfigError at construction for what could never work; the store is opened on first
    use, or by `async with`.
    """

    def __init__(
        self,
        store: str = "sqlite:///omnichannel.db",
        channels: Iterable[Channel] = (),
        *,
        workspace: str = "default",
        rules: Rules | None = None,
        policy: Policy = POLICY,
        clock: Clock | None = None,
        webhooks: Iterable[Webhook] = (),
        desk: Plan | None = None,
        access: Access | None = None,
        retention: Retention | None = None,
    ) -> None:
        check_url(store)
        if desk is not None and not isinstance(desk, Plan):
            raise ConfigError(
                "desk", f"{type(desk).__name__} is no plan", "Give a Plan(…) of omnichannel.desk."
            )
        self.url = store
        self.workspace = workspace
        self.rules = rules or Rules()
        self.policy = policy
        self.plan = desk
        self.access_rules = access or Access()
        self.retention_rules = retention
        self.clock = clock or SystemClock()
        self.channels: Mapping[str, Channel] = _by_name(channels)
        self.configured: Mapping[str, Webhook] = _endpoints(webhooks)
        self.handlers: list[Handler] = []
        self.bells: dict[Callable[[], object], None] = {}  # in the order in which they were hung up
        self.reads, self.handles = Blame(), Blame()  # which deliveries and messages break the store's line
        self.learned = Learned()  # what was asked and answered before; the desk alone looks at it
        self._seldom = Seldom()
        self._senders: dict[str, Sender] = {}
        self.indexes = False  # whether an index of words is known to be kept here
        # Calls that this process is making at the moment, with their accounts.
        self._making: dict[int, str] = {}
        # Until when an account's platform takes nothing: known here before it is written down for everybody.
        self._not_before: dict[str, int] = {}
        self.hanging: set[str] = set()  # endpoints that let this process wait, or did the last time
        # Until when an account's platform is asked nothing about calls in doubt.
        self.quiet: dict[str, int] = {}
        self._swept: datetime | None = None  # when updates that wait in vain were last let go
        self._store: Store | None = None
        self._opening = threading.Lock()

    def __reduce__(self) -> NoReturn:
        """Refuse to be pickled or copied: it holds the secrets of every account. Raises TypeError."""
        raise TypeError("an inbox holds secrets and connections; make it from its settings in every process")

    # ---------------------------------------------------------------------------------------- opening

    def open(self) -> Store:
        """Open the store if it is not open yet. Raises what `Store` raises."""
        with self._opening:
            if self._store is None:
                self._store = self._new_store()
            return self._store

    def _new_store(self) -> Store:
        store = Store(self.url, self.workspace, self.clock, self.policy)
        store.heard = self.ring
        return store

    async def close(self) -> None:
        """Let go of the store and of all connections. The inbox can be opened again."""
        senders, self._senders = self._senders, {}
        for sender in senders.values():
            await sender.close()
        with self._opening:
            store, self._store = self._store, None
        if store is not None:
            await _in_a_thread(store.close)

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

        Handlers run in the order in which they were registered, one conversation at a time. Raises UsageError for
        what nobody can await.
        """
        check_handler(handler)
        self.handlers.append(handler)
        return handler

    def ring(self) -> None:
        """Wake whoever works on this inbox: there is something to do."""
        for bell in tuple(self.bells):
            bell()

    def _sender(self, channel: Channel) -> Sender:
        """The wire that an account writes to; raises ConfigError where it is not set up to write."""
        if channel.name not in self._senders:
            self._senders[channel.name] = channel.sender() or HttpSender(channel)
        return self._senders[channel.name]

    def rendered(self, composed: Composed) -> Composed:
        """A draft with its calls; raises Unsupported, TooLarge or WindowClosed, and ConfigError without a wire."""
        channel = self.channel(composed.account)
        shown, _ = fitted(channel, composed.draft)
        calls = tuple(channel.render(shown))
        self._sender(channel)
        return replace(composed, calls=calls)

    async def give_sign(self, channel: Channel, to: Party, sign: str, heard: str) -> bool:
        """Make the call of a passing sign now, and forget it; whether the platform took it. Raises Unsupported."""
        call = channel.signal(to, sign, heard)
        if micros(self.clock.now()) < self._not_before.get(channel.name, 0):
            return False
        answer = await self._sender(channel).send(call)
        return not answer.failure and answer.status < 300


async def _in_a_thread(job: Callable[[], object]) -> None:
    """Do it in another thread, or here where none is lent any more: `atexit` comes after the pool ended."""
    loop = asyncio.get_running_loop()
    try:
        doing = loop.run_in_executor(None, job)
    except RuntimeError:
        job()
    else:
        await doing


def _by_name(channels: Iterable[Channel]) -> dict[str, Channel]:
    found: dict[str, Channel] = {}
    cure = "Give a list of accounts, such as [Email('support', …)]."
    if isinstance(channels, Channel) or not isinstance(channels, Iterable):
        raise ConfigError("channels", f"{channels!r} is no list", cure)
    for channel in channels:
        if not isinstance(channel, Channel):
            raise ConfigError("channels", f"{channel!r} is no account", cure)
        if not hasattr(channel, "name"):
            unnamed = f"{type(channel).__name__} has no name"
            raise ConfigError("channels", unnamed, "Let its __init__ call super().__init__(name).")
        if channel.name in found:
            raise ConfigError(
                "channels",
                f"two accounts are called {channel.name!r}",
                "Give each account a name of its own.",
            )
        # Building the account checks the name.
        found[channel.account.name] = channel
    return found


def _endpoints(webhooks: Iterable[Webhook]) -> dict[str, Webhook]:
    found: dict[str, Webhook] = {}
    for webhook in webhooks:
        if webhook.name in found:
            raise ConfigError(
                "webhooks", f"two endpoints are called {webhook.name!r}", "Give each a name of its own."
            )
        found[webhook.name] = webhook
    return found
