"""What two workers hear, prove and decide of the same people and messages at one moment counts as if one came first."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from omnichannel.errors import Conflict
from omnichannel.inbox import correcting, identity, merging, placing
from omnichannel.inbox import reading as reading_module
from omnichannel.model import Address, Evidence, Strength
from omnichannel.store import Tx, arrivals, externals, people
from tests.chat import delivery
from tests.inbox.desk import Desk, at
from tests.inbox.meanwhile import during, meanwhile, reading


async def test_what_two_workers_prove_at_once_makes_one_customer_of_all(two: tuple[Desk, Desk]) -> None:
    """One learns that a and b are one, the other that b and c are: neither sees what the other writes."""
    one, other = two
    for who in ("a", "b", "c"):
        await one.heard("hello", who=who)
    await one.inbox.receive("chat", delivery({"id": "ab", "from": "a", "text": "x", "also": ["chat::b"]}))
    await one.inbox.receive("other", delivery({"id": "bc", "from": "c", "text": "y", "also": ["chat::b"]}))
    await meanwhile(one, reading(one), other.inbox.run_job(reading(other)))
    assert len(await one.customers()) == 1


async def test_what_came_first_is_read_first_whichever_worker_is_slow(two: tuple[Desk, Desk]) -> None:
    """One has taken the first words, and not read them yet, when the next come: another worker leaves them to it."""
    one, other = two
    await one.heard("hello", who="anna", id="m0")
    await one.inbox.receive("chat", delivery({"id": "m1", "from": "anna", "text": "first"}))

    async def next_words() -> int:
        await other.inbox.receive("chat", delivery({"id": "m2", "from": "anna", "text": "second"}))
        await other.inbox.receive("other", delivery({"id": "o1", "from": "bea", "text": "elsewhere"}))
        return await other.inbox.read()

    through, (_, read) = await during(one, one.inbox.read(), arrivals, "waiting", next_words())
    assert (through, read) == (True, 1)  # what comes on another account is read meanwhile
    await other.inbox.read()
    said = [message.text for message in await one.everything() if message.account == "chat"]
    assert said == ["hello", "first", "second"]


async def test_each_claims_the_other_at_once_so_they_are_one(two: tuple[Desk, Desk]) -> None:
    """Neither claim proves anything by itself; the second of them sees the first."""
    one, other = two
    phone = Address(kind="phone", value="+31612345678")
    for desk, whom in ((one, at("anna")), (one, phone)):
        await desk.inbox.identity.observe(whom, strength=Strength.VERIFIED)

    def claims(whom: Address, also: Address) -> Callable[[Tx], None]:
        said = Evidence(address=also, strength=Strength.ASSERTED, method="text")

        def job(tx: Tx) -> None:
            person = people.observed(tx, whom, Strength.VERIFIED, "login", "", tx.now())
            merging.add_evidence(tx, person, [said], source="", at=tx.now())

        return job

    await meanwhile(one, claims(at("anna"), phone), other.inbox.run_job(claims(phone, at("anna"))))
    assert len(await one.customers()) == 1


async def test_what_is_said_twice_at_once_is_written_down_once(two: tuple[Desk, Desk]) -> None:
    """Else who takes back what they see takes back half of it."""
    one, other = two
    await one.heard("hello", who="a")
    await one.heard("hello", who="b")
    for account in ("chat", "other"):
        item = {"id": f"m-{account}", "from": "a", "text": "x", "also": ["chat::b"]}
        await one.inbox.receive(account, delivery(item))
    await meanwhile(one, reading(one), other.inbox.run_job(reading(other)))
    said = await one.inbox.run_job(
        lambda tx: tx.all("SELECT id FROM journal WHERE workspace = ? AND other IS NOT NULL", tx.ws)
    )
    assert len(said) == 1


async def test_who_was_made_one_since_they_were_looked_up_has_one_conversation(
    two: tuple[Desk, Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    """c is looked up as a customer of their own; then somebody merges them with b, who writes at the same time."""
    one, other = two
    for who in ("b", "c"):
        heard = await one.heard("long ago", who=who)
        await one.inbox.conversations.close(heard.conversation)
    one.clock.advance(days=60)
    for who, account in (("c", "chat"), ("b", "other")):
        item = {"id": f"now-{who}", "from": who, "text": "now", "thread": f"new-{who}"}
        await one.inbox.receive(account, delivery(item))
    loop = asyncio.get_running_loop()

    def foresees(tx: Tx, read: Any) -> None:
        foresee(tx, read)
        monkeypatch.undo()
        merging_them = other.inbox.identity.merge(at("b"), at("c"), actor="zoe")
        asyncio.run_coroutine_threadsafe(merging_them, loop).result(60)

    foresee = reading_module.foresee
    monkeypatch.setattr(reading_module, "foresee", foresees)
    await meanwhile(one, reading(one), other.inbox.run_job(reading(other)))
    assert [found.messages for found in await one.inbox.conversations.open()] == [2]


async def test_what_is_closed_while_a_mail_of_it_is_placed_is_open_again(
    two: tuple[Desk, Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else words that nobody saw would stand in a closed conversation."""
    one, other = two
    heard = await one.heard("kastanje", on="letter", id="l1")
    await one.inbox.receive(
        "letter", delivery({"id": "l2", "from": "anna", "text": "and?", "reply_to": "l1"})
    )
    loop, decide = asyncio.get_running_loop(), placing.decide

    def decides(context: Any) -> Any:
        monkeypatch.undo()
        found = decide(context)
        closing = other.inbox.conversations.close(heard.conversation)
        asyncio.run_coroutine_threadsafe(closing, loop).result(60)
        return found

    monkeypatch.setattr(placing, "decide", decides)
    await one.inbox.run_job(reading(one))
    (conversation,) = await one.conversations()
    assert (conversation.status, conversation.messages) == ("open", 2)


