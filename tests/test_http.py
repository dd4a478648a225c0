"""Calls over HTTP: what certainly did not go out, what is in doubt, and what never leaves this process.

Every peer here is a socket on loopback that does exactly what its script says.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import socket
import struct
import subprocess
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from threading import Thread
from typing import Self

import pytest

from omnichannel.channel import Ack, Call, Channel, Delivery, Response
from omnichannel.http import MOST_BYTES, HttpSender
from omnichannel.model import Capabilities, Draft, Event, Receipt, Sent, TextLimit

CANARY = "canary-7f3a"


class Plain(Channel):
    """A channel whose credentials are a header."""

    kind = "plain"
    can = Capabilities(text=TextLimit(size=10))

    @classmethod
    def bare(cls, name: str = "file") -> Self:
        return cls(name)

    def admit(self, delivery: Delivery) -> Ack:
        return Ack()

    def parse(self, delivery: Delivery) -> tuple[Event, ...]:
        return ()

    def render(self, draft: Draft) -> tuple[Call, ...]:
        return ()

    def read(self, call: Call, response: Response) -> Receipt:
        return Sent()

    def credentials(self, call: Call) -> Mapping[str, str]:
        return {"Authorization": f"Bearer {CANARY}"}


class Peer:
    """A listening socket, and what each connection to it was sent."""

    def __init__(self, script: Callable[[socket.socket, Peer], None]) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._script = script
        self.heard: list[bytes] = []
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._thread = Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with connection:
                connection.settimeout(10)
                try:
                    self._script(connection, self)
                except OSError:
                    continue

    def hear(self, connection: socket.socket) -> bytes:
        """One whole request."""
        data = b""
        while b"\r\n\r\n" not in data:
            received = connection.recv(65536)
            if not received:
                raise ConnectionError("gone without a request")
            data += received
        head, _, body = data.partition(b"\r\n\r\n")
        length = next(
            (int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0
        )
        while len(body) < length:
            body += connection.recv(65536)
        self.heard.append(head + b"\r\n\r\n" + body)
        return body

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(10)


@contextmanager
def peer(script: Callable[[socket.socket, Peer], None]) -> Iterator[Peer]:
    it = Peer(script)
    try:
        yield it
    finally:
        it.close()


def answers(raw: bytes) -> Callable[[socket.socket, Peer], None]:
    def script(connection: socket.socket, it: Peer) -> None:
        it.hear(connection)
        connection.sendall(raw)

    return script


def reset(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def send(*calls: Call, plain_http: bool = False) -> list[Response]:
    """What one sender answers to these calls, one after another."""

    async def inside() -> list[Response]:
        sender = HttpSender(Plain("plain"), plain_http=plain_http)
        try:
            return [await sender.send(call) for call in calls]
        finally:
            await sender.close()

    return asyncio.run(inside())


OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-Two: a\r\nX-Two: b\r\n\r\n{}"


def test_the_request_on_the_wire_is_the_call_with_credentials() -> None:
    """Method, target, headers and body as the channel said; the credentials win over a header of their name."""
    with peer(answers(OK)) as it:
        call = Call(
            method="PUT",
            url=f"{it.url}/a/b?c=d%20e",
            headers=(("Content-Type", "application/json"), ("authorization", "none")),
            body=b'{"text":"caf\xc3\xa9"}',
        )
        [response] = send(call)
    assert response == Response(
        status=200, headers=(("Content-Length", "2"), ("X-Two", "a"), ("X-Two", "b")), body=b"{}"
    )
    [heard] = it.heard
    head, _, body = heard.partition(b"\r\n\r\n")
    lines = head.split(b"\r\n")
    assert lines[0] == b"PUT /a/b?c=d%20e HTTP/1.1"
    assert body == call.body
    assert f"Authorization: Bearer {CANARY}".encode() in lines
    assert sum(line.lower().startswith(b"authorization:") for line in lines) == 1
    assert b"accept-encoding: identity" in [line.lower() for line in lines]


@pytest.mark.parametrize("status", [302, 307, 308])
def test_a_redirect_is_an_answer_and_is_not_followed(status: int) -> None:
    """Nobody else gets our credentials because the platform says so."""
    with peer(answers(OK)) as other:
        raw = f"HTTP/1.1 {status} Moved\r\nLocation: {other.url}/x\r\nContent-Length: 0\r\n\r\n".encode()
        with peer(answers(raw)) as it:
            [response] = send(Call(url=it.url))
    assert (response.status, response.failure) == (status, "")
    assert response.header("location") == f"{other.url}/x"
    assert other.heard == []


@pytest.mark.parametrize("status", [400, 429, 500])
def test_an_answer_is_an_answer_whatever_its_status(status: int) -> None:
    """What a status means is for the channel to say; nothing is tried again here."""
    with peer(answers(f"HTTP/1.1 {status} X\r\nContent-Length: 3\r\n\r\nwhy".encode())) as it:
        [response] = send(Call(url=it.url))
    assert (response.status, response.body, response.failure) == (status, b"why", "")
    assert len(it.heard) == 1


def test_cookies_are_not_kept() -> None:
    """The second call does not carry what the first was given: calls do not know each other."""
    raw = b"HTTP/1.1 200 OK\r\nSet-Cookie: session=1; Path=/\r\nContent-Length: 0\r\n\r\n"
    with peer(answers(raw)) as it:
        send(Call(url=it.url), Call(url=it.url))
    assert len(it.heard) == 2
    assert b"cookie" not in it.heard[1].lower()


def test_a_connection_is_used_again() -> None:
    """Two calls to the same platform take one connection."""
    connections: list[socket.socket] = []

    def script(connection: socket.socket, it: Peer) -> None:
        connections.append(connection)
        for _ in range(2):
            it.hear(connection)
            connection.sendall(OK)

    with peer(script) as it:
        assert [response.status for response in send(Call(url=it.url), Call(url=it.url))] == [200, 200]
    assert len(connections) == 1


def test_after_close_a_later_call_opens_a_new_connection() -> None:
    """A sender that was closed serves again, also in another event loop, and closing twice is fine."""
    sender = HttpSender(Plain("plain"))

    async def one(url: str) -> int:
        status = (await sender.send(Call(url=url))).status
        await sender.close()
        await sender.close()
        return status

    with peer(answers(OK)) as it:
        assert [asyncio.run(one(it.url)), asyncio.run(one(it.url))] == [200, 200]


def test_closing_never_raises() -> None:
    """Not even when the event loop that opened the connections is gone."""
    sender = HttpSender(Plain("plain"))

    def twice(connection: socket.socket, it: Peer) -> None:
        answers(OK)(connection, it)
        connection.recv(1)

    with peer(twice) as it, warnings.catch_warnings(action="ignore"):
        assert asyncio.run(sender.send(Call(url=it.url))).status == 200
        asyncio.run(sender.close())
        # What the first loop left open is closed here, where its complaint is expected.
        gc.collect()


# What certainly did not go out.


def test_a_refused_connection_was_not_sent() -> None:
    """Nobody listens there: it may be sent again."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    [response] = send(Call(url=f"http://127.0.0.1:{port}/{CANARY}"))
    assert (response.status, response.failure) == (0, "not_sent")
    assert "127.0.0.1" in response.detail


