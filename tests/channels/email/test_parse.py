"""What a mail means: identity, thread, words, files, and that no mail is ever lost."""

import contextlib
import hashlib
import json
import pathlib
import time
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from omnichannel.channels.email import parse as module
from omnichannel.channels.email.parse import attachment_bytes, parse
from omnichannel.errors import NotFound
from omnichannel.model import Direction, Received, Strength, Text, Unreadable, written

CASES = pathlib.Path(__file__).parent / "cases"
TOKEN = "oct" + "a" * 26
MARK = "ocm" + "b" * 40


def read(raw: str | bytes, **settings_) -> Received:
    message = parse(raw.encode() if isinstance(raw, str) else raw, **settings_)[0]
    assert isinstance(message, Received)
    return message


def mail(*headers: str, body: str = "hi") -> Received:
    given_from = any(header.startswith("From:") for header in headers)
    return read("\n".join([*([] if given_from else ["From: Jan <jan@b.nl>"]), *headers, "", body]))


# --- who --------------------------------------------------------------------------------------------------------


def test_the_author_is_from_and_nobody_else():
    found = mail("From: Jan de Vries <Jan@B.nl>", "Sender: list@x.nl", "Reply-To: Eve <eve@evil.example>")
    assert found.sender.address.value == "jan@b.nl"
    assert found.sender.written == "Jan@B.nl"
    assert found.sender.name == "Jan de Vries"
    assert found.answer_to is not None
    assert found.answer_to.address.value == "eve@evil.example"
    assert found.evidence == ()


@pytest.mark.parametrize("reply_to", ["Reply-To: JAN@b.nl", "Reply-To: nobody", "Reply-To:", "X: y"])
def test_an_answer_goes_elsewhere_only_if_reply_to_names_another_address(reply_to):
    assert mail(reply_to).answer_to is None


def test_a_display_name_that_holds_an_address_changes_nothing():
    found = mail('From: "ceo@firm.example" <mallory@evil.example>')
    assert found.sender.address.value == "mallory@evil.example"
    assert found.sender.name == "ceo@firm.example"


@pytest.mark.parametrize(
    ("headers", "address", "notes"),
    [
        (("From: a@b.nl", "From: eve@evil.example"), "a@b.nl", {"two_from", "ambiguous_sender"}),
        (("From: a@b.nl, eve@evil.example",), "a@b.nl", {"ambiguous_sender"}),
        (("From: <victim@x.example>eve@evil.example",), "victim@x.example", {"ambiguous_sender"}),
        (("From: Nobody at all",), "unknown@invalid", {"no_sender"}),
        (("From:",), "unknown@invalid", {"no_sender"}),
        (("From: root",), "root", set()),
    ],
)
def test_an_author_that_is_not_clear_is_noted_and_never_proven(headers, address, notes):
    found = mail(*headers)
    assert found.sender.address.value == address
    assert notes <= set(found.notes)
    assert found.strength is Strength.ASSERTED
    assert found.method == "from"


def test_words_without_an_address_in_from_are_kept_as_the_name():
    assert mail("From: MAILER-DAEMON <>").sender.name == "MAILER-DAEMON <>"


def test_recipients_are_to_cc_and_bcc_each_once():
    found = mail("To: A <a@b.nl>, A@B.nl", "Cc: c@d.nl", "Bcc: e@f.nl")
    assert [party.address.value for party in found.recipients] == ["a@b.nl", "c@d.nl", "e@f.nl"]


# --- which thread -----------------------------------------------------------------------------------------------


def test_ids_and_thread_come_from_the_header_as_they_are_written():
    found = mail(
        "Message-ID: <Own@b.nl>",
        "References: <first@b.nl> <second@b.nl>",
        "In-Reply-To: <x@b.nl> <last@b.nl>",
    )
    assert found.external_id == "<Own@b.nl>"
    assert found.thread == "<first@b.nl>"
    assert found.reply_to == "<last@b.nl>"
    assert found.references == ("<first@b.nl>", "<second@b.nl>")


