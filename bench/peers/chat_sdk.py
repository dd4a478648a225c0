"""chat-sdk: Telegram, WhatsApp and Messenger, with its state in memory."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from functools import partial
from importlib import import_module
from types import SimpleNamespace
from typing import Any

from bench.peers import Peer, Taker
from bench.peers.bodies import APP_SECRET, HIDDEN, NUMBER, SECRET, TOKEN, VERIFY, Post

_NOWHERE = "http://127.0.0.1:9"
_ME = b'{"ok":true,"result":{"id":4839574812,"is_bot":true,"first_name":"Shop","username":"shop"}}'


def _telegram(logger: object, api: str = _NOWHERE) -> Any:
    library = import_module("chat_sdk.adapters.telegram.adapter")
    config = library.TelegramAdapterConfig(
        bot_token=TOKEN, secret_token=HIDDEN, mode="webhook", user_name="shop", api_base_url=api
    )
    config.logger = logger
    return library.create_telegram_adapter(config)


def _whatsapp(logger: object, api: str = _NOWHERE) -> Any:  # noqa: ARG001 - it asks nobody
    return import_module("chat_sdk.adapters.whatsapp.adapter").create_whatsapp_adapter(
        access_token="t",
        app_secret=APP_SECRET,
        phone_number_id=NUMBER,
        verify_token=VERIFY,
        user_name="shop",
        logger=logger,
    )


def _messenger(logger: object, api: str = _NOWHERE) -> Any:  # noqa: ARG001 - the same
    """Newer releases have it; they want a newer Python as well."""
    library = import_module("chat_sdk.adapters.messenger.adapter")
    config = library.MessengerAdapterConfig(
        page_access_token="t", app_secret=SECRET, verify_token=VERIFY, user_name="shop", logger=logger
    )
    return library.MessengerAdapter(config)


ADAPTERS = {"Telegram": _telegram, "WhatsApp": _whatsapp, "Messenger": _messenger}
KINDS = {
    "Telegram": ("Telegram text", "Telegram photo"),
    "WhatsApp": ("WhatsApp text", "WhatsApp image", "WhatsApp, ten at once"),
    "Messenger": ("Messenger text", "Messenger, ten at once"),
}


class Silent:
    """A logger that says nothing: writing is not what is measured."""

    def __getattr__(self, _: str) -> Callable[..., None]:
        return lambda *_: None

    def child(self, _: str) -> Silent:
        """The same."""
        return self


class Counting(Taker):
    """A chat with one handler for what people write in private."""

    def __init__(self, library: Any, platform: str, api: str) -> None:
        name = platform.lower()
        self.chat = library.Chat(
            adapters={name: ADAPTERS[platform](Silent(), api)},
            state=library.MemoryStateAdapter(),
            user_name="shop",
            logger=Silent(),
        )
        self.chat.on_direct_message(self._handle)
        self.chat.on_mention(self._handle)
        self._webhook = self.chat.webhooks[name]

    async def _handle(self, *_: object) -> None:
        self.handled += 1

    async def take(self, post: Post) -> None:
        """Take one webhook; it handles it later, in a task of its own."""
        request = SimpleNamespace(
            method="POST", headers=post.headers, text=post.body, url="https://a.example/"
        )
        assert (await self._webhook(request))["status"] == 200


@asynccontextmanager
async def _taker(library: Any, platform: str) -> AsyncIterator[Counting]:
    async with await asyncio.start_server(_tell_who, "127.0.0.1", 0) as server:
        taker = Counting(library, platform, f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
        await taker.chat.initialize()
        yield taker
        await taker.chat.shutdown()


async def _tell_who(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Who asks Telegram who they are is told so, once."""
    with suppress(asyncio.IncompleteReadError):  # a connection that was kept open, and not used again
        await reader.readuntil(b"\r\n\r\n")
    head = f"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {len(_ME)}\r\n"
    head += "connection: close\r\n\r\n"
    writer.write(head.encode() + _ME)
    await writer.drain()
    writer.close()


def _reader(platform: str) -> Callable[[bytes], object]:
    adapter = ADAPTERS[platform](Silent())

    def telegram(body: bytes) -> object:
        return adapter.parse_message(json.loads(body)["message"])

    def whatsapp(body: bytes) -> object:
        value = json.loads(body)["entry"][0]["changes"][0]["value"]
        contact, number = value["contacts"][0], value["metadata"]["phone_number_id"]
        return [
            adapter.parse_message({"message": message, "contact": contact, "phone_number_id": number})
            for message in value["messages"]
        ]

    def messenger(body: bytes) -> object:
        return [adapter.parse_message(entry["messaging"][0]) for entry in json.loads(body)["entry"]]

    return {"Telegram": telegram, "WhatsApp": whatsapp, "Messenger": messenger}[platform]


def peer() -> Peer:
    """The library; raises ImportError without it."""
    library = import_module("chat_sdk")
    readers: dict[str, Callable[[bytes], object]] = {}
    takers: dict[str, Callable[[], AbstractAsyncContextManager[Counting]]] = {}
    for platform, kinds in KINDS.items():
        with suppress(ModuleNotFoundError):  # an adapter that this release does not have
            readers.update(dict.fromkeys(kinds, _reader(platform)))
            takers.update(dict.fromkeys(kinds, partial(_taker, library, platform)))
    return Peer("chat-sdk", readers, takers)
