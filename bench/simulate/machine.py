"""The machine on which the workers run: real inboxes, started again whenever they die."""

from __future__ import annotations

import asyncio
import contextvars
import zlib
from collections import Counter
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

from bench.simulate.dialects import Dialect, Item
from bench.simulate.engine import LoopEngine
from bench.simulate.life import Life
from bench.simulate.operator import Ask, Operator
from bench.simulate.plan import HANDS
from bench.simulate.platform import Platform
from bench.simulate.watch import watch
from bench.simulate.world import STORE, World
from omnichannel import Inbox, Incoming
from omnichannel.channel import Call, Channel, Delivery, Response
from omnichannel.desk import Plan
from omnichannel.errors import Forged
from omnichannel.inbox import Rules
from omnichannel.store import Store, Tx, records

HALF = "sim.half"
RULES = Rules(
    handle_lease=timedelta(seconds=5), send_lease=timedelta(seconds=6), first_pause=timedelta(seconds=0.5),
    longest_pause=timedelta(seconds=2), give_up_sending=timedelta(hours=30),
)  # fmt: skip
"""Short leases, so that what the dead held is found while the scenario lasts; longer than a call's time-out. What is
put off for a day is not given up."""


class SimInbox(Inbox):
    """An inbox whose store runs in the simulated loop, on the simulated disk."""

    def __init__(self, life: Life, channels: Sequence[Channel], workspace: str = "default") -> None:
        super().__init__(
            f"sqlite:///{STORE}", channels, workspace=workspace, clock=life.world.clock,
            rules=replace(RULES, at_once=HANDS) if life.world.plan.crowd else RULES,
            desk=Plan() if life.world.plan.has_desk else None,
        )  # fmt: skip
        self.engine = LoopEngine(STORE, life, life.world.loop, wal=life.world.plan.wal)

    def _new_store(self) -> Store:
        store = Store(self.url, self.workspace, self.clock, engine=self.engine)
        store._connect = self.engine._connect  # where it scrubs, by a connection of its own
        return store


class Wire:
    """A worker's way to the platform."""

    def __init__(self, life: Life, platform: Platform) -> None:
        self.life = life
        self.platform = platform

    async def send(self, call: Call) -> Response:
        """Make the call; the process may die before it left, while it is on its way, or with the answer in hand."""
        before = self.life.stood("send")
        inside = await self.life.stand("send")
        stood = self.life.stood("send") and not before  # with the call in the hands of whatever carries it
        answer = self.platform.take(call, self.platform.fate(call, self.life, stood=stood))
        if inside:
            self.life.die()
        response = await answer
        if response.status == 429:
            self.life.told_to_wait[self.platform.dialect.mark(call)] = self.platform.asked_to_wait(
                call, response
            )
        await self.life.stand("sent")
        return response

    async def look(self, after: int) -> list[Item]:
        """What waits to be fetched behind the first so many; the platform may not answer, or late."""
        world = self.life.world
        self.platform.fetched = max(self.platform.fetched, after)
        await self.answer()
        if world.strikes("fetch failed", world.plan.unheard):
            raise OSError("the platform does not answer")
        await self.life.stand("fetch")
        return self.platform.feed[after:]

    async def answer(self) -> None:
        """Wait as long as an answer takes."""
        await asyncio.sleep(self.life.world.chance.choice((0.001, 0.02, 0.3)))

    async def wait(self) -> None:
        """Until something may be new."""
        await asyncio.sleep(0.5)

    async def close(self) -> None:
        """Nothing to let go of."""


