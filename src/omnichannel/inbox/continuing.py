"""Going on elsewhere: making the link or code that carries a conversation, and taking one that an agent is told."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Literal

from omnichannel.channel import Channel
from omnichannel.clock import moment
from omnichannel.errors import Conflict, NotFound, Unsupported, UsageError
from omnichannel.identity import UNPROVEN, Token, digest, new_token
from omnichannel.identity.codes import code_digest, find_codes, new_code, spelled
from omnichannel.inbox import correcting
from omnichannel.inbox.composing import reachable
from omnichannel.inbox.returning import Bringer, count_wrong, prove
from omnichannel.inbox.rules import Rules, span
from omnichannel.model import Address, Strength
from omnichannel.store import Tx, agents, conversations, messages, people, records, tokens

if TYPE_CHECKING:
    from omnichannel.inbox.base import Base

By = Literal["link", "code"]
"""A link that a program follows, or a code that people can say, dial, type and copy."""

_DRAWS = 4  # two codes are the same once in ten thousand million times; somebody's luck must not fail


@dataclass(frozen=True, slots=True)
class Pass:
    """What is given to a customer: `shown` to them, and its digests, of which the first that is free is kept."""

    account: str
    by: By
    drawn: tuple[str, ...]
    to: Address | None
    life: timedelta

    def shown(self, secret: str, channel: Channel) -> str:
        """The link, or the code as it is read out."""
        return channel.start_link(secret) if self.by == "link" else spelled(secret)


def drawn(inbox: Base, channel: Channel, by: By, to: Address | None, life: timedelta | None) -> Pass:
    """A pass to an account, not yet issued. Raises Unsupported where it could never come back."""
    if life is not None and life <= timedelta(0):
        raise UsageError(f"a {by} that lives {life} would never work; give a time that is to come")
    if by == "link":
        secret = new_token(inbox.clock.random(17))
        channel.start_link(secret)  # raises where no link can
        return Pass(channel.name, by, (secret,), to, life or inbox.rules.token_life)
    if not (channel.can.private and channel.can.hears and "text" in channel.can.parts_in):
        raise Unsupported(
            f"nobody can type a code on {channel.kind} that others do not see; choose another account"
        )
    codes = tuple(new_code(inbox.clock.random(16)) for _ in range(_DRAWS))
    return Pass(channel.name, by, codes, to, life or inbox.rules.code_life)


def issue(tx: Tx, given: Pass, conversation: int, channel: Channel, rules: Rules) -> str:
    """Keep the pass for whoever wrote last in a conversation; what is to be shown to them.

    Raises Conflict where nobody wrote, or too many codes work already, NotFound for an unknown `to`.
    """
    last = messages.last_heard(tx, conversation)
    if last is None or last.peer is None:
        raise Conflict("nobody wrote in this conversation yet, so it has no customer to continue with")
    if given.by == "code" and tokens.live_short(tx, given.account, tx.now()) >= rules.live_codes:
        cure = "give links, or shorter lives, or raise Rules.live_codes"
        raise Conflict(
            f"{rules.live_codes} codes work on {given.account} already, more could be guessed; {cure}"
        )
    holder = _holder(tx, given.to, channel) if given.to else None
    expires_at = tx.now() + span(given.life)
    for secret in given.drawn:
        kept = digest(secret) if given.by == "link" else code_digest(tx.secret, tx.ws, secret)
        token = Token(kept, conversation, last.peer, given.account, tx.now(), expires_at, holder=holder)
        if tokens.issue(tx, token, short=given.by == "code"):
            detail = {"account": given.account, "expires": moment(expires_at).isoformat()}
            records.happened(tx, "conversation.link_issued", conversation=conversation, detail=detail)
            return given.shown(secret, channel)
    raise Conflict("no free code was found; try again")


def _holder(tx: Tx, to: Address, channel: Channel) -> int:
    person = people.find(tx, to)
    if person is None:
        raise NotFound(f"{to} never wrote to this workspace")
    if not reachable(person, channel):
        raise UsageError(
            f"{to} can never bring anything back on {channel.name}: it is no address of {channel.kind}"
        )
    return person.id


# ----------------------------------------------------------------------------------- told to an agent


@dataclass(frozen=True, slots=True)
class Told:
    """A code that somebody tells an agent, who they say or show that they are, and on which account."""

    code: str
    account: str
    agent: str
    sender: Address | None


def read_out(code: str) -> str:
    """The code in what an agent typed; raises UsageError for what is none, which counts as no try."""
    found = find_codes(code)
    if len(found) != 1:
        raise UsageError(
            "this is no code of ours: they have twelve digits that fit together; ask for it once more"
        )
    return found[0]


def take(tx: Tx, told: Told, rules: Rules) -> int | None:
    """The conversation that a code carries on, with what the caller began meanwhile; None if it does not work.

    Raises NotFound for an unknown agent, and Conflict once an agent gave too many wrong ones in a day. That all
    others together gave too many is no reason: an agent hears who speaks.
    """
    agents.agent(tx, told.agent)
    who = f"agent {told.agent}"
    if tokens.tried(tx, tx.now() - span(timedelta(days=1)), who) >= rules.wrong_codes_of_agent:
        raise Conflict(
            f"{told.agent} gave {rules.wrong_codes_of_agent} wrong codes today; let a colleague help"
        )
    caller = _caller(tx, told.sender) if told.sender else None
    kept = code_digest(tx.secret, tx.ws, told.code)
    token = tokens.redeem(tx, kept, told.account, caller.id if caller else None, tx.now())
    if token is None:
        count_wrong(tx, who, who, rules)
        return None
    token = replace(token, conversation=conversations.current(tx, token.conversation))
    detail = {"account": told.account, "by": "told to an agent"}
    if caller is not None:
        # A number that a telephone shows proves nothing, whoever listens.
        prove(tx, token, Bringer(told.account, caller, Strength.ASSERTED, tx.now()))
        conversations.take_part(tx, caller.id, token.conversation)
        detail["address"] = str(caller.address)
    records.happened(
        tx, "conversation.continued", conversation=token.conversation, actor=told.agent, detail=detail
    )
    return token.conversation


def _caller(tx: Tx, sender: Address) -> people.Person:
    """Somebody as they were met when nothing proved who called, else as they are known, else as they say."""
    apart = sender.model_copy(update={"scope": UNPROVEN})
    known = people.find(tx, apart) or people.find(tx, sender)
    return known or people.named(tx, apart, Strength.ASSERTED, "caller_id", tx.now())


def begun_by(tx: Tx, told: Told, into: int) -> int | None:
    """The open conversation that the caller's call has begun: on this account alone, by them alone; else None."""
    caller = _caller(tx, told.sender) if told.sender else None
    if caller is None:
        return None
    for number in sorted(conversations.conversations_of(tx, [caller.id]), reverse=True):
        found = conversations.spoken(tx, number)
        if found is not None and found.open and number != into:
            return number if correcting.begun_alone(tx, number, told.account, caller.id) else None
    return None
