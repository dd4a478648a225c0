"""Mistakes about what a delivery means."""

from __future__ import annotations

import json
import random
import time
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from bench.faults_kit import fault, of, parsing
from omnichannel.channel import Channel, Delivery
from omnichannel.errors import Malformed
from omnichannel.model import Attachment, Direction, Received, Text, Unreadable, Updated
from omnichannel.testing.mutations import load
from omnichannel.testing.subject import Subject


def _each(subject: Subject, change: Any, kind: type = Received) -> Subject:
    """Every event of a kind is changed, by a function that gives the fields to change."""

    def changed(events: list[Any], delivery: Delivery) -> list[Any]:
        return [
            event.model_copy(update=change(event, delivery)) if isinstance(event, kind) else event
            for event in events
        ]

    return parsing(subject, changed)


def _has_parts(subject: Subject, kind: str) -> bool:
    return kind in subject.kind.can.parts_in


@fault("echo", lambda subject: subject.kind.can.echoes)
def takes_an_echo_for_a_customer(subject: Subject) -> Subject:
    """What we said comes back as somebody else's words."""
    return _each(subject, lambda event, _: {"direction": Direction.INBOUND})


@fault("time")
def reads_naive_times(subject: Subject) -> Subject:
    """Times are kept without their zone."""
    return _each(subject, lambda event, _: {"sent_at": event.sent_at and event.sent_at.replace(tzinfo=None)})


@fault("time")
def reads_the_wrong_unit(subject: Subject) -> Subject:
    """Milliseconds are taken for seconds the wrong way round."""

    def change(event: Any, _: Any) -> dict[str, Any]:
        at = event.sent_at
        return {"sent_at": at and datetime.fromtimestamp(at.timestamp() / 1000, UTC)}

    return _each(subject, change)


@fault("time")
def reads_the_wrong_zone(subject: Subject) -> Subject:
    """A local time is taken for UTC."""
    return _each(subject, lambda event, _: {"sent_at": event.sent_at and event.sent_at + timedelta(hours=1)})


@fault("time")
def stamps_by_its_own_clock(subject: Subject) -> Subject:
    """The moment is when it was read, not when it was said."""
    return _each(subject, lambda event, _: {"sent_at": datetime.fromtimestamp(time.time(), UTC)})


@fault("time")
def leaves_the_time_out(subject: Subject) -> Subject:
    """Nobody knows when it was said."""
    return _each(subject, lambda event, _: {"sent_at": None})


@fault("loss")
def drops_the_last_part(subject: Subject) -> Subject:
    """One part of a message is enough."""
    return _each(subject, lambda event, _: {"parts": event.parts[:-1]})


@fault("loss", lambda subject: _has_parts(subject, "attachment"))
def loses_attachments(subject: Subject) -> Subject:
    """Only words are read."""
    return _each(
        subject,
        lambda event, _: {"parts": tuple(part for part in event.parts if not isinstance(part, Attachment))},
    )


@fault("loss")
def cuts_long_words(subject: Subject) -> Subject:
    """Whatever is long is cut for the display."""

    def change(event: Any, _: Any) -> dict[str, Any]:
        cut = (
            part.model_copy(update={"text": part.text[:4]}) if isinstance(part, Text) else part
            for part in event.parts
        )
        return {"parts": tuple(cut)}

    return _each(subject, change)


@fault("loss", lambda subject: subject.kind.can.continues)
def forgets_tokens(subject: Subject) -> Subject:
    """What our link planted is not looked for."""

    def change(events: list[Any], _: Any) -> list[Any]:
        return [
            event.model_copy(update={"tokens": ()}) if isinstance(event, Received | Updated) else event
            for event in events
        ]

    return parsing(subject, change)


@fault("loss", lambda subject: any(isinstance(event, Unreadable) for _, event in subject.events()))
def leaves_out_what_it_cannot_read(subject: Subject) -> Subject:
    """What cannot be read is skipped without a word."""
    return parsing(
        subject, lambda events, _: [event for event in events if not isinstance(event, Unreadable)]
    )


@fault("batch")
def gives_up_a_batch_for_one_item(subject: Subject) -> Subject:
    """One item that cannot be read makes the whole delivery unreadable."""

    def change(events: list[Any], _: Any) -> list[Any]:
        if any(isinstance(event, Unreadable) for event in events):
            raise Malformed("one item cannot be read")
        return events

    return parsing(subject, change)


@fault("batch")
def swallows_a_batch_for_one_item(subject: Subject) -> Subject:
    """One item that cannot be read makes the whole delivery say nothing."""
    return parsing(
        subject, lambda events, _: [] if any(isinstance(event, Unreadable) for event in events) else events
    )


@fault("batch", lambda subject: any(len(case.events) > 1 for case in subject.received))
def reads_the_first_item_only(subject: Subject) -> Subject:
    """A delivery is thought to hold one item."""
    return parsing(subject, lambda events, _: events[:1])


@fault("batch")
def raises_what_it_stumbles_over(subject: Subject) -> Subject:
    """What is missing raises KeyError."""

    def change(events: list[Any], _: Any) -> list[Any]:
        if any(isinstance(event, Unreadable) for event in events):
            raise KeyError("text")
        return events

    return parsing(subject, change)


