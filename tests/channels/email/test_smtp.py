"""Sending against real servers: what arrives at the far end, and what each kind of trouble is told as."""

import asyncio
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnichannel.channel import Response
from omnichannel.channels.email import Email
from omnichannel.channels.email.link.smtp import on_the_wire
from omnichannel.emulators.mail import MailServer
from omnichannel.model import (
    Address,
    Attachment,
    Deferred,
    Draft,
    Party,
    Receipt,
    Refused,
    Sent,
    Text,
    Unknown,
)
from tests.channels.email.peers import Line, Scripted, certificate

ACCOUNTS = {"help@shop.example": "secret"}


@pytest.fixture
def mail() -> Iterator[MailServer]:
    with MailServer(ACCOUNTS, tokens={"help@shop.example": "fresh-token"}) as server:
        yield server


def party(written: str) -> Party:
    return Party(address=Address(kind="email", value=written.lower()), written=written)


def draft(**changes: object) -> Draft:
    fields: dict[str, object] = {
        "id": "m1",
        "to": party("ann@customer.example"),
        "parts": (Text(text="Hello"),),
        "created_at": datetime(2026, 11, 21, tzinfo=UTC),
    }
    return Draft.model_validate(fields | changes)


def send(account: Email, **changes: object) -> Receipt:
    return attempt(account, **changes)[1]


def attempt(account: Email, *, timeout: float = 20, **changes: object) -> tuple[Response, Receipt]:
    (call,) = account.render(draft(**changes))
    call = call.model_copy(update={"timeout": timeout})

    async def go() -> Response:
        sender = account.sender()
        try:
            return await sender.send(call)
        finally:
            await sender.close()

    response = asyncio.run(go())
    return response, account.read(call, response)


# --- what arrives -----------------------------------------------------------------------------------------------


def test_the_far_end_gets_exactly_the_bytes_that_were_rendered(mail: MailServer):
    """Lone dots, bare line ends, a large file: one mail, byte for byte, with the envelope that was meant."""
    account = Email("support", **mail.settings("help@shop.example"))
    parts = (Text(text="\n.\n..\n.\r\nQUIT\r\n"), Attachment(name="a", content=bytes(range(256)) * 4000))
    changes = {"parts": parts, "cc": (party("bob@customer.example"),)}
    receipt = send(account, **changes)
    (call,) = account.render(draft(**changes))
    assert receipt == Sent(external_id="<m1@shop.example>", detail="2.0.0 OK queued")
    (arrived,) = mail.outbox
    assert arrived.body == call.body
    assert (arrived.sender, arrived.recipients) == (
        "help@shop.example", ("ann@customer.example", "bob@customer.example"),
    )  # fmt: skip


@pytest.mark.parametrize("inner", ["\n.\r\nMAIL FROM:<eve@evil.example>", "\r.\r", "\r\n.\r\nDATA", "\n.\n"])
def test_nothing_in_a_mail_can_end_it_and_begin_another(mail: MailServer, inner: str):
    """SMTP smuggling (CVE-2023-51764): one transaction, whatever the text holds."""
    account = Email("support", **mail.settings("help@shop.example"))
    assert isinstance(send(account, parts=(Text(text=f"before{inner}\r\nafter"),)), Sent)
    (arrived,) = mail.outbox
    assert b"after" in arrived.body


@given(st.binary())
def test_on_the_wire_every_line_ends_in_crlf_and_no_line_is_a_lone_dot(body: bytes):
    """The receiver's undoing of the dots brings back the mail (RFC 5321 §4.5.2)."""
    wire = on_the_wire(body)
    assert wire.endswith(b"\r\n")
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", wire)
    assert b".\r\n" not in wire.split(b"\r\n")
    assert b"." not in wire.split(b"\r\n")
    undone = b"\r\n".join(line[1:] if line.startswith(b".") else line for line in wire.split(b"\r\n"))
    normal = re.sub(rb"\r\n|\r|\n", b"\r\n", body)
    assert undone == (normal if normal.endswith(b"\r\n") else normal + b"\r\n")


