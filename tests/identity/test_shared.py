"""Addresses that several people use join nobody; to disclose, only proof makes one of those."""

from __future__ import annotations

import pytest

from omnichannel.identity import Entry, Point, Policy, Purpose, Said, derive, shared
from omnichannel.identity.blocked import is_blocked
from omnichannel.identity.policy import POLICY
from omnichannel.model import Strength

from .journals import POINTS, claim, points, revoke, several, share


def why(known: list[Point], journal: list[Entry], purpose: Purpose = Purpose.DISCLOSE) -> dict[int, str]:
    return shared({point.id: point for point in known}, journal, purpose, POLICY)


# --- whatever is known of them ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "value", "reason"),
    [
        ("email", "info@shop.nl", "a role's"),
        ("email", "klantenservice@winkel.nl", "a role's"),
        ("email", "buchhaltung@firma.de", "a role's"),
        ("email", "no-reply@shop.fr", "a role's"),
        ("email", "familie-jansen@mail.nl", "a family's"),
        ("email", "the.smith.family@mail.com", "a family's"),
        ("email", "test@mail.nl", "a placeholder"),
        ("email", "onbekend@mail.nl", "a placeholder"),
        ("email", "unbekannt+2@mail.de", "a placeholder"),
        ("email", "inconnu@mail.fr", "a placeholder"),
        ("phone", "+31000000000", "a placeholder"),
        ("email", "the.smith.family@mail.nl", "a family's"),
        ("email", "rodzina.nowak@mail.pl", "a family's"),
        ("email", "mr.and.mrs.smith@mail.uk", "a family's"),
        ("phone", "+123456789", "a placeholder"),
        ("phone", "1234", "a placeholder"),
        ("cookie", "null", "a placeholder"),
        ("account", "anonymous", "a placeholder"),
        ("account", "0000", "a placeholder"),
        ("handle", "undefined", "a placeholder"),
    ],
)
def test_what_nobody_has_alone_joins_nobody(kind: str, value: str, reason: str) -> None:
    """Two strangers who each prove that they read info@ are still two strangers."""
    known = [Point(1, "x", "here", "1"), Point(2, kind, "", value), Point(3, "x", "here", "3")]
    found = derive(known, [claim(1, 1, 2), claim(2, 3, 2)])
    assert several(found) == []
    assert reason in found.shared[2]
    assert all(reason in refused.obstacle.because for refused in found.refused_links)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("email", "anna@mail.nl"),
        ("email", "tester.de.wit@mail.nl"),
        ("phone", "+31618030001"),
        ("whatsapp", "1234"),
        ("x", "test"),
        ("account", "a-17"),
        ("", ""),
    ],
)
def test_what_somebody_may_have_is_not_shared(kind: str, value: str) -> None:
    assert why([Point(1, kind, "", value)], []) == {}


def test_ids_that_a_platform_gives_out_are_no_placeholders() -> None:
    assert not is_blocked("telegram", "0")
    assert is_blocked("phone", "+31 111 111 111")


# --- an operator's mark -------------------------------------------------------------------------------------


def test_an_operator_can_say_that_an_address_is_shared_and_take_it_back() -> None:
    mark = share(5, 2, because="the reception's telephone")
    assert why(POINTS, [mark]) == {2: "the reception's telephone"}
    journal = [claim(1, 1, 2), claim(2, 2, 3), mark]
    assert several(derive(POINTS, journal)) == []
    assert several(derive(POINTS, [*journal, revoke(6, mark)])) == [{1, 2, 3}]


def test_an_operators_words_are_the_reason_that_is_given() -> None:
    (reason,) = why([Point(1, "email", "", "info@shop.nl")], [share(1, 1, because="the desk's")]).values()
    assert reason == "the desk's"


# --- accounts -----------------------------------------------------------------------------------------------


def tied(*accounts: str, to: str, strength: str = "verified", method: str = "token"):
    """An address, and accounts that are tied to it."""
    known = points(to, *accounts)
    return known, [claim(n, n, 1, strength, method=method) for n in range(2, len(known) + 1)]


# Each case: an address, the accounts that are proven to use it, and whether it is shared.
CROWDS = {
    "two people's accounts on a browser": ("cookie", ["account", "account"], True),
    "one account on a browser": ("cookie", ["account", "messenger"], False),
    "accounts at two sites on a browser": ("cookie", ["account@one", "account@two"], False),
    "three accounts with one telephone": ("phone", ["account", "account", "account"], True),
    "two accounts with one telephone": ("phone", ["account", "account"], False),
    "three kinds of account with one telephone": ("phone", ["whatsapp", "telegram", "account"], False),
    "three ids at different companies' numbers": ("phone", ["whatsapp@a", "whatsapp@b", "whatsapp@c"], False),
    "two mailboxes that were proven on a browser": ("cookie", ["email", "email"], True),
    "a mailbox and a telephone on a browser": ("cookie", ["email", "phone"], False),
    "two browsers of one person": ("cookie", ["cookie", "webchat"], False),
    "three mailboxes with one telephone are no accounts": ("phone", ["email", "email", "email"], False),
    "three unknown ids of one platform": ("email", ["line", "line", "line"], True),
    "an account is never shared by accounts": ("account", ["messenger", "messenger", "messenger"], False),
}


