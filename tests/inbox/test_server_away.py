"""A server that goes away while a handler or a reader is at work: that is no failure of theirs, however often."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from omnichannel import Incoming, Rules
from omnichannel.inbox.blame import Blame
from omnichannel.inbox.recording import Recorder
from omnichannel.model import Received
from omnichannel.store import Tx
from tests.chat import delivery
from tests.engines import Postgres
from tests.inbox.desk import Desk

OUTAGES = 4
ONCE = Rules(read_attempts=1, handle_attempts=1)


@pytest.fixture
def away(postgres: Postgres) -> Callable[[int], None]:
    """Ends a line of ours from the server's side, as a server that goes down does."""

    def end(pid: int) -> None:
        with postgres.admin() as admin:
            admin.execute("SELECT pg_terminate_backend(%s, 10000)", (pid,))

    return end


def line(tx: Tx) -> int:
    row = tx.one("SELECT pg_backend_pid()")
    assert row is not None
    return int(str(row[0]))


async def parked(desk: Desk) -> list[tuple[str, int]]:
    return [(one.what, one.attempts) for one in await desk.inbox.parked()]


async def test_a_handler_that_is_cut_off_in_an_outage_is_not_given_up(
    postgres: Postgres, desks: Callable[..., Desk], away: Callable[[int], None]
) -> None:
    desk = desks(postgres.ready(), rules=ONCE)
    tries: list[str] = []

    @desk.inbox.on_message
    async def answer(incoming: Incoming) -> None:
        tries.append(incoming.message.text)
        if len(tries) <= OUTAGES:
            away(await desk.inbox.run_job(line))
            await incoming.reply("too early")
            raise TimeoutError
        await incoming.reply("answer")

    await desk.heard("hi")
    for _ in range(OUTAGES):
        assert desk.state()["calls"] == []
        desk.clock.advance(minutes=10)
        await desk.inbox.work()
    assert tries == ["hi"] * (OUTAGES + 1)
    assert desk.said() == ["answer"]
    assert await parked(desk) == []


async def test_a_handler_that_fails_while_the_server_is_there_is_given_up(
    postgres: Postgres, desks: Callable[..., Desk]
) -> None:
    desk = desks(postgres.ready(), rules=ONCE)

    @desk.inbox.on_message
    async def fails(_: Incoming) -> None:
        raise TimeoutError

    await desk.heard("hi")
    assert await parked(desk) == [("handler", 1)]


@pytest.mark.parametrize(("goes", "found"), [(True, []), (False, [("delivery", 1)])], ids=["away", "there"])
async def test_a_delivery_that_cannot_be_read_in_an_outage_is_not_set_aside(
    goes: bool,
    found: list[tuple[str, int]],
    postgres: Postgres,
    desks: Callable[..., Desk],
    away: Callable[[int], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    desk = desks(postgres.ready(), rules=ONCE)

    def breaks(recorder: Recorder, _: Received) -> None:
        if goes:
            away(line(recorder.tx))
        raise RuntimeError("half read")

    await desk.inbox.receive("chat", delivery({"id": "m1", "from": "anna", "text": "hi"}))
    with monkeypatch.context() as broken:
        broken.setattr(Recorder, "received", breaks)
        for _ in range(OUTAGES):
            await desk.inbox.read()
            desk.clock.advance(minutes=10)
    assert await parked(desk) == found
    await desk.inbox.work()
    assert [message.text for message in await desk.everything()] == (["hi"] if goes else [])


async def test_what_another_worker_handled_meanwhile_is_not_called_parked(desk: Desk) -> None:
    """Taken for dead, it fails for good on what is done: nobody is told of a failure."""
    late: list[Incoming] = []

    @desk.inbox.on_message
    async def slow(incoming: Incoming) -> None:
        late.append(incoming)
        if len(late) == 1:
            desk.clock.advance(minutes=6)
            await desk.inbox.handle()
            raise RuntimeError("late")

    desk.inbox.rules = ONCE
    await desk.heard("hi")
    assert len(late) == 2
    assert await parked(desk) == []
    assert await desk.happened("message.parked") == []
    assert len(await desk.happened("message.handled")) == 1


def breaks(tx: Tx) -> None:
    tx.run("SELECT pg_terminate_backend(pg_backend_pid())")


async def test_a_message_that_always_breaks_the_line_is_given_up_while_others_get_through(
    postgres: Postgres, desks: Callable[..., Desk]
) -> None:
    """Nothing but that message is ill: without an end it would break everybody's line for ever."""
    desk = desks(postgres.ready(), rules=ONCE)
    answered: list[str] = []

    @desk.inbox.on_message
    async def answer(incoming: Incoming) -> None:
        if incoming.message.text == "poison":
            incoming.acts.append(breaks)
        else:
            answered.append(incoming.message.text)

    await desk.heard("poison", who="mallory")
    for number in range(12):
        await desk.heard(str(number))
        desk.clock.advance(minutes=10)
        await desk.inbox.work()
    assert await parked(desk) == [("handler", 1)]
    assert answered == [str(number) for number in range(12)]


def test_whoever_is_cut_off_in_an_outage_is_never_to_blame() -> None:
    """Nothing else gets through either; what gets through once is free of it."""
    blame = Blame()
    assert not any(blame.cut_off(1) for _ in range(100))
    for _ in range(30):
        blame.through(2)
        assert not blame.cut_off(1)
        blame.through(1)


def test_of_many_that_are_cut_off_the_oldest_are_forgotten() -> None:
    blame = Blame()
    for number in range(5000):
        blame.cut_off(number)
    for _ in range(9):
        blame.through(-1)
        assert not blame.cut_off(4999)
    blame.through(-1)
    assert blame.cut_off(4999)
    assert not blame.cut_off(0)