class Worker:
    """One process: an inbox at work, and its door for webhooks."""

    def __init__(self, machine: Machine, slot: int) -> None:
        self.machine = machine
        self.slot = slot
        self.life = machine.world.born(f"worker-{slot}")
        self.ready = False
        self.inbox: SimInbox
        self.running: asyncio.Task[None]

    def boot(self) -> None:
        """Open the store and begin; dies of whatever prevents it."""
        world = self.machine.world
        try:
            wire = Wire(self.life, self.machine.platform)
            self.inbox = SimInbox(self.life, self.machine.platform.dialect.channels(wire))
            self.inbox.on_message(self._answer)
            self.inbox.open()
            watch(self.inbox.engine.driver, self.machine.platform, self.life)
        except Exception as error:
            if not self.life.dead:
                self.machine.refused_to_start = f"{type(error).__name__}: {error}"
                self.life.fell("could not start")
                world.end(self.life, power=False)
            return
        self.running = self._start(self.inbox.run())
        self.running.add_done_callback(self._ended)
        self.ready = True

    def serve(self, delivery: Delivery, answer: asyncio.Future[int]) -> None:
        """A webhook comes in."""
        self._start(self._receive(delivery, answer))

    async def _receive(self, delivery: Delivery, answer: asyncio.Future[int]) -> None:
        try:
            for account in self.machine.platform.dialect.accounts:
                status = (await self.inbox.receive(account, delivery)).status
        except Forged:
            status = 401
        except Exception:
            status = 500
        await self.life.stand("answer")
        self.machine.platform.answered(answer, status)
        await self.life.stand("answered")

    def ask(self, question: Ask, told: Callable[[object], None]) -> None:
        """An operator asks for something, and is told what came of it: a value, or what was raised."""
        self._start(self._ask(question, told))

    async def _ask(self, question: Ask, told: Callable[[object], None]) -> None:
        await self.life.stand("ask")
        try:
            found = await question(self.inbox)
        except Exception as error:
            found = error
        await self.life.stand("told")
        told(found)

    def half_a_job(self) -> None:
        """Somebody's job writes something, and fails: nothing of it may stay, and nobody else's may suffer."""
        self._start(self._half_a_job())

    async def _half_a_job(self) -> None:
        def job(tx: Tx) -> None:
            records.happened(tx, HALF)
            raise LookupError

        with suppress(Exception):
            await self.inbox.run_job(job)

    async def _answer(self, incoming: Incoming) -> None:
        number, world = incoming.message.external_id, self.machine.world
        if self.machine.operator.is_deaf_to(number):
            world.wrong(f"B1 {number}: handled, though nobody is to listen to its writer")
        await self.life.stand("handle")
        if world.plan.crowd:
            await asyncio.sleep(world.plan.crowd)
        if world.strikes("handler slow", world.plan.handler_slow):
            await self._dawdle(number, world.chance.choice((1.0, 3.0, 4.5, 6.0)))
        if world.strikes("handler failed", world.plan.handler_fails):
            self.machine.failures[number] += 1
            raise RuntimeError("the handler failed")
        dialect = self.machine.platform.dialect
        manner = {"public": False} if dialect.privately(number) else {}
        for text in answers(dialect, number):
            await incoming.reply(text, **manner)

    async def _dawdle(self, number: str, seconds: float) -> None:
        """Take one's time; whoever is cut off has failed as well."""
        try:
            await asyncio.sleep(seconds)
        except asyncio.CancelledError:
            self.machine.failures[number] += 1
            raise

    def _start(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        return self.machine.world.loop.create_task(work, context=self.life.context)

    def _ended(self, task: asyncio.Task[None]) -> None:
        if not self.life.dead:
            why = "was cancelled" if task.cancelled() else repr(task.exception())
            self.machine.world.wrong(f"I14 run() ended by itself: {why}")
            self.machine.world.end(self.life, power=False)


class Machine:
    """Its workers, each in a slot; a dead one is replaced after a while."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.platform: Platform
        self.operator: Operator
        self.failures: Counter[str] = Counter()
        self.refused_to_start = ""
        self._context = contextvars.copy_context()
        self._workers: dict[int, Worker] = {}
        world.ended = self._replace

    def start(self) -> None:
        """Start every worker."""
        for slot in range(self.world.plan.workers):
            self._boot(slot)

    def serving(self, *, awake: bool = False) -> Worker | None:
        """A worker that takes webhooks, though it may stand still, unless it is to be `awake`; None for none."""
        ready = [
            worker for worker in self._workers.values()
            if worker.ready and not worker.life.dead and not (awake and worker.life.still)
        ]  # fmt: skip
        return self.world.chance.choice(ready) if ready else None

    def half_a_job(self) -> None:
        """One of the workers has a job that fails."""
        worker = self.serving()
        if worker:
            worker.half_a_job()

    def _boot(self, slot: int) -> None:
        worker = self._workers[slot] = Worker(self, slot)
        worker.life.run(worker.boot)

    def _replace(self, life: Life) -> None:
        slot = int(life.name.partition(".")[0].rpartition("-")[2])
        delay = 0.2 if self.world.healed else self.world.chance.choice((0.01, 0.5, 3.0))
        self.world.loop.call_later(delay, self._boot, slot, context=self._context)


def answers(dialect: Dialect, number: str) -> list[str]:
    """What our handler says to a message: one answer, one in two pieces, or two answers."""
    kind = 0 if dialect.privately(number) else zlib.crc32(number.encode()) % 3
    yes = f"{number} - yes"
    return [[yes], [dialect.in_two_pieces(yes)], [yes, f"{number} - really"]][kind]
