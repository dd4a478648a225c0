"""ASGI to `receive`: the one door for webhooks. It knows no platform and keeps no state."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import unquote

from omnichannel.channel import Ack, AsgiApp, Delivery
from omnichannel.errors import Forged, Malformed, NotFound
from omnichannel.inbox import AccountHost, Core
from omnichannel.inbox.desk.page import visit
from omnichannel.inbox.desk.rating import PATH
from omnichannel.telling import told, way_of
from omnichannel.toolbox.wire import MOST_BYTES

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

_TOGETHER = "+"  # between the accounts that share an address; no account has it in its name

_log = logging.getLogger("omnichannel")


class _Gone(Exception):  # noqa: N818 - it is no error of ours
    """The peer went away before its request was whole."""


class Asgi:
    """Takes webhooks for every account of an inbox at `/<account>`, wherever it is mounted.

    At `/~rating/…` customers who were sent a link say how we did (`Plan(ratings=…)`).
    What lies at and below the name of an account with pages of its own (web chat) is answered by them. Accounts that
    share one address on their platform (a Page's comments and its messages) are named together: `/comments+page`;
    each gets every delivery, and takes what is its own.

    Answers 2xx only after the delivery is durably stored. A forged one gets 401, an unreadable one 400, a body
    over 4 MiB 413, an unknown account 404; the reason goes to the log `omnichannel`, never to the peer. Where a
    proxy changes the address that the platform calls, give that as `public_url`: signatures may cover it.
    """

    def __init__(self, inbox: Core, *, public_url: str = "") -> None:
        self._inbox = inbox
        self._public_url = public_url.rstrip("/")
        self._sites: dict[str, AsgiApp | None] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one ASGI connection."""
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
        elif scope["type"] == "http":
            called = _account(scope)
            account, _, below = called.partition("/")
            if account == PATH:
                await _answer(send, await self._rating(below, scope, receive))
                return
            site = self._site(account)
            if site is None:
                await _answer(send, await self._http(called, scope, receive))
            else:
                await _visit(site, account, scope, receive, send)
        else:
            await send({"type": "websocket.close", "code": 1000})

    def _site(self, account: str) -> AsgiApp | None:
        """The account's own pages; None where there are only webhooks, or no such account."""
        if account not in self._sites:
            channel = self._inbox.channels.get(account)
            if channel is None:
                return None  # strangers may ask for as many names as they like
            self._sites[account] = channel.site(AccountHost(self._inbox, account))
        return self._sites[account]

    async def _rating(self, secret: str, scope: Scope, receive: Receive) -> Ack:
        """The page on which a customer says how we did."""
        try:
            body = await _body(receive)
            return await visit(self._inbox, str(scope["method"]), secret, b"" if body is None else body)
        except _Gone:
            return _told(400, "incomplete")
        except Exception as error:  # noqa: BLE001
            _log.error("the page for ratings failed\n%s", way_of(error))
            return _told(503, "try again later")

    async def _http(self, account: str, scope: Scope, receive: Receive) -> Ack:
        try:
            body = await _body(receive)
            if body is None:
                return _told(413, "too large")
            names = [self._inbox.channel(name).name for name in account.split(_TOGETHER)]
            delivery = self._delivery(scope, account, names[0], body)
            acks = [await self._inbox.receive(name, delivery) for name in names]
            return acks[0]
        except Forged as error:
            _log.warning("account %s: refused a delivery that proves nothing: %s", account, error)
            return _told(401, "not authenticated")
        except Malformed as error:
            _log.warning("account %s: refused an unreadable delivery: %s", account, error)
            return _told(400, "not readable")
        except NotFound:
            return _told(404, "not found")
        except _Gone:
            return _told(400, "incomplete")
        except Exception as error:  # noqa: BLE001
            # Not acknowledged, so the platform sends it again.
            _log.error("account %s: a delivery could not be kept\n%s", account, way_of(error))
            return _told(503, "try again later")

    def _delivery(self, scope: Scope, called: str, account: str, body: bytes) -> Delivery:
        """What arrived at the address of one account, or of several that are `called` together."""
        query = bytes(scope.get("query_string", b"")).decode("latin-1")
        if self._public_url:
            url = f"{self._public_url}/{called}"
        else:
            host = next((value for key, value in scope["headers"] if key == b"host"), b"localhost")
            url = f"{scope.get('scheme', 'http')}://{host.decode('latin-1')}{_path(scope)}"
        return Delivery(
            account=account,
            method=str(scope["method"]),
            url=f"{url}?{query}" if query else url,
            headers=tuple(
                (key.decode("latin-1"), value.decode("latin-1")) for key, value in scope["headers"]
            ),
            body=body,
            received_at=self._inbox.clock.now(),
        )


async def _visit(site: AsgiApp, account: str, scope: Scope, receive: Receive, send: Send) -> None:
    """Let an account's own pages answer; to them it looks as if they were mounted at `/<account>`."""
    try:
        await site({**scope, "path": _path(scope), "root_path": f"{_root(scope)}/{account}"}, receive, send)
    except Exception as error:  # noqa: BLE001 - pages may raise anything
        # Left to the server: it knows whether an answer has begun. It logs what it is given, words and all.
        _log.error("account %s: its pages failed\n%s", account, way_of(error))
        raise RuntimeError(f"the pages of account {account} failed: {told(error)}") from None


def _account(scope: Scope) -> str:
    return unquote(_path(scope).removeprefix(_root(scope)).strip("/"))


def _path(scope: Scope) -> str:
    """The whole path: some servers leave the mount's prefix in it, some take it off."""
    path, root = str(scope["path"]), _root(scope)
    return path if path.startswith(f"{root}/") else f"{root}{path}"


def _root(scope: Scope) -> str:
    return str(scope.get("root_path", "")).rstrip("/")


async def _body(receive: Receive) -> bytes | None:
    """The whole body; None if it is larger than any platform's. Raises _Gone if the peer leaves."""
    chunks: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise _Gone
        chunk = message.get("body", b"")
        size += len(chunk)
        if size > MOST_BYTES:
            return None
        chunks.append(chunk)
        if not message.get("more_body"):
            return b"".join(chunks)


def _told(status: int, text: str) -> Ack:
    return Ack(status=status, headers=(("content-type", "text/plain"),), body=text.encode(), keep=False)


async def _answer(send: Send, ack: Ack) -> None:
    headers = [(key.encode("latin-1"), value.encode("latin-1")) for key, value in ack.headers]
    headers.append((b"content-length", str(len(ack.body)).encode()))
    await send({"type": "http.response.start", "status": ack.status, "headers": headers})
    await send({"type": "http.response.body", "body": ack.body})


async def _lifespan(receive: Receive, send: Send) -> None:
    """Nothing to start: the store opens on first use. Nothing to stop: every answer was committed before."""
    while (await receive())["type"] != "lifespan.shutdown":
        await send({"type": "lifespan.startup.complete"})
    await send({"type": "lifespan.shutdown.complete"})
