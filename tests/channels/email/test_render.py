"""What goes out: one SMTP transaction whose bytes say exactly what the draft says, to exactly whom it says."""

import email
import email.policy
import re
from datetime import UTC, datetime
from email.utils import getaddresses

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from omnichannel.channel import Call
from omnichannel.channels.email import Email
from omnichannel.channels.email.alternative import to_html
from omnichannel.errors import OmnichannelError, TooLarge, Unsupported
from omnichannel.model import (
    Address,
    Attachment,
    Choice,
    Draft,
    Location,
    Option,
    Party,
    Reference,
    Text,
)

TOKEN = "ocm" + "a2" * 20
NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
OUTLOOK_ID = "<AM0PR04MB" + "A1b2C3d4E5" * 5 + "@AM0PR04MB4865.eurprd04.prod.outlook.com>"
MAILBOX = Email("support", address="help@shop.example", display_name="The Shop")


def party(written: str, name: str = "") -> Party:
    return Party(address=Address(kind="email", value=written.lower()), written=written, name=name)


def draft(**changes: object) -> Draft:
    fields: dict[str, object] = {
        "id": "01940000-0000-7000-8000-000000000001",
        "to": party("ann@customer.example", "Ann"),
        "parts": (Text(text="Hello Ann"),),
        "subject": "Broken lamp",
        "created_at": NOW,
        "token": TOKEN,
    }
    return Draft.model_validate(fields | changes)


def rendered(**changes: object) -> Call:
    (call,) = MAILBOX.render(draft(**changes))
    return call


def parsed(call: Call) -> email.message.EmailMessage:
    return email.message_from_bytes(call.body, policy=email.policy.default)  # type: ignore[return-value]


def plain(call: Call) -> str:
    return parsed(call).get_body(("plain",)).get_content().replace("\r\n", "\n")


def raw_field(call: Call, name: str) -> str:
    """The field exactly as it stands on the wire, without its line ends' folding."""
    match = re.search(rf"(?m)^{name}: (.*(?:\r\n[ \t].*)*)\r$", call.body.decode())
    return re.sub(r"\r\n", "", match[1]) if match else ""


# --- envelope ---------------------------------------------------------------------------------------------------


def test_one_call_whose_envelope_names_our_address_and_every_recipient_once():
    """To and Cc are the recipients; somebody named twice gets one copy."""
    call = rendered(cc=(party("bob@customer.example"), party("ann@customer.example")))
    assert (call.method, call.url) == ("SMTP", "mailto:ann@customer.example")
    assert call.headers == (
        ("MAIL FROM", "help@shop.example"),
        ("RCPT TO", "ann@customer.example"),
        ("RCPT TO", "bob@customer.example"),
    )


def test_the_correlator_is_the_message_id_which_holds_the_token():
    """What proves that an answer or bounce belongs to this very call comes back in In-Reply-To."""
    call = rendered()
    assert call.correlator == f"<{TOKEN}.01940000-0000-7000-8000-000000000001@shop.example>"
    assert parsed(call)["Message-ID"] == call.correlator


def test_the_message_id_without_a_token_is_a_legal_one():
    """A dot may not come first (RFC 5322 §3.2.3), and a strange id of ours is percent-encoded."""
    assert rendered(token="").correlator == "<01940000-0000-7000-8000-000000000001@shop.example>"
    assert rendered(token="", id="a b<c>").correlator == "<a%20b%3Cc%3E@shop.example>"


def test_rendering_is_pure():
    """The same draft gives the same bytes: what was stored before sending is what is sent."""
    attachment = Attachment(name="a.bin", content=bytes(range(256)))
    assert rendered(parts=(Text(text="x"), attachment)) == rendered(parts=(Text(text="x"), attachment))
    assert parsed(rendered())["Date"] == "Sat, 21 Nov 2026 12:00:00 +0000"


def test_time_for_the_upload_grows_with_the_mail():
    """20 MB over a slow line take longer than a note; `timeout` is seconds for the whole transaction."""
    small, large = rendered(), rendered(parts=(Attachment(name="a", content=b"x" * 5_000_000),))
    assert 60 <= small.timeout < 61
    assert large.timeout > 110


# --- addresses --------------------------------------------------------------------------------------------------


