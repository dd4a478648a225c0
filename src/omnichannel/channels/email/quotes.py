"""What was newly written, what was quoted, what is a signature: a body cut into segments, in its own order.

Nothing is dropped: the segments, joined, are the body. Each line is looked at a bounded number of times, so the
time is linear in the length, whatever the text.

The rules, in the words of a reader:

1. From a copied header or an "Original Message" rule on, everything is the mail that is answered.
2. After "On … wrote:", the lines with `>` belong to it, and what stands below them is an answer. Without such
   lines everything below is quoted.
3. Quoted lines at the end belong to what was quoted.
4. Whoever answers between quoted lines means them to be read together: then they stay with the answer.
5. What is left may end in a signature.
6. Nothing written at all? Then the whole text counts as written: an empty message helps nobody.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from omnichannel.channels.email import attribution, signature
from omnichannel.channels.email.lines import Line

Role = Literal["written", "quoted", "signature"]

MOST_LINES = 20_000
"""Lines looked at; what follows them goes with the last one of them."""

_QUOTED = re.compile(r"^\s?(?:>|\|(?:\s|$))")
_ONLY_LINK = re.compile(r"^\s*[(<\[]?\s*https?://\S+\s*[)>\]]?\s*>?\s*$")


@dataclass(frozen=True, slots=True)
class Segment:
    """Lines that belong together, joined by line feeds, blank lines at their ends kept out."""

    role: Role
    text: str


def split(lines: Sequence[Line], sender: str = "") -> list[Segment]:
    """Cut a body into segments. `sender` is the author's display name, which finds bare signatures."""
    roles = _roles(lines[:MOST_LINES], sender)
    if lines[MOST_LINES:]:
        roles += [roles[-1]] * (len(lines) - MOST_LINES)
    if not any(role == "written" and line.text.strip() for role, line in zip(roles, lines, strict=True)):
        roles = ["written"] * len(lines)
    return list(_segments(lines, roles))


def _segments(lines: Sequence[Line], roles: Sequence[Role]) -> Iterator[Segment]:
    """Neighbouring lines of one role as one segment; blank lines belong to whatever stands before them."""
    held: list[str] = []
    current: Role = "written"
    for line, role in zip(lines, roles, strict=True):
        if line.text.strip() and role != current:
            yield from _segment(current, held)
            held, current = [], role
        held.append(line.text)
    yield from _segment(current, held)


def _segment(role: Role, held: Sequence[str]) -> Iterator[Segment]:
    text = "\n".join(held).strip("\n")
    if text.strip():
        yield Segment(role, text)


def _roles(lines: Sequence[Line], sender: str) -> list[Role]:
    texts = [line.text for line in lines]
    roles: list[Role] = ["signature" if line.mark == "signature" else "written" for line in lines]
    end = _cut(lines, texts)
    roles[end:] = ["quoted"] * (len(lines) - end)
    quoted = [line.mark == "quoted" or bool(_QUOTED.match(line.text)) for line in lines[:end]]
    _close_gaps(texts, quoted)
    for at in range(end):
        if lines[at].mark == "quoted":
            roles[at] = "quoted"
    _sign(texts, roles, quoted, end, sender)
    _quote(texts, roles, quoted, end)
    return roles


def _cut(lines: Sequence[Line], texts: Sequence[str]) -> int:
    """Where the mail that is answered begins and nothing else follows; the end if there is no such place."""
    written = False
    for at, line in enumerate(lines):
        if _QUOTED.match(line.text) or line.mark == "quoted":
            continue
        if line.mark == "cut" or (line.text.strip() and attribution.begins(texts, at)):
            if written:
                return _before_rule(texts, at)
        elif line.text.strip() and not attribution.is_rule(line.text):
            written = True
    return len(lines)


def _before_rule(texts: Sequence[str], at: int) -> int:
    """The place above the rule that some programs draw before a header."""
    above = at
    while above > 0 and not texts[above - 1].strip():
        above -= 1
    return above - 1 if above > 0 and attribution.is_rule(texts[above - 1]) else at


