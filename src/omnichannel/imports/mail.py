"""A mail out of a file, as it was before the file's program wrote its own notes into it."""

from __future__ import annotations

import re
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import ClassVar, NamedTuple

from omnichannel.channel import Delivery
from omnichannel.imports.archive import Archive, marks

MOST_BYTES = 40_000_000
"""Bytes of one mail; of a larger one only the header is brought in, and the message says so."""
MOST_HEADER = 1_000_000

# What mail programs and servers note in a mail that they keep, and what no mailbox read over IMAP has:
# dovecot.org/documentation (mbox), bugzilla.mozilla.org (X-Mozilla-*), Google Takeout (X-Gmail-*, X-GM-*).
_NOTED = re.compile(
    rb"(?i)(?:status|x-status|x-keywords|x-uid|x-uidl|x-imap|x-imapbase|x-mozilla-[a-z0-9-]+|x-gmail-labels"
    rb"|x-gm-thrid|x-evolution[a-z-]*|content-length|lines):"
)
_LABELS = re.compile(rb"(?im)^x-gmail-labels:((?:.*(?:\r?\n[ \t].*)*))")
_INTERNAL = b"DON'T DELETE THIS MESSAGE -- FOLDER INTERNAL DATA"  # what UW IMAP keeps for itself in each mbox


class Found(NamedTuple):
    """The bytes of a mail and where they stand. `size` is its true size where only its header is here."""

    raw: bytes
    where: str
    at: datetime | None
    size: int = 0


class MailArchive(Archive):
    """Mail that lies in files.

    `account` is the e-mail account that it was to or from. `sent` says that all of it is mail that we sent. `vouch`
    says that you vouch for every sender in it (see `Archive`).
    """

    goes_to: ClassVar[str] = "email"

    def __init__(self, path: str | Path, *, account: str, sent: bool = False, vouch: bool = False) -> None:
        super().__init__(path, vouch=vouch)
        self.account = account
        self.sent = sent

    @property
    def accounts(self) -> tuple[str, ...]:
        """The one account."""
        return (self.account,)

    def delivered(self, found: Found, *, sent: bool = False) -> Delivery | None:
        """A mail as a delivery, one of ours if its folder is one of `sent` mail; None for what was never sent."""
        if not is_mail(found.raw):
            return None
        filed = "a folder of sent mail" if self.sent or sent else ""
        return mail_delivery(self.account, self.kind, found, sent=filed, vouch=self.vouch)


def is_mail(raw: bytes) -> bool:
    """Whether it was ever sent: no draft, and nothing that a mail program keeps for itself."""
    head = header_of(raw)
    return _INTERNAL not in head and not {"draft", "drafts"} & set(labels(head))


def labels(head: bytes) -> list[str]:
    """Gmail's labels on a mail, in lower case, as Google Takeout writes them."""
    found = _LABELS.search(head)
    written = found[1].decode("utf-8", "replace") if found else ""
    return [" ".join(one.split()).strip('"').lower() for one in written.split(",") if one.strip()]


def header_of(raw: bytes) -> bytes:
    """The header of a mail, without the empty line after it."""
    ends = [at for at in (raw.find(b"\n\n"), raw.find(b"\r\n\r\n")) if at >= 0]
    return raw[: min(ends, default=len(raw))]


def as_sent(raw: bytes) -> bytes:
    """The mail as it went over the wire: lines end in CRLF, and no keeper's notes are in its header.

    So that a mail that was kept in a file and one that was read from its mailbox are the same bytes.
    """
    head = header_of(raw)
    body = raw[len(head) :]
    lines = head.replace(b"\r\n", b"\n").split(b"\n")
    kept: list[bytes] = []
    noted = False
    for line in lines:
        noted = bool(_NOTED.match(line)) or (noted and line[:1] in (b" ", b"\t"))
        if not noted:
            kept.append(line)
    return b"\r\n".join(kept) + body.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def mail_delivery(account: str, kind: str, found: Found, *, sent: str = "", vouch: bool = False) -> Delivery:
    """A mail as a delivery from before. Its key is what it says: the same mail in two files is kept once."""
    filed = sent or ("labelled as sent" if "sent" in labels(header_of(found.raw)) else "")
    body = as_sent(found.raw)
    return Delivery(
        account=account,
        source="history",
        method="GET",
        url=found.where,
        headers=marks(
            kind,
            sent=filed,
            vouched="the operator" if vouch else "",
            truncated=str(found.size) if found.size else "",
        ),
        body=body,
        key=f"mail {sha256(body).hexdigest()}",
        received_at=found.at,
    )
