"""An address that changed hands: one owner is erased, the others keep it, and what they said there."""

from __future__ import annotations

from dataclasses import replace

import pytest

from omnichannel.channel import Batch
from omnichannel.identity import POLICY, Kind
from omnichannel.model import Address, Customer
from tests.chat import delivery
from tests.engines import HandClock, dump
from tests.inbox.desk import Desk, at

PHONE = Address(kind="phone", value="+31687654321")


async def owned(desk: Desk, clock: HandClock) -> tuple[Customer, Customer, Customer]:
    """Anna, then Ben, then Cid had the number; each wrote, and was said to have it."""
    found = []
    for who in ("anna", "ben", "cid"):
        await desk.heard(f"I am {who}", who=who, also=[str(PHONE)])
        found.append(await desk.customer(who))
        clock.advance(days=90)
    return found[0], found[1], found[2]


def numbers(customer: Customer) -> set[str]:
    return {str(reached.address) for reached in customer.addresses}


@pytest.mark.parametrize("gone", [0, 1, 2], ids=["the first", "one between", "the last"])
async def test_the_others_keep_the_number_with_their_ids_and_words(
    desk: Desk, clock: HandClock, gone: int
) -> None:
    people = await owned(desk, clock)
    rest = [one for place, one in enumerate(people) if place != gone]
    before = [await desk.inbox.customers.timeline(one.id) for one in rest]
    await desk.inbox.identity.erase(people[gone].id, actor="zoe")
    for one, said in zip(rest, before, strict=True):
        now = await desk.inbox.customers.get(one.id)
        assert now.id == one.id
        assert numbers(now) == numbers(one)
        assert await desk.inbox.customers.timeline(one.id) == said
    assert len(await desk.customers()) == 2
    assert len([row for row in dump(desk.inbox.open())["addresses"] if row[4] == PHONE.value]) == 2


async def test_who_is_first_now_had_the_address_from_the_start(desk: Desk, clock: HandClock) -> None:
    """And goes on in the conversation in whose thread they write: its key said since when they had the address."""
    handed_on = Kind(5, gap=45 * 86_400_000_000)
    desk.policy = replace(POLICY, kinds={**POLICY.kinds, "chat": handed_on})
    desk.again()
    await desk.heard("first", who="lent", also=["account::1"])
    clock.advance(days=90)
    await desk.heard("second", who="lent", also=["account::2"])
    then = await desk.heard("third", who="lent")
    (second,) = [one for one in await desk.customers() if "account::2" in numbers(one)]
    (first,) = [one for one in await desk.customers() if "account::1" in numbers(one)]
    assert [r.since is None for r in second.addresses if r.address == at("lent")] == [False]
    await desk.inbox.identity.erase(first.id, actor="zoe")
    now = await desk.inbox.customers.get(second.id)
    assert [r.since for r in now.addresses if r.address == at("lent")] == [None]
    assert (await desk.heard("fourth", who="lent")).conversation == then.conversation
    assert [row[2] for row in dump(desk.inbox.open())["threads"]] == ["lent"]


async def test_when_all_are_erased_the_number_is_too(desk: Desk, clock: HandClock) -> None:
    for one in await owned(desk, clock):
        await desk.inbox.identity.erase(one.id, actor="zoe")
    state = dump(desk.inbox.open())
    assert (state["addresses"], state["messages"], state["deliveries"]) == ([], [], [])
    assert all(row[3] == 0 for row in state["journal"])


async def test_what_was_decided_of_the_next_owner_stands(desk: Desk, clock: HandClock) -> None:
    """Also what takes a decision back, when it was made in another one's time."""
    await desk.heard("I am anna", who="anna", also=[str(PHONE)])
    clock.advance(days=90)
    await desk.heard("I am ben", who="ben", also=[str(PHONE)])
    await desk.heard("and I dora", who="dora")
    ids = await desk.inbox.identity.refuse(PHONE, at("dora"), actor="zoe")
    anna = await desk.customer("anna")
    await desk.inbox.identity.erase(anna.id, actor="zoe")
    (why,) = [
        c for c in await desk.inbox.identity.claims((await desk.customer("dora")).id) if c.method == "refuse"
    ]
    assert (why.address, why.other) in ((PHONE, at("dora")), (at("dora"), PHONE))
    await desk.inbox.identity.undo(ids, actor="zoe")
    await desk.inbox.identity.merge(PHONE, at("dora"), actor="zoe")
    assert (await desk.customer("dora")).id == (await desk.customer("ben")).id


async def test_the_time_of_an_owner_is_the_time_of_what_is_suppressed(desk: Desk, clock: HandClock) -> None:
    """What a platform brings in of the time of the others is theirs, and comes in."""
    _, ben, _ = await owned(desk, clock)
    await desk.inbox.identity.erase(ben.id, actor="zoe")
    start = clock.now().timestamp() - 270 * 86400
    past = [
        {"id": f"old-{place}", "from": "anna", "text": f"of {place}", "at": start + place * 86400}
        for place in (1, 100)
    ]
    one = delivery(*past).model_copy(update={"source": "history"})
    await desk.inbox.keep("chat", "past", Batch(deliveries=(one,), cursor="1"))
    await desk.inbox.work()
    assert {m.text for m in await desk.everything()} >= {"of 1", "of 100"}