@fault("batch", lambda subject: any(load(case.delivery.body) for case in subject.received))
def trusts_the_types_of_json(subject: Subject) -> Subject:
    """Every value is used as what the documentation shows."""

    def change(events: list[Any], delivery: Delivery) -> list[Any]:
        try:
            value = json.loads(delivery.body)
        except ValueError:
            return events
        stack = [value]
        while stack:
            one = stack.pop()
            if isinstance(one, dict):
                stack += one.values()
                _ = [one[name].strip() for name in ("text", "id", "mid") if one.get(name)]
            elif isinstance(one, list):
                stack += one
        return events

    return parsing(subject, change)


@fault("batch")
def cannot_store_what_it_reads(subject: Subject) -> Subject:
    """NUL and lone surrogates of a body end in the text."""

    def change(event: Any, delivery: Delivery) -> dict[str, Any]:
        return {
            "subject": "\x00" if b"\\u0000" in delivery.body or b"\x00" in delivery.body else event.subject
        }

    return _each(subject, change)


@fault("order", lambda subject: any(len(case.events) > 1 for case in subject.received))
def reverses_the_order(subject: Subject) -> Subject:
    """The newest item comes first."""
    return parsing(subject, lambda events, _: events[::-1])


@fault("ids")
def makes_random_ids(subject: Subject) -> Subject:
    """Each message gets a new id."""
    return _each(subject, lambda event, _: {"external_id": f"m-{random.random()}"})


@fault("ids")
def makes_ids_of_the_time(subject: Subject) -> Subject:
    """Each message gets the moment as its id."""
    return _each(subject, lambda event, _: {"external_id": f"m-{int(time.time())}"})


@fault("ids")
def makes_ids_of_when_it_came(subject: Subject) -> Subject:
    """The moment of the delivery is part of the id."""
    return _each(subject, lambda event, d: {"external_id": f"{event.external_id}{d.received_at or ''}"})


@fault("ids")
def makes_ids_of_headers(subject: Subject) -> Subject:
    """A header that changes with every attempt is part of the id."""
    return _each(subject, lambda event, d: {"external_id": f"{event.external_id}{d.header('x-request-id')}"})


@fault(
    "ids",
    lambda subject: any(
        len([e for e in case.events if isinstance(e, Received)]) > 1 for case in subject.received
    ),
)
def names_all_items_alike(subject: Subject) -> Subject:
    """The id of the batch is taken for that of its items."""

    def change(events: list[Any], _: Any) -> list[Any]:
        ids = [event.external_id for event in events if isinstance(event, Received)]
        return [
            event.model_copy(update={"external_id": ids[0]}) if isinstance(event, Received) else event
            for event in events
        ]

    return parsing(subject, change)


@fault("ids", lambda subject: any(update.targets for _, update in subject.updates()))
def names_a_status_like_its_message(subject: Subject) -> Subject:
    """Delivered and read of one message have one id, so that the second is taken for a repetition."""

    def change(event: Any, _: Any) -> dict[str, Any]:
        return {"external_id": event.targets[0] if event.targets else event.external_id}

    return _each(subject, change, Updated)


@fault("state")
def keeps_what_it_read(subject: Subject) -> Subject:
    """The channel itself leaves out what it has seen before."""
    seen: set[bytes] = set()

    def change(events: list[Any], delivery: Delivery) -> list[Any]:
        if delivery.body in seen:
            return []
        seen.add(delivery.body)
        return events

    return parsing(subject, change)


@fault("state")
def numbers_what_it_reads(subject: Subject) -> Subject:
    """A counter goes on from delivery to delivery."""
    numbers = count()
    return _each(subject, lambda event, _: {"notes": (*event.notes, f"number {next(numbers)}")})


@fault("purity")
def reads_a_file_while_parsing(subject: Subject) -> Subject:
    """A table is read from disk for every delivery."""

    def change(events: list[Any], _: Any) -> list[Any]:
        with open(__file__, encoding="utf-8") as file:
            file.readline()
        return events

    return parsing(subject, change)


@fault("purity")
def looks_a_name_up_while_parsing(subject: Subject) -> Subject:
    """A socket is made to ask for something."""
    import socket

    def change(events: list[Any], _: Any) -> list[Any]:
        socket.socket().close()
        return events

    return parsing(subject, change)


@fault("flags")
def turns_public_around(subject: Subject) -> Subject:
    """What was said in public is taken for private, and the other way round."""
    return _each(subject, lambda event, _: {"public": not event.public})


@fault("flags", lambda subject: any(message.reply_to for _, message in subject.messages()))
def forgets_what_was_answered(subject: Subject) -> Subject:
    """A message does not say which one it answers."""
    return _each(subject, lambda event, _: {"reply_to": ""})


@fault("flags", lambda subject: subject.channel().own_address is not None)
def says_we_wrote_to_ourselves(subject: Subject) -> Subject:
    """The sender is our own account."""
    real = subject.kind

    def parse(self: Channel, delivery: Delivery) -> Any:
        own = self.own_address
        for event in real.parse(self, delivery):
            if isinstance(event, Received) and own is not None:
                yield event.model_copy(update={"sender": event.sender.model_copy(update={"address": own})})
            else:
                yield event

    return of(subject, parse=parse)


@fault("bare")
def reads_nothing_without_an_account(subject: Subject) -> Subject:
    """An instance without account reads nothing."""
    real = subject.kind

    def bare(cls: type[Channel], name: str = "file") -> Channel:
        channel = real.bare(name)
        channel.__class__ = type("Bare", (real,), {"parse": lambda self, delivery: ()})
        return channel

    return of(subject, bare=classmethod(bare))
