"""What a page needs of ASGI: the request, read within limits, and an answer. No framework: six routes need none."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from urllib.parse import parse_qs

from omnichannel.errors import Malformed, TooLarge
from omnichannel.toolbox import Json, is_object, load_json

Message = MutableMapping[str, object]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Pairs = tuple[tuple[str, str], ...]


class Refusal(Exception):  # noqa: N818 - an answer to a request, not an error of ours
    """The request is answered with a status and a word that the widget has a sentence for."""

    def __init__(self, status: int, code: str, *headers: tuple[str, str]) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.headers = headers


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer."""

    status: int = 200
    body: bytes = b""
    headers: Pairs = ()


def answer(value: Json, status: int = 200, *headers: tuple[str, str]) -> Answer:
    """JSON that no cache keeps and no browser takes for a page."""
    own = (("content-type", "application/json"), ("cache-control", "no-store"))
    return Answer(status, json.dumps(value, ensure_ascii=False).encode(), (*own, *headers))


class Request:
    """One HTTP request below an account's address."""

    def __init__(self, scope: MutableMapping[str, object], receive: Receive) -> None:
        self._receive = receive
        self._scope = scope
        root = str(scope.get("root_path", ""))
        self.method = str(scope["method"])
        self.path = str(scope["path"]).removeprefix(root) or "/"

    def header(self, name: str) -> str:
        """The first header of that name, empty if there is none."""
        wanted, headers = name.encode(), self._scope["headers"]
        pairs = headers if isinstance(headers, list | tuple) else list(headers)  # type: ignore[call-overload] # ASGI
        return next((value.decode("latin-1") for key, value in pairs if key.lower() == wanted), "")

    def headers(self, name: str) -> str:
        """All headers of that name, as one list."""
        wanted, headers = name.encode(), self._scope["headers"]
        pairs = headers if isinstance(headers, list | tuple) else list(headers)  # type: ignore[call-overload] # ASGI
        return ",".join(value.decode("latin-1") for key, value in pairs if key.lower() == wanted)

    @property
    def peer(self) -> str:
        """The address that the connection came from."""
        client = self._scope.get("client")
        return str(client[0]) if isinstance(client, list | tuple) and client else ""

    def query(self, name: str) -> str:
        """A value of the query; empty if there is none. Raises Malformed for far too many."""
        raw = self._scope.get("query_string", b"")
        text = raw.decode("latin-1") if isinstance(raw, bytes) else ""
        try:
            return parse_qs(text, max_num_fields=20).get(name, [""])[0]
        except ValueError:
            raise Malformed("the query has too many fields") from None

    @property
    def bearer(self) -> str:
        """What the browser proves itself with."""
        scheme, _, token = self.header("authorization").partition(" ")
        return token.strip() if scheme.lower() == "bearer" else ""

    async def json(self, most: int) -> dict[str, Json]:
        """The body as a JSON object. Raises TooLarge, Malformed."""
        found = load_json(await self._body(most), most=most)
        if not is_object(found):
            raise Malformed("the body is no JSON object")
        return found

    async def _body(self, most: int) -> bytes:
        told = self.header("content-length")
        # Twenty digits are more than there is; the body itself is counted, whatever was told.
        if told.isascii() and told.isdigit() and int(told[:20]) > most:
            raise TooLarge(f"the body has more than {most} bytes")
        body = bytearray()
        while True:
            message = await self._receive()
            if message["type"] == "http.disconnect":
                raise Malformed("the browser went away before its request was whole")
            chunk = message.get("body", b"")
            body += chunk if isinstance(chunk, bytes) else b""
            if len(body) > most:
                raise TooLarge(f"the body has more than {most} bytes")
            if not message.get("more_body"):
                return bytes(body)

    async def gone(self) -> None:
        """Return when the browser has gone."""
        while (await self._receive())["type"] != "http.disconnect":
            pass


async def send_answer(send: Send, found: Answer, more: Pairs) -> None:
    """Send a whole answer."""
    own = (("content-length", str(len(found.body))), ("x-content-type-options", "nosniff"))
    await start(send, found.status, (*found.headers, *own, *more))
    await send({"type": "http.response.body", "body": found.body})


async def start(send: Send, status: int, headers: Pairs) -> None:
    """Begin an answer."""
    encoded = [(key.encode("latin-1"), value.encode("latin-1")) for key, value in headers]
    await send({"type": "http.response.start", "status": status, "headers": encoded})
