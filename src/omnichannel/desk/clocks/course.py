"""The course of a conversation as clocks see it: what runs since when, and when it stood still.

It knows no target and no hours, so that both can change, and it keeps only what is not over yet: it stays small
however long people talk.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from pydantic import Field

from omnichannel.desk.clocks.marks import Answered, Asked, Filed, Happened, Mark, Snoozed, Told, Turned
from omnichannel.model import UtcTime, Value
from omnichannel.model.desk import Priority, Timed


class Facts(Value):
    """By what a target is chosen, beside the channel."""

    team: str = ""
    tier: str = ""
    priority: Priority = "normal"


class Ask(Value):
    """Since when something was asked on a channel of a `kind`."""

    kind: str
    at: UtcTime


class Stretch(Value):
    """How it stood from a moment on: whether we wait for the customer, and until when it is put aside."""

    since: UtcTime
    waiting: bool = False
    snoozed: UtcTime | None = None


class Timer(Value):
    """Something that is timed: since when, on which channels it was asked, and when it stood still.

    When it ends, `facts` are kept as they were then; `closed` says that it ended without an answer. `warned` and
    `missed_at` are what was said of it.
    """

    what: Timed
    number: int
    asks: tuple[Ask, ...]
    stretches: tuple[Stretch, ...]
    ended_at: UtcTime | None = None
    closed: bool = False
    facts: Facts | None = None
    warned: bool = False
    missed_at: UtcTime | None = None

    @property
    def name(self) -> str:
        """What its clock is called."""
        return f"{self.what}:{self.number}"

    @property
    def runs(self) -> bool:
        """Whether it goes on."""
        return self.ended_at is None


class Course(Value):
    """Where a conversation has come to. Begin with an empty one; `bots` says whether an answer of a bot counts.

    `kind` is where the customer wrote last. `answered`: a question was answered before. `numbers` is how many timers
    of each kind there were, `timers` those that run, and those that ended and of which that is not told yet.
    """

    bots: bool = False
    at: UtcTime | None = None
    kind: str = ""
    facts: Facts = Facts()
    closed: bool = False
    answered: bool = False
    numbers: dict[Timed, int] = Field(default_factory=dict)
    timers: tuple[Timer, ...] = ()


def fold(course: Course, marks: Iterable[Mark]) -> Course:
    """The course after more has happened; all at once or mark by mark comes to the same.

    A mark that comes late counts from the mark before it: nothing becomes due before anybody could know. When
    something was told does not matter for that.
    """
    for mark in marks:
        if isinstance(mark, Told):
            course = _told(course, mark)
            continue
        at = max(mark.at, course.at or mark.at)
        course = _after(course.model_copy(update={"at": at}), mark, at)
    return course


def _after(course: Course, mark: Happened, at: datetime) -> Course:
    match mark:
        case Asked():
            return _asked(course, mark.kind, at)
        case Answered():
            counts = mark.by == "person" or (mark.by == "bot" and course.bots)
            return _answered(course, mark, at) if counts else course
        case Turned(to="closed"):
            return _each(course, lambda timer: _ended(timer, course, at, closed=True), closed=True)
        case Turned(to="open"):
            return _opened(course, at)
        case Turned():
            return _each(course, lambda timer: _stands(timer, at, waiting=mark.to == "waiting"))
        case Snoozed():
            return _each(course, lambda timer: _stands(timer, at, timer.stretches[-1].waiting, mark.until))
        case Filed():
            changed = mark.model_dump(exclude={"at"}, exclude_none=True)
            return course.model_copy(update={"facts": course.facts.model_copy(update=changed)})


def _asked(course: Course, kind: str, at: datetime) -> Course:
    """A question: it is one until it is answered, whatever else they write. Each word opens the window anew."""
    course = course.model_copy(update={"closed": False, "kind": kind})
    open_timers = tuple(timer for timer in course.timers if timer.what != "window" or not timer.runs)
    course = course.model_copy(update={"timers": open_timers})
    course = _each(course, lambda timer: _stands(_also(timer, kind, at), at))
    running = {timer.what for timer in course.timers if timer.runs}
    if "resolution" not in running:
        course = _begun(course, "resolution", at)
    if not running & {"first", "next"}:
        course = _begun(course, "next" if course.answered else "first", at)
    return _begun(course, "window", at)


def _answered(course: Course, mark: Answered, at: datetime) -> Course:
    asked = any(timer.runs and timer.what in ("first", "next") for timer in course.timers)

    def heard(timer: Timer) -> Timer:
        if timer.what == "resolution":
            return _stands(timer, at, waiting=mark.waits)
        return _ended(timer, course, at)

    return _each(course, heard, answered=course.answered or asked)


def _opened(course: Course, at: datetime) -> Course:
    """An agent opened it again. There is something to resolve, if there ever was; nothing is asked."""
    reopened = course.model_copy(update={"closed": False})
    return _begun(reopened, "resolution", at) if course.closed and course.kind else reopened


def _told(course: Course, told: Told) -> Course:
    def after(timer: Timer) -> Timer:
        if timer.name != told.clock.name:
            return timer
        said = {"missed_at": told.clock.due_at} if told.what == "missed" else {"warned": True}
        return timer.model_copy(update=said)

    kept = (timer for timer in course.timers if told.what != "ended" or timer.name != told.clock.name)
    return course.model_copy(update={"timers": tuple(map(after, kept))})


def _begun(course: Course, what: Timed, at: datetime) -> Course:
    number = course.numbers.get(what, 0) + 1
    timer = Timer(
        what=what, number=number, asks=(Ask(kind=course.kind, at=at),), stretches=(Stretch(since=at),)
    )
    numbers = {**course.numbers, what: number}
    return course.model_copy(update={"numbers": numbers, "timers": (*course.timers, timer)})


def _each(course: Course, change: Callable[[Timer], Timer], **also: bool) -> Course:
    """The course with every timer changed that runs."""
    timers = tuple(change(timer) if timer.runs else timer for timer in course.timers)
    return course.model_copy(update={"timers": timers, **also})


def _also(timer: Timer, kind: str, at: datetime) -> Timer:
    if any(ask.kind == kind for ask in timer.asks):
        return timer
    return timer.model_copy(update={"asks": (*timer.asks, Ask(kind=kind, at=at))})


def _stands(timer: Timer, at: datetime, waiting: bool = False, snoozed: datetime | None = None) -> Timer:
    now, last = Stretch(since=at, waiting=waiting, snoozed=snoozed), timer.stretches[-1]
    if (last.waiting, last.snoozed) == (waiting, snoozed):
        return timer
    return timer.model_copy(update={"stretches": (*timer.stretches, now)})


def _ended(timer: Timer, course: Course, at: datetime, closed: bool = False) -> Timer:
    return timer.model_copy(update={"ended_at": at, "closed": closed, "facts": course.facts})
