"""Clocks: stories in a company that works from nine to five in Amsterdam, each told to the minute."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from omnichannel.desk.clocks import (
    Answered,
    Asked,
    Course,
    Filed,
    Mark,
    Snoozed,
    Terms,
    Told,
    Turned,
    clocks,
    fold,
    next_moment,
    tell,
)
from omnichannel.desk.hours import Hours
from omnichannel.model.desk import Calendar, Clock, Target

DAYS = {
    "mon": "20",
    "tue": "21",
    "wed": "22",
    "thu": "23",
    "fri": "24",
    "sat": "25",
    "sun": "26",
}  # July 2026


def at(written: str) -> datetime:
    """`tue 10:30` in UTC: an hour of July is two behind Amsterdam's, so the office works from 7 to 15."""
    day, clock = written.split()
    return datetime.fromisoformat(f"2026-07-{DAYS[day]}T{clock}").replace(tzinfo=UTC)


OFFICE = Calendar.model_validate(
    {
        "name": "office",
        "zone": "Europe/Amsterdam",
        **dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), "09:00-17:00"),
    }
)
TARGETS = (
    Target(name="first", what="first", within=timedelta(hours=2)),
    Target(name="first by chat", what="first", within=timedelta(minutes=2), kinds=("webchat",)),
    Target(name="first, urgent", what="first", within=timedelta(hours=1), priorities=("urgent",)),
    Target(name="next", what="next", within=timedelta(hours=4)),
    Target(name="solved", what="resolution", within=timedelta(hours=10)),
    Target(name="window", what="window", within=timedelta(hours=24), time="calendar", kinds=("messenger",)),
)
TERMS = Terms(TARGETS, {"": Hours(OFFICE)})


def asked(when: str, kind: str = "email") -> Asked:
    return Asked(at=at(when), kind=kind)


def answered(when: str, by: str = "person", waits: bool = True) -> Answered:
    return Answered.model_validate({"at": at(when), "by": by, "waits": waits})


def turned(when: str, to: str) -> Turned:
    return Turned.model_validate({"at": at(when), "to": to})


def standing(marks: list[Mark], now: str, terms: Terms = TERMS, **begin: bool) -> dict[str, Clock]:
    return {clock.name: clock for clock in clocks(fold(Course(**begin), marks), terms, at(now))}


