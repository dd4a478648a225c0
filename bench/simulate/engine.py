"""The store's engine without its thread: a group of jobs is committed in one step of the loop."""

from __future__ import annotations

import os
from concurrent.futures import Future
from typing import Any

from bench.simulate.life import Life
from bench.simulate.loop import SimLoop
from bench.simulate.sqlite import SimDriver
from omnichannel.errors import StoreError
from omnichannel.store.engine import Driver, Engine, Job, T, _Ticket
from omnichannel.store.sqlite import is_locked

_PACES = (0.0, 0.0005, 0.003)  # seconds until a disk gets to it; what comes meanwhile joins the group


class LoopEngine(Engine):
    """Everything but the thread is the library's own: groups, their failures, who is told when."""

    def __init__(self, path: str, life: Life, loop: SimLoop, *, wal: bool) -> None:
        super().__init__(lambda: SimDriver(path, life, wal=wal))  # type: ignore[arg-type, return-value]
        self._life = life
        self._loop = loop
        self._waking = False
        self.driver: Driver

    def start(self) -> None:
        self.driver = self._connect()

    def close(self) -> None:
        """A process ends by dying."""

    def wait_for(self, job: Job[T]) -> T:
        future: Future[Any] = Future()
        self._process = os.getpid()  # as below
        super()._submit(_Ticket(job, future, None))
        self._turn()
        self._life.check()
        try:
            return future.result()  # type: ignore[no-any-return]
        except Exception as error:
            if is_locked(error):  # for good: who would let go of it does nothing while this one waits
                raise StoreError("somebody has the store to themselves") from error
            raise

    def _submit(self, ticket: _Ticket) -> None:
        self._life.check()
        self._process = os.getpid()  # a copy of this process has all of it: there is no thread
        super()._submit(ticket)
        if not self._waking:
            self._waking = True
            self._loop.call_later(self._life.chance.choice(_PACES), self._begin)

    def _begin(self) -> None:
        """A group begins, unless its process stands still there: then what comes meanwhile joins it."""
        self._life.cross("begin")
        if self._life.still:
            self._loop.call_soon(self._turn)
        else:
            self._turn()

    def _turn(self) -> None:
        self._waking = False
        try:
            self._serve(self.driver)
        except BaseException:
            if not self._life.dead:
                raise