@pytest.mark.parametrize(
    ("headers", "thread", "reply_to"),
    [
        (("Message-ID: <a@b>",), "<a@b>", ""),
        (("Message-ID: <a@b>", "In-Reply-To: <p@b>"), "<p@b>", "<p@b>"),
        (("Message-ID: <a@b>", "References: <r@b> <s@b>"), "<r@b>", "<s@b>"),
    ],
)
def test_the_thread_is_the_first_reference_else_the_answered_mail_else_the_mail_itself(
    headers, thread, reply_to
):
    found = mail(*headers)
    assert (found.thread, found.reply_to) == (thread, reply_to)


@pytest.mark.parametrize(
    ("answered", "references", "reply_to"),
    [
        ("<one@b.nl> <two@b.nl>", ("<one@b.nl>",), "<two@b.nl>"),
        ("<one@b.nl> (Jan <jan@b.nl>'s message of Monday)", ("<one@b.nl>",), "<jan@b.nl>"),
    ],
    ids=["two mails", "an address behind it"],
)
def test_without_references_everything_that_is_answered_is_known(answered, references, reply_to):
    found = mail("Message-ID: <Own@b.nl>", f"In-Reply-To: {answered}")
    assert (found.references, found.reply_to, found.thread) == (references, reply_to, "<one@b.nl>")


def test_of_many_references_the_first_and_the_last_49_are_kept():
    found = mail("References: " + " ".join(f"<{n}@b>" for n in range(200)))
    assert len(found.references) == 50
    assert found.references[:2] == ("<0@b>", "<151@b>")
    assert found.references[-1] == "<199@b>"


def test_a_mail_without_an_id_is_known_by_its_bytes():
    raw = b"From: a@b.nl\n\nhi"
    found = read(raw)
    assert found.external_id == f"sha256:{hashlib.sha256(raw).hexdigest()}"
    assert "no_message_id" in found.notes
    assert found.thread == found.external_id


def test_equal_ids_with_other_words_have_other_fingerprints():
    one, two = (mail("Message-ID: <a@b>", body=words) for words in ("one", "two"))
    assert one.external_id == two.external_id
    assert one.fingerprint != two.fingerprint


def test_tokens_are_found_where_they_come_back():
    assert mail(f"To: Help <help+{TOKEN}@shop.example>").tokens == (TOKEN,)
    assert mail(f"Delivered-To: HELP+{TOKEN.upper()}@shop.example").tokens == (TOKEN,)
    assert mail(f"X-Original-To: help+{TOKEN}@shop.example").tokens == (TOKEN,)
    assert mail(f"In-Reply-To: <{MARK}@shop.example>").tokens == (MARK,)
    assert mail(f"References: <{MARK}@shop.example> <x@y>").tokens == (MARK,)
    assert mail(f"Subject: {TOKEN}", body=TOKEN).tokens == ()


def test_our_own_mail_is_recognised_by_its_id_and_its_sender_together():
    raw = f"From: help@shop.example\nMessage-ID: <{MARK}@shop.example>\n\nhi"
    ours = read(raw, own=("help@shop.example",))
    assert (ours.direction, ours.correlator) == (Direction.OUTBOUND, f"<{MARK}@shop.example>")
    forged = read(raw.replace("help@", "eve@"), own=("help@shop.example",))
    assert forged.direction is Direction.INBOUND
    assert read("From: help@shop.example\n\nhi", own=("help@shop.example",)).direction is Direction.INBOUND


@pytest.mark.parametrize(
    ("date", "wanted"),
    [
        ("Mon, 3 Feb 2025 14:02:00 +0100", datetime(2025, 2, 3, 13, 2, tzinfo=UTC)),
        ("Thu, 1 Jan 1970 00:00:00 +0000", None),
        ("nonsense", None),
    ],
)
def test_the_date_is_in_utc_or_missing_and_noted(date, wanted):
    found = mail(f"Date: {date}")
    assert found.sent_at == wanted
    assert ("no_date" in found.notes) is (wanted is None)


