"""What was said before, week by week, oldest first: Twilio lists the newest first and cannot turn that round."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import httpx

from omnichannel.channel import Batch, Delivery
from omnichannel.errors import WireError
from omnichannel.http import Client
from omnichannel.platforms.twilio.link import listed
from omnichannel.toolbox import Json

if TYPE_CHECKING:
    from omnichannel.platforms.twilio.account import TwilioChannel

_WEEK = timedelta(days=7)
_MOST = 200  # items in one delivery

Complete = Callable[[httpx.AsyncClient, list[Json], date, date], Awaitable[None]]
"""Adds to the items of some days what the list itself does not say (pictures, recordings)."""


class History:
    """One list of the account, filtered; a look takes a week, and the cursor is the day to go on with."""

    def __init__(
        self,
        channel: TwilioChannel,
        name: str,
        key: str,
        day: str,
        filters: dict[str, str],
        since: datetime,
        complete: Complete,
    ) -> None:
        self._channel = channel
        self._name, self._key, self._day = name, key, day
        self._filters = filters
        self._since = since
        self._complete = complete

    @property
    def name(self) -> str:
        """Which of the account's lists this is."""
        return self._name

    async def fetch(self, cursor: str) -> Batch:
        """The week that begins at the cursor. Raises WireError if Twilio does not show it."""
        start = date.fromisoformat(cursor) if cursor else self._since.astimezone(UTC).date()
        end = start + _WEEK
        try:
            async with Client(timeout=60.0) as client:
                found = await self._items(client, start, end)
                await self._complete(client, found, start, end)
        except httpx.HTTPError as error:
            raise WireError(f"{self._channel.host} did not answer: {type(error).__name__}") from None
        more = end <= datetime.now(UTC).date()
        return Batch(
            deliveries=self._deliveries(found), cursor=(end if more else start).isoformat(), more=more
        )

    async def _items(self, client: httpx.AsyncClient, start: date, end: date) -> list[Json]:
        url = f"{self._channel.edge}/{self._key.title()}.json"
        # Both bounds are inclusive days in UTC (`>=` and `<=` in Twilio's own spelling).
        days = {f"{self._day}>": start.isoformat(), f"{self._day}<": (end - timedelta(days=1)).isoformat()}
        found = await listed(
            self._channel, client, url, {**self._filters, **days, "PageSize": "1000"}, self._key
        )
        return found[::-1]

    def _deliveries(self, found: list[Json]) -> tuple[Delivery, ...]:
        return tuple(
            Delivery(
                source="history",
                method="GET",
                url=f"{self._channel.edge}/{self._key.title()}.json",
                headers=(("content-type", "application/json"),),
                body=json.dumps({self._key: found[at : at + _MOST]}, ensure_ascii=False).encode(),
            )
            for at in range(0, len(found), _MOST)
        )

    async def wait(self, seconds: float) -> None:
        """What was said before does not change: it waits so long."""
        await asyncio.sleep(seconds)

    async def close(self) -> None:
        """There is no connection to let go of."""
