"""Any class of channel on a stage: its `can`, its `render`, and a wire that does what it was told."""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal

from pydantic import TypeAdapter

from omnichannel.channel import Ack, Call, Channel, Delivery, Response, Sender, Source
from omnichannel.errors import NotFound, Unsupported, UsageError
from omnichannel.model import (
    Address,
    Attachment,
    Deferred,
    Draft,
    Event,
    Party,
    Receipt,
    Received,
    Refused,
    Sent,
    Text,
    Unknown,
)
from omnichannel.testing.hand_clock import HandClock

Outcome = Refused | Deferred | Unknown | Sent | Literal["hang"]
"""What a wire can be told to do with a call; `hang`: nothing comes back until the call's time is up."""

_EVENTS: TypeAdapter[tuple[Event, ...]] = TypeAdapter(tuple[Event, ...])
_RECEIPT: TypeAdapter[Receipt] = TypeAdapter(Receipt)

# Somebody's address, a message's id and a conversation as the platforms write them. The first of each that the
# channel's `render` takes is used; what is universal has one form only.
_UNIVERSAL = {"phone": ("+3161234560{number}",), "email": ("person{number}@example.com",)}
_VALUES = (
    "2000000000000{number}", "+3161234560{number}", "person{number}@example.com", "U{number:032x}",
    "{name}, Sample Street {number}, 1012 AB Amsterdam, Netherlands", "person-{number}",
)  # fmt: skip
_SCOPES = ("", "100000000000001")
_IDS = ("9000000{number}", "{value}:{number}", "100000000000001_{number}", "m{number}")
_THREADS = ("{value}", "-100123456789{who}", "{id}")


@dataclass
class Wire:
    """What an account writes to: it keeps every call, and answers as it was told, else with success."""

    clock: HandClock
    calls: list[tuple[Channel, Call, Receipt]]
    script: deque[Outcome] = field(default_factory=deque)
    channel: Channel | None = None
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    async def send(self, call: Call) -> Response:
        """Answer as told; a call that hangs lasts as long as it may, by the clock of the stage."""
        told = self.script.popleft() if self.script else Sent(external_id=f"sent-{next(self.numbers)}")
        if told == "hang":
            self.clock.forward(seconds=call.timeout)
            told = Unknown(detail=f"no answer within {call.timeout:g} s")
        assert self.channel is not None
        self.calls.append((self.channel, call, told))
        return Response(status=200, body=_RECEIPT.dump_json(told))

    async def close(self) -> None:
        """Nothing to let go of."""


def staged(kind: type[Channel], name: str, wire: Wire) -> Channel:
    """An account of that class: what it can and how it renders are the class's own, its platform is the stage."""
    channel = kind.bare(name)
    channel.__class__ = type(kind.__name__, (kind,), _members(kind, name, wire))
    wire.channel = channel
    return channel


def _members(kind: type[Channel], name: str, wire: Wire) -> dict[str, object]:
    def admit(_: Channel, delivery: Delivery) -> Ack:  # noqa: ARG001 - on a stage nobody is a stranger
        return Ack()

    def parse(_: Channel, delivery: Delivery) -> Sequence[Event]:
        return _EVENTS.validate_json(delivery.body)

    def read(_: Channel, call: Call, response: Response) -> Receipt:  # noqa: ARG001
        return _RECEIPT.validate_json(response.body)

    def sender(_: Channel) -> Sender:
        return wire

    def start_link(_: Channel, token: str) -> str:
        if not kind.can.continues:
            raise Unsupported(f"{kind.kind} cannot carry a token that continues a conversation")
        return f"https://stage.example/{name}?token={token}"

    def content(_: Channel, delivery: Delivery, attachment: Attachment) -> bytes:
        return _content(delivery, attachment)

    async def look_up(_: Channel, address: Address) -> Party | None:  # noqa: ARG001
        return None

    def nothing(*_: object) -> Sequence[Source]:
        return ()

    return {
        "admit": admit, "parse": parse, "read": read, "sender": sender, "start_link": start_link, "content": content,
        "look_up": look_up, "sources": nothing, "histories": nothing, "site": lambda *_: None,
        "credentials": _no_credentials, "own_address": None,
    }  # fmt: skip


def _no_credentials(*_: object) -> Mapping[str, str]:
    return {}


def _content(delivery: Delivery, attachment: Attachment) -> bytes:
    for event in _EVENTS.validate_json(delivery.body):
        for part in event.parts if isinstance(event, Received) else ():
            if isinstance(part, Attachment) and part.index == attachment.index and part.content is not None:
                return part.content
    raise NotFound(f"{attachment.name or 'this file'} came without its bytes; give the attachment `content`")


def delivery(*events: Event) -> Delivery:
    """What the platform of a stage sends."""
    return Delivery(url="https://stage.example/", body=_EVENTS.dump_json(events))


@dataclass(frozen=True)
class Spot:
    """Where somebody writes on a channel: their address, and what ids of messages and threads look like there."""

    address: Address
    ids: str
    threads: str
    who: int

    def id(self, number: int) -> str:
        """The id of their so-manieth message."""
        return self.ids.format(number=number, value=self.address.value)

    def thread(self, external_id: str) -> str:
        """The conversation of a message."""
        return self.threads.format(value=self.address.value, who=self.who, id=external_id)


def spot(channel: Channel, name: str, who: int, *, public: bool, given: Address | None = None) -> Spot:
    """Where somebody of that name can write so that the channel can answer; `given` is an address that must be.

    Raises UsageError if none of the forms that platforms have will do: then the address has to be given.
    """
    threads = ("{id}",) if channel.can.threads else _THREADS
    addresses = [given] if given else _addresses(channel, name, who)
    for address, ids, thread in itertools.product(addresses, _IDS, threads):
        found = Spot(address, ids, thread, who)
        if _renders(channel, found, public=public):
            return found
    way = "in public" if public else "in private"
    raise UsageError(f"{channel.kind} cannot answer {name} {way} at a made-up address; give one in `people`")


def _addresses(channel: Channel, name: str, who: int) -> list[Address]:
    kinds = sorted(channel.can.reaches) or [channel.kind]
    return [
        Address(kind=kind, scope=scope, value=value.format(number=who, name=name))
        for kind, scope in itertools.product(kinds, _SCOPES)
        for value in _UNIVERSAL.get(kind, _VALUES)
    ]


def ways(channel: Channel) -> tuple[bool, ...]:
    """Whether it speaks in public, in private, or both, private first."""
    return tuple(
        public for public in (False, True) if (channel.can.public if public else channel.can.private)
    )


def _renders(channel: Channel, found: Spot, *, public: bool) -> bool:
    now = HandClock().now()
    draft = Draft(
        id="stage",
        to=Party(address=found.address),
        parts=(Text(text="Hello"),),
        created_at=now,
        heard_at=now - timedelta(minutes=1),
        public=public,
        reply_to=found.id(1) if public or channel.can.answers else "",
        thread=found.thread(found.id(1)),
    )
    try:
        return bool(channel.render(draft))
    except (UsageError, ValueError):
        return False
