"""Which mails a machine wrote, and that none of a person's is taken for one."""

import pytest

from omnichannel.channels.email.parse import parse


def kind(*headers: str, body: str = "hi") -> str | None:
    raw = "\r\n".join(
        ["From: a@b.nl", *headers, "", body]
        if not any(h.startswith("From") for h in headers)
        else [*headers, "", body]
    )
    message = parse(raw.encode())[0]
    assert message.event == "received"
    return message.automatic


@pytest.mark.parametrize(
    "headers",
    [
        ("Subject: Vraag over mijn bestelling",),
        ("Auto-Submitted: no",),
        ("Subject: Re: automatic door is broken",),
        ("Subject: Delivery failed: where is my parcel?",),
        ("Subject: Fwd: Undelivered Mail Returned to Sender",),
        ("X-Auto-Response-Suppress: OOF",),
        ("Precedence: first-class",),
        ("From: bob.bounces@b.nl",),
        ("From: Postma Ster <postma@b.nl>",),
        ("X-Autoreply: no",),
        ("Subject: Complaint about my order",),
        ("Subject: Report: the lamp is broken",),
        ("From: Delivery Desk <delivery@restaurant.example>", "Subject: Your menu"),
        ("From: System Administrator <admin@customer.example>", "Subject: Our invoice"),
        ("From: postmaster@customer.example", "Subject: Question about DNS"),
        ("From: Postmaster <x@b.nl>", "Subject: Re: your delivery failed"),
    ],
)
def test_a_person_is_no_machine(headers):
    assert kind(*headers) is None


@pytest.mark.parametrize(
    "headers",
    [
        ("Auto-Submitted: auto-replied",),
        ("Auto-Submitted: auto-replied (vacation)",),
        ("Auto-Submitted: Auto-Replied; owner-email=x",),
        ("Precedence: auto_reply",),
        ("X-Precedence: auto_reply",),
        ("X-Autoreply: yes",),
        ("X-Autorespond: x",),
        ("X-Auto-Response-Suppress: All", "X-MS-Exchange-Inbox-Rules-Loop: a@b.nl"),
        ("X-MS-Exchange-Generated-Message-Source: Mailbox Rules Agent",),
        ("Subject: Automatisch antwoord: vraag",),
        ("Subject: Automatic reply: question",),
        ("Subject: Out of Office: away",),
        ("Subject: Re: Out of the office",),
        ("Subject: Abwesenheitsnotiz: Frage",),
        ("Subject: Automatische Antwort: Frage",),
        ("Subject: Réponse automatique : question",),
        ("Subject: Absence du bureau",),
        ("Subject: Afwezig: vraag",),
        ("Subject: Out of Office AutoReply: question",),
        ("Subject: Out of the office until 5 January",),
        ("Subject: Out of Office Notification",),
        ("Subject: OOO - Anna",),
        ("Subject: I am away from the office",),
        ("Subject: Ik ben op vakantie",),
        ("Subject: Ik ben afwezig t/m vrijdag 5 december",),
        ("Subject: =?utf-8?q?R=C3=A9ponse_automatique?=",),
        ("From: MAILER-DAEMON@b.nl", "Subject: Automatic reply: x", "Auto-Submitted: auto-replied"),
    ],
)
def test_automatic_answers_are_recognised_by_header_and_by_subject(headers):
    assert kind(*headers) == "auto_reply"


@pytest.mark.parametrize(
    "headers",
    [
        ("List-Id: <x.lists.example>",),
        ("List-Unsubscribe: <mailto:x@y>",),
        ("Precedence: bulk",),
        ("Precedence: list",),
        ("Feedback-ID: 1:2:3",),
        ("Mailing-List: contact x@y",),
    ],
)
def test_mailing_lists_and_bulk_mail_are_recognised(headers):
    assert kind(*headers) == "list"


