"""Customers for a purpose: what reveals rests on proof, what assists is marked; addresses are shared, and change hands."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from omnichannel.clock import micros
from omnichannel.errors import Conflict, NotFound
from omnichannel.identity import POLICY, Kind, Method, Policy, derive
from omnichannel.inbox.merging import around
from omnichannel.model import Address, Evidence, Purpose, Strength
from omnichannel.store import Tx, people
from tests.engines import HandClock
from tests.inbox.desk import Desk, at

ASSIST, DISCLOSE = Purpose.ASSIST, Purpose.DISCLOSE
MAIL = Address(kind="email", value="anna@b.example")


def addresses(customer) -> set[str]:
    return {str(reached.address) for reached in customer.addresses}


# ---------------------------------------------------------------------------------------------------- purposes


async def test_what_somebody_types_is_theirs_to_assist_and_marked_and_never_to_disclose(desk: Desk) -> None:
    await desk.heard("by mail", who="anna@b.example", on="letter", name="Anna Berg")
    await desk.inbox.identity.observe(MAIL, strength=Strength.VERIFIED)
    await desk.heard("I am anna@b.example", who="anna")
    seen = await desk.inbox.customers.find(at("anna"), purpose=ASSIST)
    assert seen is not None
    assert {str(r.address): r.unproven for r in seen.addresses} == {
        "email::anna@b.example": True,
        "chat::anna": False,
    }
    told = await desk.inbox.customers.find(at("anna"))
    assert told is not None
    assert addresses(told) == {"chat::anna"}
    why = await desk.inbox.identity.explain(at("anna"), MAIL, purpose=ASSIST)
    assert why == ["email::anna@b.example and chat::anna: wrote anna@b.example in a message (asserted)"]
    assert "nothing proves" in (await desk.inbox.identity.explain(at("anna"), MAIL))[0]


async def test_the_timeline_to_assist_holds_what_is_only_said_to_be_theirs(desk: Desk) -> None:
    await desk.heard("proven", who="a")
    await desk.heard("call me on +31612345678", who="b")
    await desk.inbox.identity.observe(
        at("a"),
        [
            Evidence(
                address=Address(kind="phone", value="+31612345678"),
                strength=Strength.VERIFIED,
                method="login",
            )
        ],
    )
    customer = await desk.customer("b")
    proven = await desk.inbox.customers.timeline(customer.id)
    assisting = await desk.inbox.customers.timeline(customer.id, purpose=ASSIST)
    assert [message.text for message in proven] == ["call me on +31612345678"]
    assert [message.text for message in assisting] == ["proven", "call me on +31612345678"]


async def test_names_of_two_people_keep_a_typed_address_from_joining_them(desk: Desk) -> None:
    """Whoever types somebody else's address under their own name is not shown as them, not even to assist."""
    await desk.inbox.identity.observe(MAIL, facts={"name": "Anna Berg"}, strength=Strength.VERIFIED)
    await desk.heard("I am anna@b.example", who="mal", name="Igor Petrov")
    seen = await desk.inbox.customers.find(at("mal"), purpose=ASSIST)
    assert seen is not None
    assert addresses(seen) == {"chat::mal"}
    (why,) = await desk.inbox.identity.explain(at("mal"), MAIL, purpose=ASSIST)
    assert "two people's names" in why


async def test_each_claimed_the_other_so_they_are_one(desk: Desk) -> None:
    """Two claims, one from each side: nobody but the owner of both could have made the two."""
    phone = Address(kind="phone", value="+31612345678")
    said = Evidence(address=phone, strength=Strength.ASSERTED, method="text")
    back = Evidence(address=at("anna"), strength=Strength.ASSERTED, method="text")
    await desk.heard("hi", who="anna")
    await desk.inbox.identity.observe(at("anna"), [said], strength=Strength.VERIFIED)
    assert addresses(await desk.customer("anna")) == {"chat::anna"}
    await desk.inbox.identity.observe(phone, [back], strength=Strength.VERIFIED)
    assert addresses(await desk.customer("anna")) == {"chat::anna", str(phone)}


# ------------------------------------------------------------------------------------------------------ shared


