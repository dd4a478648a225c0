"""The simulated week: a slice of it is judged clean, and what counts promises again counts as it should."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from bench.week.company import MONDAY
from bench.week.faults import FAULTS, planted
from bench.week.log import Mark
from bench.week.playing import played
from bench.week.promises import Stood, promises
from bench.week.report import MISTAKES, goals, told

MINUTE = timedelta(minutes=1)
NINE = MONDAY + timedelta(hours=9)  # ten in Amsterdam, where they opened an hour ago


async def test_a_slice_of_the_week_is_as_the_log_says(tmp_path: Path) -> None:
    week = await played(f"sqlite:///{tmp_path}/week.db", "slice", 100, 1)
    shown = list(told(week.log, week.watch, week.verdict, week.messages))
    assert [goal.what for goal in goals(week.log, week.verdict) if not goal.met] == [], "\n".join(shown)
    assert week.messages > 60
    assert week.verdict.assigned > 20
    assert week.verdict.counted.total() > 60
    assert {"a rule ignored", "promises counted otherwise"} < set(MISTAKES)


async def test_the_same_seed_gives_the_same_report(tmp_path: Path) -> None:
    shown = []
    for name, seed in (("first", "same"), ("second", "same"), ("other", "another")):
        week = await played(f"sqlite:///{tmp_path}/{name}.db", seed, 40, 1)
        shown.append(list(told(week.log, week.watch, week.verdict, week.messages)))
    assert shown[0] == shown[1]
    assert shown[0] != shown[2]


async def test_a_planted_mistake_is_found(tmp_path: Path) -> None:
    with planted("decisions without reasons"):
        week = await played(f"sqlite:///{tmp_path}/week.db", "slice", 30, 1)
    assert [goal.what for goal in goals(week.log, week.verdict) if not goal.met] == ["not explained"]
    assert len(FAULTS) >= 8


def test_promises_are_counted_by_the_clock_on_the_wall() -> None:
    asked = Mark(NINE, "asked", "webchat", "refund")
    sent = Mark(NINE + MINUTE, "sent", team="billing")
    late = Mark(NINE + 6 * MINUTE, "answered")
    closed = Mark(NINE + 7 * MINUTE, "closed")
    found = promises([asked, sent, late, closed], NINE + timedelta(days=1), gold=False)
    assert found["first:1"] == Stood("missed", NINE + 5 * MINUTE)
    assert found["resolution:1"].state == "met"
    open_still = promises([asked, sent, late], NINE + timedelta(hours=1), gold=False)
    assert open_still["resolution:1"] == Stood("paused", None)
    night = asked._replace(at=MONDAY + timedelta(hours=20), kind="email")
    over_night = promises([night, sent._replace(at=night.at)], night.at, gold=False)
    assert over_night["first:1"] == Stood(
        "running", MONDAY + timedelta(days=1, hours=12)
    )  # four hours after eight
