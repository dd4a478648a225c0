"""Accounts beside each other: a limit is its own account's, and whoever lets us wait holds up no other."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest

from omnichannel import Rules
from omnichannel.channel import Call, Response
from omnichannel.model import Deferred, Message
from omnichannel.store import due
from tests.chat import delivery
from tests.inbox.desk import Desk

HOUR = Response(status=429, headers=(("Retry-After", "3600"),))
LONG = 60.0


async def queue(desk: Desk, count: int, on: str = "chat") -> list[Message]:
    """So many answers that wait, each in a conversation of its own."""
    await desk.inbox.receive(
        on, delivery(*({"id": f"{on}{n}", "from": f"{on}{n}", "text": "?"} for n in range(count)))
    )
    await desk.inbox.read()
    asked = [one for one in await desk.everything() if one.account == on and one.direction == "inbound"]
    return [await desk.inbox.conversations.reply(one.conversation, f"to {on}") for one in asked]


async def test_what_the_platform_asks_of_an_account_holds_for_all_of_its_calls(
    desk_url: str, desks: Callable[..., Desk]
) -> None:
    """No request earlier than it allows, for nobody: not those that waited beside it, and not what is said meanwhile."""
    desk = desks(desk_url, rules=Rules(at_once=4))
    first = await queue(desk, 9)
    desk.far["chat"].answers += [HOUR] * 50
    await desk.inbox.work()
    made = 50 - len(desk.far["chat"].answers)
    assert made == 1
    later = await desk.heard("and this?", who="late")
    second = await desk.inbox.conversations.reply(later.conversation, "to late")
    for _ in range(60):
        assert await desk.inbox.send() == 0
        desk.clock.advance(seconds=59)
    await queue(desk, 3, on="other")
    await desk.inbox.work()
    assert desk.said("other") == ["to other"] * 3, "another account has its own"
    assert len(desk.far["chat"].answers) == 50 - made
    desk.far["chat"].answers.clear()
    desk.clock.advance(minutes=1)
    await desk.inbox.work()
    assert [await desk.status(one) for one in (*first, second)] == [["sent"]] * 10


async def test_a_restart_and_other_workers_know_it_too(shared_url: str, desks: Callable[..., Desk]) -> None:
    desk = desks(shared_url, rules=Rules(at_once=2))
    await queue(desk, 3)
    desk.far["chat"].answers.append(HOUR)
    await desk.inbox.send()
    until = desk.clock.micros + 3_600_000_000
    desk.again()
    assert await desk.inbox.run_job(lambda tx: due.soonest(tx, desk.clock.micros)) == until
    desk.clock.advance(minutes=59)
    assert await desk.inbox.send() == 0
    desk.clock.advance(minutes=1)
    await desk.inbox.work()
    assert len(desk.said()) == 3


async def test_the_longer_of_two_waits_counts_and_never_is_a_day(
    desk_url: str, desks: Callable[..., Desk]
) -> None:
    desk = desks(desk_url, rules=Rules(at_once=8))
    sent = await queue(desk, 3)
    answers = [Deferred(after=float("inf"), scope="account"), Deferred(after=5.0, scope="account")]
    channel = desk.inbox.channel("chat")
    read, channel.read = channel.read, lambda call, response: answers.pop(0)  # type: ignore[method-assign]
    assert len(leased := await desk.inbox.lease_calls(2)) == 2
    await asyncio.gather(*map(desk.inbox.make_call, leased))
    channel.read = read  # type: ignore[method-assign]
    desk.far["chat"].said.clear()
    desk.clock.advance(hours=23)
    assert await desk.inbox.send() == 0
    desk.clock.advance(hours=1)
    await desk.inbox.work()
    assert [await desk.status(one) for one in sent] == [["sent"]] * 3


async def test_a_limit_for_one_conversation_holds_no_other(desk_url: str, desks: Callable[..., Desk]) -> None:
    desk = desks(desk_url, rules=Rules(at_once=2))
    first, second = await queue(desk, 2)
    channel = desk.inbox.channel("chat")
    read, channel.read = channel.read, lambda call, response: Deferred(after=3600.0)  # type: ignore[method-assign]
    await desk.inbox.send()
    channel.read = read  # type: ignore[method-assign]
    behind = await desk.inbox.conversations.reply(first.conversation, "behind it")
    await desk.inbox.work()
    assert [await desk.status(one) for one in (first, behind, second)] == [["queued"], ["queued"], ["sent"]]


async def test_what_was_leased_meanwhile_waits_as_well_and_no_sign_is_given(
    desk_url: str, desks: Callable[..., Desk]
) -> None:
    """Between the platform's answer and the commit that says so, nothing more goes out."""
    desk = desks(desk_url, rules=Rules(at_once=8))
    sent = await queue(desk, 2)
    first, second = await desk.inbox.lease_calls(2)
    desk.far["chat"].answers.append(HOUR)
    await desk.inbox.make_call(first)
    await desk.inbox.make_call(second)
    assert desk.said() == []
    (waits,) = await desk.sendings(sent[1])
    assert (waits.status, waits.detail) == ("queued", "the platform asked us to wait meanwhile")
    assert not await desk.inbox.conversations.signal(sent[0].conversation)
    desk.clock.advance(hours=1)
    await desk.inbox.work()
    assert len(desk.said()) == 2


@pytest.mark.parametrize("at_once", [2, 4])
async def test_an_account_that_lets_us_wait_holds_up_no_other(
    shared_url: str, desks: Callable[..., Desk], at_once: int
) -> None:
    """More calls than there are hands hang; the other account's answer goes out meanwhile."""
    desk = desks(shared_url, rules=Rules(at_once=at_once))
    release, said, stop = asyncio.Event(), asyncio.Event(), asyncio.Event()
    send, other = desk.far["chat"].send, desk.far["other"].send
    hanging = 0

    async def hang(call: Call) -> Response:
        nonlocal hanging
        hanging += 1
        await release.wait()
        return await send(call)

    async def tell(call: Call) -> Response:
        said.set()
        return await other(call)

    desk.far["chat"].send, desk.far["other"].send = hang, tell  # type: ignore[method-assign]
    await queue(desk, 6)
    async with asyncio.timeout(LONG):
        running = asyncio.create_task(desk.inbox.run(stop=stop))
        while hanging < at_once // 2:
            await asyncio.sleep(0.01)
        await queue(desk, 1, on="other")
        desk.inbox.ring()
        await said.wait()
        assert hanging == at_once // 2
        release.set()
        while len(desk.said()) < 6:
            await asyncio.sleep(0.01)
        stop.set()
        await running


async def test_the_only_account_has_all_hands(desk_url: str, desks: Callable[..., Desk]) -> None:
    desk = desks(desk_url, rules=Rules(at_once=4, send_lease=timedelta(minutes=2)))
    await queue(desk, 6)
    desk.inbox.channels = {"chat": desk.inbox.channel("chat")}
    assert len(await desk.inbox.lease_calls(4)) == 4


async def test_several_that_let_us_wait_leave_hands_as_well(
    desk_url: str, desks: Callable[..., Desk]
) -> None:
    """Half, then half of what is left; those that came first are first."""
    desk = desks(desk_url, rules=Rules(at_once=8))
    await queue(desk, 9)
    await queue(desk, 9, on="other")
    await queue(desk, 9, on="letter")
    leased = await desk.inbox.lease_calls(8)
    assert [one.account for one in leased] == [*["chat"] * 4, *["other"] * 2, "letter"]
    assert await desk.inbox.lease_calls(1) == []