async def test_an_address_that_two_people_write_from_is_nobodys(desk: Desk) -> None:
    """A family's mailbox: its proofs join nobody any more, and what they joined is parted again."""
    home = "letter::home@b.example"
    desk.policy = replace(POLICY, kinds={**POLICY.kinds, "letter": Kind(10)})
    desk.again()
    await desk.heard("hi", who="anna", also=[home], name="Anna Berg")
    await desk.heard("from home", who="home@b.example", on="letter", name="Anna Berg")
    assert addresses(await desk.customer("anna")) == {"chat::anna", home}
    await desk.heard("from home", who="home@b.example", on="letter", name="Pieter Smit", id="l2")
    assert addresses(await desk.customer("anna")) == {"chat::anna"}
    (parted,) = await desk.happened("customer.separated")
    assert parted.detail["because"] == "another name was used"
    (why,) = await desk.inbox.identity.explain(at("anna"), at("home@b.example", "letter"))
    assert "Anna Berg and Pieter Smit use it" in why


async def test_the_words_that_show_two_people_are_not_put_into_the_others_conversation(desk: Desk) -> None:
    """Whoever parts them by writing is told apart for this very message already."""
    desk.policy = replace(POLICY, kinds={**POLICY.kinds, "chat": Kind(10)})
    desk.again()
    await desk.heard("hello", name="Anna Berg")
    await desk.heard("from home", who="home", on="other", name="Anna Berg")
    for asked in await desk.conversations():
        await desk.inbox.conversations.close(asked.id)
    desk.clock.advance(days=60)
    annas = await desk.heard("my invoice is wrong", also=["chat::home"], name="Anna Berg", id="m2")
    pieters = await desk.heard("and mine", who="home", on="other", name="Pieter Smit", id="o2")
    assert addresses(await desk.customer("anna")) == {"chat::anna"}
    assert pieters.conversation != annas.conversation


async def test_an_operator_says_that_an_address_is_shared_and_takes_it_back(desk: Desk) -> None:
    desk_phone = Address(kind="phone", value="+31201234567")
    await desk.heard("hi", who="anna", also=[str(desk_phone)])
    ids = await desk.inbox.identity.share(desk_phone, actor="zoe", because="their reception")
    assert addresses(await desk.customer("anna")) == {"chat::anna"}
    with pytest.raises(Conflict, match="their reception"):
        await desk.inbox.identity.merge(at("anna"), desk_phone, actor="zoe")
    await desk.inbox.identity.undo(ids, actor="zoe")
    assert addresses(await desk.customer("anna")) == {"chat::anna", str(desk_phone)}


async def test_a_placeholder_joins_nobody(desk: Desk) -> None:
    nowhere = "email::test@b.example"
    for who in ("anna", "ben"):
        await desk.heard("hi", who=who, also=[nowhere])
    assert addresses(await desk.customer("anna")) == {"chat::anna"}


# ----------------------------------------------------------------------------------------------- change of hands


PHONE = Address(kind="phone", value="+31687654321")


async def test_a_number_that_is_given_out_again_is_somebody_elses(desk: Desk, clock: HandClock) -> None:
    """Its old owner keeps what was said by then; the new one starts with nothing."""
    await desk.heard("I am the first", who="anna", also=[str(PHONE)])
    clock.advance(days=90)
    await desk.heard("I am the second", who="ben", also=[str(PHONE)])
    anna, ben = await desk.customer("anna"), await desk.customer("ben")
    assert anna.id != ben.id
    assert addresses(anna) == {"chat::anna", str(PHONE)}
    assert addresses(ben) == {"chat::ben", str(PHONE)}
    assert [r.since is not None for r in ben.addresses if r.address == PHONE] == [True]
    assert (await desk.inbox.customers.find(PHONE)) == ben
    assisted = await desk.inbox.customers.find(PHONE, purpose=ASSIST)
    assert assisted is not None
    assert addresses(assisted) == {"chat::ben", str(PHONE)}
    assert await desk.happened("address.changed_hands")


async def test_who_writes_on_keeps_the_number(desk: Desk, clock: HandClock) -> None:
    """A new account at a number that its owner used all the time is the owner's, not a new owner's."""
    for number in range(10):
        await desk.heard(f"still me {number}", who="anna", also=[str(PHONE)])
        clock.advance(days=10)
    await desk.heard("my new phone", who="anna2", also=[str(PHONE)])
    assert await desk.customer("anna") == await desk.customer("anna2")
    proofs = [row for row in desk.state()["journal"] if row[6] == "platform_mapping"]
    assert len(proofs) < 10


async def test_soon_after_it_is_the_same_number_of_two_accounts(desk: Desk, clock: HandClock) -> None:
    await desk.heard("one", who="anna", also=[str(PHONE)])
    clock.advance(days=3)
    await desk.heard("two", who="anna2", also=[str(PHONE)])
    assert await desk.customer("anna") == await desk.customer("anna2")


