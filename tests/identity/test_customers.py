"""Customers are a pure function of the journal's live entries; a merge can be undone exactly."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from omnichannel.errors import Conflict
from omnichannel.identity import (
    DISCLOSE,
    Entry,
    Partition,
    check_accept,
    derive,
    joins,
    live,
    path,
    undo,
    unmerge,
)
from omnichannel.model import Strength

from .journals import ADDRESSES, accept, claim, journals, kept, refuse, revoke, shared_addresses


def customers(journal: list[Entry], shared=frozenset(), addresses=ADDRESSES) -> set[frozenset[int]]:
    return sides(derive(addresses, journal, shared))


def sides(partition: Partition) -> set[frozenset[int]]:
    return {frozenset(partition.members(customer)) for customer in set(partition.customer_of.values())}


def oracle(journal: list[Entry], shared=frozenset(), addresses=ADDRESSES) -> set[frozenset[int]]:
    """The same, as slowly and as plainly as it can be said."""
    counted = live(journal)
    never = [set(entry.pair) for entry in counted if entry.kind == "refuse"]
    links = [entry for entry in counted if entry.kind != "refuse" and joins(entry)]
    links.sort(key=lambda entry: (DISCLOSE.strength(entry) != Strength.VERIFIED, entry.at, entry.pair))
    groups = [{address} for address in addresses]
    for link in links:
        touched = [group for group in groups if group & set(link.pair)]
        together = set().union(*touched)
        if not (set(link.pair) & shared) and not any(pair <= together for pair in never):
            groups = [group for group in groups if group not in touched] + [together]
    return {frozenset(group) for group in groups}


# Each case: the journal, and the customers of more than one address that follow from it.
CASES = {
    "nothing": ([], []),
    "verified joins": ([claim(1, 1, 2)], [{1, 2}]),
    "attested joins": ([claim(1, 1, 2, "attested", method="import")], [{1, 2}]),
    "an operator joins": ([accept(1, 1, 2)], [{1, 2}]),
    "asserted does not": ([claim(1, 1, 2, "asserted")], []),
    "inferred does not": ([claim(1, 1, 2, "inferred")], []),
    "what was typed proves nothing, whoever says so": ([claim(1, 1, 2, "verified", method="text")], []),
    "a method of somebody else's is believed": ([claim(1, 1, 2, "verified", method="bank-id")], [{1, 2}]),
    "a chain": ([claim(1, 1, 2), claim(2, 2, 3), claim(3, 5, 6)], [{1, 2, 3}, {5, 6}]),
    "revoked": ([claim(1, 1, 2), revoke(2, claim(1, 1, 2))], []),
    "refused before": ([refuse(1, 1, 2), claim(2, 1, 2)], []),
    "refused after": ([claim(1, 1, 2), refuse(2, 2, 1)], []),
    "refused, whatever an operator says": ([refuse(1, 1, 2), accept(2, 1, 2)], []),
    "refusal taken back": ([claim(1, 1, 2), refuse(2, 1, 2), revoke(3, refuse(2, 1, 2))], [{1, 2}]),
    "refused through others": ([refuse(1, 1, 3), claim(2, 1, 2), claim(3, 2, 3)], [{1, 2}]),
    "the weaker link gives way": (
        [refuse(1, 1, 3), claim(2, 1, 2, "attested", method="import"), claim(3, 2, 3)],
        [{2, 3}],
    ),
    "of equals the younger gives way": (
        [refuse(1, 1, 3), claim(2, 1, 2, at=9), claim(3, 2, 3, at=8)],
        [{2, 3}],
    ),
    "a refusal about others changes nothing": ([claim(1, 1, 2), refuse(2, 1, 5)], [{1, 2}]),
    "a claim about the sender alone": ([Entry(1, "claim", 1, None, Strength.VERIFIED)], []),
}


@pytest.mark.parametrize("case", CASES)
def test_what_makes_one_customer(case: str) -> None:
    journal, expected = CASES[case]
    found = derive(ADDRESSES, journal)
    assert {group for group in sides(found) if len(group) > 1} == {frozenset(group) for group in expected}
    assert set(found.customer_of) == set(ADDRESSES)


def test_a_customer_is_called_after_its_smallest_address() -> None:
    """So an id once given out stays the number of an address, and finds its customer now."""
    found = derive(ADDRESSES, [claim(1, 6, 4), claim(2, 4, 7)])
    assert found.customer_of == {1: 1, 2: 2, 3: 3, 4: 4, 5: 5, 6: 4, 7: 4}
    assert found.members(4) == [4, 6, 7]
    assert found.members(7) == []
    assert not found.together(99, 99)


def test_a_shared_address_joins_nobody_and_says_so() -> None:
    """Two people who each prove that they read info@ are still two people."""
    found = derive(ADDRESSES, [claim(1, 1, 3), claim(2, 2, 3), claim(3, 1, 4)], shared={3})
    assert sides(found) == {frozenset({1, 4})} | {frozenset({n}) for n in (2, 3, 5, 6, 7)}
    assert [(refused.link.id, refused.refusal) for refused in found.refused_links] == [(1, None), (2, None)]


def test_a_link_that_is_refused_names_the_refusal() -> None:
    never = refuse(1, 1, 3, actor="kim")
    found = derive(ADDRESSES, [never, claim(2, 1, 2), claim(3, 2, 3)])
    assert [(refused.link.id, refused.refusal) for refused in found.refused_links] == [(3, never)]
    assert [link.id for link in found.links] == [2]


def test_evidence_that_leads_outside_is_an_error_not_a_wrong_customer() -> None:
    with pytest.raises(ValueError, match=r"address 9.*whole component"):
        derive([1, 2], [claim(1, 1, 2), claim(2, 2, 9)])


def test_what_does_not_join_may_lead_outside() -> None:
    journal = [claim(1, 1, 9, "asserted"), refuse(2, 2, 9), claim(3, 2, 8)]
    assert customers(journal, shared={8}, addresses=[1, 2]) == {frozenset({1}), frozenset({2})}


@settings(max_examples=400)
@given(journals(), shared_addresses)
def test_derive_is_the_definition(journal: list[Entry], shared: frozenset[int]) -> None:
    found = derive(ADDRESSES, journal, shared)
    event(f"largest customer: {max(len(group) for group in sides(found))}")
    event("something refused" if found.refused_links else "nothing refused")
    assert sides(found) == oracle(journal, shared)
    assert all(owner == min(found.members(owner)) for owner in found.customer_of.values())


@given(journals(), st.randoms(use_true_random=False))
def test_order_batches_and_repetition_do_not_matter(journal: list[Entry], random) -> None:
    """P1, P2: the whole answer is the same, with its links and its refusals, not only the groups."""
    again = journal + random.sample(journal, len(journal) // 2)
    random.shuffle(again)
    assert derive(ADDRESSES, again) == derive(ADDRESSES, journal)


@given(journals(), st.integers(0, 2**32))
def test_numbers_of_entries_do_not_matter(journal: list[Entry], salt: int) -> None:
    """Two stores that learned the same in another order divide alike."""
    renumbered = {entry.id: (entry.id * 7919 + salt) % 104729 + 1 for entry in journal}
    again = [
        Entry(
            renumbered[entry.id], entry.kind, entry.one, entry.other, entry.strength, entry.method,
            renumbered[entry.target] if entry.target else None, at=entry.at,
        )
        for entry in journal
    ]  # fmt: skip
    assert customers(again) == customers(journal)


@given(journals(), st.data())
def test_added_and_revoked_is_never_added(journal: list[Entry], data) -> None:
    """P3."""
    if not journal:
        return
    gone = data.draw(st.sampled_from(journal))
    assert customers(kept(journal, undo([gone], at=9))) == customers([e for e in journal if e != gone])


@given(journals(), shared_addresses)
def test_every_two_addresses_of_a_customer_have_a_path_of_live_links(journal, shared) -> None:
    """P6: from the one to the other, over evidence that counts, each step starting where the last ended."""
    found = derive(ADDRESSES, journal, shared)
    for one, other in combinations(ADDRESSES, 2):
        steps = path(found, one, other)
        assert bool(steps) == found.together(one, other)
        here = one
        for step in steps:
            assert step in live(journal)
            assert joins(step)
            assert here in step.pair
            here = sum(step.pair) - here
        assert not steps or here == other


@given(journals(), shared_addresses)
def test_no_refusal_is_ever_violated_and_nothing_else_keeps_people_apart(journal, shared) -> None:
    """P7, and its other half: evidence is left out only for a refusal or a shared address, which is named."""
    found = derive(ADDRESSES, journal, shared)
    for entry in live(journal):
        if entry.kind == "refuse":
            assert not found.together(*entry.pair)
        elif joins(entry) and not found.together(*entry.pair):
            refused = next(refused for refused in found.refused_links if refused.link == entry)
            if refused.refusal is None:
                assert set(entry.pair) & shared
            else:
                between = {found.customer_of[end] for end in refused.refusal.pair}
                assert between == {found.customer_of[end] for end in entry.pair}


@given(journals(), shared_addresses)
def test_shared_addresses_are_customers_of_their_own(journal, shared) -> None:
    assert {frozenset({address}) for address in shared} <= customers(journal, shared)


@given(
    journals(), st.lists(st.tuples(st.sampled_from(ADDRESSES), st.sampled_from(ADDRESSES), st.integers(1, 4)))
)
def test_whatever_unproven_senders_claim_changes_no_customer(journal, lies) -> None:
    """P8: any number of assertions, older or younger, by anybody about anybody, and even a journal row
    that calls a typed address verified."""
    told = [
        claim(1000 + nth, one, other, strength, at=at, method="text")
        for nth, (one, other, at) in enumerate(lies)
        if one != other
        for strength in (("asserted", "inferred", "verified")[nth % 3],)
    ]
    assert derive(ADDRESSES, [*journal, *told]) == derive(ADDRESSES, journal)


@given(journals(), journals(), shared_addresses)
def test_components_do_not_touch_each_other(left, right, shared) -> None:
    """P10: what is derived for one component alone is what is derived for it among others."""
    moved = [
        Entry(e.id + 1000, e.kind, e.one + 100, e.other + 100 if e.other else None, e.strength, e.method,
              e.target + 1000 if e.target else None, at=e.at)
        for e in right
    ]  # fmt: skip
    both = derive([*ADDRESSES, *(a + 100 for a in ADDRESSES)], [*left, *moved], shared)
    assert {g for g in sides(both) if min(g) < 100} == customers(left, shared)


# --- accept -------------------------------------------------------------------------------------------------


def test_accept_after_refuse_is_a_conflict_that_names_the_cure() -> None:
    journal = [refuse(4, 1, 2, actor="kim", because="two brothers")]
    with pytest.raises(Conflict, match=r"kim decided .*\(two brothers\); take back entry 4 first"):
        check_accept(derive(ADDRESSES, journal), journal, 2, 1)


def test_accept_between_the_customers_of_a_refused_pair_is_a_conflict() -> None:
    journal = [claim(1, 1, 2), claim(2, 3, 4), refuse(3, 1, 4)]
    with pytest.raises(Conflict, match="take back entry 3"):
        check_accept(derive(ADDRESSES, journal), journal, 2, 3)


def test_accept_of_a_shared_address_is_a_conflict() -> None:
    with pytest.raises(Conflict, match="several people share"):
        check_accept(derive(ADDRESSES, []), [], 1, 2, shared={2})


@given(journals(), shared_addresses, st.sampled_from(list(combinations(ADDRESSES, 2))))
def test_what_may_be_accepted_then_is_one_customer_and_what_may_not_would_not_be(
    journal, shared, pair
) -> None:
    found = derive(ADDRESSES, journal, shared)
    after = derive(ADDRESSES, kept(journal, [Entry(0, "accept", *pair, at=99)]), shared)
    try:
        check_accept(found, journal, *pair, shared=shared)
    except Conflict:
        assert not after.together(*pair)
    else:
        assert after.together(*pair)


# --- unmerge ------------------------------------------------------------------------------------------------


def test_unmerge_cuts_the_weakest_link_and_keeps_the_two_apart() -> None:
    journal = [claim(1, 1, 2), claim(2, 2, 3), accept(3, 3, 4)]
    appended = unmerge(journal, 1, 4, at=9, actor="kim", because="another Kim", source="d1")
    assert [(entry.kind, entry.target, entry.pair) for entry in appended] == [
        ("revoke", 3, (3, 4)),
        ("refuse", None, (1, 4)),
    ]
    assert {(entry.actor, entry.because, entry.source, entry.at) for entry in appended} == {
        ("kim", "another Kim", "d1", 9)
    }
    after = kept(journal, appended)
    assert frozenset({1, 2, 3}) in customers(after)
    later = [*after, claim(50, 3, 4), claim(51, 4, 5)]
    assert {frozenset({1, 2, 3}), frozenset({4, 5})} <= customers(later)


def test_unmerge_takes_back_every_link_between_the_sides() -> None:
    journal = [claim(1, 1, 2), claim(2, 2, 3), claim(3, 1, 3), claim(4, 2, 3, method="token")]
    appended = unmerge(journal, 2, 3, at=9)
    assert {entry.target for entry in appended if entry.kind == "revoke"} == {2, 3, 4}


def test_unmerge_takes_back_nothing_else() -> None:
    """Evidence that a refusal kept from joining before stays: without that refusal it would count again."""
    journal = [claim(1, 1, 2), refuse(2, 1, 5), claim(3, 1, 5), claim(4, 2, 5)]
    assert [(entry.kind, entry.target) for entry in unmerge(journal, 1, 2, at=9)] == [
        ("revoke", 1),
        ("refuse", None),
    ]


def test_unmerge_of_two_customers_is_a_conflict() -> None:
    with pytest.raises(Conflict, match="not one customer"):
        unmerge([claim(1, 1, 2)], 1, 3, at=9)


@given(journals(), shared_addresses, st.sampled_from(list(combinations(ADDRESSES, 2))), journals(most=6))
def test_unmerge_keeps_apart_and_undo_restores_exactly(journal, shared, pair, later) -> None:
    """What came later included: undone, all is as if it had never been done."""
    before = derive(ADDRESSES, journal, shared)
    if not before.together(*pair):
        with pytest.raises(Conflict):
            unmerge(journal, *pair, shared, at=9)
        return
    appended = unmerge(journal, *pair, shared, at=9, actor="kim")
    after = kept(journal, appended)
    assert not derive(ADDRESSES, after, shared).together(*pair)
    untouched = {group for group in sides(before) if not group & set(pair)}
    forbidden = [Entry(0, "refuse", *pair, at=9)]
    assert customers(after, shared) == oracle([*journal, *forbidden], shared)
    assert untouched <= customers(after, shared) or before.refused_links
    restored = kept(after, undo(after[len(journal) :], at=10))
    assert derive(ADDRESSES, restored, shared) == before
    moved = [
        Entry(e.id + 10_000, e.kind, e.one, e.other, e.strength, e.method,
              e.target + 10_000 if e.target else None, at=e.at + 20)
        for e in later
    ]  # fmt: skip
    assert not derive(ADDRESSES, [*after, *(e for e in moved if e.kind != "revoke")], shared).together(*pair)
    assert customers([*restored, *moved], shared) == customers([*journal, *moved], shared)
