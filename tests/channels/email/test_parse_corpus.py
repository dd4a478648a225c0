"""Real mails of many sources: the shares that are asked for are reached. Skips where the data is not at hand."""

import pytest
from bench.conform.email import DATA, on_purpose, report, totals

REQUIRED = {
    "subject": 0.98,
    "sender": 0.98,
    "body": 0.90,
    "reply": 0.85,
    "automatic": 0.95,
    "never_raises": 1.0,
}


@pytest.fixture(scope="module")
def rows():
    if not DATA.is_dir():
        pytest.skip(f"the real mails are not at {DATA}")
    return report()


@pytest.mark.parametrize(("what", "share"), REQUIRED.items())
def test_the_expectations_of_the_sources_are_met(rows, what, share):
    (row,) = [one for one in totals(rows) if one.what == what]
    assert row.of > 0
    assert row.met >= share * row.of


def test_every_difference_on_purpose_is_a_real_one(rows):
    differing = {(case.split(": ")[0], row.what) for row in rows for case in row.differing}
    assert set(on_purpose()) <= differing
