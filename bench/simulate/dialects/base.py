"""What a simulated platform says, in its own words: one `Dialect` for each channel that is simulated.

The platform thinks in items: `{"id", "from", "text", "at"}` a customer wrote, `{"id", "to", "text", "mark", "at"}` we
said, `{"id", "of", "to", "mark", "status", "at"}` became of it, `{"id", "odd"}` nobody understands. `at` is in
milliseconds. A dialect turns them into deliveries, and calls into words.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, ClassVar

from omnichannel.channel import Call, Channel, Delivery, Response, Sender
from omnichannel.inbox import Rules

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
    echo: ClassVar[bool] = True
    """Whether our own words come back among the news (`echoes`)."""
    unmarked: ClassVar[bool] = False
    """Whether they come back without what was planted in the call, so that words alone tell what they are."""
    proving: ClassVar[bool] = False
    """Whether a status brings back what was planted in the call."""
    retries: ClassVar[bool] = True
    """Whether what was not answered with 200 is posted again."""
    keyed: ClassVar[bool] = True
    """Whether what is fetched has one key for ever."""
    most_answers: ClassVar[int] = Rules().automatic_chats
    """How many automatic answers somebody is given in a day."""
    patience: ClassVar[float] = 120.0
    """Seconds of peace until everything must be done."""
    repeats: ClassVar[bool] = False
    """Whether a call may be made again: it is known by what was planted, and seen once."""
    accounts: ClassVar[tuple[str, ...]] = (ACCOUNT,)
    """Our accounts, each of which is told everything."""
    leads_over: ClassVar[bool] = False
    """Whether somebody who is answered in private goes on elsewhere, under another name."""
    threads: ClassVar[bool] = False
    """Whether somebody may have several conversations at once."""

    @abstractmethod
    def channel(self, sender: Sender) -> Channel:
        """The channel under test, with this way to the platform."""

    def channels(self, sender: Sender) -> Sequence[Channel]:
        """It, and those that belong to it."""
        return (self.channel(sender),)

    @abstractmethod
    def delivery(self, items: Sequence[Item], *, forged: bool = False, times: int = 0) -> Delivery:
        """Items as the platform posts them, having posted them so many times; `forged`: as somebody else would."""

    @abstractmethod
    def said(self, call: Call) -> Item:
        """What a call says, and to whom."""

    @abstractmethod
    def taken(self, number: str) -> bytes:
        """The answer to a call that was taken."""

    def answer(self, fault: str, number: str) -> Response:
        """The answer to a call that fared like this; `number` is what it is called by, if it was taken."""
        return _ANSWERS.get(fault) or Response(status=200, body=self.taken(number))

    def tells(self, body: bytes, text: str) -> bool:
        """Whether a delivery says this, as far as can be seen from outside."""
        return text.encode() in body

    def words(self, number: int, text: str, who: str) -> str:
        """What stands in a message that somebody writes to us, if they mean to say this."""
        return text

    def customer(self, number: int) -> str:
        """What the platform calls one of its users."""
        return f"customer-{number}"

    def inbound(self, number: int, who: str) -> str:
        """The id of something that was written to us."""
        return f"in-{number}"

    def goes_on_as(self, who: str) -> str:
        """What somebody is called where a private answer leads."""
        return who

    def privately(self, number: str) -> bool:
        """Whether we answer something in private that was said in public."""
        return False

    def outbound(self, number: int, who: str) -> str:
        """The id of something that we wrote."""
        return f"out-{number}"

    def called(self, number: int, said: Item) -> str:
        """The id of what a call says."""
        return self.outbound(number, said["to"])

    def mark(self, call: Call) -> str:
        """What tells a call from every other: what was planted in it."""
        return call.correlator

    def limited(self, call: Call) -> str:
        """What a call shares a limit with: all of its account, unless the platform counts otherwise."""
        return ACCOUNT

    @staticmethod
    def by_words(to: str, text: str) -> str:
        """A mark where nothing can be planted: our words name the message that they answer."""
        return f"{to}/{text[:40]}/{len(text)}"

    def in_two_pieces(self, text: str) -> str:
        """A text that needs two calls."""
        return " ".join([text] + [f"and more than {text}"] * (self.longest // len(text)))


_LOST = Response(failure="in_doubt", detail="lost after the first byte")
_FAILED = Response(status=503, body=b"<html>try later</html>")
_ANSWERS = {
    "refused": Response(failure="not_sent", detail="connection refused"),
    "lost before": _LOST,
    "lost after": _LOST,
    "hang before": _LOST,
    "hang after": _LOST,
    "failed before": _FAILED,
    "failed after": _FAILED,
    "garbage": Response(status=200, body=b"<html>welcome</html>"),
    "too many": Response(status=429, headers=(("Retry-After", "2"),)),
    "rejected": Response(status=400, body=b"{}"),
}
