"""The week itself: minute by minute people come and go, answer, and customers write, through a real inbox.

In each minute agents act first, then customers write at its seconds, and at its end the inbox does its steps: `read`,
`dispatch`, `classify`, `send`. Platforms are staged: what channels can and how they render are their own.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from heapq import heappop, heappush
from typing import NamedTuple

from bench.week.company import CAPACITY, CHANNELS, MONDAY, plan
from bench.week.crowd import MINUTE, Customer, openings, words
from bench.week.engine import WeekInbox
from bench.week.log import Log, Mark
from bench.week.screen import Screen, look
from bench.week.staff import Staff
from omnichannel.channel import Call, Channel
from omnichannel.model import Address, Party, Receipt, Received, Text
from omnichannel.plugins import channel_class
from omnichannel.testing.hand_clock import HandClock
from omnichannel.testing.staged import Spot, Wire, delivery, spot, staged

_AT_ONCE = 60
"""Whoever did so much may have left some: they are asked again."""

_QUIET = 15
"""Minutes after which the inbox works even where nothing happened: something may be due."""


class Writing(NamedTuple):
    """Somebody is going to write."""

    at: datetime
    number: int
    customer: Customer
    kind: str
    topic: str
    because: str = "begins"


class World:
    """A company, its customers, and the clock. `play` lets a week go by."""

    def __init__(self, url: str, seed: str, count: int, days: int) -> None:
        self.clock = HandClock(MONDAY)
        self.draw = random.Random(f"customers {seed}")
        self.log = Log()
        self.days = days
        self._calls: list[tuple[Channel, Call, Receipt]] = []
        self.inbox = WeekInbox(url, [self._account(kind) for kind in CHANNELS], clock=self.clock, desk=plan())
        self.staff = Staff(self.inbox, self.log, random.Random(f"staff {seed}"), self.react)
        self.writing: list[Writing] = []
        self._spots: dict[tuple[str, int], Spot] = {}
        self._written: dict[str, Writing] = {}
        self.customers: dict[int, Writing] = {}
        self.screen = Screen({}, [])
        self._last = 0
        for opening in openings(random.Random(f"openings {seed}"), count, days):
            self._plan(opening.at, opening.customer, opening.customer.kind, opening.topic)

    def _account(self, kind: str) -> Channel:
        return staged(channel_class(kind), kind, Wire(self.clock, self._calls))

    def _plan(self, at: datetime, customer: Customer, kind: str, topic: str, because: str = "begins") -> None:
        heappush(
            self.writing, Writing(at, len(self._written) + len(self.writing), customer, kind, topic, because)
        )

    # -------------------------------------------------------------------------------------- the week

    async def play(self, each: Callable[[World], None]) -> None:
        """Let the days go by; `each` is called whenever the screen was looked at."""
        await self.staff.hire(CAPACITY)
        await self._know()
        last = self.days * 24 * 60 - 1
        for number in range(last + 1):
            at = MONDAY + number * MINUTE
            busy = await self.staff.minute(at, self.screen.rows)
            busy += await self._arrivals(at + MINUTE)
            self._go(at + MINUTE)
            if busy or number % _QUIET == 0 or number == last:
                await self._work()
                await self._see()
                each(self)

    async def _know(self) -> None:
        """Who is a gold customer is known before they write."""
        for customer in {one.customer for one in self.writing if one.customer.gold}:
            for kind in filter(None, (customer.kind, customer.other)):
                address = self._spot(customer, kind).address
                await self.inbox.identity.observe(address, facts={"tier": "gold"})

    def _go(self, at: datetime) -> None:
        self.clock.forward(seconds=(at - self.clock.now()).total_seconds())

    async def _arrivals(self, until: datetime) -> int:
        count, seen = 0, set[int]()
        while self.writing and self.writing[0].at < until:
            one = heappop(self.writing)
            if one.customer.number in seen:  # nobody writes twice in a minute
                self._plan(until + MINUTE / 2, one.customer, one.kind, one.topic, one.because)
                continue
            seen.add(one.customer.number)
            count += await self._arrives(one)
        return count

    async def _arrives(self, one: Writing) -> int:
        if one.because == "impatient" and not self.staff.waits(one.customer.number):
            return 0
        self._go(max(one.at, self.clock.now()))
        there, number = self._spot(one.customer, one.kind), len(self._written) + 1
        external = there.id(number)
        self._written[external] = one._replace(at=self.clock.now())
        event = Received(
            external_id=external,
            sender=Party(address=there.address, name=one.customer.name),
            sent_at=self.clock.now(),
            parts=(Text(text=words(one.customer, one.topic, number)),),
            thread=there.thread(external),
            public=one.topic == "scandal",
        )
        await self.inbox.receive(one.kind, delivery(event))
        self.log.heard += 1
        return 1

    def _spot(self, customer: Customer, kind: str) -> Spot:
        key = (kind, customer.number)
        if key not in self._spots:
            channel, phone = (
                self.inbox.channel(kind),
                Address(kind="phone", value=f"+3161{customer.number:07}"),
            )
            given = phone if kind in ("whatsapp", "sms") else None
            self._spots[key] = spot(channel, customer.name, customer.number, public=kind == "x", given=given)
        return self._spots[key]

    async def _work(self) -> None:
        """The inbox's steps, as often as there is something to do; nobody is compared, and nobody told."""
        inbox = self.inbox
        while await inbox.read() >= _AT_ONCE:
            pass
        await self._dispatch()
        if await inbox.classify():
            await self._dispatch()
        await inbox.send()
        self._calls.clear()

    async def _dispatch(self) -> None:
        while await self.inbox.dispatch() >= _AT_ONCE:
            pass

    # --------------------------------------------------------------------------- what is seen of it

    async def _see(self) -> None:
        """Look at the screen, and write down what it shows that nobody of us did."""
        now, before = self.clock.now(), self.screen.rows
        self.screen = await self.inbox.run_job(lambda tx: look(tx, self._last))
        for arrived in self.screen.arrived:
            self._last = arrived.number
            self._asked(self._written[arrived.external_id], arrived.conversation, arrived.shown)
        self.staff.see(now, before, self.screen.rows)

    def _asked(self, one: Writing, conversation: int, shown: str) -> None:
        mark = Mark(one.at, "asked", one.kind, one.topic)
        self.log.note(conversation, mark)
        self.log.languages.setdefault(conversation, one.customer.language)
        if one.customer.gold:
            self.log.gold.add(conversation)
        self.customers[conversation] = one
        self.staff.asked(conversation, shown, mark, one.customer.number)
        if self.draw.random() < 0.15:
            wait = timedelta(hours=5) if one.kind == "email" else timedelta(minutes=12)
            other = one.customer.other if self.draw.random() < 0.4 else ""
            self._plan(one.at + wait, one.customer, other or one.kind, one.topic, "impatient")

    def react(self, conversation: int, at: datetime) -> None:
        """Somebody was answered: they thank, ask something more, or are content."""
        one, chance = self.customers[conversation], self.draw.random()
        wait = timedelta(minutes=self.draw.expovariate(1 / (150 if one.kind == "email" else 12)))
        if chance < 0.06:
            self._plan(at + MINUTE + wait, one.customer, one.kind, "praise", "thanks")
        elif chance < 0.5:
            topic = "parcel" if one.topic in ("praise", "pills") else one.topic
            self._plan(at + MINUTE + wait, one.customer, one.kind, topic, "goes on")