# Each case: what happened, when it is looked at, and every clock: how it stands, and by when it is due.
STORIES = {
    "nothing": ([], "mon 09:00", {}),
    "asked": ([asked("mon 09:00")], "mon 10:00", {"first:1": ("running", "mon 11:00"), "resolution:1": ("running", "tue 11:00")}),
    "asked in the evening": ([asked("fri 20:00")], "fri 20:00", {"first:1": ("running", "mon 09:00+7"), "resolution:1": ("running", "tue 09:00+7")}),
    "answered in time": ([asked("mon 09:00"), answered("mon 10:59")], "mon 12:00", {"first:1": ("met", "mon 11:00"), "resolution:1": ("paused", None)}),
    "answered as the time is over": ([asked("mon 09:00"), answered("mon 11:00")], "mon 12:00", {"first:1": ("missed", "mon 11:00"), "resolution:1": ("paused", None)}),
    "looked at as the time is over": ([asked("mon 09:00")], "mon 11:00", {"first:1": ("missed", "mon 11:00"), "resolution:1": ("running", "tue 11:00")}),
    "a machine says that it has come": ([asked("mon 09:00"), answered("mon 09:01", "automatic")], "mon 10:00", {"first:1": ("running", "mon 11:00"), "resolution:1": ("running", "tue 11:00")}),
    "a bot answers, which does not count": ([asked("mon 09:00"), answered("mon 09:01", "bot")], "mon 10:00", {"first:1": ("running", "mon 11:00"), "resolution:1": ("running", "tue 11:00")}),
    "asked twice is one question": ([asked("mon 09:00"), asked("mon 10:30")], "mon 10:40", {"first:1": ("running", "mon 11:00"), "resolution:1": ("running", "tue 11:00")}),
    "asked again on a faster channel": ([asked("mon 09:00"), asked("mon 10:00", "webchat")], "mon 10:00", {"first:1": ("running", "mon 10:02"), "resolution:1": ("running", "tue 11:00")}),
    "asked again on a slower one": ([asked("mon 09:00", "webchat"), asked("mon 09:01")], "mon 09:01", {"first:1": ("running", "mon 09:02"), "resolution:1": ("running", "tue 11:00")}),
    "the next question": ([asked("mon 09:00"), answered("mon 10:00"), asked("mon 14:00")], "mon 14:00", {"first:1": ("met", "mon 11:00"), "next:1": ("running", "tue 10:00"), "resolution:1": ("running", "tue 15:00")}),
    "we are looking into it": ([asked("mon 09:00"), answered("mon 10:00", waits=False)], "mon 10:00", {"first:1": ("met", "mon 11:00"), "resolution:1": ("running", "tue 11:00")}),
    "ours again": ([asked("mon 09:00"), answered("mon 10:00"), turned("mon 11:00", "ours")], "mon 12:00", {"first:1": ("met", "mon 11:00"), "resolution:1": ("running", "tue 12:00")}),
    "waiting without an answer stops the resolution only": ([asked("mon 09:00"), turned("mon 10:00", "waiting")], "mon 10:30", {"first:1": ("running", "mon 11:00"), "resolution:1": ("paused", None)}),
    "closed": ([asked("mon 09:00"), answered("mon 10:00"), turned("mon 14:00", "closed")], "mon 20:00", {"first:1": ("met", "mon 11:00"), "resolution:1": ("met", None)}),
    "closed without an answer": ([asked("mon 09:00"), turned("mon 10:00", "closed")], "fri 20:00", {"first:1": ("dropped", "mon 11:00"), "resolution:1": ("met", "tue 11:00")}),
    "closed too late without an answer": ([asked("mon 09:00"), turned("mon 12:00", "closed")], "fri 20:00", {"first:1": ("missed", "mon 11:00"), "resolution:1": ("met", "tue 11:00")}),
    "opened again by us": ([asked("mon 09:00"), answered("mon 09:30"), turned("mon 10:00", "closed"), turned("tue 10:00", "open")], "tue 10:00", {"first:1": ("met", "mon 11:00"), "resolution:1": ("met", None), "resolution:2": ("running", "wed 12:00")}),
    "opened again by them": ([asked("mon 09:00"), turned("mon 10:00", "closed"), asked("tue 10:00")], "tue 10:00", {"first:1": ("dropped", "mon 11:00"), "resolution:1": ("met", "tue 11:00"), "first:2": ("running", "tue 12:00"), "resolution:2": ("running", "wed 12:00")}),
    "we wrote first": ([answered("mon 09:00"), asked("mon 10:00")], "mon 10:00", {"first:1": ("running", "mon 12:00"), "resolution:1": ("running", "tue 12:00")}),
    "only we wrote": ([answered("mon 09:00"), turned("mon 10:00", "closed"), turned("mon 11:00", "open")], "mon 11:00", {}),
    "snoozed does not stop it": ([asked("mon 09:00"), Snoozed(at=at("mon 09:10"), until=at("wed 09:00"))], "mon 09:20", {"first:1": ("running", "mon 11:00"), "resolution:1": ("running", "tue 11:00")}),
    "urgent now": ([asked("mon 09:00"), Filed(at=at("mon 09:30"), priority="urgent")], "mon 09:30", {"first:1": ("running", "mon 10:00"), "resolution:1": ("running", "tue 11:00")}),
    "what has waited counts when it gets urgent": ([asked("mon 09:00"), Filed(at=at("mon 10:30"), priority="urgent")], "mon 10:30", {"first:1": ("missed", "mon 10:00"), "resolution:1": ("running", "tue 11:00")}),
    "urgent after it was answered": ([asked("mon 09:00"), answered("mon 10:30"), Filed(at=at("mon 10:31"), priority="urgent")], "mon 10:31", {"first:1": ("met", "mon 11:00"), "resolution:1": ("paused", None)}),
    "a window": ([asked("mon 09:00", "messenger"), asked("mon 10:00", "messenger")], "mon 10:00", {"first:1": ("running", "mon 11:00"), "resolution:1": ("running", "tue 11:00"), "window:2": ("running", "tue 10:00")}),
    "a window that was closed at night": ([asked("fri 20:00", "messenger")], "sat 20:00", {"first:1": ("running", "mon 09:00+7"), "resolution:1": ("running", "tue 09:00+7"), "window:1": ("missed", "sat 20:00")}),
    "gone on with by mail, where there is no window": ([asked("mon 09:00", "messenger"), asked("mon 10:00")], "mon 10:00", {"first:1": ("running", "mon 11:00"), "resolution:1": ("running", "tue 11:00")}),
}  # fmt: skip


def due(written: str | None) -> datetime | None:
    if written is None:
        return None
    clock, _, days = written.partition("+")
    return at(clock) + timedelta(days=int(days or 0))


@pytest.mark.parametrize(("marks", "now", "expected"), STORIES.values(), ids=STORIES)
def test_how_every_clock_stands(
    marks: list[Mark], now: str, expected: dict[str, tuple[str, str | None]]
) -> None:
    found = standing(marks, now)
    assert {name: (clock.state, clock.due_at) for name, clock in found.items()} == {
        name: (state, due(written)) for name, (state, written) in expected.items()
    }


