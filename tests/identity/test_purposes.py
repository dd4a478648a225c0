"""The more an answer reveals, the better it has to be proven: three views, each refining the next."""

from __future__ import annotations

import pytest

from omnichannel.identity import METHODS, Point, Policy, Purpose, Said, derive, explain, joins, mutual
from omnichannel.model import Strength

from .journals import POINTS, accept, claim, points, refuse, several, share

# Each case: what was said, and for which views two addresses are one customer's then.
NOBODY: list[str] = []
SAID = {
    "proven": (claim(1, 1, 2), ["disclose", "assist", "analytics"]),
    "vouched for by an operator": (accept(1, 1, 2), ["disclose", "assist", "analytics"]),
    "typed in a chat": (claim(1, 1, 2, "asserted", method="text"), ["assist", "analytics"]),
    "filled in on a form": (claim(1, 1, 2, "asserted", method="form"), ["assist", "analytics"]),
    "a caller's number": (claim(1, 1, 2, "asserted", method="caller_id"), ["assist", "analytics"]),
    "in a signature": (claim(1, 1, 2, "inferred", method="signature"), ["assist", "analytics"]),
    "on a contact card": (claim(1, 1, 2, "asserted", method="contact_card"), ["analytics"]),
    "in what was quoted": (claim(1, 1, 2, "inferred", method="quoted"), NOBODY),
    "alike, nearly certainly": (
        claim(1, 1, 2, "inferred", method="likeness", likely=0.95),
        ["assist", "analytics"],
    ),
    "alike, at the threshold": (
        claim(1, 1, 2, "inferred", method="likeness", likely=0.9),
        ["assist", "analytics"],
    ),
    "alike, more likely than not": (claim(1, 1, 2, "inferred", method="likeness", likely=0.6), ["analytics"]),
    "hardly alike": (claim(1, 1, 2, "inferred", method="likeness", likely=0.4), NOBODY),
}


@pytest.mark.parametrize("case", SAID)
def test_what_makes_one_customer_for_which_purpose(case: str) -> None:
    entry, expected = SAID[case]
    assert [purpose for purpose in Purpose if derive(POINTS, [entry], purpose).together(1, 2)] == expected
    assert [purpose for purpose in Purpose if joins(entry, purpose)] == expected


def test_a_view_is_built_on_the_stricter_ones() -> None:
    assert [purpose.views for purpose in Purpose] == [
        ("disclose",), ("disclose", "assist"), ("disclose", "assist", "analytics")
    ]  # fmt: skip


def test_what_is_proven_stays_together_where_more_is_believed() -> None:
    """An unproven link, however old and likely, takes nothing from those that are proven."""
    known = points("account", "email", "account")
    journal = [claim(1, 2, 3, "asserted", method="text", likely=1.0), claim(9, 1, 2)]
    assert several(derive(known, journal[:1], Purpose.ASSIST)) == [{2, 3}]
    for purpose in Purpose:
        assert several(derive(known, journal, purpose)) == [{1, 2}]


def test_an_address_that_only_a_laxer_view_holds_shared_stays_with_whoever_proved_it() -> None:
    """Three chats that name her mailbox make it look shared to agents; her own customer keeps it."""
    known = points("email", "account", "messenger", "messenger", "messenger")
    journal = [claim(1, 1, 2), *(claim(n, n, 1, "asserted", method="text") for n in (3, 4, 5))]
    found = derive(known, journal, Purpose.ASSIST)
    assert 1 in found.shared
    assert several(found) == [{1, 2}]
    assert derive(known, journal).shared == {}


# --- marks --------------------------------------------------------------------------------------------------


def test_whatever_is_not_proven_is_marked() -> None:
    """An agent sees the badge on every address that a customer has only by somebody's word."""
    journal = [claim(1, 1, 2), claim(2, 3, 2, "asserted", method="text"), claim(3, 3, 4)]
    found = derive(POINTS, journal, Purpose.ASSIST)
    assert several(found) == [{1, 2, 3, 4}]
    marked = [(one, other) for one in range(1, 5) for other in range(one, 5) if found.unproven(one, other)]
    assert marked == [(1, 3), (1, 4), (2, 3), (2, 4)]
    assert not found.unproven(1, 5)


def test_nothing_that_is_disclosed_is_unproven() -> None:
    journal = [claim(1, 1, 2), claim(2, 3, 2, "asserted", method="text")]
    found = derive(POINTS, journal)
    assert not any(found.unproven(one, other) for one in range(1, 5) for other in range(1, 5))


# --- names --------------------------------------------------------------------------------------------------

ANNA, BOB = (Said("Anna Visser"),), (Said("Bob de Wit"),)


@pytest.mark.parametrize("purpose", [Purpose.ASSIST, Purpose.ANALYTICS])
def test_two_peoples_names_keep_apart_what_nothing_proves(purpose: Purpose) -> None:
    known = [Point(1, "email", value="anna@x.nl", names=ANNA), Point(2, "messenger", "p", "2", names=BOB)]
    found = derive(known, [claim(1, 2, 1, "asserted", method="text")], purpose)
    assert several(found) == []
    assert found.refused_links[0].obstacle.because == "Anna Visser and Bob de Wit are two people's names"
    assert several(derive(known, [claim(1, 2, 1)], purpose)) == [{1, 2}]


