"""A bot's turn: begun with a lease, asked outside of any transaction, and ended in one commit; said once, or not.

[turns] → begin → the bot → end. The commit that queues its answer is the one that sees that the turn is still the
bot's. Whoever takes the conversation, or writes in it, does so before that commit or after it.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from omnichannel.desk.control import Bot, HandOver, Reply, Turn, exhausted, offer, unfit_to_say, wants_person
from omnichannel.desk.plan import Plan
from omnichannel.errors import Busy, OmnichannelError, StoreError
from omnichannel.inbox.apologies import refusal
from omnichannel.inbox.composing import Order, compose, enqueue, parts_of
from omnichannel.inbox.desk.alone import why
from omnichannel.inbox.desk.answering import languages_of
from omnichannel.inbox.desk.audience import Audience, audience, earlier
from omnichannel.inbox.desk.deciding import By, decide
from omnichannel.inbox.desk.patience import Late, LetGo, patiently
from omnichannel.inbox.desk.refreshing import Desked, refresh
from omnichannel.model.desk import Outcome, Spoken
from omnichannel.store import Tx, conversations
from omnichannel.store.desk import decisions, place, talks, turns
from omnichannel.store.desk.turns import Begun, Ended

if TYPE_CHECKING:
    from omnichannel.inbox.base import Base

_log = logging.getLogger("omnichannel")


@dataclass(frozen=True, slots=True)
class Asked:
    """A bot that is asked: its settings, what it is given, and up to where it knows what was said, and of whom."""

    begun: Begun
    bot: Bot
    turn: Turn
    seen: Audience
    seq: int


class _Unusable(Exception):  # noqa: N818 - what a bot did
    """Nothing came back, or neither an answer nor a hand-over."""


async def speak(inbox: Base, plan: Plan, begun: Begun) -> None:
    """Let a bot have its turn, if it is still its turn by then."""
    asked = await inbox.run_job(lambda tx: begin(tx, inbox, plan, begun))
    if asked is not None:
        try:
            said = await _ask(asked)
        except Exception as error:  # noqa: BLE001 - a bot may raise anything
            reason, after = _reason(asked, error), error.after if isinstance(error, Busy) else 0.0
            await inbox.run_job(lambda tx: fail(tx, inbox, plan, begun, reason, after))
        else:
            await _end(inbox, plan, asked, said)
    inbox.ring()


async def _ask(asked: Asked) -> Reply | HandOver:
    said: object = await patiently(asked.bot.answers(asked.turn), asked.bot.patience)
    if not isinstance(said, Reply | HandOver):
        raise _Unusable(f"gave {type(said).__name__}, which is no Reply and no HandOver")
    return said


def _reason(asked: Asked, error: Exception) -> str:
    # A stranger's words may repeat the customer's: only the kind of such an error is written down and logged.
    if isinstance(error, Late):
        told = f"said nothing within {asked.bot.patience.total_seconds():g} s"
    elif isinstance(error, LetGo):
        told = "let itself be cancelled"
    elif isinstance(error, OmnichannelError):
        told = f"failed: {error}"
    else:
        told = str(error) if isinstance(error, _Unusable) else f"raised {type(error).__name__}"
    _log.warning("bot %s %s", asked.bot.name, told)
    return f"{asked.bot.name} {told}"


async def _end(inbox: Base, plan: Plan, asked: Asked, said: Reply | HandOver) -> None:
    try:
        await inbox.run_job(lambda tx: end(tx, inbox, plan, asked, said))
    except StoreError:
        raise  # it is asked again when the lease is over
    except Exception as error:  # noqa: BLE001 - a channel may raise anything, and nothing was written then
        reason = f"what {asked.bot.name} said could not be sent: {why(error)}"
        draft = said.text if isinstance(said, Reply) else said.says
        ended = Ended("failed", (reason,), cost=said.cost, summary=said.summary, draft=draft)
        await inbox.run_job(lambda tx: _leave(tx, plan, asked.begun, ended))


# ------------------------------------------------------------------------------------------------ beginning


def begin(tx: Tx, inbox: Base, plan: Plan, begun: Begun) -> Asked | None:
    """What a bot is asked; None where it is not its turn any more, or a person is to answer instead."""
    desked = _mine(tx, plan, begun)
    if desked is None:
        return None
    bot, seen = plan.running[begun.bot], audience(tx, begun.conversation)
    outcome, reason = _instead(tx, bot, begun, seen)
    if reason or seen is None:
        _hand_over(tx, plan, desked, begun, Ended(outcome, (reason,)))
        return None
    return Asked(begun, bot, _turn(tx, inbox, desked, bot, seen), seen, talks.newest(tx, begun.conversation))


def _mine(tx: Tx, plan: Plan, begun: Begun) -> Desked | None:
    """The case as it is by now, for nobody else to change until the commit; None if the turn is not ours any more."""
    place.take(tx, plan.fingerprint)
    if conversations.spoken(tx, begun.conversation) is None:
        return None  # erased
    conversations.hold(
        tx, [begun.conversation]
    )  # so that nobody says anything in it between a look and the commit
    desked = refresh(tx, plan, begun.conversation)
    held = begun.bot in plan.running and turns.holds(tx, begun)
    return desked if held and desked.case.assignee == begun.bot else None


def _instead(tx: Tx, bot: Bot, begun: Begun, seen: Audience | None) -> tuple[Outcome, str]:
    """Why a person is to answer, and not the bot; nothing where the bot is."""
    if seen is None or not seen.asks:
        return "handed over", "there are no words that a bot could answer"
    if wants_person(seen.asks, bot.persons):
        return "handed over", "the customer asks for a person"
    if seen.asked.public and not bot.public:
        return "limited", f"everybody can read this, and {bot.name} does not speak in public"
    if begun.attempt > bot.attempts:
        return "failed", f"{bot.name} was asked {bot.attempts} times, and did not come back"
    return "limited", exhausted(bot, turns.spent(tx, begun, _given(tx, begun)))


def _given(tx: Tx, begun: Begun) -> int:
    """The decision that gave a conversation to a bot, the last time; 0 if it was assigned beside the desk."""
    for one in reversed(decisions.of_conversation(tx, begun.conversation)):
        if any(change.field == "assignee" and change.after == begun.bot for change in one.changes):
            return tx.ids.find("decision", one.id)
    return 0


def _turn(tx: Tx, inbox: Base, desked: Desked, bot: Bot, seen: Audience) -> Turn:
    conversation, asked = desked.number, seen.asked

    async def look(words: str, most: int) -> Sequence[Spoken]:
        return await inbox.run_job(lambda job: earlier(job, asked, conversation, words, most))

    return Turn(
        bot=bot.name,
        conversation=desked.case.conversation.id,
        message=tx.ids.show("message", asked.message),
        customer=seen.who,
        kind=asked.spoken.kind,
        public=asked.public,
        language=next(iter(languages_of(desked.case)), ""),
        asks=seen.asks,
        said=tuple(one.spoken for one in seen.said),
        look=look,
    )


# --------------------------------------------------------------------------------------------------- ending


def end(tx: Tx, inbox: Base, plan: Plan, asked: Asked, said: Reply | HandOver) -> None:
    """Say what a bot said, or give the conversation to people, if it is still its turn; else it only cost."""
    begun = asked.begun
    desked = _mine(tx, plan, begun)
    if desked is None:
        turns.spend(tx, begun, said.cost)
    elif talks.newest(tx, begun.conversation) != asked.seq or not _same(tx, asked):
        turns.spend(tx, begun, said.cost)  # it answers what is not the question any more
        turns.again(tx, begun, 0, anew=True)
    elif isinstance(said, HandOver):
        message = _say(tx, inbox, asked, said.says) if said.says.strip() else None
        ended = Ended("handed over", (said.because,), message, cost=said.cost, summary=said.summary)
        _hand_over(tx, plan, desked, begun, ended, said.team)
    elif reason := unfit_to_say(asked.bot, said) or _refused(tx, plan, asked, said.text):
        ended = Ended("unsure", (reason,), None, said.confidence, said.cost, said.summary, said.text)
        _hand_over(tx, plan, desked, begun, ended)
    else:
        message = _say(tx, inbox, asked, said.text)
        turns.end(tx, begun, Ended("answered", (), message, said.confidence, said.cost, said.summary))
        refresh(tx, plan, begun.conversation)


def _same(tx: Tx, asked: Asked) -> bool:
    """Whether everything that the bot saw may still be shown to whoever hears it."""
    now = audience(tx, asked.begun.conversation)
    return (
        now is not None and now.asked.message == asked.seen.asked.message and now.theirs >= asked.seen.theirs
    )


def _refused(tx: Tx, plan: Plan, asked: Asked, text: str) -> str:
    because = refusal(tx, plan, Order(asked.begun.conversation, parts_of(text)))
    return f"what {asked.bot.name} said is not said: {because}" if because else ""


def _say(tx: Tx, inbox: Base, asked: Asked, text: str) -> int:
    order = Order(
        asked.begun.conversation, parts_of(text), agent=asked.bot.name, automatic=True,
        answers=asked.seen.asked.message,
    )  # fmt: skip
    return enqueue(tx, inbox.rendered(compose(tx, inbox.channels, order, inbox.rules)))


def _hand_over(tx: Tx, plan: Plan, desked: Desked, begun: Begun, ended: Ended, team: str = "") -> None:
    """The conversation goes to people, with what the bot says of it."""
    bot = plan.running[begun.bot]
    turns.end(tx, begun, ended)
    wanted = team if plan.team(team) else bot.team
    because = ended.because if plan.team(team) or not team else (*ended.because, f"there is no team {team!r}")
    move = offer(wanted or None)
    decide(tx, plan, desked, move.what, By(bot.name, tuple(because), ended.summary), move.changed)


def fail(tx: Tx, inbox: Base, plan: Plan, begun: Begun, reason: str, after: float = 0.0) -> None:
    """A bot failed: it is asked again after a while, `after` seconds at the soonest; at last a person is."""
    desked = _mine(tx, plan, begun)
    if desked is None:
        return
    if begun.attempt < plan.running[begun.bot].attempts:
        pause = max(inbox.rules.pause(begun.attempt), int(after * 1_000_000))
        turns.again(tx, begun, tx.now() + pause, anew=False)
    else:
        _hand_over(tx, plan, desked, begun, Ended("failed", (reason,)))


def _leave(tx: Tx, plan: Plan, begun: Begun, ended: Ended) -> None:
    """What a bot said cannot be sent, and would not be a second time: a person has it from now on."""
    desked = _mine(tx, plan, begun)
    if desked is None:
        turns.spend(tx, begun, ended.cost)
    else:
        _hand_over(tx, plan, desked, begun, ended)
