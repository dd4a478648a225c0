"""Two workers on one PostgreSQL, in the worst order: the second looks while the first has not committed yet.

No pause decides: the first one commits when the second is through, or waits for it.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import psycopg
import pytest

from omnichannel.channel import Batch
from omnichannel.desk.retention import Retention
from omnichannel.errors import Conflict, NotFound
from omnichannel.inbox import blocking, composing, conversations, identity, merging, placing
from omnichannel.inbox import reading as reading_module
from omnichannel.inbox.reading import Reader
from omnichannel.inbox.rights import erasing, surface
from omnichannel.model import Address, Evidence, Strength, Text
from omnichannel.store import Tx, ageing, arrivals, blocks, externals, people
from tests.chat import delivery
from tests.engines import Postgres
from tests.inbox.desk import Desk, at


@pytest.fixture
def two(postgres: Postgres, desks: Callable[..., Desk]) -> tuple[Desk, Desk]:
    """Two workers on one database."""
    url = postgres.ready()
    return desks(url), desks(url)


def _waits(url: str) -> bool:
    """Whether somebody waits for a lock."""
    with psycopg.connect(url, autocommit=True) as connection:
        found = connection.execute("SELECT count(*) FROM pg_locks WHERE NOT granted").fetchone()
    return found != (0,)


async def meanwhile(one: Desk, job: Callable[[Tx], Any], then: Awaitable[Any]) -> tuple[Any, Any]:
    """Do a job, and before its commit something else of another worker, as far as that comes; what came of both."""
    begun, go_on = threading.Event(), threading.Event()

    def slowly(tx: Tx) -> Any:
        result = job(tx)
        tx.finish()
        begun.set()
        assert go_on.wait(60)
        return result

    first = asyncio.create_task(one.inbox.run_job(slowly))
    await asyncio.to_thread(begun.wait, 60)
    second = asyncio.ensure_future(then)
    while not second.done() and not await asyncio.to_thread(_waits, one.url):
        await asyncio.sleep(0)
    go_on.set()
    return await first, await second


def reading(desk: Desk, most: int = 1) -> Callable[[Tx], int]:
    """Read so many deliveries, as a worker does."""
    box = desk.inbox
    return lambda tx: Reader(box.channels, box.rules, handled=False).read(tx, most)


async def test_what_two_workers_prove_at_once_makes_one_customer_of_all(two: tuple[Desk, Desk]) -> None:
    """One learns that a and b are one, the other that b and c are: neither sees what the other writes."""
    one, other = two
    for who in ("a", "b", "c"):
        await one.heard("hello", who=who)
    await one.inbox.receive("chat", delivery({"id": "ab", "from": "a", "text": "x", "also": ["chat::b"]}))
    await one.inbox.receive("chat", delivery({"id": "bc", "from": "c", "text": "y", "also": ["chat::b"]}))
    await meanwhile(one, reading(one), other.inbox.run_job(reading(other)))
    assert len(await one.customers()) == 1


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
    for number in range(2):
        item = {"id": f"m{number}", "from": "a", "text": "x", "also": ["chat::b"]}
        await one.inbox.receive("chat", delivery(item))
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
    for who in ("c", "b"):
        item = {"id": f"now-{who}", "from": who, "text": "now", "thread": f"new-{who}"}
        await one.inbox.receive("chat", delivery(item))
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
    for number, more in enumerate(({"strength": "attested", "name": "Anna Berg"}, {})):
        item = {"id": f"m{number}", "from": "anna", "text": "x"} | more
        await one.inbox.receive("chat", delivery(item))
    await meanwhile(one, reading(one), other.inbox.run_job(reading(other)))
    anna = await one.customer("anna")
    assert (anna.name, anna.addresses[0].strength) == ("Anna Berg", Strength.VERIFIED)


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
    (message,) = await one.everything()
    assert (message.text, message.deleted, [pair[1] for pair in message.reactions]) == ("", True, ["+"])


# --------------------------------------------------------------------------------------------------- rights


async def during(one: Desk, what: Awaitable[Any], place: Any, name: str, then: Awaitable[Any]) -> Any:
    """Do something, and once `name` in it is through, before its commit, something else as far as that comes.

    Whether that had come to its end before the commit, and what came of both.
    """
    begun, go_on = threading.Event(), threading.Event()
    whole = getattr(place, name)

    def slowly(*given: Any, **more: Any) -> Any:
        result = whole(*given, **more)
        begun.set()
        assert go_on.wait(60)
        return result

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(place, name, slowly)
        first = asyncio.ensure_future(what)
        await asyncio.to_thread(begun.wait, 60)
    second = asyncio.ensure_future(then)
    while not second.done() and not await asyncio.to_thread(_waits, one.url):
        await asyncio.sleep(0)
    through = second.done()
    go_on.set()
    return through, await asyncio.gather(first, second, return_exceptions=True)


async def test_the_platforms_record_read_while_the_first_is_erased_brings_nothing_back(
    two: tuple[Desk, Desk],
) -> None:
    """Nobody was erased here before, so nobody looks for marks; until the erasure is committed."""
    one, other = two
    await one.heard("hello")
    hers = (await one.customer("anna")).id
    past = {"id": "m0", "from": "anna", "text": "kastanje", "at": one.clock.now().timestamp() - 86400}

    async def again() -> None:
        record = delivery(past).model_copy(update={"source": "history"})
        await other.inbox.keep("chat", "past", Batch(deliveries=(record,), cursor="1"))
        await other.inbox.run_job(reading(other))

    erase = one.inbox.identity.erase(hers, actor="zoe", scrub=False)
    await during(one, erase, erasing, "erase", again())
    await one.inbox.work()
    assert await one.everything() == []
    assert await one.customers() == []


async def test_what_nobody_can_read_and_comes_just_before_an_erasure_goes_too(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It comes after all that waits was looked at, and is of an account that is not configured here."""
    await desk.heard("hello", who="anna-berg")
    hers = (await desk.customer("anna-berg")).id
    alone = surface._alone

    def comes(tx: Tx) -> None:
        said = delivery({"id": "m9", "from": "anna-berg", "text": "kastanje"})
        arrivals.keep(tx, said.model_copy(update={"account": "gone"}))
        alone(tx)

    monkeypatch.setattr(surface, "_alone", comes)
    await desk.inbox.identity.erase(hers, actor="zoe", scrub=False)
    assert desk.state()["deliveries"] == []


