"""The guarded door outwards: one attempt, no redirect, no body without end, and no address inside."""

from __future__ import annotations

import socket
import time
from typing import Any

import pytest

from omnichannel.channel import Response
from omnichannel.fetching import Guard
from omnichannel.webhooks.posting import MOST_BYTES, Poster
from tests.test_http import Peer, answers, peer

SECRET_PATH = "/hooks/T0KEN"


async def post(url: str, *bodies: bytes, private: bool = True, seconds: float = 20.0) -> list[Response]:
    """What an address answers to these, one after the other."""
    async with Poster(url, private=private) as poster:
        return [await poster.post((("webhook-id", "1"),), body, seconds=seconds) for body in bodies]


async def test_what_is_said_arrives_as_it_is_and_the_connection_is_used_again() -> None:
    connections = []

    def script(connection: socket.socket, it: Peer) -> None:
        connections.append(connection)
        for _ in range(2):
            it.hear(connection)
            connection.sendall(b"HTTP/1.1 202 Accepted\r\nContent-Length: 5\r\nRetry-After: 7\r\n\r\nsoon!")

    with peer(script) as it:
        found = await post(f"{it.url}{SECRET_PATH}", b'{"a":1}', b'{"a":2}')
    assert [(one.status, one.header("retry-after"), one.body) for one in found] == [(202, "7", b"")] * 2
    assert len(connections) == 1
    head, _, body = it.heard[1].partition(b"\r\n\r\n")
    assert (head.split(b"\r\n")[0], body) == (f"POST {SECRET_PATH} HTTP/1.1".encode(), b'{"a":2}')
    assert b"accept-encoding: identity" in head.lower()


async def test_an_answer_without_end_is_an_answer_and_is_not_read() -> None:
    """The status counts; of the body no more is taken than is needed to use the connection again."""
    taken: list[int] = []

    def flood(connection: socket.socket, it: Peer) -> None:
        it.hear(connection)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n")
        sent = 0
        try:
            while sent < 400 * MOST_BYTES:
                sent += connection.send(b"x" * 65536)
        finally:
            taken.append(sent)

    with peer(flood) as it:
        [found] = await post(it.url, b"{}")
    assert (found.status, found.failure, found.body) == (200, "", b"")
    assert taken[0] < 200 * MOST_BYTES, "what the sockets' own buffers hold, and no more"


async def test_a_body_that_drips_does_not_take_back_what_the_status_said() -> None:
    def drip(connection: socket.socket, it: Peer) -> None:
        it.hear(connection)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx")
        connection.recv(1)  # until we hang up

    with peer(drip) as it:
        [found] = await post(it.url, b"{}")
    assert (found.status, found.failure) == (200, "")


async def test_an_answer_that_is_none_is_trouble_that_repeats_nothing() -> None:
    with peer(answers(b"nonsense canary\r\n\r\n")) as it:
        [found] = await post(f"{it.url}{SECRET_PATH}", b"{}")
    assert found.failure == "in_doubt"
    assert not any(word in found.detail for word in ("canary", "T0KEN"))


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://shop.example/", "only https"), ("https://127.0.0.1/", "public internet"),
        ("https://[::ffff:10.0.0.1]/", "public internet"), ("https://169.254.169.254/", "public internet"),
        ("https://0x7f.1/", "public internet"), ("https://[64:ff9b::7f00:1]/", "public internet"),
        ("https://no-such-host.invalid/", "no host of that name"),
    ],
)  # fmt: skip
async def test_t52_what_is_inside_is_not_called(url: str, why: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """No connection comes about; only an origin that was allowed to be private may be."""

    async def never(*given: Any, **more: Any) -> Any:
        raise AssertionError("it was connected to")

    guard = Guard(frozenset())
    monkeypatch.setattr(type(guard._wire), "connect_tcp", never)
    [found] = await post(url, b"{}", private=False)
    assert found.failure == "not_sent"
    assert why in found.detail


async def test_private_is_allowed_for_one_origin_alone() -> None:
    """Another port of the same host is another origin: its guard says no."""
    with peer(answers(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")) as it:
        async with Poster("http://127.0.0.1:9/", private=True) as poster:
            poster._url = it.url
            found = await poster.post((), b"{}", seconds=5)
        assert it.heard == []
    assert "only https" in found.detail


async def test_nothing_takes_longer_than_it_may() -> None:
    def silent(connection: socket.socket, it: Peer) -> None:
        it.hear(connection)
        connection.recv(1)

    with peer(silent) as it:
        start = time.monotonic()
        [found] = await post(it.url, b"{}", seconds=0.2)
    assert found.detail == "no answer within 0.2 s"
    assert time.monotonic() - start < 15
