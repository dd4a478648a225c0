"""aiogram: Telegram."""

from __future__ import annotations

import hmac
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from importlib import import_module
from typing import Any

from bench.peers import Peer, Taker
from bench.peers.bodies import HIDDEN, TOKEN, Post


class Counting(Taker):
    """A dispatcher with one handler. `feed_webhook_update` is what its server calls, after it compared the secret."""

    at_once = True

    def __init__(self, aiogram: Any) -> None:
        self._bot = aiogram.Bot(TOKEN)
        self._dispatcher = aiogram.Dispatcher()
        self._dispatcher.message()(self._handle)

    async def _handle(self, _: object) -> None:
        self.handled += 1

    async def take(self, post: Post) -> None:
        """Take one webhook."""
        assert hmac.compare_digest(post.headers["x-telegram-bot-api-secret-token"], HIDDEN)
        await self._dispatcher.feed_webhook_update(self._bot, json.loads(post.body))

    async def close(self) -> None:
        """Let go of its connections."""
        await self._bot.session.close()


def peer() -> Peer:
    """The library; raises ImportError without it."""
    aiogram = import_module("aiogram")
    types = import_module("aiogram.types")
    bot = aiogram.Bot(TOKEN)

    def read(body: bytes) -> object:
        return types.Update.model_validate(json.loads(body), context={"bot": bot})

    @asynccontextmanager
    async def taker() -> AsyncIterator[Counting]:
        taker = Counting(aiogram)
        yield taker
        await taker.close()

    kinds = ("Telegram text", "Telegram photo")
    readers: dict[str, Callable[[bytes], object]] = dict.fromkeys(kinds, read)
    return Peer("aiogram", readers, dict.fromkeys(kinds, taker))