async def test_messages_go_with_who_had_the_address_then(desk: Desk, clock: HandClock) -> None:
    """Proof that comes late moves what was said since: as if it had come in time."""
    phone = Address(kind="letter", value="0687654321")
    desk.policy = replace(POLICY, kinds={**POLICY.kinds, "letter": Kind(5, gap=45 * 86_400_000_000)})
    desk.again()
    await desk.heard("old", who="anna", also=[str(phone)])
    await desk.heard("old words", who=phone.value, on="letter")
    clock.advance(days=90)
    await desk.heard("new words", who=phone.value, on="letter", id="l2")
    before = await desk.inbox.customers.find(phone)
    assert before == await desk.customer("anna")
    await desk.heard("it is mine", who="ben", also=[str(phone)])
    later = await desk.inbox.customers.find(phone)
    assert later == await desk.customer("ben")
    clock.advance(minutes=1)
    await desk.heard("mine", who=phone.value, on="letter", id="l3")
    texts = {
        who: [m.text for m in await desk.inbox.customers.timeline((await desk.customer(who)).id)]
        for who in ("anna", "ben")
    }
    assert texts == {"anna": ["old", "old words"], "ben": ["new words", "it is mine", "mine"]}


async def test_who_left_an_address_leaves_nothing_there(desk: Desk, clock: HandClock) -> None:
    """An operator knows it at once; whoever writes from there next is a customer of their own."""
    await desk.heard("I am Anna", who="anna", also=["letter::0687654321"])
    await desk.heard("hers", who="0687654321", on="letter")
    anna, there = await desk.customer("anna"), Address(kind="letter", value="0687654321")
    clock.advance(days=1)
    ids = await desk.inbox.identity.leave(there, actor="zoe", because="she moved")
    clock.advance(days=1)
    await desk.heard("I am new here", who="0687654321", on="letter", id="l2")
    new = await desk.inbox.customers.find(there)
    assert new is not None
    assert new.id != anna.id
    assert [m.text for m in await desk.inbox.customers.timeline(new.id)] == ["I am new here"]
    assert [m.text for m in await desk.inbox.customers.timeline(anna.id)] == ["I am Anna", "hers"]
    await desk.inbox.identity.undo(ids, actor="zoe")
    assert await desk.inbox.customers.find(there) == await desk.customer("anna")
    assert [m.text for m in await desk.inbox.customers.timeline(anna.id)] == [
        "I am Anna",
        "hers",
        "I am new here",
    ]


async def test_who_comes_back_never_left(desk: Desk, clock: HandClock) -> None:
    await desk.heard("mine", who="anna", also=[str(PHONE)])
    clock.advance(days=1)
    await desk.inbox.identity.leave(PHONE, actor="zoe")
    assert await desk.inbox.customers.find(PHONE) != await desk.customer("anna")
    clock.advance(days=1)
    await desk.heard("mine after all", who="anna", also=[str(PHONE)])
    assert await desk.inbox.customers.find(PHONE) == await desk.customer("anna")


async def test_taking_the_proof_of_a_new_owner_back_takes_the_owner_back(
    desk: Desk, clock: HandClock
) -> None:
    await desk.heard("I am the first", who="anna", also=[str(PHONE)])
    clock.advance(days=90)
    await desk.heard("I am the second", who="ben", also=[str(PHONE)])
    assert await desk.inbox.customers.find(PHONE) == await desk.customer("ben")
    [claim] = [
        claim
        for claim in await desk.inbox.identity.claims((await desk.customer("ben")).id)
        if claim.method == "platform_mapping"
    ]
    await desk.inbox.identity.undo([claim.id], actor="zoe")
    assert await desk.inbox.customers.find(PHONE) == await desk.customer("anna")


# ---------------------------------------------------------------------------------------------------- time, policy


async def test_as_of_a_moment_it_is_as_it_was_known(desk: Desk, clock: HandClock) -> None:
    await desk.heard("by letter", who="a@b.example", on="letter")
    await desk.heard("by chat")
    start = clock.now()
    clock.advance(days=1)
    await desk.heard("it is me", also=["letter::a@b.example"])
    merged = clock.now()
    clock.advance(days=1)
    await desk.inbox.identity.unmerge(at("anna"), at("a@b.example", "letter"), actor="zoe")
    box = desk.inbox.identity
    assert await box.as_of(start, at("anna")) == (at("anna"),)
    assert set(await box.as_of(merged, at("anna"))) == {at("anna"), at("a@b.example", "letter")}
    assert await box.as_of(clock.now(), at("anna")) == (at("anna"),)
    with pytest.raises(NotFound):
        await box.as_of(start, at("nobody"))


