"""What is not a webhook or plain HTTP: wires that are read and written, and what a channel's own pages are given."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from datetime import datetime
from typing import Protocol

from omnichannel.channel.carried import Ack, Batch, Call, Delivery, Response
from omnichannel.model import Address, Message


class Source(Protocol):
    """A wire that we read (a mailbox, an API to poll). One task at a time uses it.

    Raise anything on trouble: the runner closes the source, waits with growing patience and starts again
    from the last committed cursor. Never skip something to get on.
    """

    @property
    def name(self) -> str:
        """What tells this source from the account's others, e.g. the folder; part of the cursor's key."""
        ...

    async def fetch(self, cursor: str) -> Batch:
        """Everything new since the cursor (empty: since ever), in order, or as much as is reasonable."""
        ...

    async def wait(self, seconds: float) -> None:
        """Return as soon as something may be new, after so many seconds at the latest."""
        ...

    async def close(self) -> None:
        """Let go of connections; never raises. `fetch` may be called again afterwards."""
        ...


class Sender(Protocol):
    """A wire that we write to. Never retries: one call is one attempt."""

    async def send(self, call: Call) -> Response:
        """Do the one request; trouble is a `Response` with `failure`, not an exception."""
        ...

    async def close(self) -> None:
        """Let go of connections; never raises."""
        ...


class Host(Protocol):
    """What the inbox lets a channel's own pages do (`Channel.site`): bring in deliveries, and read back a talk."""

    async def receive(self, delivery: Delivery) -> Ack:
        """Verify and keep one delivery, as if it came by webhook. Raises Forged or Malformed."""
        ...

    async def talk(self, address: Address, after: str = "", most: int = 100) -> Sequence[Message]:
        """What this account and that address said to each other, in order: the first so many after a message's id.

        Empty `after`: the newest so many. Internal notes and other accounts are never in it. An id that is not of
        this talk raises NotFound.
        """
        ...

    async def wait(self, seconds: float) -> None:
        """Return as soon as something may be new, after so many seconds at the latest."""
        ...

    def random(self, size: int) -> bytes:
        """Unguessable bytes, for ids and keys that a page gives out."""
        ...

    def now(self) -> datetime:
        """The moment, by the inbox's clock."""
        ...


AsgiApp = Callable[
    [
        MutableMapping[str, object],
        Callable[[], Awaitable[MutableMapping[str, object]]],
        Callable[[MutableMapping[str, object]], Awaitable[None]],
    ],
    Awaitable[None],
]
"""An ASGI application."""
