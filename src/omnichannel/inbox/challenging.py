"""Asking instead of guessing: a code is sent to an address that somebody claims, and settles the claim.

It comes back from who claims the address, which shows that they read what is sent there, or from the address itself,
which says that it is so: then both are one customer, verified. If it does not come in time, or too many wrong ones
do, the claim is revoked. Neither side learns from it whether we know the other: the code is sent all the same.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from omnichannel.channel import Channel
from omnichannel.clock import moment
from omnichannel.errors import Conflict, Unsupported, UsageError
from omnichannel.identity import UNPROVEN, Entry, joins, live, undo
from omnichannel.identity.codes import code_digest, new_code, spelled
from omnichannel.inbox import merging
from omnichannel.inbox.composing import Composed, Order, chosen, enqueue, reachable
from omnichannel.inbox.ordering import key_of
from omnichannel.inbox.rules import Rules, span
from omnichannel.inbox.wording import Wording, wording
from omnichannel.model import Challenge, Draft, Strength, Text
from omnichannel.store import Tx, challenges, conversations, journal, messages, orders, people, records

if TYPE_CHECKING:
    from omnichannel.inbox.base import Base

_HIDDEN = "····-····-····"
_DAY, _HOUR = span(timedelta(days=1)), span(timedelta(hours=1))


@dataclass(frozen=True, slots=True)
class _Plan:
    """A challenge about to be sent: the claim, who claims, whom it is sent to, and the message that carries it."""

    claim: Entry
    claimed: people.Person
    message: int
    shown: str
    now: int


class Challenges:
    """Sends challenges, and says what came of them."""

    def __init__(self, inbox: Base) -> None:
        self._inbox = inbox

    async def challenge(
        self, claim: str, *, on: str | None, language: str, words: str, actor: str, idempotency_key: str
    ) -> Challenge:
        """Send a code to the address that a claim is about; see `Identity.challenge`."""
        said, code = wording(language, words), new_code(self._inbox.clock.random(16))
        key = key_of(idempotency_key, "challenge", claim, on, language, words, actor)

        def prepare(tx: Tx) -> _Plan | Challenge:
            if (earlier := orders.known(tx, key)) is not None:
                return _carried(tx, earlier)
            return self._planned(tx, claim)

        plan = await self._inbox.run_job(prepare)
        if isinstance(plan, Challenge):
            return plan
        composed = self._composed(plan, on, said, code)

        def job(tx: Tx) -> Challenge:
            if (earlier := orders.take(tx, key, plan.message)) is not None:
                return _carried(tx, earlier)
            _refuse_too_many(tx, plan.claim, self._inbox.rules)
            return _sent(tx, plan, composed, code, actor, self._inbox.rules)

        asked = await self._inbox.run_job(job)
        self._inbox.ring()
        return asked

    async def about(self, who: str) -> list[Challenge]:
        """Every challenge about a customer's addresses, oldest first. Raises NotFound."""

        def job(tx: Tx) -> list[Challenge]:
            expire(tx)
            customer = people.get(tx, tx.ids.find("customer", who)).customer
            theirs = {person.id: person for person in people.members(tx, customer)}
            found = challenges.about(tx, sorted({person.root for person in theirs.values()}))
            return [
                challenges.shown(tx, asked)
                for asked in found
                if not theirs.keys().isdisjoint(_both(tx, asked))
            ]

        return await self._inbox.run_job(job)

    def _planned(self, tx: Tx, claim: str) -> _Plan:
        entry = _challengeable(tx, tx.ids.find("claim", claim))
        _refuse_too_many(tx, entry, self._inbox.rules)
        number, claimed = tx.ids.new(), people.holder(tx, people.get(tx, _claimed(entry)))
        return _Plan(entry, claimed, number, tx.ids.show("message", number), tx.now())

    def _composed(self, plan: _Plan, on: str | None, said: Wording, code: str) -> Composed:
        """The message on the first account that can carry it there. Raises what the last one said against it."""
        refused: UsageError = Unsupported(
            f"no account reaches {plan.claimed.address}; add one, or ask for a code there with continue_on"
        )
        for channel in self._accounts(plan.claimed, on):
            draft = Draft(
                id=plan.shown,
                to=plan.claimed.party,
                parts=(Text(text=said.text.replace("{code}", spelled(code))),),
                subject=said.subject if channel.can.subject else "",
                automatic=True,
                created_at=moment(plan.now),
            )
            order = Order(conversation=0, parts=draft.parts, automatic=True)
            composed = Composed(order, plan.message, channel.name, channel.kind, plan.claimed.id, draft)
            try:
                return _hidden(self._inbox.rendered(composed), code)
            except UsageError as error:
                refused = error
        raise refused

    def _accounts(self, claimed: people.Person, on: str | None) -> list[Channel]:
        several = [chosen(self._inbox.channels, on)] if on else list(self._inbox.channels.values())
        return [channel for channel in several if reachable(claimed, channel)]