async def test_a_policy_decides_what_a_method_may_prove(desk: Desk) -> None:
    methods = {**POLICY.methods, "platform_mapping": Method(Strength.ASSERTED, "the platform guesses")}
    desk.policy = Policy(methods=methods)
    desk.again()
    await desk.heard("hi", also=["letter::a@b.example"])
    assert addresses(await desk.customer("anna")) == {"chat::anna"}
    (suggestion,) = await desk.inbox.identity.suggestions()
    assert suggestion.because == ("the platform guesses",)


async def test_a_stricter_policy_parts_whom_it_no_longer_joins(
    shared_url: str, desks: Callable[..., Desk]
) -> None:
    """And a laxer one joins them again: customers follow the policy, not the time when evidence came."""
    desk = desks(shared_url)
    await desk.heard("hi", also=["letter::a@b.example"])
    await desk.inbox.work()
    assert len((await desk.customer("anna")).addresses) == 2
    methods = {**POLICY.methods, "platform_mapping": Method(Strength.ASSERTED, "the platform guesses")}
    for policy, together in ((Policy(methods=methods), 1), (POLICY, 2)):
        desk.policy = policy
        desk.again()
        await desk.inbox.work()
        assert len((await desk.customer("anna")).addresses) == together


async def test_a_claim_says_when_it_expires(desk: Desk, clock: HandClock) -> None:
    lasts = 30 * 86_400_000_000
    methods = {**POLICY.methods, "mentioned": replace(POLICY.methods["mentioned"], lasts=lasts)}
    desk.policy = Policy(methods=methods)
    desk.again()
    await desk.heard("I am a@b.example")
    claims = await desk.inbox.identity.claims((await desk.customer("anna")).id)
    (claim,) = [claim for claim in claims if claim.method == "mentioned"]
    assert claim.expires_at is not None
    assert micros(claim.expires_at) == micros(clock.now()) + lasts


async def test_proof_that_expires_joins_until_then(desk: Desk, clock: HandClock) -> None:
    """A log-in may prove for a day: after it they are two again, and nobody has to ask first."""
    methods = {
        **POLICY.methods,
        "platform_mapping": Method(Strength.VERIFIED, "for a day", lasts=86_400_000_000),
    }
    desk.policy = Policy(methods=methods)
    desk.again()
    await desk.heard("hi", also=["letter::a@b.example"])
    assert len((await desk.customer("anna")).addresses) == 2
    clock.advance(hours=23)
    await desk.inbox.work()
    assert len((await desk.customer("anna")).addresses) == 2
    clock.advance(hours=2)
    await desk.inbox.work()
    assert len((await desk.customer("anna")).addresses) == 1
    (parted,) = await desk.happened("customer.separated")
    assert parted.detail["because"] == "evidence has expired"


async def test_past_a_shared_address_nothing_is_worked_out_anew(desk: Desk) -> None:
    """A kiosk's thousandth log-in concerns nobody but who logs in."""
    kinds = {**POLICY.kinds, "letter": Kind(50, device=True)}
    desk.policy = Policy(kinds=kinds)
    desk.again()
    for number in range(6):
        await desk.heard("hi", who=f"p{number}", also=["letter::kiosk"])
    found = await desk.inbox.run_job(lambda tx: around(tx, [people.find(tx, at("p5")).id]))  # type: ignore[union-attr]
    assert {found.people[number].value for number in found.inner} == {"p5", "kiosk"}
    assert {len(customer.addresses) for customer in await desk.customers()} == {1}


async def test_a_suggestion_is_accepted_by_its_id(desk: Desk) -> None:
    await desk.inbox.identity.observe(MAIL, strength=Strength.VERIFIED)
    await desk.heard("I am anna@b.example")
    (suggestion,) = await desk.inbox.identity.suggestions()
    customer = await desk.inbox.identity.accept(suggestion.id, actor="zoe")
    assert addresses(customer) == {"chat::anna", "email::anna@b.example"}
    assert await desk.inbox.identity.suggestions() == []


# ------------------------------------------------------------------------------------------------- exactness


WHO = ("p0", "p1", "p2", "p3", "p4")
NAMES = ("Anna Berg", "A. Berg", "Pieter Smit", "")
who = st.sampled_from(WHO)
doings = st.lists(
    st.tuples(st.just("say"), who, who, st.sampled_from(NAMES), st.booleans())
    | st.tuples(
        st.sampled_from(["merge", "refuse", "share", "unmerge"]), who, who, st.just(""), st.booleans()
    )
    | st.tuples(st.just("wait"), who, who, st.just(""), st.booleans()),
    min_size=1,
    max_size=16,
)


