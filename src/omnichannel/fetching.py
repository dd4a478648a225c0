"""Fetching a file that lies at a platform: the one guarded door for addresses that others named.

Only `https://` (plain HTTP on this machine's loopback, where the channel's own host is there), only hosts on the
public internet, found out once and connected to exactly there (a name that resolves differently a moment later
changes nothing), every redirect looked at again, never more than `most` bytes, within a time.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterable, Mapping
from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import cast
from urllib.parse import urljoin, urlsplit

import httpcore

from omnichannel.errors import FetchError
from omnichannel.sealing import sealed

MOST_BYTES = 100 * 1024 * 1024
"""The largest file that any of the platforms keeps for us is 100 MB (WhatsApp documents)."""

_MOST_REDIRECTS = 3

_EACH = 3.0
"""Seconds for connecting to one of a host's addresses, while there is another: some lead nowhere, and say nothing."""

_NAT64 = IPv6Network("64:ff9b::/96")
"""Where networks without IPv4 put all of it (RFC 6052): the last 32 bits are the address that is meant."""


@sealed
async def fetch(
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    trusted: Iterable[str] = (),
    most: int = MOST_BYTES,
    seconds: float = 60.0,
) -> bytes:
    """The bytes at an address. `headers` (credentials) go only to the origins in `trusted`.

    `trusted` are origins (`https://graph.facebook.com`) that the channel itself is configured with: they may be on
    loopback. Raises FetchError, whose message names the cure.
    """
    origins = frozenset(one.rstrip("/").lower() for one in trusted)
    try:
        async with (
            asyncio.timeout(seconds),
            httpcore.AsyncConnectionPool(network_backend=Guard(origins)) as pool,
        ):
            return await _follow(pool, url, headers or {}, origins, most)
    except TimeoutError:
        raise FetchError(f"{_host(url)} did not give the file within {seconds:g} s; try again") from None
    except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException, OSError) as error:
        raise FetchError(f"{_host(url)} cannot be reached ({type(error).__name__}); try again") from None


async def _follow(
    pool: httpcore.AsyncConnectionPool,
    url: str,
    headers: Mapping[str, str],
    origins: frozenset[str],
    most: int,
) -> bytes:
    for _ in range(_MOST_REDIRECTS + 1):
        check(url, origins)
        own = dict(headers) if origin(url) in origins else {}
        sent = {"user-agent": "omnichannel", "accept": "*/*", "accept-encoding": "identity", **own}
        async with pool.stream(
            "GET", url, headers=[(k.encode(), v.encode()) for k, v in sent.items()]
        ) as answer:
            found = {key.lower(): value for key, value in answer.headers}
            if answer.status in (301, 302, 303, 307, 308) and b"location" in found:
                url = _joined(url, found[b"location"].decode("latin-1"))
                continue
            if answer.status != 200:
                raise FetchError(f"{_host(url)} answered HTTP {answer.status}: {_meaning(answer.status)}")
            return await _body(answer, most, _host(url))
    raise FetchError(f"{_host(url)} redirects more than {_MOST_REDIRECTS} times")


async def _body(answer: httpcore.Response, most: int, host: str) -> bytes:
    body = bytearray()
    async for chunk in answer.aiter_stream():
        body += chunk
        if len(body) > most:
            raise FetchError(f"the file at {host} is larger than {most} bytes; look at it at the platform")
    return bytes(body)


def _joined(url: str, further: str) -> str:
    try:
        return urljoin(url, further)
    except ValueError:
        raise FetchError(f"{_host(url)} redirects to what is no address") from None


def _meaning(status: int) -> str:
    if status in (401, 403):
        return "the account's credentials are not accepted, or the address has expired"
    return "it is gone, or its address has expired" if status in (404, 410) else "try again later"


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or "an address without a host"
    except ValueError:
        return "what is no address"


def origin(url: str) -> str:
    """Scheme, host and port of an address, as `trusted` names them. Raises ValueError for what is none."""
    split = urlsplit(url)
    return f"{split.scheme}://{split.netloc}".lower()


def check(url: str, origins: frozenset[str]) -> None:
    """Raise FetchError for what is no `https://` address that a stranger may send us to; `origins` are trusted."""
    try:
        split = urlsplit(url)
        port = split.port
    except ValueError:
        raise FetchError("what should be called is no address") from None
    if not url.isascii():
        # Whether a host of other letters is the one that was meant, nobody can see; browsers write both in ASCII.
        raise FetchError(
            "what should be called is not written in ASCII; percent-encode its path, and its host as xn--"
        )
    if not split.hostname or split.username is not None:
        raise FetchError("what should be called is no address, or one with a login in it")
    if origin(url) in origins:
        return
    if split.scheme != "https" or port not in (None, 443):
        raise FetchError(f"{split.hostname}: only https:// on its own port is called")


class Guard(httpcore.AsyncNetworkBackend):
    """Connects only to public addresses, and to the hosts that the channel is configured with."""

    def __init__(self, origins: frozenset[str]) -> None:
        self._wire = cast("httpcore.AsyncNetworkBackend", httpcore.AnyIOBackend())
        self._trusted = {
            (split.hostname or "", split.port or (443 if split.scheme == "https" else 80))
            for split in map(urlsplit, origins)
        }

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the signature is httpcore's
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Resolve once, refuse what is not public, and connect to exactly what was looked at, one after the other."""
        addresses = (host,) if (host, port) in self._trusted else await _public(host, port)
        for address in addresses[:-1]:
            patience = _EACH if timeout is None else min(timeout, _EACH)
            with suppress(httpcore.ConnectError, httpcore.ConnectTimeout):
                return await self._wire.connect_tcp(address, port, patience, local_address, socket_options)
        return await self._wire.connect_tcp(addresses[-1], port, timeout, local_address, socket_options)

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ARG002, ASYNC109
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,  # noqa: ARG002
    ) -> httpcore.AsyncNetworkStream:
        """Never."""
        raise FetchError(f"{path}: no file is fetched from a socket of this machine")

    async def sleep(self, seconds: float) -> None:
        """For httpcore's own pauses."""
        await asyncio.sleep(seconds)


async def _public(host: str, port: int) -> tuple[str, ...]:
    """The addresses of a host, all of which are on the public internet, in the order in which to try them."""
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise FetchError(f"{host}: there is no host of that name") from None
    addresses = tuple(dict.fromkeys(str(entry[4][0]).partition("%")[0] for entry in found))
    if not addresses or not all(_is_public(address) for address in addresses):
        raise FetchError(f"{host} is not on the public internet; such addresses are not called")
    return addresses


def _is_public(address: str) -> bool:
    found = _meant(ip_address(address))
    # What is reserved is routed nowhere today, or to where old notations hide an address of this network.
    hidden = found.is_multicast or found.is_reserved or (found.version == 6 and found.is_site_local)
    return found.is_global and not hidden


def _meant(found: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """The IPv4 address that an IPv6 address stands for, where it stands for one."""
    if isinstance(found, IPv4Address):
        return found
    if found in _NAT64:
        return IPv4Address(int(found) & 0xFFFFFFFF)
    return found.ipv4_mapped or found.sixtofour or found
