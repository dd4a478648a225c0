"""Following what happens: everything, in order, from where one left off; one worker at a time."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest

from omnichannel import Inbox, Rules
from omnichannel.errors import ConfigError, Conflict, Missed, NotFound
from omnichannel.store import Tx, following, records
from tests.inbox.desk import Desk

WAIT = 30.0  # a test that waits this long has failed: it ends instead of hanging


@pytest.fixture
def shared(shared_url: str, desks: Callable[..., Desk]) -> Desk:
    """A desk on a database that several workers can open."""
    return desks(shared_url)


async def happen(inbox: Inbox, *names: str) -> None:
    """Each of these, in a transaction of its own."""
    for name in names:
        await inbox.run_job(lambda tx, name=name: records.happened(tx, name))


async def seen(inbox: Inbox, name: str, **more: Any) -> list[str]:
    """Everything that a follower sees until there is nothing more."""
    async with inbox.follow(name, wait=False, **more) as events:
        return [happening.what async for happening in events]


async def test_everything_is_seen_once_in_order_from_where_it_left_off(desk: Desk) -> None:
    await happen(desk.inbox, "a.one", "a.two")
    assert await seen(desk.inbox, "crm") == ["a.one", "a.two"]
    assert await seen(desk.inbox, "crm") == []
    await happen(desk.inbox, "a.three")
    assert await seen(desk.inbox, "crm") == ["a.three"]
    assert await seen(desk.inbox, "other") == ["a.one", "a.two", "a.three"], (
        "each follower has a place of its own"
    )


async def test_what_was_not_finished_is_seen_again(desk: Desk) -> None:
    """Left by an error, by `break`, or by death: the one that was worked on comes again, those before it do not."""
    await happen(desk.inbox, "a.one", "a.two", "a.three")
    with pytest.raises(ValueError, match="an accident"):
        async with desk.inbox.follow("crm") as events:
            async for happening in events:
                if happening.what == "a.two":
                    raise ValueError("an accident")
    async with desk.inbox.follow("crm") as events:
        async for happening in events:
            assert happening.what == "a.two"
            break
    async with desk.inbox.follow("crm") as events:
        async for happening in events:
            assert happening.what == "a.two"
            await events.acknowledge()
            break
    assert await seen(desk.inbox, "crm") == ["a.three"]


async def test_who_dies_is_missed_no_longer_than_the_lease(shared: Desk) -> None:
    await happen(shared.inbox, "a.one", "a.two")
    dead = shared.inbox.follow("crm")
    assert (await anext(dead)).what == "a.one"
    heir = shared.again()
    assert await seen(heir, "crm") == [], "it is somebody else's for now"
    shared.clock.advance(minutes=5)
    assert await seen(heir, "crm") == ["a.one", "a.two"]
    with pytest.raises(Conflict, match="taken over by another worker"):
        await anext(dead)


async def test_a_worker_that_goes_on_keeps_what_it_has(shared: Desk) -> None:
    """The lease is renewed with every acknowledgement, and early enough where those are rare."""
    await happen(shared.inbox, *(f"a.{letter}" for letter in "bcdefgh"))
    other, found = shared.again(), []
    async with shared.inbox.follow("crm", wait=False, every=100) as events:
        async for happening in events:
            found.append(happening.what)
            shared.clock.advance(minutes=3)
            assert await seen(other, "crm") == []
    assert found == [f"a.{letter}" for letter in "bcdefgh"]


async def test_several_at_a_time_are_written_down_together(shared: Desk) -> None:
    """`every`: after a death at most so many come again."""
    await happen(shared.inbox, *(f"a.{letter}" for letter in "bcdefgh"))
    dead = shared.inbox.follow("crm", every=3)
    assert [(await anext(dead)).what for _ in range(6)] == [f"a.{letter}" for letter in "bcdefg"]
    shared.clock.advance(minutes=5)
    assert await seen(shared.again(), "crm") == ["a.e", "a.f", "a.g", "a.h"]


async def test_only_what_is_wanted_is_seen_and_the_rest_does_not_come_again(desk: Desk) -> None:
    """Also where more than one look's worth in a row is not wanted."""
    await happen(desk.inbox, *["a.noise"] * 230, "b.one", "a.noise", "a.news", "b.two", "a.noise")
    assert await seen(desk.inbox, "crm", wants=["b.*", "a.news"]) == ["b.one", "a.news", "b.two"]
    [follower] = await desk.inbox.followers.all()
    assert (follower.name, follower.waiting) == ("crm", 0)


