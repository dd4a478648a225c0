"""Customers handed to another engine, and what it found taken back as inferred evidence."""

from __future__ import annotations

import pytest

from omnichannel.errors import UsageError
from omnichannel.identity.likeness.known import default
from omnichannel.identity.splink import Scored
from omnichannel.inbox import exchanging
from omnichannel.inbox.exchanging import TakenIn, take_in, withdraw
from omnichannel.model import Address, Claim, Customer, Evidence, Purpose, Strength
from tests.inbox.desk import Desk, at

MODEL = "Splink 5.0.0, model abc"


async def someone(desk: Desk, who: str, **facts: str) -> Customer:
    """A customer with an address and what is known of them."""
    return await desk.inbox.identity.observe(Address(kind="email", value=f"{who}@b.example"), facts=facts)


async def two(desk: Desk) -> tuple[str, str]:
    one, other = await someone(desk, "anna", name="Anna Berg"), await someone(desk, "a.berg", city="Ede")
    return one.id, other.id


async def exported(desk: Desk) -> dict[str, set[str]]:
    found = {}
    async for page in exchanging.customers(desk.inbox.run_job):
        found.update({who: known.keys() for who, known in page})
    return found


async def claims(desk: Desk, who: str) -> list[Claim]:
    return [claim for claim in await desk.inbox.identity.claims(who) if claim.method == "likeness"]


async def test_every_customer_is_handed_out_once_with_all_that_is_known_of_them(desk: Desk) -> None:
    """Page by page; two proven addresses are one customer's."""
    await desk.heard("hi", who="anna", name="Anna Berg")
    said = Evidence(address=Address.of("email::anna@b.example"), strength=Strength.VERIFIED, method="login")
    whole = await desk.inbox.identity.observe(at("anna"), [said], facts={"born": "1984-05-17"})
    other = await someone(desk, "zoe", city="Ede")
    found = await exported(desk)
    assert set(found) == {whole.id, other.id}
    assert "eanna@b.example" in found[whole.id]
    assert any(key.startswith("y1984") for key in found[whole.id])


async def test_who_objects_is_frozen_or_shares_an_address_is_not_handed_out(desk: Desk) -> None:
    """No probabilistic links for those who object; what is frozen is not used."""
    objecting, frozen = await two(desk)
    await desk.inbox.identity.object(objecting, actor="zoe")
    await desk.inbox.identity.freeze(frozen, actor="zoe")
    role = await desk.inbox.identity.observe(Address.of("email::info@b.example"))
    free = await someone(desk, "zoe", city="Ede")
    assert role.id != free.id
    assert set(await exported(desk)) == {free.id}


async def test_a_pair_comes_back_as_inferred_evidence_that_names_its_model(desk: Desk) -> None:
    """It is suggested, shown to assist where it is likely enough, and joins nobody to disclose."""
    one, other = await two(desk)
    done = await take_in(desk.inbox.run_job, [Scored(one, other, 0.9312)], MODEL)
    assert done == TakenIn(read=1, written=1)
    (claim,) = await claims(desk, one)
    assert (claim.strength, claim.source, claim.because) == (Strength.INFERRED, MODEL, f"{MODEL}: alike")
    (suggestion,) = await desk.inbox.identity.suggestions()
    assert suggestion.likely == 0.9312
    assert len((await desk.inbox.customers.get(one)).addresses) == 1
    assert len((await desk.inbox.customers.get(one, purpose=Purpose.ASSIST)).addresses) == 2


async def test_taking_the_same_in_again_adds_nothing(desk: Desk) -> None:
    """In whatever order and whatever batches: of one model the highest probability of a pair counts."""
    one, other = await two(desk)
    pairs = [Scored(one, other, 0.7), Scored(one, other, 0.9), Scored(one, other, 0.8)]
    await take_in(desk.inbox.run_job, pairs, MODEL)
    before = await desk.inbox.identity.claims(one)
    again = await take_in(desk.inbox.run_job, [*reversed(pairs), *pairs], MODEL)
    assert (again.written, again.known) == (0, 1)
    assert await desk.inbox.identity.claims(one) == before
    assert [claim.revoked for claim in await claims(desk, one)] == [False]
    for pair in pairs:
        await take_in(desk.inbox.run_job, [pair], MODEL)
    assert await desk.inbox.identity.claims(one) == before


