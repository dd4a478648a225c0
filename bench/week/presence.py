"""Who is there: shifts by the clock on the wall, a break in each, somebody who leaves, somebody who vanishes."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

from bench.week.company import MONDAY, PEOPLE, Person
from bench.week.log import Log
from bench.week.walls import open_at
from omnichannel import Inbox

LEAVER, LEAVES = "Ben", MONDAY + timedelta(days=2, hours=10, minutes=20)
"""Somebody leaves for good in the middle of the week, with everything that is theirs."""

VANISHER, VANISHES = "Hal", MONDAY + timedelta(days=1, hours=17)
"""Somebody's browser dies: they are not heard of any more, until the next morning."""

_LIFE = timedelta(minutes=10)
_BREAK = timedelta(minutes=30)


def _vanished(at: datetime) -> bool:
    return VANISHES <= at < VANISHES + timedelta(hours=12)


class Presences:
    """Who is there, told to the inbox and to the log."""

    def __init__(self, inbox: Inbox, log: Log, draw: random.Random) -> None:
        self._inbox, self._log, self._draw = inbox, log, draw
        self._state: dict[str, str] = {}
        self._break: dict[str, datetime] = {}
        self._renewed = MONDAY

    def works(self, person: Person, at: datetime) -> bool:
        """Whether somebody answers now."""
        return self._state.get(person.name) == "online" and not (person.name == VANISHER and _vanished(at))

    def gone(self) -> set[str]:
        """Who is not there, by what they said."""
        return {person.name for person in PEOPLE if self._state.get(person.name, "offline") == "offline"}

    def peer(self, person: Person) -> str | None:
        """Somebody else who knows the same, and is there."""
        names = (one.name for one in PEOPLE if one.alike == person.alike and one != person)
        return next((name for name in names if self._state.get(name) == "online"), None)

    async def minute(self, at: datetime) -> int:
        """Let people come and go; how many did."""
        changed = 0
        for person in PEOPLE:
            wanted, name = self._wanted(person, at), person.name
            if name == VANISHER and wanted == "online":
                changed += await self._with_life(at)
            elif wanted != self._state.get(name, "offline"):
                await self._turn(name, wanted, at)
                changed += 1
        return changed

    async def _turn(self, name: str, wanted: str, at: datetime) -> None:
        match wanted:
            case "online":
                await self._inbox.desk.agents.turn(name, "online")
                self._log.came(name, at)
            case "away":
                await self._inbox.desk.agents.turn(name, "away")
                self._log.went(name, at)
            case _:
                await self._inbox.desk.agents.turn(name, "offline")
                self._log.went(name, at)
        self._state[name] = wanted

    async def _with_life(self, at: datetime) -> int:
        """Whoever vanishes said each time for how long they are there."""
        began = self._state.get(VANISHER) != "online"
        if not began and (at - self._renewed < _LIFE / 2 or _vanished(at)):
            return 0
        await self._inbox.desk.agents.turn(VANISHER, "online", life=_LIFE)
        self._log.came(VANISHER, at)
        self._state[VANISHER], self._renewed = "online", at
        return 1

    def _wanted(self, person: Person, at: datetime) -> str:
        name = person.name
        if (name == LEAVER and at >= LEAVES) or not open_at(person.shift, at):
            self._break.pop(name, None)
            return "offline"
        if name == VANISHER and _vanished(at - _LIFE):
            self._log.went(name, self._renewed + _LIFE)
            return "offline"
        rest = self._break.setdefault(name, at + timedelta(minutes=self._draw.randrange(60, 240)))
        return "away" if rest <= at < rest + _BREAK else "online"
