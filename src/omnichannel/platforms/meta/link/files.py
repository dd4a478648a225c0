"""Fetching what people sent: signed addresses at Meta's content hosts, which expire, so fetch soon."""

from __future__ import annotations

from urllib.parse import urlsplit

from omnichannel import fetching
from omnichannel.errors import FetchError, Unsupported
from omnichannel.model import Attachment

_HOSTS = ("fbcdn.net", "fbsbx.com", "cdninstagram.com")
"""Where Meta keeps what people sent (as its webhooks have shown since 2015)."""


async def download(attachment: Attachment, edge: str) -> bytes:
    """The bytes at an attachment's address. Its signature is in the address: no token goes there.

    Raises Unsupported if it has none, FetchError if it is elsewhere or cannot be had.
    """
    url = attachment.url
    if not url:
        raise Unsupported(
            f"{attachment.name or 'this file'} has no address: Meta shows it in its own app only"
        )
    split = urlsplit(edge)
    origin = f"{split.scheme}://{split.netloc}"
    if not (_is_metas(url) or url.startswith(f"{origin}/")):
        raise FetchError("this address is none of Meta's content hosts; whoever sent it may have made it up")
    return await fetching.fetch(url, trusted=(origin,))


def _is_metas(url: str) -> bool:
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return False
    return any(host == known or host.endswith(f".{known}") for known in _HOSTS)