@pytest.mark.parametrize(
    ("header", "subject"),
    [
        ("Subject:  Hallo   daar ", "Hallo   daar"),
        ("Subject: =?utf-8?q?Caf=C3=A9?=", "Café"),
        ("Subject: one\n two", "one two"),
        ("Subject:", ""),
        ("X: y", ""),
    ],
)
def test_the_subject_is_decoded_unfolded_and_trimmed(header, subject):
    assert mail(header).subject == subject


# --- words and files --------------------------------------------------------------------------------------------

MIXED = """From: Jan <jan@b.nl>
Content-Type: multipart/mixed; boundary=m

--m
Content-Type: multipart/related; boundary=r

--r
Content-Type: multipart/alternative; boundary=a

--a
Content-Type: text/plain

Plain words

Groet,
Jan

Op 03-02-2025 om 14:02 schreef Piet:
> old
--a
Content-Type: text/html

<p>HTML words</p>
--a--
--r
Content-Type: image/png
Content-ID: <pic@b>
Content-Disposition: inline; filename="../../pic\u202egnp.exe"
Content-Transfer-Encoding: base64

aGVsbG8=
--r--
--m
Content-Type: text/plain; name=notes.txt
Content-Disposition: attachment

file words
--m
Content-Type: message/rfc822

Subject: inner

inner words
--m--
"""


def test_a_mail_becomes_words_first_and_then_its_files():
    found = read(MIXED)
    texts = [(part.role, part.text) for part in found.parts if part.type == "text"]
    assert texts == [
        ("written", "Plain words"),
        ("signature", "Groet,\nJan"),
        ("quoted", "Op 03-02-2025 om 14:02 schreef Piet:\n> old"),
    ]
    files = [part for part in found.parts if part.type == "attachment"]
    assert [(one.media_type, one.inline, one.content_id) for one in files] == [
        ("image/png", True, "pic@b"),
        ("text/plain", False, ""),
        ("message/rfc822", False, ""),
    ]
    assert not set("/\u202e") & set(files[0].name)
    assert files[1].name == "notes.txt"
    assert files[2].name == "part-5.eml"


def test_the_bytes_of_a_file_are_found_again_by_its_index():
    raw = MIXED.encode()
    for part in read(raw).parts:
        if part.type == "attachment":
            data = attachment_bytes(raw, part.index or 0)
            assert (len(data), hashlib.sha256(data).hexdigest()) == (part.size, part.sha256)
    assert attachment_bytes(raw, 2) == b"hello"
    with pytest.raises(NotFound, match="5 parts"):
        attachment_bytes(raw, 99)


def parts(*pieces: tuple[str, str], kind: str = "mixed") -> Received:
    body = "".join(f"--x\n{head}\n\n{words}\n" for head, words in pieces)
    return read(f"From: a@b.nl\nContent-Type: multipart/{kind}; boundary=x\n\n{body}--x--\n")


PLAIN, HTML = "Content-Type: text/plain", "Content-Type: text/html"


@pytest.mark.parametrize(
    ("found", "text"),
    [
        (parts((PLAIN, "plain"), (HTML, "<p>html"), kind="alternative"), "plain"),
        (parts((PLAIN, "  "), (HTML, "<p>html"), kind="alternative"), "html"),
        (parts((HTML, "<p>one"), (HTML, "<p>two"), kind="alternative"), "two"),
        (parts((PLAIN, "one"), ("Content-Type: image/png", "x"), (PLAIN, "two")), "one\ntwo"),
        (parts((PLAIN, "one"), (HTML, "<b>two</b>")), "one\ntwo"),
        (parts((HTML, "<p>root"), (HTML, "<p>other"), kind="related"), "root"),
        (parts(("Content-Type: text/enriched", "<bold>a</bold> << b")), "a < b"),
        (parts(("Content-Type: text/plain", "<html><body>sniffed</body></html>")), "sniffed"),
        (parts(("Content-Type: message/rfc822", "Subject: x\n\npassed on")), "passed on"),
        (parts(("Content-Type: message/delivery-status", "Status: 5.0.0")), "Status: 5.0.0"),
        (read("From: a@b.nl\nContent-Type: multipart/alternative\n\nno boundary"), "no boundary"),
        (read("From: a@b.nl\nContent-Type: text/plain; name=a.txt\n\nnamed"), "named"),
        (read("From: a@b.nl\nContent-Type: text/html\n\n<p>only html"), "only html"),
    ],
)
def test_the_words_of_a_mail_are_chosen_as_a_person_would_see_them(found, text):
    assert found.text == text


