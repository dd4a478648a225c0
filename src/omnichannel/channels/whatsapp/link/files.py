"""Fetching what people sent: the platform tells an address for a media id, and gives the bytes to our token only.

An address lives 5 minutes, the id from a webhook 7 days (Meta, "Media"): so the id is asked first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from omnichannel import fetching
from omnichannel.channel import Call
from omnichannel.errors import FetchError, Malformed, Unsupported
from omnichannel.model import Attachment
from omnichannel.platforms.meta.link.files import origin_of, refuse_elsewhere
from omnichannel.toolbox import load_json, sealed, string

if TYPE_CHECKING:
    from omnichannel.channels.whatsapp import WhatsApp

_MEDIA = "https://lookaside.fbsbx.com"
"""Where the bytes are given to whoever shows the token."""

_HOSTS = ("fbsbx.com", "fbcdn.net", "whatsapp.net", "facebook.com")
_MOST_ANSWER = 64 * 1024


async def download(channel: WhatsApp, attachment: Attachment) -> bytes:
    """The bytes of a file. Raises Unsupported if it has neither id nor address, FetchError if it cannot be had."""
    if not (attachment.external_id or attachment.url):
        raise Unsupported(f"{attachment.name or 'this file'} has neither an id nor an address at WhatsApp")
    url = await _address(channel, attachment.external_id) if attachment.external_id else attachment.url
    refuse_elsewhere(url, origin_of(channel.edge), _HOSTS)
    return await _get(channel, url, fetching.MOST_BYTES)


async def _address(channel: WhatsApp, media_id: str) -> str:
    """Where the bytes are, for the next five minutes."""
    asked = f"{channel.edge}/{quote(media_id, safe='')}?phone_number_id={channel.number_id}"
    try:
        url = string(load_json(await _get(channel, asked, _MOST_ANSWER)), "url")
    except Malformed:
        url = ""
    if not url:
        raise FetchError("the Cloud API told no address for this file; try again")
    return url


@sealed
async def _get(channel: WhatsApp, url: str, most: int) -> bytes:
    token = dict(channel.credentials(Call(url=url)))
    return await fetching.fetch(url, headers=token, trusted=(origin_of(channel.edge), _MEDIA), most=most)
