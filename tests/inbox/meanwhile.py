"""Two workers on one PostgreSQL in the worst order: the second looks while the first has not committed yet.

No pause decides: the first one commits when the second is through, or waits for it.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable
from typing import Any

import psycopg
import pytest

from omnichannel.inbox.reading import Reader
from omnichannel.store import Tx
from tests.inbox.desk import Desk


def _waits(url: str) -> bool:
    """Whether somebody waits for a lock."""
    with psycopg.connect(url, autocommit=True) as connection:
        found = connection.execute("SELECT count(*) FROM pg_locks WHERE NOT granted").fetchone()
    return found != (0,)


async def meanwhile(one: Desk, job: Callable[[Tx], Any], then: Awaitable[Any]) -> tuple[Any, Any]:
    """Do a job, and before its commit something else of another worker, as far as that comes; what came of both."""
    begun, go_on = threading.Event(), threading.Event()

    def slowly(tx: Tx) -> Any:
        result = job(tx)
        tx.finish()
        begun.set()
        assert go_on.wait(60)
        return result

    first = asyncio.create_task(one.inbox.run_job(slowly))
    await asyncio.to_thread(begun.wait, 60)
    second = asyncio.ensure_future(then)
    while not second.done() and not await asyncio.to_thread(_waits, one.url):
        await asyncio.sleep(0)
    go_on.set()
    return await first, await second


def reading(desk: Desk, most: int = 1) -> Callable[[Tx], int]:
    """Read so many deliveries, as a worker does."""
    box = desk.inbox
    return lambda tx: Reader(box.channels, box.rules, handled=False).read(tx, most)


async def during(one: Desk, what: Awaitable[Any], place: Any, name: str, then: Awaitable[Any]) -> Any:
    """Do something, and once `name` in it is through, before its commit, something else as far as that comes.

    Whether that had come to its end before the commit, and what came of both.
    """
    begun, go_on = threading.Event(), threading.Event()
    whole = getattr(place, name)

    def slowly(*given: Any, **more: Any) -> Any:
        result = whole(*given, **more)
        begun.set()
        assert go_on.wait(60)
        return result

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(place, name, slowly)
        first = asyncio.ensure_future(what)
        await asyncio.to_thread(begun.wait, 60)
    second = asyncio.ensure_future(then)
    while not second.done() and not await asyncio.to_thread(_waits, one.url):
        await asyncio.sleep(0)
    through = second.done()
    go_on.set()
    return through, await asyncio.gather(first, second, return_exceptions=True)
