"""Putting an answer together: to whom, on which account, in which thread, and queuing it in one transaction."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import BaseModel

from omnichannel.channel import Call, Channel
from omnichannel.clock import micros, moment
from omnichannel.errors import NotFound, Unsupported, UsageError
from omnichannel.identity import UNPROVEN, is_one_time, mark
from omnichannel.inbox import pacing
from omnichannel.inbox.colliding import check_seen
from omnichannel.inbox.rights import freezing
from omnichannel.inbox.rules import KEY, Rules
from omnichannel.model import Attachment, Direction, Draft, Part, Party, Strength, Text, written
from omnichannel.store import Tx, agents, conversations, messages, orders, outbox, people, records
from omnichannel.store.desk import writing
from omnichannel.store.orders import Key
from omnichannel.toolbox import find_tokens

Said = str | Part | Sequence[Part]
"""What a caller may say: plain words, one part, or several."""


@dataclass(frozen=True, slots=True)
class Order:
    """What a caller wants said. `on` is an account's name or a channel's kind; None: where they wrote last.

    `key` is the caller's idempotency key, if there is one. `seen` is the last message that they saw: nothing is said
    where something was said since.
    """

    conversation: int
    parts: tuple[Part, ...]
    on: str | None = None
    public: bool | None = None
    subject: str = ""
    agent: str = ""
    automatic: bool = False
    answers: int | None = None
    key: Key | None = None
    seen: int | None = None


@dataclass(frozen=True, slots=True)
class Composed:
    """A draft and the calls that it became, ready to be queued.

    `limits` is how often a program may answer.
    """

    order: Order
    number: int
    account: str
    kind: str
    peer: int
    draft: Draft
    calls: tuple[Call, ...] = ()
    limits: pacing.Limits = pacing.Limits()  # noqa: RUF009 - it cannot be changed


def parts_of(said: Said) -> tuple[Part, ...]:
    """What was said, as parts; raises UsageError for nothing at all."""
    parts = _in_parts(said)
    if not any(part.type != "text" or part.text.strip() for part in parts):
        raise UsageError("there is nothing to say: give some words or an attachment")
    return tuple(_measured(part) if part.type == "attachment" else part for part in parts)


def _in_parts(said: Said) -> tuple[Part, ...]:
    if isinstance(said, str):
        return (Text(text=said),)
    if isinstance(said, BaseModel):
        return (said,)
    return tuple(said)


def _measured(part: Attachment) -> Attachment:
    if part.content is None:
        return part
    size, digest = len(part.content), hashlib.sha256(part.content).hexdigest()
    return part.model_copy(update={"size": size, "sha256": digest})


@dataclass(frozen=True, slots=True)
class Reach:
    """Where an answer goes: the account, whom there, and what they said last, there and anywhere."""

    channel: Channel
    peer: int
    to: Party
    heard: messages.Held | None
    last: messages.Held | None


def reach(
    tx: Tx, channels: Mapping[str, Channel], conversation: int, on: str | None, answers: int | None = None
) -> Reach:
    """Where to answer a conversation, or one message in it.

    Raises NotFound, and Unsupported where nobody can be reached like that.
    """
    current = conversations.spoken(tx, conversation)
    if current is None:
        raise NotFound("there is no such conversation in this workspace")
    last = messages.last_heard(tx, conversation)
    answered = messages.held(tx, answers) if answers is not None else None
    channel = _channel(channels, on, answered or last)
    heard = answered if answered and answered.account == channel.name else None
    heard = heard or messages.last_heard(tx, conversation, account=channel.name)
    peer, to = _recipient(tx, channel, heard, current.asker)
    freezing.check(tx, peer)
    return Reach(channel, peer, to, heard, last)


def compose(tx: Tx, channels: Mapping[str, Channel], order: Order, rules: Rules) -> Composed:
    """Find out everything that a draft needs. Raises Unsupported where nobody can be reached, or not so often.

    Raises NotFound for an agent or a conversation that is not there.
    """
    if order.agent:
        agents.agent(tx, order.agent)
    there = reach(tx, channels, order.conversation, order.on, order.answers)
    channel, to, heard, last = there.channel, there.to, there.heard, there.last
    limits = pacing.limits(rules, letters=channel.can.letters) if order.automatic else pacing.Limits()
    pacing.check(tx, there.peer, limits)
    number = tx.ids.new()
    public = heard.public if order.public is None and heard else bool(order.public)
    if public and any(map(is_one_time, find_tokens(written(order.parts)))):
        raise Unsupported(
            "this link makes whoever uses it the same customer, and in public anybody can; send it with public=False"
        )
    draft = Draft(
        id=tx.ids.show("message", number),
        to=to,
        parts=order.parts,
        subject=order.subject or _subject(tx, order.conversation, heard),
        public=public,
        automatic=order.automatic,
        author=order.agent,
        created_at=moment(tx.now()),
        heard_at=_heard_at(tx, heard) if heard else None,
        token=mark({KEY: tx.secret}, tx.ws, order.conversation, to.address) if channel.can.letters else "",
        **_threading(heard, channel, quote=bool(heard and last and heard.id != last.id), public=public),
    )
    return Composed(order, number, channel.name, channel.kind, there.peer, draft, limits=limits)


def _heard_at(tx: Tx, heard: messages.Held) -> datetime:
    """When they last wrote there: the platform counts its window from when it was said, however late we heard."""
    if heard.content.get("late"):
        return moment(messages.heard_at(tx, heard.conversation, heard.account))
    return moment(heard.received_at)


def _channel(channels: Mapping[str, Channel], on: str | None, heard: messages.Held | None) -> Channel:
    """The account to answer on: the one that is asked for, or where what is answered was heard."""
    if on is None:
        if heard is None:
            raise Unsupported("nobody wrote in this conversation yet; say on which account to write (on=…)")
        on = heard.account
    return chosen(channels, on)


def chosen(channels: Mapping[str, Channel], on: str) -> Channel:
    """The account of that name, or the only one of that kind. Raises Unsupported, naming what there is."""
    if on in channels:
        return channels[on]
    of_kind = [channel for channel in channels.values() if channel.kind == on]
    if len(of_kind) == 1:
        return of_kind[0]
    if of_kind:
        names = ", ".join(sorted(channel.name for channel in of_kind))
        raise Unsupported(f"there are several accounts of kind {on}; name one of them: {names}")
    raise Unsupported(
        f"there is no account or kind called {on!r}; there are: {', '.join(sorted(channels)) or 'none'}"
    )


def _recipient(tx: Tx, channel: Channel, heard: messages.Held | None, asker: int) -> tuple[int, Party]:
    """Whom to write to: who wrote on this account, else the customer's own address of this kind, if proven."""
    if heard is not None and heard.peer is not None:
        person = people.get(tx, heard.peer)
        if not people.keeps(tx, person):
            raise Unsupported(
                f"{person.address} is somebody else's by now, who would read the answer; answer on another account"
            )
        asked, sender = _asked_for(tx, heard, person), messages.party(heard.content.get("sender"))
        return heard.peer, asked or sender or person.party
    customer = people.get(tx, asker).customer
    for person in people.members(tx, customer):
        if reachable(person, channel) and Strength(person.strength).proves and people.keeps(tx, person):
            return person.id, person.party
    raise Unsupported(
        f"no address of this customer on {channel.kind} is proven, so nothing may be sent there; "
        f"send them a link first: conversations.continue_on(…, {channel.name!r})"
    )