def test_files_are_never_words():
    found = parts(("Content-Type: application/pdf", "%PDF"), ("Content-Disposition: attachment", "text"))
    assert found.text == ""
    assert "empty" not in found.notes
    assert [part.type for part in found.parts] == ["attachment", "attachment"]
    assert read("From: a@b.nl\nContent-Type: application/pdf\n\n%PDF").parts[0].type == "attachment"


def test_alternatives_that_were_not_chosen_are_no_files():
    assert len(parts((PLAIN, "plain"), (HTML, "<p>html"), kind="alternative").parts) == 1


def test_a_mail_that_says_nothing_is_noted():
    found = mail(body="")
    assert found.parts == ()
    assert "empty" in found.notes


def test_html_beyond_the_limit_is_noted():
    found = read("From: a@b.nl\nContent-Type: text/html\n\n" + "<p>word</p>" * 60_000)
    assert "truncated" in found.notes


def test_a_message_never_has_only_quoted_words():
    assert mail(body="> only a quote").text == "> only a quote"


# --- real mails -------------------------------------------------------------------------------------------------


def test_a_reply_of_a_real_customer():
    found = read((CASES / "reply.eml").read_bytes())
    assert found.text == "Let's talk about these images:"
    assert found.subject == "Discussion: Let's debate these attachments"
    assert len([part for part in found.parts if part.type == "attachment"]) == 2
    assert found.reply_to == "<4e6e35f5a38b4_479f13bb90078178@small-app-01.mail>"


def test_reply_to_of_a_real_mail_is_where_to_answer_and_not_who_wrote():
    found = read((CASES / "reply_to.eml").read_bytes())
    assert found.sender.address.value == "sony@chatwoot.com"
    assert found.answer_to is not None
    assert found.answer_to.address.value.startswith("reply+")


def test_inline_images_of_a_real_mail_carry_the_ids_that_its_html_names():
    found = read((CASES / "mail_with_inline_images.eml").read_bytes())
    inline = {part.content_id for part in found.parts if part.type == "attachment" and part.inline}
    assert inline == {"ii_lm7fuura0", "ii_lm7fuuvm1", "ii_lm7fuuwn2"}


# --- no mail is lost --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "raw",
    [b"", b"\n\n", b"\x00\x01\x02", b"GIF89a\x01\x00 words", b'{"RecordType": "Inbound"}', b"HTTP/1.1 200 OK\nFrom: x\n\n",
     b"POST /hook HTTP/1.1\nHost: x\n\n", b"   \n\t"],
)  # fmt: skip
def test_bytes_without_the_header_of_a_mail_are_no_mail(raw):
    (event,) = parse(raw)
    assert isinstance(event, Unreadable)
    assert "no e-mail" in event.reason


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"Thanks!\n\nOn Mon, 3 Feb 2025 at 10:00, Shop <a@b.nl> wrote:\n> Hello\n", "Thanks!"),
        ("Gr\u00fc\u00dfe".encode("latin-1"), "Gr\u00fc\u00dfe"),
        (b"<div>Hi <b>you</b></div>", "Hi you"),
        (b"Note: a word and a colon are no header\n", "Note: a word and a colon are no header"),
    ],
)
def test_words_without_a_header_are_the_body_of_a_mail_that_lost_it(raw, text):
    """They are read as any body is, from nobody: nothing that can be read is thrown away."""
    (message,) = parse(raw)
    assert isinstance(message, Received)
    assert message.text.strip() == text
    assert message.sender.address.value == "unknown@invalid"
    assert message.strength is Strength.ASSERTED
    assert {"no_header", "no_sender"} <= set(message.notes)
    assert message.external_id == f"sha256:{message.fingerprint}"


