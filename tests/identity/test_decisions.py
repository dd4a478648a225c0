"""What people decide: to accept, and to undo a merge exactly."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnichannel.errors import Conflict
from omnichannel.identity import POLICY, Entry, Purpose, check_accept, derive, undo, unmerge

from . import oracle
from .journals import ADDRESSES, POINTS, accept, claim, journals, kept, points, refuse, several, share, sides

PAIRS = st.sampled_from(list(combinations(ADDRESSES, 2)))


def customers(journal: list[Entry]) -> set[frozenset[int]]:
    return sides(derive(POINTS, journal))


# --- accept -------------------------------------------------------------------------------------------------


def test_accept_after_refuse_is_a_conflict_that_names_the_cure() -> None:
    journal = [refuse(4, 1, 2, actor="kim", because="two brothers")]
    with pytest.raises(Conflict, match=r"kim decided .*\(two brothers\); take back 4 first"):
        check_accept(derive(POINTS, journal), journal, 2, 1)


def test_accept_between_the_customers_of_a_refused_pair_is_a_conflict() -> None:
    journal = [claim(1, 1, 2), claim(2, 3, 4), refuse(3, 1, 4)]
    with pytest.raises(Conflict, match="take back 3"):
        check_accept(derive(POINTS, journal), journal, 2, 3)


def test_accept_of_a_shared_address_is_a_conflict() -> None:
    journal = [share(1, 2, because="the desk's")]
    with pytest.raises(Conflict, match=r"several people share .*\(the desk's\); choose another one"):
        check_accept(derive(POINTS, journal), journal, 1, 2)


def test_nothing_else_stands_in_an_operators_way() -> None:
    """Neither a limit, nor two people's names, nor that they are one already."""
    known = points("account", "account")
    journal = [refuse(1, 1, 9), Entry(2, "revoke", 1, 9, target=1, at=2)]
    check_accept(derive(known, journal), journal, 1, 2)
    after = [*journal, accept(3, 1, 2)]
    assert several(derive(known, after)) == [{1, 2}]
    check_accept(derive(known, after), after, 1, 2)


@given(journals(), PAIRS)
def test_what_may_be_accepted_is_one_customer_then(journal, pair) -> None:
    try:
        check_accept(derive(POINTS, journal), journal, *pair)
    except Conflict:
        return
    assert derive(POINTS, kept(journal, [Entry(0, "accept", *pair, at=99)])).together(*pair)


# --- unmerge ------------------------------------------------------------------------------------------------


def test_unmerge_cuts_the_weakest_link_and_keeps_the_two_apart() -> None:
    journal = [claim(1, 1, 2), claim(2, 2, 3), accept(3, 3, 4)]
    appended = unmerge(POINTS, journal, 1, 4, at=9, actor="kim", because="another Kim", source="d1")
    assert [(entry.kind, entry.target, entry.pair) for entry in appended] == [
        ("revoke", 3, (3, 4)),
        ("refuse", None, (1, 4)),
    ]
    assert {(entry.actor, entry.because, entry.source, entry.at) for entry in appended} == {
        ("kim", "another Kim", "d1", 9)
    }
    after = kept(journal, appended)
    assert several(derive(POINTS, after)) == [{1, 2, 3}]
    later = [*after, claim(50, 3, 4), claim(51, 4, 5)]
    assert several(derive(POINTS, later)) == [{1, 2, 3}, {4, 5}]


def test_unmerge_takes_back_every_link_between_the_sides() -> None:
    journal = [claim(1, 1, 2), claim(2, 2, 3), claim(3, 1, 3), claim(4, 2, 3, method="token")]
    appended = unmerge(POINTS, journal, 2, 3, at=9)
    assert {entry.target for entry in appended if entry.kind == "revoke"} == {2, 3, 4}


def test_unmerge_takes_back_nothing_else() -> None:
    """Evidence that a refusal kept from joining before stays: without that refusal it would count again."""
    journal = [
        claim(1, 1, 2),
        refuse(2, 1, 5),
        claim(3, 1, 5),
        claim(4, 2, 5),
        claim(5, 1, 2, "asserted", method="text"),
    ]
    appended = unmerge(POINTS, journal, 1, 2, at=9)
    assert [(entry.kind, entry.target) for entry in appended] == [("revoke", 1), ("refuse", None)]


def test_unmerge_takes_back_both_halves_of_a_mutual_claim() -> None:
    journal = [
        claim(1, 1, 2, "asserted", method="text"),
        claim(2, 2, 1, "asserted", method="text"),
        claim(3, 2, 3),
    ]
    appended = unmerge(POINTS, journal, 1, 3, at=9)
    assert [(entry.kind, entry.target) for entry in appended] == [
        ("revoke", 1),
        ("revoke", 2),
        ("refuse", None),
    ]
    assert several(derive(POINTS, kept(journal, appended))) == [{2, 3}]


def test_unmerge_of_two_customers_is_a_conflict() -> None:
    with pytest.raises(Conflict, match="not one customer"):
        unmerge(POINTS, [claim(1, 1, 2)], 1, 3, at=9)
    with pytest.raises(Conflict, match="not one customer"):
        unmerge(POINTS, [claim(1, 1, 2, "asserted", method="text")], 1, 2, at=9)


def test_unmerge_of_an_address_from_itself_is_an_error() -> None:
    with pytest.raises(ValueError, match="needs two"):
        unmerge(POINTS, [], 1, 1, at=9)


@given(journals(), PAIRS, journals(most=6))
def test_unmerge_keeps_apart_and_undo_restores_exactly(journal, pair, later) -> None:
    """What came later included: undone, all is as if it had never been done."""
    before = derive(POINTS, journal)
    if not before.together(*pair):
        with pytest.raises(Conflict):
            unmerge(POINTS, journal, *pair, at=9)
        return
    after = kept(journal, unmerge(POINTS, journal, *pair, at=9, actor="kim"))
    forbidden = Entry(0, "refuse", *pair, at=9)
    assert customers(after) == oracle.views(POINTS, [*journal, forbidden], POLICY)[Purpose.DISCLOSE].customers
    restored = kept(after, undo(after[len(journal) :], at=10))
    assert derive(POINTS, restored) == before
    moved = [
        Entry(e.id + 10_000, e.kind, e.one, e.other, e.strength, e.method,
              e.target + 10_000 if e.target else None, at=e.at + 20)
        for e in later
    ]  # fmt: skip
    for purpose in Purpose:
        added = derive(POINTS, [*after, *(entry for entry in moved if entry.kind != "revoke")], purpose)
        assert not added.together(*pair)
    assert customers([*restored, *moved]) == customers([*journal, *moved])
