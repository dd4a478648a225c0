"""Whether a machine wrote a mail, and which kind of machine: such mail is kept and shown, and never answered by us.

The signs, strongest first: the form of the mail (RFC 3464, 3798, 5965), the headers that say so (RFC 3834, RFC
2919), the headers that vendors use, and last the sender and the subject, for the many servers that follow no RFC.
"""

from __future__ import annotations

import re

from omnichannel.channels.email.headers import Headers
from omnichannel.channels.email.mime import Mail
from omnichannel.channels.email.phrases import (
    AWAY,
    AWAY_GOES_ON,
    DAEMON,
    DAEMON_NAME,
    FAILED,
    HARDLY_DAEMON,
    PERHAPS_AWAY,
    PERHAPS_DAEMON,
    PERHAPS_DAEMON_NAME,
    SERVER_ALONE,
    SERVER_SAYS,
)
from omnichannel.channels.email.report import has_status_part
from omnichannel.channels.email.words import readable
from omnichannel.model import Automatic

_DAEMON = re.compile(rf"(?:{DAEMON})(?:[+=-][^@]*)?(?:@|$)")
_DAEMON_NAME = re.compile(rf"(?i)\b(?:{DAEMON_NAME})\b")
_PERHAPS = re.compile(rf"(?:{PERHAPS_DAEMON})(?:[+=-][^@]*)?(?:@|$)")
_HARDLY = re.compile(rf"(?:{HARDLY_DAEMON})(?:[+=-][^@]*)?(?:@|$)")
_PERHAPS_NAME = re.compile(rf"(?i)\b(?:{PERHAPS_DAEMON_NAME})\b")
_FAILED = re.compile(rf"(?i){FAILED}")
_AWAY = re.compile(
    rf"(?i)\s*(?:(?:re|aw|sv|antw|fwd?)\s*:\s*)?(?:{AWAY}|(?:{PERHAPS_AWAY})\s*(?:{AWAY_GOES_ON}))"
    # Request Tracker sets the name of the desk and the number of the case before it.
    r"|(?i:\s*\[[^\]]{1,100}\]\s{0,5}autoreply:)"
)
_SERVER_SAYS = re.compile(rf"(?i){SERVER_SAYS}")
_SERVER_ALONE = re.compile(rf"(?i){SERVER_ALONE}")
_PASSED_ON = re.compile(r"(?i)^\s*(?:re|fwd?|aw|wg|tr|doorst|sv|antw)\s*:")
_AGGREGATE = re.compile(r"(?i)^\s*(?:re:\s*)?\[?(?:preview\]? ?)?report domain:\s*\S+\s.{0,200}?submitter:")
_AGGREGATE_FILE = re.compile(
    r"(?i)^[^!\s]{1,255}![^!\s]{1,255}!\d{6,}!\d{6,}(?:![^!\s]*)?\.(?:xml(?:\.gz)?|zip|gz)$"
)
_ABUSE = re.compile(
    r"(?i)\b(?:abuse|spam|complaint|feedback loop|fbl|auth failure) report\b|\bcomplaint about message\b"
)
# Outlook.com's feedback loop, which has no form: the mail that somebody marked, under this subject.
_COMPLAINT = re.compile(r"(?i)^\s*complaint about message from [0-9a-f.:]{3,45}\s*$")
_DMARC_FAILURE = re.compile(r"(?i)^\s*dmarc (?:forensic|failure) report for \S")
_READ_RECEIPTS = {"message/disposition-notification", "message/global-disposition-notification"}
_BROUGHT_BACK = {"message/rfc822", "text/rfc822-headers", "message/rfc822-headers"}
_LIST = {
    "feedback-id", "list-id", "list-post", "list-unsubscribe", "mailing-list", "x-beenthere", "x-mailing-list",
}  # fmt: skip
# What the makers of mail servers chose (github.com/jpmckinney/multi_mail, wiki, "Detecting autoresponders").
_REPLIED = {
    "x-auto-reply", "x-auto-reply-from", "x-auto-respond", "x-autoreply", "x-autoreply-from", "x-autorespond",
    "x-autoresponder", "x-autoresponse", "x-mail-autoreply", "x-vacation", "x-zarafa-vacation",
}  # fmt: skip
_REPLY_WORDS = frozenset({"auto_reply", "auto-reply"})


