"""The pages: the widget, and the six addresses it talks to.

Who may ask: sites by an exact list of origins, visitors by their pass in a header (no cookie, so no other site can
act for them), everybody within limits. What is taken goes through the inbox's one door, signed.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Awaitable, Callable, MutableMapping
from typing import TYPE_CHECKING

from omnichannel.channel import Host
from omnichannel.channels.webchat.buckets import Buckets, origin_of
from omnichannel.channels.webchat.link.asgi import (
    Answer,
    Pairs,
    Receive,
    Refusal,
    Request,
    Send,
    answer,
    send_answer,
)
from omnichannel.channels.webchat.link.assets import widget
from omnichannel.channels.webchat.link.pages import Pages
from omnichannel.errors import Forged, Malformed, NotFound, TooLarge, Unsupported
from omnichannel.toolbox import way_of

if TYPE_CHECKING:
    from omnichannel.channels.webchat import WebChat

_log = logging.getLogger("omnichannel")

_REFUSED: dict[type[Exception], tuple[int, str]] = {
    Forged: (401, "not_proven"),
    Malformed: (400, "not_readable"),
    TooLarge: (413, "too_large"),
    Unsupported: (415, "not_taken"),
    NotFound: (404, "not_found"),
}

_PREFLIGHT: Pairs = (
    ("access-control-allow-methods", "GET, POST"),
    ("access-control-allow-headers", "authorization, content-type, last-event-id"),
    ("access-control-max-age", "86400"),
)


class Site:
    """An ASGI application at and below `/<account>/`."""

    def __init__(self, channel: WebChat, host: Host) -> None:
        self._channel = channel
        self._host = host
        self._everybody = Buckets(size=120, rate=20)
        self._pages = Pages(channel, host)
        self._routes: dict[tuple[str, str], Callable[[Request], Awaitable[Answer]]] = {
            ("POST", "/sessions"): self._pages.session,
            ("POST", "/messages"): self._pages.written,
            ("GET", "/messages"): self._pages.history,
            ("POST", "/status"): self._pages.seen,
            ("POST", "/continue"): self._pages.came,
            ("POST", "/typing"): self._pages.typing,
        }

    async def __call__(self, scope: MutableMapping[str, object], receive: Receive, send: Send) -> None:
        """Answer one request."""
        request = Request(scope, receive)
        if request.method in ("GET", "HEAD") and request.path == "/widget.js":
            await send_answer(send, widget(request.header("if-none-match")), ())
            return
        headers: Pairs = (("vary", "origin"),)
        try:
            headers = self._allowed(request)
            if request.path == "/events" and request.method == "GET":
                await self._pages.events(request, send, headers)
                return
            found = await self._answer(request)
        except Refusal as refusal:
            found = answer({"error": refusal.code}, refusal.status, *refusal.headers)
        await send_answer(send, found, headers)

    async def _answer(self, request: Request) -> Answer:
        try:
            if request.method == "OPTIONS":
                return Answer(204, b"", _PREFLIGHT)
            if request.method == "GET" and request.path.startswith("/files/"):
                return await self._pages.file(request)
            return await self._routes.get((request.method, request.path), _nothing)(request)
        except (Forged, Malformed, TooLarge, Unsupported, NotFound) as error:
            status, code = _REFUSED[type(error)]
            # The reason is for whoever runs the site; a stranger only learns the word.
            _log.info("account %s: refused %r: %s", self._channel.name, request.path, error)
            raise Refusal(status, code) from None
        except Refusal:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it was, the widget has to hear of it
            # Not kept, so the widget sends it again; it must be able to read that it should.
            _log.error("account %s: %r failed\n%s", self._channel.name, request.path, way_of(error))
            raise Refusal(503, "try_again", ("retry-after", "5")) from None

    def _allowed(self, request: Request) -> Pairs:
        """The headers that let an allowed site read the answer. Raises Refusal for others and for too many."""
        origin = request.header("origin")
        # Browsers name the origin of whatever could do harm; only what a page reads of its own server lacks it.
        if origin not in self._channel.origins and (origin or request.method != "GET"):
            raise Refusal(403, "origin_not_allowed")
        caller = origin_of(request.peer, request.headers("x-forwarded-for"), self._channel.proxies)
        wait = self._everybody.take(caller, self._host.now())
        headers: Pairs = (("vary", "origin"),)
        if origin:
            headers += (
                ("access-control-allow-origin", origin),
                ("access-control-expose-headers", "retry-after"),
            )
        if wait:
            raise _Slower(wait, headers)
        return headers


async def _nothing(request: Request) -> Answer:
    raise NotFound(f"no page answers {request.method} {request.path[:80]!r}")


class _Slower(Refusal):
    """Too many requests; the widget may read for how long to wait."""

    def __init__(self, wait: float, headers: Pairs) -> None:
        super().__init__(429, "too_many", ("retry-after", str(math.ceil(wait))), *headers)
