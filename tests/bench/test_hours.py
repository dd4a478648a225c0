"""The bench `hours`: its minutes are counted here with few; what it times is judged by nobody here."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bench import hours
from omnichannel.desk.hours import Hours
from omnichannel.model.desk import Calendar


def test_a_year_is_told_right_and_a_mistake_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """A working time that forgets the nights is found by the minute."""
    night = Calendar.model_validate({"zone": "Europe/Amsterdam", "sat": "22:00-06:00"})
    assert hours.disagreements(night, 2026) == (525_600, 0)
    monkeypatch.setattr(Hours, "is_open", lambda self, at: False)
    assert hours.disagreements(night, 2026)[1] == 52 * 480


def test_the_walk_and_ours_come_to_the_same() -> None:
    rows, goals = hours.speed(1, 1)
    assert len(rows) == 6
    assert len(goals) == 4
    start = datetime(2026, 3, 27, 16, tzinfo=ZoneInfo("Europe/Amsterdam"))
    assert hours.walked(start, timedelta(hours=2)) == start + timedelta(days=2, hours=18)
    assert hours.by_chance(random.Random(3)) == hours.by_chance(random.Random(3))
