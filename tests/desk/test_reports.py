"""Reports: the figures that somebody else counts by hand, whatever happens, step by step or anew."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, timedelta
from operator import attrgetter
from pathlib import Path

import pytest

from omnichannel.channel import Batch
from omnichannel.desk import Calendar, Plan, Ratings, Target, Team
from omnichannel.errors import Conflict, NotFound, OmnichannelError, UsageError
from omnichannel.model.desk import Figures, Kept, Report, Times
from omnichannel.store import Tx
from omnichannel.store.desk import counts
from tests.chat import delivery
from tests.conftest import empty
from tests.desk import recount
from tests.desk.room import Room
from tests.engines import HandClock, dump

FIRST, LAST = date(2026, 3, 2), date(2026, 3, 9)

OFFICE = Calendar.model_validate(
    {"name": "office", **dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), "09:00-17:00")}
)
PLAN = Plan(
    teams=(Team(name="sales"), Team(name="service")),
    default_team="service",
    calendars=(OFFICE,),
    calendar="office",
    targets=(
        Target(name="soon", what="first", within=timedelta(hours=1), time="calendar"),
        Target(name="done", what="resolution", within=timedelta(hours=8), time="calendar", pauses=()),
    ),
)


@pytest.fixture
def small(clock: HandClock) -> Iterator[Room]:
    """A room in memory."""
    room = Room("sqlite:///:memory:", clock, PLAN)
    yield room
    asyncio.run(room.close())


async def whole(room: Room, **more: str) -> Report:
    return await room.inbox.desk.reports.of(FIRST, LAST, **more)  # type: ignore[arg-type] - of the kinds there are


# ---------------------------------------------------------------------------------------------- a random life


class Life:
    """Some customers, agents and a clock; whatever can happen to their conversations happens."""

    def __init__(self, room: Room, seed: int) -> None:
        self.room, self.chance = room, random.Random(seed)
        self.talks: list[str] = []
        self.messages: list[str] = []
        self.number = 0

    async def step(self) -> None:
        self.room.clock.advance(minutes=self.chance.randint(1, 200), seconds=self.chance.randint(0, 59))
        what = self.chance.choice(
            ["hears"] * 5 + ["says"] * 4 + ["close"] * 3
            + ["assign", "team", "reopen", "spam", "undo", "delete", "move", "split", "join", "snooze", "aside", "erase"]
        )  # fmt: skip
        with suppress(Conflict, UsageError, NotFound):
            await getattr(self, what)()
        await self.room.inbox.work()

    def any(self, some: list[str]) -> str:
        if not some:
            raise NotFound("there is none yet")
        return self.chance.choice(some)

    async def hears(self) -> None:
        self.number += 1
        who, on = (
            self.chance.choice(["rosa", "tim", "eva"]),
            self.chance.choice(["chat", "chat", "other", "letter"]),
        )
        thread = {"thread": f"{who}-{self.number // 6}"} if on == "letter" else {}
        talk = await self.room.hears(who, f"Where is {self.number}?", on=on, **thread)
        self.talks.append(talk)
        self.messages.append((await self.room.inbox.conversations.messages(talk))[-1].id)

    async def says(self) -> None:
        talk, who = self.any(self.talks), self.chance.choice(["Ann", "Ben", "robot"])
        self.messages.append((await self.room.inbox.conversations.reply(talk, "There!", agent=who)).id)

    async def close(self) -> None:
        await self.room.inbox.desk.close(self.any(self.talks), actor="Ann")

    async def reopen(self) -> None:
        await self.room.inbox.desk.reopen(self.any(self.talks))

    async def spam(self) -> None:
        await self.room.inbox.desk.spam(self.any(self.talks))

    async def snooze(self) -> None:
        await self.room.inbox.desk.snooze(self.any(self.talks), self.room.clock.now() + timedelta(hours=3))

    async def assign(self) -> None:
        await self.room.inbox.desk.assign(self.any(self.talks), self.chance.choice(["Ann", "Ben", ""]))

    async def team(self) -> None:
        await self.room.inbox.desk.assign(
            self.any(self.talks), "", team=self.chance.choice(["sales", "service"])
        )

    async def aside(self) -> None:
        """Without the desk, which writes it down by itself."""
        await self.room.inbox.conversations.close(self.any(self.talks))

    async def undo(self) -> None:
        decisions = await self.room.inbox.desk.decisions(self.any(self.talks))
        await self.room.inbox.desk.undo(decisions[-self.chance.randint(1, min(3, len(decisions)))].id)

    async def delete(self) -> None:
        message = await self.room.inbox.conversations.message(self.any(self.messages))
        gone = {"kind": "deleted", "targets": [message.external_id], "from": "rosa", "id": f"d{self.number}"}
        with suppress(OmnichannelError):
            await self.room.inbox.receive(message.account, delivery(gone))

    async def move(self) -> None:
        await self.room.inbox.conversations.move(self.any(self.messages), self.any(self.talks))

    async def split(self) -> None:
        self.talks.append((await self.room.inbox.conversations.split(self.any(self.messages))).id)

    async def join(self) -> None:
        await self.room.inbox.conversations.join(self.any(self.talks), self.any(self.talks))

    async def erase(self) -> None:
        if self.chance.random() < 0.3:
            message = await self.room.inbox.conversations.message(self.any(self.messages))
            if message.author and (found := await self.room.inbox.customers.find(message.author.address)):
                await self.room.inbox.identity.erase(found.id, actor="zoe", scrub=False)


async def as_recounted(room: Room) -> None:
    """Every way of dividing it says what somebody says who counts all of it by hand."""
    talks = await recount.talks(room.inbox)
    for by in ("", "agent", "team", "kind", "account"):
        found = await whole(room, by=by, every="day")
        for row in found.rows:
            of = attrgetter(by) if by else lambda _: ""
            expected = recount.figures(talks, row, lambda thing, row=row, of=of: of(thing) == row.name)
            assert unlike(row, expected) == {}, (by, row.since, row.name)
        assert unlike(found.total, recount.figures(talks, found.total, lambda _: True)) == {}
        _adds_up(found)


def unlike(one: Figures, other: Figures) -> dict[str, tuple[object, object]]:
    """The figures in which two rows differ."""
    pairs = ((name, getattr(one, name), getattr(other, name)) for name in Figures.model_fields)
    return {name: (ours, theirs) for name, ours, theirs in pairs if ours != theirs}


def _adds_up(report: Report) -> None:
    """Nothing is in two rows, and nothing in none."""
    for name, value in report.total.model_dump(exclude={"since", "until", "name", "backlog"}).items():
        parts = [row.model_dump()[name] for row in report.rows]
        if isinstance(value, dict):
            for what in ("count", "met", "missed"):
                assert value.get(what) == (sum(part[what] for part in parts) if what in value else None), name
        elif isinstance(value, tuple):
            assert value == tuple(map(sum, zip(*parts, strict=True))) if parts else not any(value), name
        else:
            assert value == sum(parts), name
    last = [row for row in report.rows if row.until == report.until]
    assert report.total.backlog == sum(row.backlog for row in last)


async def lived(room: Room, seed: int, steps: int) -> None:
    await room.hire("Ann", "Ben")
    await room.inbox.add_agent("robot", role="bot")
    life = Life(room, seed)
    for step in range(steps):
        await life.step()
        if step % 7 == 0:
            await whole(room)  # counts what changed
    await as_recounted(room)
    before = dump(room.inbox.open())["counts"]
    await anew(room)
    assert dump(room.inbox.open())["counts"] == before


async def anew(room: Room) -> None:
    """Everything is counted as if it never had been."""

    def forget(tx: Tx) -> None:
        tx.run("DELETE FROM counts WHERE workspace = ?", tx.ws)
        for (number,) in tx.all("SELECT conversation FROM cases WHERE workspace = ?", tx.ws):
            counts.wait(tx, int(str(number)))

    await room.inbox.run_job(forget)
    await whole(room)


@pytest.mark.parametrize("seed", range(2))
async def test_whatever_happens_it_is_what_somebody_counts_by_hand(small: Room, seed: int) -> None:
    await lived(small, seed, 40)


async def test_the_same_on_postgresql(
    clock: HandClock, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    room = Room(empty("postgres", request, tmp_path), clock, PLAN)
    await lived(room, 1, 12)
    await room.close()


# ------------------------------------------------------------------------------------------------ by hand


async def test_an_answer_and_a_closing_are_counted_when_they_came_in_their_own_and_in_working_time(
    small: Room,
) -> None:
    await small.hire("Ann")
    small.clock.advance(hours=7, minutes=30)  # Monday, 16:30
    conversation = await small.hears("rosa")
    small.clock.advance(hours=17)  # Tuesday, 9:30
    await small.says(conversation, "Ann")
    small.clock.advance(hours=1)
    await small.inbox.desk.close(conversation, actor="Ann")
    monday, tuesday = (await small.inbox.desk.reports.of(FIRST, date(2026, 3, 4), every="day")).rows
    assert (monday.received, monday.opened, monday.backlog, monday.first) == (1, 1, 1, Times())
    day, hour = timedelta(hours=17), timedelta(hours=1)
    assert tuesday.first == Times(count=1, median=day, p90=day, working_median=hour, working_p90=hour)
    assert tuesday.resolution.median == timedelta(hours=18)
    assert tuesday.resolution.working_median == timedelta(hours=2)
    assert (tuesday.same_day, tuesday.closed, tuesday.backlog) == (0, 1, 0)
    [day_of_ours] = (await whole(small, zone="America/Los_Angeles")).rows
    assert day_of_ours.same_day == 0, "it was 8:30 there, and then the next day at 1:30"


async def test_promises_are_counted_when_they_were_decided(small: Room) -> None:
    await small.hire("Ann")
    kept, missed = await small.hears("rosa"), await small.hears("tim", on="letter")
    small.clock.advance(minutes=59)
    await small.says(kept, "Ann")
    small.clock.advance(days=2)
    await small.inbox.work()
    assert (await whole(small)).total.in_first == Kept(met=1, missed=1)
    by = await small.inbox.desk.reports.of(FIRST, date(2026, 3, 3), by="kind")
    assert [(row.name, row.in_first) for row in by.rows] == [
        ("chat", Kept(met=1)),
        ("letter", Kept(missed=1)),
    ]
    await small.says(missed, "Ann")
    assert (await whole(small)).total.in_first == Kept(met=1, missed=1), "a late answer misses nothing again"
    assert (await whole(small)).total.in_first.share == 0.5


async def test_when_hours_change_working_time_is_counted_again_and_nothing_else(small: Room) -> None:
    await small.hire("Ann")
    small.clock.advance(hours=10)
    conversation = await small.hears("rosa")
    small.clock.advance(hours=2)
    await small.says(conversation, "Ann")
    before = (await whole(small)).total
    assert before.first.working_median == timedelta()
    late = OFFICE.model_copy(update={"mon": Calendar.model_validate({"mon": "20:00-22:00"}).mon})
    small.inbox.plan = PLAN.model_copy(update={"calendars": (late,)})
    after = (await whole(small)).total
    assert after.first.working_median == timedelta(hours=1)
    assert unlike(before, after).keys() == {"first"}


async def test_going_on_elsewhere_with_something_unanswered_is_a_repeat_avoided(small: Room) -> None:
    conversation = await small.hears("rosa")
    link = await small.inbox.conversations.continue_on(conversation, "letter", to=None)
    small.clock.advance(minutes=1)
    assert await small.hears("rosa@home", f"Me again: {link}", on="letter") == conversation
    row = (await whole(small)).total
    assert (row.opened, row.received, row.switches, row.repeats_avoided) == (1, 2, 1, 1)


async def test_a_complaint_is_one_until_it_is_answered(small: Room) -> None:
    conversation = await small.hears(
        "rosa", "This is a disgrace, the worst service ever. I want to complain!"
    )
    await small.hears("rosa", "I am very disappointed and angry about this terrible service.")
    assert (await whole(small)).total.complaints == 1
    await small.hire("Ann")
    small.clock.advance(minutes=1)
    await small.says(conversation, "Ann")
    await small.hears("rosa", "And still a disgrace, I complain about this horrible service!")
    assert (await whole(small)).total.complaints == 2


async def test_ratings_are_counted_when_they_were_asked_for(small: Room) -> None:
    small.inbox.plan = PLAN.model_copy(update={"ratings": Ratings(after=timedelta())})
    await small.hire("Ann")
    conversation = await small.hears("rosa")
    await small.says(conversation, "Ann")
    await small.inbox.desk.close(conversation)
    await small.inbox.work()
    small.clock.advance(days=1)
    await small.hears("rosa", "4")
    found = await small.inbox.desk.reports.of(FIRST, date(2026, 3, 4), every="day", by="agent", agent="Ann")
    monday, tuesday = found.rows
    assert (monday.asked, monday.rated, monday.stars) == (1, 1, (0, 0, 0, 1, 0))
    assert (tuesday.received, tuesday.asked, tuesday.reopened) == (0, 0, 0), "a rating asks nothing"


async def test_only_what_is_asked_for(small: Room) -> None:
    await small.hears("rosa")
    await small.hears("tim", on="other")
    reports = small.inbox.desk.reports
    found = await reports.of(FIRST, LAST, by="kind", account="other")
    assert [(row.name, row.received) for row in found.rows] == [("chat", 1)]
    assert (await reports.of(FIRST, LAST, team="sales")).total.received == 0
    assert await reports.waiting() == 0
    with pytest.raises(UsageError, match="no time zone"):
        await reports.of(FIRST, LAST, zone="Mars/Olympus")
    with pytest.raises(UsageError, match="is not before"):
        await reports.of(LAST, FIRST)
    with pytest.raises(UsageError, match="at most 10,000 hours"):
        await reports.of(FIRST, date(2030, 1, 1), every="hour")


async def test_the_past_that_was_brought_in_is_not_counted(small: Room) -> None:
    past = delivery({"id": "old-1", "from": "rosa", "text": "Of before", "at": 1_772_000_000})
    batch = Batch(deliveries=(past.model_copy(update={"source": "history"}),), cursor="1")
    await small.inbox.keep("chat", "past", batch)
    await small.inbox.work()
    found = await small.inbox.desk.reports.of(date(2026, 1, 1), LAST)
    assert (found.total.received, found.total.opened, found.total.backlog) == (0, 0, 0)


async def test_the_step_counts_what_has_settled(small: Room) -> None:
    await small.hears("rosa")
    assert (await small.inbox.count(), await small.inbox.desk.reports.waiting()) == (0, 1)
    small.clock.advance(minutes=1)
    assert (await small.inbox.count(), await small.inbox.desk.reports.waiting()) == (1, 0)
    assert await small.inbox.count() == 0
