"""The desk's step: look at what happened, and at what is due, and give out what waits."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from omnichannel.clock import moment
from omnichannel.desk.plan import Plan
from omnichannel.inbox.desk import attending, rating
from omnichannel.inbox.desk.giving import give_out
from omnichannel.inbox.desk.refreshing import refresh
from omnichannel.inbox.desk.staffing import staff_all
from omnichannel.model import Happening
from omnichannel.store import Tx, conversations, records
from omnichannel.store.desk import cases, place, uses

_SOME = 200

_PAGE = 100
"""So many cases are looked at again at a time because another plan holds: what happens meanwhile goes on."""

_FILED = 500
"""So many cases are filed again at a time, beside everything else: they are only read, mostly."""

# What changes what was said before: the conversations are read again from their beginning.
_ANEW = frozenset(
    {
        "message.edited",
        "message.deleted",
        "conversation.moved",
        "conversation.split",
        "conversation.joined",
        "conversation.cut",
    }
)


def dispatch(tx: Tx, plan: Plan) -> int:
    """Do some of what there is to do; how much was done. One worker at a time: the others wait, and find less."""
    at = place.take(tx, plan.fingerprint)
    staff_all(tx, plan)
    if at.walked is not None:
        return _walk(tx, plan, at.position, at.walked)
    seen = records.behind(tx, at.position, _SOME)
    due = cases.due(tx, _SOME)
    gone = attending.lapse(tx, plan)
    again = place.look_again(tx, at.again, _PAGE) if at.holds and at.again is not None else None
    refiled = place.refile(tx, at.refiled, _FILED) if at.refiled is not None else None
    walked = [one for one in (again, refiled) if one is not None]
    if not (seen or due or gone or walked):
        return 0
    if plan.book.answers:
        _learn_anew(tx, [placed.happening for placed in seen])
    touched = _touched(tx, [placed.happening for placed in seen])
    for number in (*due, *(again or ())):
        touched.setdefault(number, False)
    for number, anew in touched.items():
        _attend(tx, plan, number, anew=anew, holds=at.holds)
    for number, closed_at in _closed(tx, [placed.happening for placed in seen]).items():
        rating.wait(tx, plan, number, closed_at)
    if plan.give_out:
        give_out(tx, plan)
    if seen:
        place.go_on(tx, seen[-1].position, None)
    return len(seen) + len(due) + gone + sum(max(len(one), 1) for one in walked)


def _walk(tx: Tx, plan: Plan, position: int, walked: int) -> int:
    """Look through what was there before the desk was."""
    numbers = place.walk(tx, walked, _SOME)
    for number in numbers:
        refresh(tx, plan, number, anew=True)
    place.go_on(tx, position, numbers[-1] if numbers else None)
    return max(len(numbers), 1)


def _touched(tx: Tx, happenings: Iterable[Happening]) -> dict[int, bool]:
    """The conversations in which something happened, and whether it changed what was before."""
    found: dict[int, bool] = {}
    for happening in happenings:
        if happening.what.startswith(("case.", "answer.")):
            continue  # that was ourselves
        anew = happening.what in _ANEW
        for shown in (happening.conversation, happening.detail.get("from", "") if anew else ""):
            if shown:
                number = tx.ids.find("conversation", shown)
                found[number] = found.get(number, False) or anew
    return found


def _learn_anew(tx: Tx, happenings: Iterable[Happening]) -> None:
    """What was learnt from a question is learnt from it as it is now."""
    changed = (one.message for one in happenings if one.what in ("message.edited", "message.deleted"))
    uses.touch(tx, (tx.ids.find("message", shown) for shown in changed if shown))


def _closed(tx: Tx, happenings: Iterable[Happening]) -> dict[int, datetime]:
    """The conversations that were closed, and when each was last."""
    shown = {one.conversation: one.at for one in happenings if one.what == "conversation.closed"}
    return {tx.ids.find("conversation", one): at for one, at in shown.items() if one}


def _attend(tx: Tx, plan: Plan, number: int, *, anew: bool, holds: bool) -> None:
    if conversations.spoken(tx, number) is None:
        return  # erased since
    desked = refresh(tx, plan, number, anew=anew)
    if holds:  # by another plan its team may be a new one
        attending.bring_home(tx, plan, desked)
    attending.attend(tx, plan, desked, moment(tx.now()))
