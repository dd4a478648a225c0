"""Everything of one customer, as proven, in one value; and nothing of anybody else."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence

from omnichannel.channel import Channel, Delivery
from omnichannel.clock import moment
from omnichannel.errors import OmnichannelError
from omnichannel.identity import Entry, live
from omnichannel.inbox.claims import claim
from omnichannel.inbox.customers import customer
from omnichannel.inbox.desk.training import consents_of
from omnichannel.inbox.rights import freezing, sorting
from omnichannel.inbox.rights.belongings import Belongings, Judge, gather
from omnichannel.inbox.rights.cutting import cut, words_of
from omnichannel.inbox.rights.erasing import alike, meant
from omnichannel.model import Attachment, Claim, Event, Export, ExportedFile, LeftOut, Message, Template
from omnichannel.model.desk import Use
from omnichannel.store import Tx, arrivals, belongings, conversations, journal, messages, people, records
from omnichannel.store.arrivals import Arrival
from omnichannel.store.desk import cases, fields, proposals, ratings, readings, turns, uses

_UNSAFE = re.compile(r"[^\w. -]+")
_LONGEST = 100
_ALL = 1_000_000  # more than anybody was ever offered
Fetch = Callable[[str, Attachment], Awaitable[bytes]]


def export(tx: Tx, channels: Mapping[str, Channel], number: int, actor: str) -> Export:
    """Everything of the customer that an address is one of, but for the attachments' bytes."""
    whole = people.get(tx, number).customer
    theirs = gather(tx, people.members(tx, whole))
    entries = _entries(tx, theirs)
    files, left_out = _deliveries(tx, channels, theirs)
    frozen = freezing.frozen_at(tx, whole)
    records.happened(tx, "customer.exported", customer=whole, actor=actor)
    return Export(
        made_at=moment(tx.now()),
        workspace=tx.workspace,
        customer=customer(tx, whole),
        frozen_at=moment(frozen) if frozen else None,
        objects=any(entry.kind == "object" for entry in live(entries)),
        stated=tuple(belongings.stated(tx, theirs.numbers)),
        claims=tuple(_claims(tx, theirs, entries)),
        carried=tuple(belongings.carried(tx, theirs.numbers)),
        conversations=tuple(conversations.conversation(tx, one) for one in theirs.whole),
        cases=tuple(found.case for one in theirs.whole if (found := cases.find(tx, one))),
        readings=tuple(made.reading for made in readings.of_conversations(tx, theirs.whole)),
        proposed=tuple(one for number in theirs.whole for one in proposals.of_conversation(tx, number)),
        uses=tuple(one for number in theirs.whole for one in _uses(tx, number)),
        ratings=tuple(one for number in theirs.whole for one in ratings.of_conversation(tx, number)),
        turns=tuple(one for number in theirs.whole for one in turns.of_conversation(tx, number)),
        consents=tuple(consents_of(tx, number)),
        fields=tuple(fields.of_addresses(tx, theirs.numbers)),
        messages=tuple(_messages(tx, theirs)),
        files=tuple(files),
        left_out=tuple(left_out),
        likely=tuple(tx.ids.show("customer", one) for one in alike(tx, theirs.numbers)),
    )


def _uses(tx: Tx, conversation: int) -> list[Use]:
    """Which standard answers were offered for them, oldest first."""
    return uses.uses(tx, conversation=conversation, most=_ALL)[::-1]


async def with_attachments(made: Export, fetch: Fetch) -> Export:
    """The export with the bytes of its attachments; those that cannot be had are told, with the reason."""
    files: list[ExportedFile] = []
    left_out: list[LeftOut] = []
    for message, place, attachment in _attachments(made.messages):
        try:
            content = await fetch(message.id, attachment)
        except (OmnichannelError, OSError) as error:
            left_out.append(LeftOut(what="attachment", id=message.id, because=f"{attachment.name}: {error}"))
            continue
        path = f"attachments/{message.id}/{place}{_tame(attachment.name)}"
        files.append(
            ExportedFile(path=path, media_type=attachment.media_type, about=message.id, content=content)
        )
    return made.model_copy(update={"files": (*made.files, *files), "left_out": (*made.left_out, *left_out)})