@pytest.mark.parametrize(
    "written", ['"ann smith"@customer.example', "a..b@docomo.example", "O'Neil+x@[192.0.2.1]"]
)
def test_unusual_addresses_reach_the_envelope_unchanged(mail: MailServer, written: str):
    """Nobody in between tidies them up."""
    send(Email("support", **mail.settings("help@shop.example")), to=party(written))
    assert mail.outbox[0].recipients == (written,)


def test_an_automatic_mail_has_the_empty_sender(mail: MailServer):
    """So that nobody's bounce comes back to it (RFC 3834)."""
    send(Email("support", **mail.settings("help@shop.example")), automatic=True)
    assert mail.outbox[0].sender == ""


def test_an_international_address_reaches_its_mailbox(mail: MailServer):
    """With SMTPUTF8, where the server has it."""
    send(Email("support", **mail.settings("help@shop.example")), to=party("zoë@customer.example"))
    assert mail.outbox[0].recipients == ("zoë@customer.example",)


def test_mail_to_a_hosted_mailbox_lands_there_and_is_proven(mail: MailServer):
    """What the emulator promises: a logged-in sender passes DMARC, a stranger fails."""
    account = Email("support", **mail.settings("help@shop.example"))
    stranger = Email("x", address="eve@shop.example", smtp=mail.smtp_url)
    send(account, to=party("Help+tag@shop.example"))
    send(stranger, to=party("help@shop.example"))
    (box,) = account.sources()

    async def read() -> list[bytes]:
        batch = await box.fetch("")
        await box.close()
        return [delivery.body for delivery in batch.deliveries]

    first, second = asyncio.run(read())
    assert b"Return-Path: <help@shop.example>\r\nDelivered-To: Help+tag@shop.example\r\n" in first
    assert b"Authentication-Results: mx.shop.example; dmarc=pass" in first
    assert b"Authentication-Results: mx.shop.example; dmarc=fail" in second


# --- logging in -------------------------------------------------------------------------------------------------


def test_a_wrong_password_asks_for_a_new_login(mail: MailServer):
    """Refused for good: trying again would lock the account."""
    account = Email("support", **(mail.settings("help@shop.example") | {"password": "wrong"}))
    response, receipt = attempt(account)
    assert (response.status, response.header("stage")) == (535, "AUTH")
    assert isinstance(receipt, Refused)
    assert receipt.code == "reauth"
    assert mail.outbox == []


def test_an_oauth_token_is_asked_for_before_every_login(mail: MailServer):
    """Tokens live an hour; one that is refused is a matter for a person."""
    tokens = iter(["fresh-token", "stale-token"])
    settings = mail.settings("help@shop.example") | {"password": None, "token": lambda: next(tokens)}
    account = Email("support", **settings)
    assert isinstance(send(account), Sent)
    receipt = send(account)
    assert isinstance(receipt, Refused)
    assert receipt.code == "reauth"


def test_a_token_function_that_fails_sends_nothing(mail: MailServer):
    """Its trouble is the wire's: tried again later."""

    def broken() -> str:
        raise RuntimeError("token server is down")

    account = Email("x", **(mail.settings("help@shop.example") | {"password": None, "token": broken}))
    response, receipt = attempt(account)
    assert response.failure == "not_sent"
    assert isinstance(receipt, Deferred)
    assert "token server is down" in receipt.detail


def hello(line: Line, *offers: str) -> None:
    """Greet, and answer EHLO with these extensions."""
    line.say("220 peer\r\n")
    assert line.hear().startswith("EHLO shop.example")
    line.say("".join(f"250-{offer}\r\n" for offer in ("peer", *offers)) + "250 OK\r\n")


