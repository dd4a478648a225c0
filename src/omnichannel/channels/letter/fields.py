"""What the lines of a letter say beside its text: who claims to write, when, about what, in answer to what.

All of it is on paper that anybody may print: it is asserted, and proves nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from omnichannel.channels.letter import codes, postal
from omnichannel.channels.letter.dates import date_of
from omnichannel.channels.letter.phrases import (
    CLOSING,
    OURS,
    SALUTATION,
    SUBJECT,
    YOURS,
    Language,
    language_of,
)
from omnichannel.channels.letter.postal import Block
from omnichannel.channels.letter.reading import Line, Reading
from omnichannel.identity import mentioned
from omnichannel.model import Address, Evidence, Party, Strength

_VALUE = re.compile(r"^\s*[:.]?\s*(?P<value>[^\s:].{0,79})$")
_SENSE = re.compile(r"[(\"'„“‘]?(?:[^\W\d_]{2,30}(?:['’-][^\W\d_]+)*|[\d.,/:-]*\d|[aiuàyAIU])['’\"”).,;:!?]*")
_LEAST_SENSE = 0.6
_MOST_NAMED = 8


@dataclass(frozen=True)
class Facts:
    """What was found in a letter. `answers` are references of ours, `their_reference` is the writer's own."""

    sender: Party | None
    to_us: bool
    written_at: datetime | None
    subject: str
    answers: tuple[str, ...]
    their_reference: str
    tokens: tuple[str, ...]
    named: tuple[Evidence, ...]
    head: tuple[Line, ...]
    body: tuple[Line, ...]
    language: Language | None
    legible: bool


def facts_of(reading: Reading, own: Sequence[str]) -> Facts:
    """Everything that a letter says about itself. `own` is our address, line by line; empty where it is not known."""
    lines = reading.lines
    greeting = _first(lines, SALUTATION) if lines else None
    closing = _last(lines, CLOSING)
    subject, after_subject = _subject(lines[: 40 if greeting is None else greeting + 4])
    start = greeting if greeting is not None else after_subject
    head, body = lines[:start], lines[start:]
    found = postal.blocks(lines)
    ours = [block for block in found if _is_ours(block, own)]
    text = reading.text
    return Facts(
        sender=_sender(found, ours, own, start, closing, lines),
        to_us=bool(ours),
        written_at=date_of(line.text for line in head or lines[:15]),
        subject=subject,
        answers=codes.references(text),
        their_reference="" if codes.references(theirs := _labelled(head, OURS)) else theirs,
        tokens=codes.tokens(text),
        named=_named((*head, *(lines[closing:] if closing is not None else ())), own),
        head=head,
        body=body,
        language=language_of(text),
        legible=_legible(text),
    )


def _first(lines: Sequence[Line], pattern: re.Pattern[str]) -> int | None:
    return next((number for number, line in enumerate(lines) if pattern.match(line.text.strip())), None)


def _last(lines: Sequence[Line], pattern: re.Pattern[str]) -> int | None:
    return next(
        (number for number in reversed(range(len(lines))) if pattern.match(lines[number].text.strip())), None
    )


def _subject(lines: Sequence[Line]) -> tuple[str, int]:
    """What the letter says that it is about, and the number of the line after it (0 if it does not say)."""
    for number, line in enumerate(lines):
        match = SUBJECT.match(line.text.strip())
        if match and not codes.references(line.text):
            return match[1].strip()[:200], number + 1
    return "", 0


def _is_ours(block: Block, own: Sequence[str]) -> bool:
    if not own:
        return False
    return postal.same_name(block.name, own[0]) or postal.same_place(block.lines, own)


def _sender(
    found: Sequence[Block],
    ours: Sequence[Block],
    own: Sequence[str],
    start: int,
    closing: int | None,
    lines: Sequence[Line],
) -> Party | None:
    """Who says that they write: an address above the text that is not the recipient's, else one below the closing.

    Where our own address is not known, what stands in the window is the recipient's.
    """
    others = [block for block in found if block not in ours]
    above = [block for block in others if block.last < max(start, 1) or start == 0]
    if not own:
        windowed = [block for block in above if block.in_window and block.first != block.last]
        above = [block for block in above if block not in windowed[:1]]
    below = [block for block in others if closing is not None and block.first > closing]
    chosen = next(iter((*above, *reversed(below))), None)
    if chosen is None:
        return None
    party = chosen.party
    if postal.names_nobody(chosen.name):
        party = party.model_copy(update={"name": _signature(lines, closing)})
    return party


def _signature(lines: Sequence[Line], closing: int | None) -> str:
    """The first line below the closing that can be a name."""
    below = lines[closing + 1 : closing + 5] if closing is not None else ()
    return next((line.text for line in below if re.fullmatch(r"[^\W\d_][^\d@:]{2,50}", line.text)), "")


def _labelled(lines: Sequence[Line], label: re.Pattern[str]) -> str:
    """What stands behind a label, or right below it where labels stand in a row."""
    for number, line in enumerate(lines):
        match = label.search(line.text)
        if match is None:
            continue
        value = _VALUE.match(line.text[match.end() :])
        if value:
            return value["value"].strip()
        under = (
            other
            for other in lines[number + 1 : number + 8]
            if abs(other.x - line.x) < 6 and other.y > line.y
        )
        below = next(under, None)
        if below is not None and not (OURS.search(below.text) or YOURS.search(below.text)):
            return below.text[:80]
    return ""


def _named(lines: Sequence[Line], own: Sequence[str]) -> tuple[Evidence, ...]:
    """E-mail addresses and telephone numbers in the letterhead and below the closing, but for our own."""
    ours = set(mentioned("\n".join(own)))
    found = dict.fromkeys(mentioned("\n".join(line.text for line in lines)))
    return tuple(_evidence(address) for address in found if address not in ours)[:_MOST_NAMED]


def _evidence(address: Address) -> Evidence:
    return Evidence(
        address=address,
        strength=Strength.ASSERTED,
        method="letterhead",
        because=f"a letter has {address.value} in its letterhead or below its closing",
    )


def _legible(text: str) -> bool:
    """Whether what was read is mostly words and numbers; what OCR makes of handwriting is not."""
    words = text.split()
    sense = sum(bool(_SENSE.fullmatch(word)) for word in words)
    return len(words) < 5 or sense >= _LEAST_SENSE * len(words)