def _carried(tx: Tx, message: int) -> Challenge:
    """The challenge whose code a message carried."""
    peer = messages.held(tx, message).peer
    assert peer is not None
    found = challenges.about(tx, [people.get(tx, peer).root])
    return next(challenges.shown(tx, asked) for asked in found if asked.message == message)


def _both(tx: Tx, asked: challenges.Asked) -> tuple[int, int]:
    """Who claims and who is claimed: whoever had the two addresses when it was asked."""
    one, other = people.get(tx, asked.claimant), people.get(tx, asked.claimed)
    return people.holder(tx, one, asked.issued_at).id, people.holder(tx, other, asked.issued_at).id


def _claimed(entry: Entry) -> int:
    return entry.one if entry.other is None else entry.other


def _hidden(composed: Composed, code: str) -> Composed:
    """What is kept of the message shows no code: whoever reads along, a program say, could be asked for it."""
    parts = tuple(
        part.model_copy(update={"text": part.text.replace(spelled(code), _HIDDEN)})
        if part.type == "text"
        else part
        for part in composed.draft.parts
    )
    return replace(composed, draft=composed.draft.model_copy(update={"parts": parts}))


def _challengeable(tx: Tx, number: int) -> Entry:
    """The claim, if a code can settle it. Raises Conflict for what is settled, UsageError for what never can be."""
    entry = journal.entry(tx, number)
    if entry.kind != "claim" or entry.other is None:
        raise UsageError("only what somebody says about a second address can be challenged")
    one, other = (people.holder(tx, people.get(tx, number)) for number in (entry.one, entry.other))
    if UNPROVEN in (one.scope, other.scope):
        raise UsageError(
            "nothing proves who writes from there, so that a code would join every later forgery; see `trusted`"
        )
    if entry.id not in {known.id for known in live(journal.about(tx, [entry.one]))}:
        raise Conflict("this claim was taken back; there is nothing to prove any more")
    refuse_earlier(tx, entry)
    if joins(entry, policy=tx.policy) or one.customer == other.customer:
        raise Conflict(f"{one.address} and {other.address} are proven to be one customer's already")
    return entry


def refuse_earlier(tx: Tx, entry: Entry) -> None:
    """Raise Conflict for what is said of somebody who has the address no more: it says nothing of its new owner."""
    for number in entry.pair:
        then = people.holder(tx, people.get(tx, number), entry.at)
        if not people.keeps(tx, then):
            raise Conflict(f"{then.address} has another owner since this was said, of whom it says nothing")


def _refuse_too_many(tx: Tx, entry: Entry, rules: Rules) -> None:
    """Nobody is to be bombed with codes by somebody's claims. Raises Conflict."""
    day, most = tx.now() - _DAY, rules.challenges
    if challenges.count(tx, day, claimed=_claimed(entry)) >= most:
        raise Conflict(f"{most} codes were sent to this address within a day; wait until tomorrow")
    if challenges.count(tx, day, claimant=entry.one) >= most:
        raise Conflict(f"{most} claims of this sender were challenged within a day; wait until tomorrow")
    if challenges.count(tx, tx.now() - _HOUR) >= rules.challenges_in_all:
        raise Conflict(f"{rules.challenges_in_all} codes were sent within an hour; wait a while")