async def test_a_later_model_takes_the_place_of_an_earlier_one(desk: Desk) -> None:
    """And with `withdraw`, what it does not say any more is taken back too: as if never said."""
    one, other = await two(desk)
    third = (await someone(desk, "third", city="Ede")).id
    await take_in(desk.inbox.run_job, [Scored(one, other, 0.95), Scored(one, third, 0.8)], "old")
    done = await take_in(desk.inbox.run_job, [Scored(one, other, 0.6)], "new")
    assert (done.written, done.withdrawn) == (1, 1)
    assert {(claim.source, claim.revoked) for claim in await claims(desk, one)} == {
        ("old", True), ("new", False), ("old", False),
    }  # fmt: skip
    assert await withdraw(desk.inbox.run_job, {"new"}) == 1
    (suggestion,) = await desk.inbox.identity.suggestions()
    assert suggestion.likely == 0.6


async def test_what_another_model_said_stays_when_the_store_learns_or_compares(desk: Desk) -> None:
    """It is evidence of its own, beside what is found here."""
    one, other = await two(desk)
    await take_in(desk.inbox.run_job, [Scored(one, other, 0.8)], MODEL)
    await desk.inbox.identity.learn()
    await someone(desk, "anna", city="Ede")
    await desk.inbox.work()
    assert [(claim.source, claim.revoked) for claim in await claims(desk, one)] == [(MODEL, False)]


async def test_pairs_that_say_nothing_new_or_may_not_be_said_are_counted_and_left(desk: Desk) -> None:
    one, other = await two(desk)
    objecting = await someone(desk, "no", name="No")
    await desk.inbox.identity.object(objecting.id, actor="zoe")
    joined = await someone(desk, "z", name="Z")
    await desk.inbox.identity.merge(
        Address.of("email::z@b.example"), Address.of("email::anna@b.example"), actor="zoe"
    )
    done = await take_in(
        desk.inbox.run_job,
        [
            Scored(one, other, 0.2),
            Scored(one, joined.id, 0.99),
            Scored(one, objecting.id, 0.99),
            Scored(one, "01900000-0000-7000-8000-000000000000", 0.99),
        ],
        MODEL,
    )
    assert done == TakenIn(read=4, unlikely=1, joined=1, unknown=2)
    assert await desk.inbox.identity.suggestions() == []


async def test_it_goes_in_batches_and_tells_how_far_it_is(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was written stays when a later pair cannot be; going on from the beginning adds the rest."""
    monkeypatch.setattr(exchanging, "_BATCH", 2)
    ids = [(await someone(desk, f"p{number}", name="P")).id for number in range(5)]
    pairs = [Scored(ids[0], other, 0.8, MODEL) for other in ids[1:]]
    told: list[int] = []
    with pytest.raises(UsageError, match="--model NAME"):
        await take_in(
            desk.inbox.run_job,
            [*pairs[:3], pairs[3]._replace(model="")],
            told=lambda done: told.append(done.read),
        )
    assert told == [2]
    assert len(await desk.inbox.identity.suggestions()) == 2
    done = await take_in(desk.inbox.run_job, pairs, told=lambda done: told.append(done.read))
    assert (done.written, done.known, told) == (2, 2, [2, 2, 4])


async def test_the_model_is_what_was_learned_here_or_what_is_usual(desk: Desk) -> None:
    usual = await exchanging.model(desk.inbox.run_job)
    assert usual == default()
    await two(desk)
    await desk.inbox.identity.learn()
    learned = await exchanging.model(desk.inbox.run_job)
    assert learned != usual
