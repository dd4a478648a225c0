"""The store's one thread: jobs from everywhere, committed in groups.

A job is a function of a transaction. Whatever jobs queued up while the last commit was under way, and while
their own group is at work, share the next one: durability costs one disk flush for all of them, and there is
no timer to tune. Every caller is told
only after the commit that holds its own work. A job that fails takes no other down: the group is rolled back
and its jobs run again, each in a transaction of its own; so a job must be a function of the store alone.
"""

from __future__ import annotations

import asyncio
import logging
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import Any, Protocol, TypeVar

from omnichannel.errors import CommitInDoubt, StoreError
from omnichannel.store.fulltext import FullText

T = TypeVar("T")
Cell = int | float | str | bytes | None
Row = Sequence[Cell]

_log = logging.getLogger("omnichannel")

_GROUP = 512
_TRIES = 8


class Driver(Protocol):
    """What an engine must do. One thread uses it."""

    skip_locked: str
    """What makes a statement take the rows it reads, and leave out those that others have taken."""

    next_turn: str
    """What stands among the values of a happening for its place among all that were ever written."""

    full_text: FullText
    """How it finds rows by words."""

    waits: int
    """How often it had to wait for a server that was away."""

    def sign(self, workspace: int, worker: int) -> None:
        """Know whose commits these are from now on. In a transaction."""
        ...

    def begin(self) -> None:
        """Start a transaction that may write."""
        ...

    def take_turns(self) -> None:
        """Wait for whoever changes the tables, until they are done; then nobody else does, until the commit."""
        ...

    def commit(self) -> None:
        """Make it durable: when this returns, a power cut no longer loses it.

        Raises CommitInDoubt where nobody knows whether it was done.
        """
        ...

    def firm(self) -> None:
        """Make what this transaction found as durable as what it writes. In a transaction.

        Where somebody outside is told of it, and forgets it then.
        """
        ...

    def rollback(self) -> None:
        """Take everything since `begin` back; never raises."""
        ...

    def rows(self, sql: str, params: Row) -> list[tuple[Cell, ...]]:
        """Run one statement (parameters as `?`) and fetch what it returns."""
        ...

    def run(self, sql: str, params: Row) -> int:
        """Run one statement that returns no rows; how many rows it changed."""
        ...

    def each(self, sql: str, rows: Sequence[Row]) -> None:
        """Run one statement once for each row of parameters, asking the engine at most once.

        It may be run only with what comes next, at the latest with the commit, which then raises what it raised.
        """
        ...

    def script(self, sql: str) -> None:
        """Run several statements, in the current transaction."""
        ...

    def plan(self) -> None:
        """Prepare for large tables, once they are made."""
        ...

    def transient(self, error: BaseException) -> bool:
        """Whether the same work may succeed if tried again (a lock, a deadlock, a lost connection)."""
        ...

    def reconnect(self) -> None:
        """Make sure that the connection works; open a new one if it does not. Raises StoreUnreachable."""
        ...

    def scrub(self) -> list[str]:
        """Rewrite what is stored, so that nothing deleted is left in it; what else holds it, in sentences.

        Outside of any transaction. Raises StoreError where somebody else uses it.
        """
        ...

    def close(self) -> None:
        """Let go; never raises."""
        ...


Job = Callable[[Driver], T]