def _asked_for(tx: Tx, heard: messages.Held, person: people.Person) -> Party | None:
    """Where a sender asks to be answered instead (Reply-To).

    Whoever forged a From may ask so too: a conversation that goes on already is not diverted by the unproven.
    """
    asked = heard.content.get("answer_to")
    if asked and person.scope == UNPROVEN:
        first = messages.held(tx, messages.numbers_in(tx, heard.conversation)[0])
        if first.content.get("answer_to") != asked:
            return None
    return messages.party(asked)


def reachable(person: people.Person, channel: Channel) -> bool:
    """Whether somebody's address is one that an account writes to; nobody is where nothing proves them to be."""
    if person.kind in channel.can.reaches:
        return person.scope != UNPROVEN
    own = channel.own_address
    return person.kind == channel.kind and person.scope == (own.scope if own else "")


def _subject(tx: Tx, conversation: int, heard: messages.Held | None) -> str:
    subject = str(heard.content.get("subject", "")) if heard else ""
    return subject or conversations.conversation(tx, conversation).subject


def _threading(heard: messages.Held | None, channel: Channel, *, quote: bool, public: bool) -> dict[str, Any]:
    """Where in the platform's thread it goes; a private answer to a public message starts a thread.

    It only refers to it: some platforms let us write to somebody because of what they said. In a chat an answer
    follows what it answers: it only points at it when something else was said since.
    """
    if heard is None:
        return {}
    if heard.public and not public:
        return {"references": (heard.external_id,)}
    content = heard.content
    known = [*content.get("references", ()), *([content["reply_to"]] if content.get("reply_to") else [])]
    external_id = (
        heard.external_id.partition("#")[0] if heard.external_id.startswith("<") else heard.external_id
    )
    points = quote or public or channel.can.threads
    return {
        "thread": content.get("thread", ""),
        "reply_to": external_id if points else "",
        "references": tuple(dict.fromkeys([*known, external_id])),
    }


def enqueue(tx: Tx, composed: Composed) -> int:
    """Write the message down and queue its calls, in the caller's transaction; the number of the message.

    Under a key that was used meanwhile it is the earlier message, and nothing is queued. Raises KeyConflict if that
    says something else, Conflict for the frozen or where something was said since what was seen, NotFound for who, or
    what, was erased meanwhile, Unsupported for who was answered by program too often.
    """
    if (earlier := orders.take(tx, composed.order.key, composed.number)) is not None:
        return earlier
    if composed.order.seen is not None:
        check_seen(tx, composed.order.conversation, composed.order.seen, composed.order.agent)
    people.get(tx, composed.peer)  # who was erased since it was composed is not written to
    freezing.check(tx, composed.peer)
    pacing.count(tx, composed.peer, composed.limits)
    order, draft = composed.order, composed.draft
    said = messages.Saying(
        account=composed.account,
        kind=composed.kind,
        direction=Direction.OUTBOUND,
        public=draft.public,
        peer=composed.peer,
        agent=order.agent,
        strength="",
        sent_at=micros(draft.created_at),
        external_id="",
        delivery=None,
        because=f"answers on {composed.account}" if draft.references else f"written on {composed.account}",
        content=messages.content_of_parts(
            draft.parts,
            subject=draft.subject,
            reply_to=draft.reply_to,
            thread=draft.thread,
            automatic="auto_generated" if order.automatic else "",
        ),
    )
    written = messages.write(tx, order.conversation, composed.number, said, received_at=tx.now())
    conversations.take_part(tx, composed.peer, order.conversation)
    outbox.add(tx, order.conversation, composed.number, composed.account, composed.calls)
    if order.agent:
        writing.end(tx, order.conversation, order.agent)
    records.happened(
        tx, "message.queued", conversation=order.conversation, message=composed.number, actor=order.agent
    )
    return written.id
