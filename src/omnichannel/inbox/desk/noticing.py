"""Away notices: decided when a customer's words were read, sent once, in the commit that says so."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from omnichannel.clock import moment
from omnichannel.desk.answers import away, owed, place
from omnichannel.desk.plan import Plan
from omnichannel.inbox.composing import Order, compose, enqueue, parts_of
from omnichannel.inbox.desk.alone import why
from omnichannel.inbox.desk.answering import Wish, languages_of, phrase, set_scene, told, zone_of
from omnichannel.inbox.desk.refreshing import Desked, refresh
from omnichannel.model.desk import AwayRule, Case, Reading
from omnichannel.model.desk.reading import Intent
from omnichannel.store import Tx, agents, conversations
from omnichannel.store.desk import notices, uses
from omnichannel.store.desk import place as places

if TYPE_CHECKING:
    from omnichannel.inbox.base import Base

_SOME = 50

_LATELY = timedelta(hours=1)
"""Whoever wrote longer ago (before the desk was there, or during an outage) does not look at the screen any more."""


def notice(tx: Tx, plan: Plan, desked: Desked, reading: Reading) -> None:
    """Let a notice go out to whoever just wrote, if the plan's rule says so."""
    case, now = desked.case, moment(tx.now())
    if plan.away is None or not _hears_it(case, reading, now):
        return
    promised, answering = owed(case.clocks, plan.hours.get(case.team) or plan.hours.get(""), now)
    decided = away(
        plan.away,
        now=now,
        promised=promised,
        answering=now if _somebody_is_there(tx, case) else answering,
        told=notices.told_at(tx, desked.number),
        answered=case.asked_at is None,
    )
    if decided.say and decided.until:
        notices.decide(tx, desked.number, decided.until, decided.because)


def _hears_it(case: Case, reading: Reading, now: datetime) -> bool:
    """Whether a person wrote just now, in private, who waits for a person's answer."""
    wanted = case.open and not case.spam and not case.public and case.control != "bot"
    lately = case.heard_at is not None and now - case.heard_at <= _LATELY
    return wanted and lately and not reading.holds(Intent.SPAM)


def _somebody_is_there(tx: Tx, case: Case) -> bool:
    return any(
        agent.role != "bot" and (not case.team or case.team in agent.teams) for agent, _ in agents.there(tx)
    )


async def send_notices(inbox: Base, plan: Plan) -> None:
    """Send what is to go out; of what cannot it is written down why, and nobody tries again."""
    if (rule := plan.away) is None:
        return
    for number in await inbox.run_job(lambda tx: notices.waiting(tx, _SOME)):
        try:
            await inbox.run_job(partial(_send, inbox=inbox, plan=plan, rule=rule, number=number))
        except Exception as error:  # noqa: BLE001 - a channel may raise anything
            because = (f"not sent: {why(error)}",)
            await inbox.run_job(partial(notices.leave, conversation=number, because=because))
        inbox.ring()


def _send(tx: Tx, inbox: Base, plan: Plan, rule: AwayRule, number: int) -> None:
    places.take(tx, plan.fingerprint)
    decided = notices.waits(tx, number)
    if decided is None or decided.until is None or conversations.spoken(tx, number) is None:
        return  # another worker was faster, or it was erased
    desked = refresh(tx, plan, number)
    case = desked.case
    if case.asked_at is None or not case.open or case.spam:
        notices.leave(tx, number, ("not sent: nobody waits for an answer any more",))
        return
    texts = plan.book.answer(rule.answer).texts
    languages = [*languages_of(case), *texts]
    zone = zone_of(plan, case.team)
    where = place(zone, plan.book.language(rule.answer, languages))
    wish = Wish(rule.answer, "", {"away.until": decided.until, "away.place": where}, languages, public=False)
    said = phrase(tx, desked, set_scene(tx, inbox, plan, desked, wish), rule.answer)
    order = Order(number, parts_of(said.text), public=False, automatic=True)
    message = enqueue(tx, inbox.rendered(compose(tx, inbox.channels, order, inbox.rules)))
    notices.sent(tx, number, message)
    one = uses.Offered(
        rule.answer, said.language, said.variant, number, None, message, "", "as_is", final=True
    )
    told(tx, desked, "said", uses.write(tx, one), wish, message)