def test_a_bot_with_control_may_count() -> None:
    marks = [asked("mon 09:00"), answered("mon 09:01", "bot")]
    assert standing(marks, "mon 10:00", bots=True)["first:1"].state == "met"


def test_what_it_took_is_working_time_without_pauses() -> None:
    """Asked on Monday at 14:00, answered an hour of work later; solved on Thursday, with Tuesday spent waiting."""
    marks = [
        asked("mon 14:30"),
        answered("tue 07:30"),
        asked("wed 08:00"),
        answered("wed 09:00", waits=False),
    ]
    found = standing([*marks, turned("thu 08:00", "closed")], "thu 09:00")
    assert found["first:1"].took == timedelta(hours=1)
    assert found["next:1"].took == timedelta(hours=1)
    assert found["resolution:1"].took == timedelta(hours=1 + 7 + 1)
    assert found["resolution:1"].ended_at == at("thu 08:00")


def test_a_target_may_be_paused_by_snoozing() -> None:
    """Then it is known when it goes on."""
    terms = Terms(
        [Target(name="a", what="first", within=timedelta(hours=2), pauses=("snoozed",))], {"": Hours(OFFICE)}
    )
    marks: list[Mark] = [asked("mon 09:00"), Snoozed(at=at("mon 10:00"), until=at("tue 09:00"))]
    clock = standing(marks, "mon 11:00", terms)["first:1"]
    assert (clock.state, clock.due_at) == ("paused", at("tue 10:00"))
    assert "it is put aside" in " ".join(clock.because)
    assert standing(marks, "tue 09:30", terms)["first:1"].state == "running"
    gone_by: list[Mark] = [asked("mon 09:00"), Snoozed(at=at("mon 10:00"), until=at("mon 09:30"))]
    assert standing(gone_by, "mon 10:30", terms)["first:1"].due_at == at("mon 11:00")
    woken = standing([*marks, asked("mon 13:00")], "mon 13:00", terms)["first:1"]
    assert (woken.state, woken.due_at) == ("running", at("mon 14:00"))


def test_hours_are_those_of_the_team() -> None:
    """What changes team goes by the new team's hours from its beginning."""
    night = Calendar.model_validate({"zone": "UTC", **dict.fromkeys(DAYS, "20:00-04:00")})
    terms = Terms(TARGETS, {"": Hours(OFFICE), "night": Hours(night)})
    marks: list[Mark] = [asked("mon 14:30")]
    assert standing(marks, "mon 15:00", terms)["first:1"].due_at == at("tue 08:30")
    marks.append(Filed(at=at("mon 15:00"), team="night", tier="gold"))
    clock = standing(marks, "mon 15:00", terms)["first:1"]
    assert clock.due_at == at("mon 22:00")
    assert (clock.team, clock.tier, clock.priority, clock.kind) == ("night", "gold", "normal", "email")
    assert standing(marks, "mon 15:00", Terms(TARGETS))["first:1"].due_at == at("mon 16:30")


def test_why_a_clock_stands_as_it_does() -> None:
    marks = [asked("mon 09:00"), answered("mon 10:00")]
    found = standing(marks, "mon 12:00")
    assert found["first:1"].because == (
        "asked by email at 2026-07-20 09:00 UTC",
        "target 'first': no other fits",
        "2 h of working time (office) are over at 2026-07-20 11:00 UTC",
        "answered at 2026-07-20 10:00 UTC",
    )
    assert found["resolution:1"].because[2] == (
        "since 2026-07-20 10:00 UTC we wait for the customer, which does not count"
    )
    window = standing([asked("mon 09:00", "messenger")], "mon 09:00")["window:1"]
    assert window.because[2] == "24 h of calendar time are over at 2026-07-21 09:00 UTC"


def test_what_comes_late_counts_from_when_it_was_heard() -> None:
    """A question found on Tuesday that was asked on Monday, after something else had happened, is not missed at once."""
    marks = [asked("tue 09:00"), answered("tue 10:00"), asked("mon 09:00")]
    assert standing(marks, "tue 10:00")["next:1"].started_at == at("tue 10:00")


# ---- what is said of them


def said(told: tuple[Told, ...]) -> list[tuple[str, str]]:
    return [(one.what, one.clock.name) for one in told]


