"""Systems that are told by webhook, each with its own way of being difficult; they check signatures by themselves."""

from __future__ import annotations

import base64
import hashlib
import hmac
import random
from collections.abc import Sequence

from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from omnichannel.emulators.serving import Served


class Receiver(Served):
    """`well` takes everything; `refusing` refuses one in thirty; `forgetful` takes those and says it did not."""

    def __init__(self, name: str, chance: random.Random) -> None:
        self.name = name
        self.secrets: Sequence[SecretStr] = ()
        self.ids: list[str] = []
        self.attempts = 0
        self.forged = 0
        self._chance = chance
        super().__init__(Starlette(routes=[Route("/hook", self._hook, methods=["POST"])]))

    @property
    def hook(self) -> str:
        """Where it is told."""
        return f"{self.url}/hook"

    async def _hook(self, request: Request) -> Response:
        body = await request.body()
        self.attempts += 1
        if not self._genuine(request, body):
            self.forged += 1
            return Response(status_code=401)
        trouble = self.name != "well" and self._chance.random() < 1 / 30
        if not trouble or self.name == "forgetful":
            self.ids.append(request.headers["webhook-id"])
        return Response(status_code=self._chance.choice((429, 500, 503)) if trouble else 204)

    def _genuine(self, request: Request, body: bytes) -> bool:
        signed = f"{request.headers['webhook-id']}.{request.headers['webhook-timestamp']}.".encode() + body
        keys = [base64.b64decode(secret.get_secret_value().removeprefix("whsec_")) for secret in self.secrets]
        wanted = ["v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode() for key in keys]
        return any(one in wanted for one in request.headers["webhook-signature"].split())
