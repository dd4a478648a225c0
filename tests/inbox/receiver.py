"""Another system that is told by webhook: a real server on loopback, which checks signatures with code of its own."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from omnichannel.emulators.serving import Served


class Heard(NamedTuple):
    """One request: its id, when it was signed, whether one of the secrets signed it, and what it says."""

    id: str
    timestamp: int
    genuine: bool
    signatures: int
    notice: dict[str, Any]

    @property
    def type(self) -> str:
        return str(self.notice["type"])


class Receiver(Served):
    """Answers what `answers` has next, then 200; remembers everything, also what it refused."""

    def __init__(self) -> None:
        self.answers: list[int | Response | Callable[[Heard], Response]] = []
        self.secrets: Sequence[SecretStr] = ()
        self.heard: list[Heard] = []
        self.taken: list[Heard] = []
        super().__init__(Starlette(routes=[Route("/hook", self._hook, methods=["POST"])]))

    @property
    def hook(self) -> str:
        return f"{self.url}/hook"

    @property
    def types(self) -> list[str]:
        return [heard.type for heard in self.taken]

    async def _hook(self, request: Request) -> Response:
        heard = self._checked(request, await request.body())
        self.heard.append(heard)
        answer = self.answers.pop(0) if self.answers else 200
        if callable(answer) and not isinstance(answer, Response):
            answer = await asyncio.to_thread(answer, heard)
        response = answer if isinstance(answer, Response) else Response(b"thank you", answer)
        if 200 <= response.status_code < 300:
            self.taken.append(heard)
        return response

    def _checked(self, request: Request, body: bytes) -> Heard:
        number, timestamp = request.headers["webhook-id"], request.headers["webhook-timestamp"]
        signatures = request.headers["webhook-signature"].split(" ")
        wanted = {signed(secret, number, timestamp, body) for secret in self.secrets}
        return Heard(
            number, int(timestamp), bool(wanted & set(signatures)), len(signatures), json.loads(body)
        )


def signed(secret: SecretStr, number: str, timestamp: str, body: bytes) -> str:
    """A signature by the words of the specification (Standard Webhooks 1.0.0, "Signature scheme")."""
    key = base64.b64decode(secret.get_secret_value().removeprefix("whsec_"))
    content = b".".join([number.encode(), timestamp.encode(), body])
    return "v1," + base64.b64encode(hmac.digest(key, content, hashlib.sha256)).decode()
