"""From a draft to one SMTP transaction: the envelope, and the mail's bytes down to the last line end.

Pure: the same draft gives the same bytes (the Message-ID, the date and the boundaries come from the draft),
so that what is stored before sending is what is sent, and a repeated attempt is the same mail.
"""

from __future__ import annotations

import hashlib
import re
from email.message import MIMEPart
from email.policy import SMTP
from email.utils import format_datetime
from urllib.parse import quote

from pydantic import Field

from omnichannel.channel import Call
from omnichannel.channels.email.addrspec import addr_spec, plus
from omnichannel.channels.email.alternative import to_html
from omnichannel.channels.email.fields import field, id_field, mailbox_field, text_field, writable_ids
from omnichannel.errors import TooLarge, Unsupported
from omnichannel.model import Attachment, Draft, Part, Party, Value
from omnichannel.toolbox import clean, file_name

MOST_TEXT = 1_000_000
"""Characters of text in one mail; nobody reads more, and every mail system takes this."""

MOST_BYTES = 20_000_000
"""Octets of all attachments together: base64 makes 27 MB of them, which is what large providers still take."""

MOST_ATTACHMENTS = 100

_MOST_REFERENCES = 20
_SLOWEST = 100_000  # octets a second that an upload is given time for
# What mail programs put before the subject when they answer or forward; RFC 5322 §3.6.5 knows only "Re: ".
_PREFIX = re.compile(r"(?:(?:re|aw|sv|antw|tr|wg|fwd?)(?:\[\d{1,3}\])?\s{0,3}[:：]\s{0,9})+", re.IGNORECASE)
_MEDIA_TYPE = re.compile(r"([A-Za-z0-9!#$&^_.+-]{1,64})/([A-Za-z0-9!#$&^_.+-]{1,64})")


class Letterhead(Value):
    """What all mail of one account has in common.

    `tags` says whether our mail system delivers `address+tag` to `address`, so that replies can carry a
    token in the address they go to.
    """

    address: str
    name: str = ""
    tags: bool = Field(default=True)

    @property
    def domain(self) -> str:
        """The domain of our address, in ASCII."""
        return self.address.rpartition("@")[2]


def render(draft: Draft, head: Letterhead) -> Call:
    """The one call that sends this draft.

    Raises Unsupported for parts and addresses that e-mail cannot carry, TooLarge above 1,000,000 characters
    of text, 100 attachments, or 20 MB of them together.
    """
    text, attachments = _contents(draft)
    copies = [_mailbox(party) for party in draft.cc]
    to = _mailbox(draft.to)
    recipients = list(dict.fromkeys([to[1], *(address for _, address in copies)]))
    message_id = message_id_of(draft, head)
    body = _header(draft, head, message_id, to, copies).encode() + _body(draft, text, attachments)
    sender = "" if draft.automatic else head.address
    international = not "".join([sender, *recipients]).isascii()
    return Call(
        method="SMTP",
        url=f"mailto:{quote(to[1], safe='@+')}",
        headers=(
            ("MAIL FROM", sender),
            *(("RCPT TO", recipient) for recipient in recipients),
            *((("SMTPUTF8", "yes"),) if international else ()),
        ),
        body=body,
        correlator=message_id,
        text=draft.text,
        timeout=60.0 + len(body) / _SLOWEST,
    )


def _mailbox(party: Party) -> tuple[str, str]:
    """The name and the address to write to."""
    if party.address.kind != "email":
        raise Unsupported(f"{party.address} is no e-mail address; answer on {party.address.kind}")
    return party.name, addr_spec(party.reach)


def message_id_of(draft: Draft, head: Letterhead) -> str:
    """The Message-ID: our token where there is one, so that an answer's In-Reply-To brings it back."""
    left = ".".join(piece for piece in (draft.token, quote(draft.id, safe="")) if piece)
    return f"<{left}@{head.domain}>"


def subject_of(draft: Draft) -> str:
    """The subject: as given for a new mail; with one "Re: " before it for an answer, whatever was there."""
    if not (draft.reply_to or draft.references):
        return draft.subject
    given = draft.subject.strip()
    prefix = _PREFIX.match(given)
    return f"Re: {given[prefix.end() :] if prefix else given}".strip()


