"""Customers are a pure function of the journal's entries that count: of the set, never of its order."""

from __future__ import annotations

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from omnichannel.identity import POLICY, Entry, Policy, derive
from omnichannel.model import Purpose, Strength

from . import oracle
from .journals import (
    ADDRESSES,
    POINTS,
    accept,
    claim,
    journals,
    points,
    refuse,
    revoke,
    several,
    share,
    sides,
)

# Each case: the journal, and the customers of more than one address that follow from it.
CASES = {
    "nothing": ([], []),
    "verified joins": ([claim(1, 1, 2)], [{1, 2}]),
    "attested joins": ([claim(1, 1, 2, "attested", method="import")], [{1, 2}]),
    "an operator joins": ([accept(1, 1, 2)], [{1, 2}]),
    "asserted does not": ([claim(1, 1, 2, "asserted")], []),
    "inferred does not": ([claim(1, 1, 2, "inferred")], []),
    "however likely it is": ([claim(1, 1, 2, "inferred", method="likeness", likely=1.0)], []),
    "what was typed proves nothing, whoever says so": ([claim(1, 1, 2, "verified", method="text")], []),
    "a method of somebody else's is believed": ([claim(1, 1, 2, "verified", method="bank-id")], [{1, 2}]),
    "a chain": ([claim(1, 1, 2), claim(2, 2, 3), claim(3, 5, 6)], [{1, 2, 3}, {5, 6}]),
    "revoked": ([claim(1, 1, 2), revoke(2, claim(1, 1, 2))], []),
    "refused before": ([refuse(1, 1, 2), claim(2, 1, 2)], []),
    "refused after": ([claim(1, 1, 2), refuse(2, 2, 1)], []),
    "refused, whatever an operator says": ([refuse(1, 1, 2), accept(2, 1, 2)], []),
    "refusal taken back": ([claim(1, 1, 2), refuse(2, 1, 2), revoke(3, refuse(2, 1, 2))], [{1, 2}]),
    "refused through others": ([refuse(1, 1, 3), claim(2, 1, 2), claim(3, 2, 3)], [{1, 2}]),
    "refused between others of the two": (
        [refuse(1, 1, 4), claim(2, 1, 2), claim(3, 3, 4), claim(4, 2, 3)],
        [{1, 2}, {3, 4}],
    ),
    "the weaker link gives way": (
        [refuse(1, 1, 3), claim(2, 1, 2, "attested", method="import"), claim(3, 2, 3)],
        [{2, 3}],
    ),
    "of equals the less likely gives way": (
        [refuse(1, 1, 3), claim(2, 1, 2, likely=0.9), claim(3, 2, 3)],
        [{2, 3}],
    ),
    "then the younger": ([refuse(1, 1, 3), claim(2, 1, 2, at=9), claim(3, 2, 3, at=8)], [{2, 3}]),
    "then the one of the larger numbers": (
        [refuse(9, 1, 3), claim(2, 2, 3, at=7), claim(3, 1, 2, at=7)],
        [{1, 2}],
    ),
    "a refusal about others changes nothing": ([claim(1, 1, 2), refuse(2, 1, 5)], [{1, 2}]),
    "a claim about the sender alone": ([Entry(1, "claim", 1, None, Strength.VERIFIED)], []),
    "shared joins nobody": ([share(1, 2), claim(2, 1, 2), claim(3, 2, 3)], []),
    "shared, whatever an operator says": ([share(1, 2), accept(2, 1, 2)], []),
    "no longer shared": ([share(1, 2), claim(2, 1, 2), revoke(3, share(1, 2))], [{1, 2}]),
}


@pytest.mark.parametrize("case", CASES)
def test_what_makes_one_customer(case: str) -> None:
    journal, expected = CASES[case]
    found = derive(POINTS, journal)
    assert several(found) == expected
    assert set(found.customer_of) == set(ADDRESSES)


def test_a_customer_is_called_after_its_smallest_address() -> None:
    """So an id once given out stays the number of an address, and finds its customer now."""
    found = derive(POINTS, [claim(1, 6, 4), claim(2, 4, 7)])
    assert found.customer_of == {1: 1, 2: 2, 3: 3, 4: 4, 5: 5, 6: 4, 7: 4}
    assert found.members(4) == [4, 6, 7]
    assert found.members(7) == []
    assert not found.together(99, 99)
    assert not found.unproven(99, 99)


