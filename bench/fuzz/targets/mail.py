"""Mail, where one reader feeds the next: what is quoted, who proved it, what was not delivered, how it is shown."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bench.fuzz.mutate import mutated, mutated_text
from bench.fuzz.target import READ, REFUSED, Hole, Target
from bench.fuzz.targets.channels import subjects
from omnichannel.channels.email.attachments import attachment_bytes
from omnichannel.channels.email.authentication import authenticate
from omnichannel.channels.email.lines import plain_lines
from omnichannel.channels.email.mime import read
from omnichannel.channels.email.parse import parse
from omnichannel.channels.email.quotes import split
from omnichannel.channels.email.report import delivery_report, has_status_part, original_id
from omnichannel.channels.email.shown import shown
from omnichannel.model import Attachment, Received

CASES = Path(__file__).parents[3] / "tests" / "channels" / "email" / "cases"
"""Whole mails, beside those of the contract."""


_FILES = 20
"""So many files of one mail are looked at."""


def targets() -> Iterator[Target]:
    """Each of them, on the mails of the tests."""
    (subject,) = subjects(["email"])
    mails = [case.delivery.body for case in subject.received]
    mails += [file.read_bytes() for file in sorted(CASES.rglob("*.eml")) if file.stat().st_size < 64 * 1024]
    yield Target("mail/message", _message, mails, mutated)
    yield Target("mail/report", _report, mails, mutated)
    yield Target("mail/verdict", _verdict, mails, mutated)
    yield Target("mail/quotes", _quotes, mails, mutated_text)
    yield Target("mail/shown", _shown, mails, mutated, cost=2)


def _message(data: bytes) -> str:
    """One message at most, and the files that it tells of are there: of very many, the first ones and the last.

    Each is asked for by itself, and the mail is read for each.
    """
    events = parse(data, trusted=("mx.shop.example", "m365"), own=("support@shop.example",))
    for event in events:
        event.model_dump_json().encode()
        parts = event.parts if isinstance(event, Received) else ()
        files = [part for part in parts if isinstance(part, Attachment)]
        for file in (*files[: _FILES - 1], *files[_FILES - 1 :][-1:]):
            if file.index is not None:
                _same_size(file, attachment_bytes(data, file.index))
    return READ if isinstance(events[0], Received) else REFUSED


def _same_size(part: Attachment, content: bytes) -> None:
    if len(content) != part.size:
        raise Hole(f"a file of {part.size} bytes has {len(content)}")


def _report(data: bytes) -> str:
    mail = read(data)
    has_status_part(mail)
    original_id(mail)
    return READ if delivery_report(mail) else REFUSED


def _verdict(data: bytes) -> str:
    headers = read(data).headers
    for trusted in (("mx.shop.example",), ("m365",), ()):
        verdict = authenticate(headers, "ann@mail.example", trusted)
        if not trusted and verdict.strength.value == "verified":
            raise Hole("proven, although nobody is trusted")
    return READ


def _quotes(data: bytes) -> str:
    """Every word of the body is in one of the segments."""
    lines = plain_lines(data.decode("utf-8", "replace"))
    segments = split(lines, "Jan de Vries")
    if "".join("".join(line.text.split()) for line in lines) != "".join(
        "".join(segment.text.split()) for segment in segments
    ):
        raise Hole("words were lost while the body was split")
    return READ


def _shown(data: bytes) -> str:
    """What is shown holds nothing that acts."""
    made = shown(data)
    if any(word in made.lower() for word in ("<script", "<iframe", "<style", "<form", "<svg")):
        raise Hole("something that acts is shown")
    return READ
