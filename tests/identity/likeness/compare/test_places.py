"""Postal addresses, postcodes and cities."""

from __future__ import annotations

import pytest

from omnichannel.identity.likeness.compare import (
    CITY,
    POSTAL,
    POSTCODE,
    Postal,
    prepare_city,
    prepare_postal,
    prepare_postcode,
)


def postal(street: str = "", number: str = "", unit: str = "", postcode: str = "", city: str = "") -> Postal:
    made = prepare_postal(street, number, unit, postcode, city)
    assert made is not None
    return made


SAME = "same"
ELSEWHERE = "same number and street, another place"
NEAR = "same number, street near"
UNIT = "same house, another unit"
NO_NUMBER = "same street, number not known or one digit off"
NUMBER = "same street, another number"
PLACE = "same place, another street"

LEVELS = [
    (postal("12 Main Street", city="Springfield"), postal("12 main st.", city="Springfield"), SAME),
    (postal("12 Main St", postcode="1234"), postal("Main Street", "12", postcode="1234"), SAME),
    (postal("Hauptstraße 5", city="Köln"), postal("Hauptstr. 5", city="Koln"), SAME),
    (postal("Kerkstraat 12", postcode="1012 AB"), postal("Kerkstr. 12", postcode="1012AB"), SAME),
    (postal("12, rue de la Paix", city="Paris"), postal("12 r. de la Paix", city="PARIS"), SAME),
    (postal("Calle Mayor 3", city="Madrid"), postal("C. Mayor, 3", city="Madrid"), SAME),
    (postal("1402 N. Highland Ave."), postal("1402 north highland avenue"), SAME),
    (postal("3212 W. 32nd St, Palm Harbor, FL 60527"), postal("3212 W 32nd St", postcode="60527"), SAME),
    (postal("5 Oak Rd Apt 3", city="York"), postal("5 Oak Road", unit="3", city="York"), SAME),
    (postal("5 Oak Rd Apt 3", city="York"), postal("5 Oak Rd Apt 4", city="York"), UNIT),
    (postal("5 Oak Rd Apt 3", city="York"), postal("5 Oak Rd", city="York"), SAME),
    (postal("6181 Liberty Ln", city="Boston"), postal("6181 Librety Ln", city="Boston"), NEAR),
    (postal("6181 Liberty Ln", city="Boston"), postal("6181 Liberty Rd", city="Boston"), NEAR),
    (postal("6181 Liberty Ln", city="Boston"), postal("6181 Liberty Ln", city="Denver"), ELSEWHERE),
    (postal("6181 Liberty Ln", city="Boston"), postal("6118 Liberty Ln", city="Boston"), NO_NUMBER),
    (postal("6181 Liberty Ln", city="Boston"), postal("Liberty Ln", city="Boston"), NO_NUMBER),
    (postal("6181 Liberty Ln", city="Boston"), postal("22 Liberty Ln", city="Boston"), NUMBER),
    (postal("6181 Liberty Ln", city="Boston"), postal("22 Liberty Ln", city="Denver"), "differs"),
    (postal("6181 Liberty Ln", city="Boston"), postal("9 Elm St", city="Boston"), PLACE),
    (postal("Loosstr. 4/7", city="Monschau"), postal("Loosstraße", "4", "7", city="Monschau"), SAME),
    (postal("3/12 Smith St", city="Perth"), postal("12 Smith Street", unit="3", city="Perth"), SAME),
    (postal("Hughes Plaza, 100 Hughes Way, Reno"), postal("100 Hughes Way", city="Reno"), SAME),
    (postal("Adventura Apartments 638 Downey St, Salem"), postal("638 Downey St", city="Salem"), SAME),
    (postal("P.O. Box 12987", city="Reno"), postal("PO Box 12987", city="Reno"), SAME),
    (postal("P.O. Box 12987", city="Reno"), postal("PO Box 11111", city="Reno"), NUMBER),
    (postal("308 w. sahara ave.", city="Reno"), postal("308 sahara ave", city="Reno"), SAME),
    (postal("228 Thompson St. between W. 3rd and Bleecker Sts.", city="New York"),
     postal("228 Thompson St", city="New York"), SAME),
    (postal(postcode="80201"), postal(postcode="80201-1234"), "same place, street not said"),
    (postal(city="Boston"), postal("9 Elm St", city="Bostn"), "near place, street not said"),
    (postal("6181 Liberty Ln", city="Boston"), postal("9 Elm St", city="Denver"), "differs"),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other", "words"), LEVELS)
def test_addresses(one: Postal, other: Postal, words: str) -> None:
    assert POSTAL.words(POSTAL.level(one, other)) == words
    assert POSTAL.level(other, one) == POSTAL.level(one, other)


@pytest.mark.parametrize("text", ["", "n/a", "-", "unknown"])
def test_what_says_nothing_is_none(text: str) -> None:
    assert prepare_postal(text, text, text, text, text) is None
    assert prepare_postcode(text) is None
    assert prepare_city(text) is None


def test_zeros_are_no_postcode() -> None:
    assert prepare_postcode("00000") is None


HOUSES = [
    ("Kerkstraat 12 b", "12b", "kerk", ""), ("Kerkstraat 12-b", "12b", "kerk", ""), ("12 b Kerkstraat", "12b", "kerk", ""),
    ("Hauptstr. 5 a", "5a", "haupt", ""), ("Hauptstr. 5 a-c", "5a", "haupt", "c"), ("Musterweg 3 Haus B", "3", "muster", "b"),
    ("Rue de la Paix 7 bis", "7b", "de la paix", ""), ("7bis rue de la Paix", "7b", "de la paix", ""),
    ("Via Roma 5/A", "5a", "roma", ""), ("Calle Mayor 5 2 B", "5", "mayor", "2b"), ("221 B Baker Street", "221b", "baker", ""),
    ("Kerkstraat 12 hs", "12", "kerk", "hs"), ("Kerkstraat 12 1 hoog", "12", "kerk", "1hoog"),
    ("ul. Marszałkowska 10 m. 5", "10", "marszalkowska", "5"),
    ("1021 E St", "1021", "east street", ""), ("12 B Street", "12", "b", ""), ("123 Main St NW", "123", "main", ""),
]  # fmt: skip


@pytest.mark.parametrize(("text", "number", "street", "unit"), HOUSES)
def test_what_follows_a_number_belongs_to_the_house(text: str, number: str, street: str, unit: str) -> None:
    """A letter, a French bis, a Dutch floor: never the street's name, which a letter or a direction may be elsewhere."""
    made = postal(text)
    assert (made.number, made.street, made.unit) == (number, street, unit)


POSTCODES = [
    ("1012 ab", "1012AB", "same"),
    ("80201-1234", "80201", "same"),
    ("80201", "80210", "one character off"),
    ("80201", "80299", "same district"),
    ("PL19 9EH", "PL19 2AB", "same district"),
    ("80201", "10034", "differs"),
]


@pytest.mark.parametrize(("one", "other", "words"), POSTCODES)
def test_postcodes(one: str, other: str, words: str) -> None:
    first, second = prepare_postcode(one), prepare_postcode(other)
    assert first
    assert second
    assert POSTCODE.words(POSTCODE.level(first, second)) == words


CITIES = [
    ("St. Louis", "Saint Louis", "same"),
    ("Köln", "Koln", "same"),
    ("New York", "Newyork", "same"),
    ("Dortmund", "Drtmund", "near"),
    ("York", "New York", "near"),
    ("Werrington", "Warrenton", "resembles"),
    ("Boston", "Denver", "differs"),
]


@pytest.mark.parametrize(("one", "other", "words"), CITIES)
def test_cities(one: str, other: str, words: str) -> None:
    first, second = prepare_city(one), prepare_city(other)
    assert first
    assert second
    assert CITY.words(CITY.level(first, second)) == words
