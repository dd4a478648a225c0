"""The people of the company: when they are there, what they do with what they are given, and what they see."""

from __future__ import annotations

import asyncio
import random
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from bench.week.company import MONDAY, PEOPLE, Person
from bench.week.log import Log, Mark
from bench.week.presence import Presences
from bench.week.screen import Row
from omnichannel import Inbox
from omnichannel.errors import UsageError

_SECONDS = {"webchat": 50, "messenger": 50, "whatsapp": 50, "sms": 45, "x": 70, "email": 95}
_TIDY = timedelta(hours=1)
_HANDS_TO = {"world": "tech", "tech": "world", "social": "world"}
"""To which team a case is handed over that turns out to be theirs: they have everybody whom it could need."""

_ASKING_NOTHING = ("praise", "pills")


class Talk:
    """A conversation as those who answer it know it."""

    def __init__(self, shown: str) -> None:
        self.id = shown
        self.customer = 0
        self.kind = self.topic = ""
        self.open = self.aside = False
        self.waits_since: datetime | None = None
        self.answered_at: datetime | None = None


class Act(NamedTuple):
    """What somebody does with a conversation that they have looked into."""

    person: Person
    number: int
    talk: Talk
    answers: bool = False
    then: str = ""


class Staff:
    """Everybody who answers. `react` is told whenever a customer was answered."""

    def __init__(
        self, inbox: Inbox, log: Log, draw: random.Random, react: Callable[[int, datetime], None]
    ) -> None:
        self._inbox, self._log, self._draw, self._react = inbox, log, draw, react
        self.presences = Presences(inbox, log, draw)
        self._tasks: dict[str, tuple[int, datetime]] = {}
        self._waiting: dict[int, int] = defaultdict(int)
        self.talks: dict[int, Talk] = {}
        self.open: set[int] = set()

    async def hire(self, capacity: float) -> None:
        """Everybody is known to the inbox, with what they can do."""
        for person in PEOPLE:
            await self._inbox.add_agent(person.name)
            await self._inbox.desk.agents.describe(
                person.name, teams=[person.team], skills=dict(person.skills), languages=person.languages,
                capacity=capacity,
            )  # fmt: skip

    def waits(self, customer: int) -> bool:
        """Whether a customer waits for an answer."""
        return self._waiting[customer] > 0

    def waiting(self) -> dict[int, datetime]:
        """Which conversations wait for an answer, and since when."""
        found = ((number, self.talks[number].waits_since) for number in sorted(self.open))
        return {number: since for number, since in found if since is not None}

    # ------------------------------------------------------------------------------ what they see

    def asked(self, number: int, shown: str, mark: Mark, customer: int) -> None:
        """A customer wrote."""
        talk = self.talks.setdefault(number, Talk(shown))
        talk.customer, talk.kind, talk.topic = customer, mark.kind, mark.topic
        talk.open, talk.aside = True, False
        self.open.add(number)
        if talk.waits_since is None:
            talk.waits_since = mark.at
            self._waiting[customer] += 1

    def see(self, now: datetime, before: Mapping[int, Row], rows: Mapping[int, Row]) -> None:
        """What the desk did by itself: it closed something, sent it to another team, woke it."""
        for number in sorted(self.open):
            talk, row, was = self.talks[number], rows.get(number), before.get(number)
            if row is None:
                self._closed(number, talk, now)
                continue
            if row.team != (was.team if was else self._log.team(number)):
                self._log.note(number, Mark(now, "sent", team=row.team))
            if talk.aside and not row.aside:
                talk.aside = False
                self._log.note(number, Mark(now, "woken"))

    def _settled(self, talk: Talk) -> None:
        if talk.waits_since is not None:
            talk.waits_since = None
            self._waiting[talk.customer] -= 1

    def _closed(self, number: int, talk: Talk, at: datetime) -> None:
        talk.open = False
        self.open.discard(number)
        self._settled(talk)
        self._log.note(number, Mark(at, "closed"))

    # ------------------------------------------------------------------------------- what they do

    async def minute(self, at: datetime, rows: Mapping[int, Row]) -> int:
        """Come and go, finish what is done, and begin the next; how much was done."""
        busy = await self.presences.minute(at)
        theirs: dict[str, list[int]] = defaultdict(list)
        for number in sorted(self.open & rows.keys()):
            theirs[rows[number].assignee].append(number)
        acts = []
        for person in PEOPLE:
            if not self.presences.works(person, at):
                self._tasks.pop(person.name, None)
            elif (act := self._next(person, at, theirs[person.name])) is not None:
                acts.append(act)
        await self._do(acts, at)
        return busy + len(acts)

    def _next(self, person: Person, at: datetime, theirs: Sequence[int]) -> Act | None:
        """What somebody does now: what they have looked into, or a closing where nothing waits."""
        act: Act | None = None
        number, until = self._tasks.get(person.name, (0, at))
        if number and until > at:
            return None
        if number and number in theirs and self.talks[number].waits_since is not None:
            act = self._decided(person, number)
        waiting = [one for one in theirs if self.talks[one].waits_since is not None and one != number]
        self._tasks.pop(person.name, None)
        if waiting:
            chosen = min(waiting, key=lambda one: (self.talks[one].waits_since or at, one))
            seconds = _SECONDS[self.talks[chosen].kind] * self._draw.uniform(0.5, 1.5)
            self._tasks[person.name] = (chosen, at + timedelta(seconds=seconds))
        return act or (None if waiting else self._tidy(person, at, theirs))

    def _tidy(self, person: Person, at: datetime, theirs: Sequence[int]) -> Act | None:
        """What was answered an hour ago, and nothing came back."""
        for number in theirs:
            talk = self.talks[number]
            answered = talk.answered_at
            if not talk.aside and talk.waits_since is None and answered and answered + _TIDY <= at:
                return Act(person, number, talk, then="closes")
        return None

    def _decided(self, person: Person, number: int) -> Act:
        talk, chance = self.talks[number], self._draw.random()
        if talk.topic in _ASKING_NOTHING:
            return Act(person, number, talk, then="closes")
        if chance < 0.02 and person.team in _HANDS_TO:
            return Act(person, number, talk, then="hands over")
        if chance < 0.04 and self.presences.peer(person) is not None:
            return Act(person, number, talk, then="asks a peer")
        if chance < 0.07:
            return Act(person, number, talk, answers=True, then="snoozes")
        return Act(person, number, talk, answers=True, then="closes" if self._draw.random() < 0.55 else "")

    async def _do(self, acts: Sequence[Act], at: datetime) -> None:
        """Everybody answers at once, and then does the rest, one after the other."""
        answering = [act for act in acts if act.answers]
        told = await asyncio.gather(*(self._reply(act, at) for act in answering))
        for act, well in zip(answering, told, strict=True):
            self._answered(act, at, well=well)
        for act in acts:
            await self._then(act, at)

    async def _reply(self, act: Act, at: datetime) -> bool:
        words = f"This is {act.person.name}, at {at:%H:%M}: it is on its way."
        try:
            await self._inbox.conversations.reply(act.talk.id, words, agent=act.person.name)
        except UsageError:  # the platform's window is closed
            return False
        return True

    def _answered(self, act: Act, at: datetime, *, well: bool) -> None:
        if not well:
            self._log.refused += 1
            return
        self._log.said += 1
        self._log.note(act.number, Mark(at, "answered"))
        act.talk.answered_at = at
        self._settled(act.talk)
        self._react(act.number, at)

    async def _then(self, act: Act, at: datetime) -> None:
        desk, name = self._inbox.desk, act.person.name
        if act.then == "closes" or (act.answers and act.talk.waits_since is not None):
            await desk.close(act.talk.id, actor=name)
            self._closed(act.number, act.talk, at)
        elif act.then == "hands over":
            team = _HANDS_TO[act.person.team]
            await desk.assign(act.talk.id, team=team, note="this is yours", actor=name)
            self._log.note(act.number, Mark(at, "handed", team=team))
        elif act.then == "asks a peer":
            peer = self.presences.peer(act.person)
            await desk.assign(act.talk.id, peer or "", note="can you?", actor=name)
            self._log.note(act.number, Mark(at, "handed"))
        elif act.then == "snoozes":
            until = MONDAY + timedelta(days=(at - MONDAY).days + 1, hours=9)
            await desk.snooze(act.talk.id, until, actor=name, because="I promised to look again")
            act.talk.aside = True
            self._log.note(act.number, Mark(at, "snoozed", until=until))