@pytest.mark.parametrize("case", CROWDS)
def test_an_address_that_many_accounts_use_is_shared(case: str) -> None:
    address, accounts, is_shared = CROWDS[case]
    known, journal = tied(*accounts, to=address)
    assert (1 in why(known, journal)) == is_shared
    assert (1 in why(known, journal[::-1])) == is_shared


def test_the_reason_says_how_many_use_it() -> None:
    known, journal = tied("account", "account", to="cookie")
    assert why(known, journal) == {1: "2 of account use it"}


def test_an_account_that_was_left_does_not_make_an_address_shared() -> None:
    known, journal = tied("account", "account", to="cookie")
    left = [*known[:2], Point(3, "account", "here", "account-3", retired=True)]
    assert why(left, journal) == {}


def test_a_policy_says_how_many_are_many() -> None:
    known, journal = tied("account", "account", to="phone")
    assert derive(known, journal, policy=Policy(accounts=2)).shared == {1: "2 of account use it"}


@pytest.mark.parametrize(
    ("strength", "method", "views"),
    [
        ("verified", "token", ["disclose", "assist", "analytics"]),
        ("asserted", "text", ["assist", "analytics"]),
        ("verified", "text", ["assist", "analytics"]),
        ("asserted", "contact_card", ["analytics"]),
        ("inferred", "quoted", []),
    ],
)
def test_only_proof_makes_an_address_shared_to_disclose(strength: str, method: str, views: list[str]) -> None:
    """Else three chats that name her mailbox would cut a customer off from it."""
    known, journal = tied("messenger", "messenger", "messenger", to="email", strength=strength, method=method)
    assert [purpose for purpose in Purpose if 1 in why(known, journal, purpose)] == views


def test_the_people_at_a_kiosk_are_as_many_as_before() -> None:
    """Each of two who logged in on one browser keeps what is proven of them; the browser is nobody's."""
    known = points("cookie", "account", "account", "email", "email")
    journal = [claim(1, 1, 2), claim(2, 2, 4), claim(3, 1, 3), claim(4, 3, 5)]
    assert several(derive(known, journal)) == [{2, 4}, {3, 5}]
    assert several(derive(known, journal[:2])) == [{1, 2, 4}]


def test_two_who_each_return_a_code_on_one_screen_are_not_one() -> None:
    """Whoever sits down at a kiosk and proves a mailbox there must not be shown what the one before wrote."""
    known = points("cookie", "email", "email", "messenger")
    journal = [claim(1, 1, 2, method="token"), claim(2, 2, 4), claim(3, 1, 3, method="token")]
    assert several(derive(known, journal)) == [{2, 4}]
    assert derive(known, journal).shared == {1: "2 of email use it"}


def test_what_is_only_typed_on_a_browser_does_not_make_it_shared() -> None:
    """People mistype their address and try again; for an agent it is one visitor still."""
    known = points("cookie", "email", "email")
    journal = [claim(n, 1, n, "asserted", method="form") for n in (2, 3)]
    assert several(derive(known, journal, Purpose.ASSIST)) == [{1, 2, 3}]


# --- names --------------------------------------------------------------------------------------------------

FAMILY = (Said("Anna Visser"), Said("Bob de Wit"))


def called(*names: Said, kind: str = "email") -> list[Point]:
    return [Point(1, kind, "", "person1@mail.nl", names), *points("email", "x", "x", "x")[1:]]


@pytest.mark.parametrize(
    ("names", "is_shared"),
    [
        (FAMILY, True),
        ((Said("Anna Visser"), Said("A. Visser")), False),
        ((Said("Anna Visser"), Said("Anna")), False),
        ((Said("Anna Visser"),), False),
        ((), False),
    ],
    ids=["two people", "an initial", "a given name", "one name", "no name"],
)
def test_an_address_under_two_peoples_names_is_shared(names, is_shared: bool) -> None:
    assert (1 in why(called(*names), [])) == is_shared
    assert (1 in why(called(*names[::-1]), [])) == is_shared


def test_the_names_are_the_reason() -> None:
    assert why(called(*FAMILY), []) == {1: "Anna Visser and Bob de Wit use it"}


def test_an_account_is_its_owners_under_whatever_name() -> None:
    """People call themselves what they like on a platform; nobody else can write from there."""
    assert why(called(*FAMILY, kind="messenger"), []) == {}


@pytest.mark.parametrize("strength", Strength)
def test_only_names_of_proven_senders_make_an_address_shared_to_disclose(strength: Strength) -> None:
    """A forger who calls themselves Bob at Anna's address splits nobody."""
    known = called(Said("Anna Visser"), Said("Bob de Wit", strength))
    assert (1 in why(known, [])) == strength.proves
    assert 1 in why(known, [], Purpose.ASSIST)


def test_how_many_people_are_several_is_the_policys_to_say() -> None:
    found = derive(called(*FAMILY), [claim(1, 1, 2)], policy=Policy(people=3))
    assert several(found) == [{1, 2}]


def test_each_of_a_family_keeps_what_is_their_own() -> None:
    known = called(*FAMILY)
    journal = [claim(1, 3, 1), claim(2, 4, 1), claim(3, 3, 2)]
    assert several(derive(known, journal)) == [{2, 3}]
