"""The stream of server-sent events (WHATWG HTML, 9.2) that a browser listens to."""

from __future__ import annotations

import asyncio
import json
from datetime import datetime

from omnichannel.channel import Host
from omnichannel.channels.webchat.link.asgi import Pairs, Request, Send, start
from omnichannel.channels.webchat.link.presence import Presence
from omnichannel.channels.webchat.link.reading import Reader
from omnichannel.toolbox import Json

HEARTBEAT = 15.0
"""Seconds after which a silent stream says that it is alive; proxies give up after 30 and more."""

HEADERS: Pairs = (
    ("content-type", "text/event-stream"),
    ("cache-control", "no-store"),
    ("x-accel-buffering", "no"),  # nginx would keep events back until it has a few kilobytes
    ("x-content-type-options", "nosniff"),
)


class Stream:
    """One browser's stream, until it goes or its pass ends."""

    def __init__(self, host: Host, reader: Reader, send: Send, ends: int) -> None:
        self._host = host
        self._reader = reader
        self._send = send
        self._ends = ends
        self._stir = asyncio.Event()
        self._typing = False
        self._gone = False
        self._spoke_at = 0.0

    async def run(self, request: Request, headers: Pairs, presence: Presence, who: tuple[str, ...]) -> None:
        """Send what there is, then what comes, and signs of life between."""
        loop = asyncio.get_running_loop()
        watch = asyncio.create_task(self._watch(request))
        try:
            with presence.listening(who, lambda: loop.call_soon_threadsafe(self._somebody_types)):
                await start(self._send, 200, (*HEADERS, *headers))
                await self._say("retry: 3000\n\n")
                await self._news(first=True)
                while not self._gone and not self._ended(self._host.now()):
                    await self._turn()
            if not self._gone:
                await self._send({"type": "http.response.body", "body": b""})
        finally:
            watch.cancel()

    def _ended(self, now: datetime) -> bool:
        return bool(self._ends) and now.timestamp() >= self._ends

    async def _watch(self, request: Request) -> None:
        await request.gone()
        self._gone = True
        self._stir.set()

    def _somebody_types(self) -> None:
        self._typing = True
        self._stir.set()

    async def _turn(self) -> None:
        # Listening begins before looking, so that nothing can come in between unnoticed.
        waiting = [asyncio.create_task(self._host.wait(HEARTBEAT)), asyncio.create_task(self._stir.wait())]
        await asyncio.sleep(0)
        try:
            await self._news()
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in waiting:
                task.cancel()
            await asyncio.gather(*waiting, return_exceptions=True)
        self._stir.clear()
        await self._signs()

    async def _signs(self) -> None:
        if self._typing:
            self._typing = False
            await self._say(_event("typing", {}))
        if asyncio.get_running_loop().time() - self._spoke_at >= HEARTBEAT:
            await self._say(": still here\n\n")

    async def _news(self, *, first: bool = False) -> None:
        found = await self._reader.news()
        if found or first:
            # The cursor comes last: a browser that lost the end of a batch asks for all of it again.
            events = "".join(_event("message", message) for message in found)
            await self._say(f"{events}id: {self._reader.cursor}\n{_event('ready', {})}")

    async def _say(self, text: str) -> None:
        if not self._gone:
            await self._send({"type": "http.response.body", "body": text.encode(), "more_body": True})
            self._spoke_at = asyncio.get_running_loop().time()


def _event(name: str, data: dict[str, Json]) -> str:
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"
