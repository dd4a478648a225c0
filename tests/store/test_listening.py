"""What one worker commits wakes the others, over a connection that comes back by itself; who rests asks nothing."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import timedelta
from typing import Any

import pytest

from omnichannel import Inbox, Rules, run
from omnichannel.channel import Delivery
from omnichannel.clock import SystemClock
from omnichannel.inbox import bell, host
from omnichannel.model import Address
from omnichannel.store import Store, arrivals, due, queue, records
from omnichannel.store.postgres import PostgresDriver
from tests.chat import Chat, FarEnd, delivery
from tests.engines import Postgres, wait

PATIENCE = 30.0
"""Seconds until a test that waits for a wake-up has failed; nothing here looks by itself so soon."""


class Ear:
    """Counts how often a store was told, and waits for the next time."""

    def __init__(self, store: Store) -> None:
        self.times = 0
        self._rung = threading.Event()
        store.heard = self._hear

    def _hear(self) -> None:
        self.times += 1
        self._rung.set()

    def wait(self) -> None:
        assert self._rung.wait(PATIENCE), "nobody told"
        self._rung.clear()


def hearing(store: Store) -> Store:
    """The store as soon as it hears."""
    until(lambda: store.listens)
    return store


def until(what: Callable[[], object]) -> None:
    pause = threading.Event()
    for _ in range(int(PATIENCE / 0.01)):
        if what():
            return
        pause.wait(0.01)
    raise AssertionError("it never came to that")


def listeners(postgres: Postgres) -> list[int]:
    """The server's processes that listen for somebody."""
    with postgres.admin() as admin:
        rows = admin.execute("SELECT pid FROM pg_stat_activity WHERE query ~ '^(LISTEN|NOTIFY)'").fetchall()
    return [pid for (pid,) in rows]


def keep(tx: Any) -> int | None:
    return arrivals.keep(tx, Delivery(account="a", body=b"x"))


def test_a_commit_wakes_the_others_of_its_workspace_and_nobody_else(postgres: Postgres, opened) -> None:
    url = postgres.ready()
    mine, other, stranger = (hearing(opened(url, name)) for name in ("ours", "ours", "theirs"))
    ears = [Ear(store) for store in (mine, other, stranger)]
    wait(mine, keep)
    ears[1].wait()
    wait(stranger, keep)  # what it told before has passed by then
    wait(mine, keep)
    ears[1].wait()
    assert ears[0].times == 0, "a worker knows what it did itself"
    assert ears[2].times == 0


@pytest.mark.parametrize(
    ("job", "news"),
    [
        (lambda tx: queue.add(tx, 1, 1, 1), True),
        (lambda tx: records.happened(tx, "x"), True),
        (lambda tx: arrivals.waiting(tx, 9), False),
        (lambda tx: queue.claim(tx, 9, 0), False),
        (lambda tx: arrivals.move_cursor(tx, "a", "b", "1"), False),
    ],
)
def test_only_what_makes_work_or_news_is_told(postgres: Postgres, opened, job: Any, news: bool) -> None:
    """A look that finds nothing must wake nobody: else they would keep each other awake."""
    url = postgres.ready()
    told: list[int] = []
    store = opened(url)
    store._listener.tell = lambda: told.append(1)
    wait(store, job)
    assert bool(told) is news


async def test_what_is_committed_together_is_told_once(postgres: Postgres, opened) -> None:
    url = postgres.ready()
    store = hearing(opened(url))
    told: list[int] = []
    store._listener.tell = lambda: told.append(1)
    before = store.commits
    await asyncio.gather(*(store.run(keep) for _ in range(100)))
    assert len(told) <= store.commits - before < 20


def test_what_is_taken_back_is_not_told(postgres: Postgres, opened) -> None:
    store = opened(postgres.ready())
    told: list[int] = []
    store._listener.tell = lambda: told.append(1)

    def fails(tx: Any) -> None:
        keep(tx)
        raise LookupError

    with pytest.raises(LookupError):
        wait(store, fails)
    assert told == []


def test_a_lost_line_is_noticed_and_comes_back(postgres: Postgres, opened) -> None:
    """Whoever rests is woken at both moments: to look by itself, and to see what it could not hear of."""
    url = postgres.ready()
    mine, other = hearing(opened(url)), hearing(opened(url))
    ear = Ear(other)
    with postgres.admin() as admin:
        for pid in listeners(postgres):
            admin.execute("SELECT pg_terminate_backend(%s)", (pid,))
    ear.wait()
    hearing(mine)
    hearing(other)
    until(lambda: ear.times >= 2)
    heard = ear.times
    wait(mine, keep)
    until(lambda: ear.times > heard)


def test_a_file_has_nothing_to_listen_to(opened) -> None:
    store = opened("sqlite:///:memory:")
    assert (store.may_listen, store.listens) == (False, False)


# ------------------------------------------------------------------------------------------- whole workers


@asynccontextmanager
async def working(*inboxes: Inbox) -> AsyncIterator[None]:
    """Workers that run until the test is over."""
    stop = asyncio.Event()
    tasks = [asyncio.create_task(inbox.run(stop=stop)) for inbox in inboxes]
    try:
        yield
    finally:
        stop.set()
        await asyncio.gather(*tasks)
        for inbox in inboxes:
            await inbox.close()


