"""The bench `search`: what it finds is the same by all three ways; what it times is judged by nobody here."""

from __future__ import annotations

from pathlib import Path

import pytest
from bench.places import sqlite
from bench.search import __main__ as search
from bench.search.filling import VOCABULARY, text


def test_every_kind_of_query_is_asked_three_ways(tmp_path: Path) -> None:
    with sqlite(tmp_path) as place:
        index, found = search.run_one(place, 400, 1)
    assert index.bytes > 0
    hits = {one.kind.name: one.hits for one in found}
    assert hits["one message"] == 1
    assert hits["a word in every fourth"] == search.PAGE
    assert hits["nothing"] == 0
    assert all(len(search.row(one)) == len(search.HEAD) for one in found)
    assert search.goals("sqlite", 400, found) == []
    assert len(search.goals("sqlite", search.MANY, found)) == len(found)


def test_a_scan_that_finds_something_else_is_no_bench(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "_search", lambda *_: [])
    with sqlite(tmp_path) as place, pytest.raises(AssertionError, match="another number"):
        search.run_one(place, 100, 1)


def test_no_word_is_a_part_of_another() -> None:
    """Or a scan would find more than words."""
    assert len(set(VOCABULARY)) == len(VOCABULARY)
    assert all(
        word.startswith("x") and word.endswith("q") and not set(word[1:-1]) & {"x", "q"}
        for word in VOCABULARY
    )
    assert text(7) == text(7) != text(8)
