"""Proposals: made where somebody praises, or complains in public; sent by a person, or by the desk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from omnichannel.channel import Channel
from omnichannel.clock import moment
from omnichannel.desk.courtesy import LINK, Private, said
from omnichannel.desk.plan import Plan
from omnichannel.desk.routing import Seen, complains_in_public
from omnichannel.errors import Conflict, NotFound, UsageError
from omnichannel.inbox.apologies import check_apology
from omnichannel.inbox.composing import Order, chosen, compose, enqueue, parts_of
from omnichannel.inbox.continuing import Pass, drawn, issue
from omnichannel.inbox.customers import customer
from omnichannel.inbox.desk.alone import take_desk, why
from omnichannel.inbox.desk.refreshing import Desked, happened
from omnichannel.model.desk import Answer, Proposed
from omnichannel.model.desk.proposed import Occasion
from omnichannel.store import Tx, messages
from omnichannel.store.desk import proposals

if TYPE_CHECKING:
    from omnichannel.inbox.base import Base

_SOME = 50


def propose(
    tx: Tx,
    plan: Plan,
    channels: Mapping[str, Channel],
    desked: Desked,
    seen: Seen,
    message: int,
    *,
    thanks: bool,
) -> None:
    """Propose what there is to say to a message, once for each occasion.

    `thanks`: they praised, and nobody has to answer.
    """
    if thanks and plan.thanks:
        praised = Occasioned("thanks", ("it is praise, and asks for nothing",), by_itself=True)
        _propose(tx, desked, seen, message, plan.thanks, praised)
    if complains_in_public(seen) and plan.private.offer != "never":
        complained = _in_private(plan.private, leads_to(channels, desked.case.account, plan.private.on))
        _propose(tx, desked, seen, message, plan.private.answer, complained)


@dataclass(frozen=True, slots=True)
class Occasioned:
    """What something is proposed for, and why; the account that a link in it leads to."""

    occasion: Occasion
    because: tuple[str, ...]
    on: str = ""
    by_itself: bool = False


def _in_private(private: Private, on: str) -> Occasioned:
    because = ["everybody can read this complaint: offer to go on in private"]
    if private.on and not on:
        because.append(f"without a link: there is no account {private.on!r}, or several of that kind")
    return Occasioned("private", tuple(because), on, by_itself=private.offer == "send")


def _propose(tx: Tx, desked: Desked, seen: Seen, message: int, answer: Answer, one: Occasioned) -> None:
    peer = messages.held(tx, message).peer
    if peer is None:
        return  # nobody to say it to
    text = said(answer, seen.reading.language.tag, customer(tx, peer), link=bool(one.on))
    proposed = Proposed(
        conversation=desked.case.conversation.id,
        answers=tx.ids.show("message", message),
        occasion=one.occasion,
        text=text,
        on=one.on,
        state="by itself" if one.by_itself else "waits",
        because=one.because,
        at=moment(tx.now()),
    )
    if text and proposals.propose(tx, desked.number, proposed):
        happened(tx, desked, "proposed", {"occasion": one.occasion})


def leads_to(channels: Mapping[str, Channel], account: str, on: str) -> str:
    """The account that a link leads to: the one that is wanted, else the first other one that carries it; or none."""
    if on:
        try:
            return chosen(channels, on).name
        except UsageError:
            return ""
    others = (one for name, one in channels.items() if name != account and one.can.continues)
    return next((one.name for one in others if one.can.private and one.can.hears), "")


@dataclass(frozen=True, slots=True)
class Sending:
    """A proposal that somebody wants sent, in their own words (`text`) if they have any, or that goes `by_itself`."""

    conversation: int
    occasion: str
    agent: str = ""
    text: str = ""
    by_itself: bool = False
    seen: str = ""


async def send(inbox: Base, one: Sending) -> Proposed:
    """Send a proposal, with a link that is made now. What was sent or dropped before is not sent again.

    Raises NotFound and Conflict as `waiting`, and what `conversations.reply` raises.
    """
    proposed = await inbox.run_job(lambda tx: waiting(tx, one.conversation, one.occasion))
    text = one.text or proposed.text
    if LINK in text and not proposed.on:
        raise UsageError(f"there is no account that {LINK} could lead to: leave it out")
    given = drawn(inbox, inbox.channel(proposed.on), "link", None, None) if LINK in text else None
    sent = await inbox.run_job(lambda tx: _send(inbox, tx, one, text, given))
    inbox.ring()
    return sent


def waiting(tx: Tx, conversation: int, occasion: str) -> Proposed:
    """A proposal that can still be sent. Raises NotFound, and Conflict if it was sent or dropped before."""
    proposed = proposals.find(tx, conversation, occasion)
    if proposed is None:
        raise NotFound(f"nothing is proposed here for {occasion!r}; `proposals.of` tells what is")
    if proposed.state in ("sent", "dropped"):
        raise Conflict(f"this proposal was {proposed.state} before")
    return proposed


def _send(inbox: Base, tx: Tx, one: Sending, text: str, given: Pass | None) -> Proposed:
    take_desk(tx, inbox)
    proposed, words = waiting(tx, one.conversation, one.occasion), text
    answered = messages.held(tx, tx.ids.find("message", proposed.answers))
    if given is not None:
        last = messages.last_heard(tx, one.conversation)
        if last is None or last.peer != answered.peer:
            raise Conflict("somebody else wrote here since, whom this link is not for: send it without")
        link = issue(tx, given, one.conversation, inbox.channel(given.account), inbox.rules)
        words = text.replace(LINK, link)
    public = False if one.occasion == "private" else None
    order = Order(
        one.conversation, parts_of(words), public=public, agent=one.agent, automatic=one.by_itself,
        answers=answered.id, seen=tx.ids.find("message", one.seen) if one.seen else None,
    )  # fmt: skip
    check_apology(tx, inbox.plan, order)
    message = enqueue(tx, inbox.rendered(compose(tx, inbox.channels, order, inbox.rules)))
    done = proposed.model_copy(
        update={"state": "sent", "text": text, "message": tx.ids.show("message", message)}
    )
    proposals.keep(tx, one.conversation, done, message)
    return done


async def send_all(inbox: Base) -> int:
    """Send what is to go out by itself; what cannot waits for a person, and says why. How much there was."""
    found = await inbox.run_job(lambda tx: proposals.by_itself(tx, _SOME))
    for number, occasion in found:
        try:
            await send(inbox, Sending(number, occasion, by_itself=True))
        except Exception as error:  # noqa: BLE001 - a channel may raise anything
            because = f"not sent by itself: {why(error)}"
            await inbox.run_job(partial(_leave, conversation=number, occasion=occasion, because=because))
    return len(found)


def _leave(tx: Tx, conversation: int, occasion: str, because: str) -> None:
    proposed = proposals.find(tx, conversation, occasion)
    if proposed is not None and proposed.state == "by itself":
        update = {"state": "waits", "because": (*proposed.because, because)}
        proposals.keep(tx, conversation, proposed.model_copy(update=update))
