"""How an account does: one word, one sentence that says what to do; written down cheaply, and told without a scan."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest

from omnichannel import Inbox, Incoming, Rules
from omnichannel.channel import Batch, Delivery, Finding
from omnichannel.errors import Forged
from omnichannel.inbox import Health
from omnichannel.inbox.hearing import after, patience
from omnichannel.inbox.rules import span
from omnichannel.store import Tx
from omnichannel.store.pulses import Pulse
from tests.chat import Chat, FarEnd, delivery
from tests.engines import MORNING, HandClock
from tests.inbox.desk import LOST, Desk

HOUR, DAY = span(timedelta(hours=1)), span(timedelta(days=1))


def item(number: int) -> dict[str, str]:
    return {"id": f"m{number}", "from": "anna", "text": f"text {number}"}


class Asked(Chat):
    """A chat whose platform can be asked whether it delivers."""

    says: tuple[Finding, ...] | Exception = ()

    async def delivers(self) -> Sequence[Finding]:
        if isinstance(self.says, Exception):
            raise self.says
        return self.says


class Polled(Chat):
    """A chat that is read from a wire; `breaks`: it cannot be."""

    class Wire:
        name = "wire"
        breaks = False

        async def fetch(self, cursor: str) -> Batch:
            if self.breaks:
                raise ConnectionError("password in here")
            return Batch(cursor=cursor)

        async def wait(self, seconds: float) -> None:
            await asyncio.Event().wait()

        async def close(self) -> None:
            """Nothing to let go of."""

    def __init__(self, name: str, far: FarEnd | None = None) -> None:
        super().__init__(name, far)
        self.wire = self.Wire()

    def sources(self) -> tuple[Wire]:
        return (self.wire,)


async def only(inbox: Inbox, *, ask: bool = True) -> Health:
    (found,) = await inbox.health(ask=ask)
    return found


@pytest.fixture
def opened(url: str, clock: HandClock) -> Callable[..., Inbox]:
    def make(channel: Chat | None = None, rules: Rules | None = None) -> Inbox:
        return Inbox(url, [channel or Asked("chat", FarEnd())], clock=clock, rules=rules)

    return make


Opened = Callable[..., Inbox]


async def test_what_was_never_heard_is_quiet_until_it_is(opened: Opened, clock: HandClock) -> None:
    async with opened() as inbox:
        found = await only(inbox)
        assert (found.state, found.needs_person, found.heard_at) == ("quiet", True, None)
        assert "Write to it" in found.cure
        await inbox.receive("chat", delivery(item(1)))
        found = await only(inbox)
        assert (found.state, found.needs_person, found.heard_at) == ("well", False, MORNING)
        assert found.says == "last heard 2026-03-02 09:00 UTC"


async def test_silence_counts_from_what_is_usual(opened: Opened, clock: HandClock) -> None:
    """A shop that is open by day learns its nights and its weekend, and is missed after twice as long."""
    async with opened() as inbox:
        for day in range(9):
            for hour in range(10) if day % 7 < 5 else ():
                await inbox.receive("chat", delivery(item(24 * day + hour)))
                clock.advance(hours=1)
            clock.advance(hours=14 if day % 7 < 5 else 24)
        await inbox.work()
        assert (await only(inbox)).patience > timedelta(days=4)
        assert (await only(inbox)).state == "well"
        clock.advance(days=6)
        found = await only(inbox)
        assert (found.state, found.gap_from) == ("quiet", None)
        assert "longer ago than usual" in found.says


def test_a_long_silence_is_usual_for_some_weeks_and_then_forgotten() -> None:
    pulse = after(Pulse(), DAY, Rules())
    assert (pulse.begun_at, pulse.heard_at, patience(pulse, Rules())) == (DAY, DAY, DAY)
    pulse = after(pulse, 4 * DAY, Rules())
    assert (pulse.longest, pulse.gap_from) == (3 * DAY, DAY)
    for hour in range(24 * 60):
        pulse = after(pulse, 4 * DAY + hour * HOUR, Rules())
    assert HOUR <= pulse.longest < 12 * HOUR
    assert pulse.gap_from == DAY


async def test_what_the_platform_says_comes_first(opened: Opened) -> None:
    channel = Asked("chat", FarEnd())
    async with opened(channel) as inbox:
        await inbox.receive("chat", delivery(item(1)))
        waits = Finding(ok=False, what="100 wait", cure="Look")
        gone = Finding(ok=False, what="the webhook is gone", cure="Set it again", stopped=True)
        channel.says = (waits, gone)
        found = await only(inbox)
        assert (found.state, found.says, found.needs_person) == ("disabled", "the webhook is gone", True)
        assert found.cure.startswith("Set it again. Then: What was not taken is lost")
        channel.says = (waits,)
        assert (await only(inbox)).state == "troubled"
        assert (await only(inbox, ask=False)).state == "well"
        channel.says = RuntimeError("a secret")
        found = await only(inbox)
        assert (found.state, "secret" in found.says) == ("troubled", False)


async def test_quiet_is_nobodys_business_where_the_platform_says_that_it_delivers(opened: Opened) -> None:
    channel = Asked("chat", FarEnd())
    async with opened(channel) as inbox:
        channel.says = (Finding(ok=True, what="the webhook is https://x"),)
        found = await only(inbox)
        assert (found.state, found.needs_person) == ("quiet", False)
        assert found.cure == "Its platform says: the webhook is https://x"


async def test_what_is_refused_is_counted_and_none_of_it_kept(opened: Opened, clock: HandClock) -> None:
    async with opened() as inbox:
        await inbox.receive("chat", delivery(item(1)))
        clock.advance(minutes=1)
        for _ in range(1000):
            with pytest.raises(Forged):
                await inbox.receive("chat", delivery(item(2), secret="wrong"))  # noqa: S106 - a forger's
        found = await only(inbox)
        assert (found.state, found.refused, found.refused_at) == ("troubled", 1000, clock.now())
        assert await inbox.run_job(lambda tx: tx.one("SELECT COUNT(*) FROM deliveries")) == (1,)
        clock.advance(minutes=1)
        await inbox.receive("chat", delivery(item(3)))
        assert (await only(inbox)).state == "well"


async def test_forgeries_cost_a_write_in_ten_seconds_and_no_more(url: str, clock: HandClock) -> None:
    async with Inbox(url, [Chat("chat", FarEnd())], clock=clock) as inbox:
        store = inbox.open()
        before = store.commits
        for _ in range(500):
            with pytest.raises(Forged):
                await inbox.receive("chat", Delivery(body=b"x"))
        assert store.commits - before == 1


async def test_hearing_costs_no_statement_beside_the_first(url: str, clock: HandClock) -> None:
    """A thousand deliveries in ten seconds write one row once."""
    async with Inbox(url, [Chat("chat", FarEnd())], clock=clock) as inbox:
        await inbox.receive("chat", delivery(item(0)))
        heard: list[str] = []
        real = Tx.run

        def watched(tx: Tx, sql: str, *params: object) -> int:
            heard.append(sql)
            return real(tx, sql, *params)  # type: ignore[arg-type]

        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(Tx, "run", watched)
            for number in range(1, 100):
                clock.advance(seconds=0.05)
                await inbox.receive("chat", delivery(item(number)))
            assert not any("pulses" in sql for sql in heard)
            clock.advance(seconds=10)
            await asyncio.gather(*(inbox.receive("chat", delivery(item(200 + n))) for n in range(50)))
            assert sum("UPDATE pulses" in sql for sql in heard) == 1
        assert (await only(inbox)).heard_at == clock.now()


async def test_a_challenge_is_noted(opened: Opened, clock: HandClock) -> None:
    class Challenged(Asked):
        def admit(self, delivery: Delivery):  # type: ignore[no-untyped-def] # noqa: ANN202 - as its parent
            from omnichannel.channel import Ack

            return Ack(keep=False) if delivery.method == "GET" else super().admit(delivery)

    async with opened(Challenged("chat", FarEnd())) as inbox:
        await inbox.receive("chat", Delivery(method="GET"))
        assert (await only(inbox)).challenged_at == clock.now()


async def test_sources_say_when_they_were_read_and_what_is_wrong(opened: Opened, clock: HandClock) -> None:
    channel = Polled("chat", FarEnd())
    async with opened(channel) as inbox:
        found = await only(inbox)
        assert (found.state, found.says) == ("troubled", "nobody has looked into wire yet")
        await inbox.poll()
        found = await only(inbox)
        assert (found.state, found.wires[0].looked_at) == ("well", clock.now())
        clock.advance(hours=1)
        assert "nobody has looked into wire since" in (await only(inbox)).says
        await inbox.troubled("chat", "wire", ConnectionError("password in here"))
        clock.advance(minutes=5)
        await inbox.troubled("chat", "wire", ConnectionError("password in here"))
        found = await only(inbox)
        assert found.says == "wire cannot be read since 2026-03-02 10:00 UTC (ConnectionError)"
        assert found.wires[0].since == MORNING + timedelta(hours=1)
        await inbox.poll()
        assert (await only(inbox)).state == "well"


async def test_run_tells_how_its_sources_do(url: str) -> None:
    channel = Polled("chat", FarEnd())
    channel.wire.breaks = True
    async with Inbox(url, [channel]) as inbox:
        stop = asyncio.Event()
        running = asyncio.create_task(inbox.run(stop=stop))
        async with asyncio.timeout(30):
            while not (await only(inbox)).wires[0].trouble:
                await asyncio.sleep(0.01)
            channel.wire.breaks = False
            while (await only(inbox)).wires[0].trouble:
                await asyncio.sleep(0.01)
        stop.set()
        await running


async def test_what_waits_for_a_person_is_told(desk: Desk, clock: HandClock) -> None:
    async def of(account: str) -> Health:
        return next(one for one in await desk.inbox.health() if one.account == account)

    await desk.heard("hello")
    await desk.heard("hello", on="other")
    await desk.inbox.receive("chat", delivery({"id": "p", "unreadable": True}))
    await desk.inbox.work()
    found = await of("chat")
    assert (found.state, found.parked, found.waiting) == ("troubled", 1, 0)
    assert "omnichannel parked" in found.cure
    assert (await of("other")).state == "well"

    (talk,) = await desk.inbox.conversations.open()
    desk.far["other"].answers.append(LOST)
    await desk.inbox.conversations.reply(talk.id, "hello", on="other")
    await desk.inbox.work()
    found = await of("other")
    assert (found.state, found.in_doubt) == ("troubled", 1)


async def test_what_nobody_takes_up_is_told(desk: Desk, clock: HandClock) -> None:
    await desk.inbox.receive("chat", delivery(item(1)))
    assert (await desk.inbox.health())[0].state == "well"
    clock.advance(minutes=20)
    found = (await desk.inbox.health())[0]
    assert (found.state, found.waiting, found.waits_since) == ("troubled", 1, MORNING)
    assert "See whether Inbox.run runs" in found.cure


async def test_sends_that_were_taken_are_told(desk: Desk, clock: HandClock) -> None:
    @desk.inbox.on_message
    async def answer(incoming: Incoming) -> None:
        await incoming.reply("hello")

    clock.advance(minutes=1)
    await desk.heard("hello")
    assert (await desk.inbox.health())[0].sent_at == clock.now()


async def test_it_looks_at_what_waits_and_at_nothing_else(desk: Desk) -> None:
    """Every statement of it is answered from an index: none walks through messages or deliveries that are done."""
    from omnichannel.store import pulses

    if not desk.url.startswith("sqlite"):
        return

    def plans(tx: Tx) -> list[str]:
        return [
            str(row[3])
            for statement in (*pulses.WAITING, *pulses.PARKED, *pulses.IN_DOUBT)
            for row in tx.all(f"EXPLAIN QUERY PLAN {statement}", tx.ws)
        ]

    for plan in await desk.inbox.run_job(plans):
        assert "SCAN" not in plan
        assert "deliveries" not in plan or "deliveries_" in plan
        assert "calls" not in plan or "calls_" in plan
