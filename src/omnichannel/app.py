"""`Inbox`: the four steps, and the doors to them: a running server, a web application, synchronous code."""

from __future__ import annotations

import asyncio
from functools import cached_property
from typing import Self

from omnichannel.clock import Clock
from omnichannel.config import Config
from omnichannel.desk import Plan
from omnichannel.identity import POLICY, Policy
from omnichannel.inbox import Core
from omnichannel.inbox.rules import Rules
from omnichannel.run import run
from omnichannel.sync import SyncInbox
from omnichannel.web import Asgi


class Inbox(Core):
    """Every channel in one place, on one store. See `Core` for the steps and what can be done with them."""

    @classmethod
    def of(
        cls,
        found: Config,
        *,
        rules: Rules | None = None,
        policy: Policy = POLICY,
        clock: Clock | None = None,
        desk: Plan | None = None,
    ) -> Self:
        """The inbox of a configuration, with everything that stands in its file: `Inbox.of(config.load())`.

        `desk` takes the place of the file's plan, where the plan is written in Python, or holds bots of yours; the
        rest is what a file does not say. Raises ConfigError as `Inbox` does.
        """
        return cls(
            found.store,
            found.channels,
            workspace=found.workspace,
            rules=rules,
            policy=policy,
            clock=clock,
            webhooks=found.webhooks,
            desk=desk or found.desk,
            access=found.access,
            retention=found.retention,
        )

    async def run(self, *, stop: asyncio.Event | None = None) -> None:
        """Poll, read, handle and send until cancelled or `stop` is set; what is under way is finished first."""
        await run(self, stop)

    def asgi(self, *, public_url: str = "") -> Asgi:
        """An ASGI application that takes webhooks at `/<account>`; mount it anywhere.

        `public_url` is what stands before the account in the address that platforms call
        (`https://shop.example/hooks`), where a proxy changes it.
        """
        return Asgi(self, public_url=public_url)

    def sync(self) -> SyncInbox:
        """The same inbox for synchronous code, in every thread: `with inbox.sync() as box: box.work()`."""
        return self._sync

    @cached_property
    def _sync(self) -> SyncInbox:
        return SyncInbox(self)
