"""Several workers on one database: work is shared, nothing is done twice, races end as if there were none."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest

from omnichannel import Inbox
from omnichannel.inbox.reading import Reader
from omnichannel.store import Tx
from tests.chat import Chat, FarEnd, delivery
from tests.engines import HandClock
from tests.inbox.desk import Desk


def together(*stories: Callable[[], Coroutine[Any, Any, Any]]) -> None:
    """Run stories beside each other, each in a thread and an event loop of its own, started at one moment."""
    start = threading.Barrier(len(stories))
    failures: list[BaseException] = []

    def run(story: Callable[[], Coroutine[Any, Any, Any]]) -> None:
        start.wait()
        try:
            asyncio.run(story())
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=run, args=(story,)) for story in stories]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert failures == []


def inbox(url: str, clock: HandClock, far: FarEnd | None = None) -> Inbox:
    return Inbox(url, [Chat("chat", far), Chat("other", far)], clock=clock)


async def state(url: str, clock: HandClock) -> Desk:
    desk = Desk(url, clock)
    await desk.inbox.run_job(lambda tx: None)
    return desk


def test_two_inboxes_share_the_work_without_doing_it_twice(shared_url: str, clock: HandClock) -> None:
    """Every delivery is read once, every message handled once, every answer sent once."""
    far = FarEnd()
    count = 60
    handled: list[str] = []

    def worker(name: str) -> Callable[[], Coroutine[Any, Any, None]]:
        async def story() -> None:
            box = inbox(shared_url, clock, far)

            @box.on_message
            async def answer(incoming) -> None:
                handled.append(incoming.message.text)
                await incoming.reply(f"to {incoming.message.text}")

            async with box:
                for number in range(count // 2):
                    text = f"{name}{number}"
                    item = {"id": text, "from": f"p{number % 7}", "text": text}
                    await box.receive("chat", delivery(item))
                    if number % 10 == 9:
                        await box.work()
                await box.work()

        return story

    together(worker("a"), worker("b"))

    async def check() -> None:
        desk = await state(shared_url, clock)
        desk.inbox.on_message(lambda incoming: incoming.reply(f"to {incoming.message.text}"))
        await desk.inbox.work()
        everything = await desk.everything()
        texts = {f"{name}{number}" for name in "ab" for number in range(count // 2)}
        assert sorted(m.text for m in everything if m.direction == "inbound") == sorted(texts)
        assert sorted(set(handled) | {t[3:] for t in desk.said()}) == sorted(texts)
        assert sorted(body["text"] for body in (*far.said, *desk.far["chat"].said)) == sorted(
            f"to {t}" for t in texts
        )
        assert len(await desk.customers()) == 7
        assert len(await desk.conversations()) == 7
        for conversation in await desk.conversations():
            said = await desk.inbox.conversations.messages(conversation.id)
            assert [m.seq for m in said] == list(range(1, len(said) + 1))
        await desk.inbox.close()

    asyncio.run(check())


@pytest.mark.parametrize("known", [False, True])
def test_many_first_messages_of_one_person_at_once(shared_url: str, clock: HandClock, known: bool) -> None:
    """T19: one customer, one conversation, whoever reads them; also for somebody known from long ago."""
    if known:

        async def earlier() -> None:
            desk = await state(shared_url, clock)
            message = await desk.heard("long ago")
            await desk.inbox.conversations.close(message.conversation)
            await desk.inbox.close()

        asyncio.run(earlier())
        clock.advance(days=30)

    workers, each = 4, 6

    async def give() -> None:
        async with inbox(shared_url, clock) as box:
            for number in range(workers * each):
                item = {"id": f"m{number}", "from": "anna", "text": str(number), "thread": f"t{number}"}
                await box.receive("chat" if number % 2 else "other", delivery(item))

    asyncio.run(give())

    def reader() -> Callable[[], Coroutine[Any, Any, None]]:
        async def story() -> None:
            async with inbox(shared_url, clock) as box:
                one = Reader(box.channels, box.rules, handled=False)
                # One delivery per transaction, so that the workers meet as often as they can.
                while await box.run_job(lambda tx: one.read(tx, 1)):
                    pass
                await box.work()

        return story

    together(*(reader() for _ in range(workers)))

    async def check() -> None:
        desk = await state(shared_url, clock)
        await desk.inbox.work()
        assert len(await desk.customers()) == 1
        fresh = [c for c in await desk.conversations() if c.status == "open"]
        assert [c.messages for c in fresh] == [workers * each]
        said = await desk.inbox.conversations.messages(fresh[0].id)
        assert [m.seq for m in said] == list(range(1, workers * each + 1))
        await desk.inbox.close()

    asyncio.run(check())


def test_two_workers_decide_about_one_person_one_after_the_other(shared_url: str, clock: HandClock) -> None:
    """The race of T19 with the worst timing: the second decides after the first did, before its commit."""
    begun, over = threading.Event(), threading.Event()

    async def prepare() -> None:
        desk = await state(shared_url, clock)
        first = await desk.heard("long ago")
        await desk.inbox.conversations.close(first.conversation)
        clock.advance(days=30)
        for number in range(2):
            item = {"id": f"m{number}", "from": "anna", "text": "now", "thread": f"t{number}"}
            await desk.inbox.receive("other" if number else "chat", delivery(item))
        await desk.inbox.close()

    async def first() -> None:
        async with inbox(shared_url, clock) as box:

            def slowly(tx: Tx) -> int:
                count = Reader(box.channels, box.rules, handled=False).read(tx, 1)
                begun.set()
                over.wait(0.5)  # the other one is through, or rightly waits for us
                return count

            assert await box.run_job(slowly) == 1

    async def second() -> None:
        async with inbox(shared_url, clock) as box:
            await asyncio.to_thread(begun.wait, 30)
            reader = Reader(box.channels, box.rules, handled=False)
            assert await box.run_job(lambda tx: reader.read(tx, 1)) == 1
            over.set()

    asyncio.run(prepare())
    together(first, second)

    async def check() -> None:
        desk = await state(shared_url, clock)
        found = [c.messages for c in await desk.conversations() if c.status == "open"]
        await desk.inbox.close()
        assert found == [2]

    asyncio.run(check())


def test_the_same_delivery_to_many_doors_at_once_is_one_message(shared_url: str, clock: HandClock) -> None:
    """T11: fifty at once, to four workers who all read at the same time."""
    item = {"id": "m1", "from": "anna", "text": "hello"}

    async def story() -> None:
        async with inbox(shared_url, clock) as box:
            await asyncio.gather(*(box.receive("chat", delivery(item)) for _ in range(12)))
            await box.work()

    together(*[story] * 4)

    async def check() -> None:
        desk = await state(shared_url, clock)
        await desk.inbox.work()
        assert len(await desk.everything()) == 1
        assert len(await desk.happened("message.received")) == 1
        await desk.inbox.close()

    asyncio.run(check())


CHILD = """
import asyncio, sys
sys.path[:0] = {path!r}
from omnichannel import Inbox
from tests.chat import Chat, delivery

async def story(url, name):
    async with Inbox(url, [Chat("chat")]) as box:
        for number in range(20):
            item = {{"id": f"{{name}}{{number}}", "from": "anna", "text": name}}
            await box.receive("chat", delivery(item))
            await box.read()

asyncio.run(story(*sys.argv[1:]))
"""


def test_two_processes_on_one_database(shared_url: str, clock: HandClock) -> None:
    """Not only threads: processes of their own, with nothing in common but the database."""
    script = CHILD.format(path=[str(Path(__file__).parents[2])])
    command = [sys.executable, "-W", "ignore", "-c", script, shared_url]
    children = [subprocess.Popen([*command, name], stderr=subprocess.PIPE) for name in "ab"]
    for child in children:
        _, errors = child.communicate(timeout=120)
        assert child.returncode == 0, errors.decode()

    async def check() -> None:
        desk = await state(shared_url, clock)
        await desk.inbox.work()
        (conversation,) = await desk.conversations()
        said = await desk.inbox.conversations.messages(conversation.id)
        assert [m.seq for m in said] == list(range(1, 41))
        assert len({m.external_id for m in said}) == 40
        await desk.inbox.close()

    asyncio.run(check())