@pytest.mark.parametrize(
    "headers", [("Auto-Submitted: auto-generated",), ("Auto-Submitted: auto-notified",), ("Return-Path: <>",)]
)
def test_other_machines_say_so_themselves(headers):
    assert kind(*headers) == "auto_generated"


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        (("Content-Type: multipart/report; report-type=delivery-status; boundary=x",), "--x\r\n\r\nhi"),
        (
            ("Content-Type: multipart/mixed; boundary=x",),
            "--x\r\nContent-Type: message/delivery-status\r\n\r\nStatus: 5.0.0",
        ),
        (("X-Failed-Recipients: a@b.nl",), "hi"),
        (("From: MAILER-DAEMON@b.nl",), "hi"),
        (("From: Mail Delivery Subsystem <x@b.nl>",), "hi"),
        (("From: MAILER-DAEMON <>",), "hi"),
        (("From: postmaster@b.nl", "Subject: Undeliverable: x", "Auto-Submitted: auto-replied"), "hi"),
        (("From: postmaster@b.nl", "Return-Path: <>"), "hi"),
        (("Return-Path: <>", "Subject: Undeliverable: x"), "hi"),
        (("Return-Path: <>", "Subject: Mail"), "550 5.1.1 user unknown"),
        (
            ("Subject: Delivery failure notification",),
            "could not be delivered to the following recipients:\na@b.nl",
        ),
        (("Subject: Unzustellbar: Frage",), "550 5.1.1 unknown"),
        (("From: microsoftexchange329e71ec88ae4615bbc36ab6ce41109e@b.nl",), "hi"),
    ],
)
def test_bounces_are_recognised_by_form_sender_and_words_together(headers, body):
    assert kind(*headers, body=body) == "bounce"


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        (("Content-Type: multipart/report; report-type=feedback-report; boundary=x",), "--x\r\n\r\nhi"),
        (
            ("Content-Type: multipart/mixed; boundary=x",),
            "--x\r\nContent-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse",
        ),
        (("Subject: Report Domain: b.nl Submitter: google.com Report-ID: <1>",), "hi"),
        (("Content-Type: application/zip; name=google.com!b.nl!1700000000!1700086399.zip",), "x"),
        (("From: postmaster@b.nl", "Subject: Email abuse report from b.nl"), "hi"),
    ],
)
def test_complaints_and_dmarc_reports_are_recognised(headers, body):
    assert kind(*headers, body=body) == "complaint_report"


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        (
            ("Content-Type: multipart/report; report-type=disposition-notification; boundary=x",),
            "--x\r\n\r\nhi",
        ),
        (
            ("Content-Type: multipart/mixed; boundary=x",),
            "--x\r\nContent-Type: message/disposition-notification\r\n\r\nDisposition: x",
        ),
    ],
)
def test_read_receipts_are_recognised(headers, body):
    assert kind(*headers, body=body) == "read_receipt"


@pytest.mark.parametrize(
    "header",
    [
        "X-Mail-Autoreply: yes",
        "X-AutoReply-From: a@b.nl",
        "X-Vacation: yes",
        "X-Precedence: auto_reply",
        "Preference: auto_reply",
        "X-POST-MessageClass: 9; Autoresponder",
        "Delivered-To: Autoresponder",
    ],
)
def test_the_headers_of_many_servers_say_that_an_answer_is_automatic(header):
    """Source: github.com/jpmckinney/multi_mail, wiki page "Detecting autoresponders"."""
    assert kind(header, "Subject: Re: x") == "auto_reply"


def test_other_headers_of_servers_say_that_nobody_wrote_it():
    assert kind("X-FC-MachineGenerated: true") == "auto_generated"
    assert kind("X-Precedence: bulk") == "list"


@pytest.mark.parametrize(
    "subject",
    [
        "Automaattinen vastaus: kysymys", "Automatická odpověď: otázka", "Automatikus válasz: kérdés",
        "Otomatik yanıt: soru", "Răspuns automat: x", "Αυτόματη απάντηση: x", "Автоматический ответ: вопрос",
        "Автоматична відповідь: x", "자동 회신: 질문", "תשובה אוטומטית: x", "رد تلقائي: x", "Automatski odgovor: x",
        "Trả lời tự động: x", "Balasan otomatis: x", "Fuori ufficio: x", "Niet op kantoor: vraag",
        "Absent du bureau : x", "Fraværsmelding: x", "不在通知", "不在: 質問",
    ],
)  # fmt: skip
def test_automatic_answers_are_recognised_in_the_languages_of_mail_programs(subject):
    assert kind(f"Subject: {subject}") == "auto_reply"