def test_a_name_that_does_not_exist_was_not_sent() -> None:
    """`.invalid` never resolves (RFC 6761)."""
    [response] = send(Call(url="https://omnichannel.invalid/"))
    assert response.failure == "not_sent"
    assert "omnichannel.invalid" in response.detail


def test_a_connection_that_does_not_come_about_in_time_was_not_sent() -> None:
    """A TLS handshake that is never answered: the time was up before a byte of the request went out."""

    def silent(connection: socket.socket, it: Peer) -> None:
        while connection.recv(65536):
            it.heard.append(b"hello")

    with peer(silent) as it:
        [response] = send(Call(url=it.url.replace("http", "https"), timeout=0.6))
    assert response.failure == "not_sent"
    assert response.detail == "127.0.0.1: no connection within 0.3 s"


def test_a_peer_without_tls_was_not_sent() -> None:
    """An answer that is no TLS ends the handshake."""

    def plain(connection: socket.socket, it: Peer) -> None:
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    with peer(plain) as it:
        [response] = send(Call(url=it.url.replace("http", "https")))
    assert response.failure == "not_sent"


@pytest.mark.parametrize(
    ("headers", "method"),
    [
        ((("X-Subject", f"{CANARY}\r\nX-Injected: yes"),), "POST"),
        ((("X-Name", f"{CANARY}é"),), "POST"),
        ((("X Name", CANARY),), "POST"),
        ((), f"PO ST {CANARY}"),
    ],
)
def test_what_http_cannot_write_was_not_sent(headers: tuple[tuple[str, str], ...], method: str) -> None:
    """A header or method that would break the request never goes out, and is not repeated in the detail."""
    with peer(answers(OK)) as it:
        [response] = send(Call(url=it.url, headers=headers, method=method))
    assert response.failure == "not_sent"
    assert it.heard == []
    assert CANARY not in response.detail


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/", "http://10.0.0.1/", "http://127.1/", "http://2130706433/", "http://0x7f.1/",
        "http://127.0.0.1.nip.io/", "http://localhost.example.com/", "http://127.0.0.1@example.com/",
        "http://169.254.169.254/", "http://[::ffff:10.0.0.1]/", "ftp://example.com/", "file:///etc/passwd",
        "mailto:a@b.nl", "//example.com/", "/relative", "", "https://", "http://[broken/",
    ],
)  # fmt: skip
def test_only_https_leaves_this_machine(url: str) -> None:
    """Plain HTTP is for this machine, written so that nothing has to be resolved to know; else not sent."""
    [response] = send(Call(url=url))
    assert (response.status, response.failure) == (0, "not_sent")
    assert response.detail