def test_reply_to_carries_the_token_as_a_tag():
    """Answers go to help+token@…, so that they are recognised even when a mail program drops the ids."""
    assert parsed(rendered())["Reply-To"].addresses[0].addr_spec == f"help+{TOKEN}@shop.example"
    assert parsed(rendered())["From"].addresses[0].addr_spec == "help@shop.example"
    assert parsed(rendered())["From"].addresses[0].display_name == "The Shop"


@pytest.mark.parametrize(
    ("mailbox", "token"),
    [
        (MAILBOX, ""),
        (Email("support", address="help@shop.example", plus_addressing=False), TOKEN),
        (Email("support", address="customer.service.netherlands@shop.example"), TOKEN),
    ],
    ids=["no token", "no plus addressing", "local part would exceed 64 octets"],
)
def test_where_a_tag_is_impossible_there_is_no_reply_to(mailbox: Email, token: str):
    """Then answers go to From; the token is still in the Message-ID."""
    (call,) = mailbox.render(draft(token=token))
    assert parsed(call)["Reply-To"] is None
    assert token in call.correlator


@pytest.mark.parametrize(
    ("written", "on_the_wire"),
    [
        ("ann@customer.example", "ann@customer.example"),
        ("Ann.O'Neil+x@Customer.Example", "Ann.O'Neil+x@Customer.Example"),
        ('"ann smith"@customer.example', '"ann smith"@customer.example'),
        ("a..b@docomo.example", "a..b@docomo.example"),
        ("ann@bücher.example", "ann@xn--bcher-kva.example"),
        ("ann@[192.0.2.1]", "ann@[192.0.2.1]"),
        ("root@localhost", "root@localhost"),
    ],
)
def test_an_address_is_written_as_it_was_with_an_ascii_domain(written: str, on_the_wire: str):
    """The local part belongs to the other side: not one letter of it is changed."""
    call = rendered(to=party(written))
    assert ("RCPT TO", on_the_wire) in call.headers
    assert raw_field(call, "To") == on_the_wire


def test_an_international_local_part_asks_for_smtputf8():
    """RFC 6531: only then may UTF-8 stand in the envelope and the header."""
    call = rendered(to=party("zoë@customer.example", "Zoë"))
    assert ("SMTPUTF8", "yes") in call.headers
    assert "<zoë@customer.example>" in call.body.decode()
    assert ("SMTPUTF8", "yes") not in rendered().headers


@pytest.mark.parametrize(
    "written",
    [
        "", "ann", "@customer.example", "ann@", "ann@customer.example, eve@evil.example", "a b@customer.example",
        "ann@customer.example\r\nBcc: eve@evil.example", "<ann@customer.example>", "ann@customer.example>",
        "Ann <ann@customer.example>", "ann@x@customer.example", "ann@customer..example", "ann@-x.example",
        "ann\x00@customer.example", "ann\u2028@customer.example", "a" * 250 + "@customer.example",
        '"a"b"@customer.example', "ann@customer.example SIZE=1", "ann;eve@customer.example", "ann@exa mple.org",
    ],
)  # fmt: skip
def test_what_is_not_exactly_one_address_is_refused(written: str):
    """Nobody becomes a second recipient, or a second header, by the way an address is written (PSF-2019-16)."""
    hidden = Party(address=Address(kind="email", value="x@y.example"), written=written or "no address")
    for changes in ({"to": hidden}, {"cc": (hidden,)}):
        with pytest.raises(Unsupported, match="not an e-mail address"):
            rendered(**changes)


