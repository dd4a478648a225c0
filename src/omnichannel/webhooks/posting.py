"""Telling another system something by HTTP: the guarded door outwards, for addresses that somebody registered.

One attempt, no redirect followed, a time for everything, and of the answer no more than is needed to use the
connection again. Where it may go is decided by the guard that files are fetched through (`fetching.Guard`): public
addresses, looked up once and connected to exactly there, unless this very origin was allowed to be private.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack, suppress
from urllib.parse import urlsplit

import httpcore

from omnichannel import fetching
from omnichannel.channel import Response
from omnichannel.errors import FetchError

MOST_BYTES = 64 * 1024
"""Of an answer: what it says beyond is not read, and the connection is closed."""

_IDLE_SECONDS = 5.0  # how long a connection is kept for the next call
_BODY_SECONDS = 1.0  # how long a body may take after the status

Headers = Sequence[tuple[str, str]]


class Poster:
    """Posts to registered addresses, over connections that are used again. Close it when done."""

    def __init__(self) -> None:
        self._pools: dict[frozenset[str], httpcore.AsyncConnectionPool] = {}

    async def post(
        self, url: str, headers: Headers, body: bytes, *, private: bool = False, seconds: float = 15.0
    ) -> Response:
        """What an address answers to one POST, within so many seconds in all; trouble is a Response with `failure`.

        `private` allows what is not on the public internet, other ports, and plain HTTP. The answer's body is left
        out: it is the other side's, and nobody's business here.
        """
        origins = frozenset({_origin(url)}) if private else frozenset[str]()
        try:
            fetching.check(url, origins)
            return await _exchange(self._pool(origins), url, headers, body, seconds)
        except FetchError as error:
            return Response(failure="not_sent", detail=str(error))
        except TimeoutError:
            return Response(failure="in_doubt", detail=f"no answer within {seconds:g} s")
        except Exception as error:  # noqa: BLE001 - whatever it was, it is tried again
            # Of the error only its kind: what it says may repeat what was sent.
            return Response(failure="in_doubt", detail=f"no answer: {type(error).__name__}")

    def _pool(self, origins: frozenset[str]) -> httpcore.AsyncConnectionPool:
        if origins not in self._pools:
            self._pools[origins] = httpcore.AsyncConnectionPool(
                network_backend=fetching.Guard(origins), keepalive_expiry=_IDLE_SECONDS, max_connections=None
            )
        return self._pools[origins]

    async def close(self) -> None:
        """Let go of connections; never raises. A later `post` opens new ones."""
        pools, self._pools = self._pools, {}
        for pool in pools.values():
            try:
                await pool.aclose()
            except (httpcore.NetworkError, OSError, RuntimeError):
                # RuntimeError: the event loop that opened the connections is gone, and they with it.
                continue


def _origin(url: str) -> str:
    try:
        split = urlsplit(url)
    except ValueError:
        return ""
    return f"{split.scheme}://{split.netloc}".lower()


async def _exchange(
    pool: httpcore.AsyncConnectionPool, url: str, headers: Headers, body: bytes, seconds: float
) -> Response:
    sent = [
        ("user-agent", "omnichannel"), ("accept", "*/*"), ("accept-encoding", "identity"),
        ("content-length", str(len(body))), *headers,
    ]  # fmt: skip
    encoded = [(key.encode(), value.encode()) for key, value in sent]
    async with AsyncExitStack() as exchange:
        async with asyncio.timeout(seconds):
            answer = await exchange.enter_async_context(
                pool.stream("POST", url, headers=encoded, content=body)
            )
        # The status is the answer: whatever becomes of the body changes nothing about it.
        with suppress(TimeoutError, httpcore.NetworkError, httpcore.ProtocolError):
            async with asyncio.timeout(_BODY_SECONDS):
                await _pass_over(answer)
        return Response(
            status=answer.status,
            headers=tuple((key.decode("latin-1"), value.decode("latin-1")) for key, value in answer.headers),
        )


async def _pass_over(answer: httpcore.Response) -> None:
    """Read a short body to its end, so that the connection can be used again; leave a long one."""
    seen = 0
    async for chunk in answer.aiter_stream():
        seen += len(chunk)
        if seen > MOST_BYTES:
            return
