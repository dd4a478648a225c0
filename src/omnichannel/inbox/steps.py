"""The four steps that move a message. Each takes what the one before it committed, and can die and be run again.

receive → [deliveries] → read → [messages] → handle → [calls] → send
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from functools import cached_property, partial
from typing import NamedTuple

from omnichannel.channel import Ack, Batch, Channel, Delivery, Source
from omnichannel.clock import micros
from omnichannel.errors import Forged, Unsupported
from omnichannel.inbox import blocking, finding, handling, hearing, history, merging, studying
from omnichannel.inbox.calling import Calling
from omnichannel.inbox.handling import Turn
from omnichannel.inbox.incoming import Incoming
from omnichannel.inbox.reading import Reader
from omnichannel.inbox.retention.walk import Walker
from omnichannel.inbox.rules import span
from omnichannel.inbox.search import indexing
from omnichannel.inbox.together import Together
from omnichannel.model import Party
from omnichannel.store import Tx, arrivals, people, pulses
from omnichannel.store.search import progress

HANDLERS = "handlers"
"""The inbox's own source: when anybody's handlers last asked for what waits for them."""

_SWEEPING = timedelta(hours=1)
_SEARCHING = timedelta(minutes=1)  # in which it is noticed that somebody began to search in another process
_SEEN_LATELY = span(timedelta(days=28))
_ASIDE = 2.0  # seconds: a platform that asks for a proof waits for ten


class Imported(NamedTuple):
    """How far an import has come: the account, and the source that is read now.

    `deliveries` is how many the platform's record gave in this call, over all sources; `fresh` how many of them were
    kept: all but those whose `key` was known. Both count deliveries, not messages: one may hold many or none, and
    what is in a fresh one may be known, by webhook or by an earlier import.
    """

    account: str
    source: str = ""
    deliveries: int = 0
    fresh: int = 0


class Steps(Calling):
    """Receiving, reading, handling and sending; whoever calls them decides when."""

    _asked_for_index: datetime | None = None  # when it was last asked whether an index of words is kept

    @cached_property
    def _handled(self) -> Together[Incoming]:
        """Messages whose handlers returned."""
        return Together(self, handling.commit)

    async def receive(self, account: str, delivery: Delivery) -> Ack:
        """Step one: verify a delivery over its raw bytes and keep it; returns after it is durably stored.

        Raises Forged or Malformed (nothing is kept) and NotFound for an unknown account.
        """
        channel = self.channel(account)
        arrived = _of(account, delivery)
        if arrived.received_at is None:
            # Some signatures are only good for minutes.
            arrived = arrived.model_copy(update={"received_at": self.clock.now()})
        try:
            ack = channel.admit(arrived)
        except Forged:
            await self._refused(account)
            raise
        if ack.keep:
            heard = self._seldom.note(account, hearing.heard(account, self.rules))
            await self.run_job(lambda tx: (arrivals.keep(tx, arrived), heard(tx)))
            self.ring()
        elif arrived.method == "GET":
            await self._challenged(account)
        return ack

    async def _refused(self, account: str) -> None:
        """Count what proved nothing; how often is written down, and nothing else of it."""
        self._seldom.refuse(account)
        if self._seldom.due(("refused", account), micros(self.clock.now())):
            await self._aside(self._seldom.refusals(account))

    async def _challenged(self, account: str) -> None:
        """The platform, or whoever, asked for a proof that we hold the secret, and got one."""
        key = ("challenged", account)
        if self._seldom.due(key, micros(self.clock.now())):
            write = partial(pulses.note, account=account, what="challenged_at")
            await self._aside(self._seldom.note(key, lambda tx, now: write(tx, at=now)))

    async def _aside(self, job: Callable[[Tx], None]) -> None:
        """Do what is only for `health`: nobody waits long for it, and nothing fails with it."""
        with suppress(Exception):
            async with asyncio.timeout(_ASIDE):
                await self.run_job(job)

    async def keep(self, account: str, source: str, batch: Batch) -> int:
        """Step one for what we fetch ourselves: deliveries and how far the source was read, in one commit.

        How many deliveries were new.
        """
        named = [_of(account, delivery) for delivery in batch.deliveries]
        notes = [self._look(account, source)]
        if named:
            notes.append(self._seldom.note(account, hearing.heard(account, self.rules)))

        def job(tx: Tx) -> int:
            for note in notes:
                note(tx)
            return arrivals.keep_batch(tx, account, source, named, batch.cursor)

        fresh = await self.run_job(job)
        if fresh:
            self.ring()
        return fresh

    def _look(self, account: str, source: str) -> Callable[[Tx], None]:
        write = partial(pulses.looked, account=account, source=source)
        return self._seldom.note((account, source), lambda tx, now: write(tx, at=now))

    async def looked(self, account: str, source: str) -> None:
        """A look at a source brought nothing new: it is well, which `health` tells."""
        if self._seldom.due((account, source), micros(self.clock.now())):
            await self._aside(self._look(account, source))

    async def troubled(self, account: str, source: str, error: Exception) -> None:
        """A look at a source failed, which `health` tells: by the error's kind alone, its words may hold a secret."""
        self._seldom.forget((account, source))
        trouble = type(error).__name__
        await self._aside(lambda tx: pulses.troubled(tx, account, source, trouble, tx.now()))

    async def poll(self) -> int:
        """Step one, once, for every source of every account: fetch what is new; how many deliveries were.

        For scripts; `run` polls for ever and waits for news. Raises what a source raises.
        """
        fresh = 0
        for channel in self.channels.values():
            for source in channel.sources():
                try:
                    fresh += await self._drain(channel, source)
                finally:
                    await source.close()
        return fresh

    async def _drain(self, channel: Channel, source: Source) -> int:
        fresh, more = 0, True
        while more:
            cursor = await self.cursor(channel.name, source.name)
            batch = await source.fetch(cursor)
            fresh += await self.keep(channel.name, source.name, batch)
            more = batch.more
        return fresh

    async def import_history(
        self, account: str, since: datetime, *, told: Callable[[Imported], None] | None = None
    ) -> Imported:
        """Bring in what was said on an account since a moment, from the platform's own record.

        It lands in closed conversations and no handler sees it. Everything is committed batch by batch with how far
        it came: after an interruption the same call goes on from there, and doing it twice brings nothing twice.
        `told` hears of every batch. Raises Unsupported where the platform keeps no record, NotFound, and what a
        source raises.
        """
        channel = self.channel(account)
        if not channel.can.history:
            cure = "`history` in `omnichannel channels --json` says which kinds do"
            raise Unsupported(f"{channel.kind} keeps no record that could be read; {cure}")
        done = Imported(account=account)
        for source in channel.histories(since):
            try:
                done = await self._bring_in(source, since, done, told)
            finally:
                await source.close()
        # What came live meanwhile is read with it, and waits for whoever runs handlers.
        handled = bool(self.handlers) or await self.run_job(handled_elsewhere)
        while (await self._read(handled=handled))[0]:
            pass
        await self.run_job(lambda tx: history.put_in_order(tx, account))
        return done

    async def _bring_in(
        self, source: Source, since: datetime, done: Imported, told: Callable[[Imported], None] | None
    ) -> Imported:
        name, more = f"history since {since:%Y-%m-%d} of {source.name}", True
        while more:
            batch = await source.fetch(await self.cursor(done.account, name))
            past = tuple(one.model_copy(update={"source": "history"}) for one in batch.deliveries)
            fresh = await self.keep(done.account, name, batch.model_copy(update={"deliveries": past}))
            done = Imported(done.account, source.name, done.deliveries + len(past), done.fresh + fresh)
            more = batch.more
            if told:
                told(done)
        return done

    async def cursor(self, account: str, source: str) -> str:
        """How far a source was read; empty for never."""

        def job(tx: Tx) -> str:
            tx.firm()  # a platform that is asked for what comes next forgets all before it
            return arrivals.cursor(tx, account, source)

        return await self.run_job(job)

    async def read(self) -> int:
        """Step two: read the deliveries that wait, else what was held back and may come in; how many.

        Duplicates end here.
        """
        handled = bool(self.handlers)
        found, held_back = await self._read(handled=handled)
        return await blocking.bring_in(self, handled=handled) if held_back else found

    async def _read(self, *, handled: bool) -> tuple[int, bool]:
        """How many were read; and, where none was, whether something that was held back may come in."""
        now = self.clock.now()
        sweeps = self._swept is None or now - self._swept >= _SWEEPING
        reader = Reader(self.channels, self.rules, handled, sweeps=sweeps)
        try:
            found = await self.run_job(lambda tx: blocking.read(tx, reader))
        except Exception:  # noqa: BLE001 - one delivery spoiled the group: find it, and let the others through
            return await self._read_apart(reader), False
        self._swept = now if sweeps else self._swept
        return found

    async def _read_apart(self, reader: Reader) -> int:
        """Read waiting deliveries each in a transaction of its own."""
        waiting = await self.run_job(lambda tx: arrivals.waiting(tx, 64))
        for arrival in waiting:
            await self._read_alone(reader, arrival)
        return len(waiting)

    async def _read_alone(self, reader: Reader, arrival: arrivals.Arrival) -> None:
        waits = self.open().waits
        try:
            await self.run_job(lambda tx: reader.read_again(tx, arrival))
            self.reads.through(arrival.id)
        except Exception as error:  # noqa: BLE001 - noted on the delivery that caused it
            reason, counts = error, self.open().waits == waits or self.reads.cut_off(arrival.id)
            await self.run_job(lambda tx: reader.failed(tx, arrival, reason, counts=counts))

    async def handle(self) -> int:
        """Step three: run the handlers on the messages whose turn it is; how many."""
        turns = await self.claim_messages(self.rules.at_once)
        await asyncio.gather(*(self.handle_message(turn) for turn in turns))
        return len(turns)

    async def claim_messages(self, most: int) -> list[Turn]:
        """Take messages whose turn it is, for `handle_message`; none without handlers."""
        if not self.handlers:
            return []
        look = self._look("", HANDLERS)

        def job(tx: Tx) -> list[Turn]:
            look(tx)
            return handling.claim(self, tx, most)

        return await self.run_job(job)

    async def handle_message(self, turn: Turn) -> None:
        """Run the handlers on one message and commit what they decided, once."""
        await handling.handle_one(self, turn, self._handled)

    async def ask(self, *, every: bool = False) -> int:
        """Ask the platforms what became of calls in doubt, each for a time; how many were looked at.

        What is not known when the time is over is left to a person, or sent once more (`Rules.in_doubt`). `every`:
        ask about all of them once more, now, those left to a person among them; that leaves their times as they are.
        """
        return await (finding.ask_every(self) if every else finding.ask(self))

    async def look_up(self) -> int:
        """Ask the platforms what nameless people call themselves, nobody twice a day; how many were asked about."""
        asked = 0
        for channel in self.channels.values():
            if channel.can.profiles:
                asked += await self._look_up_on(channel)
        return asked

    async def _look_up_on(self, channel: Channel) -> int:
        own = channel.own_address
        scope, again = own.scope if own else "", micros(self.clock.now()) + span(self.rules.look_up_again)
        found = await self.run_job(
            lambda tx: people.nameless(tx, channel.kind, scope, self.rules.at_once, again)
        )
        answers = await asyncio.gather(
            *(channel.look_up(person.address) for person in found), return_exceptions=True
        )
        for person, party in zip(found, answers, strict=True):
            if isinstance(party, Party) and party.name:
                await self.run_job(partial(merging.call, person=person, name=party.name))
        return len(found)

    async def study(self) -> int:
        """Compare those of whom something new was said with whoever is alike; how many were compared."""
        return await self.run_job(studying.study)

    async def index(self) -> int:
        """Take what was said into the index of words; how much was looked at. Nothing where nobody ever searched."""
        now = self.clock.now()
        if not self.indexes and self._asked_for_index and now - self._asked_for_index < _SEARCHING:
            return 0
        self._asked_for_index = now

        def job(tx: Tx) -> tuple[bool, int]:
            kept = progress.find(tx) is not None
            return kept, indexing.index(tx) if kept else 0

        self.indexes, done = await self.run_job(job)
        return done

    async def age(self) -> int:
        """Let some of what is too old go, once a day; whether there is more. Nothing without `Retention`."""
        if self.retention_rules is None:
            return 0
        walker = Walker(self, self.retention_rules)
        _, more = await self.run_job(partial(walker.take, now=False))
        return int(more)

    async def work(self) -> int:
        """Read, look people up, handle, send, ask, study and tell until nothing is due; how many things were done.

        For scripts and tests; a server uses `run`.
        """
        total = 0
        while done := await self._round():
            total += done
        return total

    async def _round(self) -> int:
        busy = await self.read() + await self.look_up() + await self.handle() + await self.send()
        busy += await self.dispatch() + await self.classify() + await self.converse() + await self.ask()
        busy += await self.study() + await self.index()
        return busy + await self.tell() + await self.let_go() + await self.age()


def handled_elsewhere(tx: Tx) -> bool:
    """Whether some process of this workspace runs handlers: what is read here waits for them there."""
    look = pulses.looks(tx, "").get(HANDLERS)
    return look is not None and tx.now() - look.looked_at < _SEEN_LATELY


def _of(account: str, delivery: Delivery) -> Delivery:
    """The delivery, whoever made it, as this account's."""
    return delivery if delivery.account == account else delivery.model_copy(update={"account": account})