HOSTILE = [
    "Ann\r\nBcc: eve@evil.example",
    "Ann\nBcc: eve@evil.example",
    "Ann\rBcc: eve@evil.example",
    "Ann\x00",
    "Ann\u2028Bcc: eve@evil.example",
    "=?utf-8?q?Ann=0d=0aBcc:_eve@evil.example?=",
    'Ann" <eve@evil.example>, "',
    "Ann, Eve; <eve@evil.example>",
    "eve@evil.example",
    "\\",
    '"',
    "Ann (comment) Smith",
    "Zoë \ud800 Müller",
    "名前" * 60,
    "a" * 3000,
    "x " * 900,
    "",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_no_display_name_adds_a_recipient_or_a_header(name: str):
    """Readers see exactly the fields and the recipients that were meant, whatever somebody calls themselves."""
    call = rendered(to=party("ann@customer.example", name))
    message = parsed(call)
    addresses = [address for _, address in getaddresses([raw_field(call, "To")])]
    assert addresses == ["ann@customer.example"]
    assert [field for field in message if field in ("To", "Bcc", "Cc")] == ["To"]
    assert [mailbox.addr_spec for mailbox in message["To"].addresses] == ["ann@customer.example"]


@given(name=st.text(max_size=120), subject=st.text(max_size=300))
@settings(max_examples=150, deadline=None)
def test_for_any_name_and_subject_the_fields_are_those_we_wrote(name: str, subject: str):
    """The set of header fields never depends on anybody's words, and every line is ASCII of legal length."""
    call = rendered(to=party("ann@customer.example", name), subject=subject)
    head = call.body.split(b"\r\n\r\n")[0]
    expected = {"date", "from", "reply-to", "to", "message-id", "mime-version", "content-type"}
    assert {key.lower() for key in parsed(call)} - {"subject"} == expected
    assert [address for _, address in getaddresses([raw_field(call, "To")])] == ["ann@customer.example"]
    assert head.isascii()
    assert max(map(len, head.split(b"\r\n"))) <= 998


# --- subject ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given_subject", "answered"),
    [
        ("Broken lamp", "Re: Broken lamp"),
        ("Re: Broken lamp", "Re: Broken lamp"),
        ("RE: AW: Antw: SV: Broken lamp", "Re: Broken lamp"),
        ("Re[3]: WG: TR: Broken lamp", "Re: Broken lamp"),
        ("re : Fwd: Broken lamp", "Re: Broken lamp"),
        ("Re：Broken lamp", "Re: Broken lamp"),
        ("Regarding: lamp", "Re: Regarding: lamp"),
        ("Rewind", "Re: Rewind"),
        ("", "Re:"),
        ("Re: Re:", "Re:"),
    ],
)
def test_an_answer_has_re_once(given_subject: str, answered: str):
    """Whatever mail programs of several languages piled up, one prefix remains."""
    call = rendered(subject=given_subject, reply_to=OUTLOOK_ID)
    assert parsed(call)["Subject"] == answered


def test_a_new_mail_keeps_its_subject_as_it_is():
    """Nothing is added to, or taken from, what starts a conversation."""
    assert parsed(rendered(subject="AW: hello"))["Subject"] == "AW: hello"
    assert parsed(rendered(subject=""))["Subject"] is None


@pytest.mark.parametrize(
    "subject",
    [
        "Ünïcödé €",
        "日本語の件名" * 20,
        "🎉" * 50,
        "=?utf-8?q?=0d=0a?=",
        "two  spaces",
        "a" * 2000,
        "word " * 300 + "end",
    ],
)
def test_every_subject_comes_out_as_it_went_in(subject: str):
    """Encoded where it must be, folded where it may be, never changed."""
    header = email.header.decode_header(raw_field(rendered(subject=subject), "Subject"))
    text = "".join(
        part.decode(charset or "ascii") if isinstance(part, bytes) else part for part, charset in header
    )
    assert text == subject


def test_line_breaks_and_control_characters_in_a_subject_become_a_space():
    """A subject is one line."""
    assert parsed(rendered(subject="a\r\nBcc: b\x00c\u2028d"))["Subject"] == "a Bcc: b c d"


# --- threading --------------------------------------------------------------------------------------------------


def test_long_ids_stay_readable():
    """Python's own writer encodes ids above a line's length, which Outlook drops (python/cpython#79986)."""
    call = rendered(
        reply_to=OUTLOOK_ID, references=(OUTLOOK_ID.replace("A1", "Z9"), "<b" + "c" * 400 + "@x>")
    )
    assert raw_field(call, "In-Reply-To") == OUTLOOK_ID
    assert raw_field(call, "References").split() == [
        OUTLOOK_ID.replace("A1", "Z9"), "<b" + "c" * 400 + "@x>", OUTLOOK_ID,
    ]  # fmt: skip
    assert b"=?utf-8?" not in call.body.split(b"\r\nMIME-Version")[0]
    assert parsed(call)["In-Reply-To"] == OUTLOOK_ID


def test_references_keep_the_first_and_the_last_twenty():
    """The oldest is the thread's name, the newest its end; the parent stands last, once."""
    ids = tuple(f"<{number}@x>" for number in range(40))
    written = raw_field(rendered(references=ids, reply_to="<39@x>"), "References").split()
    assert written == ["<0@x>", *(f"<{number}@x>" for number in range(20, 40))]


