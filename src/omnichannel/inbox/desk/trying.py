"""Trying rules out on what was asked before, page by page; nothing is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from omnichannel.clock import moment
from omnichannel.desk.classify import together
from omnichannel.desk.plan import Plan
from omnichannel.desk.routing import (
    Earlier,
    Route,
    Seen,
    Then,
    Trial,
    Tried,
    differences,
    manners,
    reasons,
    route,
)
from omnichannel.inbox.desk.asking import Asking
from omnichannel.inbox.desk.seeing import asks_earlier, closed_at, tier_of
from omnichannel.model.desk import Case, Reading
from omnichannel.store import Tx
from omnichannel.store.desk import cases, earlier, past, readings
from omnichannel.store.desk.past import First

if TYPE_CHECKING:
    from omnichannel.inbox.base import Base

_PAGE = 500


class Period(NamedTuple):
    """Which conversations: opened between two moments (microseconds since 1970), so many; and examples of so many."""

    since: int
    until: int
    most: int | None
    examples: int


class Asked(NamedTuple):
    """The first question of a conversation, as rules see it; what was made of it then; and its case."""

    conversation: str
    at: int
    seen: Seen
    reading: Reading | None
    case: Case | None


class _Counting:
    """What a dry run has found so far."""

    def __init__(self, plan: Plan, period: Period) -> None:
        self._plan, self._period = plan, period
        self.looked_at = 0
        self._differ = 0
        self._by_route: Counter[str] = Counter({one.name: 0 for one in plan.routes})
        self._by_team: Counter[str] = Counter()
        self._moved: Counter[str] = Counter()
        self._examples: list[Tried] = []

    def add(self, tried: Tried, case: Case | None) -> None:
        """One more conversation."""
        self.looked_at += 1
        team = self._plan.default_team if tried.then.team is None else tried.then.team
        self._by_route[tried.route] += 1
        self._by_team[team] += 1
        if not tried.differs:
            return
        self._differ += 1
        if case is not None and case.team != team:
            self._moved[f"{case.team or 'none'} → {team or 'none'}"] += 1
        if len(self._examples) < self._period.examples:
            self._examples.append(tried)

    @property
    def left(self) -> int:
        """How many may still be looked at."""
        most = self._period.most
        return _PAGE if most is None else most - self.looked_at

    def trial(self) -> Trial:
        """What was found."""
        return Trial(
            looked_at=self.looked_at,
            by_route=dict(self._by_route),
            by_team=dict(self._by_team),
            differ=self._differ,
            moved=dict(self._moved),
            examples=tuple(self._examples),
        )


async def try_out(inbox: Base, plan: Plan, period: Period, told: Callable[[Tried], None] | None) -> Trial:
    """Try a plan's rules out on the conversations of a period, the oldest first."""
    counting, asking = _Counting(plan, period), Asking(inbox.clock)
    after: int | None = await inbox.run_job(lambda tx: past.before_all(tx, period.since))
    while after is not None and counting.left > 0:
        asked, after = await inbox.run_job(partial(_page, plan=plan, period=period, after=after))
        for one in asked[: counting.left]:
            reading = one.reading or await asking.reading(plan, one.seen.text, channel=one.seen.kind)
            tried = _try(plan, one, one.seen.model_copy(update={"reading": reading}))
            counting.add(tried, one.case)
            if told:
                told(tried)
    return counting.trial()


def _page(tx: Tx, plan: Plan, period: Period, after: int) -> tuple[list[Asked], int | None]:
    """Some conversations, all looked up together; and where to go on."""
    found, then = past.page(tx, after, period.since, period.until, _PAGE)
    numbers = [one.number for one in found]
    proven = past.proven(tx, [one.asker for one in found])
    asked_at = {one.number: one.said[-1].at for one in found}
    before = earlier.of_questions(tx, asked_at) if asks_earlier(plan) else {}
    kept, made = cases.several(tx, numbers), _made(tx, found)
    asked = []
    for one in found:
        seen = _seen(plan, one, proven[one.asker], before.get(one.number, Earlier()))
        shown = tx.ids.show("conversation", one.number)
        asked.append(Asked(shown, one.said[-1].at, seen, made.get(one.number), kept.get(one.number)))
    return asked, then


def _made(tx: Tx, found: Sequence[First]) -> dict[int, Reading]:
    """What was made of each first question when it was asked."""
    last = {one.number: one.said[-1].seq for one in found}
    known: dict[int, Reading] = {}
    for made in readings.of_conversations(tx, list(last)):
        if made.seq <= last[made.conversation]:
            known[made.conversation] = together(known.get(made.conversation), made.reading)
    return known


def _seen(plan: Plan, first: First, proven: dict[str, tuple[str, ...]], before: Earlier) -> Seen:
    said = first.said[-1]
    return Seen(
        kind=said.kind,
        account=said.account,
        public=said.public,
        subject=first.subject,
        text="\n".join(one.text for one in first.said if one.text),
        tier=tier_of(proven),
        fields=proven,
        earlier=before,
        closed=closed_at(plan, moment(said.at)),
    )


def _try(plan: Plan, asked: Asked, seen: Seen) -> Tried:
    routed = route(seen, plan.routes)
    then, because = routed.then, tuple(_because(plan.routes, routed.route, seen))
    mannered = manners(seen, routed, quiet=plan.compliments == "quiet")
    if mannered:
        then, because = _both(then, mannered.then), (*because, mannered.because)
    return Tried(
        conversation=asked.conversation,
        at=moment(asked.at),
        route=routed.route,
        then=then,
        because=because,
        passed=routed.passed,
        differs=differences(asked.case, then, plan.default_team) if asked.case else (),
    )


def _because(routes: Sequence[Route], name: str, seen: Seen) -> Iterator[str]:
    for one in routes:
        if one.name == name:
            yield from reasons(one.when, seen)


def _both(then: Then, mannered: Then) -> Then:
    return then.model_copy(update=mannered.model_dump(exclude_defaults=True))