async def test_a_merge_does_not_overrule_who_refuses_it_at_once(two: tuple[Desk, Desk]) -> None:
    one, other = two
    for who in ("a", "b"):
        await one.heard("hello", who=who)

    async def merges() -> None:
        with pytest.raises(Conflict):
            await other.inbox.identity.merge(at("a"), at("b"), actor="zoe")

    def refuse(tx: Tx) -> None:
        a, b = people.find(tx, at("a")), people.find(tx, at("b"))
        assert a is not None
        assert b is not None
        identity._decide(tx, identity._decision("refuse", a, b, "ada", "", tx.now()), a, b)

    await meanwhile(one, refuse, merges())
    assert len(await one.customers()) == 2


async def test_a_name_and_a_proof_that_two_workers_learn_at_once_both_stay(two: tuple[Desk, Desk]) -> None:
    one, other = two
    await one.heard("hello", strength="attested")
    named = {"strength": "attested", "name": "Anna Berg"}
    for account, more in (("chat", named), ("other", {})):
        item = {"id": f"m-{account}", "from": "anna", "text": "x"} | more
        await one.inbox.receive(account, delivery(item))
    await meanwhile(one, reading(one), other.inbox.run_job(reading(other)))
    anna = await one.customer("anna")
    assert (anna.name, anna.addresses[0].strength) == ("Anna Berg", Strength.VERIFIED)


async def test_what_is_read_while_its_conversation_is_joined_into_another_goes_along(
    two: tuple[Desk, Desk],
) -> None:
    """Else it would stand alone in what was closed because it is empty."""
    one, other = two
    source, target = await one.heard("one"), await one.heard("two", who="ben")
    await one.inbox.receive("chat", delivery({"id": "m3", "from": "anna", "text": "three"}))
    join = other.inbox.conversations.join(source.conversation, target.conversation)
    await meanwhile(one, reading(one), join)
    said = await one.inbox.conversations.messages(target.conversation)
    assert [message.text for message in said] == ["two", "one", "three"]


async def test_what_is_read_while_its_conversation_is_split_goes_to_the_new_one(
    two: tuple[Desk, Desk],
) -> None:
    one, other = two
    await one.heard("one")
    second = await one.heard("two")
    await one.inbox.receive("chat", delivery({"id": "m3", "from": "anna", "text": "three"}))
    split = other.inbox.conversations.split(second.id)
    _, made = await meanwhile(one, reading(one), split)
    said = await one.inbox.conversations.messages(made.id)
    assert [message.text for message in said] == ["two", "three"]


async def test_what_waits_for_a_split_goes_to_the_new_one(two: tuple[Desk, Desk]) -> None:
    """It was looked up where its chat went on before, and waited for that."""
    one, other = two
    await one.heard("one")
    second = await one.heard("two")
    await one.inbox.receive("chat", delivery({"id": "m3", "from": "anna", "text": "three"}))
    split = one.inbox.conversations.split(second.id)
    read = other.inbox.run_job(reading(other))
    _, (made, _) = await during(one, split, correcting, "move_all", read)
    said = await one.inbox.conversations.messages(made.id)
    assert [message.text for message in said] == ["two", "three"]


# ------------------------------------------------------------------------------------------------- updates


async def test_what_happens_to_a_message_that_another_worker_just_reads_is_not_lost(
    two: tuple[Desk, Desk],
) -> None:
    """A backlog is shared: one has the message, the other its deletion, which sees no message yet."""
    one, other = two
    for item in (
        {"id": "m1", "from": "anna", "text": "kastanje"},
        {"id": "d1", "kind": "deleted", "from": "anna", "targets": ["m1"]},
    ):
        await one.inbox.receive("chat", delivery(item))
    await meanwhile(one, reading(one), other.inbox.run_job(reading(other)))
    await one.inbox.work()
    (message,) = await one.everything()
    assert message.deleted


async def test_how_far_a_call_came_is_not_lost_where_its_end_is_just_written_down(
    two: tuple[Desk, Desk],
) -> None:
    """The platform tells another worker, before the one that made the call has its answer in the store."""
    one, other = two
    heard = await one.heard("hello")
    answer = await one.inbox.conversations.reply(heard.conversation, "hi")
    status = {"id": "s1", "kind": "status", "status": "read", "from": "anna", "targets": ["out-1"]}
    await one.inbox.receive("chat", delivery(status))
    then = other.inbox.run_job(reading(other))
    await during(one, one.inbox.send(), externals, "take_early", then)
    await one.inbox.work()
    assert await one.status(answer) == ["read"]


async def test_two_updates_of_a_message_at_once_both_count(two: tuple[Desk, Desk]) -> None:
    """Else what was deleted would be shown again by a reaction to it."""
    one, other = two
    await one.hear({"id": "m1", "from": "anna", "text": "kastanje"})
    for item in (
        {"id": "d1", "kind": "deleted", "from": "anna", "targets": ["m1"]},
        {"id": "r1", "kind": "reaction", "from": "ben", "targets": ["m1"], "reaction": "+"},
    ):
        await one.inbox.receive("chat", delivery(item))
    await meanwhile(one, reading(one), other.inbox.run_job(reading(other)))
    await one.inbox.work()
    (message,) = await one.everything()
    assert (message.text, message.deleted, [pair[1] for pair in message.reactions]) == ("", True, ["+"])
