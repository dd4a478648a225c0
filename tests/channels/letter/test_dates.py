"""The date of a letter."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnichannel.channels.letter.dates import date_of, written
from omnichannel.channels.letter.phrases import LANGUAGES, Language

DAYS = st.dates(date(1990, 1, 1), date(2099, 12, 31))


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Utrecht, 12 november 2026", "2026-11-12"),
        ("12 nov. 2026", "2026-11-12"),
        ("3rd of November 2026", "2026-11-03"),
        ("November 3, 2026", "2026-11-03"),
        ("Nov 3rd 2026", "2026-11-03"),
        ("München, den 1. März 2026", "2026-03-01"),
        ("1er août 2026", "2026-08-01"),
        ("14 fevrier 2026", "2026-02-14"),
        ("2 mrt 2026", "2026-03-02"),
        ("09-11-2026", "2026-11-09"),
        ("9/11/2026", "2026-11-09"),
        ("11/23/2026", "2026-11-23"),
        ("9.11.2026", "2026-11-09"),
        ("Datum: 2026-11-09", "2026-11-09"),
    ],
)
def test_dates_are_read_as_people_write_them(text: str, day: str) -> None:
    """Day before month, but where only the other way makes a date."""
    assert date_of([text]) == datetime.fromisoformat(f"{day}T12:00+00:00")


@pytest.mark.parametrize(
    "text", ["", "31 februari 2026", "12 foo 2026", "00-00-2026", "1 mei 1850", "32/13/2026", "1 jui 2026"]
)
def test_what_is_no_date_is_none(text: str) -> None:
    assert date_of([text]) is None


@given(DAYS, st.sampled_from(sorted(LANGUAGES)))
def test_what_we_write_is_read_again(day: date, language: Language) -> None:
    """In every language that our letters are written in."""
    assert date_of([written(day, language)]) == datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "expected"),
    [("nl", "1 maart 2026"), ("en", "1 March 2026"), ("de", "1. März 2026"), ("fr", "1er mars 2026")],
)
def test_each_language_writes_dates_its_own_way(language: Language, expected: str) -> None:
    assert written(date(2026, 3, 1), language) == expected


def test_the_first_date_counts() -> None:
    assert date_of(["IBAN 12", "Utrecht, 12 mei 2026", "14 mei 2026"]) == datetime(
        2026, 5, 12, 12, tzinfo=UTC
    )
