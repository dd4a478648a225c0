"""Why a case still waits, as things are now; and what nobody could ever take."""

from __future__ import annotations

from collections.abc import Iterator
from heapq import merge

from omnichannel.clock import moment
from omnichannel.desk.easing import hindered, hopeless
from omnichannel.desk.plan import Plan
from omnichannel.inbox.desk.giving import Hands
from omnichannel.model.desk import Case, HeldUp
from omnichannel.store import Tx
from omnichannel.store.desk import cases


def why_waiting(tx: Tx, plan: Plan, case: Case) -> tuple[str, ...]:
    """Why a case is with nobody yet; empty where it does not wait for anybody."""
    if case.queued_at is None:
        return ()
    return tuple(_because(tx, plan, Hands(tx, plan), case)) or ("it is given out in a moment",)


def _because(tx: Tx, plan: Plan, hands: Hands, case: Case) -> Iterator[str]:
    now = moment(tx.now())
    asks = hands.wanted(case, now)
    yield from hindered(case, asks, plan, now, hands.staff)
    yield from (f"{name} {why}" for name, why in hands.full(asks))
    if not plan.give_out:
        yield "agents take what waits by themselves: nothing is given out"


def held_up(tx: Tx, plan: Plan, most: int) -> list[HeldUp]:
    """What waits that nobody could take, whoever came: the longest first."""
    hands, found, now = Hands(tx, plan), list[HeldUp](), moment(tx.now())
    every = [cases.waiting(tx, team) for team in cases.queues(tx)]
    for waiting in merge(*every, key=lambda one: (one.rank, one.number)):
        case = waiting.case
        asks = hands.wanted(case, now)
        if case.queued_at is None or not hopeless(asks, hands.staff):
            continue
        because = tuple(hindered(case, asks, plan, now, hands.staff))
        found.append(
            HeldUp(conversation=case.conversation.id, team=case.team, since=case.queued_at, because=because)
        )
        if len(found) == most:
            break
    return found
