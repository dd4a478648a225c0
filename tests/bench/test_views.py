"""The bench of views: what it counts is what a plain filter counts, and what it changes is taken back."""

from __future__ import annotations

from pathlib import Path

from bench.views import run_one, views

from tests.engines import HandClock


def test_every_view_is_counted_and_a_batch_is_taken_back(tmp_path: Path) -> None:
    lines, slower = run_one(f"sqlite:///{tmp_path / 'a.db'}", many=40, bulk=30, times=1)
    assert [name for name, _ in slower] == [seen.name for seen in views(40, HandClock().now())]
    assert lines[-2].startswith("30 cases changed")
    assert lines[-1].startswith("30 cases undone")