def test_a_link_that_is_refused_names_the_decision() -> None:
    never = refuse(1, 1, 3, actor="kim", because="two brothers")
    found = derive(POINTS, [never, claim(2, 1, 2), claim(3, 2, 3)])
    (refused,) = found.refused_links
    assert refused.link.id == 3
    assert refused.obstacle.refusal == never
    assert refused.obstacle.because == "kim decided never to: two brothers"
    assert [link.id for link in found.links] == [2]


def test_a_link_that_a_shared_address_stops_names_why_it_is_shared() -> None:
    found = derive(
        POINTS, [share(1, 3, because="the reception's"), claim(2, 1, 3), claim(3, 2, 3), claim(4, 1, 4)]
    )
    assert several(found) == [{1, 4}]
    assert found.shared == {3: "the reception's"}
    assert [refused.link.id for refused in found.refused_links] == [2, 3]
    assert {refused.obstacle.because for refused in found.refused_links} == {
        "an address that several people share joins nobody (the reception's)"
    }


def test_evidence_that_leads_outside_is_an_error_not_a_wrong_customer() -> None:
    with pytest.raises(ValueError, match=r"address 9.*whole component"):
        derive(POINTS[:2], [claim(1, 1, 2), claim(2, 2, 9)])


def test_what_does_not_join_may_lead_outside() -> None:
    journal = [claim(1, 1, 9, "asserted"), refuse(2, 2, 9), share(3, 9)]
    assert several(derive(POINTS[:2], journal)) == []


@settings(max_examples=300)
@given(journals(), st.sampled_from(Purpose))
def test_derive_is_the_definition(journal: list[Entry], purpose: Purpose) -> None:
    """The oracle says what must come out; `test_rules` says it of logs with limits, owners, names and moments."""
    found = derive(POINTS, journal, purpose)
    event(f"largest customer: {max(len(group) for group in sides(found))}")
    event("something refused" if found.refused_links else "nothing refused")
    assert sides(found) == oracle.views(POINTS, journal, POLICY)[purpose].customers
    assert all(customer == min(found.members(customer)) for customer in found.customer_of.values())


# --- as of a moment, and what expires -----------------------------------------------------------------------


def at(journal: list[Entry], moment: int | None) -> list[set[int]]:
    return several(derive(POINTS, journal, at=moment))


def test_the_past_is_judged_by_what_was_known_then() -> None:
    """What came later does not count, and what was taken back later still does."""
    first = claim(1, 1, 2, at=10)
    journal = [first, Entry(2, "revoke", 1, 2, target=1, at=20), claim(3, 2, 3, at=30)]
    assert [at(journal, moment) for moment in (9, 10, 19, 20, 30)] == [[], [{1, 2}], [{1, 2}], [], [{2, 3}]]


def test_what_expires_counts_until_then() -> None:
    journal = [claim(1, 1, 2, at=10, expires_at=20)]
    assert [at(journal, moment) for moment in (10, 19, 20)] == [[{1, 2}], [{1, 2}], []]
    assert at(journal, None) == [{1, 2}]  # no moment was given to judge by


def test_a_decision_can_expire_too() -> None:
    journal = [
        claim(1, 1, 2, at=10),
        refuse(2, 1, 2, expires_at=50),
        share(3, 3, expires_at=50),
        claim(4, 3, 4, at=10),
    ]
    assert [at(journal, moment) for moment in (49, 50)] == [[], [{1, 2}, {3, 4}]]


def test_an_expired_revocation_does_not_exist() -> None:
    """What was taken back stays taken back: to take it back for a while means nothing."""
    journal = [claim(1, 1, 2, at=10), Entry(2, "revoke", 1, 2, target=1, at=20, expires_at=30)]
    assert at(journal, 40) == []


# --- limits -------------------------------------------------------------------------------------------------


def ring(number: int) -> list[Entry]:
    """Proof that leads from one address to the next."""
    return [claim(nth, nth, nth + 1) for nth in range(1, number)]


