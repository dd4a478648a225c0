"""Agreement with the sources of real inputs; skipped where their data is not at hand."""

from __future__ import annotations

import pytest
from bench.conform.x import DATA, report


@pytest.mark.skipif(not DATA.is_dir(), reason="the shared data is not here")
def test_every_expectation_of_every_source_is_met():
    """Weights, URLs, events of every recorded body, and our own requests against X's schemas."""
    rows = report()
    assert {row.what for row in rows} == {"weights", "urls", "reads", "events", "sends"}
    assert [(row.source, row.what, name) for row in rows for name in row.differing] == []


def test_no_data_is_no_success(tmp_path):
    """A folder without data gives no rows, and not rows that agree."""
    assert report(tmp_path) == []
