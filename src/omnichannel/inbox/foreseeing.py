"""Looking up, before a delivery is read, what reading will ask: each table once for all deliveries of a job.

It decides nothing. What is not foreseen is asked when it is needed, and means the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from omnichannel.channel import Channel
from omnichannel.inbox.placing import thread_key
from omnichannel.inbox.recording import writer
from omnichannel.model import Address, Event, Received, Updated
from omnichannel.store import Tx, conversations, externals, facts, journal, people

_ANSWERED = 3  # ids that a mail answers, the nearest first: one of them is nearly always known


def foresee(tx: Tx, read: Iterable[tuple[Channel, list[Event]]]) -> None:
    """Look up what the events of some deliveries will ask for."""
    by_account: dict[str, tuple[Channel, list[Event]]] = {}
    for channel, events in read:
        by_account.setdefault(channel.name, (channel, []))[1].extend(events)
    for channel, events in by_account.values():
        said = [event for event in events if isinstance(event, Received)]
        _ids(tx, channel, events)
        _people(tx, said)
        if not channel.can.threads:
            conversations.foresee(tx, channel.name, _threads(tx, said))
        # Last: whoever holds a conversation may have let an update wait.
        externals.foresee_early(tx, channel.name, [event.external_id for event in said])


def _ids(tx: Tx, channel: Channel, events: list[Event]) -> None:
    """Which ids are taken, and what the messages are that others answer."""
    wanted: dict[str, set[str]] = {}
    for event in events:
        if isinstance(event, Received):
            wanted.setdefault("message", {event.external_id}).update((event.external_id, *_answered(event)))
        elif isinstance(event, Updated):
            wanted.setdefault(event.kind, set()).add(event.external_id)
    for what, ids in wanted.items():
        externals.foresee(tx, channel.name, what, ids)


def _answered(event: Received) -> Iterator[str]:
    if event.reply_to:
        yield event.reply_to
    yield from event.references[: -_ANSWERED - 1 : -1]


def _people(tx: Tx, said: list[Received]) -> None:
    """Who wrote, what they called themselves where they give a name again, and what proves where else they are."""
    people.foresee(tx, (address for event in said for address in _addresses(event)))
    named = (people.find(tx, writer(event).address) for event in said if event.sender.name)
    facts.foresee(tx, {person.id for person in named if person})
    journal.foresee(tx, (pair for event in said for pair in _pairs(tx, event)))


def _addresses(event: Received) -> Iterator[Address]:
    yield writer(event).address
    yield from (item.address for item in event.evidence)


def _pairs(tx: Tx, event: Received) -> Iterator[tuple[int, int]]:
    if event.evidence and (one := people.find(tx, writer(event).address)):
        others = (people.find(tx, item.address) for item in event.evidence)
        yield from ((one.root, other.root) for other in others if other)


def _threads(tx: Tx, said: list[Received]) -> Iterator[str]:
    for event in said:
        if event.thread:
            address = writer(event).address
            person = people.find(tx, address) or people.stranger(address)
            yield thread_key(event.thread, person, public=event.public)