@pytest.mark.parametrize(
    ("offered", "expected"),
    [
        ("AUTH LOGIN PLAIN", ["AUTH PLAIN AGhlbHAAcHc="]),
        ("AUTH LOGIN", ["AUTH LOGIN aGVscA==", "cHc="]),
        ("AUTH CRAM-MD5", ["AUTH CRAM-MD5", "aGVscCA1NDQ0ZWQ0OGVmNmU0ODg4N2RlOWNjZmEwYzdhNjIyNQ=="]),
        ("AUTH GSSAPI", []),
        ("8BITMIME", []),
    ],
)
def test_one_mechanism_is_tried_once(offered: str, expected: list[str]):
    """Trying every mechanism with a wrong password locks accounts."""
    heard: list[str] = []

    def script(line: Line) -> None:
        hello(line, offered)
        for _ in expected:
            heard.append(line.hear())
            line.say("334 MTIz\r\n" if len(heard) < len(expected) else "535 5.7.8 no\r\n")
        assert line.hear() == ""

    with Scripted(script) as peer:
        receipt = send(Email("x", address="help@shop.example", smtp=f"smtp://help:pw@localhost:{peer.port}"))
    assert isinstance(receipt, Refused)
    assert receipt.code == "reauth"
    assert [re.sub(r"^aGVscC.*", "aGVscC", line) for line in heard] == [
        re.sub(r"^aGVscC.*", "aGVscC", line) for line in expected
    ]


# --- refusals ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("whom", "reply", "outcome", "code"),
    [
        ("ann@customer.example", "550 5.1.1 no such user", Refused, "recipient_unavailable"),
        ("ann@customer.example", "451 4.7.1 greylisted", Deferred, ""),
        ("ann@customer.example", "421 4.3.2 shutting down", Deferred, ""),
        ("DATA", "554 5.7.1 looks like spam", Refused, "policy"),
        ("DATA", "552 5.3.4 too large", Refused, "too_large"),
        ("DATA", "452 4.3.1 disk full", Deferred, ""),
    ],
)
def test_the_servers_no_is_told_as_what_it_is(
    mail: MailServer, whom: str, reply: str, outcome: type, code: str
):
    """Temporary and permanent, for the person and for the mail."""
    mail.refusals[whom] = reply
    receipt = send(Email("support", **mail.settings("help@shop.example")))
    assert isinstance(receipt, outcome)
    assert getattr(receipt, "code", "") == code
    assert reply[4:] in receipt.detail
    assert mail.outbox == []


def test_a_refused_copy_does_not_hold_up_the_answer_and_is_told(mail: MailServer):
    """The person gets the mail; the detail names who did not."""
    mail.refusals["gone@customer.example"] = "550 5.1.1 no such user"
    receipt = send(
        Email("support", **mail.settings("help@shop.example")),
        cc=(party("gone@customer.example"), party("bob@customer.example")),
    )
    assert isinstance(receipt, Sent)
    assert "not to gone@customer.example: 550 5.1.1 no such user" in receipt.detail
    assert mail.outbox[0].recipients == ("ann@customer.example", "bob@customer.example")


def test_when_the_person_is_refused_nobody_gets_a_copy(mail: MailServer):
    """A copy of an answer that was never given would be a lie."""
    mail.refusals["ann@customer.example"] = "550 5.1.1 no such user"
    receipt = send(
        Email("support", **mail.settings("help@shop.example")), cc=(party("bob@customer.example"),)
    )
    assert isinstance(receipt, Refused)
    assert mail.outbox == []


# --- connections that break -------------------------------------------------------------------------------------


def transaction(line: Line, *offers: str) -> None:
    """Take everything up to the go-ahead for DATA."""
    hello(line, *offers)
    for command, reply in (("MAIL FROM:", "250 OK"), ("RCPT TO:", "250 OK"), ("DATA", "354 go ahead")):
        assert line.hear().startswith(command)
        line.say(reply + "\r\n")


def closes_at_once(line: Line) -> None:
    """Not even a greeting."""


def greets_with_421(line: Line) -> None:
    line.say("421 too many connections\r\n")


