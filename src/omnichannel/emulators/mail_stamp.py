"""What a receiving mail server writes above a mail: who sent it, to whom, and whether that is true."""

from __future__ import annotations

import re
from datetime import datetime
from email.parser import BytesHeaderParser
from email.policy import compat32
from email.utils import format_datetime, parseaddr


def stamped(raw: bytes, *, to: str, sender: str, genuine: bool, at: datetime) -> bytes:
    """The mail as it stands in the mailbox: with trace fields on top and CRLF line ends."""
    host = f"mx.{domain_of(to)}"
    from_domain = domain_of(from_address(raw)) or "unknown.invalid"
    verdict = "pass (p=reject)" if genuine else "fail (p=none)"
    moment = format_datetime(at)
    trace = (
        f"Return-Path: <{sender}>\r\n"
        f"Delivered-To: {to}\r\n"
        f"Authentication-Results: {host}; dmarc={verdict} header.from={from_domain}\r\n"
        f"Received: from [127.0.0.1] by {host} with ESMTP for <{to}>; {moment}\r\n"
    )
    return trace.encode() + re.sub(rb"\r?\n", b"\r\n", raw)


def from_address(raw: bytes) -> str:
    """The address in From; empty if there is none."""
    header = BytesHeaderParser(policy=compat32).parsebytes(raw)
    return parseaddr(str(header.get("From", "")))[1]


def domain_of(address: str) -> str:
    """What stands behind the @, in lower case."""
    return address.rpartition("@")[2].lower()


def mailbox_of(address: str) -> str:
    """The mailbox that mail to an address lands in: without the tag after a plus, in lower case."""
    local, _, domain = address.rpartition("@")
    return f"{local.partition('+')[0]}@{domain}".lower()
