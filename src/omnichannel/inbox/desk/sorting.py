"""Words that were read: what was made of them is written down, and rules say where they go, in one commit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from omnichannel.channel import Channel
from omnichannel.clock import moment
from omnichannel.desk.assigning import speaks
from omnichannel.desk.classify import together
from omnichannel.desk.folding import answers
from omnichannel.desk.plan import Plan
from omnichannel.desk.routing import (
    Routed,
    Seen,
    Then,
    asks,
    by_hand,
    is_praise,
    manners,
    reasons,
    route,
    settle,
)
from omnichannel.inbox.desk import proposing
from omnichannel.inbox.desk.deciding import By, decide
from omnichannel.inbox.desk.noticing import notice
from omnichannel.inbox.desk.reacting import react
from omnichannel.inbox.desk.refreshing import Desked, bring_up, happened, keep, read_together
from omnichannel.inbox.desk.seeing import seen
from omnichannel.model.desk import Case, Intent, Reading
from omnichannel.store import Tx, agents, conversations
from omnichannel.store.desk import cases, decisions, place, readings, unread
from omnichannel.store.desk.unread import Words

_SURE = 0.8
"""How likely a language has to be for only those who speak it to be asked."""

_TOLD = 12
"""Of the rules that did not fit so many are written down with the decision; `routes.explain` tells all of them."""


class Made(NamedTuple):
    """Words, and what was made of them."""

    words: Words
    reading: Reading


def sort(tx: Tx, plan: Plan, channels: Mapping[str, Channel], made: Sequence[Made]) -> None:
    """Write readings down, and let rules decide.

    Nothing happens where another worker did it, all was erased, or they are others by now: then they are read again.
    """
    place.take(tx, plan.fingerprint)
    for one in made:
        if conversations.spoken(tx, one.words.conversation) is not None:
            _sort(tx, plan, channels, one)


def _sort(tx: Tx, plan: Plan, channels: Mapping[str, Channel], made: Made) -> None:
    words, reading = made
    desked = bring_up(tx, plan, words.conversation)
    if not unread.stand(tx, words):
        unread.done(tx, words.conversation)
        keep(tx, plan, desked)
        return
    first, before = readings.find(tx, words.conversation, words.seq) is None, desked.case.reading
    if first:
        before = before if _goes_on(tx, words.conversation) else None
        _write(tx, desked, made, before)
    asked = first or _rewrite(tx, desked, made)
    told = {"intent": reading.intent or "", "by": reading.by}
    happened(tx, desked, "read", told)
    left = unread.done(tx, words.conversation)
    update = {"unread_until": desked.case.unread_until if left else None, "unrouted": False}
    was, desked.case = desked.case, desked.case.model_copy(update=update)
    if asked:
        _act(tx, plan, channels, desked, was, before, made)
    elif is_praise(reading):
        _praised(tx, desked, words, "")
    keep(tx, plan, desked)
    if first and plan.book.answers:
        react(tx, desked.number, reading)
        notice(tx, plan, desked, reading)


def _write(tx: Tx, desked: Desked, made: Made, before: Reading | None) -> None:
    """Words were read that never were; `before` is what was made of the same question."""
    words, reading = made
    readings.write(tx, desked.number, words.seq, reading, words=words.text, begins=before is None)
    desked.case = desked.case.model_copy(update={"reading": together(before, reading)})


def _rewrite(tx: Tx, desked: Desked, made: Made) -> bool:
    """Words were read again; whether they ask for anything still, so that rules may be asked."""
    words, reading = made
    readings.rewrite(tx, desked.number, words.seq, reading, words=words.text)
    begun = readings.begun(tx, desked.number)
    if words.seq < begun:
        return False  # an earlier question, which was answered
    read_together(tx, desked, begun)
    case = desked.case
    return case.open and case.asked_at is not None and case.reading is not None


def _act(
    tx: Tx,
    plan: Plan,
    channels: Mapping[str, Channel],
    desked: Desked,
    was: Case,
    before: Reading | None,
    made: Made,
) -> None:
    """Let rules and manners decide. `was` is the case as it was left, `before` what had been made of the question."""
    words, reading = made
    after = desked.case.reading or reading
    what = seen(tx, plan, desked.number, desked.case, after, moment(tx.now()))
    asked = asks(was, before, after, plan.again, worded=bool(what.text))
    routed = _route(tx, plan, desked, what) if asked else _routed(plan, was)
    praises = _mind_manners(tx, plan, desked, what, routed)
    if praises and reading.holds(Intent.COMPLIMENT):
        _praised(tx, desked, words, routed.route)
    answers_to = unread.message_at(tx, words.conversation, words.seq)
    if answers_to is not None:
        done = praises and not desked.case.open
        proposing.propose(tx, plan, channels, desked, what, answers_to, thanks=done)


def _praised(tx: Tx, desked: Desked, words: Words, route: str) -> None:
    """Tell that somebody praised, once of the same words, however often they edit them."""
    if readings.praise(tx, desked.number, words.seq):
        happened(tx, desked, "complimented", {"route": route})


def _goes_on(tx: Tx, conversation: int) -> bool:
    """Whether words go on with the question that was read last: nobody answered it since."""
    later, _ = cases.heard(tx, conversation, readings.up_to(tx, conversation))
    return not any(answers(one) for one in later)


def _route(tx: Tx, plan: Plan, desked: Desked, what: Seen) -> Routed:
    """Ask the rules, and do what the first that fits says."""
    routed = route(what, plan.routes)
    update = {"route": routed.route, "routed": desked.case.routed + 1, "wordless": not what.text}
    desked.case = desked.case.model_copy(update=update)
    if what.tier and not desked.case.tier:
        by = By("desk", (f"the customer's tier is {what.tier}",))
        decide(tx, plan, desked, "filed", by, {"tier": what.tier})
    if routed.route:
        when = next(one.when for one in plan.routes if one.name == routed.route)
        passed = [f"not {one.route}: {one.because}" for one in routed.passed[:_TOLD]]
        by = By(f"rule:{routed.route}", (*reasons(when, what), *passed))
        _decide(tx, plan, desked, "routed", by, routed.then)
    _file_language(tx, plan, desked, what.reading)
    return routed


def _file_language(tx: Tx, plan: Plan, desked: Desked, reading: Reading) -> None:
    """Whoever writes in a language that anybody here speaks is answered by those who do, if their team has any."""
    tag, likely = reading.language.tag, reading.language.probability
    if not desked.case.language and likely >= _SURE and any(speaks(one, tag) for one in agents.agents(tx)):
        by = By("desk", (f"the customer writes {tag} ({likely:.2f})",))
        decide(tx, plan, desked, "filed", by, {"language": tag})


def _routed(plan: Plan, case: Case) -> Routed:
    """The rule that took a case before, as it is by now."""
    then = next((one.then for one in plan.routes if one.name == case.route), Then())
    return Routed(route=case.route, then=then)


def _mind_manners(tx: Tx, plan: Plan, desked: Desked, what: Seen, routed: Routed) -> bool:
    """Complaints in public come first, and praise waits for nobody; whether it is praise and nothing else."""
    quiet = plan.compliments == "quiet" and not desked.case.assignee
    mannered = manners(what, routed, quiet=quiet)
    if mannered:
        word = "closed" if mannered.then.quiet else "prioritised"
        _decide(tx, plan, desked, word, By("desk", (mannered.because,)), mannered.then)
    return is_praise(what.reading) or (routed.then.quiet and what.reading.holds(Intent.COMPLIMENT))


def _decide(tx: Tx, plan: Plan, desked: Desked, what: str, by: By, then: Then) -> None:
    theirs = by_hand(decisions.of_conversation(tx, desked.number))
    known = {agent.name: agent for agent in agents.agents(tx)}
    settled = settle(desked.case, then, theirs, known)
    because = (*by.because, *settled.because)
    decide(tx, plan, desked, what, By(by.actor, because), settled.changed)
