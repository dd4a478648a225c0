"""Bringing in what was said before: from a platform's own record, into closed conversations, answered by nobody.

What is already here is recognised by its external id. Each thread of the past becomes one conversation, apart from
what goes on in the same thread now.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from omnichannel.channel import Channel
from omnichannel.inbox.placing import Place, kin_key, missing, thread_key
from omnichannel.model import Direction, Received, Strength
from omnichannel.store import Tx, conversations, externals, meant, messages, people, places, records
from omnichannel.store.conversations import Spoken

_PAST = "history "
_BECAUSE = "brought in from the platform's record"


def place(tx: Tx, channel: Channel, event: Received, person: people.Person, at: int) -> Place:
    """The conversation of the past that a message belongs to; it is closed, and stays so."""
    key = _PAST + _key(channel, event, person)
    found = conversations.by_thread(tx, channel.name, key)
    keys: list[str] = []
    if channel.can.threads and not event.public:
        keys = [_PAST + kin_key(one, person) for one in missing(tx, channel.name, event)]
    if found is None:
        keys.append(key)
        if channel.can.threads:
            found = _answered(tx, channel.name, event, person) or _answering(tx, channel.name, event, person)
    number = found.id if found else conversations.open_conversation(tx, event.subject, person.id, at)
    for one in keys:
        conversations.tie(tx, channel.name, one, number)
    if found is not None:
        conversations.begun(tx, number, at)
        return Place(number, _BECAUSE, found.asker, person)
    conversations.set_status(tx, number, closed=True)
    records.happened(tx, "conversation.imported", conversation=number, customer=person.customer)
    return Place(number, _BECAUSE, person.id, person)


def _key(channel: Channel, event: Received, person: people.Person) -> str:
    """A private chat is one thread; where anybody can name a thread, everybody has one of their own."""
    if not event.thread:
        return f"with {person.id}"
    key = thread_key(event.thread, person, public=event.public)
    return f"{key} with {person.id}" if event.public or channel.can.threads else key


def _answered(tx: Tx, account: str, event: Received, person: people.Person) -> Spoken | None:
    """The conversation of the past that the same person has, and a mail answers without naming where it began."""
    for external_id in answered(event):
        known = externals.by_external(tx, account, external_id)
        if known is None:
            continue
        number = messages.held(tx, known[0]).conversation
        ties = conversations.threads_of(tx, number)
        if any(key.startswith(_PAST) and key.endswith(f" with {person.id}") for _, key in ties):
            return conversations.spoken(tx, number)
    return None


def _answering(tx: Tx, account: str, event: Received, person: people.Person) -> Spoken | None:
    """The conversation of the past in which the same person answered this very mail, before it came."""
    return conversations.by_thread(tx, account, _PAST + kin_key(event.external_id, person))


def answered(event: Received) -> Iterator[str]:
    """External ids that a message answers, the nearest first."""
    if event.reply_to:
        yield event.reply_to
    yield from reversed(event.references)


def addressee(tx: Tx, account: str, event: Received, at: int) -> people.Person:
    """Whom our words of the past were said to: whoever wrote what they answer, else whoever is known to be there.

    That we wrote to an address proves nobody to be at it.
    """
    to = event.recipients[0].address
    for external_id in answered(event):
        known = externals.by_external(tx, account, external_id)
        peer = messages.held(tx, known[0]).peer if known else None
        person = people.get(tx, peer) if peer else None
        if person is not None and (person.kind, person.value) == (to.kind, to.value):
            return person
    proven = people.find(tx, to.model_copy(update={"scope": ""}), at)
    if proven is not None and Strength(proven.strength).proves:
        return proven
    return people.named(tx, to, Strength.ASSERTED, "import", at)


def is_filed(event: Received) -> bool:
    """Whether these are our own words, or a note of ours, out of an archive."""
    return event.direction is not Direction.INBOUND and event.method == "import"


def is_our_call(tx: Tx, account: str, event: Received) -> bool:
    """Whether our words of the past are a message that was sent from here: it is in the store as it was written."""
    return meant.find(tx, account, correlator=event.correlator, external_id=event.external_id) is not None


def is_copy(tx: Tx, known: tuple[int, str], event: Received) -> bool:
    """Whether a mail of the past is one that is here, as another program kept it: other bytes, and the same words.

    What another desk's record brought here has no bytes of its own: there the id alone tells.
    """
    number, fingerprint = known
    if not fingerprint:
        return True
    content = messages.held(tx, number).content
    sender = content.get("sender", {}).get("address", {}).get("value", "")
    same = sender == event.sender.address.value and content.get("subject", "") == event.subject
    return same and bool(content["parts"] == json.loads(messages.parts_json(event.parts)))


def put_in_order(tx: Tx, account: str) -> int:
    """Put an account's conversations of the past into the order in which they were said; how many were not."""
    return sum(places.put_in_order(tx, number) for number in conversations.of_threads(tx, account, _PAST))