def greets_with_554(line: Line) -> None:
    line.say("554 5.7.1 your network is blocked\r\n")


def closes_after_mail_from(line: Line) -> None:
    hello(line)
    line.hear()


def closes_after_data(line: Line) -> None:
    hello(line)
    for _ in range(2):
        line.hear()
        line.say("250 OK\r\n")
    line.hear()


def says_yes_to_nothing(line: Line) -> None:
    hello(line)
    for _ in range(3):
        line.hear()
        line.say("250 OK\r\n")


def refuses_to_begin(line: Line) -> None:
    hello(line)
    for reply in ("250 OK", "250 OK", "451 4.3.0 not now"):
        line.hear()
        line.say(reply + "\r\n")


def closes_in_the_middle(line: Line) -> None:
    transaction(line)
    for _ in range(50):
        line.hear()


def refuses_in_the_middle(line: Line) -> None:
    transaction(line)
    line.hear()
    line.say("552 5.3.4 too large, stop\r\n")
    line.hear_until(".")


def closes_after_the_end(line: Line) -> None:
    transaction(line)
    line.hear_until(".")


def mumbles_after_the_end(line: Line) -> None:
    transaction(line)
    line.hear_until(".")
    line.say("what was that?\r\n")
    line.hear()


def closes_before_the_goodbye(line: Line) -> None:
    transaction(line)
    line.hear_until(".")
    line.say("250 2.0.0 queued\r\n")


BIG = (Attachment(name="a", content=b"x" * 15_000_000),)
SMALL = (Text(text="Hello"),)


@pytest.mark.parametrize(
    ("script", "parts", "outcome"),
    [
        (closes_at_once, SMALL, Deferred),
        (greets_with_421, SMALL, Deferred),
        (greets_with_554, SMALL, Refused),
        (closes_after_mail_from, SMALL, Deferred),
        (closes_after_data, SMALL, Deferred),
        (says_yes_to_nothing, SMALL, Deferred),
        (refuses_to_begin, SMALL, Deferred),
        (closes_in_the_middle, BIG, Deferred),
        (refuses_in_the_middle, BIG, Refused),
        (closes_after_the_end, SMALL, Unknown),
        (mumbles_after_the_end, SMALL, Unknown),
        (closes_before_the_goodbye, SMALL, Sent),
    ],
)
def test_a_broken_connection_is_in_doubt_only_after_the_mails_last_line(
    script: object, parts: object, outcome: type
):
    """Before it, no server may take the mail: trying again is safe. After it, nobody knows."""
    with Scripted(script) as peer:  # type: ignore[arg-type]
        receipt = send(
            Email("x", address="help@shop.example", smtp=f"smtp://localhost:{peer.port}"), parts=parts
        )
    assert isinstance(receipt, outcome)


@pytest.mark.parametrize(
    ("script", "outcome"),
    [
        (lambda line: line.hear(), Deferred),
        (lambda line: (transaction(line), line.hear_until("."), line.hear()), Unknown),
    ],
    ids=["before the mail", "after the mail"],
)
def test_silence_ends_at_the_calls_timeout(script: object, outcome: type):
    """One call is one attempt with one deadline, and silence is told apart like a lost connection."""
    with Scripted(script) as peer:  # type: ignore[arg-type]
        account = Email("x", address="help@shop.example", smtp=f"smtp://localhost:{peer.port}")
        assert isinstance(attempt(account, timeout=0.3)[1], outcome)


def test_nobody_listening_is_not_sent():
    """No connection, no mail."""
    response, receipt = attempt(Email("x", address="help@shop.example", smtp="smtp://localhost:1"))
    assert response.failure == "not_sent"
    assert isinstance(receipt, Deferred)


def test_a_server_without_smtputf8_is_not_given_an_international_address():
    """It would be another address, or nobody's."""

    def script(line: Line) -> None:
        hello(line, "8BITMIME")
        assert line.hear() == "QUIT"

    with Scripted(script) as peer:
        account = Email("x", address="help@shop.example", smtp=f"smtp://localhost:{peer.port}")
        receipt = send(account, to=party("zoë@customer.example"))
    assert isinstance(receipt, Refused)
    assert receipt.code == "unsupported"


