"""Transcripts for training: of those who agreed, as long as they do, and of nobody else."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta

import pytest

from omnichannel import Address
from omnichannel.desk import Spoken
from omnichannel.errors import UsageError
from tests.desk.room import Room


async def customer(room: Room, who: str) -> str:
    found = await room.inbox.customers.find(Address(kind="chat", value=who))
    assert found is not None
    return found.id


async def spoken(room: Room) -> list[list[tuple[str, str]]]:
    return [
        [(one.by, one.text) for one in found.said] for found in await room.inbox.desk.training.transcripts()
    ]


async def test_of_those_who_agreed_and_as_long_as_they_do(rooms: Callable[..., Room]) -> None:
    room = rooms()
    training = room.inbox.desk.training
    await room.hire("Ann", online=False)
    mine = await room.hears("rosa", "Where is my chair?")
    his = await room.hears("ben", "And my SECRET?")
    await room.inbox.conversations.join(his, mine, actor="Ann")
    await room.says(mine, "Ann", "Ben, here.")
    await room.inbox.conversations.note(mine, "a NOTE", agent="Ann")
    await room.hears("rosa", "Out of office", automatic="auto_reply")
    await room.hears("rosa", "Thanks!")
    await room.says(mine, "Ann", "Gladly, Rosa.")
    assert await spoken(room) == [], "nobody agreed"

    rosa = await customer(room, "rosa")
    with pytest.raises(UsageError, match="proof"):
        await training.consent(rosa, " ")
    given = await training.consent(rosa, "form 7, ticked", actor="Ann")
    assert (given.given, given.proof, given.actor, given.customer) == (True, "form 7, ticked", "Ann", rosa)
    hers = [[("customer", "Where is my chair?"), ("customer", "Thanks!"), ("agent", "Gladly, Rosa.")]]
    assert await spoken(room) == hers, "nothing of Ben's, and nothing that was said to him"
    lines = (await training.jsonl()).splitlines()
    assert [json.loads(line)["customer"] for line in lines] == [rosa]
    now = room.clock.now()
    assert await training.transcripts(since=now + timedelta(seconds=1)) == []
    assert await training.transcripts(until=now - timedelta(days=1)) == []

    await training.withdraw(rosa, "she called")
    assert await spoken(room) == []
    assert [(one.given, one.proof) for one in await training.consents(rosa)] == [
        (True, "form 7, ticked"), (False, "she called"),
    ]  # fmt: skip
    await training.consent(rosa, "she called again")
    assert await spoken(room) == hers
    await room.inbox.identity.freeze(rosa, actor="Ann")
    assert await spoken(room) == [], "kept, and not used"
    await room.inbox.identity.unfreeze(rosa, actor="Ann")
    exported = await room.inbox.identity.export(rosa)
    assert [one.given for one in exported.consents] == [True, False, True]
    await room.inbox.identity.erase(rosa, actor="Ann", scrub=False)
    assert await spoken(room) == []
    assert [one.what for one in await room.inbox.events() if one.what in ("customer.consented", "customer.withdrew")] == [
        "customer.consented", "customer.withdrew", "customer.consented",
    ]  # fmt: skip


async def test_a_merge_gives_nobodys_words_away(rooms: Callable[..., Room]) -> None:
    """Who becomes one customer with somebody who agreed did not agree; who becomes one with a no, says no."""
    room = rooms()
    training = room.inbox.desk.training
    for who in ("rosa", "rose", "roos"):
        await room.hears(who, f"I am {who}")
    rosa, rose, roos = [Address(kind="chat", value=who) for who in ("rosa", "rose", "roos")]
    await training.consent(await customer(room, "rosa"), "form 7")
    await room.inbox.identity.merge(rosa, rose, actor="Ann")
    assert await spoken(room) == [[("customer", "I am rosa")]]
    await training.withdraw(await customer(room, "roos"), "form 8")
    await room.inbox.identity.merge(rosa, roos, actor="Ann")
    assert await spoken(room) == []
    await training.consent(await customer(room, "rose"), "form 9")
    assert sorted(await spoken(room)) == [[("customer", f"I am {who}")] for who in ("roos", "rosa", "rose")]
    assert Spoken.model_fields.keys() == {"by", "text", "at", "kind", "files"}, "no name of an agent"
