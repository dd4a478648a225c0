"""An inbox in memory that many inputs share: opened when it is needed, and a new one from time to time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from omnichannel import Inbox

T = TypeVar("T")


class Shared:
    """`make` makes the inbox anew for every so many uses, so that what is in it stays small."""

    def __init__(self, make: Callable[[], Inbox], uses: int) -> None:
        self._make = make
        self._uses = uses
        self._used = 0
        self._open: tuple[asyncio.Runner, Inbox] | None = None

    def use(self, job: Callable[[Inbox], Awaitable[T]]) -> T:
        """Do something with it; whatever goes wrong, the next one gets a new one."""
        self._used += 1
        if self._used % self._uses == 0:
            self.close()
        if self._open is None:
            self._open = asyncio.Runner(), self._make()
        runner, inbox = self._open
        try:
            return runner.run(_awaited(job(inbox)))
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Let go of it."""
        found, self._open = self._open, None
        if found is not None:
            runner, inbox = found
            with runner:
                runner.run(inbox.close())


async def _awaited(job: Awaitable[T]) -> T:
    return await job