def _sent(tx: Tx, plan: _Plan, composed: Composed, code: str, actor: str, rules: Rules) -> Challenge:
    """Queue the message in a closed conversation of its own, of the claimed address, and remember what it asks."""
    claim, now = plan.claim, tx.now()
    conversation = conversations.open_conversation(tx, composed.draft.subject, plan.claimed.id, now)
    conversations.set_status(tx, conversation, closed=True)
    enqueue(tx, replace(composed, order=replace(composed.order, conversation=conversation)))
    for earlier in challenges.of_claim(tx, claim.id, claim.one):
        challenges.settle(tx, earlier.id, challenges.REPLACED, "a later code took its place")
    asked = challenges.Asked(
        id=tx.ids.new(),
        claim=claim.id,
        claimant=claim.one,
        claimed=plan.claimed.root,
        digest=code_digest(tx.secret, tx.ws, code),
        account=composed.account,
        message=plan.message,
        state=challenges.WAITING,
        tries=0,
        issued_at=now,
        expires_at=now + span(rules.challenge_life),
        actor=actor,
        reason="",
    )
    challenges.ask(tx, asked)
    _happened(tx, "claim.challenged", asked, actor)
    return challenges.shown(tx, asked)


# ------------------------------------------------------------------------------------ what comes back


def answered(tx: Tx, person: people.Person, strength: Strength, code: str, at: int) -> bool:
    """Whether this code settles a challenge for this very sender, who must be proven; then the claim is."""
    if not strength.proves:
        return False
    for asked in challenges.waiting(tx, person.root):
        if hmac.compare_digest(asked.digest, code) and tx.now() < asked.expires_at:
            _prove(tx, asked, person, strength, at)
            return True
    return False


def _prove(tx: Tx, asked: challenges.Asked, person: people.Person, strength: Strength, at: int) -> None:
    if not challenges.settle(tx, asked.id, challenges.PROVEN, f"the code came back from {person.address}"):
        return
    claimed = people.get(tx, asked.claimed)
    because = f"the code that was sent to {claimed.address} came back from {person.address}"
    source = tx.ids.show("message", asked.message)
    people.meet(tx, claimed.party, strength, "token", asked.message, at)
    entry = Entry(
        id=0, kind="claim", one=asked.claimant, other=asked.claimed, strength=strength, method="token",
        because=because, source=source, at=at,
    )  # fmt: skip
    merging.write(tx, entry, because=because)
    _happened(tx, "claim.proven", asked)


def failed(tx: Tx, person: people.Person, rules: Rules) -> None:
    """Somebody gave a wrong code: it counts against what they claim."""
    for asked in challenges.waiting(tx, person.root):
        if asked.claimant == person.root and challenges.failed(tx, asked.id) >= rules.wrong_codes:
            _drop(tx, asked, "too many wrong codes came back")


def expire(tx: Tx) -> None:
    """Drop every claim whose code did not come back in time."""
    for asked in challenges.overdue(tx):
        _drop(tx, asked, "the code did not come back in time")


def _drop(tx: Tx, asked: challenges.Asked, reason: str) -> None:
    """Settle a challenge, and take the claim back, unless somebody did."""
    if not challenges.settle(tx, asked.id, challenges.DROPPED, reason):
        return
    known = live(journal.about(tx, [asked.claimant]))
    claims = [entry for entry in known if entry.id == asked.claim]
    for entry in undo(claims, at=tx.now(), because=reason):
        journal.write(tx, entry)
    merging.regroup(tx, (asked.claimant, asked.claimed), because=reason)
    _happened(tx, "claim.dropped", asked, because=reason)


def _happened(tx: Tx, what: str, asked: challenges.Asked, actor: str = "", because: str = "") -> None:
    detail = {
        "claim": tx.ids.show("claim", asked.claim),
        "claimed": str(people.get(tx, asked.claimed).address),
        "account": asked.account,
    }
    records.happened(
        tx,
        what,
        customer=people.holder(tx, people.get(tx, asked.claimant), asked.issued_at).customer,
        message=asked.message,
        actor=actor,
        detail=detail | ({"because": because} if because else {}),
    )
