"""Instagram as it behaves towards an account: as Messenger does, but nothing can be planted in a message."""

from __future__ import annotations

from typing import ClassVar

from bench.simulate.dialects.base import ACCOUNT, Item
from bench.simulate.dialects.messenger import SECRET, MessengerDialect
from omnichannel.channel import Call, Channel, Sender
from omnichannel.channels.instagram import Instagram
from omnichannel.model import Address, Party

_US = "17841400000000001"


class _Instagram(Instagram):
    """The channel as it is, but for its wires: calls go to the simulated platform, and names are asked of nobody."""

    wire: Sender | None = None

    def sender(self) -> Sender | None:
        return self.wire

    async def look_up(self, address: Address) -> Party | None:
        return None


class InstagramDialect(MessengerDialect):
    """One account."""

    kind: ClassVar[str] = "instagram"
    unmarked: ClassVar[bool] = True
    statuses: ClassVar[tuple[str, ...]] = ()
    longest: ClassVar[int] = 600
    us: ClassVar[str] = _US
    object: ClassVar[str] = "instagram"

    def channel(self, sender: Sender) -> Channel:
        channel = _Instagram(ACCOUNT, account_id=_US, token="token", app_secret=SECRET, verify_token="word")
        channel.wire = sender
        return channel

    def said(self, call: Call) -> Item:
        said = super().said(call)
        return {**said, "mark": self.by_words(said["to"], said["text"])}

    def mark(self, call: Call) -> str:
        mark: str = self.said(call)["mark"]
        return mark
