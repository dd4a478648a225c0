"""The store: it remembers. Every SQL statement stands here once; two small drivers run them.

`arrivals` what came in · `people` who wrote, `facts` what they said of themselves, `likeness` what finds those who
are alike, `journal` what says who is one · `conversations`, `messages`, their `places`, and the platforms'
`externals` · `queue` what waits for handlers · `outbox` what waits to be sent, and how accounts share the `hands`
that do it · `due` when something will be · `records` agents, happenings · `pulses` when each account last heard,
`missing` what its platform knows and we do not · `tokens` and `challenges`: what is to come back; `pace` how often
a program answered. What those who write have a right to: `known` what every table holds of them, `belongings` what
is somebody's, `holds` whose items a delivery holds, `erasing` and `erased` (by `marking`), `freezing`. What finds
rows by words: `search`, with what each engine has for it (`fulltext`). Each is functions over a `Tx`; the `Store`
runs them in groups on its own thread (`engine`), and hears of what other workers commit (`listening`). What a job
knows without asking is in its `memory`, what it writes at its end is `pending`, `sets` are how PostgreSQL takes
many rows, and `talk` is how it is asked as seldom as can be.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

from omnichannel.clock import Clock
from omnichannel.identity import POLICY, Policy
from omnichannel.sealing import sealed
from omnichannel.store.engine import Engine
from omnichannel.store.opening import (
    bring_up_to_date,
    check_url,
    driver_for,
    enter,
    findings,
    is_ready,
    listener_for,
    patiently,
)
from omnichannel.store.tx import Tx

__all__ = ["Store", "Tx", "check_url", "findings", "is_ready"]

T = TypeVar("T")


class Store:
    """One workspace in one database. Opened at construction; close it when done.

    Waits for as long as another process changes the tables. Raises ConfigError for a URL that is none, UnsafeStore
    where what is acknowledged could be lost, SchemaError where a newer omnichannel made the tables, StoreError where
    another process keeps a file to itself for minutes, and the driver's own errors. `engine` runs its jobs, where
    that is not to be a thread of its own.
    """

    @sealed
    def __init__(
        self,
        url: str,
        workspace: str,
        clock: Clock,
        policy: Policy = POLICY,
        *,
        engine: Engine | None = None,
    ) -> None:
        self._connect, words = driver_for(url)
        self._engine = engine or Engine(lambda: patiently(self._connect))
        self._engine.start()
        try:
            bring_up_to_date(self._engine, url, words)
            self._tx = self._engine.wait_for(lambda driver: enter(driver, workspace, clock, policy))
        except BaseException:
            self._engine.close()
            raise
        self.ids = self._tx.ids
        self.heard: Callable[[], object] = lambda: None
        """Called from another thread when another worker committed something."""
        self._listener = listener_for(url, self._tx.ws, self._hear)
        self._engine.opened = self._tx.opened
        self._engine.closing = self._tx.finish
        self._engine.committed = self._tell

    @property
    def commits(self) -> int:
        """How many transactions were committed since it was opened."""
        return self._engine.commits

    @property
    def waits(self) -> int:
        """How often it had to wait for a server that was away: whatever failed meanwhile may have failed for that."""
        return self._engine.waits

    @property
    def listens(self) -> bool:
        """Whether it hears at once of what others commit; who does not hear must look."""
        return self._listener is not None and self._listener.hears

    @property
    def may_listen(self) -> bool:
        """Whether its engine tells of what others commit, unless the line is down."""
        return self._listener is not None

    def _hear(self) -> None:
        self.heard()

    def _tell(self) -> None:
        if self._tx.news:
            self._tx.news = False
            if self._listener:
                self._listener.tell()

    async def run(self, job: Callable[[Tx], T]) -> T:
        """Run a job on the store's thread; returns after the commit that holds it."""
        return await self._engine.run(lambda _: self._do(job))

    def _do(self, job: Callable[[Tx], T]) -> T:
        self._tx.begin()
        return job(self._tx)

    async def scrub(self) -> list[str]:
        """Rewrite the database, so that nothing deleted is left in it; what else holds it. See `Driver.scrub`."""
        return await asyncio.to_thread(self._scrub)

    def _scrub(self) -> list[str]:
        driver = self._connect()  # a connection of its own: it cannot be done within a transaction
        try:
            return driver.scrub()
        finally:
            driver.close()

    def close(self) -> None:
        """Finish what was submitted, then let go."""
        self._engine.close()
        if self._listener:
            self._listener.close()
            self._listener = None
