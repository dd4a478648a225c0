"""What the sources of whole mails expect: subject, sender, body, attachments, and whether a machine wrote it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from bench.conform.email_replies import Finding, differs
from bench.conform.email_text import bare, folded, html_text, words
from omnichannel.channels.email.mime import read
from omnichannel.channels.email.report import delivery_report
from omnichannel.model import Attachment, Event, Received

_AUTO_REPLY = {"vacation"}
_COMPLAINT = {"feedback"}


def compare(path: Path, raw: bytes, events: list[Event], expected: dict) -> Iterator[Finding]:
    """Everything that a case says about a mail."""
    message, known = events[0], _SOURCES.get(_source(path))
    if known and isinstance(message, Received):
        yield from known(message, raw, expected)
    elif known:
        yield "body", "it was not read"


def _source(path: Path) -> str:
    return next(part for part in path.parts if "__" in part)


def equal(found: str, wanted: str) -> str:
    """Nothing if two short texts are the same but for white space, else both."""
    return "" if folded(found) == folded(wanted) else f"found {found!r}, expected {wanted!r}"


def _files(message: Received) -> list[Attachment]:
    return [part for part in message.parts if part.type == "attachment"]


def _imap_tools(message: Received, _raw: bytes, expected: dict) -> Iterator[Finding]:
    yield "subject", equal(message.subject, expected["subject"])
    if expected["from_"]:
        yield "sender", equal(message.sender.written.lower(), expected["from_"].lower())
    yield "recipients", _recipients(message, [*expected["to"], *expected["cc"], *expected["bcc"]])
    text, html = expected["text"], expected["html"]
    wanted = text if text.strip() or not html.strip() else html_text(html)
    yield "body", differs(words(message), wanted)
    yield "attachments", _attachments(message, expected["attachments"])


def _recipients(message: Received, wanted: list[str]) -> str:
    found = {party.written.lower() for party in message.recipients}
    missing = {one.lower() for one in wanted if "@" in one} - found
    return f"missing {sorted(missing)}" if missing else ""


def _attachments(message: Received, wanted: list[dict]) -> str:
    """Every file that is expected must be there with the same bytes."""
    found = {one.sha256 for one in _files(message)}
    missing = [one["filename"] for one in wanted if one["payload"]["sha256"] not in found]
    return f"missing {missing}" if missing else ""


def _php(message: Received, _raw: bytes, expected: dict) -> Iterator[Finding]:
    yield "subject", equal(message.subject, expected["subject"])
    yield "sender", equal(message.sender.written, expected["from"][0]["address"])
    kind, *rest = expected["text"]
    found = bare(words(message))
    if kind == "COUNT":
        yield "body", "" if bare(rest[1]) in found else f"{rest[1]!r} is missing"
    elif rest[0].strip():
        yield "body", differs(words(message), rest[0])
    names = [one.name for one in _files(message)]
    missing = [one[0] for one in expected["attachments"] if one[0] not in names]
    yield "attachments", f"missing {missing} among {names}" if missing else ""


def _stalwart(message: Received, _raw: bytes, expected: dict) -> Iterator[Finding]:
    if "subject" in expected:
        yield "subject", equal(message.subject, expected["subject"])
    author = _first_address(expected.get("from"))
    if author:
        yield "sender", equal(message.sender.written, author)
    bodies = [one for one in expected["text_bodies"] if one]
    if bodies:
        others = [html_text(one) for one in expected["html_bodies"] if one and one not in bodies]
        yield (
            "body",
            _any_same(
                words(message), ["\n".join(bodies), "\n".join((*bodies, *others)), *map(html_text, bodies)]
            ),
        )


def _first_address(value: dict | None) -> str:
    for kind, items in (value or {}).items():
        for one in (
            items if kind == "List" else [member for group in items for member in group.get("addresses", ())]
        ):
            if one.get("address"):
                return one["address"]
    return ""


def _any_same(found: str, wanted: list[str]) -> str:
    results = [differs(found, one) for one in wanted]
    return "" if "" in results else results[0]


def _webklex(message: Received, _raw: bytes, expected: dict) -> Iterator[Finding]:
    for one in expected["asserts"]:
        path, value = one["path"], one.get("value")
        if one["op"] != "eq" or not isinstance(value, str):
            continue
        if re.search(r"subject(?:->first\(\))?$|getSubject\(\)$", path):
            yield "subject", equal(message.subject, value)
        elif re.search(r"from->first\(\)->mail$|\$from->mail$", path):
            yield "sender", equal(message.sender.written, value)
        elif path.endswith("getTextBody()") and value.strip():
            yield "body", differs(words(message), value)
        elif path.endswith("getHTMLBody()") and not any(
            "getTextBody" in two["path"] for two in expected["asserts"]
        ):
            yield "body", differs(words(message), html_text(value))
        elif path == 'hash("sha256", $attachment->content)':
            yield "attachments", "" if value in {file.sha256 for file in _files(message)} else "other bytes"


def _mime4j(message: Received, _raw: bytes, expected: dict) -> Iterator[Finding]:
    """The first text that is decoded must be in the body; every part that is no text must be a file."""
    files = {one.sha256 for one in _files(message)}
    first = next((one for one in expected["decoded_parts"] if "text" in one and one["text"].strip()), None)
    if first and first["sha256"] not in files:
        text = first["text"]
        wanted = (
            html_text(text) if re.search(r"(?i)\A\s*<(?:!doctype|html|body|h1|p)\b|<html", text) else text
        )
        yield "body", "" if bare(wanted)[:4000] in bare(words(message)) else differs(words(message), wanted)
    binary = [one for one in expected["decoded_parts"] if "text" not in one]
    missing = [one["part"] for one in binary if one["sha256"] not in files]
    if binary:
        yield "attachments", f"other bytes in {missing}" if missing else ""


def _zbateson(message: Received, _raw: bytes, expected: dict) -> Iterator[Finding]:
    yield "subject", equal(message.subject, expected["Subject"])
    yield "sender", equal(message.sender.written, expected["From"]["email"])
    yield "sender", equal(message.sender.name, expected["From"]["name"])
    if "attachments" in expected:
        wanted, count = expected["attachments"], len(_files(message))
        yield "attachments", "" if count >= wanted else f"found {count}, expected {wanted}"


def _chatwoot(message: Received, _raw: bytes, expected: dict) -> Iterator[Finding]:
    if "subject" in expected:
        yield "subject", equal(message.subject, expected["subject"])
    if "reply_text" in expected:
        yield "reply", differs(message.text, expected["reply_text"])
    if "reply_startswith" in expected:
        good = bare(message.text).startswith(bare(expected["reply_startswith"]))
        yield "reply", "" if good else repr(message.text[:100])
    if "text_full" in expected:
        yield "body", differs(words(message), expected["text_full"])
    if "content_contains" in expected:
        yield "body", "" if bare(expected["content_contains"]) in bare(words(message)) else "missing"
    if "n_attachments" in expected:
        found = len(_files(message))
        yield "attachments", "" if found == expected["n_attachments"] else f"found {found}"
    if "inline_cids" in expected:
        found_ids = {one.content_id for one in _files(message) if one.inline}
        yield "attachments", "" if found_ids >= set(expected["inline_cids"]) else str(found_ids)
    if "auto_reply" in expected:
        # Chatwoot tells no kinds of machines apart.
        machine = message.automatic is not None
        yield "automatic", "" if machine is expected["auto_reply"] else f"found {message.automatic}"
    if "in_reply_to" in expected:
        yield "thread", equal(message.reply_to.strip("<>"), expected["in_reply_to"])


def _machine(message: Received, _raw: bytes, expected: dict) -> Iterator[Finding]:
    if "is_bounce" in expected or "bounced" in expected or "recipients" in expected:
        yield "automatic", "" if message.automatic == "bounce" else f"found {message.automatic}"
    if "is_complaint" in expected or "report" in expected:
        yield "automatic", "" if message.automatic == "complaint_report" else f"found {message.automatic}"
    if "is_mdn" in expected:
        yield "automatic", "" if message.automatic == "read_receipt" else f"found {message.automatic}"
    if isinstance(expected.get("recipients"), list) and expected["recipients"]:
        wanted = {one["final_recipient"].lower() for one in expected["recipients"]}
        yield "recipients", _bounced(_raw, wanted)


def _bounced(raw: bytes, wanted: set[str]) -> str:
    report = delivery_report(read(raw))
    found = {one.address for one in report.recipients} if report else set()
    return "" if wanted <= found else f"found {sorted(found)}, expected {sorted(wanted)}"


def _flufl(message: Received, raw: bytes, expected: dict) -> Iterator[Finding]:
    wanted = {one.lower() for one in (*expected["permanent"], *expected["temporary"])}
    if wanted:
        yield "automatic", "" if message.automatic == "bounce" else f"found {message.automatic}"
        if delivery_report(read(raw)):
            yield "recipients", _bounced(raw, wanted)


def _sisimai(message: Received, raw: bytes, expected: dict) -> Iterator[Finding]:
    reasons = {one[2] for one in expected.get("asserted") or [] if len(one) > 2}
    reasons |= {one.get("reason", "") for one in expected.get("tool_output") or []}
    if not reasons:
        return
    wanted = (
        "auto_reply" if reasons & _AUTO_REPLY else "complaint_report" if reasons & _COMPLAINT else "bounce"
    )
    yield "automatic", "" if message.automatic == wanted else f"found {message.automatic}, expected {wanted}"
    named = {one["recipient"].lower() for one in expected.get("tool_output") or [] if one.get("recipient")}
    if wanted == "bounce" and named and delivery_report(read(raw)):
        yield "recipients", _bounced(raw, named)


_SOURCES = {
    "mime__imap_tools": _imap_tools,
    "mime__php-mime-mail-parser": _php,
    "mime__stalwart-mail-parser": _stalwart,
    "mime__webklex-php-imap": _webklex,
    "mime__james-mime4j": _mime4j,
    "mime__zbateson": _zbateson,
    "mime__chatwoot": _chatwoot,
    "mime__flanker": _machine,
    "mime__mimekit": _machine,
    "mime__mikel-mail": _machine,
    "dsn__enmime": _machine,
    "arf__parsedmarc": _machine,
    "bounce__flufl.bounce": _flufl,
    "bounce__sisimai": _sisimai,
}