def test_an_envelope_that_is_no_address_is_refused_before_anybody_hears_of_it(mail: MailServer):
    """Stored calls may have been made by another version."""
    account = Email("support", **mail.settings("help@shop.example"))
    (call,) = account.render(draft())
    forged = call.model_copy(
        update={"headers": (("MAIL FROM", "a@b.example"), ("RCPT TO", "x@y.example> SIZE=1"))}
    )

    async def go() -> Response:
        sender = account.sender()
        return await sender.send(forged)

    receipt = account.read(forged, asyncio.run(go()))
    assert isinstance(receipt, Refused)
    assert receipt.code == "invalid"
    assert mail.outbox == []


def test_cancelling_a_send_leaves_nothing_behind():
    """Whoever shuts down mid-send gets the cancellation, and the connection is closed."""

    def script(line: Line) -> None:
        transaction(line)
        line.hear_until("nothing")

    async def go(account: Email) -> None:
        sender = account.sender()
        (call,) = account.render(draft())
        task = asyncio.create_task(sender.send(call))
        await asyncio.sleep(0.2)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    with Scripted(script) as peer:
        asyncio.run(go(Email("x", address="help@shop.example", smtp=f"smtp://localhost:{peer.port}")))


# --- TLS --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("starttls", [False, True], ids=["implicit", "starttls"])
def test_an_unknown_certificate_gets_neither_password_nor_mail(tmp_path: Path, starttls: bool):
    """Verified always; an authority of one's own is believed when it is named."""
    pem, context = certificate(tmp_path)
    with MailServer(ACCOUNTS, tls=context, starttls=starttls) as mail:
        settings = mail.settings("help@shop.example")
        response, receipt = attempt(Email("x", **settings))
        assert isinstance(receipt, Deferred)
        assert "CERTIFICATE_VERIFY_FAILED" in response.detail
        assert mail.outbox == []
        assert isinstance(send(Email("x", **settings, ca_file=str(pem))), Sent)
        assert len(mail.outbox) == 1


def test_a_certificate_for_another_host_is_refused(tmp_path: Path):
    """The chain alone proves nothing."""
    pem, context = certificate(tmp_path, "other.example")
    with MailServer(ACCOUNTS, tls=context) as mail:
        response, _ = attempt(Email("x", **mail.settings("help@shop.example"), ca_file=str(pem)))
        assert response.failure == "not_sent"
        assert mail.outbox == []


def test_starttls_that_is_not_offered_is_not_done_without():
    """A stripped offer is an attack: no password leaves us."""

    def script(line: Line) -> None:
        hello(line, "AUTH PLAIN")
        assert not line.hear().startswith("AUTH")

    with Scripted(script) as peer:
        url = f"smtp+starttls://help:pw@localhost:{peer.port}"
        response, _ = attempt(Email("x", address="help@shop.example", smtp=url))
    assert response.failure == "not_sent"


# --- doctor -----------------------------------------------------------------------------------------------------


def test_the_doctor_logs_in_and_sends_nothing(mail: MailServer):
    """Well: it says so. Ill: what, and the cure."""
    well = Email("x", **mail.settings("help@shop.example"))
    ill = Email("x", **(mail.settings("help@shop.example") | {"password": "wrong", "imap": None}))
    gone = Email("x", address="help@shop.example", smtp="smtp://localhost:1", trusted=["mx.shop.example"])
    assert [finding.ok for finding in asyncio.run(well.check())] == [True, True, True]
    assert [finding.ok for finding in asyncio.run(ill.check())] == [True, False]
    assert "password" in asyncio.run(ill.check())[-1].cure
    assert "Check host" in asyncio.run(gone.check())[-1].cure
    assert mail.outbox == []
