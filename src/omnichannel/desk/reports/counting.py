"""What is counted of a conversation: a function of what was said, decided, read, promised and rated in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from omnichannel.desk.clocks import Told
from omnichannel.desk.folding import Heard, answers, asks
from omnichannel.desk.hours.moments import micros
from omnichannel.desk.reports.state import State, begun, in_order, standing
from omnichannel.desk.reports.what import FOREVER, Count, What
from omnichannel.model import Direction
from omnichannel.model.desk import Case, Clock, Decision, Intent, Timed

_PROMISES: dict[Timed, What] = {
    "first": What.IN_FIRST,
    "next": What.IN_NEXT,
    "resolution": What.IN_RESOLUTION,
    "window": What.IN_WINDOW,
}
_MOODS = {Intent.COMPLAINT: What.COMPLAINT, Intent.COMPLIMENT: What.COMPLIMENT}


class Read(NamedTuple):
    """That a customer's words were read, and what they held."""

    at: datetime
    held: frozenset[Intent]


class Rated(NamedTuple):
    """That somebody was asked how we did, and how many stars they gave; 0 for no answer."""

    at: datetime
    agent: str
    team: str
    kind: str
    account: str
    stars: int


class Record(NamedTuple):
    """Everything that is known of a conversation's course. `heard` is in its order, `decisions` in theirs."""

    case: Case
    heard: Sequence[Heard] = ()
    decisions: Sequence[Decision] = ()
    told: Sequence[Told] = ()
    read: Sequence[Read] = ()
    rated: Sequence[Rated] = ()


def counts(record: Record) -> list[Count]:
    """Everything that is to be counted of a conversation, by kind and moment."""
    counter = _Counter(record)
    for at, _, event in _events(record):
        counter.note(at, event)
    return sorted([*counter.done(), *map(_rated, record.rated)])


def _rated(one: Rated) -> Count:
    at = micros(one.at)
    return Count(What.ASKED, at, one.agent, one.team, one.kind, one.account, at, one.stars)


_Event = Heard | Read | Decision | Clock


def _events(record: Record) -> list[tuple[datetime, int, _Event]]:
    """What happened, in order; of one moment what was said comes first, and what was promised last."""
    said = zip(in_order(one.at for one in record.heard), record.heard, strict=True)
    decided = zip(in_order(one.at for one in record.decisions), record.decisions, strict=True)
    found: list[tuple[datetime, int, _Event]] = [(at, 0, one) for at, one in said]
    found += [(one.at, 1, one) for one in record.read]
    found += [(at, 2, one) for at, one in decided]
    found += [(_decided_at(clock), 3, clock) for clock in _over(record.told)]
    return sorted(found, key=lambda event: event[:2])


def _over(told: Sequence[Told]) -> Iterator[Clock]:
    """The clocks of which it is known whether they were met, each once; what was dropped was neither."""
    missed = {one.clock.name: one.clock for one in told if one.clock.state == "missed" and one.clock.due_at}
    yield from missed.values()
    for one in told:
        if one.what == "ended" and one.clock.state == "met" and one.clock.name not in missed:
            yield one.clock


def _decided_at(clock: Clock) -> datetime:
    decided = clock.due_at if clock.state == "missed" else clock.ended_at
    return decided or clock.started_at


