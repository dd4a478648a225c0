"""The e-mail channel as an account: its settings, what it refuses at the start, and what a reply means."""

import asyncio
import re
import sys
from datetime import UTC, datetime

import pytest
from pydantic import SecretStr

from omnichannel.channel import Ack, Call, Delivery, Response
from omnichannel.channels.email import Email
from omnichannel.channels.email.link import settings
from omnichannel.channels.email.link.imap import TRUNCATED
from omnichannel.errors import ConfigError, Forged, NotFound, Unsupported
from omnichannel.model import (
    Address,
    Attachment,
    Deferred,
    Direction,
    Draft,
    Party,
    Refused,
    Sent,
    Strength,
    Text,
    Unknown,
)

IMAP = "imaps://help:pw@mail.example.org"
SMTP = "smtps://help:pw@mail.example.org"


def mailbox(**changes: object) -> Email:
    given: dict[str, object] = {"address": "help@shop.example", "imap": IMAP, "smtp": SMTP}
    return Email("support", **(given | changes))  # type: ignore[arg-type]


# --- settings ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "security", "port"),
    [
        ("imaps://mail.example.org", "tls", 993),
        ("imap+starttls://mail.example.org", "starttls", 143),
        ("imap://localhost", "plain", 143),
        ("imap://127.0.0.1:10143", "plain", 10143),
        ("imap://[::1]:1143", "plain", 1143),
        ("smtps://mail.example.org", "tls", 465),
        ("smtp+starttls://mail.example.org", "starttls", 587),
        ("smtp://localhost:2525", "plain", 2525),
        ("SMTPS://Mail.Example.org:4465", "tls", 4465),
    ],
)
def test_the_scheme_says_how_the_connection_is_secured(url: str, security: str, port: int):
    """Implicit TLS and STARTTLS at their usual ports (RFC 8314); plain only on this machine."""
    protocol = "imap" if url.lower().startswith("imap") else "smtp"
    server = settings.server(protocol, url, settings.Keys(user="help", password="pw"))
    assert (server.security, server.port) == (security, port)


@pytest.mark.parametrize(
    ("url", "user", "password"),
    [
        ("imaps://help:pw@h.example", "help", "pw"),
        ("imaps://help%40shop.example:p%2Fw%3F%23@h.example", "help@shop.example", "p/w?#"),
        ("imaps://help@shop.example:pw@h.example", "help@shop.example", "pw"),
    ],
)
def test_credentials_may_stand_in_the_url(url: str, user: str, password: str):
    """Percent-encoded where a URL needs it."""
    login = settings.server("imap", url, settings.Keys()).login
    assert login == settings.Login(user, SecretStr(password))


def test_keywords_win_over_the_url_and_serve_both_servers():
    """One user and one password, given once."""
    login = settings.server("imap", IMAP, settings.Keys(user="me", password=SecretStr("other"))).login
    assert login == settings.Login("me", SecretStr("other"))


def test_the_user_is_the_address_unless_another_is_named():
    """As most providers have it; a submission server without a password is one that asks for none."""
    keys = settings.Keys("help@shop.example", password="pw")
    login = settings.server("imap", "imaps://h.example", keys).login
    assert login == settings.Login("help@shop.example", SecretStr("pw"))
    assert settings.server("smtp", "smtp://localhost", settings.Keys("help@shop.example")).login is None


def test_a_token_may_be_fixed_or_fresh_every_time():
    """OAuth tokens live about an hour: a function is asked before every login."""
    counter = iter(range(100))
    for token, expected in (("fixed", ["fixed", "fixed"]), (lambda: f" {next(counter)}\n", ["0", "1"])):
        login = settings.server("imap", "imaps://h.example", settings.Keys(user="me", token=token)).login
        assert login is not None
        assert login.token is not None
        assert [login.token().get_secret_value() for _ in "12"] == expected