def _close_gaps(texts: Sequence[str], quoted: list[bool]) -> None:
    """Count the lines that a mail program broke off a quoted line, and blank ones between, as quoted."""
    for at in range(1, len(quoted) - 1):
        if quoted[at] or not (quoted[at - 1] and quoted[at + 1]):
            continue
        text = texts[at]
        wrapped = len(texts[at - 1]) >= 65 and 0 < len(text) <= 40 and not text[:1].isupper()
        quoted[at] = not text.strip() or bool(_ONLY_LINK.match(text[:400])) or wrapped


def _sign(texts: Sequence[str], roles: list[Role], quoted: Sequence[bool], end: int, sender: str) -> None:
    """Find the signature at the end of each run of lines that are not quoted."""
    for start, stop in _runs(texts, quoted, end):
        at = start + signature.begins(texts[start:stop], sender)
        # A run below a quote may be nothing but a signature.
        if start > 0 and signature.is_rule_or_advertisement(texts, start, stop):
            at = start
        roles[at:stop] = ["signature"] * (stop - at)


def _runs(texts: Sequence[str], quoted: Sequence[bool], end: int) -> Iterator[tuple[int, int]]:
    """The runs of unquoted lines; an introduction ends one, as the quote that it announces would."""
    start = at = 0
    while at < end:
        length = 0 if quoted[at] else attribution.introduces(texts, at)
        if length or quoted[at]:
            if at > start:
                yield start, at
            start = at + max(length, 1)
        at += max(length, 1)
    if end > start:
        yield start, end


def _quote(texts: Sequence[str], roles: list[Role], quoted: Sequence[bool], end: int) -> None:
    """Apply rules 2 to 4 to the lines before `end`."""
    written = [roles[at] == "written" and not quoted[at] and bool(texts[at].strip()) for at in range(end)]
    introductions = _introductions(texts, quoted, end)
    for at, length in introductions:
        written[at : at + length] = [False] * length
    last = max((at for at in range(end) if written[at]), default=-1)
    if not introductions:
        _set(roles, last + 1, end, quoted)
        return
    first, length = introductions[0]
    below = _next_filled(texts, first + length, end)
    if below < end and not quoted[below]:
        # No `>` below: a program that does not mark what it quotes, unless there is nothing above it.
        whole = any(written[:first])
        roles[first : end if whole else first + length] = ["quoted"] * (
            (end if whole else first + length) - first
        )
        return
    if _interleaved(quoted, written, first, last):
        _set(roles, last + 1, end, quoted)
        return
    for at, size in introductions:
        roles[at : at + size] = ["quoted"] * size
    _set(roles, first, end, quoted)


def _introductions(texts: Sequence[str], quoted: Sequence[bool], end: int) -> list[tuple[int, int]]:
    """Where each "On … wrote:" outside of quotes begins, and its length."""
    found: list[tuple[int, int]] = []
    at = 0
    while at < end:
        length = 0 if quoted[at] else min(attribution.introduces(texts, at), end - at)
        if length:
            found.append((at, length))
        at += max(length, 1)
    return found


def _interleaved(quoted: Sequence[bool], written: Sequence[bool], first: int, last: int) -> bool:
    """Whether answers stand between quoted lines: quoted, written, quoted, written."""
    blocks = 0
    inside = False
    answered = False
    for at in range(first, last + 1):
        if quoted[at] and not inside:
            blocks += 1
            inside = True
        elif written[at]:
            answered |= blocks > 0
            inside = False
    return answered and blocks > 1


def _next_filled(texts: Sequence[str], at: int, end: int) -> int:
    while at < end and not texts[at].strip():
        at += 1
    return at


def _set(roles: list[Role], start: int, end: int, quoted: Sequence[bool]) -> None:
    for at in range(start, end):
        if quoted[at] and roles[at] == "written":
            roles[at] = "quoted"
