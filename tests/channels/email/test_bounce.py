"""Delivery reports: who was not reached, and which of our mails it is about."""

import pathlib

import pytest

from omnichannel.channels.email.mime import read
from omnichannel.channels.email.parse import parse
from omnichannel.channels.email.report import delivery_report, original_id
from omnichannel.model import Received, Updated

OURS = "<ocm" + "a" * 40 + "@shop.example>"
CASES = pathlib.Path(__file__).parent / "cases"


def dsn(
    *blocks: str, original: str = f"Message-ID: {OURS}", kind: str = "message/rfc822", head: str = ""
) -> bytes:
    status = "\r\n\r\n".join(("Reporting-MTA: dns; mx.b.nl", *blocks))
    return (
        "From: MAILER-DAEMON@b.nl\r\nMessage-ID: <dsn@b.nl>\r\nDate: Mon, 3 Feb 2025 14:02:00 +0000\r\n"
        f"{head}Content-Type: multipart/report; report-type=delivery-status; boundary=x\r\n\r\n"
        "--x\r\n\r\nYour mail was not delivered.\r\n"
        f"--x\r\nContent-Type: message/delivery-status\r\n\r\n{status}\r\n"
        f"--x\r\nContent-Type: {kind}\r\n\r\n{original}\r\nSubject: hi\r\n\r\nbody\r\n--x--\r\n"
    ).encode()


FAILED = "Final-Recipient: rfc822; Weg@B.nl\r\nAction: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 no such user"
LATE = "Final-Recipient: rfc822; laat@b.nl\r\nAction: delayed\r\nStatus: 4.4.1"
DONE = "Final-Recipient: rfc822; ok@b.nl\r\nAction: delivered\r\nStatus: 2.0.0"


def update(raw: bytes) -> Updated:
    received, updated = parse(raw)
    assert isinstance(received, Received)
    assert received.automatic == "bounce"
    assert isinstance(updated, Updated)
    return updated


def test_a_failed_delivery_names_our_mail_the_recipient_and_the_reason():
    found = update(dsn(FAILED))
    assert (found.kind, found.status) == ("status", "failed")
    assert found.targets == (OURS,)
    assert found.correlator == OURS
    assert found.tokens == ("ocm" + "a" * 40,)
    assert [party.address.value for party in found.recipients] == ["weg@b.nl"]
    assert found.reason == "failed 5.1.1 smtp; 550 no such user"
    assert found.external_id == "<dsn@b.nl>#status"


@pytest.mark.parametrize(
    ("blocks", "status", "recipients"),
    [
        ((LATE,), "sent", ["laat@b.nl"]),
        ((DONE,), "delivered", ["ok@b.nl"]),
        ((DONE, FAILED, LATE), "failed", ["weg@b.nl"]),
    ],
)
def test_only_failed_is_final_and_outweighs_the_others(blocks, status, recipients):
    found = update(dsn(*blocks))
    assert found.status == status
    assert [party.address.value for party in found.recipients] == recipients


@pytest.mark.parametrize(
    "kind", ["message/rfc822", "text/rfc822-headers", "message/rfc822-headers", "text/plain"]
)
def test_the_original_is_named_by_its_copy_in_whatever_form(kind):
    assert update(dsn(FAILED, kind=kind)).targets == (OURS,)


def test_without_a_copy_the_answered_id_names_the_original():
    raw = dsn(FAILED, original="X: y", head=f"In-Reply-To: {OURS}\r\n")
    assert update(raw).targets == (OURS,)


def test_a_report_about_an_unknown_mail_is_only_a_message():
    assert len(parse(dsn(FAILED, original="X: y"))) == 1


def test_the_original_recipient_counts_before_the_one_it_was_forwarded_to():
    report = delivery_report(read(dsn("Original-Recipient: rfc822;We@Wrote.nl\r\n" + FAILED)))
    assert report is not None
    assert [one.address for one in report.recipients] == ["we@wrote.nl"]


def test_a_status_without_an_address_is_no_report():
    assert delivery_report(read(dsn("Action: failed"))) is None
    assert delivery_report(read(b"Subject: x\n\nhi")) is None


def test_servers_that_only_name_failed_recipients_in_a_header_are_read():
    raw = (
        b"From: Mailer-Daemon@b.nl\r\nX-Failed-Recipients: weg@b.nl, ook@b.nl\r\nSubject: Mail delivery failed\r\n\r\n"
        b"A message could not be delivered.\r\n\r\n------ This is a copy of the message ------\r\n\r\n"
        b"Message-ID: " + OURS.encode() + b"\r\nSubject: hi\r\n\r\nbody\r\n"
    )
    found = update(raw)
    assert found.status == "failed"
    assert [party.address.value for party in found.recipients] == ["weg@b.nl", "ook@b.nl"]
    assert found.targets == (OURS,)


def test_prose_alone_never_marks_anybody_as_unreachable():
    raw = b"From: MAILER-DAEMON@b.nl\r\nSubject: failure notice\r\n\r\n<weg@b.nl>: 550 5.1.1 no such user\r\n\r\nMessage-ID: <a@b.nl>\r\n"
    (only,) = parse(raw)
    assert isinstance(only, Received)
    assert only.automatic == "bounce"


def test_a_report_that_is_no_bounce_changes_nothing():
    raw = b"From: a@b.nl\r\nContent-Type: multipart/report; report-type=feedback-report; boundary=x\r\n\r\n--x\r\n\r\nabuse\r\n--x--"
    assert len(parse(raw)) == 1


