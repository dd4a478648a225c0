"""Mistakes in taking in and reading: what is acknowledged, what is a duplicate, what is set aside."""

from __future__ import annotations

import asyncio
import json

from bench.mistakes import no_dedupe, read_before_recorded
from bench.simulate.dialects.chat import Chat
from bench.simulate.faults.memory import memory, taken, world
from omnichannel import run
from omnichannel.channel import Ack, Batch, Delivery
from omnichannel.inbox import Core
from omnichannel.inbox.reading import Reader
from omnichannel.model import Received, Unreadable
from omnichannel.store import Tx, arrivals, conversations, externals, queue

_background: set[asyncio.Task[object]] = set()


def ack_before_commit() -> None:
    """The platform is told 200 while the delivery is still on its way to the disk."""

    async def receive(self: Core, account: str, delivery: Delivery) -> Ack:
        ack = self.channel(account).admit(delivery)
        kept = delivery.model_copy(update={"account": account})
        task = asyncio.ensure_future(self.run_job(lambda tx: arrivals.keep(tx, kept)))
        _background.add(task)
        task.add_done_callback(lambda _: self.ring())
        return ack

    Core.receive = receive  # type: ignore[method-assign]


def ack_whatever_happens() -> None:
    """A store that fails is logged, and the platform is told 200."""
    receive = Core.receive

    async def content(self: Core, account: str, delivery: Delivery) -> Ack:
        ack = self.channel(account).admit(delivery)
        try:
            return await receive(self, account, delivery)
        except Exception:
            return ack

    Core.receive = content  # type: ignore[method-assign]


def unsigned_taken() -> None:
    """Anybody is let in."""
    Chat.admit = lambda self, delivery: Ack()  # type: ignore[method-assign]


def kept_reworded() -> None:
    """What arrived is parsed and written down again: the same meaning, other bytes."""
    keep = arrivals.keep

    def reworded(tx: Tx, delivery: Delivery) -> int | None:
        body = json.dumps(json.loads(delivery.body), separators=(",", ":")).encode()
        return keep(tx, delivery.model_copy(update={"body": body}))

    arrivals.keep = reworded


def kept_in_memory_until_read() -> None:
    """Only what this process took in is read; what waits from before its start is nobody's."""
    keep, waiting = arrivals.keep, arrivals.waiting

    def keep_and_know(tx: Tx, delivery: Delivery) -> int | None:
        number = keep(tx, delivery)
        memory("kept").append(number)
        return number

    arrivals.keep = keep_and_know
    arrivals.waiting = lambda tx, most: [one for one in waiting(tx, most) if one.id in memory("kept")]


def cursor_before_deliveries() -> None:
    """How far a source was read is committed first, and then what was read."""

    async def keep(self: Core, account: str, source: str, batch: Batch) -> int:
        named = [one.model_copy(update={"account": account}) for one in batch.deliveries]
        await self.run_job(lambda tx: arrivals.move_cursor(tx, account, source, batch.cursor))
        await self.run_job(lambda tx: [arrivals.keep(tx, one) for one in named])
        self.ring()
        return len(named)

    Core.keep = keep  # type: ignore[method-assign]


def key_ignored() -> None:
    """What is fetched twice is kept twice."""
    keep = arrivals.keep
    arrivals.keep = lambda tx, delivery: keep(tx, delivery.model_copy(update={"key": ""}))


def dedupe_in_memory() -> None:
    """Duplicates are known only to the process that saw the first."""
    claim = externals.claim_external

    def remembered(
        tx: Tx, account: str, what: str, external_id: str, message: int, fingerprint: str = ""
    ) -> bool:
        claim(tx, account, what, external_id, message, fingerprint)
        seen = memory("seen")
        news = (what, external_id) not in seen
        seen.append((what, external_id))
        return news

    externals.claim_external = remembered