def test_a_fault_of_ours_costs_the_reading_and_never_the_mail(monkeypatch):
    def fail(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(module, "body", fail)
    raw = b"From: a@b.nl\nMessage-ID: <a@b>\n\nhi"
    (found,) = parse(raw)
    assert isinstance(found, Received)
    assert found.notes == ("parse_error",)
    assert found.external_id == f"sha256:{hashlib.sha256(raw).hexdigest()}"
    assert "hi" in found.text


REAL = [path.read_bytes()[:3000] for path in sorted(CASES.glob("*.eml"))] + [MIXED.encode()]
CHUNKS = [b"\r\n", b"\n\n", b"--x\n", b"=?utf-8?b?", b"?=", b"\xff\xfe", b"\x00", b"Content-Type: multipart/mixed; boundary=x\n",
          b"Content-Transfer-Encoding: base64\n", b"From: ", b"<", b">", b'"', b"(", b";", b"charset=zip"]  # fmt: skip


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    st.sampled_from(REAL),
    st.lists(
        st.tuples(
            st.integers(0, 3000),
            st.integers(0, 60),
            st.one_of(st.sampled_from(CHUNKS), st.binary(max_size=20)),
        ),
        max_size=8,
    ),
)
def test_however_a_mail_is_damaged_it_is_read_and_can_be_stored(raw, damages):
    for at, length, inserted in damages:
        raw = raw[:at] + inserted + raw[at + length :]
    with not_as_last_resort():
        for event in parse(raw, trusted=("m365",), own=("a@b.nl",)):
            json.loads(event.model_dump_json())
            assert type(event).model_validate_json(event.model_dump_json()) == event


NAMES = st.sampled_from(
    ["From", "To", "Cc", "Reply-To", "Subject", "Date", "Message-ID", "References", "In-Reply-To", "Content-Type", "Content-Disposition",
     "Content-Transfer-Encoding", "Content-ID", "Authentication-Results", "Received", "Auto-Submitted", "Return-Path", "X-Failed-Recipients"]
)  # fmt: skip


@settings(deadline=None)
@given(st.lists(st.tuples(NAMES, st.text(max_size=60)), max_size=8), st.text(max_size=60))
@example([("From", "'@"), ("Reply-To", "99:;;")], "")
@example([("Content-Type", "multipart/mixed; boundary")], "--")
def test_whatever_stands_in_a_header_the_mail_is_read(headers, body):
    raw = "\n".join([*(f"{name}: {value}" for name, value in headers), "", body]).encode(
        "utf-8", "surrogateescape"
    )
    with not_as_last_resort():
        for event in parse(raw, trusted=("a",), own=("b",)):
            json.loads(event.model_dump_json())


@contextlib.contextmanager
def not_as_last_resort():
    """The last resort is for faults that nobody knows: a test that needs it has found one."""
    kept = module._bare

    def found(_raw: bytes) -> Received:
        raise AssertionError("a fault in reading")

    module._bare = found  # type: ignore[assignment]
    try:
        yield
    finally:
        module._bare = kept