async def test_a_follower_can_begin_with_what_happens_from_now_on(desk: Desk) -> None:
    await happen(desk.inbox, "a.one")
    assert await seen(desk.inbox, "crm", oldest=False) == []
    await happen(desk.inbox, "a.two")
    assert await seen(desk.inbox, "crm", oldest=False) == ["a.two"]


async def test_who_waits_is_woken_by_news(desk: Desk) -> None:
    """It looks before it waits, and goes on for ever."""
    async with asyncio.timeout(WAIT), desk.inbox.follow("crm") as events:
        coming = asyncio.create_task(anext(events))
        await asyncio.sleep(0)
        await happen(desk.inbox, "a.one")
        desk.inbox.ring()
        assert (await coming).what == "a.one"
    assert not desk.inbox.bells


async def test_how_far_everybody_is_can_be_seen(desk: Desk) -> None:
    await happen(desk.inbox, "a.one", "a.two", "a.three")
    async with desk.inbox.follow("crm") as events:
        first = await anext(events)
        await events.acknowledge()
    desk.clock.advance(seconds=90)
    crm = await desk.inbox.followers.get("crm")
    assert (crm.reached, crm.waiting, crm.behind) == (first.id, 2, timedelta(seconds=90))
    assert crm.at == desk.clock.now() - timedelta(seconds=90)
    assert await seen(desk.inbox, "crm") == ["a.two", "a.three"]
    assert (await desk.inbox.followers.get("crm")).behind == timedelta()
    await desk.inbox.followers.forget("crm")
    assert await desk.inbox.followers.all() == []


async def test_a_follower_can_be_moved_back_and_forth(desk: Desk) -> None:
    """Whoever works on it at that moment cannot undo that."""
    await happen(desk.inbox, "a.one", "a.two", "a.three")
    ids = [event.id for event in await desk.inbox.events()]
    at_work = desk.inbox.follow("crm")
    await anext(at_work)
    assert (await desk.inbox.followers.move("crm", ids[1])).waiting == 1
    with pytest.raises(Conflict, match="moved"):
        await anext(at_work)
    assert await seen(desk.inbox, "crm") == ["a.three"]
    await desk.inbox.followers.move("crm")
    assert await seen(desk.inbox, "crm") == ["a.one", "a.two", "a.three"]


async def test_what_cannot_be_is_refused_with_the_cure(desk: Desk) -> None:
    for name in ("", "a b", "-a", "a" * 65, "ä", "a\n"):
        with pytest.raises(ConfigError, match="64 letters"):
            desk.inbox.follow(name)
    with pytest.raises(ConfigError, match=r"message\.received"):
        desk.inbox.follow("crm", wants=["message"])
    for wrong in (desk.inbox.followers.get("nobody"), desk.inbox.followers.forget("nobody")):
        with pytest.raises(NotFound, match="nobody follows as 'nobody'"):
            await wrong
    await desk.inbox.webhooks.add("crm", "https://crm.example/hook")
    with pytest.raises(Conflict, match="follow under another name"):
        await seen(desk.inbox, "crm")
    with pytest.raises(Conflict, match="webhooks.remove"):
        await desk.inbox.followers.forget("crm")


# ------------------------------------------------------------------------------------------------- retention

KEEP = Rules(keep_events=timedelta(days=30))


async def test_happenings_are_kept_for_ever_unless_a_rule_says_otherwise(desk: Desk) -> None:
    await happen(desk.inbox, "a.one", "a.two")
    desk.clock.advance(days=4000)
    assert await desk.inbox.let_go() == 0
    assert len(await desk.inbox.events()) == 2


