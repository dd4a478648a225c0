"""Telling another system something by HTTP: the guarded door outwards, for addresses that somebody registered.

One attempt, no redirect followed, a time for everything, and of the answer no more than is needed to use the
connection again. Where it may go is decided by the guard that files are fetched through (`fetching.Guard`): public
addresses, looked up once and connected to exactly there, unless this very origin was allowed to be private.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack, suppress
from types import TracebackType
from typing import Self

import httpcore

from omnichannel import fetching
from omnichannel.channel import Response
from omnichannel.errors import FetchError

MOST_BYTES = 64 * 1024
"""Of an answer: what it says beyond is not read, and the connection is closed."""

_BODY_SECONDS = 1.0  # how long a body may take after the status

Headers = Sequence[tuple[str, str]]


class Poster:
    """Posts to one registered address, over a connection that is used again; use it as a context manager.

    `private` allows what is not on the public internet, other ports, and plain HTTP.
    """

    def __init__(self, url: str, *, private: bool = False) -> None:
        self._url = url
        self._origins = frozenset({fetching.origin(url)}) if private else frozenset[str]()
        self._pool = httpcore.AsyncConnectionPool(network_backend=fetching.Guard(self._origins))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._pool.aclose()

    async def post(self, headers: Headers, body: bytes, *, seconds: float) -> Response:
        """What the address answers to one POST, within so many seconds; trouble is a Response with `failure`.

        The answer's body is left out: it is the other side's, and nobody's business here.
        """
        try:
            fetching.check(self._url, self._origins)
            return await _exchange(self._pool, self._url, headers, body, seconds)
        except FetchError as error:
            return Response(failure="not_sent", detail=str(error))
        except TimeoutError:
            return Response(failure="in_doubt", detail=f"no answer within {seconds:g} s")
        except Exception as error:  # noqa: BLE001 - whatever it was, it is tried again
            # Of the error only its kind: what it says may repeat what was sent.
            return Response(failure="in_doubt", detail=f"no answer: {type(error).__name__}")


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
