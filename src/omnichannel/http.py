"""Calls over HTTP, for every channel whose wire is plain HTTP: one call, one attempt, an honest outcome.

What never happens here: a second attempt, a redirect followed (credentials would follow it), a cookie kept,
an answer without end, a secret in a log or a message.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Mapping
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any

import httpcore
import httpx

from omnichannel.channel import Call, Channel, Response
from omnichannel.discreet import unlogged
from omnichannel.tls import trusted
from omnichannel.toolbox import is_loopback, sealed

__all__ = ["MOST_BYTES", "Client", "HttpSender"]

MOST_BYTES = 1024 * 1024
"""The longest answer that is read. Platforms answer a send with less than 10 kB."""

_IDLE_SECONDS = 5.0
"""How long a connection is kept for the next call: shorter than any platform closes it, because a call that
is written into a closing connection would be in doubt."""


class Client(httpx.AsyncClient):
    """A client of httpx whose requests are in no log, and which trusts whom all of ours trust (`tls.trusted`).

    Whatever of a channel asks its platform something, asks with it. All else is httpx's, `verify` included.
    """

    def __init__(self, *, verify: ssl.SSLContext | None = None, **how: Any) -> None:
        super().__init__(verify=verify or trusted(), **how)

    async def send(self, request: httpx.Request, **how: Any) -> httpx.Response:
        """As httpx does it."""
        with unlogged():
            return await super().send(request, **how)


class HttpSender:
    """A channel's `Sender` over plain HTTP.

    The channel's credentials are added here and nowhere else. `http://` is refused unless it goes to this
    machine or `plain_http` is set. `https://` goes through the proxy that HTTPS_PROXY names; plain HTTP never
    goes through one.
    """

    def __init__(self, channel: Channel, *, plain_http: bool = False) -> None:
        self._channel = channel
        self._plain_http = plain_http
        self._client: httpx.AsyncClient | None = None

    @sealed
    async def send(self, call: Call) -> Response:
        """Do the one request, within `call.timeout` seconds in all; trouble is a Response with `failure`."""
        if self._client is None:
            self._client = _client()
        try:
            request = self._request(self._client, call)
        except Exception as error:  # noqa: BLE001 - whatever a token function raises, nothing was sent
            return Response(failure="not_sent", detail=_said(error))
        return await _exchange(self._client, request, call.timeout)

    async def close(self) -> None:
        """Let go of connections; never raises. A later `send` opens new ones."""
        client, self._client = self._client, None
        if client is not None:
            try:
                await client.aclose()
            except (httpx.HTTPError, OSError, RuntimeError):
                # RuntimeError: the event loop that opened the connections is gone, and they with it.
                return

    def _request(self, client: httpx.AsyncClient, call: Call) -> httpx.Request:
        url = httpx.URL(self._channel.wire_url(call))
        self._refuse_exposure(url)
        return client.build_request(
            call.method, url, headers=_headers(call, self._channel.credentials(call)), content=call.body
        )

    def _refuse_exposure(self, url: httpx.URL) -> None:
        if url.scheme not in ("https", "http") or not url.host:
            raise _Unsendable(f"{url.scheme or 'no scheme'}: only https:// addresses can be called")
        if url.scheme == "http" and not (self._plain_http or is_loopback(url.host)):
            raise _Unsendable(f"http://{url.host} would show credentials to the network; use https://")


class _Unsendable(Exception):  # noqa: N818
    """A call that may not go out; it never leaves this module."""


class _Progress:
    """Whether a request may have reached the platform: from the first byte of its headers on."""

    def __init__(self) -> None:
        self.out = False

    async def __call__(self, name: str, info: Mapping[str, object]) -> None:
        event = name.partition(".")[2]
        request = info.get("request")
        if event == "send_request_headers.started" and getattr(request, "method", b"") != b"CONNECT":
            self.out = True
        elif event == "send_request_headers.failed" and isinstance(
            info.get("exception"), httpcore.LocalProtocolError
        ):
            # Refused by our own side before anything was written.
            self.out = False


async def _exchange(client: httpx.AsyncClient, request: httpx.Request, seconds: float) -> Response:
    progress = _Progress()
    # Half of the time for connecting, so that httpx gives up by itself and closes what it opened.
    request.extensions |= {"trace": progress, "timeout": {"connect": seconds / 2}}
    try:
        with unlogged():
            async with asyncio.timeout(seconds):
                return await _answer(client, request)
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
        failure = "in_doubt" if progress.out else "not_sent"
        return Response(failure=failure, detail=_failed(request, error, seconds, out=progress.out))


async def _answer(client: httpx.AsyncClient, request: httpx.Request) -> Response:
    answer = await client.send(request, stream=True, follow_redirects=False)
    try:
        body, whole = await _body(answer)
    finally:
        await answer.aclose()
    if answer.is_success and not whole:
        detail = f"the answer of {request.url.host} is longer than {MOST_BYTES} bytes"
        return Response(status=answer.status_code, failure="in_doubt", detail=detail)
    headers = tuple((key.decode("latin-1"), value.decode("latin-1")) for key, value in answer.headers.raw)
    return Response(status=answer.status_code, headers=headers, body=body)


async def _body(answer: httpx.Response) -> tuple[bytes, bool]:
    """The body as it came, and whether that is all of it; no encoding was asked for, so none is undone."""
    body = bytearray()
    async for chunk in answer.aiter_raw():
        body += chunk
        if len(body) > MOST_BYTES:
            return bytes(body[:MOST_BYTES]), False
    return bytes(body), True


def _client() -> httpx.AsyncClient:
    return httpx.AsyncClient(
        verify=trusted(),
        # Each call has one time limit for everything.
        timeout=None,  # noqa: S113
        follow_redirects=False,
        limits=httpx.Limits(keepalive_expiry=_IDLE_SECONDS),
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
        mounts={"http://": httpx.AsyncHTTPTransport(verify=trusted())},
        # Without `identity` a small answer could unpack to a very large one.
        headers={"user-agent": "omnichannel", "accept": "*/*", "accept-encoding": "identity"},
    )


def _headers(call: Call, credentials: Mapping[str, str]) -> list[tuple[str, str]]:
    """The call's headers with the credentials, which win over a header of the same name."""
    proven = {name.lower() for name in credentials}
    return [(name, value) for name, value in call.headers if name.lower() not in proven] + list(
        credentials.items()
    )


def _failed(request: httpx.Request, error: Exception, seconds: float, *, out: bool) -> str:
    where = request.url.host
    if isinstance(error, httpx.ConnectTimeout):
        return f"{where}: no connection within {seconds / 2:g} s"
    if isinstance(error, TimeoutError) and not str(error):
        return f"{where}: no {'answer' if out else 'connection'} within {seconds:g} s"
    return f"{where}: {'lost after the request went out' if out else 'no connection'}: {_said(error)}"


def _said(error: Exception) -> str:
    """What an error says, if it is of a kind that quotes nothing: a protocol error repeats whole headers."""
    if isinstance(error, _Unsendable):
        return str(error)
    name = type(error).__name__
    quotes_nothing = isinstance(error, httpx.NetworkError | httpx.ProxyError | OSError)
    return f"{name}: {error}" if quotes_nothing and str(error) else name
