"""A mail provider on loopback: IMAP and SMTP servers of the real kind, for development, tests and the demo.

    with MailServer({"help@shop.example": "secret"}) as mail:
        Email("support", **mail.settings("help@shop.example"))
        mail.write(b"From: ann@customer.example…", to="help@shop.example")

It behaves as a receiving provider does: it stamps what comes in with Return-Path, Authentication-Results and
Received, delivers `help+tag@…` to `help@…`, and takes mail for everybody else, kept in `outbox`.
Needs the extra `demo` (pymap and aiosmtpd).
"""

from __future__ import annotations

import asyncio
import ssl
import threading
from collections.abc import Callable, Coroutine, Mapping
from concurrent.futures import Future
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Self, TypeVar

from omnichannel.emulators.mail_boxes import Boxes
from omnichannel.emulators.mail_smtp import Arrived, Cut, Envelope, Exchange
from omnichannel.emulators.mail_stamp import domain_of, stamped

_PATIENCE = 10.0
_T = TypeVar("_T")


class MailServer:
    """Hosts the given mailboxes (address to password) until the context is left.

    `tokens` are further OAuth access tokens (address to token) that XOAUTH2 takes. `tls` makes both servers speak
    TLS at once, or after STARTTLS. `genuine` are the domains whose mail, when it comes by SMTP without a login,
    passes DMARC; mail of a logged-in sender does, all other fails. `refusals` are replies (`"550 5.1.1 …"`) to
    RCPT TO for an address, or to the mail itself under the key `DATA`; both may be changed at any time. `sent` is the
    folder in which what a logged-in sender hands over is kept, as most providers do; empty: it is not. `cuts` break
    the connections of the next mails before these are answered.
    """

    def __init__(
        self,
        mailboxes: Mapping[str, str],
        *,
        tokens: Mapping[str, str] | None = None,
        tls: ssl.SSLContext | None = None,
        starttls: bool = False,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.genuine: set[str] = set()
        self.refusals: dict[str, str] = {}
        self.outbox: list[Envelope] = []
        self.sent = ""
        self.cuts: list[Cut] = []
        self._passwords = dict(mailboxes)
        self._tls, self._starttls = tls, starttls
        self._clock = clock
        tokens = tokens or {}
        self._boxes = Boxes(mailboxes, tokens, tls if starttls else None)
        self._exchange = Exchange(
            mailboxes,
            tokens,
            tls if starttls else None,
            refusals=self.refusals,
            cuts=self.cuts,
            arrived=self._arrived,
        )
        self._implicit = None if starttls else tls
        self._ports: Future[tuple[int, int]] = Future()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: asyncio.Event | None = None
        self._thread = threading.Thread(
            target=lambda: asyncio.run(self._serve()), name="mail-emulator", daemon=True
        )

    @property
    def imap_url(self) -> str:
        """Where the IMAP server listens, without credentials."""
        return f"imap{self._suffix}://localhost:{self._ports.result(_PATIENCE)[0]}/INBOX"

    @property
    def smtp_url(self) -> str:
        """Where the SMTP server listens, without credentials."""
        return f"smtp{self._suffix}://localhost:{self._ports.result(_PATIENCE)[1]}"

    @property
    def _suffix(self) -> str:
        return "" if self._tls is None else "+starttls" if self._starttls else "s"

    def settings(self, address: str) -> dict[str, Any]:
        """The keywords with which the e-mail channel connects to this mailbox."""
        return {
            "address": address,
            "imap": self.imap_url,
            "smtp": self.smtp_url,
            "user": address,
            "password": self._passwords[address],
            "trusted": (f"mx.{domain_of(address)}",),
        }

    def write(
        self, raw: bytes, *, to: str, authenticated: bool = True, sender: str = "", folder: str = "INBOX"
    ) -> None:
        """A mail arrives from the world. `authenticated` says whether its From passes DMARC.

        `sender` is the envelope's, by default empty as a bounce's. Raises KeyError for a mailbox not hosted here.
        """
        at = self._clock()
        mail = stamped(raw, to=to, sender=sender, genuine=authenticated, at=at)
        self._do(self._boxes.deliver(to, mail, at, folder))

    def add_folder(self, address: str, name: str) -> None:
        """Make a new, empty folder."""
        self._do(self._boxes.add_folder(address, name))

    def renumber(self, address: str) -> None:
        """Give the INBOX a new UIDVALIDITY and its mails new UIDs, as after a restore from backup."""
        self._do(self._boxes.renumber(address))

    def drop_connections(self) -> None:
        """Break every IMAP and SMTP connection, as networks do."""

        async def drop() -> None:
            self._boxes.drop_connections()
            self._exchange.drop_connections()

        self._do(drop())

    def __enter__(self) -> Self:
        self._thread.start()
        self._ports.result(_PATIENCE)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._loop is not None and self._stop is not None:
            self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(_PATIENCE)

    def _do(self, coroutine: Coroutine[Any, Any, _T]) -> _T:
        if self._loop is None:
            raise RuntimeError("the server is not running; use it in a with statement")
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(_PATIENCE)

    async def _serve(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        try:
            await self._boxes.open()
            imap = await asyncio.start_server(self._boxes.connected, "localhost", 0, ssl=self._implicit)
            imap_port = imap.sockets[0].getsockname()[1]
            smtp = await self._loop.create_server(self._exchange.protocol, "localhost", 0, ssl=self._implicit)
        except BaseException as error:
            self._ports.set_exception(error)
            raise
        self._ports.set_result((imap_port, smtp.sockets[0].getsockname()[1]))
        await self._stop.wait()
        imap.close()
        smtp.close()
        self._boxes.drop_connections()
        self._exchange.drop_connections()
        await _ended()

    async def _arrived(self, mail: Arrived) -> None:
        """Keep what was handed to us, and put it into the mailboxes that are ours."""
        self.outbox.append(mail.envelope)
        genuine = mail.logged_in or domain_of(mail.from_address) in self.genuine
        if self.sent and mail.logged_in and self._boxes.hosts(mail.from_address):
            await self._boxes.keep(mail.from_address, mail.envelope.body, self._clock(), self.sent)
        for recipient in mail.envelope.recipients:
            if self._boxes.hosts(recipient):
                at, sender = self._clock(), mail.envelope.sender
                raw = stamped(mail.envelope.body, to=recipient, sender=sender, genuine=genuine, at=at)
                await self._boxes.deliver(recipient, raw, at)


async def _ended() -> None:
    """End every session, and let its transport say goodbye, which takes turns of a loop that is still there."""
    sessions = asyncio.all_tasks() - {asyncio.current_task()}
    for session in sessions:
        session.cancel()
    if sessions:
        await asyncio.wait(sessions, timeout=_PATIENCE)
    await asyncio.sleep(0.01)
