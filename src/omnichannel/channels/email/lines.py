"""A body as lines, each with what is known about it before anybody looks at its words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

Mark = Literal["", "quoted", "signature", "cut"]
"""What the sender's own program says about a line in HTML: that it is quoted, that it is a signature, or that
the mail it answers begins here. Plain text says nothing."""


_QUOTE = re.compile(r"(>*)( ?)")
_ARMOUR = re.compile(r"-----(BEGIN|END) PGP (SIGNED MESSAGE|SIGNATURE)-----$")


class Line(NamedTuple):
    """One line of a body, without its line end."""

    text: str
    mark: Mark = ""


def plain_lines(text: str) -> list[Line]:
    """A plain text as lines, whatever ended them; white space at their ends dropped."""
    return [Line(line.rstrip()) for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]


def unflowed(text: str, *, joined: bool = False) -> str:
    """A text of `format=flowed` as its writer saw it (RFC 3676): soft breaks undone, stuffed spaces taken out.

    `joined` is `DelSp=yes`: the space before a soft break was never written. A stuffed `>` is no quote, so that it
    keeps its space.
    """
    return "\n".join(_paragraphs(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), joined=joined))


def _paragraphs(lines: list[str], *, joined: bool) -> Iterator[str]:
    held: list[str] = []
    depth = 0
    for line in lines:
        marks, space = _quote(line)
        words = line[marks + space :]
        soft = words.endswith(" ") and words != "-- "
        # A blank line parts paragraphs, whatever a program left at the end of the line above it.
        if held and (marks != depth or words in ("", "-- ")):
            yield "".join(held)
            held = []
        depth = marks
        shown = f"{'>' * marks} {words}" if marks and not held else words
        # What begins with > was stuffed, and is the writer's own.
        shown = f"  {shown}" if not marks and not held and words.startswith(">") else shown
        held.append(shown[:-1] if soft and joined else shown)
        if not soft:
            yield "".join(held)
            held = []
    if held:
        yield "".join(held)


def _quote(line: str) -> tuple[int, int]:
    found = _QUOTE.match(line)
    return (len(found[1]), len(found[2])) if found else (0, 0)


def signed_lines(text: str) -> list[Line]:
    """A text that PGP signed in place, as it was before; what PGP put around it is marked (RFC 9580, 7)."""
    lines: list[Line] = []
    around = ""
    for line in plain_lines(text):
        armour = _ARMOUR.match(line.text)
        if armour:
            around = armour[2] if armour[1] == "BEGIN" else ""
        marked = bool(armour or around)
        lines.append(Line(line.text, "signature") if marked else Line(line.text.removeprefix("- ")))
        if around == "SIGNED MESSAGE" and not line.text.strip():
            around = ""  # the blank line ends its header, and the words begin
    return lines