def test_the_refusal_of_plain_http_names_the_cure() -> None:
    """Who configured `http://` learns what to write."""
    [response] = send(Call(url=f"http://platform.example/{CANARY}"))
    assert response.detail == ("http://platform.example would show credentials to the network; use https://")


def test_plain_http_can_be_allowed() -> None:
    """With `plain_http` a name that is not loopback is dialled (and here not found)."""
    [response] = send(Call(url="http://omnichannel.invalid/"), plain_http=True)
    assert response.failure == "not_sent"
    assert "use https" not in response.detail


def test_localhost_by_name_is_this_machine() -> None:
    """The only name that is taken for loopback."""
    with peer(answers(OK)) as it:
        [response] = send(Call(url=it.url.replace("127.0.0.1", "localhost")))
    assert response.status == 200


def test_credentials_that_cannot_be_had_were_not_sent() -> None:
    """A token function that fails: nothing went out, and what it said stays unsaid."""

    class Locked(Plain):
        def credentials(self, call: Call) -> Mapping[str, str]:
            raise RuntimeError(CANARY)

    async def inside() -> Response:
        return await HttpSender(Locked("locked")).send(Call(url="https://omnichannel.invalid/"))

    response = asyncio.run(inside())
    assert response == Response(failure="not_sent", detail="RuntimeError")


# What is in doubt.


def hang(connection: socket.socket, it: Peer) -> None:
    it.hear(connection)
    connection.recv(1)


def cut(connection: socket.socket, it: Peer) -> None:
    it.hear(connection)
    reset(connection)


def gone(connection: socket.socket, it: Peer) -> None:
    it.hear(connection)


def half_a_head(connection: socket.socket, it: Peer) -> None:
    it.hear(connection)
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-")


def half_a_body(connection: socket.socket, it: Peer) -> None:
    it.hear(connection)
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{")
    reset(connection)


def babble(connection: socket.socket, it: Peer) -> None:
    it.hear(connection)
    connection.sendall(b"\x00\xff\x00 this is not HTTP\r\n\r\n")


def not_reading(connection: socket.socket, it: Peer) -> None:
    it.heard.append(connection.recv(1))
    reset(connection)


def drip(connection: socket.socket, it: Peer) -> None:
    """One byte after another, each in time, all together never."""
    it.hear(connection)
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    connection.settimeout(0.02)
    while True:
        connection.sendall(b".")
        try:
            if not connection.recv(1):
                return
        except TimeoutError:
            continue


@pytest.mark.parametrize("script", [hang, cut, gone, half_a_head, half_a_body, babble, not_reading, drip])
def test_lost_after_the_request_went_out_is_in_doubt(script: Callable[[socket.socket, Peer], None]) -> None:
    """The platform may have taken it: whoever reads the receipt must not send again by itself."""
    with peer(script) as it:
        [response] = send(Call(url=f"{it.url}/{CANARY}", body=b"x" * 3_000_000, timeout=1.5))
    assert (response.status, response.failure) == (0, "in_doubt")
    assert len(it.heard) == 1
    assert "127.0.0.1" in response.detail
    assert CANARY not in response.detail


def test_the_time_limit_is_for_the_whole_call() -> None:
    """A peer that keeps dripping is cut off, although every byte came in time."""
    with peer(drip) as it:
        [response] = send(Call(url=it.url, timeout=0.3))
    assert response.detail == "127.0.0.1: no answer within 0.3 s"


@pytest.mark.parametrize("head", [b"Content-Length: 2000000\r\n", b"Transfer-Encoding: chunked\r\n", b""])
def test_a_success_that_is_too_long_is_in_doubt(head: bytes) -> None:
    """It was taken, but what it says cannot be read: no more than the limit is held in memory."""
    body = b"x" * 2_000_000
    if head.startswith(b"Transfer"):
        body = b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)
    with peer(answers(b"HTTP/1.1 200 OK\r\n" + head + b"\r\n" + body)) as it:
        [response] = send(Call(url=it.url))
    assert (response.status, response.failure, response.body) == (200, "in_doubt", b"")
    assert str(MOST_BYTES) in response.detail


