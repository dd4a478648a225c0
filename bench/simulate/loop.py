"""An event loop in which time is a number and chance has a seed: the same seed, the same order of everything.

Nothing waits. When nothing is ready, time goes on to the next moment for which something was put off. What belongs to
a dead process is never run again.
"""

from __future__ import annotations

import asyncio
import contextvars
import heapq
import random
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any

from bench.simulate.life import LIFE

_TICK = 20  # microseconds that a step takes, so that no two happen at one moment


class SimLoop(asyncio.AbstractEventLoop):
    """Runs what is ready one by one: in order, or (`shuffled`) whichever the seed says."""

    def __init__(self, chance: random.Random, *, shuffled: bool) -> None:
        self.micros = 0
        self.steps = 0
        self.troubles: list[str] = []
        self.tasks: list[asyncio.Task[Any]] = []
        self._chance = chance
        self._shuffled = shuffled
        self._ready: list[asyncio.Handle] = []
        self._timers: list[tuple[int, int, asyncio.TimerHandle]] = []
        self._dropped: list[asyncio.Handle] = []
        self._count = 0

    def run_until(self, over: Callable[[], bool]) -> None:
        """Go on until something is so; raises RuntimeError if nothing can happen any more."""
        asyncio._set_running_loop(self)
        try:
            while not over():
                self._step()
        finally:
            asyncio._set_running_loop(None)

    def resume(self, held: list[asyncio.Handle]) -> None:
        """Somebody stood still, and goes on: with all that came to it meanwhile, before anything that comes now."""
        self._ready[:0] = held
        held.clear()

    def bury(self) -> None:
        """Let everything that is left come to its end; all are dead by now, so nothing comes of it."""
        asyncio._set_running_loop(self)
        try:
            for _ in range(20):
                left = [task for task in self.tasks if not task.done()]
                if not left:
                    break
                for task in left:
                    task.cancel()
                self._ready[:0] = self._dropped
                self._dropped.clear()
                while self._ready:
                    handle = self._ready.pop(0)
                    if not handle.cancelled():
                        handle._run()
        finally:
            asyncio._set_running_loop(None)
        self._timers.clear()

    def _step(self) -> None:
        self.micros += _TICK
        while not self._ready or (self._timers and self._timers[0][0] <= self.micros):
            if not self._timers:
                raise RuntimeError("nothing can happen any more")
            at, _, timer = heapq.heappop(self._timers)
            if not timer.cancelled():
                self.micros = max(self.micros, at)
                self._ready.append(timer)
        handle = self._ready.pop(self._chance.randrange(len(self._ready)) if self._shuffled else 0)
        life = handle._context.get(LIFE)  # type: ignore[attr-defined]
        if handle.cancelled():
            return
        if life is not None and life.dead:
            self._dropped.append(handle)
            return
        if life is not None and life.still:
            life.held.append(handle)
            return
        self.steps += 1
        handle._run()

    # ------------------------------------------------------------- what asyncio asks of a loop

    def time(self) -> float:
        return self.micros / 1e6

    def call_soon(
        self, callback: Callable[..., object], *args: Any, context: contextvars.Context | None = None
    ) -> asyncio.Handle:
        handle = asyncio.Handle(callback, args, self, context)
        self._ready.append(handle)
        return handle

    call_soon_threadsafe = call_soon  # type: ignore[assignment]

    def call_later(
        self,
        delay: float,
        callback: Callable[..., object],
        *args: Any,
        context: contextvars.Context | None = None,
    ) -> asyncio.TimerHandle:
        return self.call_at(self.time() + delay, callback, *args, context=context)

    def call_at(
        self,
        when: float,
        callback: Callable[..., object],
        *args: Any,
        context: contextvars.Context | None = None,
    ) -> asyncio.TimerHandle:
        timer = asyncio.TimerHandle(when, callback, args, self, context)
        self._count += 1
        heapq.heappush(self._timers, (round(when * 1e6), self._count, timer))
        return timer

    def _timer_handle_cancelled(self, handle: asyncio.TimerHandle) -> None:
        """It is left where it stands, and passed over."""

    def create_future(self) -> asyncio.Future[Any]:
        return asyncio.Future(loop=self)

    def create_task(
        self,
        coro: Coroutine[Any, Any, Any],  # type: ignore[override]
        *,
        name: str | None = None,
        context: contextvars.Context | None = None,
    ) -> asyncio.Task[Any]:
        task = asyncio.Task(coro, loop=self, name=name, context=context)
        self.tasks.append(task)
        return task

    def run_in_executor(self, executor: object, func: Callable[..., Any], *args: Any) -> asyncio.Future[Any]:  # type: ignore[override]
        future = self.create_future()

        def work() -> None:
            with suppress(asyncio.InvalidStateError):
                try:
                    future.set_result(func(*args))
                except Exception as error:
                    future.set_exception(error)

        self.call_soon(work)
        return future

    def call_exception_handler(self, context: dict[str, Any]) -> None:
        life = LIFE.get()
        if life is None or not life.dead:
            error = context.get("exception")
            self.troubles.append(f"{context.get('message')}: {type(error).__name__}: {error}")

    def default_exception_handler(self, context: dict[str, Any]) -> None:
        self.call_exception_handler(context)

    def get_debug(self) -> bool:
        return False

    def is_running(self) -> bool:
        return True

    def is_closed(self) -> bool:
        return False