def automatic(mail: Mail, sender: str, name: str = "", text: str = "") -> Automatic | None:
    """What kind of machine wrote a mail; None for a person.

    `sender` is the addr-spec of From, `name` its display name, `text` what the mail says: it only counts where
    the subject or the empty return path already points to a bounce.
    """
    headers = mail.headers
    subject = readable(headers.first("subject"))[:500]
    return (
        _by_form(mail, subject)
        or _bounce(mail, sender.lower(), name, subject, text[:5000])
        or _replied(headers, subject)
        or _generated(headers)
    )


def _by_form(mail: Mail, subject: str) -> Automatic | None:
    types = {leaf.media_type for leaf in mail.leaves()}
    kind = (
        mail.root.content.parameter("report-type").lower()
        if mail.root.media_type == "multipart/report"
        else ""
    )
    if kind == "feedback-report" or "message/feedback-report" in types or _is_aggregate(mail, subject):
        return "complaint_report"
    if _DMARC_FAILURE.match(subject) or ("message/rfc822" in types and _COMPLAINT.match(subject)):
        return "complaint_report"
    if kind == "disposition-notification" or types & _READ_RECEIPTS:
        return "read_receipt"
    if kind == "delivery-status" or has_status_part(mail) or mail.headers.first("x-failed-recipients"):
        return "bounce"
    return None


def _is_aggregate(mail: Mail, subject: str) -> bool:
    """Whether a mail carries a DMARC aggregate report: the subject and file name of RFC 7489, 7.2.1.1."""
    if _AGGREGATE.match(subject):
        return True
    return any(_AGGREGATE_FILE.match(leaf.name[:600]) for leaf in mail.leaves())


def _bounce(mail: Mail, sender: str, name: str, subject: str, text: str) -> Automatic | None:
    if _AWAY.match(subject):
        return None
    headers = mail.headers
    server = bool(_DAEMON.match(sender) or _DAEMON_NAME.search(name))
    perhaps = bool(_PERHAPS.match(sender) or _PERHAPS_NAME.search(name) or _PERHAPS_NAME.search(sender))
    if (server or perhaps) and _ABUSE.search(subject):
        return "complaint_report"
    passed_on = bool(_PASSED_ON.match(subject))
    failed = bool(_FAILED.search(subject)) and not passed_on
    nobody = headers.first("return-path").strip() == "<>" or headers.first("from").endswith("<>")
    # A person may write "Delivery failed" about a parcel, so that words alone need a second sign.
    signs = sum((perhaps, failed, nobody))
    if server or signs > 1:
        return "bounce"
    # What the text says can only be that second sign: most mails have no first one, and need not be searched.
    if perhaps or ((nobody or _HARDLY.match(sender)) and not passed_on):
        return "bounce" if _SERVER_SAYS.search(text) else None
    return "bounce" if failed and not name and _returned(mail, text) else None


def _returned(mail: Mail, text: str) -> bool:
    """Whether nothing but a mail server writes such a text: somebody without a name asks about mail as well."""
    if _SERVER_ALONE.search(text):
        return True
    return bool(_SERVER_SAYS.search(text)) and any(leaf.media_type in _BROUGHT_BACK for leaf in mail.leaves())


def _replied(headers: Headers, subject: str) -> Automatic | None:
    if headers.word("auto-submitted").startswith("auto-replied"):
        return "auto_reply"
    if any(headers.word(name) in _REPLY_WORDS for name in ("precedence", "x-precedence", "preference")):
        return "auto_reply"
    if "autoresponder" in headers.first("x-post-messageclass").lower() or any(
        value.strip().lower() == "autoresponder" for value in headers.all("delivered-to")
    ):
        return "auto_reply"
    if any(headers.first(name) and headers.word(name) not in ("no", "false") for name in _REPLIED):
        return "auto_reply"
    # CommuniGate Pro; `Forward`, `Mirror`, `Redirect`, `Group` and `Letter` stand on mail that it passes on.
    if headers.word("x-autogenerated") == "reply":
        return "auto_reply"
    if headers.first("x-ms-exchange-inbox-rules-loop") and headers.first("x-auto-response-suppress"):
        return "auto_reply"
    if "mailbox rules agent" in headers.first("x-ms-exchange-generated-message-source").lower():
        return "auto_reply"
    return "auto_reply" if _AWAY.match(subject) else None


def _generated(headers: Headers) -> Automatic | None:
    declared = headers.word("auto-submitted")
    if any(headers.first(name) for name in _LIST) or any(
        headers.word(name) in ("bulk", "list", "junk") for name in ("precedence", "x-precedence")
    ):
        return "list"
    if declared and declared != "no":
        return "auto_generated"
    if headers.word("x-fc-machinegenerated") == "true":
        return "auto_generated"
    return "auto_generated" if headers.first("return-path").strip() == "<>" else None
