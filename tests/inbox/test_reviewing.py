"""What people are asked first, what their answers teach, and samples of what a view joins."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from random import Random

import pytest

from omnichannel.errors import NotFound, UsageError
from omnichannel.identity import Entry
from omnichannel.inbox import judging, suggesting
from omnichannel.inbox.auditing import Reservoir
from omnichannel.model import Address, Evidence, Purpose, Strength, Suggestion
from omnichannel.store import Tx, judged
from tests.inbox.desk import Desk, at

ASSIST, DISCLOSE = Purpose.ASSIST, Purpose.DISCLOSE
ANNA = {"name": "Anna Vermeulen", "street": "Kerkstraat 12", "city": "Utrecht", "born": "1984-05-17"}


def email(value: str) -> Address:
    return Address(kind="email", value=value)


async def two_alike(desk: Desk, number: int = 0) -> Suggestion:
    """Two customers who are alike by name, street and date of birth; what is suggested of them."""
    name = f"Anna Vermeulen{'abcdefghijklmnopqrstuvwxyz'[number % 26]}{'abcdefghijklmnopqrstuvwxyz'[number // 26]}"
    one, two = email(f"anna.v{number}@b.example"), Address(kind="phone", value=f"+316123{number:05}")
    facts = ANNA | {"name": name, "street": f"Kerkstraat {number + 1}"}
    await desk.inbox.identity.observe(one, facts=facts)
    await desk.inbox.identity.observe(two, facts=facts)
    await desk.inbox.work()
    every = await desk.inbox.identity.suggestions(most=1000)
    return next(each for each in every if {each.one, each.other} == {one, two})


# ----------------------------------------------------------------------------------------- order and reasons


async def test_a_suggestion_by_likeness_has_the_weight_of_each_reason_and_they_add_up(desk: Desk) -> None:
    """What tells, what strangers have in common, and what was so before: together the odds."""
    found = await two_alike(desk)
    assert found.weights[0].field == "before"
    assert {"given", "family", "born"} <= {weight.field for weight in found.weights}
    odds = sum(weight.bits for weight in found.weights)
    assert found.likely == pytest.approx(1 / (1 + 2**-odds), abs=0.02)


async def test_a_suggestion_by_words_has_no_weights(desk: Desk) -> None:
    """Nobody weighed it: somebody said so."""
    await desk.inbox.identity.observe(email("anna@b.example"), strength=Strength.VERIFIED)
    await desk.heard("I am anna@b.example", who="anna")
    (found,) = await desk.inbox.identity.suggestions()
    assert found.weights == ()
    assert found.likely == 0.97


async def test_first_comes_what_is_nearly_sure_and_what_is_about_many_messages(desk: Desk) -> None:
    """By what a decision is expected to put right; the list is in order of `worth`, and `most` cuts it."""
    await two_alike(desk, 1)
    busy = await two_alike(desk, 2)
    for number in range(9):
        await desk.heard(f"hello {number}", who="m")
    said = Evidence(address=busy.one, strength=Strength.VERIFIED, method="login")
    await desk.inbox.identity.observe(at("m"), [said])
    every = await desk.inbox.identity.suggestions()
    assert len(every) >= 2
    assert every[0].one in (busy.one, busy.other)
    assert all(one.worth >= other.worth for one, other in pairwise(every))
    assert await desk.inbox.identity.suggestions(most=1) == every[:1]


@pytest.mark.parametrize("same", [True, False])
async def test_however_few_are_looked_at_deciding_brings_the_others(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, same: bool
) -> None:
    """What was decided makes room: nothing waits for ever behind it, and what is taken back comes again."""
    for number in range(4):
        await two_alike(desk, number)
    await desk.heard("I am anna.v9@b.example", who="typed")
    await desk.inbox.identity.observe(email("anna.v9@b.example"), strength=Strength.VERIFIED)
    every = await desk.inbox.identity.suggestions()
    monkeypatch.setattr(suggesting, "LOOKED_AT", 1)
    decided: list[list[str]] = []
    while found := await desk.inbox.identity.suggestions(most=1):
        (one,) = found
        if same:
            await desk.inbox.identity.merge(one.one, one.other, actor="zoe")
            customer = await desk.inbox.customers.find(one.one)
            assert customer is not None
            accepted = [c.id for c in await desk.inbox.identity.claims(customer.id) if c.method == "accept"]
            decided.append(accepted)
        else:
            decided.append(await desk.inbox.identity.refuse(one.one, one.other, actor="zoe"))
    assert 5 <= len(decided) <= len(every)
    assert same or len(decided) == len(every)
    await desk.inbox.identity.undo(decided[0], actor="zoe")
    assert await desk.inbox.identity.suggestions() != []


# ------------------------------------------------------------------------------------- what decisions teach


async def test_a_decision_about_two_who_are_alike_is_kept_with_what_was_stated(desk: Desk) -> None:
    """Before any curve: the model's own probability. What nobody had suggested by likeness is not kept."""
    found = await two_alike(desk)
    await desk.inbox.identity.accept(found.id, actor="zoe")
    await desk.heard("hi", who="x")
    await desk.heard("hi", who="y")
    await desk.inbox.identity.refuse(at("x"), at("y"), actor="zoe")
    (kept,) = await desk.inbox.run_job(judged.stated)
    assert (kept.same, kept.stated) == (True, pytest.approx(found.likely, abs=0.001))


