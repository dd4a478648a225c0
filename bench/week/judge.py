"""The judge: whether what the library decided and counted is what the log of the week says it should be."""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple, cast

from bench.week.company import PEOPLE, TEAMS, TOPICS, Person
from bench.week.log import Log
from bench.week.promises import Stood, promises
from bench.week.screen import Row
from omnichannel.clock import moment
from omnichannel.model.desk import Clock
from omnichannel.store import Tx

_EASED = timedelta(minutes=30)
"""So long a language whose speakers are away is asked for, and skills that nobody has: `world` never closes."""

_MINUTE = timedelta(minutes=1)

_KNOWN = {person.name: person for person in PEOPLE}
_HEAD_START = {"normal": timedelta(), "high": timedelta(hours=4), "urgent": timedelta(days=1)}


class Decided(NamedTuple):
    """One decision, as it stands in the store."""

    conversation: int
    at: datetime
    what: str
    actor: str
    because: list[str]
    changes: dict[str, tuple[object, object]]
    plan: str


class Found(NamedTuple):
    """What the store says at the end."""

    decisions: list[Decided]
    promises: dict[tuple[int, str], Stood]
    routes: dict[int, str]
    assignees: dict[int, str]
    messages: int


def read(tx: Tx) -> Found:
    """Read all that is judged."""
    decisions = [
        Decided(
            cast("int", row[0]), moment(cast("int", row[1])), str(row[2]), str(row[3]), json.loads(str(row[4])),
            {one["field"]: (one["before"], one["after"]) for one in json.loads(str(row[5]))}, str(row[6]),
        )
        for row in tx.all(
            "SELECT conversation, at, what, actor, because, changes, plan FROM decisions WHERE workspace = ?"
            " ORDER BY id", tx.ws,
        )
    ]  # fmt: skip
    stood: dict[tuple[int, str], Stood] = {}
    for number, text in tx.all(
        "SELECT conversation, clock FROM told WHERE workspace = ? AND what = 'ended'", tx.ws
    ):
        _stands(stood, cast("int", number), Clock.model_validate_json(str(text)))
    routes = {}
    for number, text in tx.all("SELECT conversation, content FROM cases WHERE workspace = ?", tx.ws):
        content = json.loads(str(text))
        routes[cast("int", number)] = content.get("route", "")
        for clock in content.get("clocks", ()):
            _stands(stood, cast("int", number), Clock.model_validate(clock))
    rows = tx.all("SELECT id, assignee FROM conversations WHERE workspace = ?", tx.ws)
    count = tx.one("SELECT COUNT(*) FROM messages WHERE workspace = ?", tx.ws)
    assignees = {cast("int", number): str(who) for number, who in rows}
    return Found(decisions, stood, routes, assignees, cast("int", count[0] if count else 0))


def _stands(stood: dict[tuple[int, str], Stood], number: int, clock: Clock) -> None:
    stood[number, clock.name] = Stood(clock.state, clock.due_at)


@dataclass
class Verdict:
    """What was looked at, and everything that is wrong: a kind of mistake, and each time it was made."""

    wrong: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    counted: Counter[tuple[str, str]] = field(default_factory=Counter)
    expected: Counter[tuple[str, str]] = field(default_factory=Counter)
    assigned: int = 0
    by_reason: Counter[str] = field(default_factory=Counter)
    given: Counter[str] = field(default_factory=Counter)
    digest: str = ""

    def add(self, kind: str, said: str) -> None:
        """Something is wrong."""
        self.wrong[kind].append(said)


