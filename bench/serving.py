"""The server that `python -m bench http` measures, in a process of its own: uvicorn with httptools, one
application.

`python -m bench.serving APPLICATION FILE` prints its port, serves until its input ends, and then prints how many
seconds of CPU it used since it was first asked anything.
"""

from __future__ import annotations

import asyncio
import socket
import sys
import time
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import uvicorn

from bench.webhooks import ACCOUNT, open_inbox, page
from omnichannel import Delivery, Inbox

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]


async def empty(_: Scope, receive: Receive, send: Send) -> None:
    """Read the body, and say yes."""
    while (await receive()).get("more_body"):
        pass
    await _yes(send)


async def parsing(scope: Scope, receive: Receive, send: Send) -> None:
    """Check the signature and read the events, and keep nothing."""
    body = (await receive())["body"]
    headers = tuple((key.decode("latin-1"), value.decode("latin-1")) for key, value in scope["headers"])
    delivery = Delivery(account=ACCOUNT, url="https://a.example/page", headers=headers, body=body)
    _PAGE.admit(delivery)
    assert list(_PAGE.parse(delivery))
    await _yes(send)


_PAGE = page()


async def _yes(send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"ok"})


def application(name: str, inbox: Inbox) -> Application:
    """`empty`, `parsing`, or `durable`: the inbox itself."""
    return {"empty": empty, "parsing": parsing, "durable": inbox.asgi()}[name]


class Timed:
    """An application, and how much CPU this process had used when it was first asked anything."""

    def __init__(self, inner: Application) -> None:
        self._inner = inner
        self.start = 0.0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        self.start = self.start or time.process_time()
        await self._inner(scope, receive, send)


async def serve(name: str, path: Path) -> None:
    """Serve until the input ends; with the inbox at work beside it, and all read when it stops."""
    inbox = open_inbox(path)
    timed, stop = Timed(application(name, inbox)), asyncio.Event()
    config = uvicorn.Config(
        timed,
        http="httptools",
        loop="asyncio",
        lifespan="off",
        log_level="error",
        access_log=False,
        backlog=512,
    )
    server = uvicorn.Server(config)
    door = socket.create_server(("127.0.0.1", 0))
    print(door.getsockname()[1], flush=True)
    working = asyncio.create_task(_work(inbox, stop)) if name == "durable" else None
    serving = asyncio.create_task(server.serve(sockets=[door]))
    await asyncio.to_thread(sys.stdin.read)
    stop.set()
    if working:
        await working
    print(time.process_time() - timed.start, flush=True)
    server.should_exit = True
    with suppress(asyncio.CancelledError):
        await serving
    await inbox.close()


async def _work(inbox: Inbox, stop: asyncio.Event) -> None:
    inbox.look_up = _nobody  # type: ignore[method-assign]
    await inbox.run(stop=stop)
    while await inbox.read():
        pass


async def _nobody() -> int:
    """Asks no platform for names: that is the network."""
    return 0


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1], Path(sys.argv[2])))
