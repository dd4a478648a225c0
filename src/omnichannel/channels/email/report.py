"""Machine-made reports about mail: which recipients a delivery report names, and which mail it is about.

RFC 3464 reports are read as written. Older servers write prose; of it only the addresses are taken, and never a
status: nobody is marked as unreachable because of a sentence that looks like one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from omnichannel.channels.email.addresses import mailboxes, normal
from omnichannel.channels.email.charset import to_text
from omnichannel.channels.email.headers import Headers, ids
from omnichannel.channels.email.mime import Entity, Mail, read
from omnichannel.channels.email.words import readable
from omnichannel.toolbox import clean

MOST_RECIPIENTS = 200
_STATUS = frozenset({"message/delivery-status", "message/global-delivery-status"})
_ORIGINAL = frozenset(
    {
        "message/rfc822",
        "text/rfc822-headers",
        "message/rfc822-headers",
        "message/global",
        "message/global-headers",
    }
)
_STATUS_FIELD = re.compile(rb"[A-Za-z][A-Za-z0-9-]{1,60}[ \t]*:")
_OF_A_RECIPIENT = frozenset({"original-recipient", "final-recipient", "action", "status"})
_MESSAGE_ID = re.compile(rb"(?im)^[> \t]{0,8}(?:Original-)?Message-ID:\s{0,80}(<[^<>\s]{1,900}>)")


@dataclass(frozen=True, slots=True)
class Recipient:
    """What a report says about one recipient.

    `action` is `failed`, `delayed`, `delivered`, `relayed` or `expanded` (RFC 3464, 2.3.3); `status` an enhanced
    code such as 5.1.1; `diagnosis` the server's own words.
    """

    address: str
    action: str = ""
    status: str = ""
    diagnosis: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """A delivery report: its recipients in order, and the Message-ID of the mail that it is about."""

    recipients: tuple[Recipient, ...] = ()
    original_id: str = ""


def delivery_report(mail: Mail) -> Report | None:
    """The delivery report that a mail carries in a form for machines; None if it carries none."""
    found = [
        recipient
        for leaf in mail.leaves()
        # A report whose boundaries were lost holds its status as text.
        if leaf.media_type in _STATUS or leaf.media_type == "multipart/report"
        for recipient in _statuses(mail, leaf)
    ]
    if not found:
        found = _failed_recipients(mail.headers)
    if not found:
        return None
    return Report(tuple(found[:MOST_RECIPIENTS]), original_id(mail))


def has_status_part(mail: Mail) -> bool:
    """Whether a part calls itself a delivery status, readable or not."""
    return any(leaf.media_type in _STATUS for leaf in mail.leaves())


def _failed_recipients(headers: Headers) -> list[Recipient]:
    """Exim and Gmail name in a header who was not reached, for good."""
    named = mailboxes(headers.all("x-failed-recipients"))
    return [Recipient(normal(readable(one.spec)), "failed") for one in named]


def _statuses(mail: Mail, leaf: Entity) -> Iterator[Recipient]:
    """The recipients of one delivery status: blocks of fields, the first of them about the report itself."""
    for block in re.split(rb"\r?\n[ \t]*\r?\n", mail.body(leaf).strip())[: MOST_RECIPIENTS + 1]:
        for fields in _groups(block):
            # The original one is what we wrote to; the final one may be where it was forwarded.
            address = _typed(fields.first("original-recipient")) or _typed(fields.first("final-recipient"))
            if address:
                yield Recipient(
                    address,
                    clean(fields.word("action")).split(" ")[0],
                    _code(fields.first("status")),
                    " ".join(readable(fields.first("diagnostic-code")).split())[:500],
                )


def _groups(block: bytes) -> list[Headers]:
    """The fields of each recipient in a block: AOL set no blank line between them, so that a name comes again.

    A line that is no field goes on with the one before it, which MessageLabs forgets to indent.
    """
    lines = [line for line in block.splitlines() if line.strip()]
    joined = b"\n".join(
        line if _STATUS_FIELD.match(line) or at == 0 else b" " + line for at, line in enumerate(lines)
    )
    found: list[list[tuple[str, str]]] = [[]]
    for name, value in read(joined + b"\n\n").headers.fields:
        if name in _OF_A_RECIPIENT and any(name == other for other, _ in found[-1]):
            found.append([])
        found[-1].append((name, value))
    return [Headers(tuple(fields)) for fields in found[:MOST_RECIPIENTS]]


def _typed(value: str) -> str:
    """The address in `rfc822; a@b`, in its normal form; empty if there is none."""
    text = readable(value.partition(";")[2] or value)
    found = mailboxes([text])
    return normal(found[0].spec) if found and "@" in found[0].spec else ""


def _code(value: str) -> str:
    found = re.search(r"\b[245]\.\d{1,3}\.\d{1,3}\b", value[:200])
    return found.group() if found else ""


def original_id(mail: Mail) -> str:
    """The Message-ID of the mail that a report is about; empty if it does not say."""
    for leaf in mail.leaves():
        if leaf.media_type in _ORIGINAL and leaf is not mail.root:
            found = ids([read(mail.body(leaf)).headers.first("message-id")])
            if found:
                return found[0]
    return _headed_id(mail) or _quoted_id(mail) or next(iter(ids([mail.headers.first("in-reply-to")])), "")


def _headed_id(mail: Mail) -> str:
    """The id in the header of a part: a mail that was put there without being called one."""
    parts = (leaf for leaf in mail.leaves() if leaf is not mail.root)
    return next((found[0] for part in parts if (found := ids([part.headers.first("message-id")]))), "")


def _quoted_id(mail: Mail) -> str:
    """The id in a copy of the header within the text, as qmail and older servers send it."""
    for leaf in mail.leaves():
        if leaf.media_type.startswith(("text/", "message/", "multipart/")):
            found = _MESSAGE_ID.search(mail.body(leaf)[:200_000])
            if found:
                return to_text(found[1])
    return ""
