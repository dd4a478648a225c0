"""The SMTP server of the mail emulator: aiosmtpd, taking mail for everybody and losing none of it."""

from __future__ import annotations

import asyncio
import logging
import ssl
from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Literal

from aiosmtpd import smtp as aiosmtpd

from omnichannel.emulators.mail_stamp import from_address

Cut = Literal["taken", "lost"]
"""What became of a mail after which the connection broke, before an answer to it was heard."""

_MOST = 50_000_000
_LONGEST_AUTH = 12_288  # octets of one AUTH line (RFC 4954 §4): OAuth tokens are longer than a command may be


@dataclass(frozen=True)
class Envelope:
    """One mail as it was handed over: the envelope's sender and recipients, and every byte of it."""

    sender: str
    recipients: tuple[str, ...]
    body: bytes = field(repr=False)


@dataclass(frozen=True)
class Arrived:
    """A mail that was accepted, and whether its sender had logged in."""

    envelope: Envelope
    logged_in: bool

    @property
    def from_address(self) -> str:
        """The address in the mail's From."""
        return from_address(self.envelope.body)


class Exchange:
    """Makes a protocol for every connection; also the handler that aiosmtpd asks. Runs in the emulator's loop."""

    def __init__(
        self,
        passwords: Mapping[str, str],
        tokens: Mapping[str, str],
        starttls: ssl.SSLContext | None,
        *,
        refusals: Mapping[str, str],
        cuts: list[Cut],
        arrived: Callable[[Arrived], Awaitable[None]],
    ) -> None:
        self._passwords = passwords
        self._tokens = tokens
        self._starttls = starttls
        self._refusals = refusals
        self._cuts = cuts
        self._arrived = arrived
        self._protocols: list[aiosmtpd.SMTP] = []
        # It warns about its own use of a property of its own.
        logging.getLogger("mail.log").setLevel(logging.ERROR)

    def protocol(self) -> aiosmtpd.SMTP:
        """What serves one connection."""
        served = aiosmtpd.SMTP(
            self,
            hostname="mx.emulator.example",
            ident="mail emulator",
            data_size_limit=_MOST,
            enable_SMTPUTF8=True,
            tls_context=self._starttls,
            auth_require_tls=False,
            authenticator=self._authenticate,
            loop=asyncio.get_running_loop(),
        )
        served.command_size_limits["AUTH"] = _LONGEST_AUTH
        self._protocols.append(served)
        return served

    def drop_connections(self) -> None:
        """Break every connection."""
        for served in self._protocols:
            if isinstance(served.transport, asyncio.WriteTransport):
                # With TLS, one that has ended by itself cannot be broken any more (CPython 3.11: it has no protocol).
                with suppress(AttributeError):
                    served.transport.abort()
        self._protocols.clear()

    def _authenticate(
        self, _server: object, _session: object, _envelope: object, _mechanism: str, data: object
    ) -> aiosmtpd.AuthResult:
        known = isinstance(data, aiosmtpd.LoginPassword) and (
            self._passwords.get(data.login.decode("utf-8", "replace"))
            == data.password.decode("utf-8", "replace")
        )
        return aiosmtpd.AuthResult(success=known, handled=False, auth_data=data)

    async def auth_XOAUTH2(self, _server: aiosmtpd.SMTP, args: list[str]) -> aiosmtpd.AuthResult:  # noqa: N802
        """`user=…^Aauth=Bearer …^A^A` in base64."""
        try:
            user, _, rest = b64decode(args[1]).decode().removeprefix("user=").partition("\x01auth=Bearer ")
        except (IndexError, Base64Error, UnicodeDecodeError):
            return aiosmtpd.AuthResult(success=False, handled=False)
        known = bool(rest) and self._tokens.get(user) == rest.rstrip("\x01")
        return aiosmtpd.AuthResult(success=known, handled=False)

    async def handle_RCPT(  # noqa: N802
        self,
        _server: aiosmtpd.SMTP,
        _session: aiosmtpd.Session,
        envelope: aiosmtpd.Envelope,
        address: str,
        _options: list[str],
    ) -> str:
        """Take every recipient but those that are to be refused."""
        refusal = self._refusals.get(address.lower())
        if refusal:
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(  # noqa: N802
        self, server: aiosmtpd.SMTP, session: aiosmtpd.Session, envelope: aiosmtpd.Envelope
    ) -> str:
        """Take the mail, unless mails are to be refused."""
        if "DATA" in self._refusals:
            return self._refusals["DATA"]
        cut = self._cuts.pop(0) if self._cuts else None
        if cut == "lost":
            return await _cut_off(server)
        body = envelope.original_content or b""
        mail = Envelope((envelope.mail_from or "").strip("<>"), tuple(envelope.rcpt_tos), body)
        await self._arrived(Arrived(mail, bool(session.authenticated)))
        return await _cut_off(server) if cut else "250 2.0.0 OK queued"


async def _cut_off(server: aiosmtpd.SMTP) -> str:
    """Break the connection before anything is answered."""
    if isinstance(server.transport, asyncio.WriteTransport):
        server.transport.abort()
    return "421 4.4.2 cut off"  # which nobody hears