@pytest.mark.parametrize(
    ("changes", "setting", "message"),
    [
        ({"address": "help"}, "address", "not an e-mail address"),
        ({"address": "a@b.example, c@d.example"}, "address", "not an e-mail address"),
        ({"aliases": ["nobody"]}, "aliases", "not an e-mail address"),
        ({"aliases": "a@b.example"}, "aliases", "not a list"),
        ({"trusted": "mx.example"}, "trusted", "not a list"),
        ({"trusted": [""]}, "trusted", "not a list"),
        ({"folders": "INBOX"}, "folders", "not a list"),
        ({"imap": "imap://help:pw@mail.example.org"}, "imap", "unencrypted.*imaps://"),
        ({"smtp": "smtp://help:pw@192.0.2.1"}, "smtp", "unencrypted.*smtps://"),
        ({"imap": "https://mail.example.org"}, "imap", "begins with 'https'.*imaps://"),
        ({"imap": "mail.example.org"}, "imap", "no scheme"),
        ({"imap": "smtps://mail.example.org"}, "imap", "begins with 'smtps'"),
        ({"smtp": IMAP}, "smtp", "begins with 'imaps'"),
        ({"imap": "imaps://help:pw@"}, "imap", "names no host"),
        ({"imap": "imaps://help:pw@h.example:port"}, "imap", "not a URL"),
        ({"imap": "imaps://help:a#b@h.example"}, "imap", "%"),
        ({"imap": "imaps://help:pw@h.example/INBOX?x=1"}, "imap", "%3F"),
        ({"imap": "imaps://h.example"}, "imap", "no password or token for help@shop.example"),
        ({"imap": "imaps://help@h.example"}, "imap", "no password or token for help"),
        ({"smtp": "smtps://help@h.example"}, "smtp", "no password or token for help"),
        ({"password": "pw", "token": "t"}, "imap", "both given"),
        ({"password": "pw\n"}, "imap", "control character"),
        ({"ca_file": "/nowhere.pem"}, "ca_file", "No such file"),
        ({"ca_file": __file__}, "ca_file", "PEM"),
    ],
)
def test_a_wrong_setting_is_refused_at_the_start_with_its_cure(
    changes: dict[str, object], setting: str, message: str
):
    """Nobody finds out from a log at night; and no message repeats a password."""
    with pytest.raises(ConfigError, match=f"(?s){message}") as caught:
        mailbox(**changes)
    assert caught.value.setting == setting
    assert caught.value.cure
    assert not re.search(r"\bpw\b|'a'|a#b", str(caught.value))


def test_no_repr_shows_a_secret():
    """Settings end up in logs and tracebacks."""
    url = "imaps://help:hunter2@h.example"
    keys = settings.Keys(user="u", password="hunter2", token=None)
    server = settings.server("imap", url, keys)
    for shown in (mailbox(imap=url), keys, server, server.login, str(server)):
        assert "hunter2" not in repr(shown)
    assert "topsecret" not in repr(settings.Keys(token="topsecret"))


def test_without_imap_nothing_is_read_and_without_smtp_nothing_is_sent():
    """Receive-only and send-only accounts are accounts."""
    assert mailbox(imap=None).sources() == ()
    with pytest.raises(ConfigError, match="no server to send with"):
        mailbox(smtp=None).sender()
    assert mailbox(imap=None).sender() is not None


@pytest.mark.parametrize(
    ("changes", "folders"),
    [
        ({}, ["INBOX"]),
        ({"imap": IMAP + "/Support%20Desk"}, ["Support Desk"]),
        ({"folders": ["INBOX", "Junk"]}, ["INBOX", "Junk"]),
        ({"imap": IMAP + "/INBOX", "folders": ["Junk"]}, ["Junk"]),
    ],
)
def test_every_folder_is_a_source_of_its_own(changes: dict[str, object], folders: list[str]):
    """Named by `folders`, else by the URL, else INBOX."""
    assert [source.name for source in mailbox(**changes).sources()] == folders


