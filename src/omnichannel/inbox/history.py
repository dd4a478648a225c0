"""Bringing in what was said before: from a platform's own record, into closed conversations, answered by nobody.

What is already here is recognised by its external id. Each thread of the past becomes one conversation, apart from
what goes on in the same thread now.
"""

from __future__ import annotations

from omnichannel.channel import Channel
from omnichannel.inbox.placing import Place, thread_key
from omnichannel.model import Received
from omnichannel.store import Tx, conversations, messages, people, records

_PAST = "history "


def place(tx: Tx, channel: Channel, event: Received, person: people.Person, at: int) -> Place:
    """The conversation of the past that a message belongs to; it is closed, and stays so."""
    key = _PAST + _key(channel, event, person)
    found = conversations.by_thread(tx, channel.name, key)
    if found is None:
        number = conversations.open_conversation(tx, event.subject, person.id, at)
        conversations.set_status(tx, number, closed=True)
        conversations.tie(tx, channel.name, key, number)
        records.happened(tx, "conversation.imported", conversation=number, customer=person.customer)
        return Place(number, "brought in from the platform's record", person.id, person)
    conversations.begun(tx, found.id, at)
    return Place(found.id, "brought in from the platform's record", found.asker, person)


def _key(channel: Channel, event: Received, person: people.Person) -> str:
    """A private chat is one thread; where anybody can name a thread, everybody has one of their own."""
    if not event.thread:
        return f"with {person.id}"
    if event.public or channel.can.threads:
        return f"{thread_key(event.thread, person, public=event.public)} with {person.id}"
    return event.thread


def put_in_order(tx: Tx, account: str) -> int:
    """Put an account's conversations of the past into the order in which they were said; how many were not."""
    return sum(messages.put_in_order(tx, number) for number in conversations.of_threads(tx, account, _PAST))
