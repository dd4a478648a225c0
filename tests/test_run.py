"""The loops: everything is worked through, nothing is waited for in vain, and an end leaves nothing half done."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from omnichannel import Inbox, Incoming, Rules
from omnichannel import run as run_module
from omnichannel.channel import Batch, Source
from tests.chat import Chat, FarEnd, delivery
from tests.engines import HandClock

LONG = 60.0  # a test that waits this long has failed: it ends instead of hanging


class Mailbox:
    """A source that gives what was put into it, two at a time, and breaks when it is told to."""

    name = "INBOX"

    def __init__(self) -> None:
        self.letters: list[str] = []
        self.news = asyncio.Event()
        self.troubles: list[BaseException] = []
        self.cursors: list[str] = []
        self.closed = 0

    def put(self, *texts: str) -> None:
        self.letters += texts
        self.news.set()

    async def fetch(self, cursor: str) -> Batch:
        self.cursors.append(cursor)
        if self.troubles:
            raise self.troubles.pop(0)
        self.news.clear()
        start = int(cursor or 0)
        some = self.letters[start : start + 2]
        return Batch(
            deliveries=tuple(
                delivery({"id": f"l{start + n}", "from": "anna", "text": text}).model_copy(
                    update={"key": str(start + n), "source": "poll"}
                )
                for n, text in enumerate(some)
            ),
            cursor=str(start + len(some)),
            more=len(some) == 2,
        )

    async def wait(self, seconds: float) -> None:
        await asyncio.wait_for(self.news.wait(), seconds)

    async def close(self) -> None:
        self.closed += 1


class Post(Chat):
    """A chat that is read from a source as well."""

    def __init__(self, name: str, box: Mailbox, far: FarEnd | None = None) -> None:
        super().__init__(name, far)
        self.box = box

    def sources(self) -> Sequence[Source]:
        return (self.box,)


class Watched:
    """An inbox whose handler answers, and that says when so many messages were handled."""

    def __init__(self, path: Path, rules: Rules | None = None) -> None:
        self.far = FarEnd()
        self.box = Mailbox()
        self.inbox = Inbox(
            f"sqlite:///{path / 'a.db'}",
            [Post("post", self.box, self.far), Chat("chat", self.far)],
            clock=HandClock(),
            rules=rules,
        )
        self.stop = asyncio.Event()
        self.told = asyncio.Event()
        self.seen: list[str] = []

        @self.inbox.on_message
        async def answer(incoming: Incoming) -> None:
            self.seen.append(incoming.message.text)
            await incoming.reply(f"re {incoming.message.text}")

        send = self.far.send

        async def watched(call):
            response = await send(call)
            self.told.set()
            return response

        self.far.send = watched  # type: ignore[method-assign]

    def said(self) -> list[str]:
        return [body["text"] for body in self.far.said]

    async def until_said(self, *texts: str) -> None:
        while not set(texts) <= set(self.said()):
            self.told.clear()
            await asyncio.wait_for(self.told.wait(), LONG)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[asyncio.Task[None]]:
        """The inbox runs; at the end it is told to stop and given time."""
        task = asyncio.create_task(self.inbox.run(stop=self.stop))
        try:
            yield task
        finally:
            self.stop.set()
            await asyncio.wait_for(asyncio.gather(task, return_exceptions=True), LONG)
            await self.inbox.close()


@pytest.fixture(autouse=True)
def never_by_looking(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever happens here must happen because somebody rang, not because the store was looked at again."""
    monkeypatch.setattr(run_module, "_LOOK", 10 * LONG)
    monkeypatch.setattr(run_module, "_FIRST_PAUSE", 0.0)


async def test_everything_is_worked_through_from_wire_to_wire(tmp_path: Path) -> None:
    """What was there before, what comes by webhook, what a source brings: handled and answered."""
    watched = Watched(tmp_path)
    await watched.inbox.receive("chat", delivery({"id": "m0", "from": "ben", "text": "before"}))
    watched.box.put("one", "two", "three")
    async with watched.running():
        await watched.until_said("re before", "re one", "re two", "re three")
        await watched.inbox.receive("chat", delivery({"id": "m1", "from": "ben", "text": "hook"}))
        await watched.until_said("re hook")
        watched.box.put("four")
        await watched.until_said("re four")
    assert sorted(watched.seen) == sorted(["before", "one", "two", "three", "hook", "four"])
    assert len(watched.said()) == 6


