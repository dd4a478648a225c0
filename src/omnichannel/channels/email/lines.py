"""A body as lines, each with what is known about it before anybody looks at its words."""

from __future__ import annotations

from typing import Literal, NamedTuple

Mark = Literal["", "quoted", "signature", "cut"]
"""What the sender's own program says about a line in HTML: that it is quoted, that it is a signature, or that
the mail it answers begins here. Plain text says nothing."""


class Line(NamedTuple):
    """One line of a body, without its line end."""

    text: str
    mark: Mark = ""


def plain_lines(text: str) -> list[Line]:
    """A plain text as lines, whatever ended them; white space at their ends dropped."""
    return [Line(line.rstrip()) for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