async def decide(desk: Desk, stated: float, same: bool, times: int) -> None:
    """So many judged pairs, as an audit leaves them."""

    def job(tx: Tx) -> None:
        audit = judged.draw(tx, "assist", [(1, 2, stated)] * times, whole=True)
        for row in judged.of_audit(tx, audit):
            judged.judge(tx, row.id, same=same, actor="zoe")

    await desk.inbox.run_job(job)


async def test_few_decisions_change_nothing_and_enough_of_them_put_probabilities_right(desk: Desk) -> None:
    """Where 0.98 is right every second time, it is 0.98 no more."""
    first = await two_alike(desk)
    assert first.likely > 0.5
    half = (judging.ENOUGH - 2) // 2
    for same in (True, False):
        await decide(desk, first.likely, same, half)
    await desk.inbox.identity.learn()
    assert await desk.inbox.run_job(lambda tx: judging.calibrated(tx)(0.97)) == 0.97

    for same in (True, False):
        await decide(desk, first.likely, same, 1)
    await desk.inbox.identity.learn()
    curve = await desk.inbox.run_job(judging.calibrated)
    assert curve(first.likely) == pytest.approx(0.5, abs=0.1)
    assert curve(0.0) < 0.01
    assert all(curve(step / 100) <= curve((step + 1) / 100) for step in range(100))