def test_our_own_address_is_known_in_its_normal_form():
    """It is never a customer's."""
    assert mailbox(address="Help@SHOP.example").own_address == Address(
        kind="email", value="help@shop.example"
    )
    assert mailbox(address="help@bücher.example").account.address == Address(
        kind="email", value="help@xn--bcher-kva.example"
    )


def test_a_bare_channel_needs_no_servers():
    """For files, for measuring, for rendering offline."""
    assert Email.bare().sources() == ()
    assert Email.size("ab") == 2


# --- admit, start_link, check -----------------------------------------------------------------------------------


def test_nothing_comes_to_a_mailbox_by_webhook():
    """Whoever posts to it is no mail server."""
    with pytest.raises(Forged, match="no webhook"):
        mailbox().admit(Delivery(source="webhook", body=b"From: a@b.example\r\n\r\nhi"))
    assert mailbox().admit(Delivery(source="poll")) == Ack()


def test_a_start_link_brings_its_token_back():
    """Mail to the tagged address arrives in our mailbox with the tag."""
    token = "oct" + "a" * 26
    assert mailbox().start_link(token) == f"mailto:help+{token}@shop.example"


@pytest.mark.parametrize("changes", [{"plus_addressing": False}, {"address": "a" * 40 + "@shop.example"}])
def test_a_start_link_is_refused_where_tags_do_not_work(changes: dict[str, object]):
    """Better no link than one that bounces."""
    with pytest.raises(Unsupported, match="plus addressing"):
        mailbox(**changes).start_link("oct" + "a" * 26)


def test_the_doctor_says_what_no_trusted_authserv_id_means():
    """It is the setting that everybody forgets."""
    findings = asyncio.run(mailbox(imap=None, smtp=None).check())
    assert [finding.ok for finding in findings] == [False, False]
    assert "no sender counts as proven" in findings[0].what
    assert "Authentication-Results" in findings[0].cure


@pytest.mark.parametrize(("protocol", "library"), [("imap", "imapclient"), ("smtp", "aiosmtplib")])
def test_without_the_extra_the_cure_is_named(monkeypatch: pytest.MonkeyPatch, protocol: str, library: str):
    """Reading files and rendering need none of it; only the wires do."""
    for module in [
        name for name in sys.modules if name.startswith(f"omnichannel.channels.email.link.{protocol}")
    ]:
        monkeypatch.delitem(sys.modules, module)
    monkeypatch.setitem(sys.modules, library, None)
    account = mailbox(**{"imap": None, "smtp": None, protocol: f"{protocol}s://help:pw@localhost:1"})
    with pytest.raises(
        ConfigError, match=f"{library} is not installed.*pip install 'omnichannel\\[email\\]'"
    ):
        account.sources() if protocol == "imap" else account.sender()
    finding = asyncio.run(account.check())[1]
    assert not finding.ok
    assert "pip install" in finding.cure


# --- parse ------------------------------------------------------------------------------------------------------


def test_a_mail_is_read_with_what_this_account_knows():
    """Whom it trusts decides whether a sender is proven."""
    raw = (
        b"Authentication-Results: mx.shop.example; dmarc=pass header.from=customer.example\r\n"
        b"Received: from x by mx.shop.example; Sat, 21 Nov 2026 12:00:00 +0000\r\n"
        b"From: ann@customer.example\r\nMessage-ID: <1@customer.example>\r\n\r\nHello\r\n"
    )
    delivery = Delivery(source="poll", body=raw)
    proven, asserted = (
        next(iter(mailbox(trusted=trusted).parse(delivery))) for trusted in (["mx.shop.example"], [])
    )
    assert (proven.strength, proven.text) == (Strength.VERIFIED, "Hello")  # type: ignore[union-attr]
    assert asserted.strength is Strength.ASSERTED  # type: ignore[union-attr]