class Watch:
    """Looks on while the week goes by: at places in the queue, at who overtakes whom, at how long they wait."""

    def __init__(self, log: Log, verdict: Verdict) -> None:
        self._log, self._verdict = log, verdict
        self._before: dict[int, Row] = {}
        self._queued: dict[int, datetime] = {}  # since when each stands in the queue, as far as it was seen
        self.looks = 0
        self.longest = timedelta()
        self.waits: list[timedelta] = []

    def look(self, at: datetime, rows: dict[int, Row], waiting: dict[int, datetime], gone: set[str]) -> None:
        """Compare one minute with the one before. `waiting` is who waits since when, `gone` who is not there."""
        self.looks += 1
        for number in waiting:
            row = rows.get(number)
            if row is None or not (row.assignee or row.queued or row.aside):
                self._verdict.add("without owner or place", f"{at:%a %H:%M}")
            elif row.assignee in gone:
                self._verdict.add("with somebody who is not there", f"{at:%a %H:%M} {row.assignee}")
        self._overtaking(at, rows, waiting)
        self._before = rows
        self._queued = {number: self._queued.get(number, at) for number, row in rows.items() if row.queued}

    def _overtaking(self, at: datetime, rows: dict[int, Row], waiting: dict[int, datetime]) -> None:
        """In a lane of cases that ask for the same, none is given before one that stands before it.

        What a case asks for is as it is filed: that it was filed rightly is judged with the rules. Whoever wrote more
        in this minute is read first: somebody keeps room for them, and others may be given who is behind them.
        """
        first: dict[object, datetime] = {}
        stays = [
            row
            for number, row in rows.items()
            if row.queued and number in waiting and not self._wrote(number, at)
        ]
        for row in stays:
            before = self._before.get(row.conversation)
            if before and before.queued:
                rank = self._rank(row, waiting)
                for lane in (_lane(row), _flown(row)):
                    first[lane] = min(first.get(lane, rank), rank)
        for number, row in rows.items():
            was = self._before.get(number)
            if was and was.queued and row.assignee and number in waiting:
                self.waits.append(at - waiting[number])
                lane = _lane(row) if _KNOWN[row.assignee].team == row.team else _flown(row)
                if _lane(was) == _lane(row) and self._rank(row, waiting) > first.get(lane, at):
                    self._verdict.add("given before one that stood before it", f"{at:%a %H:%M} {row.team}")

    def _rank(self, row: Row, waiting: dict[int, datetime]) -> datetime:
        """Since when it has its place: a case may stand there before the customer says something more."""
        since = waiting[row.conversation]
        return min(since, self._queued.get(row.conversation, since)) - _HEAD_START[row.priority]

    def _wrote(self, number: int, at: datetime) -> bool:
        """Whether somebody wrote in this minute."""
        marks = self._log.marks.get(number, ())
        return any(mark.what == "asked" and at - mark.at <= _MINUTE for mark in marks[-3:])


def _lane(row: Row) -> object:
    """What cases have in common of which the first is given first.

    A language that not everybody speaks is not asked for for ever (`Plan.language_wait`): of a few minutes' wait it
    still is, also where a head start puts the case before one that has waited for an hour.
    """
    language = row.asks[1]
    spoken = all(language in person.languages for person in PEOPLE)
    return row.team, row.asks, "" if spoken else row.priority


def _flown(row: Row) -> object:
    """What cases have in common of which another team takes the first first.

    It takes what has waited for long enough: one with a head start stands before it, and has not.
    """
    return row.team, row.asks, row.priority, "flown"


def judge(log: Log, found: Found, now: datetime, fingerprint: str, verdict: Verdict) -> None:
    """Everything that is judged at the end."""
    _explained(found, fingerprint, verdict)
    _fitting(log, found, verdict)
    _routed(log, found, verdict)
    _promised(log, found, now, verdict)
    verdict.digest = _digest(log, found)


def _explained(found: Found, fingerprint: str, verdict: Verdict) -> None:
    """Every assignment has an actor and reasons, and each goes on from the one before."""
    holders: dict[int, str] = defaultdict(str)
    for one in found.decisions:
        if "assignee" in one.changes:
            before, after = one.changes["assignee"]
            verdict.assigned += 1
            if not one.because or not one.actor:
                verdict.add("not explained", f"{one.what} by {one.actor or 'nobody'}, without a reason")
            if before != holders[one.conversation] or one.plan != fingerprint:
                verdict.add("not explained", f"{one.what}: it was {before}'s before")
            holders[one.conversation] = str(after)
            verdict.by_reason[_reason(one)] += 1
    for number, who in found.assignees.items():
        if who != holders[number]:
            verdict.add("not explained", f"{who} has it, and nothing says why")


def _reason(one: Decided) -> str:
    last = one.because[-1] if one.because else ""
    for name in _KNOWN:
        last = last.replace(name, "…")
    return last.split(":")[0]


