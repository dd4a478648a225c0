"""Whoever objects is linked by proof and by words, never by likeness alone (Art. 21 and 22 GDPR)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnichannel.identity import Entry, Purpose, derive, explain, suggestions, undo
from omnichannel.model import Strength

from .journals import ADDRESSES, POINTS, accept, claim, journals, kept

VIEWS = list(Purpose)


def objection(number: int, one: int, **more) -> Entry:
    return Entry(number, "object", one, at=number, **more)


def alike(number: int, one: int, other: int) -> Entry:
    return claim(number, one, other, "inferred", method="likeness", likely=0.99)


@pytest.mark.parametrize("view", [Purpose.ASSIST, Purpose.ANALYTICS])
def test_likeness_alone_joins_nobody_who_objects(view: Purpose) -> None:
    journal = [alike(1, 1, 2), alike(2, 3, 4)]
    assert derive(POINTS, journal, view).together(1, 2)
    partition = derive(POINTS, [*journal, objection(3, 2)], view)
    assert not partition.together(1, 2)
    assert partition.together(3, 4)
    assert "objected" in explain(partition, 1, 2, {})[0]


def test_what_somebody_says_and_what_is_proven_joins_them_as_before() -> None:
    journal = [claim(1, 1, 2, "asserted", method="form"), claim(2, 2, 3), accept(3, 3, 4), objection(4, 2)]
    partition = derive(POINTS, journal, Purpose.ASSIST)
    assert partition.members(1) == [1, 2, 3, 4]
    assert partition.objecting == {1, 2, 3, 4}


def test_an_objection_is_the_persons_with_all_addresses_that_are_proven_to_be_theirs() -> None:
    """Also those that come later: who objects does not have to say so on every channel."""
    journal = [objection(1, 1), claim(2, 1, 2), alike(3, 2, 3)]
    assert not derive(POINTS, journal, Purpose.ANALYTICS).together(2, 3)


def test_to_take_an_objection_back_is_as_if_it_had_never_been() -> None:
    journal = [alike(1, 1, 2), objection(2, 1)]
    after = kept(journal, undo([journal[1]], at=9))
    assert derive(POINTS, after, Purpose.ASSIST).together(1, 2)


def test_no_suggestion_rests_on_likeness_alone() -> None:
    """Unproven words may still be suggested: they are what somebody said, not what was computed."""
    journal = [alike(1, 1, 2), claim(2, 3, 4, "asserted", method="text"), objection(3, 1), objection(4, 3)]
    partition = derive(POINTS, journal)
    found = suggestions(partition.customer_of, journal, objecting=partition.objecting)
    assert [suggested.customers for suggested in found] == [(3, 4)]


@st.composite
def with_objections(draw: st.DrawFn) -> list[Entry]:
    journal = draw(journals())
    ends = draw(st.lists(st.sampled_from(list(ADDRESSES)), min_size=1, max_size=3))
    return kept(journal, [Entry(0, "object", end, at=draw(st.integers(1, 4))) for end in ends])


@given(with_objections(), st.randoms(use_true_random=False), st.sampled_from(VIEWS))
def test_in_any_order_and_said_twice_it_is_the_same(journal: list[Entry], chance, view: Purpose) -> None:
    shuffled = [*journal, *chance.choices(journal, k=3)]
    chance.shuffle(shuffled)
    one, other = derive(POINTS, journal, view), derive(POINTS, shuffled, view)
    assert (one.customer_of, one.objecting) == (other.customer_of, other.objecting)


@given(with_objections())
def test_each_view_refines_the_next_and_objections_never_change_what_is_disclosed(
    journal: list[Entry],
) -> None:
    disclosed, assisting, counted = (derive(POINTS, journal, view).customer_of for view in VIEWS)
    for finer, coarser in ((disclosed, assisting), (assisting, counted)):
        assert all(coarser[a] == coarser[finer[a]] for a in ADDRESSES)
    without = [entry for entry in journal if entry.kind != "object"]
    assert derive(POINTS, without).customer_of == disclosed


@given(with_objections(), st.sampled_from(VIEWS[1:]))
def test_no_link_that_was_used_is_a_likeness_of_somebody_who_objects(
    journal: list[Entry], view: Purpose
) -> None:
    partition = derive(POINTS, journal, view)
    gone = {entry.target for entry in journal if entry.kind == "revoke"}
    said = {entry.one for entry in journal if entry.kind == "object" and entry.id not in gone}
    for link in partition.links:
        if link.kind == "claim" and link.strength is Strength.INFERRED:
            assert not said & set(link.pair)
