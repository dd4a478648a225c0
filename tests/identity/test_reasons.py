"""Whoever looks at a customer can read why; and why two are not one."""

from __future__ import annotations

from omnichannel.identity import POLICY, Entry, Purpose, derive, explain, path
from omnichannel.model import Strength

from .journals import POINTS, accept, claim, points, refuse, share

NAMES = {1: "email::jo@x.nl", 2: "messenger:9:77", 3: "x::42"}


def test_the_path_goes_from_the_one_to_the_other() -> None:
    journal = [claim(1, 2, 1), claim(2, 3, 2), claim(3, 4, 3), claim(4, 3, 5)]
    found = derive(POINTS, journal)
    assert [step.id for step in path(found, 1, 4)] == [1, 2, 3]
    assert [step.id for step in path(found, 4, 1)] == [3, 2, 1]
    assert path(found, 1, 1) == path(found, 1, 7) == []


def test_the_path_is_of_the_strongest_evidence_there_is() -> None:
    """The direct word of an operator is not needed where proofs lead there."""
    journal = [accept(1, 1, 3), claim(2, 1, 2), claim(3, 2, 3)]
    assert [step.id for step in path(derive(POINTS, journal), 1, 3)] == [2, 3]


def test_each_step_is_a_sentence() -> None:
    journal = [claim(1, 1, 2, method="token"), accept(2, 2, 3, because="same order number")]
    assert explain(derive(POINTS, journal), 1, 3, NAMES) == [
        "email::jo@x.nl and messenger:9:77: a one-time token sent to one came back from the other (verified)",
        "messenger:9:77 and x::42: same order number (attested)",
    ]


def test_a_refusal_is_a_sentence_too() -> None:
    journal = [claim(1, 1, 2, method="token"), refuse(2, 1, 2, actor="kim", because="two sisters")]
    (sentence,) = explain(derive(POINTS, journal), 1, 2, NAMES)
    assert sentence.startswith("email::jo@x.nl and messenger:9:77: a one-time token")
    assert sentence.endswith("(verified), but kim decided never to: two sisters")


def test_a_shared_address_is_given_as_the_reason() -> None:
    journal = [share(1, 1, because="the family's"), claim(2, 1, 2, method="token")]
    (sentence,) = explain(derive(POINTS, journal), 1, 2, NAMES)
    assert sentence.endswith("but an address that several people share joins nobody (the family's)")


def test_a_limit_is_given_as_the_reason() -> None:
    (sentence,) = explain(derive(points("account", "account"), [claim(1, 1, 2, method="token")]), 1, 2, {})
    assert sentence.endswith(
        "came back from the other (verified), but one customer has at most 1 of account at here"
    )


def test_reasons_between_any_addresses_of_the_two_customers_are_given() -> None:
    journal = [claim(1, 1, 2), claim(2, 3, 4), refuse(3, 1, 3, actor="kim"), claim(4, 2, 4), claim(5, 2, 5)]
    (sentence,) = explain(derive(POINTS, journal), 1, 3, {})
    assert sentence.startswith("2 and 4: ")
    assert sentence.endswith("but kim decided never to: an operator vouches for it")


def test_without_evidence_it_says_so() -> None:
    found = derive(POINTS, [claim(1, 1, 2, "asserted", method="text")])
    assert explain(found, 1, 2, NAMES) == [
        "nothing proves that email::jo@x.nl and messenger:9:77 are one customer"
    ]
    assert explain(found, 1, 6, NAMES) == ["nothing proves that email::jo@x.nl and 6 are one customer"]
    assert explain(found, 1, 1, NAMES) == ["email::jo@x.nl is one address"]


def test_an_unknown_method_without_a_sentence_is_named() -> None:
    assert POLICY.says(Entry(1, "claim", 1, 2, Strength.VERIFIED, "bank-id")) == "bank-id"


def test_a_path_may_lead_over_evidence_of_several_views() -> None:
    """What is proven first, then what is believed: each step says which it is."""
    journal = [claim(1, 1, 2), claim(2, 3, 2, "asserted", method="text"), claim(3, 3, 4)]
    found = derive(POINTS, journal, Purpose.ASSIST)
    assert [step.id for step in path(found, 4, 1)] == [3, 2, 1]
    assert [sentence.rpartition(" ")[2] for sentence in explain(found, 1, 4, {})] == [
        "(verified)", "(asserted)", "(verified)"
    ]  # fmt: skip