class Engine:
    """Runs jobs on one thread with one connection, many per commit."""

    def __init__(self, connect: Callable[[], Driver]) -> None:
        self._connect = connect
        self._queue: SimpleQueue[_Ticket | None] = SimpleQueue()
        self._started: Future[None] = Future()
        self._thread = threading.Thread(target=self._work, name="omnichannel-store", daemon=True)
        self._process = os.getpid()
        self._closed = False
        self._door = threading.Lock()
        self._driver: Driver | None = None
        self.commits = 0
        self.opened: Callable[[], object] = lambda: None
        """Called on the engine's thread first in each transaction."""
        self.closing: Callable[[], object] = lambda: None
        """Called on the engine's thread when the jobs of a transaction are done, before its commit."""
        self.committed: Callable[[], object] = lambda: None
        """Called on the engine's thread after each commit; what it raises undoes nothing, and is logged."""

    @property
    def waits(self) -> int:
        """How often it had to wait for a server that was away, since it was started."""
        return self._driver.waits if self._driver else 0

    def start(self) -> None:
        """Open the connection; raises what the driver raises."""
        self._thread.start()
        self._started.result()

    def close(self) -> None:
        """Finish what was submitted, then stop."""
        with self._door:
            if not self._closed:
                self._closed = True
                self._queue.put(None)
        self._thread.join()

    def wait_for(self, job: Job[T]) -> T:
        """Run a job and wait for its commit, from synchronous code."""
        future: Future[T] = Future()
        self._submit(_Ticket(job, future, None))
        return future.result()

    async def run(self, job: Job[T]) -> T:
        """Run a job and wait for its commit."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        self._submit(_Ticket(job, future, loop))
        return await future

    def _submit(self, ticket: _Ticket) -> None:
        with self._door:  # nothing gets in behind the end, where nobody would ever take it up
            if self._closed:
                raise StoreError("the store is closed; open the inbox before using it")
            if os.getpid() != self._process:
                raise StoreError(
                    "the store's thread is not here, because the inbox was opened before this process was forked; "
                    "open it in each worker process"
                )
            self._queue.put(ticket)

    def _work(self) -> None:
        try:
            driver = self._connect()
        except BaseException as error:  # noqa: BLE001 - whoever called start() gets it
            self._started.set_exception(error)
            return
        self._driver = driver
        self._started.set_result(None)
        try:
            while self._serve(driver):
                pass
        finally:
            driver.close()

    def _serve(self, driver: Driver) -> bool:
        """Commit one group: the next job, which is waited for, and whatever else there is. False at the end."""
        first = self._queue.get()
        if first is not None:
            self._commit(driver, [first])
        return first is not None

    def _growing(self, group: list[_Ticket]) -> Iterator[_Ticket]:
        """The first job of a group, then whatever waits or comes while the group is at work, at most so many."""
        yield group[0]
        while len(group) < _GROUP:
            try:
                ticket = self._queue.get_nowait()
            except Empty:
                return
            if ticket is None:
                self._queue.put(None)
                return
            group.append(ticket)
            yield ticket

    def _commit(self, driver: Driver, group: list[_Ticket]) -> None:
        try:
            driver.begin()
            self.opened()
            for ticket in self._growing(group):
                ticket.result = ticket.job(driver)
            self.closing()
            driver.commit()
        except CommitInDoubt as doubt:
            driver.rollback()
            for ticket in group:  # what was perhaps done is not done again
                ticket.error = doubt
        except BaseException:  # noqa: BLE001 - each job runs again alone, and tells its own caller
            driver.rollback()
            for ticket in group:
                self._alone(driver, ticket)
        else:
            self._count()
        _tell(group)

    def _alone(self, driver: Driver, ticket: _Ticket) -> None:
        for attempt in range(_TRIES):
            try:
                driver.reconnect()
                driver.begin()
                self.opened()
                ticket.result = ticket.job(driver)
                self.closing()
                driver.commit()
            except BaseException as error:  # noqa: BLE001 - handed to the caller; this thread serves the others
                driver.rollback()
                ticket.error = error
                if not driver.transient(error) or attempt == _TRIES - 1:
                    return
                threading.Event().wait(min(0.01 * 2**attempt, 1.0))
            else:
                self._count()
                ticket.error = None
                return

    def _count(self) -> None:
        self.commits += 1
        try:
            self.committed()
        except Exception:  # noqa: BLE001 - what was committed stays so, and its callers are told
            _log.exception("others could not be told of a commit")


class _Ticket:
    """A job and who waits for it."""

    __slots__ = ("error", "future", "job", "loop", "result")

    def __init__(
        self,
        job: Callable[[Driver], object],
        future: Future[Any] | asyncio.Future[Any],
        loop: asyncio.AbstractEventLoop | None,
    ) -> None:
        self.job = job
        self.future = future
        self.loop = loop
        self.result: object = None
        self.error: BaseException | None = None

    def tell(self) -> None:
        if self.future.cancelled():
            return
        if isinstance(self.error, StopIteration):  # which no future takes
            self.future.set_exception(RuntimeError("a job of the store raised StopIteration"))
        elif self.error is not None:
            self.future.set_exception(self.error)
        else:
            self.future.set_result(self.result)


def _tell(group: list[_Ticket]) -> None:
    """Wake every caller: one call into each event loop, however many of its callers wait."""
    by_loop: dict[asyncio.AbstractEventLoop | None, list[_Ticket]] = {}
    for ticket in group:
        by_loop.setdefault(ticket.loop, []).append(ticket)
    for loop, tickets in by_loop.items():
        if loop is None:
            _tell_all(tickets)
        else:
            with suppress(RuntimeError):  # the loop has ended, and with it whoever waited
                loop.call_soon_threadsafe(_tell_all, tickets)


def _tell_all(tickets: list[_Ticket]) -> None:
    for ticket in tickets:
        ticket.tell()
