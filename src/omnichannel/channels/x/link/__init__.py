"""The wire to X: tweepy's client, told which host to call and how long to wait, one connection per call.

tweepy signs and sends. What it would decide for us is taken back: no waiting inside, no endless read, no
redirect, no exception instead of an answer, nothing secret in the log.
"""

from __future__ import annotations

import asyncio
import io
import json
import logging
import ssl
import time
from collections.abc import Iterator
from inspect import isawaitable
from typing import Any, Literal
from urllib.parse import parse_qsl, urlsplit

import requests
import tweepy
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError

from omnichannel.channel import Call, Response
from omnichannel.channels.x.access import Access, secret
from omnichannel.toolbox import sealed

_TWEEPYS_HOST = "https://api.twitter.com"
_CONNECT_SECONDS = 10.0
_MOST_BYTES = 16 * 1024 * 1024
_NEVER_SENT = (NewConnectionError, ConnectTimeoutError, ssl.SSLCertVerificationError, ValueError)

# At level DEBUG these write the Authorization header.
_TALKATIVE = (
    "tweepy.client",
    "requests_oauthlib.oauth1_auth",
    "oauthlib.oauth1.rfc5849",
    "oauthlib.oauth1.rfc5849.signature",
)


def _discreet(record: logging.LogRecord) -> bool:
    return record.levelno > logging.DEBUG


for _name in _TALKATIVE:
    logging.getLogger(_name).addFilter(_discreet)


@sealed
async def ask(access: Access, method: str, url: str, *, body: bytes = b"", seconds: float = 30.0) -> Response:
    """One attempt at one request. Of `url` only path and query count: our credentials go to our host alone."""
    try:
        client = await _client(access)
    except Exception as error:  # noqa: BLE001 - the application's own function may raise anything
        return Response(failure="not_sent", detail=f"no access token: {type(error).__name__}: {error}"[:300])
    return await asyncio.to_thread(_attempt, access.host, client, method, url, body, seconds)


async def _client(access: Access) -> tweepy.Client:
    given = access.token() if callable(access.token) else access.token
    token = await given if isawaitable(given) else given
    return tweepy.Client(
        secret(token).get_secret_value(),
        access.consumer_key,
        access.consumer_secret.get_secret_value(),
        access.access_token.get_secret_value(),
        access.access_token_secret.get_secret_value(),
        wait_on_rate_limit=False,
    )


def _attempt(
    host: str, client: tweepy.Client, method: str, url: str, body: bytes, seconds: float
) -> Response:
    """The waiting part, for a thread: tweepy's asynchronous client can only sign for a host that is fixed."""
    parts = urlsplit(url)
    client.session.close()
    with _Wire(host, seconds) as wire:
        client.session = wire
        try:
            client.request(
                method,
                parts.path,
                params=dict(parse_qsl(parts.query)),
                json=json.loads(body) if body else None,
                user_auth=not client.bearer_token,
            )
        except Exception as error:  # noqa: BLE001
            # tweepy makes an exception of every refusal, and stumbles over some bodies on the way; what X said
            # is in `wire.answer` all the same.
            if wire.answer is None:
                return _failure(error)
        return wire.said()


class _Wire(requests.Session):
    """One request of tweepy's: to our host, within a time, read up to a size."""

    def __init__(self, host: str, seconds: float) -> None:
        super().__init__()
        self._host = host
        self._seconds = seconds
        self.answer: requests.Response | None = None
        self._body = b""

    def request(self, method: str, url: str, **options: Any) -> requests.Response:  # type: ignore[override]
        """Called by tweepy with its own host in `url`."""
        deadline = time.monotonic() + self._seconds
        options["timeout"] = (min(_CONNECT_SECONDS, self._seconds), self._seconds)
        # Any `auth`, even one that does nothing, keeps requests from taking a password out of ~/.netrc.
        options["auth"] = options.get("auth") or (lambda prepared: prepared)
        url = self._host + url.removeprefix(_TWEEPYS_HOST)
        raw = super().request(method, url, stream=True, allow_redirects=False, **options)
        self._body = _whole(raw, deadline)
        answer = requests.Response()
        answer.status_code, answer.reason, answer.headers = raw.status_code, raw.reason, raw.headers
        answer.raw = io.BytesIO(self._body)
        self.answer = answer
        return answer

    def said(self) -> Response:
        """The answer as a value."""
        assert self.answer is not None
        headers = tuple((key.lower(), value) for key, value in self.answer.headers.items())
        return Response(status=self.answer.status_code, headers=headers, body=self._body)


def _whole(raw: requests.Response, deadline: float) -> bytes:
    """The body, unless it takes too long or is too large."""
    body = bytearray()
    for chunk in raw.iter_content(65536):
        body += chunk
        if len(body) > _MOST_BYTES or time.monotonic() > deadline:
            raise requests.Timeout(f"the answer did not end within its time or {_MOST_BYTES} bytes")
    return bytes(body)


def _failure(error: Exception) -> Response:
    """What went wrong on the way. Only what is certain counts as never sent."""
    if not isinstance(error, requests.RequestException | HTTPError | OSError):
        raise error
    certain = any(isinstance(cause, _NEVER_SENT) for cause in _causes(error))
    failure: Literal["not_sent", "in_doubt"] = "not_sent" if certain else "in_doubt"
    return Response(failure=failure, detail=f"{type(error).__name__}: {error}"[:300])


def _causes(error: object) -> Iterator[object]:
    """An error and what it was made of: requests and urllib3 wrap one into the other."""
    seen: list[object] = []
    waiting = [error]
    while waiting:
        current = waiting.pop()
        if isinstance(current, BaseException) and not any(current is known for known in seen):
            seen.append(current)
            waiting += [*current.args, getattr(current, "reason", None), current.__cause__]
            yield current


class TweepySender:
    """Does calls to X. One call, one attempt."""

    def __init__(self, access: Access) -> None:
        self._access = access

    async def send(self, call: Call) -> Response:
        """Do the one request; trouble is a `Response` with `failure`, not an exception."""
        return await ask(self._access, call.method, call.url, body=call.body, seconds=call.timeout)

    async def close(self) -> None:
        """There is nothing to let go of: every call has a connection of its own."""