# Each case: the addresses, and the customers that a proof from each to the next makes of them, per purpose.
LIMITS = {
    "one WhatsApp account to disclose, two to assist": (
        ["whatsapp", "whatsapp", "whatsapp"],
        [],
        [{1, 2}],
    ),
    "at each company's number": (["whatsapp@de", "whatsapp@nl", "whatsapp@de"], [{1, 2}], [{1, 2, 3}]),
    "one account at our own site": (["account", "account"], [], []),
    "three of a kind that is not known": (["line"] * 4, [{1, 2, 3}], [{1, 2, 3}]),
    "ten mailboxes": (["email"] * 11, [set(range(1, 11))], [set(range(1, 12))]),
    "an address through which too many would come together": (
        ["whatsapp", "email", "whatsapp"],
        [{1, 2}],
        [{1, 2, 3}],
    ),
}


@pytest.mark.parametrize("case", LIMITS)
def test_a_customer_has_no_more_of_a_kind_than_one_person_has(case: str) -> None:
    """Of equal proofs the youngest gives way, whatever came first."""
    kinds, disclosed, assisted = LIMITS[case]
    known, journal = points(*kinds), ring(len(kinds))
    for shuffled in (journal, journal[::-1]):
        assert several(derive(known, shuffled)) == disclosed
        assert several(derive(known, shuffled, Purpose.ASSIST)) == assisted


def test_a_limit_says_what_it_is() -> None:
    found = derive(points("whatsapp@de", "whatsapp@de"), ring(2))
    assert found.refused_links[0].obstacle.because == "one customer has at most 1 of whatsapp at de"
    found = derive(points(*["phone"] * 6), ring(6))
    assert found.refused_links[0].obstacle.because == "one customer has at most 5 of phone"


def test_an_operators_word_goes_beyond_a_limit_and_proof_does_not_go_beyond_that() -> None:
    known = points("whatsapp", "whatsapp", "email", "whatsapp")
    found = derive(known, [accept(1, 1, 2), claim(2, 2, 3), claim(3, 3, 4)])
    assert several(found) == [{1, 2, 3}]
    assert found.refused_links[0].obstacle.because == "one customer has at most 1 of whatsapp at here"


def test_an_address_that_its_owner_left_is_not_counted() -> None:
    one, other, old = points("whatsapp", "email", "whatsapp")
    left = points("", "", "whatsapp", retired=True)[2]
    assert several(derive([one, other, old], ring(3))) == [{1, 2}]
    assert several(derive([one, other, left], ring(3))) == [{1, 2, 3}]


def moved(number: int, to: int, left: int, at: int, strength: str = "verified") -> Entry:
    return claim(number, to, left, strength, method="number_change", at=at)


def test_an_account_that_its_platform_moved_is_not_counted_any_more() -> None:
    """An account's new id and its old one are one customer's, where two accounts at a time are two customers."""
    known = points("whatsapp", "email", "whatsapp")
    tied = [claim(1, 1, 2), claim(2, 3, 2)]
    assert several(derive(known, tied)) == [{1, 2}]
    assert several(derive(known, [*tied, moved(3, 3, 1, at=5)])) == [{1, 2, 3}]


def test_only_proof_moves_an_account() -> None:
    known = points("whatsapp", "email", "whatsapp")
    tied = [claim(1, 1, 2), claim(2, 3, 2)]
    assert several(derive(known, [*tied, moved(3, 3, 1, at=5, strength="asserted")])) == [{1, 2}]


def test_who_came_back_counts_again() -> None:
    known = points("whatsapp", "email", "whatsapp", "whatsapp")
    there, back = moved(3, 3, 1, at=5), moved(4, 1, 3, at=6)
    assert several(derive(known, [claim(1, 1, 2), there, back, claim(5, 4, 2)])) == [{1, 2, 3}]
    assert several(derive(known, [claim(1, 1, 2), there, moved(6, 4, 3, at=7)])) == [{1, 2, 3, 4}]


def test_a_customer_has_at_most_so_many_addresses() -> None:
    """Beyond it, something is shared that nobody knows of."""
    found = derive(POINTS, ring(7), policy=Policy(largest=4))
    assert several(found) == [{1, 2, 3, 4}, {5, 6, 7}]
    assert found.refused_links[0].obstacle.because == "one customer has at most 4 addresses"
