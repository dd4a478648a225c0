"""Addresses, texts, telephone numbers and dates of record files as fields of evidence."""

from __future__ import annotations

import pytest

from omnichannel.identity.likeness.addresses import address_aspect, compare_addresses
from omnichannel.identity.likeness.aspects import Kind, several
from omnichannel.identity.likeness.contacts import PHONE_WRITTEN_ANYHOW
from omnichannel.identity.likeness.layout import Layout
from omnichannel.identity.likeness.wording import compare_wordings, wording_aspect

ADDRESS = address_aspect(["street"], "house", "unit", "zip", "city", whole=True)


@pytest.mark.parametrize(
    ("one", "other", "home", "postcode", "city"),
    [
        ({"street": "Main Street", "house": "12"}, {"street": "12 Main St"}, 6, -1, -1),
        ({"street": "839Daisy Rd"}, {"street": "839 Daisy Road"}, 6, -1, -1),
        ({"street": "8739 Daisy Rd"}, {"street": "839 Daisy Rd"}, 5, -1, -1),
        ({"street": "12 Main St"}, {"street": "77 Main St"}, 2, -1, -1),
        ({"street": "Main St"}, {"street": "77 Main St"}, 4, -1, -1),
        ({"street": "12 Main St"}, {"street": "40 Oak Lane"}, 0, -1, -1),
        ({"street": "12 Main St", "zip": "1011AB", "city": "Utrecht"}, {"zip": "1011 ab", "city": "utrecht"}, -1, 3, 3),
    ],
)  # fmt: skip
def test_addresses(one: dict[str, str], other: dict[str, str], home: int, postcode: int, city: int) -> None:
    """House and street weigh together, the place apart."""
    (first,), (second,) = ADDRESS.prepare(one), ADDRESS.prepare(other)
    found = [part.level for part in compare_addresses(first, second)]
    assert [found[0], *found[2:]] == [home, postcode, city]
    assert [part.level for part in compare_addresses(second, first)] == found


def test_a_program_ran_the_parts_of_a_number_together() -> None:
    """Country, number and extension in one row of digits are the same number."""
    one, other = (
        PHONE_WRITTEN_ANYHOW.prepare(text) for text in ("+1-700-555-0154 x5018", "17 00 55 50 15 45 01 8")
    )
    assert one is not None
    assert other is not None
    assert PHONE_WRITTEN_ANYHOW.level(one, other) == 4


WORDS = [{"w": text} for text in (
    "Ritz-Carlton Cafe (Atlanta)", "cafe ritz-carlton atlanta", "Ritz-Carlton Restaurant", "Katsu", "Restaurant Katsu",
    "Chinois on Main", "Palm Restaurant", "Oak Restaurant", "Elm Restaurant", "Katzu", "Blue Door Bistro",
)]  # fmt: skip


@pytest.mark.parametrize(
    ("one", "other", "least", "most"),
    [
        ("Ritz-Carlton Cafe (Atlanta)", "cafe ritz-carlton atlanta", 6, 6), ("Katsu", "Restaurant Katsu", 5, 5),
        ("Palm Restaurant", "Oak Restaurant", 0, 2), ("Katsu", "Chinois on Main", 0, 0),
        ("Blue Door Bistro", "Blue Dor Bistro", 5, 5),
    ],
)  # fmt: skip
def test_texts_are_weighed_by_what_their_words_tell(one: str, other: str, least: int, most: int) -> None:
    """In any order; a word that many have tells little; one text within the other is nearly the same."""
    aspect = wording_aspect("w", Kind.WORK, WORDS)
    (first,), (second,) = aspect.prepare({"w": one}), aspect.prepare({"w": other})
    (found,), (back,) = compare_wordings(first, second), compare_wordings(second, first)
    assert least <= found.level <= most
    assert found.level == back.level


def test_a_cell_of_several_values() -> None:
    """They are written with bars, semicolons or on lines."""
    assert several("a | b; c\nd") == ["a", "b", "c", "d"]
    assert several(" ") == []


def test_a_date_in_three_columns_is_one_date() -> None:
    """Year, month and day."""
    layout = Layout.of(["by", "bm", "bd"], [])
    (aspect,) = layout.aspects
    (born,) = aspect.prepare({"by": "1949", "bm": "7", "bd": "22"})
    assert born.text == "1949-07-22"
    assert aspect.prepare({"by": "", "bm": "", "bd": ""}) == []


def test_fields_follow_the_columns() -> None:
    """What there is no column for is no field; a company beside persons is where they work."""
    names = [field.name for field in Layout.of(["email", "street", "company"], []).fields]
    assert names == ["email", "home", "unit", "postcode", "city", "company"]
    kinds = {field.name: field.kind for field in Layout.of(["surname", "company"], []).fields}
    assert kinds["company"] is Kind.WORK
    assert Layout.of(["company"], []).fields[0].kind is Kind.GIVEN