async def rested(*inboxes: Inbox) -> None:
    """Until they hear each other and have looked at everything."""
    async with asyncio.timeout(PATIENCE):
        while not all(inbox.open().listens for inbox in inboxes):
            await asyncio.sleep(0.01)


@pytest.fixture
def seldom(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody looks by itself while a test lasts: what happens, happens because somebody was woken."""
    monkeypatch.setattr(run, "RARE_LOOK", 3600.0)
    monkeypatch.setattr(host, "RARE_LOOK", 3600.0)


async def test_a_message_goes_through_workers_that_only_wake_each_other(
    postgres: Postgres, seldom: None
) -> None:
    """One process takes the webhook and does no more, two others read, handle and send."""
    url, far = postgres.ready(), FarEnd()
    door = Inbox(url, [Chat("chat", far)])
    workers = [Inbox(url, [Chat("chat", far)]) for _ in range(2)]
    for worker in workers:

        @worker.on_message
        async def answer(incoming) -> None:
            await incoming.reply(f"re {incoming.message.text}")

    async with working(*workers), door:
        await rested(*workers)
        for number in range(5):
            item = {"id": f"m{number}", "from": f"p{number}", "text": str(number)}
            await door.receive("chat", delivery(item))
            async with asyncio.timeout(PATIENCE):
                while len(far.said) <= number:
                    await asyncio.sleep(0.01)
    assert sorted(body["text"] for body in far.said) == [f"re {number}" for number in range(5)]


async def test_what_was_put_off_is_done_when_it_is_due(postgres: Postgres, seldom: None) -> None:
    """Nobody commits anything at that moment, so nobody tells: it was asked for beforehand."""
    url, tries = postgres.ready(), []
    inbox = Inbox(url, [Chat("chat")], rules=Rules(first_pause=timedelta(seconds=0.2)))

    @inbox.on_message
    async def fails_twice(incoming) -> None:
        tries.append(SystemClock().now())
        if len(tries) < 3:
            raise RuntimeError("not yet")

    async with working(inbox):
        await rested(inbox)
        await inbox.receive("chat", delivery({"id": "1", "from": "anna", "text": "hello"}))
        async with asyncio.timeout(PATIENCE):
            while len(tries) < 3:
                await asyncio.sleep(0.01)


async def test_a_page_is_woken_by_what_another_process_wrote(postgres: Postgres, seldom: None) -> None:
    """The web chat's stream waits here; the answer is committed there."""
    url = postgres.ready()
    here, there = Inbox(url, [Chat("chat")]), Inbox(url, [Chat("chat")])
    async with here, there:
        await there.receive("chat", delivery({"id": "1", "from": "anna", "text": "hello"}))
        await there.read()
        (message,) = await there.conversations.messages((await there.conversations.open())[0].id)
        await rested(here, there)
        page = host.AccountHost(here, "chat")
        anna = Address(kind="chat", value="anna")
        async with asyncio.timeout(PATIENCE):
            waiting = asyncio.create_task(page.wait(3600))
            await asyncio.sleep(0)
            await there.conversations.reply(message.conversation, "hi")
            while len(await page.talk(anna)) < 2:
                await waiting
                waiting = asyncio.create_task(page.wait(3600))
            waiting.cancel()


@contextmanager
def counted(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Every statement that any worker of this process says."""
    said: list[str] = []
    say, begin = PostgresDriver._say, PostgresDriver.begin

    def saying(driver: PostgresDriver, sql: str, params: Any) -> Any:
        said.append(sql)
        return say(driver, sql, params)

    def beginning(driver: PostgresDriver) -> None:
        said.append("BEGIN")
        begin(driver)

    with monkeypatch.context() as patch:
        patch.setattr(PostgresDriver, "_say", saying)
        patch.setattr(PostgresDriver, "begin", beginning)
        yield said


async def test_workers_without_work_ask_next_to_nothing(
    postgres: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At most one look of every step, and one question when something is due, in half a minute."""
    url = postgres.ready()
    workers = [Inbox(url, [Chat("chat")]) for _ in range(2)]
    async with working(*workers):
        await rested(*workers)
        await asyncio.sleep(2.5)  # what they do when they begin to hear; longer than the usual look
        with counted(monkeypatch) as said:
            await asyncio.sleep(3.0)
    assert said == [], "three usual looks would be here"


def test_what_a_look_costs(postgres: Postgres, monkeypatch: pytest.MonkeyPatch) -> None:
    """So much each worker says in a minute when nothing happens: two looks of every step, and two questions."""
    url = postgres.ready()
    inbox = Inbox(url, [Chat("chat")])
    inbox.on_message(lambda incoming: incoming.reply("x"))

    async def look() -> list[str]:
        async with inbox:
            with counted(monkeypatch) as said:
                await inbox.work()
                await inbox.run_job(lambda tx: due.soonest(tx, 0))
            return said

    said = asyncio.run(look())
    per_minute = 60 / bell.RARE_LOOK * len(said)
    assert per_minute <= 60
