"""Who is one customer: proof merges, assertions suggest, people decide, and everything can be taken back."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from omnichannel.errors import Conflict, NotFound, UsageError
from tests.engines import HandClock
from tests.inbox.desk import Desk, at


async def test_proof_by_the_platform_makes_one_customer(desk: Desk) -> None:
    await desk.heard("by letter", who="a@b.example", on="letter", name="Anna B.")
    await desk.heard("by chat", also=["letter::a@b.example"], name="anna")
    (customer,) = await desk.customers()
    assert customer.name == "Anna B."
    assert [(str(r.address), r.name) for r in customer.addresses] == [
        ("letter::a@b.example", "Anna B."),
        ("chat::anna", "anna"),
    ]
    assert all(reached.because for reached in customer.addresses)
    (merged,) = await desk.happened("customer.merged")
    assert merged.customer == customer.id


async def test_an_id_that_was_merged_away_still_finds_the_customer(desk: Desk) -> None:
    await desk.heard("by letter", who="a@b.example", on="letter")
    await desk.heard("by chat")
    two = await desk.customer("anna")
    await desk.heard("it is me", also=["letter::a@b.example"])
    (customer,) = await desk.customers()
    assert two.id != customer.id
    assert await desk.inbox.customers.get(two.id) == customer
    assert await desk.inbox.customers.timeline(two.id) == await desk.inbox.customers.timeline(customer.id)


@pytest.mark.parametrize("words", ["I am a@b.example", "call +31 6 12345678 or a@b.example!"])
async def test_an_address_that_is_typed_is_a_suggestion_and_no_more(desk: Desk, words: str) -> None:
    """T28: nobody becomes one with whoever's address they type."""
    await desk.heard("by letter", who="a@b.example", on="letter")
    await desk.heard(words)
    assert len((await desk.customer("anna")).addresses) == 1
    before = [c for c in await desk.customers() if len(c.addresses) > 1]
    assert before == []


async def test_an_impostor_gets_nothing_of_whom_they_name(desk: Desk) -> None:
    """T24, T28: a forged From is somebody of their own: not in the history, not answered with it."""
    real = await desk.heard("my order", who="a@b.example", on="letter", name="Anna")
    fake = await desk.heard(
        "what did I order?", who="a@b.example", on="letter", strength="asserted", name="Anna"
    )
    assert fake.conversation != real.conversation
    customer = await desk.customer("a@b.example", "letter")
    assert [m.text for m in await desk.inbox.customers.timeline(customer.id)] == ["my order"]
    assert len(await desk.customers()) == 2
    (suggestion,) = await desk.inbox.identity.suggestions()
    assert {suggestion.one.value, suggestion.other.value} == {"a@b.example"}


async def test_the_same_name_is_nobodys_proof(desk: Desk) -> None:
    await desk.heard("one", who="anna1", name="Anna")
    await desk.heard("two", who="anna2", name="Anna")
    assert len(await desk.customers()) == 2
    assert await desk.inbox.identity.suggestions() == []


async def test_accepting_refusing_and_taking_back(desk: Desk) -> None:
    """The journal says who decided what and why; a refusal stands until it is taken back."""
    for who in ("anna", "annie"):
        await desk.heard("hi", who=who)
    box = desk.inbox.identity
    one = await box.merge(at("anna"), at("annie"), actor="zoe", because="same order number")
    assert len(one.addresses) == 2
    assert await box.explain(at("anna"), at("annie")) == [
        "chat::anna and chat::annie: same order number (attested)"
    ]
    (refused,) = await box.refuse(at("anna"), at("annie"), actor="zoe", because="sisters")
    assert len(await desk.customers()) == 2
    assert "never" in (await box.explain(at("anna"), at("annie")))[0]
    with pytest.raises(Conflict, match="zoe decided.*sisters"):
        await box.merge(at("annie"), at("anna"), actor="max")
    claims = await box.claims((await desk.customer("anna")).id)
    refusal = next(claim for claim in claims if claim.method == "refuse")
    assert (refusal.because, refusal.source) == ("sisters", "zoe")
    assert refusal.id == refused
    await box.undo([refused], actor="zoe", because="twins after all")
    assert len(await desk.customers()) == 1
    claims = await box.claims((await desk.customer("anna")).id)
    assert next(claim for claim in claims if claim.id == refusal.id).revoked
    assert [claim.method for claim in claims if claim.method in ("accept", "refuse", "revoke")] == [
        "accept", "refuse", "revoke",
    ]  # fmt: skip


