"""The bench `report`: all three ways say the same; what it times is judged by nobody here."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from bench.places import sqlite
from bench.report import __main__ as report
from bench.report.filling import EACH, TEMPLATE, copy, fill


def test_every_report_is_made_three_ways(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report, "TEMPLATE", 80)
    with sqlite(tmp_path) as place:
        kept, made = report.run_one(place, 160, 1)
        [(messages,)] = place.say("SELECT COUNT(*) FROM messages", ())
    assert (kept.messages, messages) == (160, 320)
    assert [one.rows for one in made] == [3, 12, 24, 1, 3]
    assert all(len(report.row(one)) == len(report.HEAD) for one in made)
    assert report.goals("sqlite", 320, made) == []
    assert len(report.goals("sqlite", report.MANY, made)) == 6
    assert "a message" in report.told("sqlite", 640, kept, 1)


def test_who_finds_something_else_is_no_rival(tmp_path: Path) -> None:
    assert TEMPLATE % EACH == 0
    with sqlite(tmp_path) as place:
        fill(place.url, 80)
        copy(place.say, 3)
        kind = report.Kind("a day", (date(2026, 1, 5), date(2026, 1, 6)))
        received, answers, _ = report.counted(place.say, kind)
        assert report.scanned(place.say, kind)[:2] == (received, answers)
        assert received == 3 * 80 // 2
        [(open_,)] = place.say("SELECT COUNT(*) FROM counts WHERE what = 14 AND at = 1 << 62", ())
        assert open_ == 3
