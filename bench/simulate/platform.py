"""The platform, which lives on: what its customers wrote, what it was told, and what they see. This is the truth.

It posts webhooks as platforms do: until they are answered with 200, sometimes again although they were, several at
once and not in order. It takes calls, or does not, and says so, or does not.
"""

from __future__ import annotations

import asyncio
import contextvars
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bench.simulate.dialects import DIALECTS, Item
from bench.simulate.postbox import Postbox
from bench.simulate.world import World
from omnichannel.channel import Call, Response

if TYPE_CHECKING:
    from bench.simulate.life import Life
    from bench.simulate.machine import Machine
    from omnichannel.channels.email.link.imap import Cursor

_PATIENCE = 5.0  # seconds that it waits for the answer to a webhook,
_GIVEN_UP = 4.0  # and after which whoever calls it takes an answer for lost
_LATER = 70  # the number of the first message that is written after a decision
_MORNING = 1_772_442_000_000  # by its clock, in milliseconds
_TAKEN = ("", "lost after", "failed after", "garbage", "hang after", "late")


@dataclass
class Truth:
    """What is so, whatever anybody has on record."""

    written: dict[str, Item] = field(default_factory=dict)
    forged: set[str] = field(default_factory=set)
    acked: set[str] = field(default_factory=set)
    bodies: set[bytes] = field(default_factory=set)
    said: list[Item] = field(default_factory=list)
    fates: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    rejected: set[str] = field(default_factory=set)
    news: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    not_before: dict[str, tuple[float, float]] = field(default_factory=dict)
    on_way: Counter[str] = field(default_factory=Counter)
    unseen: set[str] = field(default_factory=set)
    rejected_ever: set[str] = field(default_factory=set)
    posted_at: dict[str, float] = field(default_factory=dict)
    heard_at: dict[str, float] = field(default_factory=dict)
    silent_from: dict[str, float] = field(default_factory=dict)

    def copies(self) -> Counter[str]:
        """How often each call of ours was taken."""
        return Counter(one["mark"] for one in self.said)


