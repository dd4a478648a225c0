"""The loops: the only user of time and tasks. Everything they do is a step of the inbox."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextlib import suppress
from typing import Any, Generic, TypeVar

from omnichannel.channel import Channel, Source
from omnichannel.clock import micros
from omnichannel.desk.places import nowhere
from omnichannel.errors import ConfigError
from omnichannel.inbox import Core
from omnichannel.inbox.bell import LOOK, RARE_LOOK, Bell
from omnichannel.plugins import kinds
from omnichannel.store import due
from omnichannel.telling import way_of

T = TypeVar("T")

_log = logging.getLogger("omnichannel")

_LOOK = LOOK
_WAIT = 240.0  # seconds a source may wait for news; mailboxes want to hear from us every few minutes
_HEAL = 60.0  # seconds between looks for accounts that may have missed something
_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 300.0


async def run(inbox: Core, stop: asyncio.Event | None = None) -> None:
    """Work on an inbox until cancelled or told to stop; then let what is under way finish.

    Whatever is cut off all the same is found again at the next start.
    """
    stop = stop or asyncio.Event()
    _tell_what_never_fits(inbox)
    inbox.open()
    sources = [(channel, source) for channel in inbox.channels.values() for source in channel.sources()]
    # Sources are cut off where they wait; steps are allowed to end.
    pollers = [asyncio.create_task(_poll(inbox, channel, source)) for channel, source in sources]
    pollers.append(asyncio.create_task(_heal(inbox)))
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


def _tell_what_never_fits(inbox: Core) -> None:
    """A rule for a kind of channel that nobody knows: a slip of the pen, and every question goes elsewhere."""
    there = {*kinds(), *(channel.kind for channel in inbox.channels.values())}
    for who, what, cure in nowhere(inbox.plan, inbox.retention_rules, kinds=there):
        _log.warning("%s: %s, so that it never fits. %s", who, what, cure)


async def _steps(inbox: Core, stop: asyncio.Event) -> None:
    """Every step beside the others: a slow handler holds up no delivery, a slow platform no handler."""
    handlers = _Crew(inbox, inbox.claim_messages, inbox.handle_message)
    senders = _Crew(inbox, inbox.lease_calls, inbox.make_call)
    readers = _Crew(inbox, inbox.claim_words, inbox.read_words)
    bots = _Crew(inbox, inbox.claim_turns, inbox.take_turn)
    couriers = _Crew(inbox, inbox.claim_notices, inbox.send_notices, lambda: len(inbox.hanging))
    steps = (
        inbox.read, inbox.look_up, handlers.take_on, senders.take_on, inbox.dispatch, readers.take_on, inbox.ask,
        bots.take_on, inbox.study, inbox.index, inbox.count, couriers.take_on, inbox.let_go, inbox.age,
    )  # fmt: skip
    alarm = [_alarm(inbox, stop)] if inbox.open().may_listen else []
    await asyncio.gather(*(_step(step, inbox, stop) for step in steps), *alarm)
    await handlers.finish()
    await senders.finish()
    await readers.finish()
    await bots.finish()
    await couriers.finish()


class _Crew(Generic[T]):
    """Does up to `Rules.at_once` things beside each other; whoever is done takes the next one.

    `idle` says how many of those under way only wait, so that they need no hands.
    """

    def __init__(
        self,
        inbox: Core,
        claim: Callable[[int], Awaitable[Sequence[T]]],
        do: Callable[[T], Coroutine[Any, Any, None]],
        idle: Callable[[], int] = lambda: 0,
    ) -> None:
        self._inbox = inbox
        self._claim = claim
        self._do = do
        self._idle = idle
        self._busy: set[asyncio.Task[None]] = set()

    async def take_on(self) -> int:
        """Begin what waits, as far as there are hands; how much."""
        free = self._inbox.rules.at_once - len(self._busy) + self._idle()
        claimed = await self._claim(free) if free > 0 else ()
        for one in claimed:
            task = asyncio.create_task(self._do(one))
            self._busy.add(task)
            task.add_done_callback(self._done)
        return len(claimed)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._busy.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            # The store is out of reach, say: the lease ends, and it is found again.
            _log.error("a step of the inbox failed\n%s", way_of(error))
        self._inbox.ring()

    async def finish(self) -> None:
        """Let what was begun end."""
        if self._busy:
            await asyncio.wait(self._busy)


async def _step(step: Callable[[], Awaitable[int]], inbox: Core, stop: asyncio.Event) -> None:
    bell = Bell()
    inbox.bells[bell.ring] = None
    try:
        await _repeat(step, inbox, bell, stop)
    finally:
        inbox.bells.pop(bell.ring, None)


async def _repeat(step: Callable[[], Awaitable[int]], inbox: Core, bell: Bell, stop: asyncio.Event) -> None:
    failures = 0
    while not stop.is_set():
        bell.clear()
        try:
            done = await step()
            failures = 0
        except Exception as error:  # noqa: BLE001
            # The store is out of reach, say: nothing is lost, everything is tried again.
            _log.error("a step of the inbox failed\n%s", way_of(error))
            failures, done = failures + 1, 0
        if done:
            inbox.ring()
        else:
            await bell.wait(_pause(failures) if failures else _until_look(inbox))


def _until_look(inbox: Core) -> float:
    return RARE_LOOK if inbox.open().listens else _LOOK


async def _alarm(inbox: Core, stop: asyncio.Event) -> None:
    """Ring when something is due that was put off, where nobody looks every second."""
    bell, seen = Bell(), 0
    inbox.bells[bell.ring] = None
    try:
        while not stop.is_set():
            bell.clear()
            try:
                seen = await _watch(inbox, bell, seen)
            except Exception:  # noqa: BLE001
                # The store is out of reach: the steps say so.
                await bell.wait(_until_look(inbox))
            if not stop.is_set():  # what is put off while much is done is due in a second at the soonest
                with suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), _LOOK)
    finally:
        inbox.bells.pop(bell.ring, None)


async def _watch(inbox: Core, bell: Bell, seen: int) -> int:
    """Wait until something is due, or may be sooner than it was; the moment up to which all was rung for."""
    now = micros(inbox.clock.now())
    next_one = await inbox.run_job(lambda tx: due.soonest(tx, seen)) if inbox.open().listens else None
    if next_one is None or next_one > now:
        await bell.wait(min((next_one - now) / 1_000_000 if next_one else RARE_LOOK, RARE_LOOK))
        return seen
    inbox.ring()
    return now


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
                "account %s, %s: %s%s; next try in %.0f s",
                channel.name,
                source.name,
                type(error).__name__,
                ", which `omnichannel doctor` explains" if isinstance(error, ConfigError) else "",
                pause,
            )
            await source.close()
            await inbox.troubled(channel.name, source.name, error)
            await asyncio.sleep(pause)


async def _heal(inbox: Core) -> None:
    """Look from time to time whether an account missed something; cut off, it goes on at the next start."""
    while True:
        try:
            await inbox.heal()
        except asyncio.CancelledError:
            raise
        except Exception as error:  # noqa: BLE001 - the store is out of reach, say
            _log.error("accounts could not be compared with their platforms' records\n%s", way_of(error))
        await asyncio.sleep(_HEAL)


async def _poll_once(inbox: Core, channel: Channel, source: Source) -> None:
    cursor = await inbox.cursor(channel.name, source.name)
    batch = await source.fetch(cursor)
    if batch.deliveries or batch.cursor != cursor:
        await inbox.keep(channel.name, source.name, batch)
    else:
        await inbox.looked(channel.name, source.name)
    if not batch.more:
        await source.wait(_WAIT)


def _pause(failures: int) -> float:
    return min(_FIRST_PAUSE * (1 << min(failures - 1, 20)), _LONGEST_PAUSE)
