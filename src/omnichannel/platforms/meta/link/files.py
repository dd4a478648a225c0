"""Fetching what people sent: signed addresses at Meta's content hosts, which expire, so fetch soon."""

from __future__ import annotations

from collections.abc import Iterable
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
    if not attachment.url:
        raise Unsupported(
            f"{attachment.name or 'this file'} has no address: Meta shows it in its own app only"
        )
    origin = origin_of(edge)
    refuse_elsewhere(attachment.url, origin, _HOSTS)
    return await fetching.fetch(attachment.url, trusted=(origin,))


def origin_of(edge: str) -> str:
    """The server behind an address of the Graph API."""
    split = urlsplit(edge)
    return f"{split.scheme}://{split.netloc}"


def refuse_elsewhere(url: str, origin: str, hosts: Iterable[str]) -> None:
    """Raises FetchError for an address that is at none of these hosts, nor at the Graph API itself."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        host = ""
    known = any(host == one or host.endswith(f".{one}") for one in hosts)
    if not known and not url.startswith(f"{origin}/"):
        raise FetchError(
            f"{host or 'this address'} is none of Meta's content hosts; whoever sent it may have made it up"
        )
