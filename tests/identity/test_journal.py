"""The journal is only added to; what counts is what nothing that counts takes back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnichannel.identity import Entry, live, undo

from .journals import accept, claim, journals, kept, refuse, revoke


def counts(journal: list[Entry]) -> set[int]:
    return {entry.id for entry in live(journal)}


def oracle(journal: list[Entry]) -> set[int]:
    """The definition, read aloud: an entry counts unless a revoke of it counts."""

    def alive(entry: Entry) -> bool:
        return not any(other.target == entry.id and alive(other) for other in journal)

    return {entry.id for entry in journal if entry.kind != "revoke" and alive(entry)}


def test_a_revoke_takes_back_and_a_revoke_of_the_revoke_restores() -> None:
    first = claim(1, 1, 2)
    back = revoke(2, first)
    again = revoke(3, back)
    once_more = revoke(4, again)
    assert counts([first]) == {1}
    assert counts([first, back]) == set()
    assert counts([first, back, again]) == {1}
    assert counts([first, back, again, once_more]) == set()


def test_of_two_revokes_taking_back_one_is_not_enough() -> None:
    first = claim(1, 1, 2)
    journal = [first, revoke(2, first), revoke(3, first)]
    assert counts([*journal, revoke(4, journal[1])]) == set()
    assert counts([*journal, revoke(4, journal[1]), revoke(5, journal[2])]) == {1}


def test_a_revoke_is_judged_when_all_that_is_said_of_it_is_known() -> None:
    """Two take it back, of which one does not count: the other is enough."""
    first = claim(1, 1, 2)
    back = revoke(2, first)
    counted, taken_back = revoke(3, back), revoke(4, back)
    assert counts([first, back, counted, taken_back, revoke(5, taken_back)]) == {1}


def test_a_revoke_of_what_is_not_there_takes_nothing_back() -> None:
    assert counts([claim(1, 1, 2), Entry(2, "revoke", 1, 2, target=99)]) == {1}


def test_a_revoke_may_have_a_smaller_number_than_what_it_takes_back() -> None:
    """Numbers of several workers' clocks only grow roughly with time."""
    assert counts([claim(7, 1, 2), Entry(5, "revoke", 1, 2, target=7)]) == set()


def test_a_long_chain_of_revokes_is_no_deep_recursion() -> None:
    journal = [claim(1, 1, 2)]
    for number in range(2, 5002):
        journal.append(revoke(number, journal[-1]))
    assert counts(journal) == {1}


def test_entries_that_the_store_has_not_kept_yet_count_too() -> None:
    first = claim(1, 1, 2)
    assert live([first, refuse(0, 3, 4), refuse(0, 5, 6)]) == [first, refuse(0, 3, 4), refuse(0, 5, 6)]
    assert live([first, *undo([first], at=9)]) == []


@given(journals())
def test_live_is_the_definition(journal: list[Entry]) -> None:
    assert counts(journal) == oracle(journal)


@given(journals(), st.randoms(use_true_random=False))
def test_order_and_repetition_do_not_matter(journal: list[Entry], random) -> None:
    again = journal + random.sample(journal, len(journal) // 2)
    random.shuffle(again)
    assert counts(again) == counts(journal)


@given(journals(), st.data())
def test_undo_of_anything_is_as_if_it_had_never_been_added(journal: list[Entry], data) -> None:
    """Also if it was itself an undo: then what that took back counts again."""
    undone = data.draw(st.lists(st.sampled_from(journal), unique=True)) if journal else []
    after = kept(journal, undo(undone, at=9, actor="kim"))
    without = [entry for entry in journal if entry not in undone]
    assert counts(after) == oracle(without)


def test_undo_says_who_why_and_about_whom() -> None:
    (entry,) = undo([accept(3, 1, 2)], at=9, actor="kim", because="wrong Jansen", source="decision:1")
    assert entry == Entry(
        0, "revoke", 1, 2, target=3, because="wrong Jansen", actor="kim", source="decision:1", at=9
    )


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ({"kind": "claim", "one": 1, "other": 1}, "needs two"),
        ({"kind": "accept", "one": 1}, "second one is missing"),
        ({"kind": "refuse", "one": 1}, "second one is missing"),
        ({"kind": "revoke", "one": 1}, "names the entry"),
        ({"kind": "claim", "one": 1, "target": 2}, "names the entry"),
        ({"kind": "revoke", "one": 1, "target": 7}, "cannot take itself back"),
    ],
)
def test_an_entry_that_means_nothing_is_refused(fields, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        Entry(7, **fields)
