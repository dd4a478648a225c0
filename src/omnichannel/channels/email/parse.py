"""What a mail means: one message, and for a delivery report what became of the mail that it is about.

Pure: bytes in, values out; no clock, no network, no state. It never raises and never loses a mail: what goes
wrong in reading one becomes a message with a note, and only bytes that hold no header at all are no mail.

Notes are short words for programs: `no_message_id`, `no_date`, `no_sender`, `ambiguous_sender`, `two_from`,
`spf_only`, `not_authenticated`, `empty`, `truncated`, `too_many_parts`, `too_deep`, `too_many_headers`,
`long_header`, `no_header`, `parse_error`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Literal

from omnichannel.channels.email.addresses import Mailbox, mailboxes, parties, party
from omnichannel.channels.email.attachments import attachment_bytes, attachments
from omnichannel.channels.email.authentication import Verdict, authenticate
from omnichannel.channels.email.automatic import automatic
from omnichannel.channels.email.body import Body, body
from omnichannel.channels.email.charset import to_text
from omnichannel.channels.email.headers import Headers, ids, moment
from omnichannel.channels.email.mime import Mail, read
from omnichannel.channels.email.quotes import split
from omnichannel.channels.email.report import Recipient, delivery_report, original_id
from omnichannel.channels.email.words import readable
from omnichannel.model import (
    Address,
    Direction,
    Event,
    Part,
    Party,
    Received,
    Strength,
    Text,
    Unreadable,
    Updated,
)
from omnichannel.toolbox import find_tokens

__all__ = ["attachment_bytes", "parse"]

MOST_REFERENCES = 50
_HTTP = re.compile(rb"\s*(?:HTTP/\d|(?:POST|PUT|GET) \S+ HTTP/|[{\[])")
# What only the header of a mail says; "Note: call me" begins a letter.
_SAID_BY_MAIL = frozenset((
    "from", "to", "cc", "bcc", "subject", "date", "message-id", "received", "return-path", "delivered-to",
    "envelope-to", "reply-to", "sender", "in-reply-to", "references", "mime-version", "content-type",
    "content-transfer-encoding", "content-disposition", "dkim-signature", "list-id", "auto-submitted",
    "authentication-results",
))  # fmt: skip
# Control characters that no text holds: what has them is a file, not words.
_UNWRITTEN = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_MARKUP = re.compile(
    rb"\s*(?:<!doctype html|<!--|<(?:html|head|body|div|p|table|span|br|blockquote|meta|style)\b)",
    re.IGNORECASE,
)
_LONGEST_ID = 1000  # bytes in UTF-8: a store's index takes some 2700
_LONGEST_SUBJECT = 20_000
_ADDRESSED = (
    "to",
    "cc",
    "bcc",
    "delivered-to",
    "x-original-to",
    "envelope-to",
    "x-envelope-to",
    "x-delivered-to",
)
_ABOUT_A_MAIL = frozenset({"bounce", "complaint_report", "read_receipt"})
_NOBODY = Address(kind="email", value="unknown@invalid")


def parse(raw: bytes, *, trusted: tuple[str, ...] = (), own: tuple[str, ...] = ()) -> list[Event]:
    """Read one mail: first exactly one `Received`, then an `Updated` for each mail that a delivery report names.

    `trusted` are the authserv-ids whose Authentication-Results we believe (see `authentication`), `own` our own
    addresses in lower case. Words without any header are the body of a mail that lost it (note `no_header`);
    other bytes without a header, and recordings of HTTP or JSON, are no mail: one `Unreadable`.
    """
    mail = read(raw)
    headed = any(name in _SAID_BY_MAIL or name.startswith("x-") for name, _ in mail.headers.fields)
    if _HTTP.match(raw[:200]) or not (headed or _is_words(raw)):
        return [
            Unreadable(reason="this is no e-mail: it does not begin with the header of one", where="header")
        ]
    try:
        if not headed:
            mail = _headed(raw)
        message = _message(mail, raw, trusted, own)
        return [message, *_updates(mail, message)]
    except Exception:  # noqa: BLE001 - whatever a stranger's bytes set off, the mail must not be lost
        return [_bare(raw)]


def _is_words(raw: bytes) -> bool:
    """Whether bytes without a header can be read at all: text of some sort, and some of it."""
    return bool(raw.strip()) and not _UNWRITTEN.search(raw[:100_000])


def _headed(raw: bytes) -> Mail:
    """A body that lost its header, as a mail that has the least of one."""
    kind = b"text/html" if _MARKUP.match(raw[:1000]) else b"text/plain"
    mail = read(b"Content-Type: " + kind + b"\r\n\r\n" + raw)
    return replace(mail, notes=("no_header", *mail.notes))


def _message(mail: Mail, raw: bytes, trusted: Iterable[str], own: Iterable[str]) -> Received:
    headers = mail.headers
    box, notes = _sender(headers)
    sender = party(box) if box else _nobody(headers)
    ours, answer_to = sender.address.value in set(own), _answer_to(headers, sender)
    words = body(mail)
    parts = _parts(mail, words, sender.name)
    verdict = Verdict() if notes else authenticate(headers, sender.written, trusted)
    own_id = next(_ids(headers, "message-id"), "")
    kind = automatic(mail, sender.written, sender.name, _first_text(parts))
    references, reply_to = _ancestors(headers)
    # Most servers name the mail that a report is about in the report alone, many of them in prose.
    reply_to = reply_to or (_id_within(mail) if kind in _ABOUT_A_MAIL else "")
    correlator = own_id if find_tokens(own_id) else ""
    sent_at = moment(headers.first("date"))
    doubts = {
        "no_message_id": not own_id,
        "no_date": sent_at is None,
        "empty": not parts,
        "truncated": words.cut and "truncated" not in mail.notes,
    }
    external_id = own_id or f"sha256:{hashlib.sha256(raw).hexdigest()}"
    return Received(
        external_id=external_id,
        fingerprint=hashlib.sha256(raw).hexdigest(),
        direction=Direction.OUTBOUND if correlator and ours else Direction.INBOUND,
        sender=sender,
        strength=verdict.strength,
        method=verdict.method,
        recipients=_recipients(headers),
        sent_at=sent_at,
        subject=readable(headers.first("subject"))[:_LONGEST_SUBJECT],
        parts=parts,
        thread=next(iter(references), "") or reply_to or external_id,
        reply_to=reply_to,
        references=references,
        # Whoever answered it would write to themselves; a form of ours names its writer in Reply-To.
        automatic=kind or ("auto_generated" if ours and not answer_to else None),
        answer_to=answer_to,
        tokens=_tokens(headers, (reply_to, *references)),
        correlator=correlator,
        notes=(*mail.notes, *notes, *verdict.notes, *(note for note, true in doubts.items() if true)),
    )


def _sender(headers: Headers) -> tuple[Mailbox | None, list[str]]:
    """The author, and why nobody may be recognised by it: two readers must never see two authors."""
    lines = headers.all("from")
    found = mailboxes(lines)
    if not found:
        return None, ["no_sender"]
    notes = ["two_from"] if len(lines) > 1 else []
    if len(lines) > 1 or len(found) > 1 or found[0].doubtful:
        notes.append("ambiguous_sender")
    return found[0], notes


def _nobody(headers: Headers) -> Party:
    """Somebody without an address; the words in From, such as MAILER-DAEMON, are kept as the name."""
    return Party(address=_NOBODY, name=" ".join(readable(headers.first("from")).split())[:300])


def _ancestors(headers: Headers) -> tuple[tuple[str, ...], str]:
    """References (the first and the last 49), and the id that is answered."""
    answered = list(_ids(headers, "in-reply-to"))
    # Several mails may be answered at once (RFC 5322, 3.6.4), and what stands there may be an address as well.
    references = list(_ids(headers, "references")) or answered[:-1]
    kept = references[:1] + references[1:][-(MOST_REFERENCES - 1) :]
    return tuple(kept), next(reversed(answered or references), "")


def _id_within(mail: Mail) -> str:
    found = original_id(mail)
    return found if len(found.encode(errors="replace")) <= _LONGEST_ID else ""


def _ids(headers: Headers, name: str) -> Iterator[str]:
    return (one for one in ids(headers.all(name)) if len(one.encode(errors="replace")) <= _LONGEST_ID)


def _recipients(headers: Headers) -> tuple[Party, ...]:
    return parties([value for name in ("to", "cc", "bcc") for value in headers.all(name)])


def _answer_to(headers: Headers, sender: Party) -> Party | None:
    """Where an answer goes if not to the author: an address to write to, never who somebody is."""
    found = [party(box) for box in mailboxes(headers.all("reply-to"))]
    other = next((one for one in found if "@" in one.address.value), None)
    return other if other and other.address != sender.address else None


def _tokens(headers: Headers, answered: Iterable[str]) -> tuple[str, ...]:
    locals_ = (box.spec.rpartition("@")[0] for name in _ADDRESSED for box in mailboxes(headers.all(name)))
    return find_tokens(" ".join((*locals_, *answered)))


def _parts(mail: Mail, words: Body, name: str) -> tuple[Part, ...]:
    texts = [Text(text=segment.text, role=segment.role) for segment in split(words.lines, name)]
    return (*texts, *attachments(mail, words.files))


def _first_text(parts: tuple[Part, ...]) -> str:
    return next((part.text for part in parts if part.type == "text"), "")


def _updates(mail: Mail, message: Received) -> Iterator[Updated]:
    """What a delivery report says about the mail that it names."""
    report = delivery_report(mail) if message.automatic == "bounce" else None
    if report is None or not report.original_id:
        return
    failed = [one for one in report.recipients if one.action == "failed"]
    counted = failed or list(report.recipients)
    yield Updated(
        kind="status",
        external_id=f"{message.external_id}#status",
        targets=(report.original_id,),
        correlator=report.original_id,
        sender=message.sender,
        recipients=tuple(Party(address=Address(kind="email", value=one.address)) for one in counted),
        sent_at=message.sent_at,
        thread=message.thread,
        status=_status(counted[0].action),
        tokens=find_tokens(report.original_id),
        reason=_reason(counted[0]),
    )


def _status(action: str) -> Literal["sent", "delivered", "failed"]:
    """Only `failed` is final; a delayed, relayed or expanded mail is under way."""
    return "failed" if action == "failed" else "delivered" if action == "delivered" else "sent"


def _reason(recipient: Recipient) -> str:
    return " ".join(word for word in (recipient.action, recipient.status, recipient.diagnosis) if word)


def _bare(raw: bytes) -> Received:
    """The least that can be said of a mail: that it came."""
    digest = hashlib.sha256(raw).hexdigest()
    return Received(
        external_id=f"sha256:{digest}",
        fingerprint=digest,
        sender=Party(address=_NOBODY),
        strength=Strength.ASSERTED,
        method="from",
        thread=f"sha256:{digest}",
        parts=(Text(text=to_text(raw[:100_000])),),
        notes=("parse_error",),
    )
