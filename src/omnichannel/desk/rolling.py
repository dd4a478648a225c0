"""Which plan holds, while workers that have another one are replaced one by one.

The plan that came last holds, as long as anybody works by it. When another one takes over, every open case has to be
looked at again: by when it is due, where it stands and whose it is, all follow from the plan. Once more, when nobody
works any longer by one that does not hold: what was touched by it stands by it until then. So two plans at a time
take no turns, and in the end everything stands by the one that is left.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import NamedTuple

IN_USE = timedelta(minutes=10)
"""A plan is used as long as somebody worked by it so lately."""

_KNOWN = timedelta(days=1)
"""So long it is known which plan was there before another: one that is seen now and then never becomes the newest."""

_MICROSECOND = timedelta(microseconds=1)


class Used(NamedTuple):
    """A plan: the how many-th it is that came, and when somebody last worked by it."""

    number: int
    at: int


class Plans(NamedTuple):
    """The plan that holds, since when open cases are looked at again for it, and the plans that were used of late."""

    held: str
    since: int
    used: Mapping[str, Used]

    @classmethod
    def loads(cls, text: str) -> Plans:
        """Read from where they are kept."""
        known = json.loads(text)
        used = {name: Used(*one) for name, one in known.get("used", {}).items()}
        return cls(known.get("held", ""), known.get("since", 0), used)

    def dumps(self) -> str:
        """To be kept."""
        return json.dumps(self._asdict())


NOTHING = Plans("", 0, MappingProxyType({}))
"""Nobody worked yet."""


class After(NamedTuple):
    """The plans after somebody worked by one, and whether every open case is to be looked at again."""

    plans: Plans
    walk: bool


def use(before: Plans, plan: str, now: int) -> After:
    """Somebody works by a plan at a moment, in microseconds. Plans are named by their fingerprints."""
    used = {name: one for name, one in before.used.items() if now - one.at <= _KNOWN // _MICROSECOND}
    known = used.get(plan)
    number = known.number if known else 1 + max((one.number for one in used.values()), default=0)
    used[plan] = Used(number, now)
    gone = {name: one for name, one in used.items() if now - one.at > IN_USE // _MICROSECOND}
    held = max(used.keys() - gone.keys(), key=lambda name: used[name].number)
    left = any(one.at >= before.since for name, one in gone.items() if name != held)
    walk = held != before.held or left
    return After(Plans(held, now if walk else before.since, used), walk)
