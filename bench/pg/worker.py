"""One of several workers on a PostgreSQL: takes its share of the webhooks while it works, until told to stop.

`python -m bench.pg.worker URL FIRST MESSAGES IN_FLIGHT`: says `ready`, begins at a line on stdin, says how many were
acknowledged, ends at the next line. Everything is a line, so that the clock is the parent's.
"""

from __future__ import annotations

import asyncio
import sys

from bench.durable import hand_over
from bench.webhooks import SENDERS, page, webhook
from omnichannel import Inbox


async def work(url: str, first: int, messages: int, in_flight: int) -> None:
    """Be that worker."""
    hooks = [webhook([number], people=SENDERS) for number in range(first, first + messages)]
    stop = asyncio.Event()
    async with Inbox(url, [page()]) as inbox:
        await _line("ready")
        working = asyncio.create_task(inbox.run(stop=stop))
        acks = await hand_over(inbox, hooks, in_flight)
        await _line(str(len(acks)))
        stop.set()
        await working


async def _line(said: str) -> None:
    print(said, flush=True)
    await asyncio.to_thread(sys.stdin.readline)


if __name__ == "__main__":
    asyncio.run(work(sys.argv[1], *map(int, sys.argv[2:])))
