"""A platform that posts nothing: what there is is fetched, from where the last fetch ended, as with a mailbox."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar, Protocol

from bench.simulate.dialects.base import ACCOUNT, Item
from bench.simulate.dialects.chat import Chat, ChatDialect
from omnichannel.channel import Batch, Channel, Delivery, Sender, Source

_MOST = 3  # items in one fetch


class Shelf(Protocol):
    """Where things wait to be fetched."""

    async def look(self, after: int) -> list[Item]:
        """Everything behind the first so many. Raises OSError."""
        ...

    async def wait(self) -> None:
        """Until something may be new."""
        ...


class PolledChat(Chat):
    """The chat, read instead of heard."""

    shelf: Shelf

    def sources(self) -> Sequence[Source]:
        return (Feed(self.shelf, PolledDialect.found),)


class Feed:
    """The one wire to read; `found` makes a delivery of what lies there."""

    name = "feed"

    def __init__(self, shelf: Shelf, found: Callable[[Item], Delivery]) -> None:
        self._shelf, self._found = shelf, found

    async def fetch(self, cursor: str) -> Batch:
        begin = int(cursor or 0)
        items = await self._shelf.look(begin)
        some = items[:_MOST]
        deliveries = tuple(self._found(item) for item in some)
        return Batch(deliveries=deliveries, cursor=str(begin + len(some)), more=len(items) > len(some))

    async def wait(self, seconds: float) -> None:
        await self._shelf.wait()

    async def close(self) -> None:
        """Nothing to let go of."""


class PolledDialect(ChatDialect):
    """The platform's side."""

    kind: ClassVar[str] = "polled"
    polled: ClassVar[bool] = True
    batches: ClassVar[bool] = False

    def channel(self, sender: Sender) -> Channel:
        channel = PolledChat(ACCOUNT, sender)
        assert hasattr(sender, "look")
        channel.shelf = sender  # type: ignore[assignment]  # the worker's one wire goes both ways
        return channel

    def delivery(self, items: Sequence[Item], *, forged: bool = False, times: int = 0) -> Delivery:
        return super().delivery(items, forged=forged, times=times) if forged else self.found(items[0])

    @staticmethod
    def found(item: Item) -> Delivery:
        """One thing as it was fetched, under the platform's own key."""
        delivery = ChatDialect().delivery([item])
        return delivery.model_copy(update={"source": "poll", "key": item["id"]})