async def test_who_comes_too_late_is_told_and_never_finds_a_silent_gap(
    desk_url: str, desks: Callable[..., Desk]
) -> None:
    """Not the one who has seen all that went, nor the one who comes new: nothing is missing for them."""
    desk = desks(desk_url, rules=KEEP)
    await happen(desk.inbox, "a.one", "a.two", "a.three")
    assert await seen(desk.inbox, "quick") == ["a.one", "a.two", "a.three"]
    slow = desk.inbox.follow("slow")
    await anext(slow)
    await slow.acknowledge()
    await slow.__aexit__(None, None, None)
    old = (await desk.inbox.events())[0].id
    desk.clock.advance(days=31)
    await happen(desk.inbox, "a.four")
    await desk.inbox.work()
    assert [event.what for event in await desk.inbox.events()] == ["a.four"]
    assert await seen(desk.inbox, "quick") == ["a.four"]
    assert await seen(desk.inbox, "new") == ["a.four"]
    with pytest.raises(Missed, match=r"followers\.move\('slow'\)"):
        await seen(desk.inbox, "slow")
    with pytest.raises(Missed, match="not kept any more"):
        await desk.inbox.events(old)
    found = await desk.inbox.followers.get("slow")
    assert (found.missed, found.waiting) == (True, 1)
    await desk.inbox.followers.move("slow")
    assert await seen(desk.inbox, "slow") == ["a.four"]
    with pytest.raises(Missed):
        await desk.inbox.followers.move("slow", old)


async def test_the_last_happening_is_kept_however_old(shared_url: str, desks: Callable[..., Desk]) -> None:
    """By it a store that is opened again, with a clock that was set back, knows which numbers were given."""
    desk = desks(shared_url, rules=KEEP)
    await happen(desk.inbox, "a.one", "a.two")
    assert await seen(desk.inbox, "crm") == ["a.one", "a.two"]
    desk.clock.advance(days=400)
    await desk.inbox.work()
    assert [event.what for event in await desk.inbox.events()] == ["a.two"]
    desk.clock.advance(days=-800)
    await happen(desk.again(), "a.three")
    assert await seen(desk.inbox, "crm") == ["a.three"]


async def test_many_are_let_go_some_at_a_time(desk_url: str, desks: Callable[..., Desk]) -> None:
    desk = desks(desk_url, rules=KEEP)

    def many(tx: Tx) -> None:
        for _ in range(1203):
            records.happened(tx, "a.one")

    await desk.inbox.run_job(many)
    desk.clock.advance(days=31)
    assert [await desk.inbox.let_go() for _ in range(4)] == [500, 500, 202, 0]


async def beside(holding: Inbox, change: Callable[[Tx], object], story: Awaitable[list[str]]) -> list[str]:
    """What a worker sees that looks while another one has changed something, and has not committed it yet."""
    begun = threading.Event()

    def slowly(tx: Tx) -> None:
        change(tx)
        begun.set()
        time.sleep(0.5)  # the other one is through, or rightly waits for us

    async def behind() -> list[str]:
        await asyncio.to_thread(begun.wait, WAIT)
        return await story

    _, found = await asyncio.gather(holding.run_job(slowly), behind())
    return found


async def test_what_a_worker_acknowledges_as_it_leaves_is_not_given_to_the_next(shared: Desk) -> None:
    """The next one looked where it was before that was committed, and gets it right behind it."""
    worker, other = shared.inbox, shared.again()
    await happen(worker, "a.one", "a.two", "a.three")

    def done(tx: Tx) -> None:
        holder = following.take(tx, "crm", tx.now() + 1)
        assert holder
        following.acknowledge(tx, "crm", holder, records.newest(tx) - 1, tx.now())
        following.let_have(tx, "crm", holder)

    await worker.run_job(lambda tx: following.begin(tx, "crm", 0))
    await worker.run_job(records.newest)
    assert await beside(worker, done, seen(other, "crm")) == ["a.three"]
    assert (await worker.followers.get("crm")).waiting == 0


async def test_a_follower_that_is_moved_while_it_looks_goes_on_where_it_was_moved_to(shared: Desk) -> None:
    """Somebody replays everything for it: that is not lost to what it was about to be given."""
    worker, other = shared.inbox, shared.again()
    await happen(worker, "a.one", "a.two")
    async with other.follow("crm", wait=False) as events:
        assert [one.what async for one in events] == ["a.one", "a.two"]
        await happen(worker, "a.three")
        await worker.run_job(records.newest)

        async def rest() -> list[str]:
            return [one.what async for one in events]

        found = await beside(worker, lambda tx: following.move(tx, "crm", 0), rest())
    assert found == ["a.one", "a.two", "a.three"]