def test_an_answer_to_our_mail_brings_the_token_back():
    """Rendered, answered by a mail program, read again: by the tag and by the ids."""
    token = "ocm" + "a2" * 20
    draft = Draft(
        id="m1",
        to=Party(address=Address(kind="email", value="ann@customer.example")),
        parts=(Text(text="Hi"),),
        created_at=datetime(2026, 11, 21, tzinfo=UTC),
        token=token,
    )
    (call,) = mailbox().render(draft)
    reply_to = f"help+{token}@shop.example"
    for answer in (
        f"From: ann@customer.example\r\nTo: {reply_to.upper()}\r\n\r\nThanks\r\n",
        f"From: ann@customer.example\r\nIn-Reply-To: {call.correlator}\r\n\r\nThanks\r\n",
        f"From: ann@customer.example\r\nTo: {mailbox().start_link(token)[7:]}\r\n\r\nThanks\r\n",
    ):
        event = next(iter(mailbox().parse(Delivery(source="poll", body=answer.encode()))))
        assert event.tokens == (token,)  # type: ignore[union-attr]


def test_our_own_mail_that_comes_back_is_known_as_ours():
    """A copy in the mailbox (a group address, a sent folder) is no customer's message."""
    token = "ocm" + "a2" * 20
    draft = Draft(
        id="m1",
        to=Party(address=Address(kind="email", value="ann@customer.example")),
        parts=(Text(text="Hi"),),
        created_at=datetime(2026, 11, 21, tzinfo=UTC),
        token=token,
    )
    (call,) = mailbox().render(draft)
    event = next(iter(mailbox().parse(Delivery(source="poll", body=call.body))))
    assert event.direction is Direction.OUTBOUND  # type: ignore[union-attr]
    assert event.correlator == call.correlator  # type: ignore[union-attr]
    assert event.text == "Hi"  # type: ignore[union-attr]


def test_a_file_in_a_mail_can_be_had_again():
    """Rendered, received, and taken out of the raw delivery; a file of another mail is not found."""
    draft = Draft(
        id="m1",
        to=Party(address=Address(kind="email", value="ann@customer.example")),
        parts=(Text(text="Hi"), Attachment(name="a.bin", content=bytes(range(256)))),
        created_at=datetime(2026, 11, 21, tzinfo=UTC),
    )
    (call,) = mailbox().render(draft)
    delivery = Delivery(source="poll", body=call.body)
    event = next(iter(mailbox().parse(delivery)))
    (file,) = [part for part in event.parts if part.type == "attachment"]  # type: ignore[union-attr]
    assert mailbox().content(delivery, file) == bytes(range(256))
    changed = call.body.replace(b"AAECAwQF", b"BBECAwQF")
    for other in (b"From: a@b.example\r\n\r\nHi", changed):
        with pytest.raises(NotFound, match="this mail has"):
            mailbox().content(delivery.model_copy(update={"body": other}), file)


def test_what_was_cut_short_is_said_once_for_the_message_and_not_for_what_it_reports():
    """A delivery report is a message and a status; only the message has parts to say it in."""
    raw = (
        b"From: mailer-daemon@mx.example\r\nMessage-ID: <b@mx.example>\r\n"
        b'Content-Type: multipart/report; report-type=delivery-status; boundary="x"\r\n\r\n'
        b"--x\r\n\r\nNot delivered.\r\n--x\r\nContent-Type: message/delivery-status\r\n\r\n"
        b"Reporting-MTA: dns; mx.example\r\n\r\nFinal-Recipient: rfc822; ann@customer.example\r\nAction: failed\r\n"
        b"Status: 5.1.1\r\n\r\n--x\r\nContent-Type: message/rfc822\r\n\r\n"
        b"From: help@shop.example\r\nMessage-ID: <m1@shop.example>\r\n\r\nHi\r\n--x--\r\n"
    )
    delivery = Delivery(source="poll", body=raw, headers=((TRUNCATED, "50000000"),))
    received, updated = mailbox().parse(delivery)
    assert "truncated" in received.notes  # type: ignore[union-attr]
    assert (updated.event, updated.status) == ("updated", "failed")  # type: ignore[union-attr]
    assert updated.parts == ()  # type: ignore[union-attr]


