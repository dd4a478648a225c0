"""What a delivery says: a scan is a letter, JSON is news of a letter of ours."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from hashlib import sha256

from omnichannel.channel import Delivery
from omnichannel.channels.letter import pingen
from omnichannel.channels.letter.fields import Facts, facts_of
from omnichannel.channels.letter.postal import KIND
from omnichannel.channels.letter.reading import MOST_PAGES, Reading, joined, read_again, text_layer
from omnichannel.errors import Malformed, NotFound
from omnichannel.model import (
    Address,
    Attachment,
    Event,
    Part,
    Party,
    Received,
    Strength,
    System,
    Text,
    Unreadable,
)
from omnichannel.toolbox import clean, file_name

NAME, READING, UNREAD, WITHHELD = (
    "x-omnichannel-name", "x-omnichannel-reading", "x-omnichannel-unread", "x-omnichannel-withheld",
)  # fmt: skip
"""Headers that our own sources give a scan: its file's name, what stands on it, or why that or all is missing."""

_MAGIC = (
    (b"%PDF-", "application/pdf", ".pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png", ".png"),
    (b"\xff\xd8\xff", "image/jpeg", ".jpg"),
    (b"II*\x00", "image/tiff", ".tiff"),
    (b"MM\x00*", "image/tiff", ".tiff"),
)
_NO_OCR = (
    "it is a picture; put it into the account's watched folder, where OCR reads it, or run "
    "`ocrmypdf -l nld+eng FILE.pdf READ.pdf` first"
)


def media_type_of(body: bytes) -> tuple[str, str]:
    """The media type of a scan by its first bytes, and the ending of its name; empty for what is no scan.

    A PDF may have other bytes before its first line (ISO 32000-1 annex H.3.4.1: within the first 1024).
    """
    for magic, media_type, ending in _MAGIC:
        if body.startswith(magic):
            return media_type, ending
    return ("application/pdf", ".pdf") if b"%PDF-" in body[:1024] else ("", "")


def events(delivery: Delivery, own: Sequence[str], own_address: Address | None) -> Iterator[Event]:
    """The letter that was scanned, or what became of one of ours. Raises Malformed for what is neither."""
    if delivery.header(WITHHELD):
        yield Unreadable(reason=clean(delivery.header(WITHHELD)), where=delivery.url)
    elif delivery.body.lstrip()[:1] in (b"{", b"["):
        yield from pingen.events(delivery.body)
    else:
        yield _letter(delivery, own, own_address)


def content(delivery: Delivery, attachment: Attachment) -> bytes:
    """The scan as it was made. Raises NotFound for a file of another letter."""
    if attachment.index != 0 or sha256(delivery.body).hexdigest() != attachment.sha256:
        raise NotFound(f"this letter has no file {attachment.name!r} like that")
    return delivery.body


def _letter(delivery: Delivery, own: Sequence[str], own_address: Address | None) -> Received:
    media_type, ending = media_type_of(delivery.body)
    if not media_type:
        raise Malformed("it is no PDF, PNG, JPEG or TIFF; scan it as one of these")
    digest = sha256(delivery.body).hexdigest()
    scan = Attachment(
        name=file_name(delivery.header(NAME)) or f"letter{ending}",
        media_type=media_type,
        size=len(delivery.body),
        sha256=digest,
        index=0,
    )
    reading, why_not = _reading(delivery, media_type)
    facts = facts_of(reading, own)
    sender = facts.sender or _stranger(digest)
    return Received(
        external_id=digest,
        sender=sender,
        strength=Strength.ASSERTED,
        method="letterhead" if facts.sender else "letter",
        recipients=(Party(address=own_address),) if own_address and facts.to_us else (),
        sent_at=facts.written_at,
        subject=facts.subject,
        parts=(*_words(facts), scan, *_remarks(reading, facts, why_not)),
        thread=facts.their_reference,
        reply_to=facts.answers[0] if facts.answers else "",
        references=facts.answers[1:],
        evidence=facts.named,
        tokens=facts.tokens,
        notes=_notes(reading, facts),
    )


def _reading(delivery: Delivery, media_type: str) -> tuple[Reading, str]:
    """What stands on the pages, and why nothing does if so.

    Whatever came over a wire of ours was read by a program of its own, with limits, before it was kept. Only a file
    that was named by hand is read here.
    """
    if delivery.header(UNREAD):
        return Reading(), clean(delivery.header(UNREAD))
    if delivery.header(READING):
        reading = read_again(delivery.header(READING))
    elif media_type != "application/pdf":
        return Reading(), _NO_OCR
    else:
        try:
            reading = text_layer(delivery.body)
        except Malformed as error:
            return Reading(), str(error)
    return reading, _NO_OCR if reading.empty else ""


def _stranger(digest: str) -> Party:
    """Whoever wrote a letter without an address that we can find: nobody but the writer of this very letter."""
    return Party(address=Address(kind=KIND, value=f"unknown-{digest[:32]}"))


def _words(facts: Facts) -> Iterator[Part]:
    """What was written, and set apart from it what stands above: letterhead, addresses, date, references."""
    if facts.body:
        yield Text(text=joined(facts.body))
    if facts.head:
        yield Text(text=joined(facts.head), role="signature")


def _remarks(reading: Reading, facts: Facts, why_not: str) -> Iterator[Part]:
    if why_not:
        yield System(what="unread", text=f"No program has read this letter, look at the scan: {why_not}")
    elif not facts.legible:
        yield System(
            what="hard_to_read",
            text="Most of what the program read are no words (handwriting, perhaps): look at the scan",
        )
    if reading.cut:
        told = f"Of {reading.pages} pages only the first, at most {MOST_PAGES}, were read: look at the scan"
        yield System(what="cut_short", text=told)


def _notes(reading: Reading, facts: Facts) -> tuple[str, ...]:
    notes = ["machine_read"] if reading.by == "ocr" else []
    if facts.language:
        notes.append(f"language:{facts.language}")
    return tuple(notes)
