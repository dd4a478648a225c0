"""Postal addresses in letters: which lines are one, and when two are the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnichannel.channels.letter.postal import address_of, blocks, same_name, same_place
from tests.channels.letter.given import OURS, column, reading


def found(*rows: str) -> list[tuple[str, ...]]:
    """The addresses in some lines below each other."""
    return [block.lines for block in blocks(reading(column(25, 20, *rows)).lines)]


@pytest.mark.parametrize(
    ("rows", "country"),
    [
        (("J. de Vries", "Dorpsstraat 12", "1234 AB Utrecht"), "NL"),
        (("J. de Vries", "Dorpsstraat 12-hs", "1234AB UTRECHT"), "NL"),
        (("Fam. Jansen", "Postbus 1234", "3500 BA Utrecht"), "NL"),
        (("Mr A. Smith", "14 Station Road", "London", "SW1A 2AA"), "GB"),
        (("Mr A. Smith", "14 Station Road", "Leeds LS1 4DY"), "GB"),
        (("Ms B. Jones", "P.O. Box 12", "Springfield, IL 62701-1234"), "US"),
        (("Ms B. Jones", "742 Evergreen Terrace", "Springfield, IL 62701"), "US"),
        (("Erika Mustermann", "Heidestraße 17", "51147 Köln"), ""),
        (("Erika Mustermann", "Postfach 10 20 30", "D-51147 Köln"), "DE"),
        (("Marie Dupont", "12 bis, rue de la Paix", "75002 Paris", "France"), "FR"),
        (("Jan Peeters", "Meir 24", "2000 Antwerpen", "België"), "BE"),
        (("Urs Meier", "Bahnhofstrasse 1", "CH-8001 Zürich"), "CH"),
        (("Jan Peeters", "Meir 24", "B-2000 Antwerpen"), "BE"),
        (("Maria Huber", "Ring 3", "A-1010 Wien"), "AT"),
    ],
)
def test_addresses_of_many_countries_are_found(rows: tuple[str, ...], country: str) -> None:
    (block,) = blocks(reading(column(25, 20, *rows)).lines)
    assert (block.lines, block.country) == (rows, country)


@pytest.mark.parametrize(
    "rows",
    [
        ("In 1995 Amsterdam was another town.",),
        ("Wij schrijven 1234 AB tests.",),
        ("J. de Vries", "zonder straat", "1234 AB Utrecht"),
        ("Datum: 12 mei 2026", "2026 Utrecht"),
        ("Dorpsstraat 12", "", "x"),
        ("A, B, C",),
        ("een, twee 2, drie",),
    ],
)
def test_what_only_looks_like_an_address_is_none(rows: tuple[str, ...]) -> None:
    assert found(*rows) == []


def test_an_address_in_one_row_is_found() -> None:
    """As it stands above a window, in small type."""
    assert found("J. de Vries · Dorpsstraat 12 · 1234 AB Utrecht") == [
        ("J. de Vries", "Dorpsstraat 12", "1234 AB Utrecht")
    ]
    assert found("J. de Vries | Dorpsstraat 12 | 1234 AB Utrecht | Nederland") == [
        ("J. de Vries", "Dorpsstraat 12", "1234 AB Utrecht")
    ]
    assert found("J. de Vries, Dorpsstraat 12, 1234 AB Utrecht")[0][0] == "J. de Vries"


def test_the_row_above_a_window_is_no_line_of_the_address_in_it() -> None:
    rows = ("De Ketting · Kerkstraat 1 · 3511 LX Utrecht", "J. de Vries", "Dorpsstraat 12", "1234 AB Utrecht")
    assert [lines[0] for lines in found(*rows)] == ["De Ketting", "J. de Vries"]


def test_addresses_beside_each_other_are_two() -> None:
    """Columns are told apart by where they begin."""
    left = column(25, 20, "J. de Vries", "Dorpsstraat 12", "1234 AB Utrecht")
    right = column(120, 20, "Fam. Jansen", "Kade 3", "4321 BA Breda")
    assert [block.lines[0] for block in blocks(reading(left, right).lines)] == ["J. de Vries", "Fam. Jansen"]


def test_what_stands_beside_an_address_is_no_line_of_it() -> None:
    rows = ("Tel. 030 123", "J. de Vries", "Dorpsstraat 12", "1234 AB Utrecht", "j@mail.example")
    assert found(*rows) == [("J. de Vries", "Dorpsstraat 12", "1234 AB Utrecht")]
    far = (*column(25, 20, "Koptekst"), *column(25, 50, "J. de Vries", "Dorpsstraat 12", "1234 AB Utrecht"))
    assert blocks(reading(far).lines)[0].lines[0] == "J. de Vries"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            ("Mevr. J. de Vries", "Dorpsstraat 12", "1234 AB Utrecht"),
            ("J de Vries", "DORPSSTRAAT 12", "1234AB  utrecht"),
        ),
        (
            ("De heer J. de Vries", "Dorpsstraat  12", "1234 AB Utrecht", "Nederland"),
            ("J. de Vries", "Dorpsstraat 12", "1234 AB Utrecht"),
        ),
        (
            ("Mr A. Smith", "14 Station Road", "Leeds LS1 4DY"),
            ("A Smith", "14 Station Road", "LEEDS LS14DY", "United Kingdom"),
        ),
    ],
)
def test_one_address_has_one_spelling(one: tuple[str, ...], other: tuple[str, ...]) -> None:
    assert address_of(one) == address_of(other)


@pytest.mark.parametrize(
    "other",
    [
        ("J. de Vries", "Dorpsstraat 12a", "1234 AB Utrecht"),
        ("K. de Vries", "Dorpsstraat 12", "1234 AB Utrecht"),
        ("J. de Vries", "Dorpsstraat 12", "1234 AC Utrecht"),
        ("J. dé Vries", "Dorpsstraat 12", "1234 AB Utrecht"),
    ],
)
def test_other_people_and_houses_are_others(other: tuple[str, ...]) -> None:
    """Whatever may be somebody else is somebody else: letters that look alike, too."""
    assert address_of(("J. de Vries", "Dorpsstraat 12", "1234 AB Utrecht")) != address_of(other)


@given(st.lists(st.text(max_size=50), max_size=9))
def test_any_lines_have_at_most_one_spelling(rows: list[str]) -> None:
    """Writing it down twice changes nothing; whatever it is, it fits."""
    rows = [*rows, "x"]
    address = address_of(rows)
    assert address == address_of(list(rows))
    assert 1 <= len(address.value) <= 1024


@given(
    st.lists(st.text(st.characters(blacklist_categories=["Cs", "Cc"]), min_size=1, max_size=60), max_size=12)
)
def test_any_lines_are_searched_without_trouble(rows: list[str]) -> None:
    for lines in found(*rows):
        assert lines


def test_our_own_address_is_known_though_ocr_spoilt_it() -> None:
    assert same_place(("De Ketting", "Kerkstraat l", "3511LX Utrecht"), OURS)
    assert not same_place(("De Ketting", "Kerkstraat 1"), ("only a name",))
    assert not same_place(("J. de Vries", "Dorpsstraat 12", "3511 LX Utrecht"), OURS)
    assert same_name("Fietsenwinke1 De Ketting BV", OURS[0])
    assert not same_name("Slagerij De Ketting", OURS[0])