def test_without_a_parent_the_last_reference_is_the_parent():
    """Some callers know the thread only."""
    call = rendered(references=("<1@x>", "<2@x>"))
    assert raw_field(call, "In-Reply-To") == "<2@x>"
    assert raw_field(call, "References") == "<1@x> <2@x>"


def test_what_is_no_id_is_not_written():
    """Ids that we made up for mails without one, spaces, line breaks: none of them reaches the header."""
    call = rendered(
        reply_to="sha256:abc",
        references=("<a b@x>", "<x@y>\r\nBcc: <e@e>", "<ü@x>", "<" + "a" * 2000 + "@x>"),
    )
    assert raw_field(call, "In-Reply-To") == ""
    assert raw_field(call, "References") == ""


# --- automatic --------------------------------------------------------------------------------------------------


def test_a_program_says_that_it_is_one():
    """RFC 3834: marked, and with an empty envelope sender, so that no machine answers a machine."""
    call = rendered(automatic=True)
    assert parsed(call)["Auto-Submitted"] == "auto-replied"
    assert parsed(call)["X-Auto-Response-Suppress"] == "All"
    assert call.headers[0] == ("MAIL FROM", "")


def test_a_person_is_not_marked_as_a_program():
    """Marked answers are hidden or dropped by some mail systems."""
    assert parsed(rendered())["Auto-Submitted"] is None
    assert parsed(rendered())["Precedence"] is None


# --- body -------------------------------------------------------------------------------------------------------

TEXTS = [
    "Hello",
    "two\nlines\n\nand a paragraph",
    "\n.\nQUIT\n..\n.",
    "line \r\n mixed \r ends\n",
    "From the start\nFrom here",
    "=_ = =3D --=_",
    "x" * 5000,
    "Ünïcödé 日本語 🎉 \u2028 שלום",
    " leading and trailing ",
    '<script>alert(1)</script> & "quotes"',
]


@pytest.mark.parametrize("text", TEXTS)
def test_the_words_arrive_as_they_were_written(text: str):
    """Nothing dropped, nothing changed but the kind of line end."""
    wanted = text.replace("\r\n", "\n").replace("\r", "\n")
    assert plain(rendered(parts=(Text(text=text),))).rstrip("\n") == wanted.rstrip("\n")


@given(text=st.text(min_size=1), data=st.binary(max_size=200), name=st.text(max_size=80))
@settings(max_examples=150, deadline=None)
def test_the_wire_has_crlf_only_and_short_lines(text: str, data: bytes, name: str):
    """Bare CR or LF is what SMTP smuggling is made of (CVE-2023-51764); 998 octets is the longest line."""
    call = rendered(parts=(Text(text=text), Attachment(name=name, content=data)))
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", call.body)
    assert max(map(len, call.body.split(b"\r\n"))) <= 998
    (attachment,) = parsed(call).iter_attachments()
    assert attachment.get_payload(decode=True) == data


def test_text_and_html_are_alternatives():
    """Every mail program finds the one that it can show; the last is the richest (RFC 2046 §5.1.4)."""
    message = parsed(rendered(parts=(Text(text="Hi <b>\nthere"),)))
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/alternative", "text/plain", "text/html",
    ]  # fmt: skip
    assert "Hi &lt;b&gt;<br>there" in message.get_body(("html",)).get_content()


def test_signature_and_quote_follow_the_text():
    """A signature stands behind the mark by which mail programs know it (RFC 3676 §4.3)."""
    parts = (Text(text="Hi"), Text(text="The Shop", role="signature"), Text(text="> before", role="quoted"))
    assert plain(rendered(parts=parts)) == "Hi\n-- \nThe Shop\n> before\n"


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("https://shop.example/a?b=1&c=2.", '<a href="https://shop.example/a?b=1&amp;c=2">https://shop.example/a?b=1&amp;c=2</a>.'),
        ("(https://shop.example)", '(<a href="https://shop.example">https://shop.example</a>)'),
        ("https://en.example/X_(y)", '<a href="https://en.example/X_(y)">https://en.example/X_(y)</a>'),
        ("javascript:alert(1)", "javascript:alert(1)"),
        ('https://x.example/"onclick="', '<a href="https://x.example/">https://x.example/</a>&quot;onclick=&quot;'),
        ("<https://x.example>", '&lt;<a href="https://x.example">https://x.example</a>&gt;'),
        ("data:text/html,x ftp://y", "data:text/html,x ftp://y"),
    ],
)  # fmt: skip
def test_only_http_becomes_a_link(text: str, html: str):
    """Everything else is escaped text."""
    assert f">{html}</p>" in to_html(text)


