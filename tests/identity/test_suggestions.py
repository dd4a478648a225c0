"""What is not proven is suggested, once per two customers, with reasons; and never again once refused."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from omnichannel.identity import derive, suggestions
from omnichannel.model import Strength

from .journals import POINTS, claim, journals, refuse, revoke, share


def found(journal):
    partition = derive(POINTS, journal)
    return suggestions(partition.customer_of, journal, partition.shared)


def test_an_address_typed_in_a_chat_is_a_suggestion_with_its_reason() -> None:
    said = claim(1, 3, 2, "asserted", method="text")
    (suggested,) = found([said])
    assert (suggested.one, suggested.other, suggested.customers) == (3, 2, (2, 3))
    assert (suggested.strength, suggested.score) == (Strength.ASSERTED, 0.6)
    assert suggested.because == ("it was written in a message as the sender's own",)
    assert suggested.entries == (said,)


def test_one_suggestion_for_two_customers_whichever_addresses_they_were_said_of() -> None:
    journal = [
        claim(1, 1, 2),
        claim(2, 3, 4),
        claim(3, 2, 4, "inferred", method="name"),
        claim(4, 3, 1, "asserted"),
    ]
    (suggested,) = found(journal)
    assert suggested.customers == (1, 3)
    assert (suggested.one, suggested.other, suggested.strength) == (3, 1, Strength.ASSERTED)
    assert suggested.score == 0.72


def test_saying_it_again_adds_nothing_and_the_other_side_saying_so_adds_much() -> None:
    once = [claim(1, 1, 2, "asserted", method="text")]
    again = [*once, claim(2, 1, 2, "asserted", method="text", because="said again")]
    both = [*again, claim(3, 2, 1, "asserted", method="contact_card")]
    assert [found(journal)[0].score for journal in (once, again, both)] == [0.6, 0.6, 0.84]


def test_the_likeliest_comes_first_and_equals_in_the_order_of_their_numbers() -> None:
    journal = [
        claim(1, 5, 6, "inferred", method="name"),
        claim(2, 3, 4, "asserted"),
        claim(3, 1, 2, "asserted"),
    ]
    assert [suggested.customers for suggested in found(journal)] == [(1, 2), (3, 4), (5, 6)]


def test_never_these_two_holds_for_the_customers_that_they_belong_to() -> None:
    journal = [claim(1, 1, 2), claim(2, 3, 4), refuse(3, 1, 4)]
    assert found([*journal, claim(4, 2, 3, "asserted")]) == []
    assert len(found([*journal, revoke(5, journal[2]), claim(4, 2, 3, "asserted")])) == 1


def test_evidence_that_a_refusal_keeps_from_joining_is_not_suggested_either() -> None:
    assert found([refuse(1, 1, 2), claim(2, 1, 2)]) == []


def test_a_typed_address_that_calls_itself_verified_is_a_suggestion() -> None:
    (suggested,) = found([claim(1, 1, 2, "verified", method="text")])
    assert suggested.strength == Strength.ASSERTED


def test_who_is_one_customer_already_needs_no_suggestion() -> None:
    assert found([claim(1, 1, 2), claim(2, 2, 1, "asserted")]) == []


def test_a_shared_address_is_suggested_to_nobody() -> None:
    assert found([claim(1, 1, 2, "asserted"), share(2, 2)]) == []


def test_an_address_without_a_customer_is_one_of_its_own() -> None:
    (suggested,) = suggestions({1: 1}, [claim(1, 1, 9, "asserted")])
    assert suggested.customers == (1, 9)


@given(journals(), st.randoms(use_true_random=False))
def test_suggestions_are_between_different_unrefused_customers_and_free_of_order(journal, random) -> None:
    shuffled = journal + random.sample(journal, len(journal) // 2)
    random.shuffle(shuffled)
    all_of_them = found(journal)
    assert found(shuffled) == all_of_them
    pairs = [suggested.customers for suggested in all_of_them]
    assert len(pairs) == len(set(pairs))
    partition = derive(POINTS, journal)
    for suggested in all_of_them:
        assert not partition.together(suggested.one, suggested.other)
        assert 0 < suggested.score < 1
        assert suggested.because
        assert not suggested.strength.proves
