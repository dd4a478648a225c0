"""What the kit looks at: how to make the channel, how its platform signs, and what was recorded of both."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

from omnichannel.channel import Call, Channel, Delivery
from omnichannel.errors import Unsupported
from omnichannel.model import Draft, Event, Receipt, Received, Updated
from omnichannel.testing.cases import Case, found_events


def secret_of(number: int) -> str:
    """A secret that stands nowhere else: 32 hexadecimal digits, which every platform's settings take."""
    return hashlib.sha256(f"a secret of the contract kit, number {number}".encode()).hexdigest()[:32]


@dataclass(frozen=True)
class Subject:
    """A channel under test. `make` builds an instance that takes deliveries signed with any of the secrets.

    `sign` adds what the platform adds; `challenge` is the platform's question when a webhook is set up, with the text
    that it wants back (None where it asks nothing); `said` is the text in a call's body, `tokens` are a link's.
    """

    make: Callable[..., Channel]
    sign: Callable[[Delivery, str], Delivery]
    challenge: Callable[[str, str], Delivery | None]
    said: Callable[[Call], str | None]
    secret: Callable[[int], str]
    tokens: Callable[[str], tuple[str, ...]]
    cases: tuple[Case, ...]

    def channel(self, *secrets: str) -> Channel:
        """A new instance with these secrets, by default the first of all."""
        return self.make(*(secrets or (self.secret(0),)))

    @cached_property
    def kind(self) -> type[Channel]:
        """The channel's class."""
        return type(self.channel())

    @cached_property
    def received(self) -> tuple[Case, ...]:
        """The `receive` cases."""
        return tuple(case for case in self.cases if case.direction == "receive")

    @cached_property
    def sent(self) -> tuple[Case, ...]:
        """The `send` cases."""
        return tuple(case for case in self.cases if case.direction == "send")

    @cached_property
    def answered(self) -> tuple[Case, ...]:
        """The `response` cases."""
        return tuple(case for case in self.cases if case.direction == "response")

    @cached_property
    def deliveries(self) -> tuple[Case, ...]:
        """The `receive` cases that come by webhook to the account itself."""
        return tuple(case for case in self.received if case.delivery.source == "webhook" and not case.bare)

    @cached_property
    def has_webhook(self) -> bool:
        """Whether deliveries come signed: `for_verifying` makes an instance instead of raising Unsupported."""
        try:
            self.kind.for_verifying((self.secret(0),))
        except Unsupported:
            return False
        return True

    def events(self) -> Iterator[tuple[Case, Event]]:
        """What the recorded deliveries mean to the channel, with their cases. Raises what `parse` raises."""
        channel = self.channel()
        for case in self.received:
            for event in found_events(case, channel):
                yield case, event

    def receipts(self) -> Iterator[tuple[Case, Receipt]]:
        """Everything that the recorded answers mean to the channel, with their cases."""
        channel = self.channel()
        for case in self.answered:
            yield case, case.seen_by(channel).read(case.call, case.response)

    def messages(self) -> Iterator[tuple[Case, Received]]:
        """Every message among them, with its case."""
        for case, event in self.events():
            if isinstance(event, Received):
                yield case, event

    def updates(self) -> Iterator[tuple[Case, Updated]]:
        """Everything that happened to a message, with its case."""
        for case, event in self.events():
            if isinstance(event, Updated):
                yield case, event

    def drafts(self, *, bare: bool = False) -> Iterator[tuple[Case, Draft]]:
        """Every recorded draft that can be sent, with its case; those for bare instances only where asked for."""
        for case in self.sent:
            if not case.raises and (bare or not case.bare):
                yield case, case.draft