@pytest.mark.slow
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(doings)
def test_what_the_store_keeps_is_what_all_of_its_evidence_gives(steps: list) -> None:
    """P4: after every step each customer is what deriving the whole journal from scratch makes of it."""

    async def story() -> None:
        kinds = {**POLICY.kinds, "chat": Kind(3, account=True), "letter": Kind(4, gap=45 * 86_400_000_000)}
        clock = HandClock()
        desk = Desk("sqlite:///:memory:", clock, policy=replace(POLICY, kinds=kinds))
        for number, (what, one, other, name, flag) in enumerate(steps):
            await _do(desk, clock, number, what, one, other, name, flag=flag)
            kept, derived = await desk.inbox.run_job(_kept), await desk.inbox.run_job(_derived)
            assert kept == derived
        await desk.inbox.close()

    asyncio.run(story())


async def _do(
    desk: Desk, clock: HandClock, number: int, what: str, one: str, other: str, name: str, *, flag: bool
) -> None:
    box, kind = desk.inbox.identity, "letter" if flag else "chat"
    try:
        if what == "say":
            await desk.heard(f"text {number}", who=one, name=name, also=[f"{kind}::{other}"])
        elif what == "wait":
            clock.advance(days=60)
        elif what == "share":
            await box.share(at(one, kind), actor="zoe")
        elif one != other or kind != "chat":
            await getattr(box, what)(at(one), at(other, kind), actor="zoe")
    except (Conflict, NotFound):
        return


def _kept(tx: Tx) -> dict[int, int]:
    rows = tx.all("SELECT id, customer FROM addresses WHERE workspace = ?", tx.ws)
    return {int(str(number)): int(str(customer)) for number, customer in rows}


def _derived(tx: Tx) -> dict[int, int]:
    everything = around(tx, _kept(tx))
    return dict(derive(everything.points, everything.entries, policy=tx.policy).customer_of)


# ------------------------------------------------------------------------------------------------------- likeness


async def test_who_is_alike_is_suggested_with_the_reasons_and_joined_only_to_assist(desk: Desk) -> None:
    """Nothing is proven by likeness: to disclose they stay two, whatever it says."""
    box = desk.inbox.identity
    said = {
        "name": "Wilhelmina Overkamp",
        "street": "Kerkstraat 12",
        "postcode": "3511 AB",
        "born": "1961-03-07",
    }
    await box.observe(at("mina", "letter"), facts=said)
    await box.observe(at("wil"), facts={**said, "name": "Wilhelmina Overkamp-Smit"})
    await box.observe(at("other"), facts={"name": "Piet Jansen", "born": "1990-01-02"})
    await desk.inbox.work()
    (suggestion,) = await box.suggestions()
    assert {suggestion.one, suggestion.other} == {at("mina", "letter"), at("wil")}
    assert suggestion.strength is Strength.INFERRED
    assert "the same" in suggestion.because[0]
    assert len((await desk.customer("wil")).addresses) == 1
    seen = await desk.inbox.customers.find(at("wil"), purpose=ASSIST)
    assert seen is not None
    assert [reached.unproven for reached in seen.addresses if reached.address != at("wil")] == [True]


async def test_what_turns_out_to_be_common_is_weighed_anew_and_taken_back(desk: Desk) -> None:
    """The first two of a name look alike; when thirty have it, learning says that a name alone tells little."""
    box = desk.inbox.identity
    for number in range(30):
        await box.observe(at(f"p{number}"), facts={"name": "Jan Jansen"})
        await desk.inbox.work()
    await box.learn()
    assert await box.suggestions() == []


async def test_studying_again_adds_nothing(desk: Desk) -> None:
    box = desk.inbox.identity
    said = {"name": "Wilhelmina Overkamp", "born": "1961-03-07", "postcode": "3511AB"}
    for who in ("a", "b"):
        await box.observe(at(who), facts=said)
    await desk.inbox.work()
    before = desk.state("happenings", "workspaces")
    await box.observe(at("a"), facts=said)
    await desk.inbox.work()
    assert desk.state("happenings", "workspaces") == before


async def test_a_store_learns_from_what_it_knows(desk: Desk) -> None:
    """The first version is one; learning again makes another, and both are kept."""
    box = desk.inbox.identity
    for number in range(40):
        said = {"name": f"Name{number % 20} Family{number % 20}", "born": f"19{40 + number % 20}-02-03"}
        await box.observe(at(f"p{number}"), facts=said)
    assert [await box.learn(), await box.learn()] == [1, 2]
    assert len(desk.state()["models"]) == 2