def test_an_error_that_is_too_long_is_cut() -> None:
    """A refusal stays a refusal: only its beginning is kept, for people."""
    raw = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 2000000\r\n\r\n" + b"x" * 2_000_000
    with peer(answers(raw)) as it:
        [response] = send(Call(url=it.url))
    assert (response.status, response.failure, len(response.body)) == (403, "", MOST_BYTES)


def test_a_packed_answer_is_not_unpacked() -> None:
    """No encoding was asked for; a bomb stays the few bytes that came."""
    raw = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nbomb"
    with peer(answers(raw)) as it:
        [response] = send(Call(url=it.url))
    assert response.body == b"bomb"


# Secrets, certificates, cancelling.


def test_nothing_of_a_call_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    """With every logger at DEBUG, neither address nor credentials nor body are written anywhere."""
    caplog.set_level(logging.DEBUG)
    location = f"https://elsewhere.example/?token={CANARY}"
    raw = f"HTTP/1.1 302 Found\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n".encode()
    with peer(answers(raw)) as it:
        send(Call(url=f"{it.url}/bot{CANARY}/send?access_token={CANARY}", body=CANARY.encode()))
    assert len(it.heard) == 1
    assert CANARY not in caplog.text


def test_others_may_still_log_their_own_requests(caplog: pytest.LogCaptureFixture) -> None:
    """Only our requests are hushed, not the application's."""
    HttpSender(Plain("plain"))
    caplog.set_level(logging.INFO, logger="httpx")
    logging.getLogger("httpx").info("the application's own")
    assert "the application's own" in caplog.text


def test_an_unknown_certificate_is_refused(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A peer that cannot prove who it is gets nothing; one that is trusted gets the call."""
    import ssl

    monkeypatch.delenv("HTTPS_PROXY", raising=False)
    monkeypatch.delenv("https_proxy", raising=False)
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    command += ["-keyout", str(key), "-out", str(certificate), "-days", "2", "-subj", "/CN=localhost"]
    try:
        subprocess.run([*command, "-addext", "subjectAltName=DNS:localhost"], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("openssl is not there to make a certificate")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)

    def secure(connection: socket.socket, it: Peer) -> None:
        with context.wrap_socket(connection, server_side=True) as tls:
            answers(OK)(tls, it)

    with peer(secure) as it:
        url = it.url.replace("http://127.0.0.1", "https://localhost")
        [refused] = send(Call(url=url))
        assert it.heard == []
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        [taken] = send(Call(url=url))
    assert refused.failure == "not_sent"
    assert "certificate" in refused.detail.lower()
    assert taken.status == 200


def test_a_cancelled_call_is_cancelled() -> None:
    """Shutting down does not turn into a receipt; whoever cancels knows that it is in doubt."""

    async def inside(it: Peer) -> None:
        sender = HttpSender(Plain("plain"))
        task = asyncio.create_task(sender.send(Call(url=it.url)))
        while not it.heard:
            await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await sender.close()

    with peer(hang) as it:
        asyncio.run(inside(it))


def test_plain_http_does_not_go_through_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy in the environment would see what goes in the clear; it carries only sealed connections."""

    def tunnel(connection: socket.socket, it: Peer) -> None:
        it.hear(connection)
        connection.sendall(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")

    with peer(tunnel) as proxy, peer(answers(OK)) as it:
        for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.url)
        for name in ("NO_PROXY", "no_proxy"):
            monkeypatch.delenv(name, raising=False)
        [plain, sealed] = send(Call(url=it.url), Call(url="https://platform.example/"))
    assert plain.status == 200
    assert sealed.failure == "not_sent"
    assert [heard.split(b"\r\n")[0] for heard in proxy.heard] == [b"CONNECT platform.example:443 HTTP/1.1"]