class _Counter:
    """Walks through a record. What it waits for: an answer since `asked_at`, a closing since `begun_at`."""

    def __init__(self, record: Record) -> None:
        self.state: State = begun(record.case, record.decisions)
        self.counts: list[Count] = []
        self.standing = standing(record.decisions)
        self.now = record.case.conversation.opened_at  # never goes back, as the times of messages may
        self.spoken = False  # whether a person said anything, or a bot
        self.asked_at: datetime | None = None
        self.begun_at: datetime | None = None
        self.asked = self.answered = self.first_answered = self.answered_since = False
        self.dropped = False  # closed since: what was asked before is waited for no more, if they ask anew
        self.by = ""
        self.moods: set[What] = set()
        self.held: tuple[datetime, State] | None = None

    def done(self) -> list[Count]:
        """Everything that was counted; what is open is open for ever, as far as anybody knows."""
        if self.held:
            since, state = self.held
            self.counts.append(_count(What.HELD, FOREVER, state, begun_at=micros(since)))
        return self.counts

    def note(self, at: datetime, event: _Event) -> None:
        """Count what follows from an event."""
        self.now = at
        match event:
            case Heard():
                self._heard(event)
            case Read():
                self._read(event)
            case Decision():
                self._decided(event)
            case Clock():
                self._promised(event)

    def _add(
        self, what: What, at: datetime, *, agent: str | None = None, begun_at: datetime | None = None
    ) -> None:
        since = begun_at or at
        self.counts.append(
            _count(what, micros(max(at, since)), self.state, agent=agent, begun_at=micros(since))
        )

    # ---------------------------------------------------------------------------------------------- said

    def _heard(self, heard: Heard) -> None:
        said = heard.direction is Direction.OUTBOUND and (heard.person or not heard.automatic)
        if heard.past or not (said or asks(heard)):
            return
        if said:
            self._says(heard)
        else:
            self._asks(heard)
        self.spoken = True
        self._holds()

    def _asks(self, heard: Heard) -> None:
        if self.dropped:
            self.asked_at, self.dropped = None, False
        before, self.state.kind, self.state.account = self.state.kind, heard.kind, heard.account
        self._add(What.RECEIVED, heard.at)
        if not self.asked:
            self._add(What.OPENED, heard.at)
        elif before != heard.kind:
            self._add(What.SPARED if self.asked_at else What.SWITCHED, heard.at)
        self.asked = True
        self.asked_at = self.asked_at or heard.at
        self.begun_at = self.begun_at or heard.at

    def _says(self, heard: Heard) -> None:
        there = replace(self.state, kind=heard.kind, account=heard.account)
        if not self.asked:
            self.state = there
        at = micros(heard.at)
        self.counts.append(_count(What.SENT, at, there, agent=heard.by, begun_at=at))
        if answers(heard):
            self._answers(heard)

    def _answers(self, heard: Heard) -> None:
        if self.asked_at:
            what = What.NEXT if self.first_answered else What.FIRST
            self._add(what, heard.at, agent=heard.by, begun_at=self.asked_at)
            self.first_answered = True
        self.asked_at = None
        self.answered = self.answered_since = True
        self.by = heard.by
        self.moods.clear()

    def _read(self, read: Read) -> None:
        """A question is a complaint once, however often it was read before it was answered."""
        for intent, what in _MOODS.items():
            if intent in read.held and what not in self.moods:
                self.moods.add(what)
                self._add(what, read.at)

    # ------------------------------------------------------------------------------------------- decided

    def _decided(self, decision: Decision) -> None:
        counts, was_open = decision.id in self.standing, self.state.open
        if counts:
            self._passed(decision)
        self.state.decided(decision.changes)
        self.dropped = not self.state.open and (was_open or self.dropped)
        if counts and was_open and not self.state.open:
            self._closed(decision.at)
        elif counts and self.state.open and not was_open:
            self._reopened(decision.at)
        if self.spoken:
            self._holds()

    def _passed(self, decision: Decision) -> None:
        """Passed on by whoever had it; the first who is given it is no transfer."""
        changed = {one.field for one in decision.changes if one.before and one.after}
        if "assignee" in changed or ("team" in changed and self.answered):
            self._add(What.PASSED, decision.at)

    def _closed(self, at: datetime) -> None:
        if not self.state.spam:
            resolved = self.begun_at is not None and self.answered_since
            self._add(What.RESOLVED if resolved else What.DROPPED, at, begun_at=self.begun_at)
        self.begun_at, self.answered_since = None, False

    def _reopened(self, at: datetime) -> None:
        self._add(What.REOPENED, at)
        if self.begun_at is None and self.asked:
            self.begun_at = at

    def _holds(self) -> None:
        """From now on it is open, or somebody else's, or not."""
        state = replace(self.state, spam=False) if self.state.open else None
        if self.held and state == self.held[1]:
            return
        if self.held and self.held[0] < self.now:
            since, before = self.held
            self.counts.append(_count(What.HELD, micros(self.now), before, begun_at=micros(since)))
        self.held = (self.now, state) if state else None

    # ------------------------------------------------------------------------------------------ promised

    def _promised(self, clock: Clock) -> None:
        """What was met was met by whoever answered, or closed it; what was missed, by whoever had it then."""
        met = clock.state == "met"
        agent = self.by if met and clock.what != "resolution" else self.state.agent
        at = micros(_decided_at(clock))
        kind, account = clock.kind, self.state.account
        self.counts.append(Count(_PROMISES[clock.what], at, agent, clock.team, kind, account, at, int(met)))


def _count(what: What, at: int, state: State, *, begun_at: int, agent: str | None = None) -> Count:
    whose = state.agent if agent is None else agent
    return Count(what, at, whose, state.team, state.kind, state.account, begun_at)