def test_paragraphs_and_line_breaks_are_kept():
    """An empty line parts paragraphs, a line end breaks the line."""
    html = to_html("a\nb\n\n \nc")
    assert re.findall(r"<p[^>]*>(.*?)</p>", html) == ["a<br>b", "c"]


def test_attachments_arrive_byte_for_byte_with_clean_names():
    """Names are for people: no path and no control character leaves us."""
    content = bytes(range(256)) * 40
    parts = (
        Text(text="two files"),
        Attachment(name="../../Ünï\r\n.pdf", media_type="application/pdf", content=content),
        Attachment(name="", media_type="image/png", content=b"\x89PNG", inline=True),
    )
    first, second = parsed(rendered(parts=parts)).iter_attachments()
    assert first.get_content() == content
    assert first.get_content_type() == "application/pdf"
    assert first.get_filename() == "_.._Ünï.pdf"
    assert (second.get_filename(), second.get_content_disposition()) == ("attachment", "inline")


@pytest.mark.parametrize(
    "media_type", ["message/rfc822", "multipart/mixed", "nonsense", "text/plain; charset=x", "a/b\r\nc"]
)
def test_a_media_type_that_may_not_be_base64_goes_as_plain_bytes(media_type: str):
    """The file is what matters: it arrives unchanged under its name."""
    part = Attachment(name="mail.eml", media_type=media_type, content=b"From: a\r\n\nbare\rlines")
    (attachment,) = parsed(rendered(parts=(part,))).iter_attachments()
    assert attachment.get_content_type() == "application/octet-stream"
    assert attachment.get_content() == part.content


# --- what cannot be sent ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("part", "message"),
    [
        (Attachment(name="a.pdf", url="https://shop.example/a.pdf"), "give its bytes as `content`"),
        (Choice(options=(Option(title="yes"),)), "cannot carry a choice; it carries text and attachments"),
        (Location(latitude=1, longitude=2), "cannot carry a location"),
        (Reference(url="https://shop.example"), "cannot carry a reference"),
        (Text(text="  \n"), "nothing to send"),
    ],
)  # fmt: skip
def test_what_mail_cannot_carry_is_refused_with_what_it_can(part: object, message: str):
    """Never dropped."""
    with pytest.raises(Unsupported, match=message):
        rendered(parts=(part,))


def test_public_messages_are_refused():
    """There is no such thing as a public e-mail."""
    with pytest.raises(Unsupported, match="no public messages"):
        rendered(public=True)


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ((Text(text="x" * 1_000_001),), "1000001 characters"),
        ((Attachment(name="a", content=b"x" * 20_000_001),), "20000001 bytes"),
        (
            (
                Attachment(name="a", content=b"x" * 11_000_000),
                Attachment(name="b", content=b"x" * 11_000_000),
            ),
            "link",
        ),
        ((Attachment(name="a", content=b""),) * 101, "101 attachments"),
    ],
)
def test_too_much_is_refused_with_the_limit(parts: tuple[object, ...], message: str):
    """Never truncated, never split: a mail is one mail."""
    with pytest.raises(TooLarge, match=message):
        rendered(parts=parts)


@given(st.text(max_size=60), st.text(max_size=60))
@settings(max_examples=200, deadline=None)
def test_any_address_is_either_written_whole_or_refused_by_name(local: str, domain: str):
    """Whatever stands in an address, the readers' recipients are the envelope's, or nothing is sent."""
    try:
        call = rendered(
            to=Party(address=Address(kind="email", value="x@y.example"), written=f"{local}@{domain}")
        )
    except OmnichannelError:
        return
    (recipient,) = [value for name, value in call.headers if name == "RCPT TO"]
    assert raw_field(call, "To") == recipient
    assert recipient.rpartition("@")[0] == f"{local}@{domain}".rpartition("@")[0]