# --- replies ----------------------------------------------------------------------------------------------------


def reply(status: int, detail: str = "", stage: str = "DATA", failure: str = "") -> Response:
    return Response.model_validate(
        {"status": status, "detail": detail, "headers": (("stage", stage),), "failure": failure}
    )


CALL = Call(method="SMTP", url="mailto:a@b.example", correlator="<id@shop.example>")


def test_a_250_is_sent_under_our_own_message_id():
    """The server's words often hold its queue id: they are kept."""
    assert mailbox().read(CALL, reply(250, "2.0.0 OK queued as 12345")) == Sent(
        external_id="<id@shop.example>", detail="2.0.0 OK queued as 12345"
    )


@pytest.mark.parametrize(
    ("response", "outcome"),
    [
        (reply(421, "closing"), Deferred),
        (reply(450, "4.2.0 greylisted", "RCPT TO"), Deferred),
        (reply(451, "try later"), Deferred),
        (reply(452, "4.3.1 no space"), Deferred),
        (reply(454, "4.7.0 temporary authentication failure", "AUTH"), Deferred),
        (reply(0, failure="not_sent"), Deferred),
        (reply(0, failure="in_doubt"), Unknown),
        (reply(354, "a reply that answers nothing"), Unknown),
    ],
)
def test_temporary_trouble_is_tried_again_and_doubt_is_not(response: Response, outcome: type):
    """Whatever was certainly not taken is deferred; what may have been taken is never sent twice."""
    assert isinstance(mailbox().read(CALL, response), outcome)


@pytest.mark.parametrize(
    ("status", "detail", "stage", "code"),
    [
        (550, "5.1.1 no such user", "RCPT TO", "recipient_unavailable"),
        (550, "no such user", "RCPT TO", "recipient_unavailable"),
        (553, "mailbox name not allowed", "RCPT TO", "recipient_unavailable"),
        (552, "5.2.2 mailbox full", "RCPT TO", "recipient_unavailable"),
        (550, "5.4.4 no route", "RCPT TO", "recipient_unavailable"),
        (550, "5.7.1 relaying denied", "RCPT TO", "policy"),
        (554, "5.7.1 spam", "DATA", "policy"),
        (550, "looks like spam", "DATA", "policy"),
        (554, "your network is blocked", "CONNECT", "policy"),
        (552, "message too big", "DATA", "too_large"),
        (552, "5.3.4 message too big", "MAIL FROM", "too_large"),
        (550, "5.2.3 message too big", "RCPT TO", "too_large"),
        (535, "5.7.8 bad credentials", "AUTH", "reauth"),
        (504, "5.5.4 unrecognized", "AUTH", "reauth"),
        (530, "5.7.0 authentication required", "MAIL FROM", "reauth"),
        (530, "authentication required", "MAIL FROM", "reauth"),
        (501, "5.1.3 bad address syntax", "RCPT TO", "invalid"),
        (550, "5.6.7 no SMTPUTF8", "MAIL FROM", "unsupported"),
        (500, "what?", "DATA", "invalid"),
        (599, "5.9.9 a code of their own", "DATA", "invalid"),
    ],
)
def test_a_permanent_refusal_has_our_word_for_why(status: int, detail: str, stage: str, code: str):
    """By the enhanced code (RFC 3463) where there is one, else by the reply code and what it answered."""
    receipt = mailbox().read(CALL, reply(status, detail, stage))
    assert isinstance(receipt, Refused)
    assert receipt.code == code
    assert detail in receipt.detail