async def test_no_wake_up_is_lost(tmp_path: Path) -> None:
    """What arrives at the very moment when a step found nothing is found all the same, fifty times over."""
    watched = Watched(tmp_path)
    async with watched.running():
        for number in range(50):
            await watched.inbox.receive(
                "chat", delivery({"id": f"m{number}", "from": f"p{number}", "text": str(number)})
            )
            await watched.until_said(f"re {number}")
    assert len(watched.said()) == 50


@pytest.mark.parametrize("step", ["read", "claim_messages", "lease_calls"])
async def test_a_ring_between_looking_and_resting_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """The worst moment for each step: it has looked and found nothing, and then something is there."""
    watched = Watched(tmp_path)
    real = getattr(watched.inbox, step)
    message = delivery({"id": "m1", "from": "anna", "text": "now"})
    once = [True]

    async def late(*args):
        found = await real(*args)
        if not found and once:
            once.clear()
            await watched.inbox.receive("chat", message)
            # Everybody else may look now, and forget the ring.
            for _ in range(50):
                await asyncio.sleep(0)
        return found

    monkeypatch.setattr(watched.inbox, step, late)
    async with watched.running():
        await watched.until_said("re now")


@pytest.mark.parametrize("end", ["stop", "cancel"])
async def test_an_end_lets_what_is_under_way_finish(tmp_path: Path, end: str) -> None:
    """A handler that runs is heard out and its decision kept; a call that is under way is settled; nothing new begins."""
    watched = Watched(tmp_path)
    begun, go_on = asyncio.Event(), asyncio.Event()

    @watched.inbox.on_message
    async def slow(incoming: Incoming) -> None:
        begun.set()
        await go_on.wait()
        await incoming.note("done")

    task = asyncio.create_task(watched.inbox.run(stop=watched.stop))
    await watched.inbox.receive("chat", delivery({"id": "m1", "from": "anna", "text": "hello"}))
    await asyncio.wait_for(begun.wait(), LONG)
    watched.stop.set() if end == "stop" else task.cancel()
    for _ in range(20):
        await asyncio.sleep(0)
    assert not task.done()
    go_on.set()
    if end == "stop":
        await asyncio.wait_for(task, LONG)
    else:
        with pytest.raises(asyncio.CancelledError):
            await asyncio.wait_for(task, LONG)
    assert watched.box.closed >= 1
    assert not watched.inbox.bells
    (conversation,) = await watched.inbox.conversations.open()
    texts = [message.text for message in await watched.inbox.conversations.messages(conversation.id)]
    assert texts == ["hello", "re hello", "done"]
    held = await watched.inbox.run_job(lambda tx: tx.all("SELECT state FROM calls WHERE state = 1"))
    assert held == [], "no call is left hanging"
    left = [each for each in asyncio.all_tasks() if each is not asyncio.current_task()]
    assert left == []
    await watched.inbox.work()
    assert watched.said() == ["re hello"]
    await watched.inbox.close()


