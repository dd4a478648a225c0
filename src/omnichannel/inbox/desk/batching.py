"""The step of batches: some cases at a time, each with what becomes of it in one commit."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from omnichannel.desk.acting import changes, word_for
from omnichannel.desk.plan import Plan
from omnichannel.errors import Conflict, NotFound, UsageError
from omnichannel.inbox.desk.alone import why
from omnichannel.inbox.desk.deciding import By, decide, undo
from omnichannel.inbox.desk.refreshing import bring_up, keep
from omnichannel.store import Tx, records
from omnichannel.store.desk import batches, place, viewing
from omnichannel.store.desk.batches import Held

if TYPE_CHECKING:
    from omnichannel.inbox.base import Base

AT_ONCE = 20
"""Cases that are changed in one transaction: nobody waits longer for the desk."""

_OURS = (UsageError, ValueError, LookupError, TypeError)
"""What a case can do to its batch; a store that is away does something else, and is waited for."""

_GATHERED = 1000
_TOO_EARLY = "taken back before its turn"


class Turn(NamedTuple):
    """A case whose turn it is, and the batch."""

    batch: int
    conversation: int


async def work_on(inbox: Base, plan: Plan) -> int:
    """Do some of what there is to do for batches; how many cases were looked at."""
    try:
        return await inbox.run_job(lambda tx: _step(tx, plan, AT_ONCE))
    except _OURS:
        turns = await inbox.run_job(_turns)
        if not turns:
            raise
    return await _one_by_one(inbox, plan, turns)


async def _one_by_one(inbox: Base, plan: Plan, turns: Sequence[Turn]) -> int:
    """One of them spoiled it for the others: find it, say why, and go on."""
    for turn in turns:
        try:
            await inbox.run_job(lambda tx: _step(tx, plan, 1))
        except _OURS as error:
            await inbox.run_job(partial(_spoiled, turn=turn, because=why(error)))
    return len(turns)


def _turns(tx: Tx) -> list[Turn]:
    held = batches.under_way(tx)
    if held is None:
        return []
    state = batches.CHANGED if held.state == batches.UNDOING else batches.WAITS
    return [Turn(held.id, number) for number, _ in batches.standing(tx, held.id, state, AT_ONCE)]


def _spoiled(tx: Tx, turn: Turn, because: str) -> None:
    held = batches.find(tx, turn.batch)
    state = batches.KEPT if held.state == batches.UNDOING else batches.LEFT
    batches.settle(tx, turn.batch, turn.conversation, state, because)


def _step(tx: Tx, plan: Plan, most: int) -> int:
    if batches.under_way(tx) is None:
        return 0
    place.take(tx, plan.fingerprint)
    held = batches.under_way(tx)  # as it is now that nobody else works on it
    if held is None:
        return 0
    if held.state == batches.GATHERING:
        return _gather(tx, held)
    if held.state == batches.WORKING:
        return _act(tx, plan, held, most)
    return _take_back(tx, plan, held, most)


def _gather(tx: Tx, held: Held) -> int:
    """Note the next cases that are meant; which these are is decided before the first of them is changed."""
    assert held.which is not None
    wanted = viewing.condition(tx, held.which, held.me, held.at)
    found = viewing.page(tx, wanted, "oldest", (0, held.reached), _GATHERED)
    batches.add(tx, held.id, [number for _, number in found])
    if found:
        batches.reach(tx, held.id, found[-1][1])
    if len(found) < _GATHERED:
        batches.turn(tx, held.id, batches.WORKING)
    return max(len(found), 1)


def _act(tx: Tx, plan: Plan, held: Held, most: int) -> int:
    waiting = batches.standing(tx, held.id, batches.WAITS, most)
    by = By(held.actor, (held.because,) if held.because else (), batch=held.id)
    for number, _ in waiting:
        desked = bring_up(tx, plan, number)
        wanted = changes(held.action, desked.case)
        decision = decide(tx, plan, desked, word_for(held.action), by, wanted)
        if decision is None:
            keep(tx, plan, desked)
            batches.settle(tx, held.id, number, batches.SAME)
        else:
            batches.settle(
                tx, held.id, number, batches.CHANGED, decision=tx.ids.find("decision", decision.id)
            )
    if len(waiting) < most:
        _end(tx, held, batches.DONE)
    return max(len(waiting), 1)


def _take_back(tx: Tx, plan: Plan, held: Held, most: int) -> int:
    """First what had no turn yet is left, then what was changed is as it was."""
    early = [number for number, _ in batches.standing(tx, held.id, batches.WAITS, _GATHERED)]
    if early:
        batches.leave(tx, held.id, early, _TOO_EARLY)
        return len(early)
    changed = batches.standing(tx, held.id, batches.CHANGED, most)
    for number, decision in changed:
        assert decision is not None
        try:
            undo(tx, plan, decision, held.undone_by, batch=held.id)
        except (Conflict, NotFound) as error:
            batches.settle(tx, held.id, number, batches.KEPT, str(error))
        else:
            batches.settle(tx, held.id, number, batches.TAKEN_BACK)
    if len(changed) < most:
        _end(tx, held, batches.UNDONE)
    return max(len(changed), 1)


def _end(tx: Tx, held: Held, state: int) -> None:
    batches.turn(tx, held.id, state)
    what = "batch.done" if state == batches.DONE else "batch.undone"
    actor = held.actor if state == batches.DONE else held.undone_by
    records.happened(tx, what, actor=actor, detail={"batch": tx.ids.show("batch", held.id)})
