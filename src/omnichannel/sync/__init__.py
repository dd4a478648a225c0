"""The inbox for synchronous code: Django views, scripts, a REPL. One event loop in a thread does the work."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine, Iterable
from copy import copy
from datetime import datetime
from types import TracebackType
from typing import Never, Self, TypeVar

from omnichannel.channel import Ack, Delivery
from omnichannel.errors import UsageError
from omnichannel.imports import Archive
from omnichannel.inbox import Core, Health, Imported, Reconciled, Unpacked
from omnichannel.inbox.doubts import Outcome
from omnichannel.model import Agent, Attachment, Draft, Happening, Message, Parked, Preview
from omnichannel.sync.access import SyncRetention, SyncRoles, SyncTrail
from omnichannel.sync.answers import SyncAnswers
from omnichannel.sync.bots import SyncControl, SyncTraining
from omnichannel.sync.conversations import SyncConversations
from omnichannel.sync.customers import SyncCustomers
from omnichannel.sync.desk import (
    SyncAgents,
    SyncDesk,
    SyncProposals,
    SyncRatings,
    SyncRoutes,
)
from omnichannel.sync.following import SyncFollowers, SyncFollowing, SyncWebhooks
from omnichannel.sync.identity import SyncIdentity
from omnichannel.sync.keeping import SyncBlocks, SyncBulk, SyncFields, SyncViews
from omnichannel.sync.reports import SyncReports
from omnichannel.sync.search import SyncSearch

__all__ = [
    "SyncAgents", "SyncAnswers", "SyncBlocks", "SyncBulk", "SyncControl", "SyncConversations", "SyncCustomers",
    "SyncDesk", "SyncFields", "SyncFollowers", "SyncFollowing", "SyncIdentity", "SyncInbox", "SyncProposals",
    "SyncRatings", "SyncReports", "SyncRetention", "SyncRoles", "SyncRoutes", "SyncSearch", "SyncTrail",
    "SyncTraining", "SyncViews", "SyncWebhooks",
]  # fmt: skip

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
        self._whole = self
        self._door = threading.Lock()
        self._inside = 0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._give(inbox)

    def _give(self, inbox: Core) -> None:
        """Have the parts of an inbox: of the whole one, or of one in somebody's hands."""
        self._inbox = inbox
        self.conversations = SyncConversations(self.wait_for, inbox.conversations)
        self.customers = SyncCustomers(self.wait_for, inbox.customers)
        self.followers = SyncFollowers(self.wait_for, inbox.followers)
        self.webhooks = SyncWebhooks(self.wait_for, inbox.webhooks)
        self.identity = SyncIdentity(self.wait_for, inbox.identity)
        self.search = SyncSearch(self.wait_for, inbox.search)
        self.roles = SyncRoles(self.wait_for, inbox.roles)
        self.retention = SyncRetention(self.wait_for, inbox.retention)
        self.trail = SyncTrail(self.wait_for, inbox.trail)

    @property
    def desk(self) -> SyncDesk:
        """`inbox.desk` without `await`; raises ConfigError without a plan."""
        return SyncDesk(self.wait_for, self._inbox.desk)

    def acting_as(self, agent: str, *, because: str = "") -> Self:
        """The same in the hands of one of us, by name; see `Inbox.acting_as`. Use it while this one is open."""
        hands = copy(self)
        hands._give(self._inbox.acting_as(agent, because=because))  # noqa: SLF001 - a copy of this one
        return hands

    def __enter__(self) -> Self:
        if self._whole is not self:
            raise UsageError("enter the whole one: with inbox.sync() as box: box.acting_as(…)")
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
        """Run any coroutine of the inbox and return what it returns.

        Raises UsageError where that would wait for ever: before `with`, on its own loop, and in a forked process.
        """
        if self._whole is not self:
            return self._whole.wait_for(doing)
        if self._loop is None or self._thread is None:
            doing.close()
            raise UsageError("use it inside: with inbox.sync() as box: …")
        if self._thread is threading.current_thread():
            doing.close()
            raise UsageError("this runs on the inbox's own loop, in a handler: await the inbox itself there")
        if not self._thread.is_alive():
            doing.close()
            raise UsageError(
                "it was entered before this process was forked, and its thread is not here; enter inbox.sync() in "
                "each worker process, when it first needs it"
            )
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

    def import_archive(
        self, archive: Archive, *, dry_run: bool = False, told: Callable[[Unpacked], None] | None = None
    ) -> Unpacked:
        """Bring in an archive: a mailbox in files, or the export of another desk."""
        return self.wait_for(self._inbox.import_archive(archive, dry_run=dry_run, told=told))

    def reconcile(
        self, account: str, since: datetime | None = None, *, told: Callable[[Reconciled], None] | None = None
    ) -> Reconciled:
        """Bring in what an account missed, from its platform's own record."""
        return self.wait_for(self._inbox.reconcile(account, since, told=told))

    def health(self, *, ask: bool = True) -> list[Health]:
        """How every account does, and what to do about it."""
        return self.wait_for(self._inbox.health(ask=ask))

    def work(self) -> int:
        """Read, handle, send and tell until nothing is due any more."""
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

    def add_agent(self, name: str, *, role: str | None = None, email: str | None = None) -> Agent:
        """Add somebody who answers."""
        return self.wait_for(self._inbox.add_agent(name, role=role, email=email))

    def agents(self) -> list[Agent]:
        """Everybody who answers."""
        return self.wait_for(self._inbox.agents())

    def events(self, after: str = "", *, most: int = 1000) -> list[Happening]:
        """What happened after a happening."""
        return self.wait_for(self._inbox.events(after, most=most))

    def follow(
        self,
        name: str,
        *,
        wants: Iterable[str] = (),
        oldest: bool = True,
        every: int = 1,
        wait: bool = True,
    ) -> SyncFollowing:
        """Every happening, from where the follower of this name left off."""
        following = self._inbox.follow(name, wants=wants, oldest=oldest, every=every, wait=wait)
        return SyncFollowing(self.wait_for, following)

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