def _header(
    draft: Draft, head: Letterhead, message_id: str, to: tuple[str, str], copies: list[tuple[str, str]]
) -> str:
    ours = (head.name, head.address)
    reply_to = plus(head.address, draft.token) if head.tags else ""
    ids = writable_ids([*draft.references, draft.reply_to])
    parent = writable_ids([draft.reply_to]) or ids[-1:]
    older = [found for found in ids if found not in parent]
    thread = [*older[:1], *older[1:][-(_MOST_REFERENCES - 1) :], *parent]
    subject = subject_of(draft)
    return "".join(
        [
            field("Date", format_datetime(draft.created_at)),
            mailbox_field("From", [ours]),
            mailbox_field("Reply-To", [(head.name, reply_to)]) if reply_to else "",
            mailbox_field("To", [to]),
            mailbox_field("Cc", copies) if copies else "",
            text_field("Subject", subject) if subject else "",
            id_field("Message-ID", [message_id]),
            id_field("In-Reply-To", parent) if parent else "",
            id_field("References", thread) if thread else "",
            # RFC 3834 §5, and Microsoft's own word for it: nobody's out-of-office may answer a machine.
            field("Auto-Submitted", "auto-replied") if draft.automatic else "",
            field("X-Auto-Response-Suppress", "All") if draft.automatic else "",
            field("MIME-Version", "1.0"),
        ]
    )


def _contents(draft: Draft) -> tuple[str, list[Attachment]]:
    """The words and the files of a draft, within what a mail can carry."""
    if draft.public:
        raise Unsupported("e-mail has no public messages; send it as a private one")
    words: list[str] = []
    attachments: list[Attachment] = []
    for part in draft.parts:
        if part.type == "text":
            words.append(f"-- \n{part.text}" if part.role == "signature" else part.text)
        else:
            attachments.append(_attachment(part))
    text = clean("\n".join(words)).replace("\r\n", "\n").replace("\r", "\n")
    if not (text.strip() or attachments):
        raise Unsupported("there is nothing to send; give the draft a text or an attachment")
    _measure(text, attachments)
    return text, attachments


def _attachment(part: Part) -> Attachment:
    if part.type != "attachment":
        raise Unsupported(f"e-mail cannot carry a {part.type}; it carries text and attachments")
    if part.content is None:
        raise Unsupported(
            f"the attachment {part.name!r} has no content, and e-mail cannot fetch it; "
            "read the file and give its bytes as `content`"
        )
    return part


def _measure(text: str, attachments: list[Attachment]) -> None:
    if len(text) > MOST_TEXT:
        raise TooLarge(f"{len(text)} characters of text; one e-mail carries {MOST_TEXT}")
    if len(attachments) > MOST_ATTACHMENTS:
        raise TooLarge(f"{len(attachments)} attachments; one e-mail carries {MOST_ATTACHMENTS}")
    size = sum(len(part.content or b"") for part in attachments)
    if size > MOST_BYTES:
        raise TooLarge(f"{size} bytes of attachments; one e-mail carries {MOST_BYTES}: send a link instead")


def _body(draft: Draft, text: str, attachments: list[Attachment]) -> bytes:
    """The MIME structure: plain text and HTML as alternatives, then the files."""
    root = MIMEPart(policy=SMTP)
    # Quoted-printable whatever the text: no line is too long, no character is bare, no boundary can occur.
    root.set_content(text, cte="quoted-printable")
    root.add_alternative(to_html(text), subtype="html", cte="quoted-printable")
    for part in attachments:
        _attach(root, part)
    seed = hashlib.sha256(draft.id.encode("utf-8", "surrogatepass")).hexdigest()[:32]
    multiparts = [each for each in root.walk() if each.is_multipart()]
    for number, multipart in enumerate(multiparts):
        multipart.set_boundary(f"=_{seed}_{number}")
    return root.as_bytes(policy=SMTP)


def _attach(root: MIMEPart, part: Attachment) -> None:
    match = _MEDIA_TYPE.fullmatch(part.media_type)
    maintype, subtype = (match[1].lower(), match[2].lower()) if match else ("application", "octet-stream")
    if maintype in {"message", "multipart"}:
        # These may not be base64 (RFC 2046 §5.2.1), and anything else would change the bytes of the file.
        maintype, subtype = "application", "octet-stream"
    root.add_attachment(
        part.content or b"",
        maintype=maintype,
        subtype=subtype,
        filename=file_name(part.name) or "attachment",
        disposition="inline" if part.inline else "attachment",
    )