async def test_a_source_in_trouble_is_closed_and_read_on_from_its_cursor(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Patience grows with every failure, and starts anew after a success; nothing is skipped, nothing comes twice."""
    pauses: list[float] = []
    real = run_module._pause
    monkeypatch.setattr(run_module, "_FIRST_PAUSE", 1.0)

    def pause(failures: int) -> float:
        pauses.append(real(failures))
        return 0.0

    monkeypatch.setattr(run_module, "_pause", pause)
    watched = Watched(tmp_path)
    watched.box.troubles = [OSError("gone"), TimeoutError(), RuntimeError("strange")]
    watched.box.put("one", "two", "three")
    async with watched.running():
        await watched.until_said("re three")
        assert watched.box.closed == 3
        watched.box.troubles = [OSError("gone again")]
        watched.box.put("four")
        await watched.until_said("re four")
    assert pauses == [1.0, 2.0, 4.0, 1.0]
    assert watched.box.cursors[:6] == ["", "", "", "", "2", "3"]
    assert sorted(watched.seen) == sorted(["one", "two", "three", "four"])


async def test_a_source_goes_on_where_the_last_run_ended(tmp_path: Path) -> None:
    for text in ("one", "two"):
        watched = Watched(tmp_path)
        watched.box.put(*["one", "two"][: 1 if text == "one" else 2])
        async with watched.running():
            await watched.until_said(f"re {text}")
        assert watched.seen == [text]
    assert watched.box.cursors[0] == "1"


async def test_trouble_in_a_step_is_no_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog) -> None:
    """The store is out of reach for a while: it is said, and tried again, and nothing is lost."""
    watched = Watched(tmp_path)
    real, failures = watched.inbox.read, [OSError("no store"), OSError("no store"), OSError("no store")]

    async def shaky() -> int:
        if failures:
            raise failures.pop()
        return await real()

    monkeypatch.setattr(watched.inbox, "read", shaky)
    await watched.inbox.receive("chat", delivery({"id": "m1", "from": "anna", "text": "hello"}))
    async with watched.running():
        await watched.until_said("re hello")
    assert caplog.text.count("a step of the inbox failed") == 3


async def test_a_slow_handler_holds_up_neither_deliveries_nor_others(tmp_path: Path) -> None:
    """One conversation's handler waits for ever; another's message comes, is handled and answered meanwhile."""
    watched = Watched(tmp_path)
    stuck, free = asyncio.Event(), asyncio.Event()

    @watched.inbox.on_message
    async def slow(incoming: Incoming) -> None:
        if incoming.message.text == "slow":
            stuck.set()
            await free.wait()

    async with watched.running():
        await watched.inbox.receive("chat", delivery({"id": "m1", "from": "anna", "text": "slow"}))
        await asyncio.wait_for(stuck.wait(), LONG)
        await watched.inbox.receive("chat", delivery({"id": "m2", "from": "ben", "text": "quick"}))
        await watched.until_said("re quick")
        assert "re slow" not in watched.said()
        free.set()
        await watched.until_said("re slow")


async def test_no_more_hands_than_there_are(tmp_path: Path) -> None:
    watched = Watched(tmp_path, rules=Rules(at_once=2))
    running = most = 0

    @watched.inbox.on_message
    async def count(incoming: Incoming) -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        for _ in range(5):
            await asyncio.sleep(0)
        running -= 1

    items = [{"id": f"m{n}", "from": f"p{n}", "text": str(n)} for n in range(8)]
    await watched.inbox.receive("chat", delivery(*items))
    async with watched.running():
        await watched.until_said(*(f"re {n}" for n in range(8)))
    assert most == 2


async def test_what_other_processes_bring_is_found_by_looking(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody rings for what another process wrote: that is what the look is for."""
    monkeypatch.setattr(run_module, "_LOOK", 0.01)
    watched, elsewhere = Watched(tmp_path), Watched(tmp_path)
    async with watched.running():
        await elsewhere.inbox.receive("chat", delivery({"id": "m1", "from": "anna", "text": "hello"}))
        await watched.until_said("re hello")
    await elsewhere.inbox.close()


async def test_a_store_that_cannot_be_opened_is_said_at_once(tmp_path: Path) -> None:
    from omnichannel.errors import UnsafeStore

    with pytest.raises(UnsafeStore):
        await Inbox(f"sqlite:///{tmp_path / 'no' / 'a.db'}").run()


async def test_an_accident_in_a_crew_is_told_and_the_work_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The store breaks while an outcome is written down: the lease brings it back, the others go on."""
    watched = Watched(tmp_path)
    real, accidents = watched.inbox.handle_message, [OSError("no store")]

    async def shaky(task) -> None:
        if accidents:
            raise accidents.pop()
        await real(task)

    monkeypatch.setattr(watched.inbox, "handle_message", shaky)
    async with watched.running():
        await watched.inbox.receive("chat", delivery({"id": "m1", "from": "anna", "text": "lost"}))
        while accidents:
            await asyncio.sleep(0.001)
        await watched.inbox.receive("chat", delivery({"id": "m2", "from": "ben", "text": "next"}))
        await watched.until_said("re next")
        assert isinstance(watched.inbox.clock, HandClock)
        watched.inbox.clock.advance(minutes=6)
        watched.inbox.ring()
        await watched.until_said("re lost")
    assert "a step of the inbox failed" in caplog.text


def test_patience_has_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_module, "_FIRST_PAUSE", 1.0)
    assert [run_module._pause(n) for n in (1, 2, 3, 9, 10, 1000)] == [1, 2, 4, 256, 300, 300]
