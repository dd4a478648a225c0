"""What was written before: Twilio's lists, with the pictures that they only count."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

import httpx

from omnichannel.channel import Source
from omnichannel.platforms.twilio.link import listed
from omnichannel.platforms.twilio.link.history import History
from omnichannel.toolbox import Json, string

if TYPE_CHECKING:
    from omnichannel.channels.sms import Sms


def histories(channel: Sms, since: datetime) -> Sequence[Source]:
    """What was written to our number and by it; everything of the account where Twilio chooses the number."""

    async def complete(client: httpx.AsyncClient, found: list[Json], start: date, end: date) -> None:  # noqa: ARG001
        for message in found:
            await _add_media(channel, client, message)

    ends = {"to": {"To": channel.number}, "from": {"From": channel.number}} if channel.number else {"all": {}}
    return [
        History(channel, f"messages-{end}", "messages", "DateSent", filters, since, complete)
        for end, filters in ends.items()
    ]


async def _add_media(channel: Sms, client: httpx.AsyncClient, message: Json) -> None:
    """The addresses of a message's files: the list of messages only says how many there are."""
    if not isinstance(message, dict) or string(message, "num_media") in ("", "0"):
        return
    url = f"{channel.edge}/Messages/{string(message, 'sid')}/Media.json"
    media = await listed(channel, client, url, None, "media_list")
    message["media"] = [
        {
            "url": channel.host + string(one, "uri").removesuffix(".json"),
            "content_type": string(one, "content_type"),
        }
        for one in media
    ]