def _fitting(log: Log, found: Found, verdict: Verdict) -> None:
    """Whoever is given a case is there, of the team, has the skills, and speaks the language that was filed."""
    state: dict[int, dict[str, object]] = defaultdict(dict)
    for one in found.decisions:
        known = state[one.conversation]
        known.update({name: after for name, (_, after) in one.changes.items()})
        if one.what == "assigned" and one.actor == "desk":
            person = _KNOWN[str(known["assignee"])]
            verdict.given[person.name] += 1
            if why := _unfit(log, person, known, one):
                verdict.add("given to somebody who cannot have it", f"{person.name} {why}")


def _unfit(log: Log, person: Person, known: dict[str, object], one: Decided) -> str:
    team = str(known.get("team", "world"))
    needs = cast("dict[str, int]", known.get("needs", {}))
    group = [other for other in PEOPLE if other.team in (team, TEAMS[team].flows_to)]
    early = _waited(log, one) < _EASED
    if _lacks(person, needs) and (early or not all(_lacks(other, needs) for other in group)):
        return f"does not have {needs}"
    language = str(known.get("language", ""))
    speakers = [other.name for other in PEOPLE if other.team == team and language in other.languages]
    asked_for = speakers and (early or any(log.amid(who, one.at) for who in speakers))
    if asked_for and language not in person.languages:
        return f"does not speak {language}"
    return "" if log.there(person.name, one.at) else "is not there"


def _lacks(person: Person, needs: dict[str, int]) -> bool:
    return any(dict(person.skills).get(skill, 0) < level for skill, level in needs.items())


def _waited(log: Log, one: Decided) -> timedelta:
    """How long a customer has waited for an answer; where they do not, it was put aside, and waits for longer."""
    since: datetime | None = None
    for mark in log.marks.get(one.conversation, ()):
        if mark.at <= one.at and mark.what == "asked":
            since = since or mark.at
        elif mark.at <= one.at and mark.what in ("answered", "closed"):
            since = None
    return one.at - since if since else _EASED


def _routed(log: Log, found: Found, verdict: Verdict) -> None:
    """The rule that took a case is the one that its words call for, whenever rules were to be asked."""
    taken: dict[int, list[str]] = defaultdict(list)
    for one in found.decisions:
        if one.actor.startswith("rule:"):
            taken[one.conversation].append(one.actor.removeprefix("rule:"))
    for number in log.marks:
        topics = log.openings(number)
        first, last = TOPICS[topics[0]].rule, TOPICS[topics[-1]].rule
        if taken[number][:1] != [first][: bool(first)] and (first or len(topics) == 1):
            verdict.add("a rule ignored", f"{topics[0]}: {taken[number][:1]}, not {first or 'none'}")
        if found.routes[number] != last:
            verdict.add("a rule ignored", f"{topics[-1]}: {found.routes[number]}, not {last or 'none'}")


def _promised(log: Log, found: Found, now: datetime, verdict: Verdict) -> None:
    """Promises kept and missed are those that the log counts, each of them, to the second."""
    expected = {
        (number, name): stood
        for number, marks in log.marks.items()
        for name, stood in promises(marks, now, gold=number in log.gold).items()
    }
    for counter, all_of in ((verdict.counted, found.promises), (verdict.expected, expected)):
        counter.update((name.partition(":")[0], stood.state) for (_, name), stood in all_of.items())
    for key in expected.keys() | found.promises.keys():
        ours, theirs = expected.get(key), found.promises.get(key)
        if ours != theirs:
            verdict.add("promises counted otherwise", f"{key[1]}: {_told(theirs)}, counted {_told(ours)}")


def _told(stood: Stood | None) -> str:
    return (
        "none"
        if stood is None
        else f"{stood.state}, due {stood.due:%a %H:%M:%S}"
        if stood.due
        else stood.state
    )


def _digest(log: Log, found: Found) -> str:
    """The same for the same week: every decision, and every mark, with conversations as they came."""
    order = {number: place for place, number in enumerate(log.marks)}
    made = hashlib.sha256()
    for one in found.decisions:
        made.update(repr((order.get(one.conversation), *one[1:])).encode())
    made.update(repr([(order[number], marks) for number, marks in log.marks.items()]).encode())
    return made.hexdigest()[:16]
