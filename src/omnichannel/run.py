"""The loops: the only user of time and tasks. Everything they do is a step of the inbox."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from omnichannel.channel import Channel, Source
from omnichannel.inbox import Core

_log = logging.getLogger("omnichannel")

_LOOK = 1.0  # seconds between looks at a store that other processes may write to
_WAIT = 240.0  # seconds a source may wait for news; mailboxes want to hear from us every few minutes
_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 300.0


async def run(inbox: Core, stop: asyncio.Event | None = None) -> None:
    """Work on an inbox until cancelled or told to stop; then let what is under way finish.

    Whatever is cut off all the same is found again at the next start.
    """
    stop = stop or asyncio.Event()
    inbox.open()
    sources = [(channel, source) for channel in inbox.channels.values() for source in channel.sources()]
    # Sources are cut off where they wait; steps are allowed to end.
    pollers = [asyncio.create_task(_poll(inbox, channel, source)) for channel, source in sources]
    stepping = asyncio.create_task(_steps(inbox, stop))
    stopping = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait([stopping, stepping], return_when=asyncio.FIRST_COMPLETED)
    finally:
        stop.set()
        inbox.ring()
        stopping.cancel()
        for poller in pollers:
            poller.cancel()
        cut_off: list[asyncio.Task[Any]] = [*pollers, stopping]
        await asyncio.wait(cut_off)
        await asyncio.shield(stepping)
        for _, source in sources:
            await source.close()


async def _steps(inbox: Core, stop: asyncio.Event) -> None:
    """Every step beside the others: a slow handler holds up no delivery, a slow platform no handler."""
    await asyncio.gather(
        *(_step(step, inbox, stop) for step in (inbox.read, inbox.look_up, inbox.handle, inbox.send))
    )


async def _step(step: Callable[[], Awaitable[int]], inbox: Core, stop: asyncio.Event) -> None:
    bell = asyncio.Event()
    ring = partial(asyncio.get_running_loop().call_soon_threadsafe, bell.set)
    inbox.bells.add(ring)
    try:
        await _repeat(step, inbox, bell, stop)
    finally:
        inbox.bells.discard(ring)


async def _repeat(
    step: Callable[[], Awaitable[int]], inbox: Core, bell: asyncio.Event, stop: asyncio.Event
) -> None:
    failures = 0
    while not stop.is_set():
        bell.clear()  # before the look: what rings while we look is looked at again
        try:
            done = await step()
            failures = 0
        except Exception:  # noqa: BLE001
            # The store is out of reach, say: nothing is lost, everything is tried again.
            _log.exception("a step of the inbox failed")
            failures, done = failures + 1, 0
        if done:
            inbox.ring()
        else:
            await _rest(bell, _pause(failures) if failures else _LOOK)


async def _rest(bell: asyncio.Event, seconds: float) -> None:
    """Wait until something may be there."""
    try:
        await asyncio.wait_for(bell.wait(), seconds)
    except TimeoutError:
        return


async def _poll(inbox: Core, channel: Channel, source: Source) -> None:
    """Read a source for ever: fetch, commit with the cursor, wait for news; after trouble start again."""
    failures = 0
    while True:
        try:
            await _poll_once(inbox, channel, source)
            failures = 0
        except asyncio.CancelledError:
            raise
        except Exception as error:  # noqa: BLE001 - a source raises anything on trouble
            failures += 1
            pause = _pause(failures)
            _log.warning(
                "account %s, %s: %s; next try in %.0f s",
                channel.name,
                source.name,
                type(error).__name__,
                pause,
            )
            await source.close()
            await asyncio.sleep(pause)


async def _poll_once(inbox: Core, channel: Channel, source: Source) -> None:
    cursor = await inbox.cursor(channel.name, source.name)
    batch = await source.fetch(cursor)
    if batch.deliveries or batch.cursor != cursor:
        await inbox.keep(channel.name, source.name, batch)
    if not batch.more:
        await source.wait(_WAIT)


def _pause(failures: int) -> float:
    return min(_FIRST_PAUSE * (1 << min(failures - 1, 20)), _LONGEST_PAUSE)
