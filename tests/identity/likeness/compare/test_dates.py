"""Dates of birth: read in many layouts, compared by their likeliest reading."""

from __future__ import annotations

import pytest

from omnichannel.identity.likeness.compare import BORN, prepare_date

LAYOUTS = [
    ("1987-09-26", "1987-09-26"),
    ("19870926", "1987-09-26"),
    ("1987/9/26", "1987-09-26"),
    ("26.09.1987", "1987-09-26"),
    ("26-9-1987", "1987-09-26"),
    ("9/26/1987", "1987-09-26"),
    ("26091987", "1987-09-26"),
    ("1987-26-09", "1987-09-26"),
    ("1987-09-26T00:00:00Z", "1987-09-26"),
    ("1987-09-26 00:00:00.000", "1987-09-26"),
    ("26 Sept 1987", "1987-09-26"),
    ("September 26, 1987", "1987-09-26"),
    ("26. září 1987", ""),
    ("26 septembre 1987", "1987-09-26"),
    ("26 de septiembre de 1987", "1987-09-26"),
    ("26. März 1987", "1987-03-26"),
    ("Sep 1987", "1987-09-00"),
    ("1987", "1987-00-00"),
    ("1987-09", "1987-09-00"),
    ("09/1987", "1987-09-00"),
    ("９/２６/１９８７", "1987-09-26"),
    ("10/10/70", "1970-10-10"),
    ("870926", "1987-09-26"),
]


@pytest.mark.parametrize(("text", "read"), LAYOUTS)
def test_layouts(text: str, read: str) -> None:
    born = prepare_date(text)
    assert (born.text if born else "") == read


@pytest.mark.parametrize(
    "text",
    [
        "",
        "n/a",
        "unknown",
        "0000-00-00",
        "1900-01-01",
        "9999-12-31",
        "13/13/1970",
        "99",
        "12345678901",
        "abc",
        "35 May 1970",
    ],
)
def test_what_is_no_date_is_none(text: str) -> None:
    """Days that programs put where there is none are none either."""
    assert prepare_date(text) is None


LEVELS = [
    ("1987-09-26", "26/09/1987", "same"),
    ("03/04/1970", "1970-03-04", "same"),
    ("03/04/1970", "1970-04-03", "same"),
    ("10/10/70", "1970-10-10", "same"),
    ("1987-09-26", "1987-09-27", "one digit off"),
    ("1987-09-26", "1987-09-62", ""),
    ("1987-09-12", "1987-09-21", "one digit off"),
    ("1987-09-26", "1978-09-26", "one digit off"),
    ("1987-03-04", "1987-04-03", "day and month exchanged"),
    ("1987-09-26", "1987-09-14", "same month, another day"),
    ("1987-09-26", "1987-09", "same month, another day"),
    ("1987-09-26", "1987", "same year, day not known"),
    ("1987-09-26", "1987-01-01", "same year, day not known"),
    ("1987-01-01", "1987-01-01", "same year, day not known"),
    ("1987", "1987", "same year, day not known"),
    ("1987-09-26", "1962-09-26", "same day of another year"),
    ("1987-09-26", "1987-03-11", "same year, another day"),
    ("1987-09-26", "1988-03-11", "within two years"),
    ("1987", "1988", "within two years"),
    ("1987-09-26", "1955-03-11", "differs"),
]


@pytest.mark.parametrize(("one", "other", "words"), LEVELS)
def test_levels(one: str, other: str, words: str) -> None:
    first, second = prepare_date(one), prepare_date(other)
    if first is None or second is None:
        assert words == ""
        return
    assert BORN.words(BORN.level(first, second)) == words
    assert BORN.level(second, first) == BORN.level(first, second)
