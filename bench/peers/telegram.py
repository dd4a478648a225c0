"""python-telegram-bot: Telegram."""

from __future__ import annotations

import hmac
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module
from typing import Any

from bench.peers import Peer, Taker
from bench.peers.bodies import HIDDEN, TOKEN, Post


class Counting(Taker):
    """An application with one handler, without asking Telegram who we are."""

    at_once = True

    def __init__(self, library: Any, extension: Any) -> None:
        self._read = library.Update.de_json
        self._application = extension.Application.builder().token(TOKEN).updater(None).build()
        self._application.add_handler(extension.MessageHandler(extension.filters.ALL, self._handle))
        self._application.bot._bot_user = library.User(4839574812, "Shop", is_bot=True)
        self._application._initialized = True

    async def _handle(self, *_: object) -> None:
        self.handled += 1

    async def take(self, post: Post) -> None:
        """Take one webhook."""
        assert hmac.compare_digest(post.headers["x-telegram-bot-api-secret-token"], HIDDEN)
        await self._application.process_update(self._read(json.loads(post.body), self._application.bot))


def peer() -> Peer:
    """The library; raises ImportError without it."""
    library, extension = import_module("telegram"), import_module("telegram.ext")

    def read(body: bytes) -> object:
        return library.Update.de_json(json.loads(body), None)

    @asynccontextmanager
    async def taker() -> AsyncIterator[Counting]:
        yield Counting(library, extension)

    kinds = ("Telegram text", "Telegram photo")
    return Peer("python-telegram-bot", dict.fromkeys(kinds, read), dict.fromkeys(kinds, taker))
