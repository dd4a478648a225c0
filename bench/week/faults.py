"""Mistakes to be planted in the library, each for as long as a short week takes: the judge has to find every one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from unittest.mock import patch

from omnichannel.desk import assigning, queueing
from omnichannel.desk.clocks import counting
from omnichannel.desk.clocks.choosing import Terms
from omnichannel.desk.hours import CALENDAR_TIME
from omnichannel.desk.routing.taking import route
from omnichannel.inbox.desk import attending, deciding, giving, refreshing, sorting

_FAR = datetime(2100, 1, 1, tzinfo=UTC)


def _a_rule_ignored() -> Any:
    """The rules are asked, but one of them is passed over."""

    def fewer(seen: Any, routes: Any) -> Any:
        return route(seen, [one for one in routes if one.name != "money"])

    return patch.object(sorting, "route", fewer)


def _a_clock_not_paused() -> Any:
    """The time in which we wait for the customer counts."""
    return patch.object(counting, "_counts_from", lambda stretch, _: stretch.since)


def _hours_forgotten() -> Any:
    """Working time is day and night."""
    return patch.object(Terms, "hours_of", lambda *_: CALENDAR_TIME)


def _lost_from_the_queue() -> Any:
    """Now and then something that waits is given no place."""
    real = queueing.queued

    def lossy(case: Any, now: datetime) -> Any:
        found = real(case, now)
        lost = found.queued_at is not None and found.queued_at.second % 20 == 7
        return found.model_copy(update={"queued_at": None}) if lost else found

    return patch.object(refreshing, "queued", lossy)


def _an_unfair_pick() -> Any:
    """Of equals it is always the first by name."""
    real: Callable[..., Any] = assigning.choose

    def unfair(wanted: Any, candidates: Any, pick: Any = "best") -> Any:
        fit = [one for one in candidates if not assigning.unfit(wanted, one)]
        return real(wanted, sorted(fit, key=lambda one: one.agent.name)[:1] or candidates, pick)

    return patch.object(giving, "choose", unfair)


def _skills_not_asked_for() -> Any:
    """Anybody of anything is given anything."""
    real: Callable[..., Any] = giving.wanted
    return patch.object(giving, "wanted", lambda *given: real(*given)._replace(teams=("",), needs={}))


def _the_last_first() -> Any:
    """Whoever came last is served first."""
    real = refreshing.standing

    def backwards(*given: Any) -> Any:
        found = real(*given)
        return found._replace(rank=found.rank and datetime(2026, 1, 1, tzinfo=UTC) + (_FAR - found.rank))

    return patch.object(refreshing, "standing", backwards)


def _who_leaves_keeps_it() -> Any:
    """What waits for an answer of somebody who goes stays with them."""
    return patch.object(attending.cases, "held_by", lambda *_: [])


def _without_reasons() -> Any:
    """What is decided is written down, why is not."""
    real: Callable[..., Any] = deciding.decide

    def silent(tx: Any, plan: Any, desked: Any, what: Any, by: Any, changed: Any) -> Any:
        return real(tx, plan, desked, what, deciding.By(by.actor), changed)

    return patch.object(giving, "decide", silent)


FAULTS: dict[str, Callable[[], Any]] = {
    "a rule ignored": _a_rule_ignored,
    "a clock not paused": _a_clock_not_paused,
    "working hours forgotten": _hours_forgotten,
    "cases lost from the queue": _lost_from_the_queue,
    "an unfair pick": _an_unfair_pick,
    "skills not asked for": _skills_not_asked_for,
    "the last one first": _the_last_first,
    "who leaves keeps what waits": _who_leaves_keeps_it,
    "decisions without reasons": _without_reasons,
}

CROWDED = frozenset({"the last one first", "who leaves keeps what waits"})
"""Those that show only where more is written than can be answered."""


@contextmanager
def planted(name: str) -> Iterator[None]:
    """The library with one mistake in it; with none for the empty name."""
    if not name:
        yield
        return
    with FAULTS[name]():
        yield