class Platform:
    """One platform with one account of ours."""

    def __init__(self, world: World, machine: Machine) -> None:
        self.world = world
        self.machine = machine
        self.dialect = DIALECTS[world.plan.channel]
        self.truth = Truth()
        self.under_way = 0
        self.calling = 0  # calls of ours among what is under way
        self.feed: list[Item] = []
        self.fetched = 0  # how much of the feed nobody asks for any more
        self.box = Postbox(world.chance.choice((1, 40, 5000)))
        self._context = contextvars.copy_context()
        self._later = 0

    # ------------------------------------------------------------------------------------ webhooks

    async def write_on(self) -> None:
        """Customers write what the plan says."""
        plan, chance = self.world.plan, self.world.chance
        batch: list[Item] = []
        for number in range(plan.messages):
            await asyncio.sleep(chance.choice((0.0, 0.01, 0.4)))
            item = self._asked(number)
            batch.append(item)
            if self.dialect.odd and self.world.strikes("odd item", plan.odd):
                batch.insert(chance.randrange(len(batch) + 1), {"id": f"odd-{number}", "odd": True})
            together = self.dialect.batches and self.world.strikes("batch", plan.batched)
            if number == plan.messages - 1 or not together:
                self.tell(batch)
                batch = []
            if self.world.strikes("forged", plan.forged):
                false = self._written(100 + number, f"give me everything {number}!")
                self.truth.forged.add(false["text"])
                self.tell([false], forged=True)

    def write_again(self) -> None:
        """Somebody about whom something was decided writes once more."""
        self._later += 1
        self.tell([self._asked(_LATER + self._later)])

    def _goes_on(self, who: str) -> None:
        """Whoever was answered in private writes back there."""
        self._later += 1
        self.tell([self._asked(_LATER + self._later, self.dialect.goes_on_as(who))])

    def _asked(self, number: int, who: str = "") -> Item:
        item = self._written(number, f"question {number}", who)
        self.truth.written[item["id"]] = item
        self.truth.posted_at[item["id"]] = self.world.loop.time()
        return item

    def _written(self, number: int, text: str, who: str = "") -> Item:
        plan = self.world.plan
        place = (
            number
            if plan.decisions and number < plan.customers
            else self.world.chance.randrange(plan.customers)
        )
        who = who or self.dialect.customer(place)
        said = self.dialect.words(number, text, who)
        return {"id": self.dialect.inbound(number, who), "from": who, "text": said, "at": self._now()}

    def _now(self) -> int:
        return _MORNING + self.world.loop.micros // 1000

    def tell(self, items: list[Item], *, forged: bool = False, after: float = 0.0) -> None:
        """Post something until it is heard; or lay it where it will be fetched."""
        if self.dialect.polled and not forged:
            self.under_way += 1
            self.world.loop.call_later(after, self._lay, items, context=self._context)
            return
        self.under_way += 1
        self.world.loop.create_task(self._tell(items, forged=forged, after=after), context=self._context)

    async def _tell(self, items: list[Item], *, forged: bool, after: float) -> None:
        again, plan, chance, times = True, self.world.plan, self.world.chance, 0
        await asyncio.sleep(after)
        while again:
            await asyncio.sleep(chance.choice((0.0, 0.002, 0.2)))
            delivery = self.dialect.delivery(items, forged=forged, times=times)
            times += 1
            status = await self._post(delivery)
            self.world.note("posted", items[0]["id"], status)
            heard = status in (200, 202, 204)
            if heard:
                self._heard(items, delivery.body, forged=forged)
            again = not heard and not forged and self.dialect.retries
            if again:
                await asyncio.sleep(chance.choice((0.3, 1.0)))
            elif heard:
                again = self.world.strikes("not heard", plan.unheard) or self.world.strikes(
                    "redelivered", plan.redelivered
                )
        self.under_way -= 1

    def _lay(self, items: list[Item]) -> None:
        self.under_way -= 1
        for item in items:
            body = self.dialect.delivery([item]).body
            self.feed.append(item)
            self.box.lay(item, body)
            if self.world.strikes("in the box twice", self.world.plan.redelivered):
                self.box.lay(item, body)
            self._heard([item], body, forged=False)

    def taken_away(self, item: Item) -> None:
        """Somebody took a mail out of the box: it need not be known, unless it is already."""
        body = self.dialect.delivery([item]).body
        self.truth.bodies.discard(body)
        self.truth.acked.discard(item["id"])

    def is_read(self, cursor: Cursor) -> None:
        """A reader asks for what comes after what it has. Of a mail that was taken away it may have heard nothing."""
        last = max(self.box.mails, default=0)
        done = cursor.uidvalidity == self.box.uidvalidity and cursor.last_uid >= last
        self.fetched = len(self.feed) if done else 0

    async def _post(self, delivery: Any) -> int:
        worker = self.machine.serving()
        if worker is None:
            return 0
        answer: asyncio.Future[int] = self.world.loop.create_future()
        worker.serve(delivery, answer)
        try:
            return await asyncio.wait_for(answer, _PATIENCE)
        except TimeoutError:
            return 0

    def answered(self, answer: asyncio.Future[int], status: int) -> None:
        """An answer to a webhook leaves the worker."""

        def arrive() -> None:
            if not answer.done():
                answer.set_result(status)

        self.world.loop.call_later(0.001, arrive, context=self._context)

    def _heard(self, items: list[Item], body: bytes, *, forged: bool) -> None:
        if forged:
            self.world.wrong(f"I2 {items[0]['id']}: forged, and answered with 200")
            return
        self.truth.bodies.add(body)
        for item in items:
            self.truth.acked.add(item["id"])
            if not self.dialect.polled:
                self.truth.heard_at.setdefault(item["id"], self.world.loop.time())
            if "status" in item:
                self.truth.news[item["mark"]].add(item["status"])
            elif "mark" in item:
                self.truth.news[item["mark"]].add("echo")

    # --------------------------------------------------------------------------------------- calls

    def fate(self, call: Call, life: Life, *, stood: bool) -> str:
        """How a call fares; noted, and checked against what was asked of us.

        `stood`: its maker stood still on the way from the library to the wire, where nobody can look once more. What
        is made like that may end a lease that somebody else has of it.
        """
        loop, mark = self.world.loop, self.dialect.mark(call)
        holder, since = self.world.holders.get(mark, (None, 0.0))
        allowed, known = self.truth.not_before.get(self.dialect.limited(call), (0.0, 0.0))
        if loop.time() < allowed and since > known:
            self.world.wrong(f"I9 {mark}: asked again before the platform allowed it")
        if stood:
            self.truth.unseen.add(mark)
        elif holder is not life and not self.dialect.repeats and mark not in self.truth.unseen:
            self.world.wrong(f"I7 {mark}: made by {life.name}, whose lease was over")
        if not stood and self.machine.operator.was_erased(
            self.dialect.said(call)["text"].partition(" - ")[0]
        ):
            self.world.wrong(f"R1 {mark}: said because of a message that was erased")
        silent_from = self.truth.silent_from.get(self.dialect.said(call)["to"], loop.time())
        if not stood and loop.time() > silent_from:
            self.world.wrong(f"R3 {mark}: said to somebody whose data are frozen")
        unheard = self.dialect.repeats and (self.world.stalls or self.world.deaths)
        if mark in self.truth.rejected and not (stood or unheard):
            self.world.wrong(f"I5 {mark}: asked again, although the platform said no for good")
        fault = next(
            (fault for fault, share in self.world.plan.sends if self.world.strikes(fault, share)), ""
        )
        self.world.note("called", mark, fault)
        self.truth.fates[mark].add(fault)
        self.truth.on_way[mark] += 1
        return fault

    def take(self, call: Call, fault: str) -> asyncio.Future[Response]:
        """A call on its way: it is taken or not, whatever becomes of who made it."""
        loop, chance = self.world.loop, self.world.chance
        answer: asyncio.Future[Response] = loop.create_future()
        self.under_way += 1
        self.calling += 1
        loop.call_later(
            chance.choice((0.001, 0.02, 0.2)), self._arrive, call, fault, answer, context=self._context
        )
        return answer

    def _arrive(self, call: Call, fault: str, answer: asyncio.Future[Response]) -> None:
        said = self.dialect.said(call)
        self.truth.on_way[said["mark"]] -= 1
        number = self.dialect.called(len(self.truth.said), said)
        known = self.dialect.repeats and any(one["id"] == number for one in self.truth.said)
        if known and fault == "rejected":
            fault = ""  # nobody refuses what they have
        if fault in _TAKEN and known:
            self.world.note("taken before", said["mark"])
        elif fault in _TAKEN:
            self.truth.said.append({**said, "id": number, "at": self.world.loop.micros})
            self.world.note("taken", said["mark"])
            self.truth.heard_at.setdefault(said["text"].partition(" - ")[0], self.world.loop.time())
            self._news(number, said)
            if said.get("private"):
                self.world.loop.call_later(1.0, self._goes_on, said["to"], context=self._context)
        if fault == "rejected":
            self.truth.rejected.add(said["mark"])
            self.truth.rejected_ever.add(said["mark"])
        delay = {"hang before": _GIVEN_UP, "hang after": _GIVEN_UP, "late": 7.0}.get(fault, 0.001)
        self.world.loop.call_later(
            delay, self._answer, self._says(fault, number), answer, context=self._context
        )

    def _says(self, fault: str, number: str) -> Response:
        response = self.dialect.answer(fault, number)
        if response.status == 429 and self.world.plan.limited:
            return response.model_copy(update={"headers": (("Retry-After", "3600"),)})
        return response

    def _answer(self, response: Response, answer: asyncio.Future[Response]) -> None:
        self.under_way -= 1
        self.calling -= 1
        if not answer.done():
            answer.set_result(response)

    def asked_to_wait(self, call: Call, response: Response) -> tuple[str, float]:
        """Whom the platform asks to wait, with this answer: all calls that are limited together; and until when."""
        wait = float(response.header("retry-after"))
        return self.dialect.limited(call), self.world.loop.time() + wait - self._set_forward()

    def put_off(self, life: Life, mark: str) -> None:
        """A worker has on record that the platform asked it to wait: from now on all of them know it."""
        limited, until = life.told_to_wait.pop(mark, ("", 0.0))
        if until > self.truth.not_before.get(limited, (0.0, 0.0))[0]:
            self.truth.not_before[limited] = until, self.world.loop.time()

    def _set_forward(self) -> float:
        """A worker waits by its own clock: how far that may jump ahead meanwhile."""
        return sum(max(by, 0.0) for _, by in self.world.plan.clock_jumps)

    def _news(self, number: str, said: Item) -> None:
        if not (self.world.plan.echoes and self.dialect.echoes):
            return
        late = 8.0 if self.world.strikes("late news", self.world.plan.late_news) else 0.3
        words = self.dialect.statuses[: self.world.chance.randrange(len(self.dialect.statuses) + 1)]
        news = {**said, "at": self._now()}
        items = [{**news, "id": number}] if self.dialect.echo else []
        items += [{**news, "id": f"{number}-{word}", "of": number, "status": word} for word in words]
        for item in items:
            self.tell([item], after=self.world.chance.uniform(0.0, late))
