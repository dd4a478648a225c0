"""The store's engine on the loop's own thread, so that neither waits for the other."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from omnichannel import Inbox
from omnichannel.store import Store
from omnichannel.store.engine import Driver, Engine, Job, T, _Ticket
from omnichannel.store.opening import driver_for


class LoopEngine(Engine):
    """Everything but the thread is the library's own: what is asked for at once is committed at once."""

    def __init__(self, connect: Callable[[], Driver]) -> None:
        super().__init__(connect)
        self._waking = False
        self.driver: Driver

    def start(self) -> None:
        """Open the connection."""
        self.driver = self._connect()

    def close(self) -> None:
        """Let go of it."""
        if not self._closed:
            self._closed = True
            self.driver.close()

    def wait_for(self, job: Job[T]) -> T:
        """Run a job at once."""
        future: Future[Any] = Future()
        super()._submit(_Ticket(job, future, None))
        self._serve(self.driver)
        return future.result()  # type: ignore[no-any-return]  # a job gives what it gives

    def _submit(self, ticket: _Ticket) -> None:
        super()._submit(ticket)
        if not self._waking:
            self._waking = True
            asyncio.get_running_loop().call_soon(self._turn)

    def _turn(self) -> None:
        self._waking = False
        self._serve(self.driver)


class WeekInbox(Inbox):
    """An inbox whose store works on the loop's thread."""

    def _new_store(self) -> Store:
        connect, _ = driver_for(self.url)
        return Store(self.url, self.workspace, self.clock, self.policy, engine=LoopEngine(connect))

    async def leave(self) -> None:
        """Let go of everything, on the thread that opened it."""
        store, self._store = self._store, None
        if store is not None:
            store.close()
        await self.close()
