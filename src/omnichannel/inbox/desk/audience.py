"""What may be shown to whom: a bot is given what whoever asks is proven to have said and heard, and nothing else.

Everything that a bot gets to see comes through here. It rests on the address that wrote the words that wait, never on
anything in them; so there is nothing that a customer could say to be shown more.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from omnichannel.inbox.customers import customer, persons
from omnichannel.model import Customer, Purpose
from omnichannel.model.desk import Spoken
from omnichannel.store import Tx, conversations
from omnichannel.store.desk import talks
from omnichannel.store.desk.talks import Talk

_SHOWN = 60
"""Messages of a conversation that a bot is shown, the last ones."""

_ELSEWHERE = 50
"""Conversations in which an earlier one is looked for, the last ones."""


class Audience(NamedTuple):
    """Who asks, by the message that waits for an answer, and what was said by and to them in its conversation.

    `theirs` are the addresses that are proven to be theirs. `asks` are the words since we last said anything.
    """

    asked: Talk
    who: Customer
    theirs: frozenset[int]
    said: tuple[Talk, ...]
    asks: str


def audience(tx: Tx, conversation: int) -> Audience | None:
    """Whom an answer in a conversation is for; None where no person wrote anything that waits for one."""
    everything = talks.said(tx, conversation)
    asked = next((one for one in reversed(everything) if one.inbound and not one.machine), None)
    if asked is None:
        return None
    theirs = proven(tx, asked.peer, public=asked.public)
    said = [one for one in everything if one.peer in theirs and (one.public or not asked.public)]
    return Audience(
        asked, _shown(tx, asked), theirs, tuple(said[-_SHOWN:]), "\n".join(_asks(said)),
    )  # fmt: skip


def proven(tx: Tx, address: int, *, public: bool) -> frozenset[int]:
    """The addresses of whoever has one, as far as is proven; in public, where everybody reads, that one alone."""
    if public:
        return frozenset({address})
    return frozenset(person.id for person in persons(tx, address, Purpose.DISCLOSE))


def _shown(tx: Tx, asked: Talk) -> Customer:
    """Who asks, as they may be told to be; in public without their other addresses."""
    who = customer(tx, asked.peer, Purpose.DISCLOSE)
    return who.model_copy(update={"addresses": (), "name": ""}) if asked.public else who


def _asks(said: Sequence[Talk]) -> list[str]:
    """What they wrote since we last answered: nothing of what machines wrote, theirs or ours."""
    words: list[str] = []
    for one in reversed(said):
        if one.machine:
            continue
        if not one.inbound:
            break
        if one.spoken.text:
            words.append(one.spoken.text)
    return words[::-1]


def earlier(tx: Tx, asked: Talk, conversation: int, words: str, most: int) -> tuple[Spoken, ...]:
    """What was said elsewhere by and to whoever asks, with all of these words in it, the last ones; oldest first."""
    if asked.public or most < 1:
        return ()
    theirs = proven(tx, asked.peer, public=False)
    wanted = words.casefold().split()
    numbers = [one for one in conversations.conversations_of(tx, sorted(theirs)) if one != conversation]
    found = [
        one.spoken
        for number in sorted(numbers)[-_ELSEWHERE:]
        for one in talks.said(tx, number, theirs)
        if all(word in one.spoken.text.casefold() for word in wanted)
    ]
    return tuple(sorted(found, key=lambda one: one.at)[-most:])
