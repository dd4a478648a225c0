"""Clocks, whatever happens: they agree with a stopwatch, and with themselves told step by step."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import get_args

from hypothesis import given, settings
from hypothesis import strategies as st

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
    chosen,
    clocks,
    default_targets,
    fold,
    next_moment,
    tell,
)
from omnichannel.desk.hours import Hours
from omnichannel.model.desk import Calendar, Clock, Priority, Target

from .walls import MINUTE
from .watch import Watcher, due, took

START = datetime(2026, 3, 27, 6, tzinfo=UTC)  # a Friday; on Sunday Amsterdam puts its clocks forward
LAST = 3 * 1440  # minutes

OFFICE = Hours(
    Calendar.model_validate({"zone": "Europe/Amsterdam", **dict.fromkeys(("fri", "sun", "mon"), "09:00-12:00, 13:00-17:00")})
)  # fmt: skip
NIGHT = Hours(
    Calendar.model_validate({"zone": "Europe/Amsterdam", "sat": "22:00-06:00", "fri": "23:00-01:30"}),
    Calendar.model_validate({"zone": "Asia/Kathmandu", "mon": "08:00-10:00"}),
)

WHATS = ("first", "next", "resolution", "window")
KINDS = ("email", "webchat", "messenger")


@st.composite
def targets(draw: st.DrawFn) -> tuple[Target, ...]:
    found = []
    for number in range(draw(st.integers(1, 8))):
        what = draw(st.sampled_from(WHATS))
        window = what == "window"
        pauses = draw(st.sets(st.sampled_from(["waiting", "snoozed"])))
        found.append(
            Target(
                name=f"target {number}",
                what=what,
                within=MINUTE * draw(st.integers(1, 600)),
                kinds=tuple(draw(st.sets(st.sampled_from(KINDS), max_size=2))),
                teams=draw(st.sampled_from([(), ("night",)])),
                priorities=draw(st.sampled_from([(), ("urgent",), ("urgent", "high")])),
                time="calendar" if window else draw(st.sampled_from(["working", "calendar"])),
                warn=draw(st.sampled_from([0.5, 0.8, 1.0])),
                pauses=() if window else tuple(pauses),
            )
        )
    return tuple(found)


TERMS = targets().map(lambda found: Terms(found, {"": OFFICE, "night": NIGHT}))
MINUTES = st.integers(0, LAST).map(lambda number: START + MINUTE * number)


def happened() -> st.SearchStrategy[Mark]:
    return st.one_of(
        st.builds(Asked, at=MINUTES, kind=st.sampled_from(KINDS)),
        st.builds(Answered, at=MINUTES, by=st.sampled_from(["person", "person", "bot", "automatic"]), waits=st.booleans()),
        st.builds(Turned, at=MINUTES, to=st.sampled_from(["waiting", "ours", "closed", "open"])),
        st.builds(Snoozed, at=MINUTES, until=MINUTES),
        st.builds(
            Filed,
            at=MINUTES,
            team=st.sampled_from([None, "", "night"]),
            priority=st.sampled_from([None, *get_args(Priority)]),
        ),
    )  # fmt: skip


MARKS = st.lists(happened(), max_size=14).map(lambda marks: sorted(marks, key=lambda mark: mark.at))
NOW = START + MINUTE * (LAST + 1440)


@settings(max_examples=100)
@given(MARKS, TERMS)
def test_a_stopwatch_that_is_looked_at_every_minute_says_the_same(marks: list[Mark], terms: Terms) -> None:
    found = {clock.name: clock for clock in clocks(fold(Course(), marks), terms, NOW)}
    watcher = Watcher()
    watcher.look(marks, START, NOW)
    expected = {}
    for watch in watcher.watches:
        facts = watch.facts or watcher.facts
        fitting = {kind: chosen(terms.targets, watch.what, kind, facts) for kind in watch.asks}
        dues = [
            (due(watch, target, terms, facts, watch.asks[kind], NOW), target)
            for kind, target in fitting.items()
            if target
        ]
        if not dues:
            continue
        at, target = min(dues, key=lambda one: (one[0] is None, one[0] or NOW))
        name = f"{watch.what}:{watch.number}"
        if at and at <= (watch.end or NOW):
            state = {"missed"}
        elif watch.end:
            state = {"dropped"} if watch.closed and watch.what != "resolution" else {"met"}
        else:
            state = {"running", "paused"}
        expected[name] = (
            state,
            at if at and at <= (watch.end or NOW) else None,
            watch.end,
            target,
            watch,
            facts,
        )
    assert set(found) == set(expected)
    for name, (state, at, end, target, watch, facts) in expected.items():
        clock = found[name]
        assert clock.state in state, name
        assert clock.ended_at == end
        if at:
            assert clock.due_at == at, name
        else:
            assert clock.due_at is None or clock.due_at > (end or NOW)
        if end and clock.target == target.name:
            assert clock.took == took(watch, target, terms, facts, end), name


def looked_at(
    marks: list[Mark], terms: Terms, moments: list[datetime]
) -> tuple[Course, list[Mark], list[Told]]:
    """The course as a desk comes by it, which tells what there is to tell at each mark and at some moments between."""
    course, everything, told = Course(), [], []
    steps = sorted(
        [*((mark.at, 0, mark) for mark in marks), *((at, 1, None) for at in moments)],
        key=lambda step: step[:2],
    )
    for at, _, mark in steps:
        if mark is not None:
            course = fold(course, [mark])
            everything.append(mark)
        telling = tell(course, terms, at)
        course = telling.course
        everything += telling.told
        told += telling.told
    return course, everything, told


@settings(max_examples=50)
@given(MARKS, TERMS, st.lists(MINUTES, max_size=6))
def test_folded_step_by_step_or_anew_it_is_the_same(
    marks: list[Mark], terms: Terms, moments: list[datetime]
) -> None:
    """With what was told among the marks; and nothing is told twice."""
    stepwise, everything, told = looked_at(marks, terms, moments)
    one, other = tell(stepwise, terms, NOW), tell(fold(Course(), everything), terms, NOW)
    assert one == other
    once = [(each.what, each.clock.name) for each in (*told, *one.told)]
    assert len(set(once)) == len(once)
    split = len(marks) // 2
    assert fold(fold(Course(), marks[:split]), marks[split:]) == fold(Course(), marks)


@settings(max_examples=50)
@given(MARKS, TERMS, TERMS, st.lists(MINUTES, max_size=6))
def test_what_was_told_stays_under_any_other_terms(
    marks: list[Mark], terms: Terms, others: Terms, moments: list[datetime]
) -> None:
    course, _, told = looked_at(marks, terms, moments)
    missed = {each.clock.name: each.clock.due_at for each in told if each.what == "missed"}
    warned = {each.clock.name for each in told if each.what == "warned"}
    for clock in clocks(course, others, NOW):
        assert clock.name not in missed or (clock.state, clock.due_at) == ("missed", missed[clock.name])
        assert clock.warned == (clock.name in warned)


@settings(max_examples=50)
@given(MARKS, TERMS, MINUTES)
def test_a_clock_is_never_due_before_it_starts(marks: list[Mark], terms: Terms, now: datetime) -> None:
    for clock in clocks(fold(Course(), marks), terms, now):
        for at in (clock.due_at, clock.warn_at, clock.ended_at):
            assert at is None or at >= clock.started_at
        assert not (clock.due_at and clock.warn_at) or clock.warn_at <= clock.due_at
        assert clock.took is None or timedelta() <= clock.took <= clock.ended_at - clock.started_at


@settings(max_examples=50)
@given(MARKS, TERMS, MINUTES)
def test_something_is_told_at_the_next_moment_and_not_before(
    marks: list[Mark], terms: Terms, now: datetime
) -> None:
    telling = tell(fold(Course(), marks), terms, now)
    assert next_moment(telling.clocks) == telling.next_at
    if telling.next_at is not None:
        assert telling.next_at > now
        assert tell(telling.course, terms, telling.next_at - timedelta(microseconds=1)).told == ()
        assert tell(telling.course, terms, telling.next_at).told != ()


@settings(max_examples=50)
@given(MINUTES, st.integers(1, 600), st.lists(MINUTES, max_size=4).map(sorted), MINUTES, MINUTES)
def test_pausing_only_delays(
    asked: datetime, within: int, pauses: list[datetime], one: datetime, other: datetime
) -> None:
    """One more pause, wherever it lies, and a resolution is due no earlier."""
    terms = Terms([Target(name="solved", what="resolution", within=MINUTE * within)], {"": OFFICE})

    def due_at(stops: list[tuple[datetime, datetime]]) -> datetime:
        edges = sorted([*((start, 1) for start, _ in stops), *((end, -1) for _, end in stops)])
        marks: list[Mark] = [Asked(at=asked, kind="email")]
        depth = 0
        for at, step in edges:
            depth += step
            if at >= asked:
                marks.append(Turned(at=at, to="waiting" if depth else "ours"))
        found = clocks(fold(Course(), marks), terms, asked)[0].due_at
        assert found is not None
        return found

    stops = [(start, end) for start, end in zip(pauses[::2], pauses[1::2], strict=False) if start >= asked]
    start, end = max(asked, min(one, other)), max(asked, one, other)
    assert due_at(stops) <= due_at([*stops, (start, end)])


@settings(max_examples=40)
@given(MARKS, MINUTES)
def test_more_priority_is_never_later_by_default(marks: list[Mark], now: datetime) -> None:
    marks = [mark for mark in marks if not isinstance(mark, Filed)]
    terms = Terms(default_targets(), {"": OFFICE})
    rows: list[dict[str, Clock]] = []
    for priority in get_args(Priority):
        course = fold(Course(), [Filed(at=START, priority=priority), *marks])
        rows.append({clock.name: clock for clock in clocks(course, terms, now)})
    for calm, urgent in zip(rows, rows[1:], strict=False):
        assert calm.keys() == urgent.keys()
        for name, clock in urgent.items():
            before = calm[name].due_at
            assert before is None or (clock.due_at is not None and clock.due_at <= before)