async def test_a_refusal_outlives_proof(desk: Desk) -> None:
    """Never these two: not by the platform's word either, and it is no suggestion any more."""
    await desk.heard("by letter", who="a@b.example", on="letter")
    await desk.heard("by chat")
    letter = at("a@b.example", "letter")
    await desk.inbox.identity.refuse(at("anna"), letter, actor="zoe")
    await desk.heard("it is me", also=["letter::a@b.example"])
    assert len(await desk.customers()) == 2
    assert await desk.inbox.identity.suggestions() == []


async def test_unmerging_restores_both_with_all_that_came_after(desk: Desk) -> None:
    """Later messages too are again their own customer's; undo restores the merge just as exactly."""
    await desk.heard("letter", who="a@b.example", on="letter")
    before_letter = await desk.customer("a@b.example", "letter")
    await desk.heard("chat")
    before_chat = await desk.customer("anna")
    await desk.heard("me", also=["letter::a@b.example"])
    await desk.heard("after the merge", who="a@b.example", on="letter")
    merged = await desk.customer("anna")
    together = await desk.inbox.customers.timeline(merged.id)

    decisions = await desk.inbox.identity.unmerge(at("anna"), at("a@b.example", "letter"), actor="zoe")
    assert await desk.customer("a@b.example", "letter") == before_letter
    assert (await desk.customer("anna")).id == before_chat.id
    texts = [m.text for m in await desk.inbox.customers.timeline(before_letter.id)]
    assert texts == ["letter", "after the merge"]
    with pytest.raises(Conflict, match="nothing to undo"):
        await desk.inbox.identity.unmerge(at("anna"), at("a@b.example", "letter"), actor="zoe")

    await desk.inbox.identity.undo(decisions, actor="zoe")
    assert await desk.customer("anna") == merged
    assert await desk.inbox.customers.timeline(merged.id) == together


@pytest.mark.parametrize("decision", ["merge", "refuse", "unmerge"])
async def test_an_address_is_itself(desk: Desk, decision: str) -> None:
    await desk.heard("hi")
    with pytest.raises(UsageError, match="two"):
        await getattr(desk.inbox.identity, decision)(at("anna"), at("anna"), actor="zoe")


@pytest.mark.parametrize("decision", ["merge", "refuse", "unmerge", "explain"])
async def test_who_never_wrote_cannot_be_decided_about(desk: Desk, decision: str) -> None:
    await desk.heard("hi")
    actor = {} if decision == "explain" else {"actor": "zoe"}
    with pytest.raises(NotFound, match="chat::nobody"):
        await getattr(desk.inbox.identity, decision)(at("anna"), at("nobody"), **actor)


async def test_shared_addresses_glue_nobody_together(desk: Desk) -> None:
    """info@ is written from by several people: two customers who both prove it stay two."""
    from omnichannel.model import Address

    info = Address(kind="email", value="info@b.example")
    for who in ("anna", "ben"):
        await desk.heard("we", who=who, also=[str(info)])
    customers = [c for c in await desk.customers() if any(r.address.kind == "chat" for r in c.addresses)]
    assert [len(customer.addresses) for customer in customers] == [1, 1]
    with pytest.raises(Conflict, match="several people share"):
        await desk.inbox.identity.merge(at("anna"), info, actor="zoe")


async def test_the_same_evidence_again_is_no_news(desk: Desk) -> None:
    for number in range(3):
        await desk.heard(f"{number} a@b.example", also=["letter::a@b.example"])
    entries = [row for row in desk.state()["journal"] if row[4] is not None]
    assert len(entries) == 2


