"""Handing one mail to a submission server: one connection, one transaction, one honest answer.

The library's `sendmail` cannot tell a connection lost before the mail was complete from one lost after, which
is the difference between "try again" and "nobody knows". So the transaction is driven command by command.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from aiosmtplib import SMTP, SMTPException, SMTPResponse, SMTPResponseException, SMTPServerDisconnected
from aiosmtplib.email import parse_address
from pydantic import SecretStr

from omnichannel.channel import Call, Response
from omnichannel.channels.email.link.settings import Login, Server
from omnichannel.channels.email.replies import STAGE
from omnichannel.toolbox import sealed

_PARTING = 5.0  # seconds for a polite QUIT once the answer is there
_LOOK = 0.02  # seconds between two looks at what is still to be written
_LINE_END = re.compile(rb"\r\n|\r|\n")


@dataclass
class _Attempt:
    """How far one transaction has come: `complete` once the line that ends the mail was handed over."""

    stage: str = "CONNECT"
    complete: bool = False


class Submission:
    """A `Sender` that speaks SMTP to one server, with a new connection for every mail.

    Servers drop idle connections without a word, and at the pace of people answering people a fresh one costs
    nothing that anybody notices. `hostname` is what we greet with: the domain of our address, never this
    machine's name.
    """

    def __init__(self, server: Server, hostname: str) -> None:
        self._server = server
        self._hostname = hostname

    async def send(self, call: Call) -> Response:
        """Do the one transaction; whatever happens is a `Response`."""
        attempt = _Attempt()
        smtp = self._client(call.timeout)
        try:
            async with asyncio.timeout(call.timeout):
                return await self._transaction(smtp, call, attempt)
        except SMTPResponseException as error:
            # Minus one is the library's own code for a reply that cannot be read.
            readable = error.code > 0
            return _answer(attempt, error.code, error.message) if readable else _lost(attempt, error)
        except (SMTPException, OSError, TimeoutError) as error:
            return _lost(attempt, error)
        except ValueError as error:
            # The library refuses to write it on a command line: no server will ever be asked.
            return _answer(attempt, 501, f"5.1.3 {error}")
        finally:
            # After a failure there may be megabytes that nobody will ever take: closing would wait for them.
            if isinstance(smtp.transport, asyncio.WriteTransport):
                smtp.transport.abort()
            smtp.close()

    async def close(self) -> None:
        """Nothing is held between two mails."""

    async def look(self) -> Response:
        """Connect and log in, and say how that went; sends nothing."""
        return await self.send(Call(method="SMTP", url="", timeout=20))

    def _client(self, timeout: float) -> SMTP:
        secured = self._server.security
        return SMTP(
            hostname=self._server.host,
            port=self._server.port,
            use_tls=secured == "tls",
            start_tls=secured == "starttls",
            tls_context=None if secured == "plain" else self._server.tls(),
            local_hostname=self._hostname,
            timeout=timeout,
        )

    async def _transaction(self, smtp: SMTP, call: Call, attempt: _Attempt) -> Response:
        recipients = [_unchanged(value) for name, value in call.headers if name == "RCPT TO"]
        await smtp.connect()
        if self._server.login:
            attempt.stage = "AUTH"
            await _log_in(smtp, self._server.login)
        if recipients:
            answer = await _mail(smtp, call, recipients, attempt)
        else:
            answer = _answer(attempt, 250, f"{self._server} lets us in")
        if attempt.complete or attempt.stage != "DATA":  # inside the mail, QUIT would be one of its lines
            with suppress(SMTPException, OSError):
                await smtp.quit(timeout=_PARTING)
        return answer


@sealed
async def _log_in(smtp: SMTP, login: Login) -> None:
    """One attempt with one mechanism: trying all of them with a wrong password locks accounts."""
    await smtp.ehlo()
    offered = smtp.server_auth_methods
    if login.token:
        await smtp.auth_xoauth2(login.user, (await _fresh(login.token)).get_secret_value())
        return
    password = login.password.get_secret_value() if login.password else ""
    if "plain" in offered:
        await smtp.auth_plain(login.user, password)
    elif "login" in offered:
        await smtp.auth_login(login.user, password)
    elif "cram-md5" in offered:
        await smtp.auth_crammd5(login.user, password)
    else:
        raise SMTPResponseException(
            538, f"the server offers no way to log in that we know: {' '.join(offered) or 'none'}"
        )


async def _fresh(token: Callable[[], SecretStr]) -> SecretStr:
    try:
        return await asyncio.to_thread(token)
    except Exception as error:
        # The caller's own function: whatever it raises, nothing was sent.
        raise SMTPException(f"no OAuth token to log in with: {error}") from error


async def _mail(smtp: SMTP, call: Call, recipients: list[str], attempt: _Attempt) -> Response:
    international = call_header(call, "SMTPUTF8") == "yes"
    encoding = "utf-8" if international else "ascii"
    attempt.stage = "MAIL FROM"
    if smtp.is_ehlo_or_helo_needed:
        await smtp.ehlo()
    if international and not smtp.supports_extension("smtputf8"):
        return _answer(attempt, 550, "5.6.7 the server takes no address beyond ASCII (no SMTPUTF8)")
    options = ["SMTPUTF8", "BODY=8BITMIME"] if international else []
    if smtp.supports_extension("size"):
        options.append(f"SIZE={len(call.body)}")
    await smtp.mail(call_header(call, "MAIL FROM"), options=options, encoding=encoding)
    attempt.stage = "RCPT TO"
    await smtp.rcpt(recipients[0], encoding=encoding)
    left_out = []
    for recipient in recipients[1:]:
        try:
            await smtp.rcpt(recipient, encoding=encoding)
        except SMTPResponseException as error:
            left_out.append(f"not to {recipient}: {error.code} {_line(error.message)}")
    attempt.stage = "DATA"
    reply = await _data(smtp, call.body, attempt)
    return _answer(attempt, reply.code, "; ".join([_line(reply.message), *left_out]))


async def _data(smtp: SMTP, body: bytes, attempt: _Attempt) -> SMTPResponse:
    """Send the mail itself. The answer is listened for from the start: servers may refuse in mid-sentence."""
    go_ahead = await smtp.execute_command(b"DATA")
    protocol = smtp.protocol
    if go_ahead.code >= 400 or protocol is None:
        return go_ahead
    if go_ahead.code != 354:  # a yes to nothing: not one byte of the mail has been sent
        raise SMTPException(f"{go_ahead.code} in answer to DATA: {go_ahead.message}")
    answer = asyncio.create_task(protocol.read_response(timeout=None))
    try:
        await asyncio.sleep(0)
        # When the link breaks while we write, the answer says so, or says what the server said before it.
        with suppress(SMTPServerDisconnected):
            protocol.write(on_the_wire(body))
            await _written(smtp, answer)
            if not answer.done():
                protocol.write(b".\r\n")
                attempt.complete = True
        return await answer
    finally:
        answer.cancel()


async def _written(smtp: SMTP, answer: asyncio.Task[SMTPResponse]) -> None:
    """Wait until the operating system has taken what we wrote, or the server has answered already."""
    while (
        not answer.done()
        and isinstance(smtp.transport, asyncio.WriteTransport)
        and smtp.transport.get_write_buffer_size()
    ):
        await asyncio.wait({answer}, timeout=_LOOK)


def _unchanged(recipient: str) -> str:
    """The recipient, if the library would write exactly that; raises ValueError."""
    if parse_address(recipient) != recipient:
        raise ValueError(f"{recipient!r} is not one address")
    return recipient


def on_the_wire(body: bytes) -> bytes:
    """The mail with CRLF line ends only and its dots doubled, so that nothing in it can end it early.

    RFC 5321 §2.3.8 and §4.5.2; a bare CR or LF is what SMTP smuggling is made of (CVE-2023-51764).
    """
    lines = _LINE_END.sub(b"\r\n", body)
    ended = lines if lines.endswith(b"\r\n") else lines + b"\r\n"
    return re.sub(rb"(?m)^\.", b"..", ended)


def call_header(call: Call, name: str) -> str:
    """The first header of that name in a call; empty if there is none."""
    return next((value for key, value in call.headers if key == name), "")


def _answer(attempt: _Attempt, code: int, text: str) -> Response:
    return Response(status=code, headers=((STAGE, attempt.stage),), detail=_line(text))


def _lost(attempt: _Attempt, error: Exception) -> Response:
    why = _line(str(error)) or type(error).__name__
    return Response(
        failure="in_doubt" if attempt.complete else "not_sent",
        headers=((STAGE, attempt.stage),),
        detail=f"{attempt.stage}: {why}",
    )


def _line(text: str) -> str:
    return " ".join(text.split())[:300]
