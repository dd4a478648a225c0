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
from itertools import groupby
from typing import Literal

from omnichannel.channels.email import attribution, signature
from omnichannel.channels.email.lines import Line, Mark

Role = Literal["written", "quoted", "signature"]

MOST_LINES = 20_000
"""Lines looked at; what follows them goes with the last one of them."""

_ROLES: dict[Mark, Role] = {"": "written", "cut": "written", "quoted": "quoted", "signature": "signature"}
# A line between two bars is the row of a table.
_QUOTED = re.compile(r"^\s?(?:>|\|(?=\s|$)[|\s]*+[^|]*$)")
_ONLY_LINK = re.compile(r"^\s*[(<\[]\s*https?://\S+\s*[)>\]]?\s*>?\s*$")
_LINK_GOES_ON = re.compile(r"https?://\S+$")
_SENTENCE_ENDS = (".", "!", "?", ":", ";")


@dataclass(frozen=True, slots=True)
class Segment:
    """Lines that belong together, joined by line feeds, blank lines at their ends kept out."""

    role: Role
    text: str


def split(lines: Sequence[Line], sender: str = "") -> list[Segment]:
    """Cut a body into segments. `sender` is the author's display name, which finds bare signatures."""
    roles: list[Role] = _roles(lines[:MOST_LINES], sender)
    roles += roles[-1:] * (len(lines) - len(roles))
    if not any(role == "written" and line.text.strip() for role, line in zip(roles, lines, strict=True)):
        roles = ["written" for _ in lines]
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
    end = _cut(lines)
    thread = _Thread.of(lines[:end])
    signed = thread.signatures(sender)
    roles: list[Role] = [_ROLES[line.mark] for line in lines]
    for at in range(end):
        if signed[at] and roles[at] == "written":
            roles[at] = "signature"
    set_apart = thread.set_apart([role == "written" for role in roles[:end]])
    for at in range(len(lines)):
        if at >= end or (set_apart[at] and roles[at] == "written"):
            roles[at] = "quoted"
    return roles


def _cut(lines: Sequence[Line]) -> int:
    """Where the mail that is answered begins and nothing else follows; the end if there is no such place."""
    texts = [line.text for line in lines]
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


@dataclass(frozen=True, slots=True)
class _Thread:
    """The lines above the cut: which are quoted, and where each "On … wrote:" begins, with its length."""

    texts: list[str]
    quoted: list[bool]
    introductions: list[tuple[int, int]]

    @classmethod
    def of(cls, lines: Sequence[Line]) -> _Thread:
        texts = [line.text for line in lines]
        quoted = [line.mark == "quoted" or bool(_QUOTED.match(line.text)) for line in lines]
        _close_gaps(texts, quoted)
        introductions = _introductions(texts, quoted)
        for at, length in introductions:
            quoted[at : at + length] = [False] * length  # "> wrote:" is the end of one, and no quote
        return cls(texts, quoted, introductions)

    def signatures(self, sender: str) -> list[bool]:
        """For each line, whether it is in the signature at the end of a run of lines that are not quoted."""
        signed = [False] * len(self.texts)
        for start, stop in self._runs():
            run = self.texts[start:stop]
            # What stands below a quote may be nothing but a signature.
            whole = start > 0 and signature.is_nothing_else(run)
            at = start if whole else start + signature.begins(run, sender)
            signed[at:stop] = [True] * (stop - at)
        return signed

    def _runs(self) -> Iterator[tuple[int, int]]:
        """The runs of lines that are neither quoted nor introduce a quote."""
        taken = list(self.quoted)
        for at, length in self.introductions:
            taken[at : at + length] = [True] * length
        start = 0
        for at, ends in enumerate([*taken, True]):
            if ends:
                if at > start:
                    yield start, at
                start = at + 1

    def set_apart(self, own: Sequence[bool]) -> list[bool]:
        """For each line, whether rules 2 to 4 set it apart; `own` are the lines that nothing else claims."""
        written = [mine and bool(text.strip()) for mine, text in zip(own, self.texts, strict=True)]
        for at, length in self.introductions:
            written[at : at + length] = [False] * length
        written = [mine and not quoted for mine, quoted in zip(written, self.quoted, strict=True)]
        last = max((at for at, mine in enumerate(written) if mine), default=-1)
        if not self.introductions or self._interleaved(written, last):
            return self._quoted_from(last + 1)
        return self._introduced(written)

    def _introduced(self, written: Sequence[bool]) -> list[bool]:
        first, length = self.introductions[0]
        end = len(self.texts)
        below = next((at for at in range(first + length, end) if self.texts[at].strip()), end)
        if below < end and not self.quoted[below]:
            # No `>` below: a program that does not mark what it quotes, unless there is nothing above it.
            stop = end if any(written[:first]) else first + length
            return [first <= at < stop for at in range(end)]
        apart = self._quoted_from(first)
        for at, size in self.introductions:
            apart[at : at + size] = [True] * size
        return apart

    def _quoted_from(self, start: int) -> list[bool]:
        return [at >= start and quoted for at, quoted in enumerate(self.quoted)]

    def _interleaved(self, written: Sequence[bool], last: int) -> bool:
        """Whether answers stand between quoted lines: quoted, written, quoted, written."""
        first = self.introductions[0][0]
        kinds = [
            "q" if self.quoted[at] else "w" for at in range(first, last + 1) if self.quoted[at] or written[at]
        ]
        return "qwqw" in "".join(kind for kind, _ in groupby(kinds))


def _close_gaps(texts: Sequence[str], quoted: list[bool]) -> None:
    """Count the lines that a mail program broke off a quoted line, and blank ones between, as quoted."""
    for at in range(1, len(quoted) - 1):
        if quoted[at] or not (quoted[at - 1] and quoted[at + 1]):
            continue
        quoted[at] = (
            not texts[at].strip() or bool(_ONLY_LINK.match(texts[at][:400])) or _broken_off(texts, at)
        )


def _broken_off(texts: Sequence[str], at: int) -> bool:
    """Whether a line is the end of the quoted one above: below a whole sentence it is an answer."""
    above, text = texts[at - 1], texts[at]
    if " " not in text and _LINK_GOES_ON.search(above[-200:]):
        return True
    long = len(above) >= 65 and not above.endswith(_SENTENCE_ENDS)
    return long and len(text) <= 40 and not text[:1].isupper()


def _introductions(texts: Sequence[str], quoted: Sequence[bool]) -> list[tuple[int, int]]:
    """Where each "On … wrote:" stands, with its length; 0 for one that stands within the quote."""
    found: list[tuple[int, int]] = []
    at = 0
    while at < len(texts):
        length = 0 if quoted[at] else attribution.introduces(texts, at)
        starts = quoted[at] and not (at and quoted[at - 1])
        if length or (starts and attribution.introduces_itself(texts, at)):
            found.append((at, length))
        at += max(length, 1)
    return found