async def test_what_is_suggested_next_states_the_probability_that_people_bore_out(desk: Desk) -> None:
    """And what was found before is stated anew when the store learns."""
    first = await two_alike(desk)
    await decide(desk, first.likely, True, judging.ENOUGH // 2)
    await decide(desk, first.likely, False, judging.ENOUGH // 2)
    await desk.inbox.identity.learn()
    after = await desk.inbox.identity.suggestions()
    assert [one.likely for one in after if one.one == first.one] != [first.likely]


async def test_a_decision_that_was_taken_back_teaches_nothing(desk: Desk) -> None:
    """As if it had never been made."""
    found = await two_alike(desk)
    refusal = await desk.inbox.identity.refuse(found.one, found.other, actor="zoe")
    await decide(desk, 0.9, True, judging.ENOUGH - 1)
    assert await desk.inbox.run_job(judging.curve) != ""
    await desk.inbox.identity.undo(refusal, actor="zoe")
    assert await desk.inbox.run_job(judging.curve) == ""


# --------------------------------------------------------------------------------------------------- audits


async def proven(desk: Desk, number: int) -> None:
    """One customer with two addresses, by log-in."""
    said = Evidence(address=email(f"p{number}@b.example"), strength=Strength.VERIFIED, method="login")
    await desk.heard("hi", who=f"p{number}")
    await desk.inbox.identity.observe(at(f"p{number}"), [said])


async def test_an_audit_to_disclose_draws_proven_pairs_each_with_its_reasons(desk: Desk) -> None:
    for number in range(6):
        await proven(desk, number)
    await desk.heard("alone", who="alone")
    found = await desk.inbox.identity.audit(DISCLOSE, sample=4)
    assert len({frozenset((pair.one, pair.other)) for pair in found.pairs}) == 4
    assert all("logged in" in pair.because[0] for pair in found.pairs)
    assert (found.judged, found.wrong, found.low, found.high, found.whole) == (0, 0, 0.0, 1.0, False)
    every = await desk.inbox.identity.audited(DISCLOSE)
    assert every == found


async def test_an_audit_to_assist_draws_only_what_nothing_proves(desk: Desk) -> None:
    """Apart from what is proven: it is the unproven joins that the assist view adds."""
    await proven(desk, 1)
    await desk.inbox.identity.observe(email("anna@b.example"), strength=Strength.VERIFIED)
    await desk.heard("I am anna@b.example", who="anna")
    await desk.heard("call me on +31612345678", who="bea")
    await desk.inbox.identity.observe(Address(kind="phone", value="+31612345678"), strength=Strength.VERIFIED)
    found = await desk.inbox.identity.audit(sample=10)
    assert {str(end) for pair in found.pairs for end in (pair.one, pair.other)} == {
        "chat::anna", "email::anna@b.example", "chat::bea", "phone::+31612345678",
    }  # fmt: skip
    assert found.whole
    assert all(pair.likely is None for pair in found.pairs)


async def test_pairs_that_likeness_joins_are_drawn_with_what_it_stated(desk: Desk) -> None:
    await two_alike(desk)
    found = await desk.inbox.identity.audit(Purpose.ANALYTICS, sample=5)
    (pair,) = found.pairs
    assert pair.likely is not None
    assert pair.likely > 0.5
    assert pair.weights[0].field == "before"


async def test_what_is_judged_gives_the_bound_and_what_is_wrong_is_parted(desk: Desk) -> None:
    """Judged the same, a pair stays as it is; judged two people's, it is refused for ever."""
    for number in range(3):
        await proven(desk, number)
    found = await desk.inbox.identity.audit(DISCLOSE, sample=3)
    first, second, _ = found.pairs
    await desk.inbox.identity.judge(first.id, same=True, actor="zoe")
    await desk.inbox.identity.judge(second.id, same=False, actor="zoe", because="two sisters")
    seen = await desk.inbox.identity.audited(DISCLOSE)
    assert seen is not None
    assert (seen.judged, seen.wrong) == (2, 1)
    assert (seen.low, seen.high) == (pytest.approx(0.0126, abs=1e-4), pytest.approx(0.9874, abs=1e-4))
    assert seen.most == pytest.approx(0.9747, abs=1e-4)
    parted = await desk.inbox.customers.find(second.one)
    assert parted is not None
    assert second.other not in {reached.address for reached in parted.addresses}
    await desk.inbox.identity.judge(second.id, same=None, actor="zoe")
    again = await desk.inbox.customers.find(second.one)
    assert again is not None
    assert second.other in {reached.address for reached in again.addresses}
    seen = await desk.inbox.identity.audited(DISCLOSE)
    assert seen is not None
    assert (seen.judged, seen.wrong) == (1, 0)


async def test_an_audit_goes_on_where_it_stopped_and_a_new_one_comes_after_its_last_pair(desk: Desk) -> None:
    for number in range(3):
        await proven(desk, number)
    found = await desk.inbox.identity.audit(DISCLOSE, sample=2)
    await desk.inbox.identity.judge(found.pairs[0].id, same=True, actor="zoe")
    again = await desk.inbox.identity.audit(DISCLOSE, sample=99)
    assert again.id == found.id
    await desk.inbox.identity.judge(found.pairs[1].id, same=True, actor="zoe")
    new = await desk.inbox.identity.audit(DISCLOSE, sample=99)
    assert new.id != found.id
    assert len(new.pairs) == 3
    assert new.whole


async def test_what_is_not_there_cannot_be_audited_or_judged(desk: Desk) -> None:
    empty = await desk.inbox.identity.audit(DISCLOSE)
    assert (empty.pairs, empty.whole) == ((), True)
    assert await desk.inbox.identity.audited(ASSIST) is None
    with pytest.raises(UsageError, match="300 without a mistake"):
        await desk.inbox.identity.audit(sample=0)
    with pytest.raises(NotFound):
        await desk.inbox.identity.judge("nobody", same=True, actor="zoe")
    unknown = await desk.inbox.run_job(lambda tx: tx.ids.show("pair", 7))
    with pytest.raises(NotFound, match="no such pair"):
        await desk.inbox.identity.judge(unknown, same=True, actor="zoe")


def test_each_of_a_stream_is_as_likely_to_be_drawn() -> None:
    """Wherever in the stream it stands: over many seeds, two of five are drawn two times in five."""
    drawn: Counter[int] = Counter()
    for seed in range(3000):
        found = Reservoir[Entry](2, Random(seed))
        for number in range(1, 6):
            found.add(Entry(number, "share", number))
        assert (len(found.kept), found.seen) == (2, 5)
        drawn.update(entry.id for entry in found.kept)
    assert all(count == pytest.approx(1200, abs=100) for count in drawn.values())
