"""Telephone numbers and handles are given out again: each owner's time is somebody of their own."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnichannel.errors import Conflict
from omnichannel.identity import Entry, Point, beginnings, check_accept, derive, owned, owner, ties, unmerge
from omnichannel.identity.policy import KINDS, POLICY

from .journals import accept, claim, points, refuse, several

DAY = 86_400 * 1_000_000
PHONE, HANDLE = KINDS["phone"].gap, KINDS["handle"].gap
A, B, C = 11, 12, 13
LEFT = 1 / DAY  # the moment after somebody left: what they wrote at that very moment is still theirs


def after(*days: float) -> list[int]:
    return [round(DAY * day) for day in days]


# Each case: (day, account) of every proof, the silence that is needed, the days on which the owner left; and the
# days on which somebody else's time begins.
CHANGES = {
    "nobody yet": ([], PHONE, [], []),
    "one owner": ([(1, A), (90, A)], PHONE, [], []),
    "another account after a silence": ([(1, A), (46, B)], PHONE, [], [46]),
    "another account at once is the owner's second": ([(1, A), (45, B)], PHONE, [], []),
    "the silence is counted from the last proof": ([(1, A), (40, A), (80, B)], PHONE, [], []),
    "the same account after a silence": ([(1, A), (100, A)], PHONE, [], []),
    "an account of the owner's before": ([(1, A), (2, B), (100, A), (200, B)], PHONE, [], []),
    "two changes": ([(1, A), (50, B), (100, C)], PHONE, [], [50, 100]),
    "back again is a change too": ([(1, A), (50, B), (100, A)], PHONE, [], [50, 100]),
    "a handle moves at once": ([(1, A), (2, B), (3, A)], HANDLE, [], [2, 3]),
    "given up, and somebody else's the next day": ([(1, A), (3, B)], PHONE, [2], [LEFT + 2]),
    "given up, and come back to": ([(1, A), (3, A)], PHONE, [2], []),
    "given up by somebody before": ([(2, A), (3, B)], PHONE, [1], [LEFT + 1]),
    "given up, come back to, and then a second account": ([(1, A), (3, A), (4, B)], PHONE, [2], []),
    "given up at the moment of the last proof": ([(2, A), (3, B)], PHONE, [2], [LEFT + 2]),
    "given up, and nobody came since": ([(1, A)], PHONE, [2], [LEFT + 2]),
    "given up twice": ([(1, A), (3, B)], PHONE, [2, 4], [LEFT + 2, LEFT + 4]),
    "given up, where it never changes hands by itself": ([(1, A), (90, B)], None, [2], [LEFT + 2]),
    "never, where addresses stay": ([(1, A), (900, B)], None, [], []),
    "two accounts at one moment": ([(1, A), (2, B), (2, C)], HANDLE, [], [2]),
    "the owner among two at one moment": ([(1, A), (2, A), (2, B)], HANDLE, [], []),
}


@pytest.mark.parametrize("case", CHANGES)
def test_when_an_address_changed_hands(case: str) -> None:
    tied, gap, left, expected = CHANGES[case]
    known = [(DAY * day, account) for day, account in tied]
    assert beginnings(known, gap, after(*left)) == after(*expected)
    assert beginnings([*known[::-1], *known], gap, after(*left)) == after(*expected)


TIES = st.lists(st.tuples(st.integers(1, 9), st.sampled_from([A, B, C])), max_size=8)


@given(
    TIES, st.sampled_from([None, 0, 2, 5]), st.sets(st.integers(1, 9), max_size=2), st.permutations([A, B, C])
)
def test_what_the_accounts_are_called_does_not_matter(tied, gap, left, names) -> None:
    renamed = [(at, dict(zip([A, B, C], names, strict=True))[account]) for at, account in tied]
    assert beginnings(renamed, gap, left) == beginnings(tied, gap, left)


@pytest.mark.parametrize(
    ("entry", "counts"),
    [
        (claim(5, 1, 2), True),
        (claim(5, 2, 1), True),
        (claim(5, 1, 3, method="platform_mapping"), True),
        (claim(5, 1, 2, "attested", method="import"), False),
        (claim(5, 1, 2, "asserted", method="form"), False),
        (claim(5, 1, 2, "verified", method="form"), False),
        (claim(5, 1, 4), False),
        (claim(5, 2, 3), False),
        (accept(5, 1, 2), False),
        (Entry(5, "claim", 1, at=5), False),
    ],
    ids=["verified", "by the account", "a platform's", "vouched for", "typed", "typed and called verified",
         "a mailbox is no account", "about others", "an operator's word", "about itself"],
)  # fmt: skip
def test_only_a_verified_account_makes_an_owner(entry: Entry, counts: bool) -> None:
    """Else anybody could say that a customer's number is theirs now, and take her history's place."""
    known = {point.id: point for point in points("phone", "account", "whatsapp", "email")}
    expected = [(5, sum(entry.pair) - 1)] if counts else []
    assert ties(1, known, [entry, entry], POLICY) == expected


# --- whose an entry is ------------------------------------------------------------------------------------------

FIRST = Point(1, "phone", value="+31618030001")
SECOND = Point(101, "phone", value="+31618030001", first=1, since=50)
THIRD = Point(201, "phone", value="+31618030001", first=1, since=90)
ACCOUNTS = points("", "account", "account", "account")[1:]
ALL = [FIRST, SECOND, THIRD, *ACCOUNTS]


@pytest.mark.parametrize(
    ("at", "whose"), [(0, FIRST), (49, FIRST), (50, SECOND), (89, SECOND), (90, THIRD), (10**9, THIRD)]
)
def test_an_address_is_the_latest_owners_that_had_begun(at: int, whose: Point) -> None:
    assert owner([SECOND, THIRD, FIRST], at) == whose
    assert owned(ALL, [claim(1, 2, 1, at=at)]) == [claim(1, 2, whose.id, at=at)]


def test_before_the_first_had_begun_it_is_the_first_ones() -> None:
    assert owner([SECOND, THIRD], 10) == SECOND


@pytest.mark.parametrize("number", [1, 101, 201])
def test_whichever_owners_number_an_entry_has_its_time_decides(number: int) -> None:
    assert owned(ALL, [refuse(60, number, 2)]) == [refuse(60, 101, 2)]


def test_what_names_two_owners_of_an_address_means_just_those() -> None:
    """An operator may say that the new owner is the old one after all, or never."""
    assert owned(ALL, [accept(99, 1, 201), refuse(98, 101, 1)]) == [accept(99, 1, 201), refuse(98, 101, 1)]
    assert several(derive(ALL, [accept(99, 1, 201)])) == [{1, 201}]


def test_what_is_about_other_addresses_is_left_as_it_is() -> None:
    journal = [claim(60, 2, 3), claim(61, 77, 2), Entry(9, "claim", 2, at=60)]
    assert owned(ALL, journal) == journal
    assert owned([FIRST, *ACCOUNTS], [claim(60, 2, 1)]) == [claim(60, 2, 1)]


def test_each_owner_is_a_customer_of_their_own() -> None:
    """Late evidence goes to whoever had the address then."""
    journal = [claim(1, 2, 1, at=10), claim(2, 3, 1, at=50), claim(3, 4, 1, at=95), claim(4, 2, 1, at=49)]
    found = derive(ALL, journal)
    assert several(found) == [{1, 2}, {3, 101}, {4, 201}]
    assert derive(ALL, journal[::-1]) == found


def test_two_owners_are_no_two_numbers_of_one_customer() -> None:
    """Both are phones at one place, so a limit counts them as it counts any two."""
    assert several(derive(ALL, [accept(1, 1, 101), accept(2, 101, 201)])) == [{1, 101, 201}]


# --- decisions about an address that changed hands -------------------------------------------------------------


def test_unmerge_means_whoever_has_the_address_now() -> None:
    journal = [claim(1, 2, 1, at=10), claim(2, 3, 1, at=50)]
    known = [FIRST, SECOND, *ACCOUNTS]
    with pytest.raises(Conflict, match="not one customer"):
        unmerge(known, journal, 1, 2, at=99)
    for number in (1, 101):
        appended = unmerge(known, journal, number, 3, at=99)
        assert [(entry.kind, entry.target, entry.pair) for entry in appended] == [
            (
                "revoke",
                2,
                (1, 3),
            ),  # by the journal's numbers, so that whoever reads about the address finds both
            ("refuse", None, (1, 3)),
        ]


def test_two_owners_of_an_address_can_be_parted_again() -> None:
    journal = [accept(95, 1, 201)]
    appended = unmerge(ALL, journal, 201, 1, at=99)
    assert [(entry.kind, entry.target, entry.pair) for entry in appended] == [
        ("revoke", 95, (1, 201)),
        ("refuse", None, (1, 201)),
    ]


def test_a_refusal_about_the_owner_before_stands_in_nobodys_way() -> None:
    known = [FIRST, SECOND, *ACCOUNTS]
    journal = [refuse(10, 1, 3, actor="kim")]
    found = derive(known, journal)
    check_accept(found, owned(known, journal), 101, 3)
    with pytest.raises(Conflict, match="kim decided"):
        check_accept(found, owned(known, journal), 1, 3)
    assert several(derive(known, [*journal, accept(99, 1, 3)])) == [{3, 101}]
