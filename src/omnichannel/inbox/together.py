"""What ends at the same time is written down together: one job for all that ended by the time it begins."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Generic, TypeVar

from omnichannel.store import Tx

if TYPE_CHECKING:
    from omnichannel.inbox.base import Base

T = TypeVar("T")


class Together(Generic[T]):
    """Collects ends until the loop comes to `write` them; one that fails takes no other down."""

    def __init__(self, inbox: Base, write: Callable[[Tx, Sequence[T]], object]) -> None:
        self._inbox = inbox
        self._write = write
        self._waiting: list[tuple[T, asyncio.Future[None]]] = []
        self._writing: set[asyncio.Task[None]] = set()

    async def end(self, one: T) -> None:
        """Return after the commit that holds it. Raises what writing it raises."""
        written: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((one, written))
        if len(self._waiting) == 1:
            task = asyncio.create_task(self._write_all())
            self._writing.add(task)
            task.add_done_callback(self._writing.discard)
        await written

    async def _write_all(self) -> None:
        ended, self._waiting = self._waiting, []
        try:
            await self._commit([one for one, _ in ended])
        except Exception as error:  # noqa: BLE001 - given to whom it concerns
            if len(ended) == 1:
                _tell(ended[0][1], error)
            else:
                await asyncio.gather(*(self._alone(one, written) for one, written in ended))
        else:
            for _, written in ended:
                _tell(written, None)
        finally:
            for _, written in ended:
                written.cancel()  # whoever was not told, because the loop ends, waits no longer

    async def _alone(self, one: T, written: asyncio.Future[None]) -> None:
        try:
            await self._commit([one])
        except Exception as error:  # noqa: BLE001 - given to whom it concerns
            _tell(written, error)
        else:
            _tell(written, None)

    async def _commit(self, ended: Sequence[T]) -> None:
        await self._inbox.run_job(lambda tx: self._write(tx, ended))


def _tell(written: asyncio.Future[None], error: Exception | None) -> None:
    if written.done():
        return  # whoever waited was cut off
    if error is None:
        written.set_result(None)
    else:
        written.set_exception(error)
