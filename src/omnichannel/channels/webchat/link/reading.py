"""Reading a talk on and on, without a gap: also where several workers write at the same time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from omnichannel.channel import Host
from omnichannel.channels.webchat import show
from omnichannel.errors import NotFound
from omnichannel.model import Address, Message
from omnichannel.toolbox import Json

MOST = 200
"""Messages of history that a browser is shown, and the most that are read at once."""

_SETTLES = timedelta(seconds=10)


class Reader:
    """What is new in the talks of a few addresses, each message once.

    `cursor` says how far a browser has everything, and may be sent by it later: then some come again, which it
    recognises by their ids. A message of another worker can appear with an id below one that was read before: so
    the cursor follows a few seconds behind, and what lies between is read again.
    """

    def __init__(self, host: Host, addresses: Sequence[Address], cursor: str = "") -> None:
        self._host = host
        self._addresses = tuple(addresses)
        given = cursor.split(",")
        fits = len(given) == len(self._addresses)
        self._settled = given if fits else [""] * len(self._addresses)
        self._known: list[set[str]] = [set() for _ in self._addresses]

    @property
    def cursor(self) -> str:
        """Up to where nothing can be missing."""
        return ",".join(self._settled)

    async def news(self) -> list[dict[str, Json]]:
        """What is new, as the widget reads it, in order."""
        found = [one for place in range(len(self._addresses)) for one in await self._of(place)]
        return [show.as_json(message) for message in sorted(found, key=lambda message: message.id)]

    async def _of(self, place: int) -> list[Message]:
        talk = await self._talk(place)
        fresh = [message for message in talk if message.id not in self._known[place]]
        settled_at = self._host.now() - _SETTLES
        settled = [message.id for message in talk if message.received_at <= settled_at]
        if settled:
            self._settled[place] = settled[-1]
        self._known[place] = {message.id for message in talk}
        return [message for message in fresh if show.shown(message)]

    async def _talk(self, place: int) -> Sequence[Message]:
        address, after = self._addresses[place], self._settled[place]
        try:
            return await self._host.talk(address, after, MOST)
        except NotFound:
            # What a browser kept too long, or made up: it begins anew.
            self._settled[place] = ""
            return await self._host.talk(address, "", MOST)