def _tame(name: str) -> str:
    """The end of a path: a file's name, whatever its sender called it."""
    last = name.replace("\\", "/").rpartition("/")[2]
    tame = _UNSAFE.sub("_", last).strip(". ")[-_LONGEST:]
    return f"-{tame}" if tame else ""


def _attachments(said: Sequence[Message]) -> Iterator[tuple[Message, int, Attachment]]:
    for message in said:
        found = [
            part.media if isinstance(part, Template) else part
            for part in message.parts
            if isinstance(part, Attachment | Template)
        ]
        for place, attachment in enumerate(found, 1):
            if attachment is not None:
                yield message, place, attachment


def _entries(tx: Tx, theirs: Belongings) -> list[Entry]:
    """What the journal says of them while the addresses were theirs, and what takes it back."""
    numbers = set(theirs.numbers)
    roots = sorted({person.root for person in theirs.persons})
    found = {entry.id: entry for root in roots for entry in meant(tx, root, numbers)}
    revokes = [entry for entry in journal.about(tx, roots) if entry.kind == "revoke"]
    return sorted([*found.values(), *revokes], key=lambda entry: entry.id)


def _claims(tx: Tx, theirs: Belongings, entries: Sequence[Entry]) -> Iterator[Claim]:
    """What they said, and what was said or decided of their addresses alone. Who else says so is theirs to know."""
    roots = {person.root for person in theirs.persons}
    revoked = {entry.target for entry in entries if entry.kind == "revoke"}
    for entry in entries:
        own = entry.one in roots if entry.kind == "claim" else set(entry.pair) <= roots
        if own and entry.kind != "revoke":
            yield claim(tx, entry, revoked=entry.id in revoked)


def _messages(tx: Tx, theirs: Belongings) -> Iterator[Message]:
    """What was said, without what others thought of it."""
    own = {str(person.address) for person in theirs.persons}
    found = [messages.message(tx, spoken.id) for spoken in theirs.messages]
    for message in sorted(found, key=lambda one: (one.received_at, one.id)):
        reactions = tuple(pair for pair in message.reactions if pair[0] in own)
        yield (
            message if reactions == message.reactions else message.model_copy(update={"reactions": reactions})
        )


def _deliveries(
    tx: Tx, channels: Mapping[str, Channel], theirs: Belongings
) -> tuple[list[ExportedFile], list[LeftOut]]:
    files: list[ExportedFile] = []
    left_out: list[LeftOut] = []
    read_from = {message.delivery for message in theirs.messages if message.delivery is not None}
    for number in sorted(read_from | set(theirs.deliveries(tx))):
        arrival = arrivals.arrival(tx, number)
        if arrival is None:
            continue
        shown = tx.ids.show("delivery", number)
        events = sorting.parsed(channels, arrival)
        own = None if events is None else _own(tx, channels[arrival.account], arrival, events, theirs)
        if own is not None:
            content = own.model_copy(update={"id": shown}).model_dump_json(indent=2).encode()
            files.append(_file(f"deliveries/{shown}.json", shown, content))
        elif events is None:
            because = f"it cannot be read here: add the account {arrival.account!r}"
            left_out.append(LeftOut(what="delivery", id=shown, because=because))
        elif any(map(Judge(tx, channels[arrival.account], arrival, theirs).said, events)):
            because = "it holds other people's items too, which could not be cut out of it"
            left_out.append(LeftOut(what="delivery", id=shown, because=because))
    return files, left_out


def _own(
    tx: Tx, channel: Channel, arrival: Arrival, events: list[Event], theirs: Belongings
) -> Delivery | None:
    """A delivery as it arrived if it holds their items alone, else their part of it; None if that cannot be had."""
    judge = Judge(tx, channel, arrival, theirs)

    def foreign(event: Event) -> bool:
        return judge.anybodys(event) and not judge.said(event)

    if all(map(foreign, events)):
        return None
    if not any(map(foreign, events)):
        return arrival.delivery

    def reads(body: bytes) -> list[Event] | None:
        delivery = arrival.delivery.model_copy(update={"body": body})
        return sorting.parsed({channel.name: channel}, arrival._replace(delivery=delivery))

    body = cut(arrival.delivery.body, reads, foreign, words_of(filter(foreign, events)))
    return None if body is None else arrival.delivery.model_copy(update={"body": body})


def _file(path: str, about: str, content: bytes) -> ExportedFile:
    return ExportedFile(path=path, media_type="application/json", about=about, content=content)