def test_a_report_of_a_real_server():
    raw = (CASES / "simple_dsn.eml").read_bytes()
    report = delivery_report(read(raw))
    assert report is not None
    (recipient,) = report.recipients
    assert recipient.address == "louisl@larry.slip.umd.edu"
    assert (recipient.action, recipient.status) == ("failed", "4.0.0")
    assert recipient.diagnosis == "smtp; 426 connection timed out"
    assert parse(raw)[0].event == "received"


def test_a_text_report_without_any_id_names_none():
    assert original_id(read(b"Subject: x\n\nnothing")) == ""


def test_bytes_that_are_no_text_do_not_keep_a_report_from_being_stored():
    raw = dsn(FAILED).replace(b"Action: failed", b"Action: \xff\xfefailed")
    for event in parse(raw):
        event.model_dump_json()


def reported(kind: str, part: str, words: str) -> str:
    return (
        "From: reports@b.nl\r\nSubject: x\r\nMessage-ID: <report@b.nl>\r\n"
        f"Content-Type: multipart/report; report-type={kind}; boundary=x\r\n\r\n"
        f"--x\r\n\r\nwords\r\n--x\r\nContent-Type: message/{part}\r\n\r\n{words}\r\n--x--\r\n"
    )


COPY = f"Return-Path: <help@shop.example>\r\nMessage-ID: {OURS}\r\nSubject: hi\r\n\r\nbody\r\n"


@pytest.mark.parametrize(
    "raw",
    [
        # qmail: cr.yp.to/proto/qsbmf.txt
        (
            "From: MAILER-DAEMON@b.nl\r\nSubject: failure notice\r\n\r\nHi. This is the qmail-send program at b.nl.\r\n"
            "I'm afraid I wasn't able to deliver your message.\r\n\r\n<weg@b.nl>:\r\nNo mailbox here by that name.\r\n\r\n"
            f"--- Below this line is a copy of the message.\r\n\r\n{COPY}"
        ),
        # RFC 8098: a read receipt names the mail in its own field; RFC 5965: a complaint encloses it
        reported(
            "disposition-notification",
            "disposition-notification",
            f"Original-Message-ID: {OURS}\r\nDisposition: x",
        ),
        reported("feedback-report", "rfc822", COPY),
    ],
)
def test_a_report_belongs_to_the_mail_that_it_names_however_it_names_it(raw):
    (only,) = parse(raw.encode())
    assert isinstance(only, Received)
    assert only.automatic in ("bounce", "read_receipt", "complaint_report")
    assert (only.reply_to, only.thread) == (OURS, OURS)


def test_what_a_report_answers_by_its_own_header_counts_before_what_it_encloses():
    (only,) = parse(
        reported("feedback-report", "rfc822", COPY).replace("Subject: x", "In-Reply-To: <a@b.nl>").encode()
    )
    assert isinstance(only, Received)
    assert only.reply_to == "<a@b.nl>"


def test_a_person_who_passes_a_mail_on_answers_nothing():
    (only,) = parse(reported("x", "rfc822", COPY).replace("multipart/report", "multipart/mixed").encode())
    assert isinstance(only, Received)
    assert (only.automatic, only.reply_to, only.thread) == (None, "", "<report@b.nl>")


def test_recipients_without_a_blank_line_between_them_are_all_told():
    other = FAILED.replace("Weg@B.nl", "ook@b.nl")
    assert [party.address.value for party in update(dsn(f"{FAILED}\r\n{other}")).recipients] == [
        "weg@b.nl",
        "ook@b.nl",
    ]
    original = "Original-Recipient: rfc822; alias@b.nl\r\nFinal-Recipient: rfc822; weg@b.nl\r\nAction: failed"
    assert [one.address for one in delivery_report(read(dsn(original))).recipients] == ["alias@b.nl"]


def test_a_diagnosis_that_goes_on_without_being_indented_hides_nobody():
    block = (
        "Diagnostic-Code: smtp; 550-Please sign in first.\r\n550-mail.b.nl is not permitted to\r\n550 relay.\r\n"
        "Status: 5.7.1\r\nAction: failed\r\nFinal-Recipient: rfc822; weg@b.nl"
    )
    (one,) = delivery_report(read(dsn(block))).recipients
    assert (one.address, one.action, one.status) == ("weg@b.nl", "failed", "5.7.1")
    assert one.diagnosis.endswith("550 relay.")


def test_a_report_that_lost_its_boundaries_says_who_and_what_it_is_about():
    raw = (
        "From: MAILER-DAEMON@b.nl\r\nContent-Type: multipart/report; report-type=delivery-status\r\n\r\n"
        f"It failed.\r\n\r\nReporting-MTA: dns; mx.b.nl\r\n\r\n{FAILED}\r\n\r\nMessage-ID: {OURS}\r\nSubject: hi\r\n"
    ).encode()
    assert [party.address.value for party in update(raw).recipients] == ["weg@b.nl"]
    assert update(raw).targets == (OURS,)


def test_a_mail_that_is_a_part_without_being_called_one_is_what_the_report_is_about():
    raw = (
        "From: MAILER-DAEMON@b.nl\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\nUser unknown\r\n"
        f"--x\r\nReceived: from a by b\r\nMessage-ID: {OURS}\r\nSubject: hi\r\n\r\nhi\r\n--x--\r\n"
    ).encode()
    assert original_id(read(raw)) == OURS
