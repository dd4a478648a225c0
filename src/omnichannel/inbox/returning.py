"""What comes back to us: links with a one-time token, and codes that people type.

A token that works carries its conversation on, once, and joins its sender to whoever it was given to. Whatever does
not work attaches nothing and says nothing: the words arrive like any other, and only a wrong code is counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import NamedTuple

from omnichannel.identity import UNPROVEN, Token, digest, is_one_time
from omnichannel.identity.codes import code_digest, find_codes, is_code
from omnichannel.inbox import challenging, merging
from omnichannel.inbox.rules import Rules, span
from omnichannel.model import Direction, Received, Strength
from omnichannel.store import Tx, conversations, people, records, tokens

_DAY = span(timedelta(days=1))
_MOST_CODES = 3


class Bringer(NamedTuple):
    """Who brings something back, how well they are proven, on which account, and when."""

    account: str
    person: people.Person
    strength: Strength
    at: int


def redeem(tx: Tx, bringer: Bringer, candidates: Iterable[str]) -> Token | None:
    """Use up the first one-time token of a link among these that works, and write down what it proves."""
    for candidate in filter(is_one_time, candidates):
        token = tokens.redeem(tx, digest(candidate), bringer.account, bringer.person.id, bringer.at)
        if token is not None:
            return _continued(tx, token, bringer)
        _note_reuse(tx, digest(candidate), bringer)
    return None


def links_of(event: Received) -> tuple[str, ...]:
    """The tokens that somebody brings back.

    A machine brings none: anybody may have told it where to write to. Nor do our own words: they only hand them out.
    """
    return () if event.automatic or event.direction is not Direction.INBOUND else event.tokens


def codes_of(event: Received) -> tuple[str, ...]:
    """The codes that somebody sends us themselves: not what they hand on from others, nor what everybody can read.

    At most three: a customer sends one, and each further one is a free guess.
    """
    forwarded = "forwarded" in event.notes or any(
        part.type == "reference" and part.what == "forward" for part in event.parts
    )
    ours = event.direction is not Direction.INBOUND
    if ours or forwarded or event.public or event.automatic:
        return ()
    found = dict.fromkeys((*filter(is_code, event.tokens), *find_codes(event.text)))
    return tuple(found)[:_MOST_CODES]


def redeem_codes(tx: Tx, bringer: Bringer, codes: Sequence[str], rules: Rules) -> Token | None:
    """The same for codes; each that does not work counts against its sender, and what they claim."""
    for code in codes:
        token = _by_code(tx, bringer, code_digest(tx.secret, tx.ws, code), rules)
        if token is not None:
            return _continued(tx, token, bringer)
    return None


def _by_code(tx: Tx, bringer: Bringer, code: str, rules: Rules) -> Token | None:
    """What a code is for, if it works. Whoever guesses too much, alone or all together, is no longer listened to."""
    known, person = tokens.find(tx, code), bringer.person
    if known is not None and person.id in (known.address, known.used_by):
        return None  # they have it from us: to say it in the wrong place, or again, is no guess
    who = f"address {person.id}"
    if tokens.tried(tx, tx.now() - _DAY, who) >= rules.wrong_codes:
        return None
    if challenging.answered(tx, person, bringer.strength, code, bringer.at):
        return None
    mine = known is not None and known.holder == person.id  # nobody else can guess it: it is theirs alone
    if not mine and tokens.tried(tx, tx.now() - _DAY) >= rules.wrong_codes_in_all:
        return None
    token = tokens.redeem(tx, code, bringer.account, person.id, bringer.at)
    if token is None:
        _note_reuse(tx, code, bringer)
        challenging.failed(tx, person, rules)
        count_wrong(tx, who, str(person.address), rules)
    return token


def count_wrong(tx: Tx, who: str, shown: str, rules: Rules) -> None:
    """Count a wrong code; tell those who follow the inbox when somebody, or everybody, is locked out by it."""
    since = tx.now() - _DAY
    tokens.count_try(tx, who, since)
    if tokens.tried(tx, since, who) == rules.wrong_codes:
        records.happened(tx, "code.locked", detail={"who": shown})
    if tokens.tried(tx, since) == rules.wrong_codes_in_all:
        records.happened(tx, "code.locked", detail={"who": "everybody"})


def _note_reuse(tx: Tx, code: str, bringer: Bringer) -> None:
    """A token that was used comes from somebody else again: one of the two was not meant to have it."""
    known = tokens.find(tx, code)
    if known is None or known.used_by is None or bringer.person.id in (known.used_by, known.address):
        return
    detail = {
        "account": bringer.account,
        "address": str(bringer.person.address),
        "first": str(people.get(tx, known.used_by).address),
    }
    records.happened(tx, "conversation.link_reused", conversation=known.conversation, detail=detail)


def _continued(tx: Tx, token: Token, bringer: Bringer) -> Token:
    """Write down what a token proves that has just been used, and that its conversation goes on."""
    token = replace(token, conversation=conversations.current(tx, token.conversation))
    prove(tx, token, bringer)
    detail = {"account": bringer.account, "address": str(bringer.person.address)}
    if conversations.conversations_of(tx, [bringer.person.id]):
        detail["known"] = "yes"
    customer = people.get(tx, bringer.person.id).customer
    records.happened(
        tx, "conversation.continued", conversation=token.conversation, customer=customer, detail=detail
    )
    return token


def prove(tx: Tx, token: Token, bringer: Bringer) -> None:
    """Join whoever a token was given to and whoever brings it, as far as both are proven.

    Where somebody else has by now the address that it was given to, it says nothing of them.
    """
    given_to = people.get(tx, token.address)
    if not people.keeps(tx, given_to, bringer.at):
        return
    # Who only says who they are is nobody in particular: a link that was given to them joins no customer.
    strength = people.weakest(bringer.strength) if given_to.scope == UNPROVEN else bringer.strength
    source = tx.ids.show("conversation", token.conversation)
    claim = replace(token, address=given_to.root).claim(
        bringer.person.root, strength, at=bringer.at, source=source
    )
    if claim is not None:
        merging.write(tx, claim, because="a one-time token came back")
