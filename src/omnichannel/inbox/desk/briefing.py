"""Gathering a briefing: what is known of a customer for a purpose, out of what was said."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from datetime import timedelta

from omnichannel.clock import moment
from omnichannel.desk.classify.own import own_words
from omnichannel.desk.classify.scoring import read
from omnichannel.desk.listening import Listening, in_words, promises
from omnichannel.desk.plan import Plan
from omnichannel.inbox.customers import customer, number_of, persons
from omnichannel.inbox.desk.questioning import open_questions
from omnichannel.model import Direction, Message, Purpose
from omnichannel.model.desk import Briefing, Line, Promise, Tone
from omnichannel.store import Tx, conversations, messages

Summariser = Callable[[Briefing, str], Awaitable[str]]
"""Writes a briefing in words, in a language (BCP 47); what it is given is all that it may know."""

_SHOWN = 160  # characters of a message
_SOUND = 3  # messages: how somebody sounded before is over


def brief(tx: Tx, plan: Plan, who: str, purpose: Purpose) -> Briefing:
    """A customer in a few lines; raises NotFound."""
    number = number_of(tx, who)
    known, theirs = customer(tx, number, purpose), persons(tx, number, purpose)
    said = messages.of_addresses(tx, [person.id for person in theirs])
    heard = [one for one in said if one.direction is Direction.INBOUND]
    spoken = [one for one in heard if not one.automatic and not one.deleted and one.text.strip()]
    answered = [one for one in said if one.direction is Direction.OUTBOUND and not one.automatic]
    numbers = conversations.conversations_of(tx, [person.id for person in theirs])
    talks = [conversations.conversation(tx, one) for one in numbers]
    opened = {talk.id for talk in talks if talk.status == "open"}
    return Briefing(
        customer=known.id, purpose=purpose, name=known.name,
        unproven=any(one.unproven for one in known.addresses),
        kinds=tuple(sorted({one.kind for one in heard})),
        since=heard[0].received_at if heard else None,
        conversations=len(talks), open_conversations=len(opened),
        questions=tuple(open_questions(tx, plan, theirs)),
        promises=tuple(_promises(tx, plan.listening or Listening(), answered, opened)),
        tone=_tone(spoken[-_SOUND:]),
        last_heard=_line(spoken[-1]) if spoken else None,
        last_answer=_line(answered[-1]) if answered else None,
    )  # fmt: skip


def _line(message: Message) -> Line:
    words = " ".join(message.text.split())
    text = words if len(words) <= _SHOWN else f"{words[: _SHOWN - 1].rstrip()}…"
    return Line(text=text, message=message.id, at=message.received_at, by=message.agent)


def _promises(
    tx: Tx, listening: Listening, answered: Sequence[Message], opened: set[str]
) -> Iterator[Promise]:
    today = moment(tx.now()).date()
    for message in answered:
        for found in promises(message.text, message.sent_at.date(), listening.tongues):
            if found.due >= today or message.conversation in opened:
                yield Promise(
                    text=found.text, message=message.id, at=message.sent_at, by=message.agent, due=found.due
                )


def _tone(spoken: Sequence[Message]) -> Tone | None:
    if not spoken:
        return None
    tones = [read(own_words(one.text)).tone for one in spoken]
    return Tone(value=round(sum(tones) / len(tones), 2), messages=tuple(one.id for one in spoken))


async def summarise(
    briefing: Briefing, language: str, summariser: Summariser | None, patience: timedelta
) -> str:
    """A briefing in words: the summariser's, or, where it fails, says nothing or takes too long, our own."""
    if summariser is None:
        return in_words(briefing, language)
    try:
        async with asyncio.timeout(patience.total_seconds()):
            written = await summariser(briefing, language)
    except Exception:  # noqa: BLE001 - whatever it is made of, an agent gets their briefing
        written = ""
    return written if written.strip() else in_words(briefing, language)