async def test_nobody_has_that_address(desk: Desk) -> None:
    await desk.heard("hi")
    assert await desk.inbox.customers.find(at("nobody")) is None


WHO = ("p0", "p1", "p2", "p3")
pairs = st.tuples(st.sampled_from(WHO), st.sampled_from(WHO)).filter(lambda pair: pair[0] != pair[1])
steps = st.lists(
    st.tuples(st.just("say"), st.sampled_from(WHO))
    | st.tuples(st.just("prove"), pairs)
    | st.tuples(st.just("accept"), pairs)
    | st.tuples(st.just("unmerge"), pairs)
    | st.tuples(st.just("undo"), st.integers(0, 5)),
    max_size=14,
)


@pytest.mark.slow
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(before=steps, merges=st.lists(pairs, min_size=1, max_size=3))
def test_every_merge_can_be_taken_back_exactly(before: list, merges: list) -> None:
    """Whatever happened before: decide, take the decisions back, and customers and timelines are as they were."""

    async def story() -> None:
        desk = Desk("sqlite:///:memory:", HandClock())
        for who in WHO:
            await desk.heard("hello", who=who)
        taken: list[list[str]] = []
        for number, (what, on) in enumerate(before):
            await _step(desk, number, what, on, taken)
        snapshot = await _who_is_who(desk)
        done: list[str] = []
        for one, other in merges:
            try:
                await desk.inbox.identity.merge(at(one), at(other), actor="zoe")
            except Conflict:
                continue
            claims = await desk.inbox.identity.claims((await desk.customer(one)).id)
            done.append([claim.id for claim in claims if claim.method == "accept"][-1])
        await desk.inbox.identity.undo(done, actor="zoe")
        assert await _who_is_who(desk) == snapshot
        await desk.inbox.close()

    asyncio.run(story())


async def _step(desk: Desk, number: int, what: str, on, taken: list[list[str]]) -> None:
    box = desk.inbox.identity
    try:
        if what == "say":
            await desk.heard(f"text {number}", who=on)
        elif what == "prove":
            await desk.heard(f"text {number}", who=on[0], also=[f"chat::{on[1]}"])
        elif what == "accept":
            await box.merge(at(on[0]), at(on[1]), actor="zoe")
        elif what == "unmerge":
            snapshot = await _who_is_who(desk)
            taken.append(await box.unmerge(at(on[0]), at(on[1]), actor="zoe"))
            assert (await desk.customer(on[0])).id != (await desk.customer(on[1])).id
            await box.undo(taken[-1], actor="zoe")
            assert await _who_is_who(desk) == snapshot
            taken[-1] = await box.unmerge(at(on[0]), at(on[1]), actor="zoe")
        elif taken:
            await box.undo(taken[on % len(taken)], actor="zoe")
    except Conflict:
        return


async def _who_is_who(desk: Desk) -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    """Every customer's addresses and timeline, by id."""
    found = {}
    for customer in await desk.customers():
        timeline = await desk.inbox.customers.timeline(customer.id)
        found[customer.id] = (
            tuple(str(reached.address) for reached in customer.addresses),
            tuple(message.id for message in timeline),
        )
    return found


async def test_who_is_not_proven_is_accepted_only_if_that_is_meant(desk: Desk) -> None:
    """Every later forgery of the address would be this customer: nobody should decide that in passing."""
    await desk.heard("my order", who="a@b.example", on="letter")
    await desk.heard("what did I order?", who="a@b.example", on="letter", strength="asserted")
    real, claimed = (
        at("a@b.example", "letter"),
        at("a@b.example", "letter").model_copy(update={"scope": "unproven"}),
    )
    with pytest.raises(UsageError, match="even_unproven=True"):
        await desk.inbox.identity.merge(real, claimed, actor="Ann")
    assert len(await desk.customers()) == 2
    accepted = await desk.inbox.identity.merge(real, claimed, actor="Ann", even_unproven=True)
    assert {reached.address for reached in accepted.addresses} == {real, claimed}