@pytest.mark.parametrize(
    "raw",
    [
        b"From: a@b.nl\nSubject: " + b"=?utf-8?q?x?= " * 20_000 + b"\n\nhi",
        b"From: " + b"(" * 60_000 + b"\n\nhi",
        b"To: " + b"a@b.nl, " * 8_000 + b"\nFrom: a@b.nl\n\nhi",
        b"From: a@b.nl\nReferences: " + b"<a@b> " * 10_000 + b"\n\nhi",
        b"From: a@b.nl\nContent-Type: multipart/mixed; boundary=x\n\n" + b"--x\n\nword\n" * 100_000,
        b"From: a@b.nl\n" + b"".join(b"Content-Type: multipart/mixed; boundary=%d\n\n--%d\n" % (n, n) for n in range(20_000)),
        b"From: a@b.nl\n" + b"Content-Type: message/rfc822\n\n" * 20_000,
        b"From: a@b.nl\n\n" + b"On Mon, 3 Feb 2025 at 14:02, Bob wrote:\n> x\n" * 5_000,
        b"From: a@b.nl\nContent-Type: text/html\n\n" + b"<div>" * 80_000,
        b"From: a@b.nl\nContent-Type: text/html\n\n" + b"<!--" * 100_000,
        b"From: a@b.nl\nContent-Type: multipart/report; boundary=x\n\n--x\nContent-Type: message/delivery-status\n\n"
        + b"Final-Recipient: rfc822; a@b.nl\nAction: failed\n\n" * 20_000,
    ],
    ids=["words", "brackets", "recipients", "references", "parts", "nesting", "forwards", "intros", "divs", "comments", "dsn"],
)  # fmt: skip
def test_a_hostile_mail_costs_seconds_at_most(raw):
    began = time.process_time()
    with not_as_last_resort():
        parse(raw)
    assert time.process_time() - began < 8


def test_written_text_is_what_the_model_says_it_is():
    found = read(MIXED)
    assert written(found.parts) == found.text == "Plain words"
    assert found.quoted.startswith("Groet,")
    assert isinstance(found.parts[0], Text)


# --- words as their writer saw them -----------------------------------------------------------------------------

FLOWED = "Content-Type: text/plain; charset=utf-8; format=flowed"


def roles(found: Received) -> list[tuple[str, str]]:
    return [(part.role, part.text) for part in found.parts if isinstance(part, Text)]


def test_lines_that_a_program_broke_are_one_line_again():
    """RFC 3676, 4: soft breaks, stuffed spaces, quotes by their depth, and the dashes above a signature."""
    body = "One long \nline.\n > 5 lamps\n From here on\n-- \nAnn\n\nOn 1-3-2026 10:00, Shop wrote:\n> It was \n> long.\n>> Deep"
    assert roles(mail(FLOWED, body=body)) == [
        ("written", "One long line.\n  > 5 lamps\nFrom here on"),
        ("signature", "--\nAnn"),
        ("quoted", "On 1-3-2026 10:00, Shop wrote:\n> It was long.\n>> Deep"),
    ]


def test_a_space_that_was_never_written_is_taken_out_of_a_broken_link():
    assert mail(f"{FLOWED}; delsp=yes", body="https://shop.example/a/ \nb").text == "https://shop.example/a/b"


def test_a_space_at_the_end_of_a_paragraph_joins_it_to_no_other():
    assert mail(FLOWED, body="one \n\ntwo").text == "one\n\ntwo"


def test_what_is_not_flowed_keeps_its_lines():
    assert mail(body="one \ntwo").text == "one\ntwo"


def test_what_pgp_puts_around_a_text_is_not_what_somebody_wrote():
    """RFC 9580, 7: the frame, and lines that begin with a dash."""
    body = (
        "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nCancel it, please:\n- - the lamp\n"
        "-----BEGIN PGP SIGNATURE-----\n\niQEz\n-----END PGP SIGNATURE-----"
    )
    assert roles(mail(body=body)) == [
        ("signature", "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256"),
        ("written", "Cancel it, please:\n- the lamp"),
        ("signature", "-----BEGIN PGP SIGNATURE-----\n\niQEz\n-----END PGP SIGNATURE-----"),
    ]


def test_html_says_itself_in_which_characters_it_is_where_the_mail_does_not():
    page = '<html><head><meta http-equiv="Content-Type" content="text/html; charset=windows-1251"></head><p>Привет'
    raw = (
        b"From: a@b.nl\nContent-Type: text/html\n\n"
        + page.encode("cp1251")
        + b" and many words more</p></html>"
    )
    assert read(raw).text == "Привет and many words more"