async def test_another_system_does_not_bring_back_who_is_just_erased(two: tuple[Desk, Desk]) -> None:
    one, other = two
    await one.heard("kastanje")
    hers = (await one.customer("anna")).id
    erase = one.inbox.identity.erase(hers, actor="zoe", scrub=False)
    _, (_, refused) = await during(one, erase, erasing, "erase", other.inbox.identity.observe(at("anna")))
    assert isinstance(refused, Conflict)
    assert await one.customers() == []


async def test_what_is_frozen_does_not_go_by_its_age_after_that(two: tuple[Desk, Desk]) -> None:
    """Whoever froze it was told that it is kept: it is, or it had gone before."""
    one, other = two
    heard = await one.heard("kastanje")
    await one.inbox.conversations.close(heard.conversation)
    hers = (await one.customer("anna")).id
    one.clock.advance(days=40)
    one.inbox.retention_rules = Retention(messages=timedelta(days=30))
    freeze = other.inbox.identity.freeze(hers, actor="zoe")
    through, _ = await during(one, one.inbox.retention.apply(), ageing, "forget_words", freeze)
    kept = [message.text for message in await one.everything()] == ["kastanje"]
    assert kept or not through


async def test_what_is_ordered_while_somebody_is_frozen_is_not_sent(two: tuple[Desk, Desk]) -> None:
    one, other = two
    heard = await one.heard("hello")
    hers = (await one.customer("anna")).id
    box = one.inbox.conversations
    reply = box.reply(heard.conversation, "hi")
    freeze = other.inbox.identity.freeze(hers, actor="zoe")
    _, (answer, _) = await during(one, reply, conversations, "enqueue", freeze)
    await one.inbox.work()
    assert one.said() == []
    assert await one.status(answer) == ["cancelled"]


async def test_nothing_is_said_to_who_was_erased_since_it_was_composed(desk: Desk) -> None:
    """They were in the conversation with others, so that it is still there."""
    hers = await desk.heard("hello")
    his = await desk.heard("hi", who="ben")
    await desk.inbox.conversations.move(his.id, hers.conversation)
    box, erased = desk.inbox, await desk.customer("anna")

    def job(tx: Tx) -> composing.Composed:
        order = composing.Order(tx.ids.find("conversation", hers.conversation), (Text(text="kastanje"),))
        heard = tx.ids.find("message", hers.id)
        return composing.compose(tx, box.channels, replace(order, answers=heard), box.rules)

    composed = box.rendered(await box.run_job(job))
    await box.identity.erase(erased.id, actor="zoe", scrub=False)
    with pytest.raises(NotFound):
        await box.run_job(lambda tx: composing.enqueue(tx, composed))
    await box.work()
    assert desk.said() == []
    assert [message.text for message in await desk.everything()] == ["hi"]


async def test_who_is_blocked_again_while_they_are_brought_in_stays_blocked(two: tuple[Desk, Desk]) -> None:
    one, other = two
    rosa = at("rosa")

    def block(tx: Tx) -> int:
        return blocks.block(tx, rosa, "threats", "ann", None)

    number = await one.inbox.run_job(block)
    await one.inbox.receive("chat", delivery({"id": "m1", "from": "rosa", "text": "one"}))
    await one.inbox.run_job(reading(one))
    await one.inbox.run_job(lambda tx: blocks.lift(tx, number, blocks.BRINGING_IN, "ann"))
    bring_in = blocking.bring_in(one.inbox, handled=False)
    await during(one, bring_in, blocking, "_found", other.inbox.run_job(block))
    held = await one.inbox.run_job(lambda tx: blocks.covering(tx, rosa, tx.now()))
    assert held == number