def test_a_warning_a_miss_and_the_end_are_each_said_once() -> None:
    telling = tell(fold(Course(), [asked("mon 09:00")]), TERMS, at("mon 09:00"))
    assert telling.told == ()
    assert telling.next_at == at("mon 10:36")
    telling = tell(telling.course, TERMS, at("mon 10:36"))
    assert said(telling.told) == [("warned", "first:1")]
    assert telling.next_at == at("mon 11:00")
    assert tell(telling.course, TERMS, at("mon 10:37")).told == ()
    telling = tell(telling.course, TERMS, at("mon 11:00"))
    assert said(telling.told) == [("missed", "first:1")]
    assert telling.next_at == at("tue 09:00")  # the resolution is warned of
    telling = tell(fold(telling.course, [answered("mon 12:00")]), TERMS, at("mon 12:00"))
    assert said(telling.told) == [("ended", "first:1")]
    assert (telling.told[0].clock.state, telling.told[0].clock.took) == ("missed", timedelta(hours=3))
    assert [clock.name for clock in telling.clocks] == ["resolution:1"]
    assert telling.next_at is None
    assert tell(telling.course, TERMS, at("fri 12:00")).told == ()


def test_what_is_missed_already_is_not_warned_of() -> None:
    """Nobody looked from Monday to Tuesday: then it is said that it was missed, and how it ended, and nothing else."""
    course = fold(Course(), [asked("mon 09:00")])
    assert said(tell(course, TERMS, at("mon 12:00")).told) == [("missed", "first:1")]
    course = fold(course, [answered("mon 12:00")])
    assert said(tell(course, TERMS, at("tue 12:00")).told) == [("missed", "first:1"), ("ended", "first:1")]


def test_what_was_said_stays_whatever_the_hours_and_targets_are_later() -> None:
    kinder = Terms([Target(name="first", what="first", within=timedelta(hours=100))], {"": Hours(OFFICE)})
    course = fold(Course(), [asked("mon 09:00")])
    assert standing([asked("mon 09:00")], "mon 12:00", kinder)["first:1"].state == "running"
    missed = tell(course, TERMS, at("mon 12:00")).course
    clock = clocks(missed, kinder, at("mon 12:00"))[0]
    assert (clock.state, clock.due_at, clock.within) == ("missed", at("mon 11:00"), timedelta(hours=100))
    assert clock.because[2] == "it was missed at 2026-07-20 11:00 UTC, and that stays so"
    assert next_moment([clock]) is None
    warned = tell(course, TERMS, at("mon 10:40")).course
    telling = tell(warned, kinder, at("fri 10:00"))
    assert telling.told == ()  # it was warned of once
    assert telling.next_at is not None
    assert telling.next_at > at("fri 10:00")


def test_what_ended_and_has_no_target_is_let_go() -> None:
    course = fold(Course(), [asked("mon 09:00"), answered("mon 10:00"), turned("mon 11:00", "closed")])
    telling = tell(course, Terms([]), at("mon 12:00"))
    assert (telling.told, telling.clocks, telling.next_at, telling.course.timers) == ((), (), None, ())
    assert clocks(telling.course, TERMS, at("mon 12:00")) == ()


def test_a_target_without_a_warning_speaks_when_it_is_due() -> None:
    terms = Terms([Target(name="a", what="first", within=timedelta(hours=2), warn=1)], {"": Hours(OFFICE)})
    course = fold(Course(), [asked("mon 09:00")])
    assert tell(course, terms, at("mon 09:00")).next_at == at("mon 11:00")
    assert tell(course, terms, at("mon 10:59")).told == ()


def test_a_course_survives_json_and_stays_small() -> None:
    """However long people talk, it holds what is open, and is told what ended."""
    course = Course()
    for day in ("mon", "tue", "wed", "thu"):
        for hour in range(7, 15):
            marks = [asked(f"{day} {hour:02}:00", "messenger"), answered(f"{day} {hour:02}:10"), turned(f"{day} {hour:02}:20", "closed")]  # fmt: skip
            course = tell(fold(course, marks), TERMS, at(f"{day} {hour:02}:30")).course
    assert course.timers == ()
    assert course.numbers == {"first": 1, "next": 31, "resolution": 32, "window": 32}
    assert Course.model_validate_json(course.model_dump_json()) == course
    assert len(course.model_dump_json()) < 400


def test_clocks_and_marks_survive_json_to_the_microsecond() -> None:
    odd = timedelta(microseconds=1)
    marks = [asked("mon 14:30"), Answered(at=at("tue 07:30") + odd)]
    clock = standing(marks, "tue 08:00")["first:1"]
    assert clock.took == timedelta(hours=1) + odd
    assert Clock.model_validate_json(clock.model_dump_json()) == clock
    told = Told(at=at("tue 08:00"), what="ended", clock=clock)
    assert Told.model_validate_json(told.model_dump_json()) == told