@pytest.mark.parametrize(
    "line",
    [
        "Outlook für iOS beziehen<https://aka.ms/o0ukef>", "Obtener Outlook para Android<https://aka.ms/o0ukef>",
        "Scarica Outlook per iOS<https://aka.ms/o0ukef>", "iOS 版 Outlook を入手<https://aka.ms/o0ukef>",
    ],
)  # fmt: skip
def test_what_a_telephone_adds_is_no_part_of_the_words(line):
    assert roles(mail(body=f"Prima\n\n{line}")) == [("written", "Prima"), ("signature", line)]


@pytest.mark.parametrize(
    "header",
    [
        "送信元: Shop <help@shop.example>\n送信日時: 2026年3月3日 10:00\n宛先: Ann\n件名: 質問",
        "Feladó: Shop <help@shop.example>\nElküldve: 2026. március 3., kedd 10:00\nCímzett: Ann\nTárgy: x",
        "De la: Shop <help@shop.example>\nTrimis: marți, 3 martie 2026 10:00\nCătre: Ann\nSubiect: x",
        "Από: Shop <help@shop.example>\nΣτάλθηκε: Τρίτη, 3 Μαρτίου 2026 10:00\nΠρος: Ann\nΘέμα: x",
    ],
)
def test_a_header_that_outlook_copied_is_known_in_further_languages(header):
    quoted = f"{'_' * 32}\n{header}\n\nold"
    assert roles(mail(body=f"Prima\n\n{quoted}")) == [("written", "Prima"), ("quoted", quoted)]


def test_the_rule_of_zimbra_in_french_belongs_to_what_is_answered():
    quoted = "----- Mail original -----\nDe: x@b.nl\nEnvoyé: Mardi 3 Mars 2026\nObjet: x\n\nold"
    assert roles(mail(body=f"Merci\n\n{quoted}")) == [("written", "Merci"), ("quoted", quoted)]


def test_a_file_with_a_content_id_is_no_picture_in_the_text():
    part = "--x\nContent-Type: {}\nContent-ID: <{}@b.nl>\n\nx\n"
    kinds = (
        "application/zip",
        "image/png",
        "application/octet-stream; name=smile.PNG",
        "text/plain; name=a.txt",
    )
    body = "".join(part.format(kind, at) for at, kind in enumerate(kinds))
    found = mail("Content-Type: multipart/mixed; boundary=x", body=body + "--x--\n")
    files = [one for one in found.parts if one.type == "attachment"]
    assert [one.inline for one in files] == [False, True, True, False]
    assert all(one.content_id for one in files)


# --- a boundary that is not the declared one ----------------------------------------------------------------------

_TWO = (
    "--used\nContent-Type: text/plain\n\nhallo\n--used\nContent-Type: text/html\n\n<p>hallo</p>\n--used--\n"
)


@pytest.mark.parametrize(
    ("declared", "before"),
    [
        ("; boundary=other", ""),
        ("", ""),
        ("", "This is a multi-part message in MIME format.\n\n"),
        (";", 'boundary="used"\n\n'),
    ],
)
def test_the_boundary_that_a_mail_uses_counts_where_the_declared_one_does_not_stand(declared, before):
    assert mail(f"Content-Type: multipart/alternative{declared}", body=before + _TWO).text == "hallo"


def test_what_somebody_wrote_above_such_a_line_stays_the_text():
    found = mail("Content-Type: multipart/mixed; boundary=other", body="Look what I got:\n" + _TWO)
    assert found.text.startswith("Look what I got:")


def test_a_multipart_without_parts_takes_none_of_what_is_around_it():
    inner = "--a\nContent-Type: multipart/related\n\n--a\nContent-Type: text/plain\n\nhallo\n--a--\n"
    assert mail("Content-Type: multipart/mixed; boundary=a", body=inner).text == "hallo"


def test_many_multiparts_without_their_boundary_cost_linear_time():
    part = "--a\nContent-Type: multipart/mixed; boundary=no\n\n" + "--\n" * 30_000
    began = time.process_time()
    mail("Content-Type: multipart/mixed; boundary=a", body=part * 60)
    assert time.process_time() - began < 10
