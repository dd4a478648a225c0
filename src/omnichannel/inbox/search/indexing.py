"""The step that keeps the index: it looks at what happened, and takes in what was said, behind everybody's back.

Nothing that a message costs on its way is done here, and nobody waits for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from omnichannel.desk.search import person_fields
from omnichannel.inbox.search import tokens
from omnichannel.model import Happening
from omnichannel.store import Tx, facts, people, records
from omnichannel.store.people import Person
from omnichannel.store.search import documents, progress
from omnichannel.store.search.documents import MESSAGE, PERSON, Document, Said
from omnichannel.store.search.progress import Progress

SOME = 200
"""Happenings, or messages of before, that are looked at in one commit."""

# What brings words, or takes some away. What else happens to a message leaves its words as they are.
_WORDS = frozenset(
    {
        "message.received", "message.imported", "message.sent_elsewhere", "message.queued", "message.noted",
        "message.edited", "message.deleted",
    }
)  # fmt: skip


def index(tx: Tx, most: int = SOME) -> int:
    """Take in some of what is not in the index; how much was looked at. Nothing where nobody ever searched."""
    at = progress.take(tx)
    if at is None:
        return 0
    seen = records.behind(tx, at.position, most)
    _take_in(tx, _named(tx, [placed.happening for placed in seen]))
    before = _walk(tx, at, most - len(seen)) if len(seen) < most else at
    position = seen[-1].position if seen else at.position
    if seen or before != at:
        progress.go_on(tx, before._replace(position=position))
    return len(seen) + (before != at)


def _named(tx: Tx, happenings: Iterable[Happening]) -> list[int]:
    """The messages that have other words since."""
    shown = (one.message for one in happenings if one.message and one.what in _WORDS)
    return [tx.ids.find("message", message) for message in dict.fromkeys(shown)]


def _take_in(tx: Tx, numbers: Sequence[int]) -> None:
    """Take messages in, and whoever they came from or went to."""
    said = documents.said(tx, numbers)
    documents.put(tx, [_message(tx, one) for one in said.values()])
    take_in_people(tx, {one.peer for one in said.values() if one.peer is not None})


def _message(tx: Tx, said: Said) -> Document:
    return Document(said.id, MESSAGE, said.received_at, tokens.of_message(tx.ws, said))


def take_in_people(tx: Tx, numbers: Iterable[int]) -> None:
    """Take in what is known of whoever has these addresses, as it is by now."""
    found = people.several(tx, sorted(set(numbers)))
    told = sayings(tx, found)
    met = documents.met(tx, found)
    documents.put(
        tx,
        [
            Document(
                person.id, PERSON, met[person.id],
                tokens.of_person(tx.ws, person_fields(person.name, spelt(person), told.get(person.id, ()))),
            )
            for person in found
        ],
    )  # fmt: skip


def sayings(tx: Tx, persons: Sequence[Person], *, proven: bool = False) -> dict[int, list[str]]:
    """What each of these people said of themselves; or only what proof stands behind."""
    found: dict[int, list[str]] = {}
    for fact in facts.of(tx, [person.id for person in persons]):
        if fact.strength.proves or not proven:
            found.setdefault(fact.address, []).append(fact.value)
    return found


def spelt(person: Person) -> list[str]:
    """How an address is written."""
    return [person.value, person.written]


def _walk(tx: Tx, at: Progress, most: int) -> Progress:
    """Take in some of what was there before anybody searched, the newest first: addresses and messages."""
    if at.people_from is not None:
        numbers = progress.people_before(tx, at.people_from, most)
        take_in_people(tx, numbers)
        at = at._replace(people_from=numbers[-1] if len(numbers) == most else None)
    if at.messages_from is not None:
        numbers = progress.messages_before(tx, at.messages_from, most)
        documents.put(tx, [_message(tx, one) for one in documents.said(tx, numbers).values()])
        at = at._replace(messages_from=numbers[-1] if len(numbers) == most else None)
        if at.messages_from is None:
            progress.counted(tx)
    return at
