"""What a simulated platform says, in its own words: one `Dialect` for each channel that is simulated.

The platform thinks in items: `{"id", "from", "text", "at"}` a customer wrote, `{"id", "to", "text", "mark", "at"}` we
said, `{"id", "of", "to", "mark", "status", "at"}` became of it, `{"id", "odd"}` nobody understands. `at` is in
milliseconds. A dialect turns them into deliveries, and calls into words.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, ClassVar

from omnichannel.channel import Call, Channel, Delivery, Sender

Item = dict[str, Any]
ACCOUNT = "account"


class Dialect(ABC):
    """One kind of platform, seen from its own side."""

    kind: ClassVar[str]
    echoes: ClassVar[bool] = True
    statuses: ClassVar[tuple[str, ...]] = ()
    batches: ClassVar[bool] = True
    odd: ClassVar[bool] = False
    polled: ClassVar[bool] = False
    longest: ClassVar[int] = 100

    @abstractmethod
    def channel(self, sender: Sender) -> Channel:
        """The channel under test, with this way to the platform."""

    @abstractmethod
    def delivery(self, items: Sequence[Item], *, forged: bool = False) -> Delivery:
        """Items as the platform posts them; `forged`: as somebody else would."""

    @abstractmethod
    def said(self, call: Call) -> Item:
        """What a call says, and to whom."""

    @abstractmethod
    def taken(self, number: str) -> bytes:
        """The answer to a call that was taken."""

    def customer(self, number: int) -> str:
        """What the platform calls one of its users."""
        return f"customer-{number}"

    def inbound(self, number: int, who: str) -> str:
        """The id of something that was written to us."""
        return f"in-{number}"

    def outbound(self, number: int, who: str) -> str:
        """The id of something that we wrote."""
        return f"out-{number}"

    def mark(self, call: Call) -> str:
        """What tells a call from every other: what was planted in it."""
        return call.correlator

    def in_two_pieces(self, text: str) -> str:
        """A text that needs two calls."""
        return " ".join([text] + [f"and more than {text}"] * (self.longest // len(text)))
