"""Servers that we ask, in hostile hands: whatever they answer over a real socket is an answer, or trouble in words.

An input is what the server says: blocks, of which each is the answer to one line of ours (`{tag}` is IMAP's tag);
after the last one it hangs up.
"""

from __future__ import annotations

import asyncio
import imaplib
import socket
import threading
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache

from bench.fuzz.mutate import mutated
from bench.fuzz.target import READ, REFUSED, Target, refusing
from omnichannel.channel import Call
from omnichannel.channels.email.link.imap_session import Session
from omnichannel.channels.email.link.settings import Server
from omnichannel.channels.email.link.smtp import Submission
from omnichannel.channels.http import Http
from omnichannel.errors import ConfigError
from omnichannel.http import HttpSender

BETWEEN = b"\n~\n"

_MAIL = b"From: a@mail.example\r\nTo: b@shop.example\r\nMessage-ID: <1@mail.example>\r\nSubject: x\r\n\r\nHello\r\n"
_IMAP = BETWEEN.join((
    b"* OK [CAPABILITY IMAP4rev1 IDLE] ready\r\n", b"* CAPABILITY IMAP4rev1 IDLE\r\n{tag} OK done\r\n",
    b"* 2 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n* OK [UIDNEXT 3] x\r\n{tag} OK [READ-ONLY] done\r\n",
    b"* SEARCH 1 2\r\n{tag} OK done\r\n",
    b'* 1 FETCH (UID 1 RFC822.SIZE 110 INTERNALDATE "02-Mar-2026 09:30:00 +0100")\r\n{tag} OK done\r\n',
    b"* 1 FETCH (UID 1 BODY[] {%d}\r\n" % len(_MAIL) + _MAIL + b")\r\n{tag} OK done\r\n",
    b"* OK still here\r\n* SEARCH 1\r\n{tag} OK done\r\n", b"* SEARCH 1\r\n{tag} OK done\r\n",
))  # fmt: skip
_SMTP = BETWEEN.join((
    b"220 mail.example ESMTP\r\n", b"250-mail.example\r\n250-SIZE 1000000\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n",
    b"250 ok\r\n", b"250 ok\r\n", b"354 go on\r\n", b"250 2.0.0 queued as 7\r\n", b"221 bye\r\n",
))  # fmt: skip
_HTTP = (
    b'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 8\r\n\r\n{"id":1}',
    b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\n{}{}\r\n0\r\n\r\n",
    b"HTTP/1.1 302 Found\r\nlocation: http://169.254.169.254/\r\nset-cookie: a=b\r\ncontent-length: 0\r\n\r\n",
    b"HTTP/1.1 429 Slow\r\nretry-after: 99999999999\r\ncontent-encoding: gzip\r\n\r\n\x1f\x8b\x08",
    b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.0 204 x\r\n\r\n",
)


_PATIENCE = 0.1  # seconds of our silence after which it hangs up: then we waited for more than it said


def targets() -> Iterator[Target]:
    """Each wire on which we ask."""
    trouble = (OSError, imaplib.IMAP4.error, ConfigError)
    yield Target("answers/imap", refusing(_imap, *trouble), [_IMAP], mutated, cost=20)
    yield Target("answers/smtp", _sent(_submission), [_SMTP], mutated, cost=20)
    yield Target("answers/http", _sent(_http), _HTTP, mutated, cost=20)


class _Server:
    """One connection at a time, on loopback."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self._says: list[bytes] = []
        threading.Thread(target=self._serve, daemon=True).start()

    def will_say(self, blocks: list[bytes]) -> None:
        """What the next one to connect hears."""
        self._says = blocks

    def _serve(self) -> None:
        while True:
            connection, _ = self._socket.accept()
            connection.settimeout(_PATIENCE)
            with connection, suppress(OSError):
                self._talk(connection, iter(self._says))

    def _talk(self, connection: socket.socket, blocks: Iterator[bytes]) -> None:
        """The first block at once; then one for each line, except for the lines of a mail."""
        heard = connection.makefile("rb")
        block = next(blocks, b"")
        connection.sendall(block)
        for line in heard:
            if block.startswith(b"354") and line != b".\r\n":
                continue
            tag = line.split(b" ", 1)[0].strip()
            block = next(blocks, b"")
            if not block:
                return
            connection.sendall(block.replace(b"{tag}", tag))


@cache
def _server() -> _Server:
    return _Server()


def _mail_server(protocol: str) -> Server:
    return Server(protocol, "plain", "127.0.0.1", _server().port, None)  # type: ignore[arg-type]  # one of two


def _imap(data: bytes) -> object:
    """As `Mailbox` asks: open, search, sizes, contents, and whether what was not given is still there."""
    _server().will_say(data.split(BETWEEN))
    session = Session(_mail_server("imap"))
    try:
        folder = session.examine("INBOX")
        found = [uid for uids, _ in session.uids(1, folder) for uid in uids][:50]
        known = session.envelopes(found) if found else {}
        bodies = session.contents(list(known)) if known else {}
        return bodies, session.present([uid for uid in found if uid not in bodies])
    finally:
        session.hang_up(politely=False)


def _sent(send: Callable[[], object]) -> Callable[[bytes], str]:
    """A call is made once; whatever comes back is a Response."""

    def go(data: bytes) -> str:
        _server().will_say(data.split(BETWEEN))
        response = asyncio.run(send())  # type: ignore[arg-type]  # both are coroutines
        return REFUSED if response.failure else READ

    return go


async def _submission() -> object:
    headers = (("mail-from", "support@shop.example"), ("rcpt-to", "ann@mail.example"))
    call = Call(method="SMTP", url="smtp:", headers=headers, body=_MAIL, timeout=3)
    return await Submission(_mail_server("smtp"), "shop.example").send(call)


async def _http() -> object:
    address = f"http://127.0.0.1:{_server().port}/"
    sender = HttpSender(
        Http(
            "line", url=address, secret="whsec_" + b64encode(b"a secret that is made up of so much").decode()
        )
    )
    try:
        return await sender.send(Call(url=address, body=b"{}", timeout=3))
    finally:
        await sender.close()
