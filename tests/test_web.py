"""ASGI to `receive`, over real HTTP: 2xx only after the commit, and reasons for nobody but the log."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from omnichannel import Ack, Delivery, Inbox
from omnichannel.emulators.serving import Served
from omnichannel.errors import Forged, Malformed
from omnichannel.store import Store, arrivals
from omnichannel.tls import trusted
from omnichannel.web import Asgi
from tests.chat import Chat, delivery
from tests.engines import HandClock, wait

ITEM = {"id": "m1", "from": "anna", "text": "hello"}


class Hook(Chat):
    """A chat whose platform challenges with a GET, as platforms do."""

    def admit(self, delivery: Delivery) -> Ack:
        if delivery.method == "GET":
            challenge = httpx.URL(delivery.url).params.get("challenge", "")
            return Ack(
                headers=(("content-type", "text/plain"), ("x-odd", "\xe9")),
                body=challenge.encode(),
                keep=False,
            )
        if delivery.body == b"unreadable":
            raise Malformed("canary: cannot be read")
        if delivery.body == b"accident":
            raise RuntimeError("canary: an accident")
        return super().admit(delivery)


@pytest.fixture
def inbox(tmp_path: Path) -> Iterator[Inbox]:
    found = Inbox(f"sqlite:///{tmp_path / 'a.db'}", [Hook("chat"), Hook("hooks")], clock=HandClock())
    yield found
    asyncio.run(found.close())


def kept(inbox: Inbox) -> list[Delivery]:
    """What is in the database, seen by a connection of its own."""
    store = Store(inbox.url, "default", HandClock())
    try:
        return [arrival.delivery for arrival in wait(store, lambda tx: arrivals.waiting(tx, 100))]
    finally:
        store.close()


def post(url: str, item: Any = ITEM, **more: Any) -> httpx.Response:
    signed = delivery(item)
    return httpx.post(
        url, content=signed.body, headers=dict(signed.headers), trust_env=False, verify=trusted(), **more
    )


def test_a_delivery_is_kept_before_it_is_answered(inbox: Inbox) -> None:
    """When the peer reads 200, another process finds it in the database, exactly as it was sent."""
    with Served(inbox.asgi()) as served:
        answer = post(f"{served.url}/chat?a=%20b&c")
        assert answer.status_code == 200
        (found,) = kept(inbox)
    assert found.body == delivery(ITEM).body
    assert (found.account, found.method, found.source) == ("chat", "POST", "webhook")
    assert found.url == f"{served.url}/chat?a=%20b&c"
    assert found.header("x-signature") == delivery(ITEM).header("x-signature")


@pytest.mark.parametrize(
    ("path", "content", "status", "told"),
    [
        ("/chat", b"[]", 401, "not authenticated"),
        ("/chat", b"", 401, "not authenticated"),
        ("/chat", b"unreadable", 400, "not readable"),
        ("/chat", b"accident", 503, "try again later"),
        ("/nobody", b"[]", 404, "not found"),
        ("/", b"[]", 404, "not found"),
        ("/chat/more", b"[]", 404, "not found"),
        ("/%63hat", b"[]", 401, "not authenticated"),
    ],
)
def test_what_is_not_kept_is_refused_without_a_reason(
    inbox: Inbox, caplog: pytest.LogCaptureFixture, path: str, content: bytes, status: int, told: str
) -> None:
    """The peer learns nothing but the status; whoever runs it finds the reason in the log."""
    with Served(inbox.asgi()) as served:
        answer = httpx.post(served.url + path, content=content, trust_env=False, verify=trusted())
    assert (answer.status_code, answer.text) == (status, told)
    assert kept(inbox) == []
    if status in (400, 401, 503):
        assert "account chat" in caplog.text
    assert "canary" not in answer.text


def test_a_body_beyond_every_platforms_is_cut_off(inbox: Inbox) -> None:
    """T10: 4 MiB and no more, whether it says its length or comes in pieces without end."""

    def endless() -> Iterator[bytes]:
        for _ in range(70):
            yield b"x" * 65_536

    with Served(inbox.asgi()) as served:
        assert (
            httpx.post(
                f"{served.url}/chat", content=b"x" * (4 << 20), trust_env=False, verify=trusted()
            ).status_code
            == 401
        )
        for content in (b"x" * ((4 << 20) + 1), endless()):
            assert (
                httpx.post(
                    f"{served.url}/chat", content=content, trust_env=False, verify=trusted()
                ).status_code
                == 413
            )
    assert kept(inbox) == []


def test_a_challenge_is_answered_and_not_kept(inbox: Inbox) -> None:
    with Served(inbox.asgi()) as served:
        answer = httpx.get(f"{served.url}/chat?challenge=a%2Bb", trust_env=False, verify=trusted())
    assert (answer.status_code, answer.text) == (200, "a+b")
    assert answer.headers["content-length"] == "3"
    assert kept(inbox) == []


def stripped(app: Any, prefix: str) -> Any:
    """A raw ASGI application that mounts another one and takes the prefix off the path, as servers once did."""

    async def outer(scope: Any, receive: Any, send: Any) -> None:
        inner = scope["path"].removeprefix(prefix)
        await app({**scope, "path": inner, "root_path": scope.get("root_path", "") + prefix}, receive, send)

    return outer


def full(app: Any, prefix: str) -> Any:
    """A raw ASGI application that mounts another one and leaves the path whole, as the specification now says."""

    async def outer(scope: Any, receive: Any, send: Any) -> None:
        await app({**scope, "root_path": scope.get("root_path", "") + prefix}, receive, send)

    return outer


MOUNTS = {
    "starlette": lambda app: Starlette(routes=[Mount("/hooks", app=app)]),
    "starlette in starlette": lambda app: Starlette(
        routes=[Mount("/api", app=Starlette(routes=[Mount("/hooks", app=app)]))]
    ),
    "raw, prefix taken off": lambda app: stripped(app, "/hooks"),
    "raw, path whole": lambda app: full(app, "/hooks"),
}


@pytest.mark.parametrize("how", MOUNTS)
@pytest.mark.parametrize("account", ["chat", "hooks"])
def test_mounted_under_a_prefix(inbox: Inbox, how: str, account: str) -> None:
    """The account is what follows the prefix, also if it is called like it; the URL is the one that was called."""
    prefix = "/api/hooks" if how == "starlette in starlette" else "/hooks"
    with Served(MOUNTS[how](inbox.asgi())) as served:
        assert post(f"{served.url}{prefix}/{account}?x=1").status_code == 200
        assert post(f"{served.url}{prefix}/{account}").status_code == 200
        assert post(f"{served.url}{prefix}/nobody").status_code == 404
        found = kept(inbox)
    assert [each.account for each in found] == [account, account]
    assert found[0].url == f"{served.url}{prefix}/{account}?x=1"


async def ask(app: Any, path: str, root: str = "", **scope: Any) -> tuple[int, bytes]:
    """One request to an application, without a server."""
    signed = delivery(ITEM)
    messages = [{"type": "http.request", "body": signed.body}]
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return messages.pop(0)

    async def send(message: Any) -> None:
        sent.append(message)

    headers = [(name.encode().lower(), value.encode()) for name, value in signed.headers]
    base = {"type": "http", "method": "POST", "path": path, "root_path": root, "headers": headers}
    await app(base | scope, receive, send)
    return sent[0]["status"], sent[1]["body"]


@pytest.mark.parametrize(
    ("root", "path", "url"),
    [
        ("", "/chat", "http://localhost/chat"),
        ("", "/chat/", "http://localhost/chat/"),
        ("/ch", "/chat", "http://localhost/ch/chat"),
        ("/ch", "/ch/chat", "http://localhost/ch/chat"),
        ("/a/b", "/a/b/chat", "http://localhost/a/b/chat"),
        ("/a/b", "/chat", "http://localhost/a/b/chat"),
        ("/hooks", "/hooks", "http://localhost/hooks/hooks"),
        ("/chat/", "/chat/chat", "http://localhost/chat/chat"),
    ],
)
async def test_a_prefix_is_only_a_prefix_at_a_slash(inbox: Inbox, root: str, path: str, url: str) -> None:
    status, _ = await ask(inbox.asgi(), path, root)
    assert status == 200
    assert kept(inbox)[0].url == url


async def test_behind_a_proxy_the_platforms_own_address_is_given(inbox: Inbox) -> None:
    """Signatures may cover the URL that the platform called: what the proxy made of it does not count."""
    app = Asgi(inbox, public_url="https://shop.example/hooks/")
    status, _ = await ask(app, "/internal/chat", "/internal", query_string=b"a=b")
    assert status == 200
    assert kept(inbox)[0].url == "https://shop.example/hooks/chat?a=b"


async def test_the_host_and_scheme_are_the_ones_that_were_called(inbox: Inbox) -> None:
    signed = [(name.encode().lower(), value.encode()) for name, value in delivery(ITEM).headers]
    headers = [*signed, (b"host", b"shop.example:8443"), (b"x-odd", b"\xff\xe9")]
    await ask(inbox.asgi(), "/chat", scheme="https", headers=headers)
    (found,) = kept(inbox)
    assert found.url == "https://shop.example:8443/chat"
    assert found.header("x-odd") == "\xff\xe9"


async def test_a_peer_who_leaves_before_the_end_leaves_nothing(inbox: Inbox) -> None:
    """Half a body is no delivery: nothing is kept, nothing breaks."""
    messages = [
        {"type": "http.request", "body": b"[", "more_body": True},
        {"type": "http.disconnect"},
    ]
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        return messages.pop(0)

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": "/chat", "headers": []}
    await inbox.asgi()(scope, receive, send)
    assert sent[0]["status"] == 400
    assert kept(inbox) == []


def test_a_peer_who_hangs_up_does_not_disturb_others(inbox: Inbox, caplog: pytest.LogCaptureFixture) -> None:
    import socket

    caplog.set_level(logging.WARNING)
    with Served(inbox.asgi()) as served:
        with socket.create_connection(("127.0.0.1", served.port)) as rude:
            rude.sendall(b"POST /chat HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n[")
        assert post(f"{served.url}/chat").status_code == 200
    assert len(kept(inbox)) == 1
    assert "Traceback" not in caplog.text


async def test_what_is_no_request_is_answered_politely(inbox: Inbox) -> None:
    """Servers begin with a lifespan; browsers may try a websocket."""
    app, sent = inbox.asgi(), []
    messages = [{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}]

    async def receive() -> dict[str, Any]:
        return messages.pop(0)

    async def send(message: Any) -> None:
        sent.append(message["type"])

    await app({"type": "lifespan"}, receive, send)
    assert sent == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
    await app({"type": "websocket", "path": "/chat"}, receive, send)
    assert sent[-1] == "websocket.close"


def test_a_store_out_of_reach_is_no_acceptance(tmp_path: Path) -> None:
    """What cannot be kept is not acknowledged: the platform will send it again."""
    broken = Inbox(f"sqlite:///{tmp_path / 'no' / 'a.db'}", [Hook("chat")])
    with Served(broken.asgi()) as served:
        assert post(f"{served.url}/chat").status_code == 503


def test_many_at_once_are_each_answered_after_their_own_commit(inbox: Inbox) -> None:
    async def all_of_them(url: str) -> list[int]:
        async with httpx.AsyncClient(trust_env=False, verify=trusted()) as client:
            signed = [delivery({"id": f"m{n}", "from": "anna", "text": str(n)}) for n in range(60)]
            answers = await asyncio.gather(
                *(client.post(url, content=each.body, headers=dict(each.headers)) for each in signed)
            )
        return [answer.status_code for answer in answers]

    with Served(inbox.asgi()) as served:
        assert asyncio.run(all_of_them(f"{served.url}/chat")) == [200] * 60
        assert len(kept(inbox)) == 60
        commits = inbox.open().commits
    assert commits < 60


async def test_forged_is_what_the_channel_says(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    def admit(self: Hook, delivery: Delivery) -> Ack:
        raise Forged("no")

    monkeypatch.setattr(Hook, "admit", admit)
    assert await ask(inbox.asgi(), "/chat") == (401, b"not authenticated")


async def test_accounts_that_share_an_address_each_get_the_delivery(inbox: Inbox) -> None:
    """One secret signs for both; what one of them refuses, nobody acknowledges."""
    with Served(inbox.asgi()) as server:
        signed = delivery(ITEM)
        async with httpx.AsyncClient() as client:
            both = await client.post(
                f"{server.url}/chat+hooks", content=signed.body, headers=dict(signed.headers)
            )
            forged = await client.post(f"{server.url}/chat+hooks", content=signed.body)
            unknown = await client.post(
                f"{server.url}/chat+nobody", content=signed.body, headers=dict(signed.headers)
            )
    assert (both.status_code, forged.status_code, unknown.status_code) == (200, 401, 404)
    assert [kept.account for kept in kept(inbox)] == ["chat", "hooks"]