def dedupe_for_a_while() -> None:
    """Duplicates are known for two seconds."""
    claim = externals.claim_external
    since: dict[tuple[str, str, str], int] = {}

    def for_a_while(
        tx: Tx, account: str, what: str, external_id: str, message: int, fingerprint: str = ""
    ) -> bool:
        news = claim(tx, account, what, external_id, message, fingerprint)
        key = (world(), what, external_id)
        if news:
            since[key] = tx.now()
        return news or abs(tx.now() - since.get(key, tx.now())) > 2_000_000

    externals.claim_external = for_a_while


def dedupe_in_another_commit() -> None:
    """The ids of a delivery are taken in one commit, and its messages are recorded in the next."""
    claim = externals.claim_external

    def claim_all(tx: Tx, self: Core) -> None:
        for arrival in arrivals.waiting(tx, 64):
            for event in self.channels[arrival.account].parse(arrival.delivery):
                if isinstance(event, Received) and not event.recipients:
                    news = claim(tx, arrival.account, "message", event.external_id, tx.ids.new())
                    memory("fresh").extend([event.external_id] if news else [])

    async def read(self: Core) -> int:
        await self.run_job(lambda tx: claim_all(tx, self))
        return await self.run_job(Reader(self.channels, self.rules, handled=True).read)

    def claimed(
        tx: Tx, account: str, what: str, external_id: str, message: int, fingerprint: str = ""
    ) -> bool:
        if what != "message" or external_id.startswith("out"):
            return claim(tx, account, what, external_id, message, fingerprint)
        news = external_id in memory("fresh")
        if news:
            memory("fresh").remove(external_id)
        return news

    Core.read = read  # type: ignore[method-assign]
    externals.claim_external = claimed


def odd_thrown_away() -> None:
    """What cannot be read counts as read."""
    arrivals.park = lambda tx, number, reason: arrivals.done(tx, number)


def odd_takes_its_siblings() -> None:
    """What cannot be read sets its whole delivery aside, with everything else that is in it."""
    parsed = Reader._parsed

    def all_or_nothing(self: Reader, arrival: arrivals.Arrival) -> object:
        events = parsed(self, arrival)
        odd = isinstance(events, list) and [one for one in events if isinstance(one, Unreadable)]
        return odd or events

    Reader._parsed = all_or_nothing  # type: ignore[method-assign,assignment]


def thread_forgotten() -> None:
    """Nobody remembers which conversation a thread belongs to, nor which one goes on."""
    conversations.last_open = lambda tx, customer: None
    conversations.by_thread = lambda tx, account, thread, *, anew=False: None
    conversations.tie = lambda tx, account, thread, conversation: None


def recorded_before_queued() -> None:
    """A message is recorded in one commit, and put before the handlers in the next, by whoever recorded it."""
    add, read = queue.add, Core.read
    queue.add = lambda tx, *message: memory("todo").append(message)

    async def read_then_add(self: Core) -> int:
        done = await read(self)
        todo = taken("todo")
        await self.run_job(lambda tx: [add(tx, *one) for one in todo])
        return done

    Core.read = read_then_add  # type: ignore[method-assign]


def step_ends_with_an_error() -> None:
    """The first error ends a step for as long as its process lives."""
    repeat = run._repeat

    async def once(step: object, inbox: Core, bell: object, stop: asyncio.Event) -> None:
        async def checked() -> int:
            try:
                return await step()  # type: ignore[operator,no-any-return]
            except Exception:
                await stop.wait()
                return 0

        await repeat(checked, inbox, bell, stop)  # type: ignore[arg-type]

    run._repeat = once  # type: ignore[assignment]


FAULTS = (
    ack_before_commit, ack_whatever_happens, unsigned_taken, kept_reworded, kept_in_memory_until_read,
    cursor_before_deliveries, key_ignored, read_before_recorded, no_dedupe, dedupe_in_memory, dedupe_for_a_while,
    dedupe_in_another_commit, odd_thrown_away, odd_takes_its_siblings, thread_forgotten, recorded_before_queued,
    step_ends_with_an_error,
)  # fmt: skip