@pytest.mark.parametrize(
    ("one", "other"),
    [(ANNA, ANNA), (ANNA, (Said("A. Visser"),)), (ANNA, ()), ((), ()), (ANNA, (*BOB, Said("Anna")))],
    ids=["the same", "an initial", "one is unknown", "both are unknown", "one of them fits"],
)
def test_names_that_could_be_one_persons_stand_in_nobodys_way(one, other) -> None:
    known = [Point(1, "messenger", "p", "1", names=one), Point(2, "x", "here", "2", names=other)]
    assert several(derive(known, [claim(1, 2, 1, "asserted", method="text")], Purpose.ASSIST)) == [{1, 2}]


def test_all_names_of_both_sides_are_compared() -> None:
    known = [
        Point(1, "email", value="anna@x.nl", names=ANNA),
        Point(2, "messenger", "p", "2"),
        Point(3, "x", "here", "3", names=BOB),
    ]
    journal = [claim(1, 1, 2), claim(2, 3, 2, "asserted", method="text")]
    assert several(derive(known, journal, Purpose.ASSIST)) == [{1, 2}]


# --- mutual claims ------------------------------------------------------------------------------------------


def says(number: int, one: int, other: int, method: str = "text", **more):
    return claim(number, one, other, "asserted", method=method, **more)


# Each case: addresses, what they say of each other, and whether that is proof.
MUTUAL = {
    "each says it of the other": (["email", "x"], [says(1, 1, 2), says(2, 2, 1)], True),
    "in whatever way of their own": (["email", "x"], [says(1, 1, 2, "form"), says(2, 2, 1, "profile")], True),
    "one side says it twice": (["email", "x"], [says(1, 1, 2), says(2, 1, 2, "form")], False),
    "one of them only says who they are": (["email?", "x"], [says(1, 1, 2), says(2, 2, 1)], False),
    "one half was inferred": (
        ["email", "x"],
        [says(1, 1, 2), claim(2, 2, 1, "inferred", method="signature")],
        False,
    ),
    "one half was quoted": (
        ["email", "x"],
        [says(1, 1, 2), claim(2, 2, 1, "inferred", method="quoted")],
        False,
    ),
    "typed, and read out of a text": (
        ["email", "x"],
        [says(1, 1, 2), claim(2, 2, 1, "inferred", method="text")],
        False,
    ),
    "one half is a card that may be anybody's": (
        ["email", "x"],
        [says(1, 1, 2), says(2, 2, 1, "contact_card")],
        False,
    ),
    "one half is a forged mail": (["email", "x"], [says(1, 1, 2), says(2, 2, 1, "from")], False),
    "by a method that nobody knows": (["email", "x"], [says(1, 1, 2), says(2, 2, 1, "letterhead")], False),
    "in a ring of three": (["email", "x", "messenger"], [says(1, 1, 2), says(2, 2, 3), says(3, 3, 1)], False),
    "refused": (["email", "x"], [says(1, 1, 2), says(2, 2, 1), refuse(3, 1, 2)], False),
    "one is shared": (["email", "x"], [says(1, 1, 2), says(2, 2, 1), share(3, 1)], False),
    "too many of a kind": (["account", "account"], [says(1, 1, 2), says(2, 2, 1)], False),
}


@pytest.mark.parametrize("case", MUTUAL)
def test_two_who_say_it_of_each_other_in_their_own_words_are_one(case: str) -> None:
    kinds, journal, joined = MUTUAL[case]
    known = points(*kinds)
    assert bool(several(derive(known, journal))) == joined
    assert bool(several(derive(known, journal[::-1]))) == joined


def test_a_mutual_claim_gives_way_to_proof() -> None:
    journal = [says(1, 1, 2), says(2, 2, 1), claim(3, 2, 3, at=9), refuse(4, 1, 3)]
    assert several(derive(POINTS, journal)) == [{2, 3}]


def test_a_mutual_claim_that_a_limit_stops_counts_where_the_limit_is_wider() -> None:
    known = points("whatsapp", "whatsapp")
    journal = [says(1, 1, 2), says(2, 2, 1)]
    assert several(derive(known, journal)) == []
    assert several(derive(known, journal, Purpose.ASSIST)) == [{1, 2}]


def test_a_policy_says_which_words_are_a_senders_own() -> None:
    journal = [says(1, 1, 2), says(2, 2, 1)]
    assert mutual(journal) == journal
    careful = Policy(methods={**METHODS, "text": METHODS["from"]})
    assert mutual(journal, careful) == []
    assert several(derive(POINTS, journal, policy=careful)) == []


# --- every purpose is explained ---------------------------------------------------------------------------


@pytest.mark.parametrize("purpose", Purpose)
def test_every_view_is_explained(purpose: Purpose) -> None:
    journal = [
        claim(1, 1, 2, method="token"),
        says(2, 3, 2),
        claim(3, 3, 4, "inferred", method="likeness", likely=0.6),
    ]
    found = derive(POINTS, journal, purpose)
    sentences = explain(found, 1, 4, {})
    told = {
        Purpose.DISCLOSE: ["nothing proves that 1 and 4 are one customer"],
        Purpose.ASSIST: ["nothing proves that 1 and 4 are one customer"],
        Purpose.ANALYTICS: [
            "1 and 2: a one-time token sent to one came back from the other (verified)",
            "2 and 3: it was written in a message as the sender's own (asserted)",
            "3 and 4: what is known of both is alike (inferred)",
        ],
    }
    assert sentences == told[purpose]
    assert Strength.ASSERTED in {link.strength for link in found.links} or purpose is Purpose.DISCLOSE
