"""The door for webhooks: where it may be mounted, which address is kept, and what each answer means."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from collections.abc import MutableMapping
from typing import Any

import pytest

from omnichannel import Inbox
from omnichannel.channels.messenger import Messenger
from omnichannel.emulators.graph import Page
from omnichannel.toolbox.wire import MOST_BYTES
from omnichannel.web import Asgi

META = Page(page_id="1234567890")


def make(name: str = "page", store: str = "sqlite:///:memory:") -> Inbox:
    return Inbox(store, [Messenger(name, page_id=META.page_id, page_token="t", app_secret=META.app_secret, verify_token="v")])  # fmt: skip


async def post(app: Asgi, body: bytes, headers: dict[str, str], **scope: Any) -> tuple[int, bytes]:
    """One request in two chunks, as a server hands it over; the status and the body of the answer."""
    sent: list[MutableMapping[str, Any]] = []
    chunks = [{"body": body[:7], "more_body": True}, {"body": body[7:], "more_body": False}]

    async def receive() -> MutableMapping[str, Any]:
        return {"type": "http.request", **chunks.pop(0)} if chunks else {"type": "http.disconnect"}

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    given = [(key.encode(), value.encode()) for key, value in {"host": "shop.example", **headers}.items()]
    await app({"type": "http", "method": "POST", "scheme": "https", "headers": given, **scope}, receive, send)
    return sent[0]["status"], sent[1]["body"]


def written() -> tuple[bytes, dict[str, str]]:
    """A signed delivery with one message."""
    item = {
        "sender": {"id": "42"},
        "recipient": {"id": META.page_id},
        "message": {"mid": "m_1", "text": "hi"},
    }
    return META.signed(
        {"object": "page", "entry": [{"id": META.page_id, "messaging": [item | {"timestamp": 1}]}]}
    )


@pytest.mark.parametrize(
    ("name", "scope", "public_url", "kept"),
    [
        ("page", {"path": "/page"}, "", "https://shop.example/page"),
        ("page", {"path": "/page/", "query_string": b"a=1"}, "", "https://shop.example/page/?a=1"),
        ("page", {"root_path": "/hooks", "path": "/hooks/page"}, "", "https://shop.example/hooks/page"),
        ("page", {"root_path": "/hooks", "path": "/page"}, "", "https://shop.example/hooks/page"),
        ("page", {"root_path": "/hooks/", "path": "/hooks/page"}, "", "https://shop.example/hooks/page"),
        ("hooks-2", {"root_path": "/hooks", "path": "/hooks-2"}, "", "https://shop.example/hooks/hooks-2"),
        (
            "page",
            {"path": "/page", "query_string": b"a=1"},
            "https://a.example/in/",
            "https://a.example/in/page?a=1",
        ),
    ],
)
def test_wherever_it_is_mounted_the_account_and_the_whole_address_are_known(
    name: str, scope: dict[str, Any], public_url: str, kept: str
) -> None:
    """Some servers leave the mount's prefix in the path, some take it off; a proxy may change the address."""

    async def main() -> str:
        async with make(name) as inbox:
            assert (await post(inbox.asgi(public_url=public_url), *written(), **scope))[0] == 200
            await inbox.read()
            (conversation,) = await inbox.conversations.open()
            (message,) = await inbox.conversations.messages(conversation.id)
            return (await inbox.raw(message.id)).url

    assert asyncio.run(main()) == kept


def signature(body: bytes) -> str:
    return "sha256=" + hmac.new(META.app_secret.encode(), body, hashlib.sha256).hexdigest()


@pytest.mark.parametrize(
    ("path", "body", "signed", "status"),
    [
        ("/page", b"{}", False, 401),
        ("/nobody", b"{}", True, 404),
        ("/", b"{}", True, 404),
        ("/page", b" " * (MOST_BYTES + 1), True, 413),
    ],
)
def test_what_is_not_kept_is_told_by_status_alone(path: str, body: bytes, signed: bool, status: int) -> None:
    """The peer learns no reason, and nothing of it is stored."""
    headers = {"x-hub-signature-256": signature(body)} if signed else {}

    async def main() -> tuple[tuple[int, bytes], int]:
        async with make() as inbox:
            return await post(inbox.asgi(), body, headers, path=path), await inbox.read()

    (answered, said), read = asyncio.run(main())
    assert (answered, read) == (status, 0)
    assert b"ignature" not in said


def test_what_could_not_be_stored_is_not_acknowledged() -> None:
    """So that the platform sends it again."""

    async def main() -> tuple[int, bytes]:
        return await post(make(store="sqlite:////no/such/folder/x.db").asgi(), *written(), path="/page")

    assert asyncio.run(main()) == (503, b"try again later")


def test_a_server_that_asks_for_a_lifespan_is_answered() -> None:
    """Run by itself under a server it starts and stops."""
    sent: list[str] = []
    asked = [{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}]

    async def receive() -> MutableMapping[str, Any]:
        return asked.pop(0)

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message["type"])

    asyncio.run(make().asgi()({"type": "lifespan"}, receive, send))
    assert sent == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