@pytest.mark.parametrize(
    "subject",
    [
        "不在でした、再配達をお願いします", "En congé payé, une question", "Out of office chairs?", "Vacation rental 4711",
        "Afwezig bij bezorging", "Away from home when my parcel came", "I am away until Friday, please deliver later",
        "Ik ben er niet blij mee", "Abwesend bei der Zustellung", "Poissa tilauksesta", "Oofy the bear is broken",
    ],
)  # fmt: skip
def test_a_person_who_was_not_at_home_is_no_machine(subject):
    """Somebody missed a parcel, and says so in the words that automatic answers use."""
    assert kind(f"Subject: {subject}") is None


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        (("Subject: Ticket by unknown user",), "This is a ticket of an unknown user."),
        (("From: a@b.nl", "Subject: My card was rejected"), "Order 5512345, please help"),
        (
            ("From: a@b.nl", "Subject: Not delivered"),
            "Please send it to the following address: Dam 1, Amsterdam",
        ),
        (("From: Anna <a@b.nl>", "Subject: Mails are rejected"), "Your server says 550 5.1.1 user unknown"),
        (("From: postmaster@b.nl", "Subject: An order"), "It has the number 5501234."),
        (("From: delivery@restaurant.example", "Subject: Order delayed"), "Your vegetables come at noon."),
        (("From: Delivery <delivery@restaurant.example>", "Subject: Re: an order"), "Call 550-1234"),
        (("X-Autogenerated: Mirror", "Subject: A question"), "hi"),
        (("X-Autogenerated: Forward", "Subject: A question"), "hi"),
        (("Subject: Complaint about message from Bob",), "hi"),
    ],
)
def test_a_person_who_uses_the_words_of_mail_servers_is_no_machine(headers, body):
    assert kind(*headers, body=body) is None


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        (
            ("From: a@b.nl", "Subject: Delivery failure"),
            "could not be delivered to the following recipients: c@d.nl",
        ),
        (("From: Jet System <>", "Subject: Mail Error"), "hi"),
        (("From: system@b.nl", "Subject: Message"), "550 5.1.1 user unknown"),
        (
            ("From: x@b.jp", "Subject: メールエラー通知", "Content-Type: multipart/mixed; boundary=x"),
            "--x\r\n\r\nIt could not be delivered, as the mailbox is full.\r\n--x\r\nContent-Type: message/rfc822\r\n\r\nSubject: hi\r\n\r\nhi\r\n--x--",
        ),
    ],
)
def test_a_server_without_a_name_is_told_by_what_it_says_and_brings_back(headers, body):
    assert kind(*headers, body=body) == "bounce"


def test_feedback_that_has_no_form_is_told_by_its_subject():
    """Source: substrate.office.com/ip-domain-management-snds (Outlook.com); exim.org, specification, DMARC support."""
    marked = "--x\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: <a@b.nl>\r\n\r\nhi\r\n--x--"
    mixed = "Content-Type: multipart/mixed; boundary=x"
    assert kind(mixed, "Subject: complaint about message from 192.0.2.7", body=marked) == "complaint_report"
    assert kind("Subject: complaint about message from 192.0.2.7", body="It is spam!") is None
    exim = ("Subject: DMARC Forensic Report for b.nl from IP 192.0.2.7", "Auto-Submitted: auto-replied")
    assert kind(*exim) == "complaint_report"


@pytest.mark.parametrize(
    "header",
    [
        "X-Autogenerated: Reply",
        "Subject: Automatyczna odpowiedź: pytanie",
        "Subject: [desk #12] AutoReply: a question",
    ],
)
def test_more_answers_that_nobody_wrote(header):
    assert kind(header) == "auto_reply"
