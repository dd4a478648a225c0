"""Who is behind a PSID: Meta's profile look-up, which refuses everything if one field is not approved.

Facts: User Profile API (read 11 September 2026); that the conversation's participants carry the name where the
profile is denied was found in production in July 2026.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx

from omnichannel.channels.messenger.parse import KIND
from omnichannel.http import Client
from omnichannel.model import Party
from omnichannel.platforms.meta.answers import code_of
from omnichannel.platforms.meta.link import fetch
from omnichannel.platforms.meta.messaging.item import address
from omnichannel.toolbox import Json, answer, items, obj, string

if TYPE_CHECKING:
    from omnichannel.channels.messenger import Messenger

FIELDS = ("name", "first_name", "last_name")
_FIELD_REFUSED = 2018247


async def asked(channel: Messenger, psid: str) -> Party:
    """`look_up` with a connection of its own."""
    async with Client(timeout=15.0) as client:
        return await look_up(channel, psid, client)


async def look_up(channel: Messenger, psid: str, client: httpx.AsyncClient) -> Party:
    """The person with the name that Meta tells, or without one: a refusal is no error.

    At most five requests. Raises httpx.HTTPError if the Graph API cannot be reached.
    """
    url = f"{channel.edge}/{psid}"
    found = await _ask(channel, client, url, FIELDS)
    name = _name(found)
    if not name and _refuses_a_field(found):
        name = _name({field: await _one(channel, client, url, field) for field in FIELDS})
    if not name:
        name = await _as_participant(channel, client, psid)
    return Party(address=address(KIND, channel.page_id, psid), name=name)


async def _ask(
    channel: Messenger, client: httpx.AsyncClient, url: str, fields: tuple[str, ...]
) -> dict[str, Json]:
    return answer(await fetch(channel, client, url, {"fields": ",".join(fields)}))


async def _one(channel: Messenger, client: httpx.AsyncClient, url: str, field: str) -> str:
    return string(await _ask(channel, client, url, (field,)), field)


def _refuses_a_field(found: dict[str, Json]) -> bool:
    """Code 100 without subcode is how some apps see the same refusal; 33 means no access at all."""
    return code_of(obj(found, "error")) in ((100, 0), (100, _FIELD_REFUSED))


def _name(found: dict[str, Json]) -> str:
    parts = (string(found, "first_name"), string(found, "last_name"))
    return string(found, "name") or " ".join(part for part in parts if part)


async def _as_participant(channel: Messenger, client: httpx.AsyncClient, psid: str) -> str:
    """The name in the conversation's list of participants. Their e-mail there is made up: never read."""
    found = answer(
        await fetch(
            channel,
            client,
            f"{channel.edge}/{channel.page_id}/conversations",
            {"platform": "messenger", "user_id": psid, "fields": "participants"},
        )
    )
    for conversation in items(found, "data"):
        for person in items(obj(conversation, "participants"), "data"):
            if string(person, "id") == psid:
                return string(person, "name")
    return ""
