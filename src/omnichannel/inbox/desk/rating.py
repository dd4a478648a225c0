"""Asking for ratings: once for each resolution, in the channel's own way, in the commit that queues the question."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from omnichannel.channel import Channel
from omnichannel.clock import micros, moment
from omnichannel.desk.classify.language import language_of
from omnichannel.desk.plan import Plan
from omnichannel.desk.ratings import Asking, Ratings, because_not, question, way_of
from omnichannel.errors import Unsupported
from omnichannel.identity import digest
from omnichannel.inbox.composing import Order, compose, enqueue, reach
from omnichannel.inbox.desk.alone import why
from omnichannel.inbox.desk.refreshing import Desked, happened, refresh
from omnichannel.inbox.rules import span
from omnichannel.model import written
from omnichannel.model.desk.ratings import Way
from omnichannel.store import Tx, messages
from omnichannel.store.desk import cases, place, ratings
from omnichannel.store.desk.ratings import Request

if TYPE_CHECKING:
    from omnichannel.inbox.base import Base

PATH = "~rating"
"""Where the page lies below `inbox.asgi()`; no account can be called like that."""

_SOME = 50
_SECRET = 17  # bytes: 136 bits


def wait(tx: Tx, plan: Plan, number: int, closed_at: datetime) -> None:
    """A conversation was closed: ask about it in a while since then, however late that is looked at."""
    found = cases.find(tx, number)
    if plan.ratings and found and not found.case.open:
        ratings.wait(tx, number, found.case.reopened, micros(closed_at) + span(plan.ratings.after))


async def ask_all(inbox: Base) -> int:
    """Ask those whose time has come; how many there were. Who cannot be asked is not, and it says why."""
    plan = inbox.plan
    if plan is None or plan.ratings is None:
        return 0
    found = await inbox.run_job(lambda tx: ratings.due(tx, _SOME))
    for number in found:
        try:
            secret = inbox.clock.random(_SECRET).hex()
            await inbox.run_job(partial(ask, inbox=inbox, plan=plan, number=number, secret=secret))
        except Exception as error:  # noqa: BLE001 - a channel may raise anything
            reason = f"could not be asked: {why(error)}"
            await inbox.run_job(partial(ratings.drop, number=number, reason=reason))
    if found:
        inbox.ring()
    return len(found)


def ask(tx: Tx, inbox: Base, plan: Plan, number: int, secret: str) -> None:
    """Ask for one rating if that is right by now, in the caller's transaction. Raises what answering does."""
    place.take(tx, plan.fingerprint)
    held = ratings.find(tx, number)
    if plan.ratings is None or held.state != ratings.WAITS:
        return  # another worker was faster
    desked = refresh(tx, plan, held.conversation)
    there = reach(tx, inbox.channels, held.conversation, None)
    agent = ratings.helper(tx, held.conversation)
    asked_at, declined = ratings.before(tx, there.peer)
    known = Asking(
        agent, ratings.in_public(tx, held.conversation), declined, moment(asked_at) if asked_at else None
    )
    if reason := because_not(desked.case, known, plan.ratings, moment(tx.now())):
        ratings.drop(tx, number, reason)
        return
    _put(tx, inbox, desked, plan.ratings, _Put(number, there.channel, agent, secret))


class _Put(NamedTuple):
    """A question that is about to be put: where, and about whom."""

    rating: int
    channel: Channel
    agent: str
    secret: str


def _put(tx: Tx, inbox: Base, desked: Desked, settings: Ratings, one: _Put) -> None:
    way = _way(one.channel, settings)
    shown, language = tx.ids.show("rating", one.rating), _language(tx, desked)
    parts = question(way, settings, language, shown, f"{settings.page}/{PATH}/{one.secret}")
    order = Order(desked.number, parts, on=one.channel.name, public=False, automatic=True)
    composed = inbox.rendered(compose(tx, inbox.channels, order, inbox.rules))
    message = enqueue(tx, composed)
    asked = Request(
        composed.peer, composed.account, composed.kind, one.agent, desked.case.team, language, way, message,
        tx.now() + span(settings.within), digest(one.secret) if way == "link" else "",
    )  # fmt: skip
    ratings.ask(tx, one.rating, asked)
    detail = {"rating": shown, "way": way, "agent": one.agent}
    happened(tx, desked, "rating_asked", detail, message=message)


def _way(channel: Channel, settings: Ratings) -> Way:
    way = way_of(channel.can, settings)
    if way is None:
        raise Unsupported(f"nobody can answer on {channel.kind}; give Ratings(page=…) for a link to a page")
    return way


def _language(tx: Tx, desked: Desked) -> str:
    """The language of the case, or else of what they said last."""
    if desked.case.language:
        return desked.case.language
    last = messages.last_heard(tx, desked.number)
    return language_of(written(messages.message(tx, last.id).parts)).tag if last else ""
