"""pywa: WhatsApp."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module
from typing import Any

from bench.peers import Peer, Taker
from bench.peers.bodies import APP_SECRET, NUMBER, VERIFY, Post


class Counting(Taker):
    """A client without a server of its own; the two calls are what its servers make."""

    at_once = True

    def __init__(self, pywa: Any) -> None:
        self._client = pywa.WhatsApp(
            phone_id=NUMBER, token="t", server=None, app_secret=APP_SECRET, verify_token=VERIFY
        )
        self._client.add_handlers(import_module("pywa.handlers").MessageHandler(self._handle))

    def _handle(self, *_: object) -> None:
        self.handled += 1

    async def take(self, post: Post) -> None:
        """Take one webhook."""
        assert self._client.webhook_update_validator(post.body, post.headers["x-hub-signature-256"]) is None
        assert self._client.webhook_update_handler(post.body)[1] == 200


def peer() -> Peer:
    """The library; raises ImportError without it."""
    pywa = import_module("pywa")
    raw, message = import_module("pywa.types").RawUpdate, import_module("pywa.types").Message
    client = pywa.WhatsApp(phone_id=NUMBER, token="t")

    def read(body: bytes) -> object:
        return message.from_update(client=client, update=raw(body, hmac_header=None, update_hash=""))

    @asynccontextmanager
    async def taker() -> AsyncIterator[Counting]:
        yield Counting(pywa)

    kinds = ("WhatsApp text", "WhatsApp image")
    return Peer("pywa", dict.fromkeys(kinds, read), dict.fromkeys((*kinds, "WhatsApp, ten at once"), taker))
