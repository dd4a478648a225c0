"""What rules are told of a case: gathered from the store, in the caller's transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from omnichannel.clock import micros
from omnichannel.desk.plan import Plan
from omnichannel.desk.routing import Earlier, Seen, When
from omnichannel.model.desk import Case, Reading
from omnichannel.store import Tx, conversations
from omnichannel.store.desk import earlier, past, words
from omnichannel.store.desk.words import Said


def seen(tx: Tx, plan: Plan, number: int, case: Case, reading: Reading, now: datetime) -> Seen:
    """The question that is open in a case, as rules see it."""
    since = micros(case.asked_at) if case.asked_at else 0
    asker = conversations.spoken(tx, number)
    proven = past.proven(tx, [asker.asker])[asker.asker] if asker else {}
    return Seen(
        kind=case.kind,
        account=case.account,
        public=case.public,
        subject=case.conversation.subject,
        text=_text(words.said(tx, number, 0, since)),
        reading=reading,
        tier=tier_of(proven),
        fields=proven,
        earlier=earlier.of_questions(tx, {number: micros(now)})[number] if asks_earlier(plan) else Earlier(),
        closed=closed_at(plan, now),
    )


def tier_of(proven: dict[str, tuple[str, ...]]) -> str:
    """What kind of customer somebody is proven to be; empty where that is not known, or not one."""
    tiers = proven.get("tier", ())
    return tiers[0] if len(tiers) == 1 else ""


def closed_at(plan: Plan, at: datetime) -> frozenset[str]:
    """The calendars that are closed at a moment."""
    return frozenset(name for name, hours in plan.opening.items() if not hours.is_open(at))


def asks_earlier(plan: Plan) -> bool:
    """Whether any rule asks for what there was before: it is looked up only then."""
    return any(_asks_earlier(route.when) for route in plan.routes)


def _asks_earlier(when: When) -> bool:
    return when.asks_earlier or any(map(_asks_earlier, (*when.all, *when.any, *when.none)))


def _text(said: Sequence[Said]) -> str:
    return "\n".join(one.text for one in said if one.text)
